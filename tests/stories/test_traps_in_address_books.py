"""What real address books do that readers stumble over, one trap a card or table, from the file to the contact.

Each was seen in files that programs wrote, and made anew here. How each is read is tested beside the readers; here it
is shown that nothing of it is lost on the way through `crm import`, and that it is said what was mended.
"""

from __future__ import annotations

import base64
from typing import Any, Final, NamedTuple

import pytest

from crm_core.testing import Crm

JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(range(150))
PICTURE: Final = base64.b64encode(JPEG).decode()
NUMBER: Final = "+44 7700 900101"


class Trap(NamedTuple):
    """A file, what each person in it must have, what must be said of it, and how many entries are refused."""

    data: bytes
    people: dict[str, dict[str, Any]]
    said: str = ""
    refused: int = 0


def card(body: str | bytes, version: str = "3.0", name: str = "FN:Ana Silva") -> bytes:
    head = f"BEGIN:VCARD\nVERSION:{version}\n{name}\n".encode()
    return head + (body.encode() if isinstance(body, str) else body) + b"\nEND:VCARD\n"


def ana(**facts: Any) -> dict[str, dict[str, Any]]:
    return {"Ana Silva": facts}


PHONE: Final = ana(phones=[NUMBER])
TEL: Final = f"TEL:{NUMBER}"
BEN: Final = card("", name="FN:Ben Okafor")
BOTH: Final = {**PHONE, "Ben Okafor": {}}

