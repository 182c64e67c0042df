"""LinkedIn's Connections.csv as it comes and as spreadsheets leave it; its files without people."""

from __future__ import annotations

import pytest

from crm_core import Candidate, Problem

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
MARA = 'Mara,Lindqvist,https://www.linkedin.com/in/mara-l,,"Bluewater, Inc.",Engineer,08 Feb 2026'
REMARK = 'Notes:\n"When exporting your data, you may notice, that some addresses are missing."\n\n'


def connected(contact) -> list[str]:
    return [line.partition(":")[2] for line in contact.kept if line.startswith("X-LINKEDIN-CONNECTED-ON:")]


@pytest.mark.parametrize("before", ["", REMARK, "\ufeff" + REMARK, "\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_people_are_found_below_any_remark(people, before, end):
    (mara,) = people((before + HEADER + "\n" + MARA).replace("\n", end))

    assert (mara.name, mara.given, mara.family) == ("Mara Lindqvist", "Mara", "Lindqvist")
    assert [(position.organisation, position.title) for position in mara.positions] == [("Bluewater, Inc.", "Engineer")]
    assert [(profile.network, profile.handle) for profile in mara.profiles] == [("linkedin", "mara-l")]
    assert connected(mara) == ["2026-02-08"]
    assert (mara.emails, mara.how) == ((), "")


def test_older_files_have_no_address_of_the_page(people):
    (ana,) = people(
        "First Name,Last Name,Email Address,Company,Position,Connected On\nAna,,ana@x.example,,,30 Sep 2018"
    )

    assert (ana.name, ana.emails, ana.positions, ana.profiles) == ("Ana", ("ana@x.example",), (), ())


def test_every_cell_may_be_quoted(people):
    quoted = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in (HEADER, "Ana,,,,,,30 Sep 2018"))

    assert [person.name for person in people(quoted)] == ["Ana"]


@pytest.mark.parametrize(
    ("delimiter", "charset", "date"),
    [(";", "cp1252", "01.05.2023"), ("\t", "utf-16", "1-May-23"), (",", "utf-8", "5/1/23")],
)
def test_a_spreadsheet_may_have_saved_it_again(people, delimiter, charset, date):
    text = REMARK + "\r\n".join(
        [HEADER.replace(",", delimiter), delimiter.join(["Jürgen", "Weiß", "", "", "", "", date])]
    )

    (contact,) = people(text.encode(charset))
    assert (contact.name, connected(contact)) == ("Jürgen Weiß", ["2023-05-01"])


@pytest.mark.parametrize(
    "header",
    [
        "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am",
        "Prénom,Nom,URL,Adresse e-mail,Entreprise,Poste,Connecté le",
        "Nombre,Apellidos,URL,Correo electrónico,Empresa,Cargo,Conectado el",
        "Nome,Cognome,URL,Indirizzo email,Azienda,Posizione,Collegato il",
        "Nome,Sobrenome,URL,Endereço de e-mail,Empresa,Cargo,Conectado em",
        "Voornaam,Achternaam,URL,E-mailadres,Bedrijf,Functie,Verbonden op",
    ],
)
def test_titles_may_be_in_other_languages(told, people, header):
    file = f"{header}\nMara,Lindqvist,https://www.linkedin.com/in/mara-l,mara@x.example,Acme,CTO,8 Feb 2026\n"

    assert told(file) == "linkedin"
    (mara,) = people(file)
    assert (mara.given, mara.family, mara.emails, mara.kept) == (
        "Mara",
        "Lindqvist",
        ("mara@x.example",),
        ("X-LINKEDIN-CONNECTED-ON:2026-02-08",),
    )
    assert (mara.positions[0].organisation, mara.positions[0].title) == ("Acme", "CTO")


def test_a_member_who_hides_their_name_is_refused_and_blank_rows_are_nothing(read):
    mara, hidden = read(f"{HEADER}\n{MARA}\n,,,,,,07 Jun 2026\n,,,,,,\n\n")

    assert isinstance(mara, Candidate)
    assert hidden == Problem(line=3, reason="a member who hides their name", text="2026-06-07")


def test_a_file_without_connections_has_no_people(read):
    assert read(REMARK + HEADER) == []
    assert read(REMARK + HEADER + "\n") == []


def test_names_of_east_asia_are_put_together_as_they_are_spoken(people):
    file = f"{HEADER}\n伟,李,,,,,03 Jan 2024\n太郎,山本,,,,,\nMaria,李,,,,,\n"

    assert [person.name for person in people(file)] == ["李伟", "山本太郎", "Maria 李"]


def test_a_spreadsheet_in_a_country_that_has_the_day_first_is_understood(people):
    rows = "Ana;;;;;;08/02/2026\nTom;;;;;;31/12/2025\n"

    ana, tom = people(HEADER.replace(",", ";") + "\n" + rows)
    assert (connected(ana), connected(tom)) == (["2026-02-08"], ["2025-12-31"])


def test_a_date_that_is_none_is_kept_as_it_is(people):
    (ana,) = people(f"{HEADER}\nAna,,,,,,some day\n")

    assert ana.kept == ("X-CSV-CONNECTED-ON:some day",)


INVITATIONS = 'From,To,Sent At,Message,Direction\nRobin,Mara,"1/29/26, 2:37 PM",,OUTGOING\n'
MESSAGES = '"CONVERSATION ID","CONVERSATION TITLE","FROM","TO","DATE","CONTENT"\n"1","","A","B","",""\n'


@pytest.mark.parametrize(("file", "holds"), [(INVITATIONS, "LinkedIn invitations"), (MESSAGES, "LinkedIn messages")])
def test_invitations_and_messages_are_known_and_no_people(importers, told, file, holds):
    assert told(file) == ""
    assert importers["linkedin"].no_people(file.encode()) == holds
    assert importers["linkedin"].no_people(HEADER.encode()) == ""
