"""What becomes of each property: fields of a contact, kept lines, what is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crm_core import Candidate, Label, Position, Problem, Profile

Person = Callable[..., Candidate]
Reader = Callable[[str | bytes], list[Candidate | Problem]]


def test_a_whole_card_becomes_a_contact_and_nothing_is_lost(person: Person) -> None:
    found = person(
        "PRODID:-//Example//EN",
        "N:Example;Zoe;Anne;Dr.;",
        "NICKNAME:Zo,Zozo",
        r"ORG:Harbour & Finch\, Ltd;People;Hiring",
        "TITLE:Recruiter",
        "EMAIL;TYPE=INTERNET,HOME:zoe@example.com",
        "EMAIL;TYPE=INTERNET,WORK,pref: Zoe.Example@finch.example ",
        "TEL;TYPE=CELL:+44 7700 900123",
        "ADR;TYPE=WORK:;2nd floor;1 Main St;Town;;AB1 2CD;United Kingdom",
        "BDAY:19900504",
        "CATEGORIES:friends,myContacts,friends,climbing",
        r"NOTE:Line one\nLine two",
        "UID:abc-123",
        "REV:20260101T000000Z",
        "TZ:+01:00",
        name="FN:Dr. Zoe Example",
    )
    contact = found.contact
    assert (contact.name, contact.given, contact.family, contact.nickname) == (
        "Dr. Zoe Example",
        "Zoe",
        "Example",
        "Zo, Zozo",
    )
    assert contact.positions == (Position(organisation="Harbour & Finch, Ltd", title="Recruiter"),)
    assert contact.emails == ("Zoe.Example@finch.example", "zoe@example.com")
    assert contact.phones == ("+44 7700 900123",)
    assert contact.address == "2nd floor, 1 Main St, Town, AB1 2CD, United Kingdom"
    assert (contact.birthday, contact.tags, contact.uid) == ("1990-05-04", ("friends", "climbing"), "abc-123")
    assert contact.note == "Line one\nLine two"
    assert contact.labels == (
        Label(of="Zoe.Example@finch.example", label="work"),
        Label(of="zoe@example.com", label="home"),
        Label(of="+44 7700 900123", label="cell"),
    )
    assert contact.kept == (
        "N:Example;Zoe;Anne;Dr.;",
        r"ORG:Harbour & Finch\, Ltd;People;Hiring",
        "ADR;TYPE=WORK:;2nd floor;1 Main St;Town;;AB1 2CD;United Kingdom",
        "TZ:+01:00",
    )
    assert (contact.id, found.line, found.repaired, found.left_out) == ("", 1, (), ())


@pytest.mark.parametrize(
    ("lines", "name", "source"),
    [
        (["N:Example;Zoe;Anne;Dr.;MSc"], "Zoe Anne Example", "N"),
        (["FN:", "N:;Zoe;;;"], "Zoe", "N"),
        (["N:;;;Dr.;"], "Dr.", "N"),
        (["N:;;;;", "NICKNAME:Zozo", "ORG:Acme"], "Zozo", "NICKNAME"),
        (["ORG:Acme;Sales", "EMAIL:zoe@example.com"], "Acme", "ORG"),
        (["TITLE:Recruiter", "EMAIL:zoe@example.com"], "zoe@example.com", "EMAIL"),
        (["TITLE:Recruiter", "TEL;TYPE=CELL:tel:+44 7700 900123", "NOTE:Who?"], "+44 7700 900123", "TEL"),
    ],
)
def test_a_name_that_is_missing_is_made_and_said_so(person: Person, lines: list[str], name: str, source: str) -> None:
    found = person(*lines, name="")
    assert found.contact.name == name
    assert found.repaired == (f"no FN: name made from {source}",)


def test_a_card_that_names_nobody_is_a_problem_that_helps_to_find_it(read: Reader) -> None:
    (found,) = read("\nBEGIN:VCARD\nVERSION:3.0\nTITLE:Recruiter\nNOTE:Who was this?\nEND:VCARD\n")
    reason = "no name, organisation, e-mail address or phone number"
    assert found == Problem(line=2, reason=reason, text="Who was this?")


@pytest.mark.parametrize("line", ["PROFILE:VCARD", "PROFILE:vCard", "PRODID:-//Acme//1//EN", "REV:20260101T000000Z"])
def test_what_tells_of_the_card_is_no_fact_of_the_person(person: Person, line: str) -> None:
    found = person(line)
    assert (found.contact, found.left_out) == (person().contact, ())


@pytest.mark.parametrize("line", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group", "KIND:Location"])
def test_what_is_no_person_is_accounted_for(read: Reader, line: str) -> None:
    (found,) = read(f"BEGIN:VCARD\nVERSION:4.0\n{line}\nFN:Climbers\nMEMBER:urn:uuid:1\nEND:VCARD\n")
    kind = line.partition(":")[2].lower()
    assert found == Problem(line=1, reason=f"a {kind}, not a person", text="Climbers")


def test_an_organisation_is_taken_and_stays_marked(person: Person) -> None:
    assert person("KIND:org", "ORG:Acme", version="4.0").contact.kept == ("KIND:org",)
    assert person("KIND:individual", version="4.0").contact.kept == ()


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        (["EMAIL:a@x.example", "EMAIL;TYPE=pref:b@x.example"], ["b", "a"]),
        (["EMAIL:a@x.example", "EMAIL;PREF:b@x.example"], ["b", "a"]),
        (["EMAIL;PREF=50:a@x.example", "EMAIL;PREF=1:b@x.example", "EMAIL:c@x.example"], ["b", "a", "c"]),
        (["EMAIL;PREF=x:a@x.example", "EMAIL:b@x.example"], ["a", "b"]),
        (["EMAIL;TYPE=work;TYPE=pref:a@x.example", "EMAIL;TYPE=pref:b@x.example"], ["a", "b"]),
    ],
)
def test_the_preferred_address_comes_first(person: Person, lines: list[str], order: list[str]) -> None:
    assert [address[0] for address in person(*lines).contact.emails] == order


@pytest.mark.parametrize(
    ("lines", "label"),
    [
        (["TEL;TYPE=CELL,VOICE:1"], "cell"),
        (["TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:1"], "cell, iphone"),
        (["TEL;WORK;FAX:1"], "work, fax"),
        (['TEL;VALUE=uri;TYPE="voice,home":tel:1'], "home"),
        (["TEL;TYPE=VOICE,MSG,WORK:1"], "work"),
        (["TEL;TYPE=WORKFAX:1"], "work, fax"),
        (["TEL;TYPE=x-boat:1"], "x-boat"),
        (["TEL;WORK;de-DE;INLINE:1"], "work"),
        (["TEL;TYPE=PREF:1"], ""),
        (["TEL:1"], ""),
        (["item1.TEL;type=pref:1", "item1.X-ABLabel:_$!<Mobile>!$_"], "cell"),
        (["item1.TEL:1", "item1.X-ABLabel:_$!<WorkFAX>!$_"], "work, fax"),
        (["item1.TEL:1", "item1.X-ABLabel:Only  on Sundays"], "Only on Sundays"),
        (["item1.TEL;TYPE=CELL:1", "ITEM1.X-ABLABEL:Boat"], "Boat"),
        (["item1.TEL;TYPE=CELL:1", "item1.X-ABLabel:Phone"], "cell"),
        (["item1.TEL;TYPE=CELL:1", "item2.X-ABLabel:Boat"], "cell"),
        (["TEL;TYPE=CELL:1", "TEL;TYPE=WORK:1"], "cell"),
    ],
)
def test_what_a_number_is_for_is_said_in_the_usual_words(person: Person, lines: list[str], label: str) -> None:
    contact = person(*lines).contact
    assert contact.labels == ((Label(of="1", label=label),) if label else ())
    mails = [line.replace("TEL", "EMAIL").replace(":1", ":z@x.example").replace("tel:", "mailto:") for line in lines]
    assert [label.label for label in person(*mails).contact.labels] == ([label] if label else [])


def test_links_are_read_by_uid_in_our_own_words_only(person: Person) -> None:
    found = person(
        "X-CRM-KNOWS:crm-1-c2",
        "X-CRM-INTRODUCED-BY:urn:uuid:1",
        "RELATED;TYPE=acquaintance;X-CRM=KNOWS:urn:uuid:2",
        "RELATED;TYPE=friend:urn:uuid:3",
    )
    assert (found.introduced_by, found.knows) == ("urn:uuid:1", ("crm-1-c2", "urn:uuid:2"))
    assert found.contact.kept == ("RELATED;TYPE=friend:urn:uuid:3",)


@pytest.mark.parametrize(
    ("lines", "positions"),
    [
        (["X-CRM-POSITION;UNTIL=2020-01-31:Acme;CTO"], [("Acme", "CTO", None, date(2020, 1, 31), False)]),
        (["X-CRM-POSITION;FORMER=TRUE;SINCE=soon:Acme;"], [("Acme", "", None, None, True)]),
        (["ORG:Acme", "X-CRM-POSITION;SINCE=2020-01-31:Acme;"], [("Acme", "", date(2020, 1, 31), None, False)]),
        (["ORG:Beta", "X-CRM-POSITION;SINCE=2020-01-31:Acme;"], [("Beta", "", None, None, False)]),
        (
            ["X-CRM-POSITION;FORMER=TRUE:Acme;", "ORG:Beta"],
            [("Acme", "", None, None, True), ("Beta", "", None, None, False)],
        ),
        (
            ["ORG:Acme", "X-CRM-POSITION:;Advisor"],
            [("Acme", "", None, None, False), ("", "Advisor", None, None, False)],
        ),
    ],
)
def test_our_own_lines_complete_the_positions(
    person: Person, lines: list[str], positions: list[tuple[object, ...]]
) -> None:
    found = person(*lines).contact.positions
    assert [(p.organisation, p.title, p.since, p.until, p.former) for p in found] == positions


def test_schemes_are_no_part_of_numbers_and_addresses(person: Person) -> None:
    contact = person(
        "TEL;VALUE=uri:tel:+44-7700-900123;ext=5", "TEL: TEL:+1 555 0100", "EMAIL:mailto:zoe@example.com"
    ).contact
    assert contact.phones == ("+44-7700-900123;ext=5", "+1 555 0100")
    assert contact.emails == ("zoe@example.com",)


def test_empty_values_are_nothing(person: Person) -> None:
    contact = person(
        "TEL:", "EMAIL: ", "ORG:;", "TITLE:", "ADR:;;;;;;", "URL:", "X-FOO:", "NOTE:", "BDAY:", "CATEGORIES:,"
    ).contact
    assert (contact.phones, contact.emails, contact.positions, contact.profiles) == ((), (), (), ())
    assert (contact.address, contact.kept, contact.note, contact.birthday, contact.tags) == ("", (), "", "", ())


@pytest.mark.parametrize(
    ("lines", "positions", "kept"),
    [
        (["ORG:Acme, Inc."], [("Acme, Inc.", "")], ()),
        (["ORG:Acme;"], [("Acme", "")], ()),
        (["ORG:Acme", "ROLE:Hiring"], [("Acme", "")], ("ROLE:Hiring",)),
        (["ROLE:Hiring"], [], ("ROLE:Hiring",)),
        (["TITLE:CTO", "ORG:Acme", "ORG:Beta", "TITLE:Chair"], [("Acme", "CTO"), ("Beta", "Chair")], ()),
        (["b.TITLE:Chair", "a.ORG:Acme", "b.ORG:Beta"], [("Acme", ""), ("Beta", "Chair")], ()),
        (["b.TITLE:Chair", "TITLE:CTO", "a.ORG:Acme", "b.ORG:Beta"], [("Acme", "CTO"), ("Beta", "Chair")], ()),
        (
            ["x.TITLE:Chair", "b.TITLE:CTO", "b.ORG:Beta"],
            [("Beta", "CTO")],
            ("b.TITLE:CTO", "x.TITLE:Chair"),
        ),
        (
            ["TITLE:Mayor", "TITLE;LANGUAGE=de:Bürgermeister"],
            [("", "Mayor")],
            ("TITLE:Mayor", "TITLE;LANGUAGE=de:Bürgermeister"),
        ),
        (["ORG:;Sales"], [], ("ORG:;Sales",)),
        (["ORG:;Sales", "TITLE:CTO"], [("", "CTO")], ("ORG:;Sales",)),
        ([r"ORG:Acme;R\;D\, Labs"], [("Acme", "")], (r"ORG:Acme;R\;D\, Labs",)),
        (["ORG;SORT-AS=Acme:The Acme"], [("The Acme", "")], ("ORG;SORT-AS=Acme:The Acme",)),
    ],
)
def test_organisations_and_titles_make_positions(
    person: Person, lines: list[str], positions: list[tuple[str, str]], kept: tuple[str, ...]
) -> None:
    contact = person(*lines).contact
    assert [(position.organisation, position.title) for position in contact.positions] == positions
    assert contact.kept == kept


@pytest.mark.parametrize(
    ("line", "birthday"),
    [
        ("BDAY:1990-05-04", "1990-05-04"),
        ("BDAY;VALUE=DATE:19900504", "1990-05-04"),
        ("BDAY:19531015T231000Z", "1953-10-15"),
        ("BDAY;VALUE=DATE-TIME:1987-09-27T08:30:00-06:00", "1987-09-27"),
        ("BDAY:--0504", "--05-04"),
        ("BDAY:--0229", "--02-29"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-04", "--05-04"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=date:16040504", "--05-04"),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1990-05-04", "1990-05-04"),
        ("BDAY:19723101", "19723101"),
        ("BDAY:--1340", "--1340"),
        ("BDAY:0000-00-00", "0000-00-00"),
        ("BDAY:1990-0504", "1990-0504"),
        ("BDAY:1990-05", "1990-05"),
        ("BDAY;VALUE=text:circa 1800", "circa 1800"),
        ("BDAY:Tue, 22 Dec 2009", "Tue, 22 Dec 2009"),
    ],
)
def test_a_birthday_is_an_iso_date_or_stays_as_it_is(person: Person, line: str, birthday: str) -> None:
    assert person(line).contact.birthday == birthday


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (
            "ADR:P.O. Box 1;Flat 2;1 Main St;Town;Region;12345;Country",
            "P.O. Box 1, Flat 2, 1 Main St, Town, Region, 12345, Country",
        ),
        (r"ADR:;;1 Main St\nBack door;Town\, CA;;;", "1 Main St, Back door, Town, CA"),
        ("ADR:;;1 Main St, left;Town", "1 Main St, left, Town"),
        ("ADR;LABEL=\"1 Main St^nTown ^^ ^'x^'\":;;;;;;", '1 Main St, Town ^ "x"'),
        (r"item1.ADR;type=HOME;type=pref:;;1 Main St\;;Town;;;", "1 Main St;, Town"),
    ],
)
def test_an_address_is_one_line(person: Person, line: str, address: str) -> None:
    assert person(line).contact.address == address


def test_second_places_and_birthdays_are_kept_as_lines(person: Person) -> None:
    contact = person(
        "ADR;TYPE=HOME:;;Far;;;;", "BDAY:1990-05-04", "ADR;TYPE=WORK,pref:;;Near;;;;", "BDAY:1991-06-05"
    ).contact
    assert (contact.address, contact.birthday) == ("Near", "1990-05-04")
    assert contact.kept == (
        "ADR;TYPE=WORK,pref:;;Near;;;;",
        "BDAY:1990-05-04",
        "ADR;TYPE=HOME:;;Far;;;;",
        "BDAY:1991-06-05",
    )


def test_several_notes_are_one(person: Person) -> None:
    assert person("NOTE:one", "NOTE:two").contact.note == "one\ntwo"


def test_a_second_name_that_differs_is_named_as_left_out(person: Person) -> None:
    assert person("FN:Somebody Else", "N:Example;Zoe", "N:Example;Zoe", "UID:1", "UID:2").left_out == ("FN", "UID")


@pytest.mark.parametrize(
    ("address", "network", "handle"),
    [
        ("https://www.linkedin.com/in/zoe-example/", "linkedin", "zoe-example"),
        ("http://de.linkedin.com/in/zo%C3%AB?x=1", "linkedin", "zoë"),
        ("https://linkedin.com/company/acme", "linkedin", ""),
        ("linkedin.com/in/zoe", "linkedin", "zoe"),
        ("https://x.com/zoe", "x", "zoe"),
        ("https://mobile.twitter.com/@zoe", "x", "zoe"),
        ("https://x.com/i/lists/1", "x", ""),
        ("HTTPS://GitHub.com/zoe/thing", "github", "zoe"),
        ("https://bsky.app/profile/zoe.example", "bluesky", "zoe.example"),
        ("https://www.xing.com/profile/Zoe_Example", "xing", "Zoe_Example"),
        ("https://netflix.com/zoe", "web", ""),
        ("https://x.com.example.org/zoe", "web", ""),
        ("https://x.com@evil.example/zoe", "web", ""),
        ("https://x.com:zoe@evil.example/zoe", "web", ""),
        ("https://evil.example/https://x.com/zoe", "web", ""),
        ("https://evil.example?x.com/zoe", "web", ""),
        ("https://social.example/@zoe", "web", ""),
        ("www.example.com", "web", ""),
        ("http://[::1", "web", ""),
    ],
)
def test_a_web_address_tells_its_network(person: Person, address: str, network: str, handle: str) -> None:
    contact = person("URL:" + address.replace(":", "\\:")).contact
    assert contact.profiles == (Profile(network=network, handle=handle, url=address),)
    assert contact.kept == ()


@pytest.mark.parametrize(
    ("head", "value", "network", "handle", "url"),
    [
        ("X-SOCIALPROFILE;type=mastodon", "https://s.example/@zoe", "mastodon", "zoe@s.example", "https://s.example/@zoe"),
        ("X-SOCIALPROFILE;type=twitter;x-user=zoe", "http://twitter.com/zoe", "x", "zoe", "http://twitter.com/zoe"),
        ("X-SOCIALPROFILE;type=facebook;type=pref;x-user=zoe", "https://f.example/1", "facebook", "zoe", "https://f.example/1"),
        ("X-SOCIALPROFILE;type=Flickr", "x-apple:zoe", "flickr", "zoe", ""),
        ("X-SOCIALPROFILE", "zoe", "web", "zoe", ""),
        ("SOCIALPROFILE;SERVICE-TYPE=Xing;USERNAME=zoe", "https://s.example/1", "xing", "zoe", "https://s.example/1"),
        ("X-TWITTER", "@zoe", "x", "zoe", ""),
        ("X_TWITTER", "zoe", "x", "zoe", ""),
        ("X-LINKEDIN", "https://linkedin.com/in/zoe", "linkedin", "zoe", "https://linkedin.com/in/zoe"),
        ("X-SKYPE-USERNAME", "zoe.example", "skype", "zoe.example", ""),
        ("IMPP", "xmpp:zoe@example.com", "xmpp", "zoe@example.com", "xmpp:zoe@example.com"),
        ("IMPP;X-SERVICE-TYPE=Skype", "skype:zoe", "skype", "zoe", "skype:zoe"),
        ("IMPP;X-SERVICE-TYPE=GoogleTalk", "x-apple:zoe", "googletalk", "zoe", ""),
        ("IMPP", "im:slack:zoe", "slack", "zoe", "im:slack:zoe"),
        ("IMPP", "zoe", "web", "zoe", ""),
        ("IMPP;PREF=1", "https://m.example/zoe", "web", "", "https://m.example/zoe"),
    ],
)  # fmt: skip
def test_other_properties_name_their_network(
    person: Person, head: str, value: str, network: str, handle: str, url: str
) -> None:
    contact = person(f"{head}:{value}").contact
    assert contact.profiles == (Profile(network=network, handle=handle, url=url),)
    assert contact.kept == ()


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", " JavaScript\\:alert(1)", "data:text/html,x", "file:///etc/passwd"]
)
def test_an_address_that_should_not_be_opened_is_no_profile(person: Person, value: str) -> None:
    contact = person(f"URL:{value}", f"X-SOCIALPROFILE;type=x:{value}").contact
    assert contact.profiles == ()
    assert len(contact.kept) == 2


def test_profiles_come_in_the_order_of_the_file_the_preferred_first(person: Person) -> None:
    lines = ("IMPP:xmpp:zoe@example.com", "X-TWITTER:zoe", "URL:https://a.example", "URL;TYPE=pref:https://b.example")
    assert [profile.url for profile in person(*lines).contact.profiles] == [
        "https://b.example",
        "xmpp:zoe@example.com",
        "",
        "https://a.example",
    ]


def test_unknown_properties_are_kept_unfolded_with_group_and_parameters(person: Person) -> None:
    contact = person(
        "item1.X-ABRELATEDNAMES;type=pref:Judit",
        "item1.X-ABLabel:_$!<Assistant>!$_",
        r"X-Long;A=1:one\, two",
        "  and three",
        "GEO:1.5;2.5",
        "CLASS:PUBLIC",
    ).contact
    assert contact.kept == (
        "item1.X-ABRELATEDNAMES;type=pref:Judit",
        "item1.X-ABLabel:_$!<Assistant>!$_",
        r"X-Long;A=1:one\, two and three",
        "GEO:1.5;2.5",
        "CLASS:PUBLIC",
    )


def test_a_label_goes_with_its_property_unless_it_says_more(person: Person) -> None:
    contact = person(
        "item1.URL:https://example.com", "item1.X-ABLabel:_$!<HomePage>!$_",
        "item2.URL:https://www.linkedin.com/in/zoe", "item2.X-ABLabel:LinkedIn",
        "item3.URL:https://zoe.example", "item3.X-ABLabel:Where I write",
        "item4.TEL:+44 7700 900123", "item4.X-ABLabel:Only on Sundays",
        "item5.X-ABLabel:Of nothing",
    ).contact  # fmt: skip
    assert contact.labels == (Label(of="+44 7700 900123", label="Only on Sundays"),)
    assert contact.kept == (
        "item3.URL:https://zoe.example",
        "item3.X-ABLabel:Where I write",
        "item5.X-ABLabel:Of nothing",
    )


def test_what_is_kept_of_an_old_card_fits_into_a_new_one(person: Person) -> None:
    contact = person(
        "LABEL;WORK;PREF;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:Stra=DFe 19=0D=0A=", "Ort",
        "X-PIC;GIF;BASE64:R0lGODlhAQABAA==",
        "X-DESIGN;CHARSET=utf-8:<card/>",
        version="2.1",
    ).contact  # fmt: skip
    assert contact.kept == (
        r"LABEL;TYPE=WORK;TYPE=PREF:Straße 19\nOrt",
        "X-PIC;TYPE=GIF;ENCODING=b:R0lGODlhAQABAA==",
        "X-DESIGN:<card/>",
    )


def test_what_is_too_long_is_named_instead(person: Person) -> None:
    found = person(
        "PHOTO;ENCODING=b:" + "A" * 2001, "KEY:" + "A" * 2001, "PHOTO:" + "B" * 3000, "X-FITS:" + "A" * 1993,
        "X-HEAD:" + "A" * 1999, "URL:https://example.com/" + "a" * 2000, "NOTE:" + "n" * 100_000,
    )  # fmt: skip
    assert found.left_out == ("KEY", "URL", "PHOTO", "X-HEAD")
    assert [len(line) for line in found.contact.kept] == [2000]
    assert len(found.contact.note) == 100_000
    assert person("NOTE:" + "n" * 100_001).left_out == ("NOTE",)


def test_a_name_longer_than_any_is_left_out_and_another_found(person: Person) -> None:
    found = person("N:Example;Zoe", name="FN:" + "Z" * 1_000_000)
    assert found.contact.name == "Zoe Example"
    assert found.left_out == ("FN",)
    assert found.repaired == ("no FN: name made from N",)


def test_nothing_kept_could_begin_a_line_of_its_own(person: Person) -> None:
    contact = person(
        "X-EVIL;ENCODING=QUOTED-PRINTABLE:a=0D=0AEND:VCARD=0ABEGIN:VCARD", "X-TWO:a\u2028b\x85c\x0bd", version="2.1"
    ).contact
    assert contact.kept == (r"X-EVIL:a\nEND:VCARD\nBEGIN:VCARD", r"X-TWO:a\nb\ncd")


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_known_versions_need_no_remark(person: Person, version: str) -> None:
    assert person("TEL:1", version=version).repaired == ()


def test_an_unknown_version_is_read_and_remarked(person: Person) -> None:
    assert person("TEL:1", version="5.1").repaired == ("read in spite of its unknown version '5.1'",)


def test_version_4_0_is_read(person: Person) -> None:
    found = person(
        "UID:urn:uuid:b8767877-b4a1-4c70-9acc-505d3819e519",
        "N;SORT-AS=\"Example,Zoe\":Example;Zoe;Anne,Marie;Dr.;",
        "TEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+1-555-0100",
        "PHOTO:data:image/png;base64,iVBORw0KGgo=",
        "BDAY:--0504",
        "LANG;PREF=1:en",
        r"ORG;SORT-AS=ABC:ABC\, Inc.;Marketing",
        version="4.0",
    )  # fmt: skip
    contact = found.contact
    assert (contact.uid, contact.given, contact.family) == (
        "urn:uuid:b8767877-b4a1-4c70-9acc-505d3819e519",
        "Zoe",
        "Example",
    )
    assert (contact.phones, contact.birthday, contact.positions[0].organisation) == (
        ("+1-555-0100",),
        "--05-04",
        "ABC, Inc.",
    )
    assert contact.kept == (
        'N;SORT-AS="Example,Zoe":Example;Zoe;Anne,Marie;Dr.;',
        r"ORG;SORT-AS=ABC:ABC\, Inc.;Marketing",
        "LANG;PREF=1:en",
    )
    assert contact.labels == (Label(of="+1-555-0100", label="home"),)
    assert found.photo == b"\x89PNG\r\n\x1a\n"
