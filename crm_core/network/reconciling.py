"""A contact and a card that was written from it, after both may have been changed: whose word counts, field by field.

What has changed on one side only counts, even if it went there. In a list each item is looked at by itself. What has
changed on both sides, and differently, is a clash: nothing here knows who is right.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from crm_core.network.keys import (
    birthday_of,
    email_key,
    phone_key,
    position_key,
    profile_keys,
)
from crm_core.network.names import fold
from crm_core.records import Contact, Label, Position, Profile

T = TypeVar("T")


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A field that book and file have changed to different values.

    Args:
        field: Its name.
        book: What the book has now, in words.
        file: What the file has now, in words.
    """

    field: str
    book: str
    file: str


def reconciled(
    present: Contact, base: Contact, card: Contact, *, file_wins: bool = False
) -> tuple[Contact, tuple[Clash, ...]]:
    """The contact with what has changed in the file since it was written, and where that clashes with the book.

    UID, links to people and who differs are not looked at: a card names people by their UIDs.

    Args:
        present: As the book has them now.
        base: As the file had them when it was written.
        card: As the file has them now.
        file_wins: Whether a clash ends with what the file has; else with what the book has.
    """
    changes: dict[str, Any] = {}
    clashes: list[Clash] = []
    for field, merge in _FIELDS.items():
        here, was, there = (getattr(contact, field) for contact in (present, base, card))
        value = merge(here, was, there)
        if value is None:
            clashes.append(Clash(field=field, book=_in_words(here), file=_in_words(there)))
            value = there if file_wins else here
        changes[field] = value
    changes["positions"] = _at_companies(changes["positions"], present.positions)
    one = replace(present, **changes)
    labels, label_clashes = _labels(one, base, card, file_wins=file_wins)
    return replace(one, labels=labels), () if file_wins else (*clashes, *label_clashes)


def _text(here: str, was: str, there: str, key: Callable[[str], Hashable]) -> str | None:
    """What counts; None where both have changed it to different values."""
    if there == was or key(here) == key(there):
        return here
    return there if key(here) == key(was) else None


def _list(
    here: Sequence[T], was: Sequence[T], there: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[T, ...] | None:
    """The items that count; None where both have put others into the place of some."""
    # Each counts once: a card may have a line twice.
    now, before, then = (list(dict.fromkeys(map(key, items))) for items in (here, was, there))
    if there == was or now == then:
        return tuple(here)
    went, came = set(before) - set(then), set(then) - set(before)
    gone, new = set(before) - set(now), set(now) - set(before)
    if went and gone and came - new and new - came:
        return None
    items = {key(item): item for item in reversed((*here, *there))}  # as it is written here, where it is
    if now == before:
        return tuple(items[item] for item in then)
    kept = [item for item in now if item not in went]
    return tuple(items[item] for item in dict.fromkeys([*kept, *(item for item in then if item in came)]))


def _at_companies(positions: Iterable[Position], present: Sequence[Position]) -> tuple[Position, ...]:
    """The positions, new ones with the companies that the book knows their organisations to be."""
    known = {position_key(position)[0]: position.company for position in present if position.company}
    return tuple(p if p in present else replace(p, company=known.get(position_key(p)[0])) for p in positions)


def _labels(
    one: Contact, base: Contact, card: Contact, *, file_wins: bool
) -> tuple[tuple[Label, ...], tuple[Clash, ...]]:
    """What the addresses and numbers that are left are for, and where that clashes."""
    here, was, there = (_said(contact) for contact in (one, base, card))
    labels: list[Label] = []
    clashes: list[Clash] = []
    for text in (*one.emails, *one.phones):
        in_book, before, in_file = (said.get(_label_key(text), "") for said in (here, was, there))
        label = _text(in_book, before, in_file, fold)
        if label is None:
            clashes.append(Clash(field="labels", book=f"{text}: {in_book}", file=f"{text}: {in_file}"))
            label = in_file if file_wins else in_book
        if label:
            labels.append(Label(of=text, label=label))
    return tuple(labels), tuple(clashes)


def _label_key(text: str) -> str:
    return email_key(text) if "@" in text else phone_key(text)


def _said(contact: Contact) -> dict[str, str]:
    return {_label_key(label.of): label.label for label in contact.labels}


def _in_words(value: str | Sequence[Any]) -> str:
    if isinstance(value, str):
        return value
    return "; ".join(item if isinstance(item, str) else _facts(item) for item in value)


def _facts(item: msgspec.Struct) -> str:
    """What a structured value says, without its names for it."""
    values = (getattr(item, field) for field in item.__struct_fields__)
    return ", ".join("former" if value is True else str(value) for value in values if value)


def _same_text(text: str) -> str:
    return " ".join(text.split())


def _position(position: Position) -> Hashable:
    # A card can't say which company it is.
    return (*position_key(position), position.since, position.until, position.former)


def _profile(profile: Profile) -> Hashable:
    return tuple(profile_keys(profile)) or profile


_FIELDS: Final[dict[str, Callable[[Any, Any, Any], Any]]] = {
    **dict.fromkeys(("name", "given", "family", "nickname", "address", "how", "note"), partial(_text, key=_same_text)),
    "birthday": partial(_text, key=birthday_of),
    "photo": partial(_text, key=str),
    "positions": partial(_list, key=_position),
    "emails": partial(_list, key=email_key),
    "phones": partial(_list, key=phone_key),
    "profiles": partial(_list, key=_profile),
    "tags": partial(_list, key=fold),
    "kept": partial(_list, key=str),
}
"""What is compared, and how; the labels hang on the addresses and numbers, and come last."""
