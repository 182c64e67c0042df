"""`crm` and `crm agenda`: what to do next. The entries are computed in `steps.py`; here they are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import click
import msgspec

from crm_core.cli.app import App
from crm_core.cli.context import json_option, pass_app
from crm_core.cli.params import CONTACT, DATE
from crm_core.cli.screen.cells import shorten
from crm_core.dates import day_end, day_start
from crm_core.errors import InputError, PartlyDone, UnknownName
from crm_core.words import say_day, say_when

if TYPE_CHECKING:
    from crm_core.book import Book
    from crm_core.cli.screen.output import Output, Style
    from crm_core.dates import Deadline
    from crm_core.records import Contact, Interview
    from crm_core.steps import Entry

WEEK = timedelta(days=7)
LONGEST_ITEM = 600  # cells of a step's title or reason
LONGEST_UNBROKEN = 30  # cells; the narrowest terminal has room for a few more
_GLUE = "\xa0"  # a no-break space
FIRST_WORDS = (
    "Your book is empty. To begin:",
    "  crm demo                                 look at a sample job search first",
    "  crm import contacts.vcf                  bring in the people you know",
    "  crm application add COMPANY ROLE         note what you applied for",
    '  crm interview log COMPANY --at "friday 14:00" --with NAME',
)


class Ahead(msgspec.Struct, frozen=True, kw_only=True):
    """An interview ahead, as the agenda shows it."""

    id: str
    title: str
    start: datetime
    end: datetime
    panel: tuple[str, ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the agenda shows: interviews until the horizon, and steps; `until` is the day asked for, if one was."""

    ahead: list[Ahead]
    entries: list[Entry]
    horizon: datetime
    until: date | None


@click.command(
    epilog="""\b
Examples:
  crm
  crm agenda --until "in 3 weeks"
  crm agenda --for "Mara Lindqvist" --all
  crm agenda --brief
"""
)
@click.option("--until", type=DATE, metavar="DATE", help="Look ahead to that day; 7 days by default.")
@click.option("--since", type=DATE, metavar="DATE", help="As --all, but finished steps only since that day.")
@click.option("--all", "everything", is_flag=True, help="Finished, snoozed and skipped steps too.")
@click.option("--plugin", metavar="NAME", help="Only that plugin's steps.")
@click.option("--for", "person", type=CONTACT, metavar="CONTACT", help="Only steps about that person.")
@click.option("--brief", "only_numbers", is_flag=True, help="Only how many are overdue and due today, on one line.")
@json_option
@pass_app
def agenda(
    app: App,
    until: date | None = None,
    since: date | None = None,
    everything: bool = False,
    plugin: str | None = None,
    person: Contact | None = None,
    only_numbers: bool = False,
    as_json: bool = False,
) -> None:
    """What to do next: interviews ahead, overdue, today, next 7 days, waiting on others."""
    if only_numbers:
        if until or since or everything or plugin or person:
            raise InputError("--brief counts all that is overdue or due today", "Leave the other options out.")
        _show_numbers(app, as_json=as_json)
        return
    view = seen(app, until=until, since=since, everything=everything, plugin=plugin, person=person)
    if as_json:
        app.output.json_items(view.entries, {"interviews": view.ahead})
    else:
        show_agenda(app, view)
    tell_failed(app)


def _show_numbers(app: App, *, as_json: bool) -> None:
    """One line, or none where nothing is to be done: a prompt then has nothing to show."""
    from crm_core.cli.brief import brief

    numbers = brief(app)
    if as_json:
        app.output.json_item(numbers)
    elif numbers.words:
        app.output.line(numbers.words)
    if app.made("host"):
        tell_failed(app)


def seen(
    app: App,
    *,
    until: date | None = None,
    since: date | None = None,
    everything: bool = False,
    plugin: str | None = None,
    person: Contact | None = None,
) -> View:
    """What the agenda shows, as the command's options say.

    Raises:
        InputError: `until` is past.
        UnknownName: No plugin has that name.
    """
    from crm_core.steps import Agenda

    book = app.book
    if until is not None and until < book.today:
        raise InputError(
            f"--until {until} is past", "Give a day from today on; `crm agenda --all` shows what was done."
        )
    wanted = _plugin_named(app, plugin) if plugin is not None else None
    horizon = day_end(until or book.today + WEEK, book.zone)
    begin = day_start(since, book.zone) if since else datetime.min.replace(tzinfo=book.zone)
    computed = Agenda(book, app.host, begin, horizon if until else book.now)
    entries = [
        entry
        for entry in computed.entries
        if (everything or since is not None or entry.open)
        and wanted in {None, entry.plugin}
        and (person is None or entry.person == person.id)
    ]
    if app.flags.demo:
        entries = [msgspec.structs.replace(e, command=app.output.typed(e.command)) for e in entries]
    ahead = [] if person or plugin else interviews_ahead(book, horizon)
    return View(ahead=ahead, entries=entries, horizon=horizon, until=until)


def show_agenda(app: App, view: View) -> None:
    """Lay the agenda out for a person; of an empty book, say what to type."""
    if view.ahead or view.entries or _started(app.book):
        with app.output.paged():
            _Screen(app).show(view)
        return
    for line in ("The demo has not been made yet: crm demo",) if app.flags.demo else FIRST_WORDS:
        app.output.line(line)


