"""What a generated module imports: which names for which parts, sorted and wrapped as ruff does it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

WIDTH: Final = 120
_CORE: Final = "crm_core"


class Names(NamedTuple):
    """Names that a module imports from one place.

    Args:
        place: A module; one of the plugin's own begins with a full stop; empty to import the name itself.
        names: Separated by spaces. `Entry` and `Settings` stand for the plugin's own types.
        parts: The parts that need them, separated by spaces; `steps+record` where it takes both. Empty: always.
    """

    place: str
    names: str
    parts: str = ""


RUNTIME: Final[Mapping[str, tuple[Names, ...]]] = {
    "package/__init__.py": (Names(_CORE, "hookimpl"),),
    "package/records.py": (Names("datetime", "date"), Names(_CORE, "Interview OwnedBy Record")),
    "package/steps.py": (
        Names("collections.abc", "Iterator"),
        Names("datetime", "datetime timedelta"),
        Names(_CORE, "Book Step employer_of ended_label"),
        Names(".records", "Entry", "record"),
        Names(".settings", "Settings", "settings"),
    ),
    "package/cli.py": (
        Names("", "click"),
        Names(_CORE, "Book Column Interview interview_label json_option pass_book show"),
        Names(_CORE, "INTERVIEW say_day told", "record"),
        Names(".records", "Entry", "record"),
    ),
    "package/people.py": (
        Names("collections.abc", "Iterator"),
        Names("typing", "BinaryIO", "importer"),
        Names(_CORE, "Candidate Contact Problem", "importer"),
        Names(_CORE, "Export one_line", "exporter"),
    ),
    "one_file.py": (
        Names("collections.abc", "Iterable", "steps command record letter importer exporter"),
        Names("collections.abc", "Iterator", "importer exporter"),
        Names("datetime", "datetime timedelta", "steps"),
        Names("datetime", "date", "record"),
        Names("typing", "Any", "record"),
        Names("typing", "BinaryIO", "importer"),
        Names("", "click", "command"),
        Names(_CORE, "hookimpl"),
        Names(_CORE, "Interview OwnedBy Record", "record"),
        Names(_CORE, "Section", "settings"),
        Names(_CORE, "Book Column Interview interview_label json_option pass_book show", "command"),
        Names(_CORE, "INTERVIEW say_day told", "command+record"),
    ),
    "tests/test_plugin.py": (
        Names("collections.abc", "Mapping", "importer"),
        Names("pathlib", "Path", "importer"),
        Names("typing", "Any", "steps"),
        Names("typing", "ClassVar", "importer"),
        Names("crm_core.testing", "Crm PluginContract"),
        Names(".records", "Entry", "record"),
    ),
}
"""What is needed when the module runs."""

ANNOTATIONS: Final[Mapping[str, tuple[Names, ...]]] = {
    "package/__init__.py": (
        Names("collections.abc", "Iterable", "steps command record letter importer exporter"),
        Names("datetime", "datetime", "steps"),
        Names("typing", "Any", "record"),
        Names(_CORE, "Book Step", "steps"),
        Names(_CORE, "When", "steps+record"),
        Names(_CORE, "Command", "command"),
        Names(_CORE, "Book Hit RecordKind", "record"),
        Names(_CORE, "Section", "settings"),
        Names(_CORE, "LetterKind", "letter"),
        Names(_CORE, "Importer", "importer"),
        Names(_CORE, "Exporter", "exporter"),
    ),
    "one_file.py": (
        Names(_CORE, "Book Step", "steps"),
        Names(_CORE, "When", "steps+record"),
        Names(_CORE, "Book Hit RecordKind", "record"),
        Names(_CORE, "LetterKind", "letter"),
        Names(_CORE, "Candidate Importer Problem", "importer"),
        Names(_CORE, "Export Exporter", "exporter"),
    ),
}
"""What only annotations name: it costs nothing at the start."""


def header(template: str, parts: Collection[str], module: str, camel: str) -> str:
    """The imports of the module that a template makes; nothing for one whose imports stand in the template.

    Args:
        template: Its name: `package/cli.py`.
        parts: What the plugin adds.
        module: The plugin's own package.
        camel: What the names of its own types begin with.
    """
    own = _Own(module, camel)
    runtime = _needed(RUNTIME.get(template, ()), parts, own)
    annotations = _needed(ANNOTATIONS.get(template, ()), parts, own)
    annotations = {p: rest for p, names in annotations.items() if (rest := names - runtime.get(p, set()))}
    if annotations:
        runtime.setdefault("typing", set()).add("TYPE_CHECKING")
    lines = _sections(runtime, own)
    if annotations:
        lines += ["", "if TYPE_CHECKING:", *(f"    {line}" if line else "" for line in _sections(annotations, own))]
    return "\n".join(lines)


class _Own(NamedTuple):
    module: str
    camel: str


def _needed(table: Iterable[Names], parts: Collection[str], own: _Own) -> dict[str, set[str]]:
    """Names by where they are imported from."""
    needed: dict[str, set[str]] = {}
    for place, names, conditions in table:
        if not conditions or any(set(condition.split("+")) <= set(parts) for condition in conditions.split()):
            own_one = place.startswith(".")
            where, what = (own.module + place, own.camel + names) if own_one else (place, names)
            needed.setdefault(where, set()).update(what.split())
    return needed


def _sections(needed: Mapping[str, Collection[str]], own: _Own) -> list[str]:
    """The standard library's, then other packages', then the plugin's own, a blank line between them."""
    sections: list[list[str]] = [[], [], []]
    for place in sorted(needed):
        where = 2 if place.startswith(own.module) else 1 if place.split(".")[0] in {"", _CORE} else 0
        names = sorted(needed[place], key=_kind_then_name)
        sections[where] += _wrapped(place, names) if place else [f"import {name}" for name in names]
    lines: list[str] = []
    for section in filter(None, sections):
        lines += ["", *section] if lines else section
    return lines


def _wrapped(place: str, names: Collection[str]) -> list[str]:
    line = f"from {place} import {', '.join(names)}"
    return [line] if len(line) <= WIDTH else [f"from {place} import (", *(f"    {name}," for name in names), ")"]


def _kind_then_name(name: str) -> tuple[int, str]:
    """Constants, then types, then the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name
