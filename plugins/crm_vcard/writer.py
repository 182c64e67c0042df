"""A contact into a card of version 3.0 (RFC 2426) or 4.0 (RFC 6350).

Each field is written in the property that other programs know it by; what vCard has no property for is written in ones
of our own (`own.py`), and what the whole card would not tell exactly, exactly beside it (`exact.py`). So a card that is
read again gives the contact that it was written from. There is no REV: the same contact is always the same bytes.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import replace

from crm_core import USUAL_LABELS, clean_text, escaped_value, folded_line, one_line
from crm_vcard import own
from crm_vcard.content import content_of
from crm_vcard.exact import EXACT_FIELDS, exact_line
from crm_vcard.facts import DATE, YEARLESS
from crm_vcard.fields import LONGEST, is_too_long, person, sorted_out
from crm_vcard.kept import Standing, link_of
from crm_vcard.photos import photo_line
from crm_vcard.positions import own_line
from crm_vcard.profiles import profile_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_core import Book, Contact, Export, Exporter, Position, Ref

OLD: Final = "3.0"
NEW: Final = "4.0"
VERSIONS: Final = (OLD, NEW)
URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
NOBODY: Final = "?"
LONGEST_NAME: Final = LONGEST // 2
"""Characters; escaped they may be twice as many."""
NO_YEAR: Final = "1604"
"""The year that Apple's programs write where none is known, with a parameter that says so."""
USUAL: Final = frozenset(USUAL_LABELS)


class Sheet(NamedTuple):
    """All that goes on one card.

    Args:
        contact: The person.
        uid: What other programs know them by.
        photo: Their picture; may be empty.
        introduced_by: The UID of who introduced them; may be empty.
        knows: The UIDs of whom they know.
    """

    contact: Contact
    uid: str
    photo: bytes = b""
    introduced_by: str = ""
    knows: tuple[str, ...] = ()


def exporter() -> Exporter:
    """The format `vcard` of `crm export`."""
    import click

    from crm_core import Exporter

    about = "3.0, which all programs read, or 4.0."
    return Exporter(
        name="vcard",
        label="People as vCards",
        suffix=".vcf",
        people=True,
        write=write_cards,
        options=(click.Option(["--version"], type=click.Choice(VERSIONS), default=OLD, show_default=True, help=about),),
        help="Imported again, the file changes nothing; with another program's changes in it, it brings those.",
    )


def write_cards(export: Export) -> Iterator[bytes]:
    """A card for each of the people, in their order."""
    version = export.options.get("version") or OLD
    return (card_of(sheet_of(export.book, contact), version) for contact in export.contacts)


def sheet_of(book: Book, contact: Contact) -> Sheet:
    """What goes on the card of a contact in the book.

    People whom a card named and nobody knows yet are among the kept lines; they come out as they came in.
    """
    introducers, knows = _uids(book, [contact.introduced_by]), _uids(book, contact.knows)
    links = {text: link for text in contact.kept if (link := link_of(text)) is not None}
    introducers += [uid for name, uid in links.values() if name == own.INTRODUCED_BY]
    knows += [uid for name, uid in links.values() if name == own.KNOWS]
    return Sheet(
        replace(contact, kept=tuple(text for text in contact.kept if text not in links)) if links else contact,
        uid=book.uid(contact),
        photo=(book.attachment(contact.photo) if contact.photo else None) or b"",
        introduced_by=introducers[0] if introducers else "",
        knows=tuple(dict.fromkeys(knows)),
    )


def _uids(book: Book, refs: Iterable[Ref[Contact] | None]) -> list[str]:
    people = (book.contacts.find(ref) for ref in refs if ref is not None)
    return [book.uid(person) for person in people if person is not None]


