"""`CRM_TRACE_PLUGINS`: a hook call in one line, with what it was asked and what it answered, short.

Values are named, not shown: they are other people's data, may be long, and their `repr` may be a plugin's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import perf_counter
from typing import Any, Final, TypeVar

from crm_core.host.plugin import said

T = TypeVar("T")

FEW: Final = 3
LONGEST: Final = 40  # characters of one value
_NAMED_BY: Final = ("id", "key", "name", "kind", "table", "number")


def traced(call: Callable[[], T], what: str, arguments: Mapping[str, Any], tell: Callable[[str], None]) -> T:
    """Make a call, and tell of it once it came back: what it was given and answered, and how long it took.

    Args:
        call: What to do.
        what: The plugin and the hook.
        arguments: What the hook is given.
        tell: Told `crm_quota: crm_steps(book, since=2026-11-23T12:00) -> 1: Step apply; 0.31 ms`.

    Raises:
        BaseException: Whatever the call raises.
    """
    said_before = f"{what}({', '.join(_argument(name, value) for name, value in arguments.items())})"
    began = perf_counter()
    try:
        answer = call()
    except BaseException as error:
        tell(f"{said_before} raised {said(error)}; {_time(began)}")
        raise
    tell(f"{said_before} -> {_in_short(answer)}; {_time(began)}")
    return answer


def _argument(name: str, value: Any) -> str:
    return name if name == "book" else f"{name}={_in_short(value)}"


def _time(began: float) -> str:
    return f"{(perf_counter() - began) * 1000:.2f} ms"


def _in_short(value: Any) -> str:
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return _several(value)
    try:
        return _one(value)
    except Exception:  # noqa: BLE001 (it may be of a plugin's own making)
        return type(value).__name__


def _several(values: Sequence[Any]) -> str:
    if not values:
        return "nothing"
    named = ", ".join(_in_short(value) for value in values[:FEW])
    return f"{len(values)}: {named}{', ...' if len(values) > FEW else ''}"


def _one(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, type):
        return value.__name__
    if value is None or isinstance(value, (bool, int, str)):
        return repr(value)[:LONGEST]
    name = next((text for field in _NAMED_BY if (text := getattr(value, field, None))), "")
    return f"{type(value).__name__} {name!s:.{LONGEST}}".rstrip()
