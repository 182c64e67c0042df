"""The sandbox in which letter templates run: they reach nothing but the facts, and end soon with little.

A template may come from anybody, a user's own too: people pass them on. Jinja2's sandbox keeps it from the program's
insides, but not from `'x' * 10 ** 10`, from loops in loops or from `ljust`. Here whatever can make much out of little
is counted or missing, so that a template costs seconds and megabytes at the most. Imported when one is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from functools import wraps
from time import monotonic
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crm_core.letters.kinds import LONGEST

SECONDS: Final = 3.0
MOST: Final = 10 * LONGEST
"""What one template may make: characters, items and turns of loops together."""
MOST_BITS: Final = 1_000
"""Of a whole number; some three hundred digits."""

_FILTERS: Final = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "last", "length",
    "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "title",
    "trim", "truncate", "unique", "upper", "wordcount",
)  # fmt: skip
"""Those of Jinja2's filters that make little; `join`, `replace` and `string` are ours."""
_GLOBALS: Final = ("range", "dict", "cycler", "joiner", "namespace")
_METHODS: Final[Mapping[type, frozenset[str]]] = {
    str: frozenset({
        "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha", "isdigit", "islower", "isspace",
        "isupper", "lower", "lstrip", "removeprefix", "removesuffix", "rstrip", "split", "splitlines", "startswith",
        "strip", "title", "upper",
    }),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
}  # fmt: skip


class Sandbox(ImmutableSandboxedEnvironment):
    """A Jinja2 environment for one rendering of one template.

    Args:
        seconds: How long it may take, from now on.
    """

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, seconds: float = SECONDS) -> None:
        super().__init__(
            undefined=StrictUndefined,
            autoescape=False,  # a letter is plain text
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self._printed,
        )
        self._left = MOST
        self._end = monotonic() + seconds
        self._seconds = seconds
        usual = self.filters
        self.filters = {name: self._counted(usual[name]) for name in _FILTERS}
        self.filters |= {"join": self._join, "replace": self._replace, "string": _text}
        self.filters |= {"_turns": self._turns, "_concatenated": self._join}
        self.globals = {name: self.globals[name] for name in _GLOBALS}

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator that could make much out of little."""
        check = {"+": _check_sum, "*": _check_product, "**": _check_power, "%": _check_remainder}[operator]
        check(left, right)
        return self._spent(super().call_binop(context, operator, left, right))

    def call(self, context: Context, function: Any, *args: Any, **kwargs: Any) -> Any:
        """A call of a macro, a method or a function of ours."""
        return self._spent(super().call(context, function, *args, **kwargs))

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Of texts, lists and mappings only the methods that make nothing large."""
        methods = next((methods for kind, methods in _METHODS.items() if isinstance(obj, kind)), None)
        return super().is_safe_attribute(obj, attr, value) if methods is None else attr in methods

    def wrap_str_format(self, value: Any) -> None:
        """No `format`: the width of a field is without bounds."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        for loop in template.find_all(nodes.For):
            if loop.recursive:
                raise TemplateSyntaxError("a loop can't be recursive here", loop.lineno, name, filename)
            weight = 1 + sum(len(text.data) for text in loop.find_all(nodes.TemplateData))
            loop.iter = _filtered(loop.iter, "_turns", nodes.Const(weight))
        _replace_concatenations(template)
        return template

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise OverflowError(f"it makes more than {MOST:,} characters and turns of loops")
        if monotonic() > self._end:
            raise OverflowError(f"it takes longer than {self._seconds:g} s")

    def _spent(self, result: Any) -> Any:
        self._spend(1 + _size(result))
        return result

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same filter, on the bill."""

        @wraps(function)  # which keeps the mark that says what Jinja2 has to hand to it
        def counted(*args: Any, **kwargs: Any) -> Any:
            return self._spent(function(*args, **kwargs))

        return counted

    def _turns(self, items: Iterable[Any], weight: int) -> Iterator[Any]:
        """The items of a loop whose turns weigh so much."""
        for item in items:
            self._spend(weight)
            yield item

    def _printed(self, value: Any) -> Any:
        return value if isinstance(value, Undefined) else self._spent(_text(value))

    def _join(self, items: Iterable[Any], separator: str = "") -> str:
        texts: list[str] = []
        size = 0
        for item in items:
            self._spend(1)
            texts.append(_text(item))
            size += len(texts[-1]) + len(separator)
            _check_size(size)
        return str(self._spent(separator.join(texts)))

    def _replace(self, text: str, old: str, new: str) -> str:
        if not old:
            raise ValueError("replace needs a text to be replaced")
        _check_size(len(text) + text.count(old) * len(new))
        return str(self._spent(text.replace(old, new)))


def _filtered(node: nodes.Node, name: str, *args: nodes.Node) -> nodes.Filter:
    """The node behind a filter."""
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno, environment=node.environment)


def _replace_concatenations(node: nodes.Node) -> None:
    """Have `~` counted, which is no operator to Jinja2's sandbox."""
    for name, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            _replace_concatenations(value)
            setattr(node, name, _without_concatenation(value))
        elif isinstance(value, list):
            for child in value:
                if isinstance(child, nodes.Node):
                    _replace_concatenations(child)
            value[:] = [_without_concatenation(child) for child in value]


def _without_concatenation(node: Any) -> Any:
    if not isinstance(node, nodes.Concat):
        return node
    parts = nodes.List(node.nodes, lineno=node.lineno, environment=node.environment)
    return _filtered(parts, "_concatenated")


def _text(value: Any) -> str:
    """What can be printed, as text; a list could hold the same long text a thousand times."""
    if isinstance(value, Undefined | str | int | float | None):
        return str(value)
    raise TypeError(f"a {type(value).__name__} can't be printed; of a list, join makes a text: names|join(', ')")


def _size(value: Any) -> int:
    return len(value) if isinstance(value, Sized) and not isinstance(value, Undefined) else 1


def _check_size(size: int) -> None:
    if size > LONGEST:
        raise OverflowError(f"it makes a text or list of more than {LONGEST:,}")


def _check_sum(left: Any, right: Any) -> None:
    if isinstance(left, Sized):
        _check_size(len(left) + _size(right))


def _check_product(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    elif isinstance(left, Sized) and isinstance(right, int):
        _check_size(len(left) * right)
    elif isinstance(left, int) and isinstance(right, Sized):
        _check_size(left * len(right))


def _check_power(left: Any, right: Any) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() * abs(right))


def _check_remainder(left: Any, right: Any) -> None:  # noqa: ARG001 (one of four)
    if isinstance(left, str):
        raise TypeError("% can't fill in texts here; write {{ ... }} between the words")


def _check_bits(bits: int) -> None:
    if bits > MOST_BITS:
        raise OverflowError("it makes too large a number")
