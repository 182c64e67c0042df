"""The public interface as text: every name with its signature, fields and members, and every hook.

`public_surface.txt` holds what was decided on; `test_public_names.py` fails when the interface is another one.
`python -m tests.core.public_surface` writes it anew: do that on purpose, and say in the changelog what is new or gone.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

import crm_core
from crm_core import hookspecs, testing
from crm_core.table import Table

REACHED = (Table,)  # by the members of what is named
RECORD = Path(__file__).with_suffix(".txt")
HEAD = (
    "What plugins may rely on. Written by `python -m tests.core.public_surface`; a change here is a change of promise."
)
_SPECIAL = ("__call__", "__iter__", "__len__")
_ATTRIBUTE = re.compile(r"^ +self\.([a-z]\w*)\b[^=\n]* = ", re.MULTILINE)
_ADDRESS = re.compile(r" object at 0x[0-9a-f]+")


def surface() -> str:
    """The interface as it is."""
    lines = [HEAD, "", "== crm_core"]
    for name in crm_core.__all__:
        if name != "__version__":
            lines += described(name, getattr(crm_core, name))
    lines += ["", "== reached through these", *(line for kind in REACHED for line in _class(kind.__name__, kind))]
    lines += ["", "== hooks"]
    for name, spec in vars(hookspecs).items():
        if name.startswith("crm_"):
            lines += [f"def {name}{_signature(spec)}", *_hook_options(spec)]
    lines += ["", "== crm_core.testing"]
    for name, value in sorted(vars(testing).items()):
        if getattr(value, "__module__", "").startswith(testing.__name__) and not name.startswith("_"):
            lines += described(name, value)
    return "\n".join([*lines, ""])


def described(name: str, value: Any) -> Iterator[str]:
    """The lines of one name."""
    if isinstance(value, type):
        yield from _class(name, value)
    elif options := _options(value):
        yield f"{name}: an option, {', '.join(options)}"
    elif (wrapped := _fixture(value)) is not None:
        yield f"fixture {name}{_signature(wrapped)}"
    elif inspect.isfunction(inspect.unwrap(value)):
        yield f"def {name}{_signature(value)}"
    elif isinstance(value, click.ParamType):
        yield f"{name}: a click.ParamType, {value.name}"
    else:
        plain = sorted(value) if isinstance(value, frozenset) else value
        yield f"{name} = {_ADDRESS.sub('', repr(plain))}"


def _class(name: str, kind: type) -> Iterator[str]:
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if issubclass(kind, msgspec.Struct):
        yield from _fields(kind)
    elif (named := getattr(kind, "_fields", None)) is not None:
        defaults = vars(kind)["_field_defaults"]
        yield from (f"    {field}" + (f" = {defaults[field]!r}" if field in defaults else "") for field in named)
    elif "__init__" in vars(kind):
        yield f"    def __init__{_signature(kind.__init__)}"
        yield from (f"    {name}" for name in _ATTRIBUTE.findall(inspect.getsource(kind.__init__)))
    yield from (f"    def {name}{_signature(vars(kind)[name])}" for name in _SPECIAL if name in vars(kind))
    for member, value in sorted(vars(kind).items()):
        if not member.startswith("_"):
            yield from _member(member, value)


def _fields(kind: type[msgspec.Struct]) -> Iterator[str]:
    """The fields of a type itself; those of its bases are described there."""
    annotations = vars(kind).get("__annotations__", {})
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    required = (msgspec.NODEFAULT,) * (len(names) - len(defaults))
    for name, in_json, default in zip(names, kind.__struct_encode_fields__, required + defaults, strict=True):
        if name in annotations:
            given = "" if default is msgspec.NODEFAULT else f" = {_default(default)}"
            renamed = f", in JSON {in_json}" if in_json != name else ""
            yield f"    {name}: {annotations[name]}{given}{renamed}"


def _default(default: Any) -> str:
    factory = getattr(default, "factory", None)
    return f"{factory.__name__}()" if factory is not None else repr(default)


def _member(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, property):
        yield f"    {name}: {inspect.signature(value.fget).return_annotation}"  # type: ignore[arg-type]
    elif isinstance(value, classmethod):
        yield f"    classmethod {name}{_signature(value.__func__)}"
    elif inspect.isfunction(value):
        yield f"    def {name}{_signature(value)}"
    elif isinstance(value, (str, int)):
        yield f"    {name} = {value!r}"


class _Plain:
    """An annotation as it is written, without the quotes of a text."""

    def __init__(self, annotation: object) -> None:
        self.annotation = annotation

    def __repr__(self) -> str:
        return str(self.annotation)


def _signature(function: Any) -> str:
    signature = inspect.signature(function)
    empty = inspect.Signature.empty
    plain = [
        one if one.annotation is empty else one.replace(annotation=_Plain(one.annotation))
        for one in signature.parameters.values()
    ]
    returns = signature.return_annotation
    return str(signature.replace(parameters=plain, return_annotation=returns if returns is empty else _Plain(returns)))


def _options(value: Any) -> list[str]:
    """The names of the option that a decorator adds to a command; none if it is no such thing."""
    if not (inspect.isfunction(value) and value.__module__.startswith("click")):
        return []
    (option,) = value(lambda: None).__click_params__
    return [*option.opts]


def _fixture(value: Any) -> Any:
    get = getattr(value, "_get_wrapped_function", None)
    return get() if get is not None else None


def _hook_options(spec: Any) -> Iterator[str]:
    for option, given in spec.crm_core_spec.items():
        if given:
            yield f"    {option}: {given}"


if __name__ == "__main__":
    RECORD.write_text(surface(), "utf-8")
