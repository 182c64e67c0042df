"""The answer to a shell that asks what could come next on a command line.

It asks by running the program with `_CRM_COMPLETE` set to its own name, and takes lines: first `files` or `words`, then
a line a word. What goes wrong is answered by no word and exit code 0: nobody wants a message in the middle of what they
type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import click
from click.shell_completion import ShellComplete

from crm_core.cli.app import App
from crm_core.cli.screen.cells import clean
from crm_core.cli.screen.output import Output
from crm_core.cli.shell import COMPLETE
from crm_core.cli.shell.quoting import BREAKS, Typed, quoted, typed


def answer(group: click.Command, argv: Sequence[str], environ: Mapping[str, str], output: Output) -> None:
    """Print what could come next.

    Args:
        group: The command `crm`.
        argv: For bash the line up to the cursor, and the characters at which words break; for the others the words
            before the cursor, the last as far as it is typed.
        environ: The environment, in which the shell's name stands.
        output: Where to print.
    """
    try:
        lines = list(_lines(group, argv, environ, output))
    except Exception:  # noqa: BLE001 (whatever it is, it is not the time to say so)
        return
    if lines:
        output.block("\n".join(lines))


def _lines(group: click.Command, argv: Sequence[str], environ: Mapping[str, str], output: Output) -> Iterator[str]:
    shell = environ[COMPLETE]
    line = _typed(shell, argv)
    *before, last = line.words
    app = App(before, environ, output)
    items = ShellComplete(group, {"obj": app}, "crm", COMPLETE).get_completions(before, last)
    if any(item.type != "plain" for item in items):
        yield "files"
        return
    yield "words"
    # An option's value may stand behind its name in the same word.
    head = last[: last.index("=") + 1] if last.startswith("--") and "=" in last else ""
    for item in items:
        value = head + item.value
        if shell == "bash":
            yield quoted(value[line.fixed :], line.quote)
        else:
            yield f"{value}\t{clean(item.help or '')}"


def _typed(shell: str, argv: Sequence[str]) -> Typed:
    """What was typed, without the program's own name."""
    if shell == "bash":
        line = typed(argv[0], argv[1] if len(argv) > 1 else BREAKS)
        return line._replace(words=line.words[1:])
    *words, last = argv or [""]
    # fish gives the last word as it stands in the line.
    return Typed([*words, typed(last).words[-1] if shell == "fish" else last], "", 0)
