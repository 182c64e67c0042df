"""Outlook's CSV from a desktop, from the web and as Google writes it; Thunderbird's; tables of their titles."""

from __future__ import annotations

import pytest

from crm_core import Candidate, Problem

DESKTOP = (
    '"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business Street",'
    '"Business City","Home Street","Business Phone","Mobile Phone","Anniversary","Birthday","Categories",'
    '"E-mail Address","E-mail Type","E-mail Display Name","Gender","Notes","Priority","Private",'
    '"Sensitivity","Web Page"\r\n'
)


def desktop(**cells: str) -> bytes:
    titles = [title.strip('"') for title in DESKTOP.strip().split(",")]
    row = ",".join(f'"{cells.get(title.replace(" ", "_").replace("-", "_"), "")}"' for title in titles)
    return (DESKTOP + row + "\r\n").encode("cp1252")


def test_a_title_is_what_somebody_is_called_by_and_a_job_title_is_their_work(people):
    (found,) = people(
        desktop(Title="Dr.", First_Name="Zoë", Last_Name="Müller", Company="Acme", Job_Title="CTO", Department="R&D")
    )

    assert (found.name, found.given, found.family) == ("Dr. Zoë Müller", "Zoë", "Müller")
    assert [(position.organisation, position.title) for position in found.positions] == [("Acme", "CTO")]
    assert found.kept == ("X-DEPARTMENT:R&D",)


def test_what_outlook_writes_when_there_is_nothing_says_nothing(people):
    (found,) = people(
        desktop(
            First_Name="Ana",
            Last_Name="Silva",
            Anniversary="0/0/00",
            Birthday="0/0/00",
            Gender="Unspecified",
            Priority="Normal",
            Private="False",
            Sensitivity="Normal",
            E_mail_Address="ana@x.example",
            E_mail_Type="SMTP",
            E_mail_Display_Name="Ana Silva (ana@x.example)",
        )
    )

    assert (found.birthday, found.kept, found.emails) == ("", (), ("ana@x.example",))


def test_what_says_something_is_kept(people):
    (found,) = people(
        desktop(
            First_Name="Ana",
            Anniversary="2/20/2010",
            Gender="Female",
            E_mail_Address="/o=Labs/ou=Group (FYDI)/cn=Recipients/cn=ana",
            E_mail_Type="EX",
            E_mail_Display_Name="The boss",
        )
    )

    assert found.emails == ()
    assert sorted(found.kept) == [
        "ANNIVERSARY:2010-02-20",
        "X-CSV-E-MAIL-ADDRESS:/o=Labs/ou=Group (FYDI)/cn=Recipients/cn=ana",
        "X-CSV-E-MAIL-DISPLAY-NAME:The boss",
        "X-CSV-GENDER:Female",
    ]


def test_addresses_numbers_days_and_categories(people):
    (found,) = people(
        desktop(
            First_Name="Ana",
            Business_Street="Main St 5\r\nRear",
            Business_City="Berlin",
            Home_Street="Pier 1",
            Business_Phone="+49 30 5550100",
            Mobile_Phone="+49 170 5550101",
            Birthday="3/22/1980",
            Categories="Friends;Work, fun",
            Web_Page="http://ana.example",
            Notes="one\r\ntwo",
        )
    )

    assert found.address == "Main St 5, Rear, Berlin"
    assert found.kept == (r"ADR;TYPE=work:;;Main St 5\, Rear;Berlin;;;", "ADR;TYPE=home:;;Pier 1;;;;")
    assert found.phones == ("+49 30 5550100", "+49 170 5550101")
    assert [label.label for label in found.labels] == ["work", "cell"]
    assert (found.birthday, found.note, found.tags) == ("1980-03-22", "one\ntwo", ("Friends", "Work", "fun"))
    assert [profile.url for profile in found.profiles] == ["http://ana.example"]


def test_a_whole_address_may_be_the_street_alone(people):
    google = "First Name,Last Name,Home Address,Home Street,Home City,E-mail Address\n"
    whole = google + 'Ana,Silva,"Pier 1\nFaro",,Faro,ana@x.example\n'
    street = google + "Ana,Silva,Pier 1,,Faro,ana@x.example\n"

    assert [people(file)[0].address for file in (whole, street)] == ["Pier 1, Faro", "Pier 1, Faro"]


def test_thunderbird_has_a_birthday_in_three_columns_and_a_name_of_its_own(people):
    file = (
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Home Address,"
        "Home Address 2,Home City,Job Title,Department,Organization,Web Page 1,Birth Year,Birth Month,Birth Day,"
        "Custom 1,Notes,\n"
        "Ana,Silva,Ana S.,Nan,ana@x.example,a@x.example,1,Pier 1,Floor 2,Faro,CTO,IT,Acme,x.example,1970,3,5,blue,,\n"
    )
    (ana,) = people(file)

    assert (ana.name, ana.given, ana.nickname, ana.birthday) == ("Ana S.", "Ana", "Nan", "1970-03-05")
    assert ana.address == "Pier 1, Floor 2, Faro"
    assert ana.emails == ("ana@x.example", "a@x.example")
    assert ana.kept == (
        r"ADR;TYPE=home:;;Pier 1\, Floor 2;Faro;;;",
        "X-DEPARTMENT:IT",
        "X-CSV-CUSTOM-1:blue",
    )


@pytest.mark.parametrize(
    "header",
    [
        "First Name\tLast Name\tE-mail Address",
        "E-mail Address,E-mail 2 Address,E-mail 3 Address",
        "Primary Email",
        "First Name,Last Name",
        "First Name,Last Name,E-mail Address,Title,Job Title,Shoe size",
    ],
)
def test_tables_of_its_titles_are_known(told, header):
    assert told(header + "\n") == "outlook"


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,Title,Company",
        "First Name,Last Name,Email,Team",
        "Name,Email,Phone",
        "E-mail Address,Opened,Clicked,Bounced,List,Campaign",
        "Company,Department",
        "hello",
        "",
    ],
)
def test_tables_that_may_mean_something_else_are_not(told, header):
    assert told(header + "\n") == ""


def test_formulas_are_text_and_guards_are_undone(people):
    (found,) = people("First Name,Last Name,E-mail Address,Notes\n=cmd|' /C calc'!A0,Kessler,m@x.example,'+1+1\n")

    assert (found.name, found.note) == ("=cmd|' /C calc'!A0 Kessler", "+1+1")


def test_a_row_of_an_absurd_length_leaves_out_what_is_absurd(read):
    long, unnamed = read(
        f"First Name,Last Name,E-mail Address,Notes\nAna,{'x' * 3000},a@x.example,ok\n,,,\n,,,{'y' * 100_001}\n"
    )

    assert isinstance(long, Candidate)
    assert (long.contact.name, long.left_out, long.contact.note) == ("Ana", ("Last Name",), "ok")
    assert unnamed == Problem(line=4, reason="it names nobody")