CARDS: Final = {
    "folded quoted-printable": Trap(
        card("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:caf=C3=A9 and=\n more", "2.1"), ana(note="café and more")
    ),
    "a bare comma": Trap(
        card("NOTE:Met in Paris, likes tea\nTITLE:VP, Sales", "2.1"),
        ana(note="Met in Paris, likes tea", title="VP, Sales"),
    ),
    "a bare comma in an organisation": Trap(card("ORG:Acme, Inc."), ana(organisation="Acme, Inc.")),
    "a picture in an address": Trap(card(f"PHOTO:data:image/jpeg;base64,{PICTURE}", "4.0"), ana(photo=JPEG)),
    "a picture that a blank line ends": Trap(card(f"PHOTO;JPEG;BASE64:\n {PICTURE}\n\n{TEL}", "2.1"), ana(photo=JPEG)),
    "a picture that is not indented": Trap(
        card(f"PHOTO;JPEG;BASE64:{PICTURE[:60]}\n{PICTURE[60:]}\n\n{TEL}", "2.1"), ana(photo=JPEG, phones=[NUMBER])
    ),
    "a picture cut short": Trap(
        card(f"PHOTO;ENCODING=b;TYPE=JPEG:{PICTURE[:100]}..."), ana(photo=JPEG[:75]), "the photo is cut short"
    ),
    "one bad line among three cards": Trap(
        card(TEL) + card("no line\nTEL:7700900102", name="FN:Cy Cole") + BEN,
        {**BOTH, "Cy Cole": {"phones": ["7700900102"]}},
        "is no vCard line and was left out: 'no line'",
    ),
    "a byte order mark": Trap(b"\xef\xbb\xbf" + card(TEL), PHONE),
    "UTF-16 without a mark": Trap(card("NOTE:Zoë").decode().encode("utf-16-le"), ana(note="Zoë")),
    "UTF-16 with a mark": Trap(card("NOTE:Zoë").decode().encode("utf-16"), ana(note="Zoë")),
    "blanks before it": Trap(b"\n  \n" + card(TEL).replace(b"BEGIN", b"  BEGIN"), PHONE),
    "no end": Trap(card(TEL).replace(b"END:VCARD\n", b"") + BEN, BOTH, "END:VCARD is missing"),
    "a blank after the end": Trap(card(TEL).replace(b"END:VCARD", b"END:VCARD ") + BEN, BOTH),
    "no formatted name": Trap(card(TEL, name="N:Silva;Ana;;;"), PHONE, "no FN: name made from N"),
    "VERSION and PRODID twice": Trap(card(f"VERSION:3.0\nPRODID:a\nPRODID:b\n{TEL}"), PHONE),
    "PROFILE": Trap(card(f"PROFILE:VCARD\n{TEL}"), ana(phones=[NUMBER], profiles=[])),
    "undeclared Latin-1": Trap(card("NOTE:München".encode("latin-1")), ana(note="München"), "read as Windows-1252"),
    "a charset of its own": Trap(
        card(b"NOTE;CHARSET=Shift_JIS:" + "山田".encode("shift_jis"), "2.1"), ana(note="山田")
    ),
    "a charset that nobody knows": Trap(card("NOTE;CHARSET=x-none:hi", "2.1"), ana(note="hi")),
    "quoted-printable that is no UTF-8": Trap(
        card("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=FCnchen", "2.1"), ana(note="München")
    ),
    "a fold inside a character": Trap(card(b"NOTE:Z\xc3\n \xab"), ana(note="Zë")),
    "odd names of properties": Trap(
        card(f"X-A/B:1\nX FOO:2\na.b.NOTE:3\n{TEL}"), PHONE, "is no vCard line and was left out: 'X-A/B:1'"
    ),
    "comments": Trap(card(f"# by hand\n{TEL}"), PHONE, "is no vCard line and was left out: '# by hand'"),
    "an empty parameter": Trap(card(f"TEL;:{NUMBER}", "2.1"), PHONE),
    "somebody else's card in it": Trap(
        card(f"AGENT:BEGIN:VCARD\nVERSION:2.1\nFN:Bo Berg\nTEL:999999999\nEND:VCARD\n{TEL}", "2.1"), PHONE, "AGENT"
    ),
    "an escaped colon": Trap(card("URL:https\\://ana.example/a"), ana(pages=["https://ana.example/a"])),
    "a backslash at the end": Trap(card(f"NOTE:a\\\n{TEL}"), ana(note="a\\", phones=[NUMBER])),
    "line ends of old Macs": Trap(card(TEL).replace(b"\n", b"\r"), PHONE),
    "a line that doubles the work with each piece": Trap(
        card(f"TEL{';A=B' * 40}\n{TEL}"), PHONE, "is no vCard line and was left out"
    ),
    "a thousand beginnings": Trap(b"BEGIN:VCARD\n" * 1_000 + card(TEL), PHONE, refused=1_000),
    "a birthday without a year": Trap(card("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-18"), ana(birthday="--02-18")),
    "a birthday without a year, 4.0": Trap(card("BDAY:--0218", "4.0"), ana(birthday="--02-18")),
    "a label of Apple's": Trap(
        card(f"item1.TEL:{NUMBER}\nitem1.X-ABLabel:_$!<Mobile>!$_"), ana(phones=[NUMBER], labels=["cell"])
    ),
    "an organisation": Trap(card("KIND:org\nORG:Ana Silva", "4.0"), ana(organisation="Ana Silva")),
    "a group": Trap(card("KIND:group\nMEMBER:urn:uuid:1", "4.0"), {}, "a group, not a person", refused=1),
    "nobody": Trap(card("NOTE:who?", name="FN:") + BEN, {"Ben Okafor": {}}, "no name", refused=1),
}

LINKEDIN: Final = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
PREAMBLE: Final = 'Notes:\n"When exporting your connection data, you may notice that some are missing."\n\n'
GOOGLE: Final = "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value"
OUTLOOK: Final = '"Title","First Name","Last Name","Job Title","Mobile Phone","E-mail Address","E-mail Type","Birthday"'
SILVA: Final = 'Ana,Silva,https://www.linkedin.com/in/ana,ana@acme.example,"Acme, Inc.","VP, Sales",'
KNOWN: Final = ana(organisation="Acme, Inc.", title="VP, Sales", emails=["ana@acme.example"])

