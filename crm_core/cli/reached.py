"""E-mail addresses and phone numbers with what they are for, as they are typed and shown: `+49 30 5550123 (work)`.

What the words mean is in `labels.py`, which the record keeps is in `records.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from crm_core.cli.values import Checked, read_email
from crm_core.labels import usual_label
from crm_core.records import Contact, Label

_LABELLED: Final = re.compile(r"(.*?\S)\s*\(((?:[^()]|\([^()]*\))*)\)", re.DOTALL)
_FIELDS: Final = ("emails", "phones")


class Reached(NamedTuple):
    """An address or a number as it was typed, and what it is for: empty for nothing, None where nothing is said."""

    text: str
    label: str | None


def read_reached(text: str) -> Reached:
    """A text, and what stands in brackets after it.

    Brackets with digits alone belong to a number, such as `030 5550123 (4)`; empty ones take away what was said.
    """
    found = _LABELLED.fullmatch(text)
    label = found[2].strip() if found is not None else ""
    if found is None or (label and not any(character.isalpha() for character in label)):
        return Reached(text, None)
    return Reached(found[1], usual_label(label))


def read_labelled_email(text: str) -> Reached:
    """An e-mail address with what it is for.

    Raises:
        InputError: It can't be one.
    """
    typed = read_reached(text)
    return typed._replace(text=read_email(typed.text))


LABELLED_EMAIL: Final[Checked[Reached]] = Checked("e-mail", read_labelled_email)
LABELLED_PHONE: Final[Checked[Reached]] = Checked("phone", read_reached)


def with_labels(contact: Contact, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of a contact with what was typed in their `emails` and `phones` as texts, and as `labels`.

    What nothing was said of stays labelled as it is.
    """
    typed = {field: changes[field] for field in _FIELDS if field in changes}
    if not typed:
        return dict(changes)
    said = {label.of: label.label for label in reversed(contact.labels)}
    said |= {one.text: one.label for several in typed.values() for one in several if one.label is not None}
    texts = {field: tuple(dict.fromkeys(one.text for one in several)) for field, several in typed.items()}
    reached = replace(contact, **texts)
    labels = [Label(of=text, label=said[text]) for text in (*reached.emails, *reached.phones) if said.get(text)]
    return {**changes, **texts, "labels": tuple(dict.fromkeys(labels))}


def say_reached(contact: Contact, texts: tuple[str, ...]) -> Iterator[str]:
    """Addresses or numbers of a contact, each with what it is for."""
    for text in texts:
        label = contact.label_of(text)
        yield f"{text} ({label})" if label else text
