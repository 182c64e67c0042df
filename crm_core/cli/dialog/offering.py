"""Answers that the Tab key completes at a question, where Python has a line editor and stdin and stdout are terminals.

What is offered only helps to type: any other answer may be given. Completing command lines is the shell's work.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crm_core.cli.screen.cells import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LIBEDIT: Final = ("bind ^I rl_complete",)
_READLINE: Final = ("tab: complete", "set show-all-if-ambiguous on")


@contextmanager
def offering(names: Callable[[], Iterable[str]] | None) -> Iterator[bool]:
    """Inside, Tab completes these names, whatever case and accents they are typed with; tells whether it does.

    Args:
        names: Gives them when Tab is first pressed; None where there are none.
    """
    if names is None or not _line_editor():
        yield False
        return
    import readline

    delimiters = readline.get_completer_delims()
    readline.set_completer(_Completer(names).nth)
    readline.set_completer_delims("")  # a name has spaces in it
    for line in _LIBEDIT if "libedit" in (readline.__doc__ or "") else _READLINE:
        readline.parse_and_bind(line)
    try:
        yield True
    finally:
        readline.set_completer(None)
        readline.set_completer_delims(delimiters)


def matching(names: Iterable[tuple[str, str]], typed: str) -> list[str]:
    """The names that begin with what is typed, else the only one that has a word which does.

    Of several of those none is given: a line editor would put what they have in common, their first letters perhaps, in
    the place of what is typed.

    Args:
        names: Each folded, and as it is.
        typed: The beginning of an answer, in any case and with any accents.
    """
    from crm_core.network import fold

    wanted = fold(typed)
    pairs = list(names)
    if found := sorted(name for folded, name in pairs if folded.startswith(wanted)):
        return found
    within = [name for folded, name in pairs if f" {wanted}" in folded]
    return within if len(within) == 1 else []


class _Completer:
    """What the line editor asks, again and again, for the next name that fits."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        self._names = names
        self._folded: list[tuple[str, str]] | None = None
        self._found: list[str] = []

    def nth(self, typed: str, number: int) -> str | None:
        """The name of that number that fits; None after the last."""
        if number == 0:
            self._found = matching(self._all(), typed)
        return self._found[number] if number < len(self._found) else None

    def _all(self) -> list[tuple[str, str]]:
        from crm_core.network import fold

        if self._folded is None:
            # The line editor shows a name as it is: one that could act on the terminal is typed by its id.
            safe = (name for name in dict.fromkeys(self._names()) if name and name == clean(name))
            self._folded = [(fold(name), name) for name in safe]
        return self._folded


def _line_editor() -> bool:
    """Whether Python's `input` edits lines: stdin and stdout are the process's own, and terminals."""
    try:
        if not (sys.stdin.fileno() == 0 and sys.stdout.fileno() == 1 and sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        import readline  # noqa: F401 (Python may have been built without it)
    except (OSError, ValueError, AttributeError, ImportError):
        return False
    return True