def card_of(sheet: Sheet, version: str = OLD) -> bytes:
    """The card, with folded lines that end with CR LF."""
    lines = _Writing(sheet, version).lines()
    return b"".join(folded_line(line) for line in ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"))


class _Writing:
    """One card while it is written."""

    def __init__(self, sheet: Sheet, version: str) -> None:
        self._sheet = sheet
        self._contact = sheet.contact
        self._version = version
        self._standing = Standing(sheet.contact.kept)
        self._groups = (name for number in count(1) if (name := f"crm{number}") not in self._standing.groups)

    def lines(self) -> list[str]:
        """The card's lines between VERSION and END, unfolded."""
        fields = _fitting([self._uid(), *self._names(), *self._positions(), *self._reached(), *self._rest()])
        others = [entry.kept for entry in self._standing.others()]
        ours = _fitting(self._own())
        photo = [photo_line(self._sheet.photo, self._version)] if self._sheet.photo else []
        return [*fields, *photo, *others, *ours, *self._exact([*fields, *others, *ours])]

    def _line(self, field: str, says: object, line: str) -> str:
        """The kept line that says just that, else this one."""
        kept = self._standing.line_for(field, says)
        return kept.kept if kept is not None else line

    def _uid(self) -> str:
        uid = one_line(self._sheet.uid)
        is_text = self._version == NEW and not URI.match(uid)
        return f"UID{';VALUE=text' if is_text else ''}:{escaped_value(uid)}"

    def _names(self) -> Iterator[str]:
        contact = self._contact
        organisations = (position.organisation for position in contact.positions)
        name = next(filter(None, map(one_line, (contact.name, *contact.emails, *organisations))), NOBODY)[:LONGEST_NAME]
        family, given = one_line(contact.family), one_line(contact.given)
        yield self._line("FN", name, f"FN:{escaped_value(name)}")
        whole = f"N;{own.MARK}={own.WHOLE}:;{escaped_value(name)};;;"
        parts = f"N:{escaped_value(family)};{escaped_value(given)};;;"
        yield self._line("N", (family, given), parts if family or given else whole)
        nicknames = [name for part in contact.nickname.split(", ") if (name := one_line(part))]
        if nicknames:
            yield self._line("NICKNAME", ", ".join(nicknames), f"NICKNAME:{','.join(map(escaped_value, nicknames))}")

    def _positions(self) -> Iterator[str]:
        """ORG and TITLE of the present ones, in one group each where there are several, and ours for what is more."""
        positions = [
            replace(position, organisation=one_line(position.organisation), title=one_line(position.title))
            for position in self._contact.positions
        ]
        present = [position for position in positions if position.current]
        told = [position for position in present if position.organisation] or present[:1]
        for position in positions:
            if position in told:
                yield from self._position(position, next(self._groups) if len(told) > 1 else "")
            if position.since or position not in told:
                yield own_line(position)

    def _position(self, position: Position, group: str) -> Iterator[str]:
        if position.organisation:
            kept = self._standing.line_for("ORG", position.organisation)
            group = kept.head.group if kept is not None else group
            yield kept.kept if kept is not None else _grouped(group, f"ORG:{escaped_value(position.organisation)}")
        if position.title:
            yield self._line("TITLE", position.title, _grouped(group, f"TITLE:{escaped_value(position.title)}"))

    def _reached(self) -> Iterator[str]:
        """Addresses and numbers with what they are for: the usual words as types, others as a label of their group."""
        for field, texts in (("EMAIL", self._contact.emails), ("TEL", self._contact.phones)):
            for text, words in zip(texts, map(one_line, texts), strict=True):
                label = one_line(self._contact.label_of(text))
                kept = self._standing.line_for(field, (words, label)) if words else None
                if kept is not None:
                    yield kept.kept
                elif words:
                    yield from self._labelled(field, escaped_value(words), label)

    def _labelled(self, field: str, value: str, label: str) -> Iterator[str]:
        types = label.split(", ") if label else []
        if USUAL.issuperset(types):
            yield f"{field}{''.join(f';TYPE={word.upper()}' for word in types)}:{value}"
        else:
            group = next(self._groups)
            yield _grouped(group, f"{field}:{value}")
            yield _grouped(group, f"X-ABLabel:{escaped_value(label)}")

    def _rest(self) -> Iterator[str]:
        contact = self._contact
        for profile in contact.profiles:
            yield self._line("PROFILE", profile, profile_line(profile, new=self._version == NEW))
        if contact.address.strip():
            address = escaped_value(clean_text(contact.address))
            yield self._line("ADR", contact.address, f"ADR:;;{address};;;;")
        if birthday := one_line(contact.birthday):
            yield self._line("BDAY", birthday, self._birthday(birthday))
        tags = tuple(filter(None, map(one_line, contact.tags)))
        if tags:
            yield self._line("CATEGORIES", tags, f"CATEGORIES:{','.join(map(escaped_value, tags))}")
        if contact.note.strip():
            yield self._line("NOTE", contact.note, f"NOTE:{escaped_value(clean_text(contact.note))}")

    def _birthday(self, text: str) -> str:
        if found := YEARLESS.fullmatch(text):
            if self._version == NEW:
                return f"BDAY:--{found[1]}{found[2]}"
            return f"BDAY;X-APPLE-OMIT-YEAR={NO_YEAR}:{NO_YEAR}-{found[1]}-{found[2]}"
        if DATE.fullmatch(text):
            return f"BDAY:{text.replace('-', '') if self._version == NEW else text}"
        return f"BDAY;VALUE=text:{escaped_value(text)}"

    def _own(self) -> Iterator[str]:
        if self._contact.how.strip():
            yield f"{own.HOW}:{escaped_value(clean_text(self._contact.how))}"
        if self._sheet.introduced_by:
            yield self._link(own.INTRODUCED_BY, self._sheet.introduced_by)
        for uid in self._sheet.knows:
            yield self._link(own.KNOWS, uid)

    def _link(self, name: str, uid: str) -> str:
        """Somebody else by their UID; version 4.0 has a property for that, which other programs know."""
        uid = one_line(uid)  # as it stands in their own card
        if self._version == OLD:
            return f"{name}:{escaped_value(uid)}"
        kind = "contact" if name == own.INTRODUCED_BY else "acquaintance"
        mark = name.removeprefix(f"{own.MARK}-")
        return f"RELATED;TYPE={kind};{own.MARK}={mark}{'' if URI.match(uid) else ';VALUE=text'}:{escaped_value(uid)}"

    def _exact(self, lines: list[str]) -> Iterator[str]:
        """What these lines alone would not tell exactly."""
        numbered = list(enumerate((line.encode(errors="replace") for line in lines), 1))
        read = person(sorted_out(content_of(numbered).properties))
        assert read is not None  # noqa: S101 (the card has a name)
        for field in EXACT_FIELDS:
            told, wanted = getattr(read.contact, field), self._wanted(field)
            if told != wanted and not (field == "kept" and set(told) == set(wanted)):
                yield exact_line(field, wanted, told)

    def _wanted(self, field: str) -> Any:
        """What a field of the contact must be when the card is read again, in any book."""
        if field == "positions":
            return tuple(replace(position, company=None) for position in self._contact.positions)
        if field == "kept":
            return tuple(line for line in self._contact.kept if line not in self._standing.dropped)
        return self._sheet.uid if field == "uid" else getattr(self._contact, field)


def _fitting(lines: Iterable[str]) -> list[str]:
    """Without those that are too long to be read: what they say will be said exactly."""
    return [line for line in lines if len(line) <= LONGEST or not is_too_long(*_name_and_value(line))]


def _name_and_value(line: str) -> tuple[str, str]:
    head, _, value = line.partition(":")
    return head.partition(";")[0].rpartition(".")[2], value


def _grouped(group: str, line: str) -> str:
    return f"{group}.{line}" if group else line
