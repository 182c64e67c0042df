"""The facts of a row into a person, whatever the layout that they come from.

What no field takes is kept with the contact as a line of a vCard: under the name that vCards have for it, else as
`X-CSV-` and its column's title. So nothing is dropped without a word, and it comes out again with all that is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from crm_core import (
    Candidate,
    Contact,
    InputError,
    Label,
    Position,
    Problem,
    Profile,
    clean_text,
    escaped_value,
    one_line,
    read_profile,
    unguard_cell,
    usual_label,
)
from crm_csv.days import birthday_of
from crm_csv.words import plain

LONGEST: Final = 2_000
LONGEST_NOTE: Final = 100_000
"""Characters of a cell that are taken over; longer ones are not meant for a person."""
EXCERPT: Final = 80

NAME: Final = ("prefix", "given", "middle", "family", "suffix")
ADDRESS: Final = ("pobox", "extended", "street", "city", "region", "postcode", "country")
"""The parts of an address in the order of RFC 2426 section 3.2.1."""
NOBODY: Final = "it names nobody"
BIRTH: Final = ("birth year", "birth month", "birth day")
IGNORED_TAGS: Final = frozenset({"mycontacts", "my contacts"})
NETWORKS: Final = {"google-talk": "xmpp", "jabber": "xmpp", "twitter": "x"}

_SCHEME: Final = re.compile(r"\A(?:<?(?:mailto|tel):|<)", re.IGNORECASE)
_NAMED: Final = re.compile(r"([^<>@]*)<([^<>\s]+@[^<>\s]+)")
_NO_EMAIL: Final = re.compile(r"\s|^/")
_NETWORK: Final = re.compile("[a-z0-9][a-z0-9-]{0,29}")
_NOT_IN_NAMES: Final = re.compile("[^A-Z0-9]+")
_IN_BRACKETS: Final = re.compile(r"\s*\([^()]*\)$")
_WITHOUT_BLANKS: Final = re.compile("[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
"""Chinese, Japanese and Korean names: the family name comes first, with no blank behind it."""


class Fact(NamedTuple):
    """One value out of a row.

    Args:
        field: What of a person it is; a fact of a field that nothing takes is kept.
        text: Itself.
        title: Of the column that it stands in.
        label: What it is for, or which network's; as the file has it.
        group: Which of several things it belongs to, such as the second address.
        property: What vCards call it, where it is kept and they have a name for it.
    """

    field: str
    text: str
    title: str
    label: str = ""
    group: str = ""
    property: str = ""


def person(
    facts: Iterable[Fact], line: int, repaired: tuple[str, ...] = (), nobody: str = NOBODY
) -> Candidate | Problem:
    """The person whom the facts of one row tell of.

    Args:
        facts: In the order of the columns; those without a text say nothing.
        line: Where the row begins.
        repaired: What was wrong with it.
        nobody: Why a row is refused that has neither a name nor anything that can stand for one.
    """
    cells = _Cells(facts)
    parts = {part: cells.one(part) for part in NAME}
    nickname, positions = cells.one("nickname"), _positions(cells)
    emails, phones = _emails(cells), _phones(cells)
    name = _name(cells, parts)
    others = {
        "nickname": nickname,
        "organisation": positions[0].organisation if positions else "",
        "name beside an address": _shown(cells),
        "e-mail address": next(iter(emails), ""),
        "phone number": next(iter(phones), ""),
    }
    if not name:
        source = next((source for source, text in others.items() if text), "")
        if not source:
            return Problem(line=line, reason=nobody, text=cells.excerpt)
        name, repaired = others[source], (*repaired, f"no name: named after the {source}")
    known = {nickname, f"{parts['given']} {parts['family']}", *(position.organisation for position in positions)}
    _drop_shown(cells, {name, *known, *emails})
    contact = Contact(
        name=name,
        given=parts["given"],
        family=parts["family"],
        nickname=nickname,
        positions=positions,
        emails=tuple(emails),
        phones=tuple(phones),
        profiles=_profiles(cells),
        address=_address(cells),
        birthday=_birthday(cells),
        how=cells.one("how"),
        tags=_tags(cells),
        note="\n\n".join(fact.text for fact in cells.all("note")),
        uid=cells.one("uid"),
        labels=tuple(Label(of=of, label=label) for of, label in (emails | phones).items() if label),
        kept=cells.kept(),
    )
    return Candidate(contact=contact, line=line, repaired=repaired, left_out=tuple(cells.left_out))


def property_of(title: str) -> str:
    """What a column is called where its cells are kept: `X-CSV-LEAD-SCORE` for `Lead score (%)`."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().upper().replace("'", "")
    return f"X-CSV-{_NOT_IN_NAMES.sub('-', letters).strip('-')[:EXCERPT] or 'COLUMN'}"


