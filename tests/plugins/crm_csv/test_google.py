"""Google Contacts' CSV, the present layout and that until 2024."""

from __future__ import annotations

import csv
import io

import pytest

NEW = [
    *("First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name"),
    *("Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title"),
    *("Organization Department", "Birthday", "Notes", "Photo", "Labels"),
]
OLD = [
    *("Name", "Given Name", "Additional Name", "Family Name", "Yomi Name", "Given Name Yomi", "Additional Name Yomi"),
    *("Family Name Yomi", "Name Prefix", "Name Suffix", "Nickname", "Birthday", "Gender", "Notes", "Group Membership"),
]


def table(titles: list[str], *people: dict[str, str]) -> str:
    """A table of those titles and all others that people have cells for."""
    titles = [*titles, *dict.fromkeys(title for person in people for title in person if title not in titles)]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, titles, restval="")
    writer.writeheader()
    writer.writerows(people)
    return buffer.getvalue()


def test_a_name_is_made_of_all_its_parts(people):
    (mara,) = people(
        table(
            NEW,
            {
                "First Name": "Mara",
                "Middle Name": "Eva",
                "Last Name": "Lindqvist",
                "Name Prefix": "Dr.",
                "Name Suffix": "PhD",
            },
        )
    )

    assert (mara.name, mara.given, mara.family) == ("Dr. Mara Eva Lindqvist PhD", "Mara", "Lindqvist")


def test_joined_values_are_several_and_the_marked_one_is_the_first(people):
    (mara,) = people(
        table(
            NEW,
            {
                "First Name": "Mara",
                "E-mail 1 - Label": "Home",
                "E-mail 1 - Value": "mara@home.example ::: m@home.example",
                "E-mail 2 - Label": "* Work",
                "E-mail 2 - Value": "mara@work.example",
                "Phone 1 - Label": "Work Fax",
                "Phone 1 - Value": "+44 1632 960001",
                "Phone 2 - Label": "*",
                "Phone 2 - Value": "'+441632960002",
                "Phone 3 - Label": "Boat",
                "Phone 3 - Value": "5",
            },
        )
    )

    assert mara.emails == ("mara@work.example", "mara@home.example", "m@home.example")
    assert mara.phones == ("+441632960002", "+44 1632 960001", "5")
    assert {label.of: label.label for label in mara.labels} == {
        "mara@work.example": "work",
        "mara@home.example": "home",
        "m@home.example": "home",
        "+44 1632 960001": "work, fax",
        "5": "Boat",
    }


def test_groups_are_tags_but_for_the_one_that_everybody_is_in(people):
    (mara,) = people(table(NEW, {"First Name": "Mara", "Labels": "Friends ::: * myContacts ::: * starred"}))

    assert mara.tags == ("Friends", "starred")


@pytest.mark.parametrize("kind", ["Type", "Label"])
def test_several_organisations_are_several_positions(people, kind):
    cells = {
        "Name": "Mara Lindqvist",
        f"Organization 1 - {kind}": "Work",
        "Organization 1 - Name": "Acme ::: Initech",
        "Organization 1 - Title": "CTO ::: Board",
        "Organization 1 - Department": "Platform",
        "Organization 2 - Name": "Globex",
        "Organization 2 - Location": "Oslo",
    }
    (mara,) = people(table(OLD, cells))

    assert [(position.organisation, position.title) for position in mara.positions] == [
        ("Acme", "CTO"),
        ("Initech", "Board"),
        ("Globex", ""),
    ]
    assert mara.kept == ("X-DEPARTMENT:Platform", "X-CSV-ORGANIZATION-2-LOCATION:Oslo")


