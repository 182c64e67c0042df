"""Fields that a card tells only nearly, said exactly beside it.

Reading makes text fit to be kept: blanks at its ends, control characters, overrides of direction are taken out, letters
are put in one form. A contact that holds such a text all the same must come back as it was. So a card that was written
is read, and what came out otherwise is written as JSON in a property of our own.

It holds as long as the rest of the card reads as it did then, of which `OF` is the checksum: what another program has
changed since counts.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from crm_core import Contact, escaped_value
from crm_vcard.content import unescape
from crm_vcard.own import EXACT
from crm_vcard.profiles import UNSAFE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm_vcard.content import Property

NOT_EXACT: Final = frozenset({"id", "introduced_by", "knows", "differs_from", "photo"})
"""Fields that are no texts: they name records and files of one book."""
CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
EXACT_FIELDS: Final = {
    field.name: field.type for field in msgspec.structs.fields(Contact) if field.name not in NOT_EXACT
}


def exact_line(field: str, wanted: Any, read: Any) -> str:
    """The line that says what a field holds, where the card alone reads as `read`."""
    told = json.dumps(msgspec.to_builtins(wanted), separators=(",", ":"))
    return f"{EXACT};FIELD={field};OF={_checksum(read)}:{escaped_value(told)}"


def with_exact(contact: Contact, entries: Iterable[Property]) -> Contact:
    """The contact with the fields that such lines say exactly, where they still hold."""
    told = {}
    for entry in entries:
        field = entry.head.values.get("FIELD", "").lower()
        if field in EXACT_FIELDS and entry.head.values.get("OF", "").lower() == _checksum(getattr(contact, field)):
            value = _exact(entry, field)
            if value is not None:
                told[field] = value
    return msgspec.structs.replace(contact, **told) if told else contact


def _exact(entry: Property, field: str) -> Any:
    """The field's value as the line has it; None if it can't be that or holds what a card must not bring in."""
    try:
        value = msgspec.json.decode(unescape(entry.value), type=EXACT_FIELDS[field])
    except (ValueError, RecursionError):
        return None
    if any(map(CONTROLS.search, _texts(msgspec.to_builtins(value)))):
        return None
    return None if field == "profiles" and any(UNSAFE.match(profile.url) for profile in value) else value


def _texts(value: Any) -> Iterator[str]:
    """All texts in plain JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _checksum(value: Any) -> str:
    return f"{zlib.crc32(msgspec.json.encode(value)):08x}"
