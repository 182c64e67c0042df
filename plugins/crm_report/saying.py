"""The words that the text and the page have in common: periods, sums, what came of an application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm_core import Book, Deadline, one_line, say_day, say_when
from crm_report.facts import Meeting, Report, Reported, Sent, Totals

GLUE = "\xa0"  # a no-break space


class Words:
    """Says what a report holds.

    Args:
        book: Whose present it is.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def day(self, day: date) -> str:
        """A day with its year, which no line end shall part."""
        return say_day(day, self._book.today).replace(" ", GLUE)

    def _time(self, when: Deadline) -> str:
        return say_when(when, self._book.now).replace(" ", GLUE)

    def title(self, report: Report) -> str:
        """What the report is."""
        since = f"from {self.day(report.since)} to" if report.since is not None else "until"
        return f"Applications {since} {self.day(report.until)}"

    def who(self, report: Report) -> list[str]:
        """Whose it is, and how to reach them."""
        me = report.me
        lines = (me.name, *me.address.splitlines(), ", ".join(filter(None, (me.email, me.phone))))
        return [line for line in map(one_line, lines) if line]

    def sums(self, totals: Totals) -> list[str]:
        """The sums, in up to three lines."""
        done = (
            _count(totals.sent, "sent", "sent"),
            _count(totals.interviews, "interview", "interviews"),
            _count(totals.people, "person met", "people met"),
            _count(totals.letters, "letter", "letters"),
        )
        lines = [f"{_count(totals.applications, 'application', 'applications')}: {', '.join(done)}"]
        if totals.stages:
            stages = ", ".join(f"{number:,} {stage}" for stage, number in totals.stages.items())
            lines.append(f"Today: {stages}")
        if totals.quiet:
            quiet = _count(totals.quiet, "older application is", "older applications are")
            lines.append(f"{quiet} still open, and had nothing new")
        return lines

    def heading(self, one: Reported) -> str:
        """As what, and where."""
        return ", ".join(filter(None, (one_line(one.role), one_line(one.company))))

    def facts(self, one: Reported) -> Iterator[tuple[str, list[str]]]:
        """Labels, each with its lines; those without any are left out."""
        pairs = (
            ("stages", [", ".join(f"{move.stage} {self.day(move.on)}" for move in one.moves)]),
            ("source", [one_line(one.source)]),
            ("posting", [one_line(one.url)]),
            ("CV", [one_line(one.cv)]),
            ("interviews", [self._meeting(meeting) for meeting in one.meetings]),
            ("letters", [self._letter(letter) for letter in one.letters]),
            ("next", list(self._next(one))),
            ("outcome", [self.outcome(one)]),
        )
        for label, lines in pairs:
            said = [line for line in lines if line]
            if said:
                yield label, said

    def outcome(self, one: Reported) -> str:
        """How it stands today."""
        since = f"{one.stage} since {self.day(one.since)}" if one.since is not None else one.stage
        if one.stage == "offer":
            return f"{since}, to be answered by {self.day(one.answer_by)}" if one.answer_by else since
        if one.stage in {"accepted", "rejected", "withdrawn", "ghosted"}:
            return f"{one.stage} on {self.day(one.since)}" if one.since is not None else one.stage
        return f"open: {since}"

    def _meeting(self, meeting: Meeting) -> str:
        number = f"round {meeting.round}" if meeting.round else ""
        people = f"with {', '.join(map(one_line, meeting.people))}" if meeting.people else ""
        return ", ".join(filter(None, (self._time(meeting.at), number, one_line(meeting.kind), people)))

    def _letter(self, letter: Sent) -> str:
        return f"{self.day(letter.on)}: {one_line(letter.kind)} to {one_line(letter.to)}"

    def _next(self, one: Reported) -> Iterator[str]:
        if one.next_interview is not None:
            yield f"interview {self._time(one.next_interview)}"
        if one.next_due is not None:
            yield f"{one_line(one.next_step)}, by {self._time(one.next_due)}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
