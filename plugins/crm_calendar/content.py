"""iCalendar's content lines (RFC 5545 section 3.1): texts escaped, lines folded, a file taken apart and put together.

A component is its unfolded lines from BEGIN to END, those of components inside it included. What the lines say is none
of this module's business, but for the name before the first `;` or `:`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from crm_core import clean_text, escaped_value, folded_line

Component: TypeAlias = tuple[str, ...]


class Damaged(Exception):
    """What was to be a calendar is cut, or never was one."""


def text(value: str) -> str:
    """A text as the value of a property (section 3.3.11), without characters that none may hold."""
    return escaped_value(clean_text(value))


def component(name: str, lines: Iterable[str]) -> Component:
    """A component of these lines."""
    return (f"BEGIN:{name}", *lines, f"END:{name}")


def name_of(line: str) -> str:
    """A property's name, in capitals."""
    return line.partition(":")[0].partition(";")[0].upper()


def value_of(lines: Component, name: str) -> str:
    """The value of a component's own property, as it stands there; empty if it has none."""
    return next((line.partition(":")[2] for line in own_lines(lines) if name_of(line) == name), "")


def own_lines(lines: Component) -> Iterator[str]:
    """A component's own properties, not those of components inside it."""
    depth = 0
    for line in lines:
        name = name_of(line)
        depth += name == "BEGIN"
        if depth == 1 and name not in {"BEGIN", "END"}:
            yield line
        depth -= name == "END"


def folded(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines as bytes, as a file holds them."""
    return map(folded_line, lines)


def taken_apart(data: bytes) -> tuple[list[str], list[Component]]:
    """A calendar's own properties and its components.

    Args:
        data: A whole file with one calendar in it.

    Raises:
        Damaged: It is none, or not whole.
    """
    lines = _unfolded(data)
    if lines[:1] != ["BEGIN:VCALENDAR"] or lines[-1:] != ["END:VCALENDAR"]:
        raise Damaged
    properties: list[str] = []
    components: list[Component] = []
    open_: list[str] = []
    part: list[str] = []
    for line in lines[1:-1]:
        if line.startswith("BEGIN:"):
            open_.append(line.removeprefix("BEGIN:"))
        (part if open_ else properties).append(line)
        if line.startswith("END:") and (not open_ or open_.pop() != line.removeprefix("END:")):
            raise Damaged
        if part and not open_:
            components.append(tuple(part))
            part = []
    if open_:
        raise Damaged
    return properties, components


def _unfolded(data: bytes) -> list[str]:
    try:
        whole = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Damaged from None
    # Other programs may have changed the line ends on the way; a text holds none.
    whole = whole.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
    return [line for line in whole.split("\n") if line]