TABLES: Final = {
    "LinkedIn with a preamble": Trap(f"{PREAMBLE}{LINKEDIN}\n{SILVA}07 Jun 2026".encode(), KNOWN),
    "LinkedIn with a mark and CR LF": Trap(
        f"\ufeff{PREAMBLE}{LINKEDIN}\n{SILVA}07 Jun 2026\n".replace("\n", "\r\n").encode(), KNOWN
    ),
    "LinkedIn saved by a spreadsheet": Trap(
        f"{LINKEDIN}\nAna,Silvã,,,Acme,CTO,7-Feb-22\n".replace(",", ";").encode("cp1252"),
        {"Ana Silvã": {"title": "CTO", "kept": ["X-LINKEDIN-CONNECTED-ON:2022-02-07"]}},
    ),
    "LinkedIn's hidden members": Trap(
        f"{LINKEDIN}\n,,,,,,07 Jun 2026\n{SILVA}07 Jun 2026\n".encode(), KNOWN, "hides their name", refused=1
    ),
    "LinkedIn's empty last row and doubled rows": Trap(
        f"{LINKEDIN}\n{SILVA}07 Jun 2026\n{SILVA}07 Jun 2026\n,,,,,,\n".encode(), KNOWN
    ),
    "LinkedIn's last name left empty": Trap(f"{LINKEDIN}\nAna,,,,Acme,CTO,07 Jun 2026\n".encode(), {"Ana": {}}),
    "Google's several in one cell": Trap(
        f"{GOOGLE}\nAna,Silva,* myContacts ::: friends,* Work,a@x.example ::: b@x.example,Mobile,{NUMBER}\n".encode(),
        ana(emails=["a@x.example", "b@x.example"], phones=[NUMBER], tags=["friends"]),
    ),
    "Outlook's no date and no address": Trap(
        f'{OUTLOOK}\r\n"Dr.","Ana","Silva","CTO","{NUMBER}","/o=Acme/cn=ana","EX","0/0/00"\r\n'.encode("cp1252"),
        {"Dr. Ana Silva": {"phones": [NUMBER], "title": "CTO", "emails": [], "birthday": ""}},
    ),
    "a number that a spreadsheet guards": Trap(
        f"{GOOGLE}\nAna,Silva,,,,Mobile,'{NUMBER}\n".encode(), ana(phones=[NUMBER])
    ),
}


def facts_of(crm: Crm, contact: dict[str, Any]) -> dict[str, Any]:
    """A contact's facts, the present position's among them, and its picture itself."""
    position = next(iter(contact["positions"]), {"organisation": "", "title": ""})
    return {
        **contact,
        "organisation": position["organisation"],
        "title": position["title"],
        "pages": [profile["url"] for profile in contact["profiles"]],
        "labels": [label["label"] for label in contact["labels"]],
        "photo": crm.book.attachment(contact["photo"]) if contact["photo"] else None,
    }


@pytest.mark.parametrize("trap", [*CARDS.values(), *TABLES.values()], ids=[*CARDS, *TABLES])
def test_nothing_is_lost_and_what_was_mended_is_said(crm: Crm, tmp_path, trap: Trap):
    path = tmp_path / "people"
    path.write_bytes(trap.data)

    result = crm("import", str(path), "--json")

    assert result.code == (3 if trap.refused else 0), result.err
    assert [row["action"] for row in result.items].count("refused") == trap.refused
    told = "\n".join("\n".join([row["reason"], *row["repaired"], *row["left_out"]]) for row in result.items)
    assert trap.said in told
    people = {contact["name"]: facts_of(crm, contact) for contact in crm.ok("contact list --json").items}
    assert people.keys() == trap.people.keys()
    for name, wanted in trap.people.items():
        assert {fact: people[name][fact] for fact in wanted} == wanted