class _Cells:
    """A row's facts by field; what is asked for is taken, what is left in the end is kept."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._of: dict[str, list[tuple[int, Fact]]] = {}
        self.spare: list[Fact] = []
        self.lines: list[str] = []
        self.left_out: list[str] = []
        self.excerpt = ""
        for place, fact in enumerate(facts):
            text = unguard_cell(clean_text(fact.text).strip())
            if len(text) > (LONGEST_NOTE if fact.field == "note" else LONGEST):
                self.left_out.append(fact.title)
            elif text:
                self.excerpt = self.excerpt or one_line(text)[:EXCERPT]
                self._of.setdefault(fact.field, []).append((place, fact._replace(text=text)))

    def all(self, *fields: str) -> list[Fact]:
        """Take the facts of some fields, in the order of the columns."""
        found = [item for field in fields for item in self._of.pop(field, ())]
        return [fact for _, fact in (sorted(found) if len(fields) > 1 else found)]

    def look(self, field: str) -> list[Fact]:
        """The facts of a field, which stay."""
        return [fact for _, fact in self._of.get(field, ())]

    def one(self, field: str) -> str:
        """Take a field's fact, on one line; others that say something else are spare."""
        found = self.all(field)
        first = one_line(found[0].text) if found else ""
        self.spare += [fact for fact in found if one_line(fact.text) != first]
        return first

    def show(self, name: str, title: str) -> None:
        """Note what somebody is called beside an address."""
        if name:
            self._of.setdefault("shown", []).append((0, Fact("shown", name, title)))

    def kept(self) -> tuple[str, ...]:
        """The lines of what was not taken or is spare."""
        left = self.all(*self._of) + self.spare
        lines = [f"{fact.property or property_of(fact.title)}:{escaped_value(fact.text)}" for fact in left]
        return tuple(dict.fromkeys(self.lines + lines))


def _name(cells: _Cells, parts: Mapping[str, str]) -> str:
    """The name as the file has it, else made of its parts; what it leaves out of them is spare."""
    name = cells.one("name")
    if not name:
        return _spoken(parts)
    hidden = [part for part in ("prefix", "middle", "suffix") if parts[part] and parts[part] not in name]
    cells.spare += [Fact(part, parts[part], f"name {part}") for part in hidden]
    return name


def _spoken(parts: Mapping[str, str]) -> str:
    given, family = parts["given"], parts["family"]
    if _WITHOUT_BLANKS.fullmatch(given) and _WITHOUT_BLANKS.fullmatch(family):
        parts = {**parts, "given": "", "family": family + given}
    return " ".join(text for part in NAME if (text := parts[part]))


def _shown(cells: _Cells) -> str:
    """What somebody is called beside an address, where that is not an address itself."""
    return next(filter(None, (_without_address(fact.text) for fact in cells.look("shown"))), "")


def _drop_shown(cells: _Cells, known: set[str]) -> None:
    """Drop what a program shows for somebody, such as `Ana (ana@acme.example)`, if it says no more than we know."""
    folded = {text.casefold() for text in known}
    for fact in cells.all("shown"):
        if folded.isdisjoint((one_line(fact.text).casefold(), _without_address(fact.text).casefold())):
            cells.spare.append(fact)


def _without_address(shown: str) -> str:
    shown = _IN_BRACKETS.sub("", one_line(shown))
    return "" if "@" in shown else shown


