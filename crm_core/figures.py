"""Figures of a job search: how many, out of how many, how long; made by plugins, shown by `crm stats`.

What is counted is the business of who owns the subject. Nothing here counts, prints or draws.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Final, Self

import msgspec

FEW: Final = 10
"""Out of fewer no rate is told: one more or less would move it by more than a tenth."""

MOST: Final = 2**53
"""More can't be told exactly by every reader of JSON."""

NO_TEXTS: Final = (bytes, bytearray, date, datetime)
"""What msgspec would make a text of."""

Whole = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=MOST)]


class Count(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="count"):
    """How many there are.

    Args:
        label: Of what: `interviewing`.
        value: How many.
        of: Out of how many, where they are a part of something.
        target: How many there should be, where there is a number to reach.
        unit: What they are, in the singular, where the label does not say so: `week`.
        note: What else is to be said of it, in a few words: `paused`.
    """

    label: str
    value: Whole
    of: Whole | None = None
    target: Whole | None = None
    unit: str = ""
    note: str = ""

    @property
    def rate(self) -> float | None:
        """The part that they are, from 0 to 1; None where they are no part, or of too few for a rate to say much."""
        return self.value / self.of if self.of is not None and self.of >= FEW else None


class Spread(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="spread"):
    """How long something takes, or how much of something there is: the middle and both ends of several amounts.

    Args:
        label: What is measured: `application to answer`.
        median: Half of the amounts are no more than that, half no less.
        low: The lowest.
        high: The highest.
        n: How many amounts there are.
        unit: Of the amounts, in the singular: `day`.
        note: What else is to be said of it, in a few words.
    """

    label: str
    median: Amount
    low: Amount
    high: Amount
    n: Annotated[int, msgspec.Meta(ge=1, le=MOST)]
    unit: str = ""
    note: str = ""

    @classmethod
    def over(cls, label: str, amounts: Iterable[float], *, unit: str = "", note: str = "") -> Self:
        """The spread of those amounts, of which there must be one.

        Raises:
            ValueError: There is none.
        """
        from statistics import median

        known = sorted(amounts)
        if not known:
            raise ValueError(f"{label}: no amounts")
        return cls(label=label, median=median(known), low=known[0], high=known[-1], n=len(known), unit=unit, note=note)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One subject, shown as a chart with a row each.

    Args:
        title: The subject: `Applications a week`.
        rows: From top to bottom.
        about: What was counted and how, in a sentence or two.
        place: Where it stands among others: those of low numbers come first. Our own plugins' are from 10 to 60.
    """

    title: str
    rows: tuple[Count | Spread, ...]
    about: str = ""
    place: int = 100


def checked(figure: Figure) -> Figure:
    """The figure, made of plain values of the right types.

    Raises:
        msgspec.ValidationError: A value is not usable, or more than there can be.
    """
    plain = msgspec.convert(msgspec.to_builtins(figure, enc_hook=_plain, builtin_types=NO_TEXTS), Figure)
    for row in plain.rows:
        if isinstance(row, Count) and row.of is not None and row.value > row.of:
            raise msgspec.ValidationError(f"{row.label!r}: {row.value} of {row.of}")
        if isinstance(row, Spread) and not row.low <= row.median <= row.high:
            raise msgspec.ValidationError(f"{row.label!r}: {row.median} is not from {row.low} to {row.high}")
    return plain


def _plain(value: object) -> str:
    """What msgspec has no rule for: a reference is a `str` of its own type."""
    if isinstance(value, str):
        return str(value)
    raise msgspec.ValidationError(f"expected a text or a number, got {type(value).__name__}")
