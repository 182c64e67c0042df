"""From a template and facts to a letter's subject and text.

Templates come from plugins or are the user's own, and run in a sandbox; what goes wrong in one is an error that names
it and the line, never a traceback. Facts are values in it, so nothing that stands in a name or a note is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from crm_core.errors import CrmError, InputError
from crm_core.letters.facts import one_line
from crm_core.letters.kinds import LONGEST, LetterKind

if TYPE_CHECKING:
    from jinja2 import Environment

    from crm_core.records import Letter

_BLANK = re.compile(r"\[\[([^\[\]]*)\]\]")
_TEMPLATE_FILE: Final = "<template>"  # what Jinja2 calls a template that was given as text
_ENDED: Final = (".", "!", "?", "…", ":", ".)", '."', ".”", "!”", "?”")
_FILE_NAME = re.compile(r"[^\W_](?:[\w-]|\.(?!\.)){0,99}")
_SUBJECT_LINE = re.compile(r"subject:(?P<subject>[^\n]*)\n?", re.IGNORECASE)


class Template(msgspec.Struct, frozen=True):
    """One part of a template: its text, how an error calls it, and whose fault that is.

    Args:
        text: Jinja2 text.
        place: What stands before the line's number: `The template of ... fails in its body, line `.
        hint: What to do about an error.
        lines_before: Lines of the file that stand before this part.
    """

    text: str
    place: str
    hint: str
    lines_before: int = 0


def rendered(kind: LetterKind, folder: Path, facts: Mapping[str, Any], channel: str) -> tuple[str, str]:
    """The subject and text of a letter of that kind.

    Args:
        kind: Its templates, unless the user has one of their own.
        folder: Where the user's own templates are.
        facts: What `facts_for` gives.
        channel: How the letter goes out.

    Raises:
        CrmError: The template is at fault; the message names it and the line.
    """
    subject, body = _templates(kind, folder)
    values = {**facts, "channel": channel, "letterhead": _letterhead(facts, channel)}
    values["signature"] = _signature(facts, channel)
    return one_line(_render(subject, values)), _tidy(_render(body, values))


def own_template(folder: Path, name: str) -> Path | None:
    """The user's own template for the kind of letter of that name: `NAME.txt` in that folder, if it is there."""
    path = folder / f"{name}.txt"
    return path if _FILE_NAME.fullmatch(name) and path.is_file() else None


def blanks(text: str) -> list[str]:
    """What is still to be filled in: the texts between `[[` and `]]`, each once, in the order of the text."""
    return list(dict.fromkeys(" ".join(found.split()) for found in _BLANK.findall(text)))


def unfilled(letter: Letter) -> list[str]:
    """What is still to be filled in, subject and text."""
    return blanks(f"{letter.subject}\n{letter.body}")


def refuse_blanks(letter: Letter, way_out: str) -> None:
    """Stop a letter in which something is still to be filled in.

    Args:
        letter: The one that is to go out, or went.
        way_out: What to type instead.

    Raises:
        InputError: Something is; the message names it.
    """
    if places := unfilled(letter):
        raise InputError(f"{letter.id} has something to fill in: {in_brackets(places)}", way_out)


def in_brackets(places: Iterable[str]) -> str:
    """Places to fill in as they stand in the letter."""
    return ", ".join(f"[[{place}]]" for place in places)


def without_blanks(text: str) -> str:
    """The text with a full stop in place of each thing that is still to be filled in."""
    return _BLANK.sub(" . ", text)


def _templates(kind: LetterKind, folder: Path) -> tuple[Template, Template]:
    """Subject and body, the user's own where there is a file; one without a subject line has the plugin's."""
    place = f"The template of the {kind.label} ({kind.name}) fails in its"
    hint = "`crm plugins` shows the plugins; the one that brings this kind of letter is at fault."
    subject = Template(kind.subject, f"{place} subject, line ", hint)
    path = own_template(folder, kind.name)
    if path is None:
        return subject, Template(kind.body, f"{place} body, line ", hint)
    text = _read(path)
    head = _SUBJECT_LINE.match(text)
    own = f"Your template {path} fails in line "
    hint = f"Mend it; or rename it, and the template that comes with the {kind.label} is used."
    if head is None:
        return subject, Template(text, own, hint)
    return Template(head["subject"].strip(), own, hint), Template(text[head.end() :], own, hint, lines_before=1)


def _read(path: Path) -> str:
    hint = "It is your own template: mend it, or rename it."
    try:
        with path.open("rb") as file:
            data = file.read(4 * LONGEST + 1)
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise CrmError(f"{path} can't be read: {(error.strerror or str(error)).lower()}", hint) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CrmError(f"{path} is not UTF-8 text, line {line}", hint) from error
    if len(text) > LONGEST:
        raise CrmError(f"{path} has more than {LONGEST:,} characters", hint)
    if not text.strip():
        raise CrmError(f"{path} is empty, line 1", hint)
    return text


def _letterhead(facts: Mapping[str, Any], channel: str) -> list[str]:
    """Sender, recipient and date, as they stand above a letter by post."""
    if channel != "post":
        return []
    me, contact = facts["me"], facts["contact"]
    sender = [me["name"], me["address"], me["phone"], me["email"]]
    recipient = [contact["name"], contact["title"], facts["company"], contact["address"]]
    return [*filter(None, sender), "", *filter(None, recipient), "", facts["today"], ""]


def _signature(facts: Mapping[str, Any], channel: str) -> list[str]:
    """The user's name, and below an e-mail how to reach them; a video needs none."""
    me = facts["me"]
    if channel == "video":
        return []
    reach = [me["phone"], me["email"], *me["links"]] if channel == "email" else []
    return [me["name"] or _blank("your name"), *filter(None, reach)]


def _render(template: Template, facts: Mapping[str, Any]) -> str:
    try:
        return _capped(_environment().from_string(template.text).generate(facts))
    except Exception as error:
        reason = one_line(str(error))[:200] or type(error).__name__
        line = _line(error) + template.lines_before
        raise CrmError(f"{template.place}{line}: {reason}", template.hint) from error


def _capped(pieces: Iterable[str]) -> str:
    """The pieces together; a template without an end is stopped before it fills the memory."""
    taken: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LONGEST:
            raise OverflowError(f"it makes more than {LONGEST:,} characters")
        taken.append(piece)
    return "".join(taken)


def _environment() -> Environment:
    from crm_core.letters.sandbox import Sandbox

    environment = Sandbox()
    environment.globals["blank"] = _blank
    environment.filters["sentence"] = _sentence
    return environment


def _line(error: BaseException) -> int:
    """The template's line that an error comes from."""
    line = getattr(error, "lineno", None) or 1
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE_FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _blank(what: str) -> str:
    return f"[[{re.sub(r'[][]', '', what)}]]"


def _sentence(text: str) -> str:
    text = text.rstrip()
    return text if not text or text.endswith(_ENDED) else f"{text}."


def _tidy(text: str) -> str:
    """The text without blanks at the ends of lines, and with one empty line at the most between paragraphs."""
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")
