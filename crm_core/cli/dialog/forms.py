"""Text forms: what the editor opens with, what was written under each heading, and remarks where something is wrong.

A form is lines: `## heading`, `# comment`, and between them what the user writes, `#hashtags` too. Which headings there
are and what stands under them is for the command that shows the form. A text that could not be used is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from crm_core.cli.dialog.asking import edit_text, kept_text
from crm_core.errors import CrmError, InputError

_REMARK = "#! "
_COMMENT = re.compile(r"#(?:[ !]|$)")
_SPECIAL = re.compile(r"\\*#")


class FormPart(msgspec.Struct, frozen=True):
    """A heading of a form with what was written under it, comments left out.

    Args:
        heading: What stands behind `##`; empty for what stands above the first heading.
        line: The number of the heading's line, from 0.
        text: What was written, without empty lines around it.
    """

    heading: str
    line: int
    text: str


class Remark(msgspec.Struct, frozen=True):
    """What is wrong with a form, and above which line (from 0) to say so."""

    line: int
    text: str


def form_parts(text: str) -> list[FormPart]:
    """The parts of a form in their order."""
    parts: list[FormPart] = []
    heading, start, lines = "", 0, list[str]()
    for number, line in enumerate(text.splitlines()):
        if line.startswith("##"):
            parts.append(FormPart(heading, start, _joined(lines)))
            heading, start, lines = _heading(line), number, []
        elif not _COMMENT.match(line):
            lines.append(_plain(line))
    return [*parts, FormPart(heading, start, _joined(lines))]


def form_lines(text: str) -> list[FormPart]:
    """What was written in a form line by line, each as a part of its own; empty lines and comments left out."""
    heading, found = "", list[FormPart]()
    for number, line in enumerate(text.splitlines()):
        if line.startswith("##"):
            heading = _heading(line)
        elif line.strip() and not _COMMENT.match(line):
            found.append(FormPart(heading, number, _plain(line).strip()))
    return found


def form_letter(text: str) -> str:
    """What was written in a form without headings: all but the comments."""
    return _joined(_plain(line) for line in text.splitlines() if not _COMMENT.match(line))


def form_comment(text: str) -> str:
    """A text as comment lines of a form."""
    return "\n".join(f"# {line}".rstrip() for line in text.splitlines())


def form_text(text: str) -> str:
    """A text as it can stand in a form and be read again: a line that looks like a comment gets a backslash."""
    return "\n".join(f"\\{line}" if _SPECIAL.match(line) else line for line in text.splitlines())


def edit_form(form: str, use: Callable[[str], Sequence[Remark]], option: str) -> bool:
    """Let the user fill in a form in their editor, until nothing is wrong with it.

    Args:
        form: What the editor opens with.
        use: Takes the text and records it, or says what is wrong and records nothing. The editor then opens again,
            with the remarks in their places.
        option: How to give the same without an editor.

    Returns:
        Whether anything was changed in the form.

    Raises:
        InputError: Stdin is no terminal.
        CrmError: The editor failed, the user left what is wrong as it is, or the text could not be recorded. The hint
            tells where the text is kept.
    """
    remarks: Sequence[Remark] = ()
    while (edited := edit_text(form, option=option)) is not None:
        form = _without_remarks(edited)
        try:
            remarks = use(form)
        except CrmError as error:
            error.hint = f"{error.hint} Your text is kept in {kept_text(form)}".lstrip()
            raise
        if not remarks:
            return True
        form = _with_remarks(form, remarks)
    if remarks:
        raise InputError(
            f"Nothing was recorded: {remarks[0].text}", f"Your text is kept in {kept_text(_without_remarks(form))}"
        )
    return False


def _heading(line: str) -> str:
    return " ".join(line.lstrip("#").split())


def _plain(line: str) -> str:
    """A line without the backslash that kept it from being a comment."""
    return line.removeprefix("\\") if _SPECIAL.match(line) else line


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _without_remarks(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith(_REMARK))


def _with_remarks(text: str, remarks: Iterable[Remark]) -> str:
    lines = text.splitlines()
    for remark in sorted(remarks, key=lambda remark: -remark.line):
        lines.insert(remark.line, _REMARK + " ".join(remark.text.split()))
    return "\n".join(lines)
