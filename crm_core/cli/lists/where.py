"""`--where`: conditions on a record's fields, such as `company=Acme`, by which commands choose many at once.

A condition is a field, an operator and a value: `=` for what is equal, `!=` for what is not, `~` for what has all words
of the value in it. Case and accents do not matter. Nothing after the operator stands for a field that is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeVar

from crm_core.errors import InputError, UnknownName
from crm_core.network import fold
from crm_core.search import mentions

T = TypeVar("T")
Values: TypeAlias = Callable[[T], Iterable[str]]
"""From a record to what a field of it holds; one that holds several things holds each."""

_CONDITION: Final = re.compile(r"\s*([^=!~]*?)\s*(!=|=|~)\s*(.*?)\s*", re.DOTALL)
EXAMPLES: Final = "Conditions are written company=Acme, tag!=mentor, title~engineer; email= is true of who has none."


class Condition(NamedTuple):
    """One condition."""

    field: str
    operator: str
    value: str

    def holds(self, values: Iterable[str]) -> bool:
        """Whether it is true of what the field holds."""
        known = [value for value in values if value.strip()]
        if self.operator == "~":
            return any(mentions(value, self.value) for value in known)
        wanted = fold(self.value)
        equal = any(fold(value) == wanted for value in known) if wanted else not known
        return equal == (self.operator == "=")


def read_condition(text: str, fields: Iterable[str]) -> Condition:
    """A condition as it was typed.

    Raises:
        UnknownName: There is no such field.
        InputError: It is no condition.
    """
    found = _CONDITION.fullmatch(text)
    if found is None or not found[1] or (found[2] == "~" and not fold(found[3])):
        raise InputError(f"{text[:60]!r} is no condition", EXAMPLES)
    field = found[1].casefold()
    if field not in fields:
        raise UnknownName(f"There is no field {found[1][:60]!r} to choose by", f"There are: {', '.join(fields)}.")
    return Condition(field, found[2], found[3])


def choosing(texts: Sequence[str], fields: Mapping[str, Values[T]]) -> Callable[[T], bool]:
    """Whether all conditions are true of a record.

    Args:
        texts: The conditions as they were typed.
        fields: What can be chosen by, and how it is read.

    Raises:
        InputError: One is not usable.
    """
    conditions = [read_condition(text, fields) for text in texts]
    return lambda record: all(condition.holds(fields[condition.field](record)) for condition in conditions)