def test_the_first_address_is_the_address_and_all_are_kept_whole(people):
    cells = {
        "First Name": "Mara",
        "Address 1 - Label": "Home",
        "Address 1 - Formatted": "Main St 5\n10115 Berlin\nGermany",
        "Address 1 - Street": "Main St 5",
        "Address 1 - City": "Berlin",
        "Address 1 - Postal Code": "10115",
        "Address 1 - Country": "Germany",
        "Address 2 - Label": "Work",
        "Address 2 - Street": "Dock 3; rear\nUnit 2 ::: Pier 1",
        "Address 2 - City": "Porto ::: Faro",
        "Address 3 - Formatted": "Somewhere\nelse",
    }
    (mara,) = people(table(NEW, cells))

    assert mara.address == "Main St 5, Berlin, 10115, Germany"
    assert mara.kept == (
        "ADR;TYPE=home:;;Main St 5;Berlin;;10115;Germany",
        "ADR;TYPE=work:;;Dock 3\\; rear\\, Unit 2;Porto;;;",
        "ADR;TYPE=work:;;Pier 1;Faro;;;",
        "ADR:;;Somewhere\\, else;;;;",
    )


def test_days_pages_messengers_and_what_there_is_no_field_for(people):
    cells = {
        "First Name": "Mara",
        "Birthday": "--03-22",
        "Notes": "met at the fair\nlikes, sailing",
        "Nickname": "Mo",
        "Photo": "https://photos.example/1.jpg",
        "Phonetic Last Name": "Lindkvist",
        "File As": "Mara",
        "Website 1 - Label": "Profile",
        "Website 1 - Value": "https://www.linkedin.com/in/mara-l ::: mara.example",
        "Website 2 - Value": "javascript:alert(1)",
        "IM 1 - Type": "Other",
        "IM 1 - Service": "Jabber",
        "IM 1 - Value": "mara@chat.example",
        "Event 1 - Label": "Anniversary",
        "Event 1 - Value": "2010-06-05",
        "Event 2 - Label": "Graduation",
        "Event 2 - Value": "2001-07-01",
        "Relation 1 - Label": "Spouse",
        "Relation 1 - Value": "Jan",
        "Custom Field 1 - Label": "Badge; no.",
        "Custom Field 1 - Value": "7,5",
    }
    (mara,) = people(table(NEW, cells))

    assert (mara.birthday, mara.nickname) == ("--03-22", "Mo")
    assert mara.note == "met at the fair\nlikes, sailing"
    assert [(profile.network, profile.handle or profile.url) for profile in mara.profiles] == [
        ("linkedin", "mara-l"),
        ("web", "https://mara.example"),
        ("xmpp", "mara@chat.example"),
    ]
    assert sorted(mara.kept) == [
        "ANNIVERSARY:2010-06-05",
        "X-CSV-BADGE-NO:7\\,5",
        "X-CSV-GRADUATION:2001-07-01",
        "X-CSV-PHOTO:https://photos.example/1.jpg",
        "X-CSV-SPOUSE:Jan",
        "X-CSV-WEBSITE-2-VALUE:javascript:alert(1)",
        "X-PHONETIC-LAST-NAME:Lindkvist",
    ]


def test_who_has_no_name_is_named_after_what_there_is(read):
    file = table(
        NEW,
        {"Organization Name": "Globex", "E-mail 1 - Value": "info@globex.example"},
        {"E-mail 1 - Value": "only@mail.example"},
        {"Phone 1 - Value": "'+441632960002"},
        {"Birthday": "1980-03-22"},
    )
    organisation, email, phone, nobody = read(file)

    assert [found.contact.name for found in (organisation, email, phone)] == [
        "Globex",
        "only@mail.example",
        "+441632960002",
    ]
    assert organisation.repaired == ("no name: named after the organisation",)
    assert (nobody.line, nobody.reason, nobody.text) == (5, "it names nobody", "1980-03-22")


def test_both_layouts_are_told_even_if_the_head_is_cut_off(told):
    assert told(",".join(NEW)) == told(",".join(OLD)) == "google"
    assert told("First Name,E-mail 1 - Value\n") == "google"
    assert told("\n".join([",".join(NEW), ""]).encode("utf-16")) == "google"