def tell_failed(app: App, what: str = "agenda") -> None:
    """End with what the agenda (or another screen made of plugins' answers) lacks, if a plugin failed.

    Raises:
        PartlyDone: One did.
    """
    if app.host.failed:
        names = ", ".join(plugin.name for plugin in app.host.failed)
        raise PartlyDone(f"The {what} lacks the part of: {names}", "`crm plugins` says what went wrong.")


def _plugin_named(app: App, name: str) -> str:
    """The full name of a plugin; `crm_` may be left out."""
    names = [plugin.name for plugin in app.host.plugins]
    found = next((full for full in (name, f"crm_{name}") if full in names), None)
    if found is None:
        raise UnknownName(f"There is no plugin {name[:60]!r}", f"There are: {', '.join(names) or 'none'}.")
    return found


def interviews_ahead(book: Book, until: datetime) -> list[Ahead]:
    """The interviews that have not ended and begin by then, in order."""
    from crm_core.lookup import application_label

    found = sorted((i for i in book.interviews if i.end > book.now and i.start <= until), key=lambda i: i.start)
    return [
        Ahead(
            id=interview.id,
            title=application_label(book, book.applications.get(interview.application)),
            start=interview.start,
            end=interview.end,
            panel=_names(book, interview),
        )
        for interview in found
    ]


def _names(book: Book, interview: Interview) -> tuple[str, ...]:
    people = (book.contacts.find(seat.contact) for seat in interview.panel)
    return tuple(person.name for person in people if person is not None)


def _started(book: Book) -> bool:
    return any(len(book.table(kind.type)) for kind in book.kinds)


class _Screen:
    """The agenda for a person: sections, two lines a step, the command to type."""

    def __init__(self, app: App) -> None:
        self._output: Output = app.output
        self._now = app.book.now
        self._zone = app.book.zone
        self._prefix = app.prefix

    def show(self, view: View) -> None:
        entries = view.entries
        ahead = [e for e in entries if e.state == "ahead"]
        later = [e for e in ahead if day_start(e.due, self._zone) > view.horizon]
        soon = [e for e in ahead if day_start(e.due, self._zone) <= view.horizon]
        until = f"Until {say_day(view.until, self._now.date())}" if view.until else f"Next {WEEK.days} days"
        self._interviews(view.ahead)
        self._section("Overdue", [e for e in entries if e.state == "overdue"], "late")
        self._section("Today", [e for e in entries if e.state == "due"])
        self._section(until, soon)
        self._section("Waiting on others", [e for e in entries if e.state == "waiting"])
        self._section("Done, snoozed, skipped", [e for e in entries if e.state in {"done", "snoozed", "skipped"}])
        if not entries:
            self._output.line("Nothing to do.")
        if later:
            last = max(day_start(entry.due, self._zone).date() for entry in later)
            self._remark(f"{len(later)} more later: {self._prefix} agenda --until {last}")
        if any(e.state in {"overdue", "due", "ahead"} for e in entries):
            self._remark(f"When a step is done: {self._prefix} done STEP, with the letters before it.")

    def _remark(self, text: str) -> None:
        for line in self._output.wrap(text).split("\n"):
            self._output.line(line, "dim")

    def _interviews(self, ahead: Sequence[Ahead]) -> None:
        if not ahead:
            return
        self._output.line("Interviews ahead", "heading")
        for interview in ahead:
            people = f", with {', '.join(map(_unbroken, interview.panel))}" if interview.panel else ""
            text = f"{say_when(interview.start, self._now)}: {_short(interview.title)}{_short(people)}"
            self._item(interview.id, text, ())
        self._output.line()

    def _section(self, title: str, entries: Sequence[Entry], style: Style = "heading") -> None:
        if not entries:
            return
        self._output.line(f"{title} ({len(entries)})", style)
        for entry in entries:
            self._item(entry.handle, f"{_short(entry.title)}, {self._when(entry)}", self._details(entry))
        self._output.line()

    def _item(self, handle: str, text: str, details: Iterable[str]) -> None:
        indent = max(len(handle) + 4, 8)
        wrapped = self._output.wrap(text, indent).replace(_GLUE, " ")
        self._output.block(f"  {handle:<{indent - 2}}{wrapped}")
        for detail in filter(None, details):
            self._output.block(" " * indent + self._output.wrap(_short(detail), indent))

    def _when(self, entry: Entry) -> str:
        if entry.done is not None:
            return self._said("done", entry.done)
        if entry.state == "waiting":
            return self._said("not before", entry.starts)
        due = self._said("due", entry.due)
        return f"{due}, {self._said('at the latest', entry.late)}" if entry.late != entry.due else due

    def _said(self, what: str, when: Deadline) -> str:
        return _unbroken(f"{what} {say_when(when, self._now)}")

    def _details(self, entry: Entry) -> Iterable[str]:
        yield f"you wait for {entry.waiting_for}" if entry.state == "waiting" and entry.waiting_for else entry.why
        yield entry.note
        if entry.done is None:
            yield entry.command


def _short(text: str) -> str:
    """One line: a name in it must neither make a line that looks like the command to type, nor fill the screen."""
    return shorten(text, LONGEST_ITEM)


def _unbroken(text: str) -> str:
    """Words that stay on one line, unless that would be a long one."""
    return text.replace(" ", _GLUE) if len(text) <= LONGEST_UNBROKEN else text
