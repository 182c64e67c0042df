"""Questions to the person at the terminal: a word, a yes or no, a text in their editor; and how far a long work is.

Nothing is asked where nobody can answer: without a terminal on stdin the option to give is named instead. The end of
input at a question (Ctrl-D) ends the command with `click.Abort`, as Ctrl-C does, and so with exit code 1.
Everything shown is made safe by `screen/output.py`. Ask before `Book.change`, never inside: others would wait for the
lock.
"""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

import click

from crm_core.cli.screen.cells import clean
from crm_core.cli.screen.output import Output
from crm_core.cli.screen.terminal import StatusLine
from crm_core.errors import CrmError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

PATIENCE: Final = 0.5
PACE: Final = 0.1


def someone_there() -> bool:
    """Whether a question could be answered; stdin is None or closed where a service started us."""
    stdin = sys.stdin
    return stdin is not None and not stdin.closed and stdin.isatty()


def ask(
    label: str, option: str, default: str | None = None, *, offered: Callable[[], Iterable[str]] | None = None
) -> str:
    """What is answered at the prompt, without the spaces around it.

    Args:
        label: What is asked for, such as `Role`.
        option: The option that gives the same without being asked, such as `--role`.
        default: What Enter alone means; None asks again.
        offered: Gives the answers that the Tab key completes, where the terminal can; asked when it is first pressed.

    Raises:
        InputError: Stdin is no terminal.
        click.Abort: Ctrl-C or the end of input.
    """
    from crm_core.cli.dialog.offering import offering

    needed = f"{label[:1].upper()}{label[1:]} is needed"
    if not someone_there():
        raise InputError(needed, f"Give it with {option}.")

    def answer(typed: str) -> str:
        if stripped := typed.strip():
            return stripped
        if default is None:
            raise click.UsageError(clean(needed))
        return default

    prompt = clean(f"{label} [{default}]" if default else label)
    with offering(offered) as completes:
        # The line editor writes to stdout, which is a terminal where it is used.
        return _or_end_line(
            lambda: str(click.prompt(prompt, default=default, show_default=False, value_proc=answer, err=not completes))
        )


def confirm(question: str, option: str = "--yes") -> bool:
    """Whether the answer to a question is yes; Enter alone means no.

    Raises:
        InputError: Stdin is no terminal.
        click.Abort: Ctrl-C or the end of input.
    """
    if not someone_there():
        raise InputError(f"An answer is needed: {question}", f"Say yes with {option}.")
    return _or_end_line(lambda: click.confirm(clean(question), default=False, err=True))


def choose(question: str, answers: Sequence[str], *, default: str, option: str) -> str:
    """Which of several answers is typed; case does not matter, and anything else is asked again.

    Args:
        question: What is asked; says what the answers are.
        answers: In lower case.
        default: What Enter alone means.
        option: What gives the same without being asked.

    Raises:
        InputError: Stdin is no terminal.
        click.Abort: Ctrl-C or the end of input.
    """
    while (answer := ask(question, option, default).lower()) not in answers:
        Output(sys.stdout, sys.stderr).talk(f"Please answer {', '.join(answers[:-1])} or {answers[-1]}.")
    return answer


def edit_text(text: str, suffix: str = ".txt", option: str = "--body") -> str | None:
    r"""What the user makes of a text in `$VISUAL` or `$EDITOR`.

    Meanwhile the text is in a file that nobody else may read, in a folder that nobody else may enter. When something
    goes wrong the file is left there and the error tells where.

    Args:
        text: What the editor opens with.
        suffix: The ending of the file's name; editors go by it.
        option: The option that gives the text without an editor.

    Returns:
        The new text with `\n` as line end and no newline at its end, which may be empty; None if it was not changed.

    Raises:
        InputError: Stdin is no terminal.
        CrmError: The editor is missing or ended with an error, or what it saved is not UTF-8.
    """
    if not someone_there():
        raise InputError("There is no terminal to edit the text in", f"Give the text with {option}.")
    import shutil

    path = kept_text(text, suffix)
    before = _edited(path)
    _run_editor(path)
    after = _edited(path)
    shutil.rmtree(path.parent, ignore_errors=True)
    return None if after == before else after


def kept_text(text: str, suffix: str = ".txt") -> Path:
    """The new file that a text was written to: nobody else may read it, nor enter its folder."""
    import tempfile
    from pathlib import Path

    path = Path(tempfile.mkdtemp(prefix="crm-")) / f"text{suffix}"
    whole = text.rstrip("\n") + "\n" if text else ""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(whole.encode("utf-8", "replace"))
    return path


def progress(
    items: Iterable[T], label: str, total: int | None = None, *, clock: Callable[[], float] = monotonic
) -> Iterator[T]:
    """The same items, while a line on stderr counts them if that is a terminal and it takes over half a second.

    The line is taken away at the end, also when the loop over the items is left early.

    Args:
        items: Read one by one, as they are asked for.
        label: What is done, such as `Reading people`.
        total: How many there will be, where that is known.
        clock: Seconds, from any beginning.
    """
    status = StatusLine(sys.stderr, os.environ)
    if not status.visible:
        yield from items
        return
    due = clock() + PATIENCE
    of_total = "" if total is None else f" of {total:,}"
    try:
        for count, item in enumerate(items, start=1):
            if (now := clock()) >= due:
                status.show(f"{label} {count:,}{of_total}")
                due = now + PACE
            yield item
    finally:
        status.clear()


def _or_end_line(question: Callable[[], T]) -> T:
    """The answer; if there is none, what is said next must not stand behind the prompt."""
    try:
        return question()
    except click.Abort:
        Output(sys.stdout, sys.stderr).talk("")
        raise


def _run_editor(path: Path) -> None:
    try:
        click.edit(filename=str(path))
    except (click.ClickException, OSError, ValueError, KeyboardInterrupt) as error:
        # ValueError: an unclosed quote in $EDITOR.
        reason = error.format_message() if isinstance(error, click.ClickException) else str(error) or "interrupted"
        raise CrmError(f"The editor failed, so the text was not used: {reason}", f"It is kept in {path}") from None


def _edited(path: Path) -> str:
    """The text in the editor's file; nothing if the editor left no file."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise CrmError("The editor saved the text in another encoding than UTF-8", f"It is kept in {path}") from None
    return text.rstrip("\n")
