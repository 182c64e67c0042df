"""The page of all public names, `docs/reference/api.md`: their signatures, their fields and what is said of them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

import click

import crm_core
from crm_core import testing
from crm_core.testing import plugging
from tests.core.public_surface import REACHED, described

HEAD: Final = """\
# Names

All that a plugin may import from `crm_core`, by subject; what is promised of them is in
[promise.md](../plugin-authors/promise.md). Where they are inside of `crm_core` is not promised: import them from
`crm_core` itself. Hooks have [a page of their own](hooks.md), and so have the fields of records in the book's file
([book-json.md](book-json.md)). This page is generated.
"""


def api_page() -> str:
    """docs/reference/api.md."""
    lines = [HEAD]
    for home, names in crm_core._HOMES.items():
        module = import_module(f"crm_core.{home}")
        below = _said_below(module)
        subject = _first(module).partition(":")[0].rstrip(".")
        lines += [f"## {subject}", ""]
        for name in names:
            lines += _entry(name, getattr(crm_core, name), below.get(name, ""))
    lines += ["## Reached through these", ""]
    for kind in REACHED:
        lines += _entry(kind.__name__, kind)
    lines += ["## For tests: `crm_core.testing`", ""]
    below = _said_below(plugging)
    for name in sorted(testing.__all__):
        lines += _entry(name, getattr(testing, name), below.get(name, ""))
    return "\n".join(lines)


def _entry(name: str, value: Any, below: str = "") -> Iterator[str]:
    """A name: how it is written, what it is, what its members are."""
    yield from (f"### {name}", "", "```text", *described(name, value), "```", "")
    about = below or _about(value)
    if about:
        yield from ("```text", about, "```", "") if "\n" in about else (about, "")
    members = [f"- `{member}`: {said}" for member, said in _members(value)]
    if members:
        yield from (*members, "")


def _about(value: Any) -> str:
    """What is said of it; of a plain value nothing, for its type would say what it is not."""
    if isinstance(value, click.ParamType):
        return inspect.getdoc(type(value)) or ""
    if inspect.isfunction(value) and value.__module__.startswith("click"):
        (option,) = value(lambda: None).__click_params__  # it decorates a command with that
        return str(option.help)
    wrapped = getattr(value, "_get_wrapped_function", None)
    if wrapped is not None:
        return inspect.getdoc(wrapped()) or ""
    described_here = inspect.isclass(value) or inspect.isfunction(value)
    return (inspect.getdoc(value) or "") if described_here and value.__module__.startswith("crm_core") else ""


def _said_below(module: ModuleType) -> dict[str, str]:
    """What a module says of its plain values, each in a text below it."""
    said = {}
    for node, after in pairwise(ast.parse(inspect.getsource(module)).body):
        text = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and isinstance(text, str):
            said[target.id] = inspect.cleandoc(text)
    return said


def _members(value: Any) -> Iterator[tuple[str, str]]:
    """What is called of a type, with the beginning of what is said of it."""
    for name, member in sorted(vars(value).items()) if inspect.isclass(value) else ():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if not name.startswith("_") and inspect.isfunction(function) and inspect.getdoc(function):
            yield name, _first(function)


def _first(thing: Any) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
