"""Which versions of the core a distribution declares to need, and whether this one is older.

Read from `METADATA` (the core metadata specification, PyPA): pip holds distributions to it, but not for ever; the core
may be taken back to an older version afterwards, or a plugin installed with `--no-deps`.
"""

from __future__ import annotations

import re
from typing import Final

_HEAD: Final = 65_536  # bytes that are read; the description, which follows, may be longer
_REQUIRES: Final = re.compile(
    rb"^Requires-Dist:[ \t]*crm[-_.]core(?![-_.\w])[ \t]*(?:\[[^]\n]*\])?([^;\n]*)(;.*)?$",
    re.IGNORECASE | re.MULTILINE,
)
_RELEASE: Final = re.compile(r"\d{1,9}(?:\.\d{1,9})*")
_LOWEST: Final = re.compile(rf"(===?|~=|>=|>)\s*v?({_RELEASE.pattern})")


def required(path: str) -> str:
    """The version specifiers (PEP 440) of the core in that file, such as `>=0.2,<1`; those of extras left out."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (speed)
            text = file.read(_HEAD).replace(b"\r\n", b"\n")
    except OSError:
        return ""
    head, _, _ = text.partition(b"\n\n")  # the description may quote such lines
    found = [needed.strip(b" \t()") for needed, marker in _REQUIRES.findall(head) if b"extra" not in marker]
    return b",".join(found).decode("ascii", "replace")


def too_old(version: str, requires: str) -> bool:
    """Whether a version of the core is older than those specifiers ask for.

    Only lower bounds count, and of versions only the numbers: what a plugin needs of a newer core can't be there,
    while one that was never tried with a core as new as this one may well work.
    """
    present = _numbers(version)
    return any(
        present < _numbers(lowest) or (operator == ">" and present == _numbers(lowest))
        for operator, lowest in _LOWEST.findall(requires)
    )


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with, zeros at their end left out: 0.2 is 0.2.0."""
    release = _RELEASE.match(version)
    numbers = [int(number) for number in release[0].split(".")] if release else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