def _positions(cells: _Cells) -> tuple[Position, ...]:
    """Organisations, each with the title of its group."""
    groups: dict[str, dict[str, str]] = {}
    for fact in cells.all("organisation", "title"):
        group = groups.setdefault(fact.group, {})
        if group.setdefault(fact.field, one_line(fact.text)) != one_line(fact.text):
            cells.spare.append(fact)
    return tuple(
        Position(organisation=group.get("organisation", ""), title=group.get("title", "")) for group in groups.values()
    )


def _emails(cells: _Cells) -> dict[str, str]:
    """E-mail addresses with what they are for, also of `Ana <ana@acme.example>`; what is none is spare (X.500)."""
    found: dict[str, str] = {}
    for fact in cells.all("email"):
        address = _SCHEME.sub("", one_line(fact.text), count=1).removesuffix(">")
        if named := _NAMED.fullmatch(address):
            address = named[2]
            cells.show(named[1].strip(' "'), fact.title)
        if "@" in address and not _NO_EMAIL.search(address):
            found.setdefault(address, usual_label(fact.label))
        else:
            cells.spare.append(fact)
    return found


def _phones(cells: _Cells) -> dict[str, str]:
    """Phone numbers with what they are for."""
    found: dict[str, str] = {}
    for fact in cells.all("phone"):
        found.setdefault(_SCHEME.sub("", one_line(fact.text), count=1), usual_label(fact.label))
    return found


def _profiles(cells: _Cells) -> tuple[Profile, ...]:
    """Web addresses and names in messengers; what is neither, or should not be opened, is spare."""
    found: dict[Profile, None] = {}
    for fact in cells.all("profile", "messenger"):
        profile = _messenger(fact) if fact.field == "messenger" else None
        try:
            found[profile or read_profile(one_line(fact.text))] = None
        except InputError:
            cells.spare.append(fact)
    return tuple(found)


def _messenger(fact: Fact) -> Profile | None:
    """A name in a messenger whose network is told."""
    network = plain(fact.label).replace(" ", "-")
    if not _NETWORK.fullmatch(network):
        return None
    return Profile(network=NETWORKS.get(network, network), handle=one_line(fact.text))


def _address(cells: _Cells) -> str:
    """The first address on one line; all are kept whole where that says more."""
    groups: dict[str, dict[str, Fact]] = {}
    for fact in cells.all("formatted", *ADDRESS, "street2", "street3"):
        group = groups.setdefault(fact.group, {})
        if group.setdefault(fact.field, fact).text != fact.text:
            cells.spare.append(fact)
    addresses = [(group, _parts_of_address(group)) for group in groups.values()]
    for group, parts in addresses:
        kind = usual_label(next(iter(group.values())).label).partition(",")[0]
        label = f";TYPE={kind}" if kind.isascii() and kind.isalpha() else ""
        if label or len(addresses) > 1 or sum(map(bool, parts)) > 1:
            cells.lines.append(f"ADR{label}:{';'.join(map(escaped_value, parts))}")
    return ", ".join(filter(None, addresses[0][1])) if addresses else ""


def _parts_of_address(group: Mapping[str, Fact]) -> list[str]:
    """The parts in their order, each on one line.

    An address as a whole stands for the street where there is none; of the other parts it may have some or none:
    Thunderbird calls the street alone `Home Address`.
    """
    texts = {field: ", ".join(filter(None, map(one_line, fact.text.split("\n")))) for field, fact in group.items()}
    whole = texts.pop("formatted", "")
    if whole and "street" not in texts:
        texts = {"street": whole, **{field: text for field, text in texts.items() if text not in whole}}
    texts["street"] = ", ".join(texts[field] for field in ("street", "street2", "street3") if texts.get(field))
    return [texts.get(field, "") for field in ADDRESS]


def _birthday(cells: _Cells) -> str:
    """A birthday, also one whose year, month and day stand in columns of their own."""
    year, month, day = (cells.one(part) for part in BIRTH)
    birthday = cells.one("birthday")
    return birthday or (birthday_of(f"{year or '-'}-{month:0>2}-{day:0>2}") if month and day else "")


def _tags(cells: _Cells) -> tuple[str, ...]:
    tags = dict.fromkeys(one_line(fact.text) for fact in cells.all("tag"))
    return tuple(tag for tag in tags if tag.casefold() not in IGNORED_TAGS)
