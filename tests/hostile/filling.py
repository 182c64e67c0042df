"""Books full of hostile texts: records of every kind that the core and the plugins declare, every text field filled.

Fields are found by their types, so that a new field or a new kind of record is filled without a word here.
"""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from crm_core.book import Book
from crm_core.dates import Moment
from crm_core.records import Record, Ref

CODES: Final = {
    "channel": "email",
    "emails": "mara@example.com",
    "family": "thanks",
    "feed": "https://news.example/feed",
    "feeds": "https://news.example/feed",
    "kind": "thank-you",
    "network": "linkedin",
    "url": "https://www.linkedin.com/in/mara",
}
"""What the program itself writes into some fields of text; where it is not so, many commands have nothing to show."""


class Filler:
    """Makes structures with one text in every field that holds text.

    Args:
        text: The text.
        number: Of choices it takes the one of that number; dates of every other pair of numbers lie ahead.
        known: Ids that references can refer to, by type: tuples take the last two, others the last.
        codes: Texts for some fields, by name.
    """

    def __init__(self, text: str, number: int, known: Mapping[type, list[str]], codes: Mapping[str, str]) -> None:
        self._text = text
        self._number = number
        self._known = known
        self._codes = codes
        self._moment = datetime(2026, 11, 23, 15) + timedelta(days=1 if number % 4 >= 2 else -1)  # noqa: DTZ001

    def filled(self, kind: type[msgspec.Struct], back: int = 1) -> Any:
        """A structure of that type; its references are to the last record known, or one further `back`."""
        hints = get_type_hints(kind, include_extras=True)
        names = [name for name in kind.__struct_fields__ if not (name == "id" and issubclass(kind, Record))]
        return kind(**{name: self._value(hints[name], name, back) for name in names})

    def _value(self, hint: Any, name: str, back: int) -> Any:
        origin, members = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._value(members[0], name, back)
        if origin is Ref:
            found = self._known.get(members[0], [])
            return Ref(found[-back]) if len(found) >= back else None
        if origin is Literal:
            return members[self._number % len(members)]
        if origin in {Union, types.UnionType}:
            return self._value(next(one for one in reversed(members) if one is not types.NoneType), name, back)
        if origin is tuple:
            return self._several(members[0], name)
        return self._plain(hint, name, back)

    def _several(self, hint: Any, name: str) -> tuple[Any, ...]:
        found = [value for back in (1, 2) if (value := self._value(hint, name, back)) is not None]
        return tuple(dict.fromkeys(value for value in found if getattr(value, "contact", "") is not None))

    def _plain(self, hint: type, name: str, back: int) -> Any:
        if hint is Moment:
            return Moment(self._moment, "Europe/Berlin")
        if hint is date:
            return self._moment.date()
        if hint is str:
            return self._codes.get(name, self._text)
        return self.filled(hint, back) if issubclass(hint, msgspec.Struct) else hint(1)


def fill(book: Book, texts: Iterable[str], codes: Mapping[str, str] = CODES) -> None:
    """Add two records of every kind for each text: one with it in every field of text, one with codes in some."""
    known: dict[type, list[str]] = defaultdict(list)
    for number, (text, those) in enumerate((text, those) for text in texts for those in ({}, codes)):
        with book.change("filled"):
            for kind in book.kinds:
                record = Filler(text, number, known, those).filled(kind.type)
                known[kind.type].append(book.table(kind.type).add(record).id)
