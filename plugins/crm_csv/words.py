"""What the titles of columns mean: the words that address books head theirs with, in several languages.

A title means a field of a person, sometimes with what it is for (a phone at work) or which of several it belongs to
(the street at home). What a table is told by as a whole is in the modules of the layouts.
"""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple


class Meaning(NamedTuple):
    """What the cells of a column are.

    Args:
        field: What of a person: a field of a contact or a part of one, such as `street`; `keep` what has no field,
            `skip` what says nothing.
        label: What an address or a number is for, a network's name, or the text that says nothing in this column.
        group: Which of several things it belongs to, such as the address at home.
        property: What vCards call it, where it is kept and they have a name for it.
    """

    field: str
    label: str = ""
    group: str = ""
    property: str = ""


KEEP: Final = Meaning("keep")
SKIP: Final = Meaning("skip")
DEPARTMENT: Final = Meaning("department", property="X-DEPARTMENT")
ANNIVERSARY: Final = Meaning("day", property="ANNIVERSARY")


def plain(title: str) -> str:
    """A title for looking up: lower case, without accents, each stretch of white space or `_` a single blank."""
    bare = unicodedata.normalize("NFKD", title.casefold()).replace("_", " ")
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split()).strip(" :*")


_PLACES: Final = {"business": "work", "work": "work", "home": "home", "other": "other"}
_PARTS: Final = {
    "address": "formatted",
    "address 2": "street2",
    "street": "street",
    "street 2": "street2",
    "street 3": "street3",
    "address po box": "pobox",
    "po box": "pobox",
    "city": "city",
    "state": "region",
    "region": "region",
    "postal code": "postcode",
    "zip": "postcode",
    "zipcode": "postcode",
    "zip code": "postcode",
    "country": "country",
    "country/region": "country",
}

_PHONES: Final = {
    "assistant's phone": "assistant",
    "business fax": "work, fax",
    "business phone": "work",
    "business phone 2": "work",
    "callback": "callback",
    "car phone": "car",
    "company main phone": "work, main",
    "fax number": "fax",
    "home fax": "home, fax",
    "home mobile": "home, cell",
    "home phone": "home",
    "home phone 2": "home",
    "isdn": "isdn",
    "mobile number": "cell",
    "mobile phone": "cell",
    "other fax": "other, fax",
    "other phone": "other",
    "pager": "pager",
    "pager number": "pager",
    "phone video": "video",
    "primary phone": "main",
    "radio phone": "radio",
    "telex": "telex",
    "tty/tdd phone": "textphone",
    "work phone": "work",
}

_TEXTS: Final = {
    "display name": "name",
    "title": "prefix",
    "first name": "given",
    "middle name": "middle",
    "last name": "family",
    "suffix": "suffix",
    "nickname": "nickname",
    "company": "organisation",
    "organization": "organisation",
    "job title": "title",
    "e-mail address": "email",
    "e-mail 2 address": "email",
    "e-mail 3 address": "email",
    "e-mail display name": "shown",
    "e-mail 2 display name": "shown",
    "e-mail 3 display name": "shown",
    "primary email": "email",
    "secondary email": "email",
    "email other": "email",
    "web page": "profile",
    "web page 1": "profile",
    "web page 2": "profile",
    "personal web page": "profile",
    "website blog": "profile",
    "website home page": "profile",
    "website other": "profile",
    "website profile": "profile",
    "website work": "profile",
    "birthday": "birthday",
    "birth year": "birth year",
    "birth month": "birth month",
    "birth day": "birth day",
    "categories": "tag",
    "notes": "note",
}

_KEPT: Final = (
    "account", "assistant's name", "billing information", "children", "company yomi", "custom 1", "custom 2",
    "custom 3", "custom 4", "directory server", "given yomi", "government id number", "hobby", "imaddress", "initials",
    "keywords", "language", "location", "maiden name", "manager's name", "mileage", "office location",
    "organizational id number", "profession", "referred by", "schools", "screen name", "spouse", "surname yomi",
    "user 1", "user 2", "user 3", "user 4",
)  # fmt: skip

_DEFAULTS: Final = {
    "gender": "unspecified",
    "internet free busy": "",
    "priority": "normal",
    "private": "false",
    "sensitivity": "normal",
}
"""Columns that nobody fills in, and what stands in them nevertheless."""

_NETWORKS: Final = {
    "im aim": "aim",
    "im icq": "icq",
    "im jabber": "xmpp",
    "im msn": "msn",
    "im skype": "skype",
    "im yahoo": "yahoo",
}

MAILERS: Final[dict[str, Meaning]] = {
    **{word: Meaning(field) for word, field in _TEXTS.items()},
    **{word: Meaning("phone", label) for word, label in _PHONES.items()},
    **{
        f"{place} {part}": Meaning(field, label, f"address {label}")
        for place, label in _PLACES.items()
        for part, field in _PARTS.items()
    },
    **{word: Meaning("messenger", network) for word, network in _NETWORKS.items()},
    **dict.fromkeys(_KEPT, KEEP),
    **{word: Meaning("usual", usual) for word, usual in _DEFAULTS.items()},
    "email home": Meaning("email", "home"),
    "email work": Meaning("email", "work"),
    "department": DEPARTMENT,
    "anniversary": ANNIVERSARY,
    **dict.fromkeys(("e-mail type", "e-mail 2 type", "e-mail 3 type"), SKIP),
}
"""The titles of Outlook (on a desktop, on the web, and as Google writes it), Thunderbird and Roundcube."""

FIRST_NAME: Final = frozenset({"first name", "vorname", "prenom", "nombre", "nome", "voornaam"})
LAST_NAME: Final = frozenset(
    {"last name", "nachname", "nom", "nom de famille", "apellidos", "apellido", "cognome", "sobrenome", "apelido",
     "achternaam"}
)  # fmt: skip
CONNECTED: Final = frozenset(
    {"connected on", "verbunden am", "connecte le", "date de connexion", "conectado el", "conectado em",
     "collegato il", "data di collegamento", "verbonden op"}
)  # fmt: skip
LINKEDIN: Final[dict[str, Meaning]] = {
    **dict.fromkeys(FIRST_NAME, Meaning("given")),
    **dict.fromkeys(LAST_NAME, Meaning("family")),
    **dict.fromkeys(CONNECTED, Meaning("day", property="X-LINKEDIN-CONNECTED-ON")),
    **dict.fromkeys(("url", "profil-url", "profile url"), Meaning("profile")),
    **dict.fromkeys(
        ("email address", "e-mail-adresse", "adresse e-mail", "correo electronico", "direccion de correo electronico",
         "indirizzo email", "indirizzo e-mail", "endereco de e-mail", "e-mailadres"),
        Meaning("email"),
    ),
    **dict.fromkeys(("company", "unternehmen", "entreprise", "empresa", "azienda", "bedrijf"), Meaning("organisation")),
    **dict.fromkeys(("position", "poste", "cargo", "posizione", "functie"), Meaning("title")),
}  # fmt: skip
"""The titles of LinkedIn's Connections.csv.

In English they are certain. The others are those that other programs which read that file look for (German, French,
Spanish, Italian, Portuguese, Dutch); LinkedIn seems to write English whatever the language of the account.
"""

_LIKELY: Final = {
    "name": "name, full name, fullname, contact, contact name, person, vollstandiger name, nom complet,"
    " nombre completo, nome completo, volledige naam, naam, kontakt",
    "given": "first, firstname, given, given name, forename, vornamen",
    "family": "last, lastname, family, family name, surname, zuname, familienname",
    "middle": "middle, middle names, additional name, weitere vornamen",
    "prefix": "prefix, name prefix, salutation, anrede, titel",
    "suffix": "name suffix",
    "nickname": "nick, spitzname, surnom, apodo",
    "organisation": "organisation, organization name, company name, employer, firma, arbeitgeber, societe, works at,"
    " current company, organizacion, organizzazione",
    "title": "title, role, job, job role, current position, function, funktion, beruf, stelle, fonction,"
    " intitule du poste, organization title, headline",
    "email": "email, mail, e-mail, emails, email 1, email 2, email 3, mail address, mailadresse, mails, courriel,"
    " correo, e-mail 1, e-mail 2, e-mail 3, e-mail 2: adresse, e-mail 3: adresse",
    "phone": "phone, phone number, phones, phone 1, phone 2, telephone, tel, tel., telefon, telefonnummer, telefono,"
    " telefone, telefoon, contact number, number, rufnummer",
    "phone:cell": "mobile, cell, cell phone, mobil, mobiltelefon, handy, portable, movil, cellulare, telemovel,"
    " celular, mobiel",
    "phone:work": "telefon geschaftlich, business, office phone, work",
    "phone:home": "telefon privat, private phone",
    "phone:fax": "fax, telefax",
    "profile": "linkedin, linkedin url, linkedin profile, profile, profil, website, websites, web, site, homepage,"
    " webseite, internet, link, github, twitter, x, mastodon, xing",
    "address": "address, adresse, anschrift, direccion, indirizzo, endereco, adres, postal address, mailing address",
    "street": "street, strasse, rue, calle",
    "city": "city, town, ort, stadt, ville, ciudad",
    "region": "state, region, bundesland",
    "postcode": "zip, zip code, postcode, postal code, plz, postleitzahl, code postal",
    "country": "country, land, pays, pais",
    "birthday": "date of birth, born, dob, bday, geburtstag, geburtsdatum, anniversaire, date de naissance,"
    " fecha de nacimiento, compleanno, data di nascita",
    "note": "note, comment, comments, remarks, notizen, notiz, bemerkung, bemerkungen, remarques, notas",
    "tag": "tag, tags, category, group, groups, labels, list, kategorien, gruppe, groupe",
    "how": "how, how known, how we met, met at, where met, where we met, source, connection, relationship",
    "department": "abteilung, service, dipartimento, departamento, afdeling",
    "uid": "uid, uuid, external id",
}


def _guesses() -> dict[str, Meaning]:
    found = {}
    for field, words in _LIKELY.items():
        name, _, label = field.partition(":")
        found.update(dict.fromkeys(words.split(", "), Meaning(name, label)))
    return found


GUESSES: Final[dict[str, Meaning]] = {**MAILERS, **LINKEDIN, **_guesses()}
"""What a title of any table is likely to mean; only ever offered, never taken for granted."""
