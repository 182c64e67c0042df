"""What research calls for: the week's news of a company; before a further interview the day's, and questions to ask.

The day's news has one step for each interview, without a slot, which is open again every morning: a slot that is a day
would make it a new step each day, of which marks and calendars would pile up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from crm_core import InputError, Step, application_label, check_row, day_of, say_day, say_when
from crm_research.news import keep_state, state_of, unread
from crm_research.preparing import earlier, prepared_for
from crm_research.records import FeedState
from crm_research.settings import ResearchSettings

if TYPE_CHECKING:
    from crm_core import Application, Book, Company, Entry, Interview, Row, When

READ, DAILY, PREPARE = "read", "daily", "prepare"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Standing(NamedTuple):
    """How a company's news stand: when they were last looked at, and how many are unread."""

    looked: date | None
    unread: int


def research_steps(book: Book) -> Iterator[Step]:
    """All steps of all applications."""
    states: dict[str, list[FeedState]] = {}
    for state in book.table(FeedState):
        states.setdefault(state.company, []).append(state)
    for application in book.applications:
        company = book.companies.find(application.company)
        further = _further(book, application)
        if company is None:
            continue
        yield from (step for interview in further for step in _prepare(book, application, interview))
        if application.alive and company.feeds:
            standing = _standing(book, company, states.get(company.id, []))
            ahead = [interview for interview in further if interview.start > book.now]
            daily = [_daily(book, company, interview, standing) for interview in ahead]
            yield from daily
            if not any(day_of(step.starts) <= book.today for step in daily):
                yield _weekly(book, application, company, standing)


def record_read(book: Book, step: Step, on: When) -> bool:
    """Record, inside an open change set, that a company's news was read, in this program or elsewhere.

    False for questions, and for a week's news on a day of another week.

    Raises:
        InputError: The day's news is today's, and on another day it was another's.
    """
    application = book.applications.find(step.about)
    if step.kind == PREPARE or application is None:
        return False
    day = day_of(on)
    if step.kind == DAILY and day != book.today:
        raise InputError("The day's news can only be read today", "Leave --on away.")
    if step.kind == READ and not monday_of(book.today) <= day <= book.today:
        return False
    company = book.companies.get(application.company)
    for feed in company.feeds:
        keep_state(book, replace(state_of(book, company, feed), looked=day))
    for item in unread(book, company.id):
        book.feed_items.save(replace(item, state="read"))
    return True


def research_row(book: Book, interview: Interview, steps: Sequence[Entry]) -> Row:
    """Where research stands after an interview, or before it if it is a further one."""
    title = "Go on finding out about them"
    following = interview if interview.end > book.now and earlier(book, interview) else _following(book, interview)
    if following is None:
        return check_row(book, 7, title, (), "no further interview is set")
    mine = [step for step in steps if step.key.split("/")[1] != READ and following.id in step.key.split("/")]
    wanted = book.settings(ResearchSettings).questions
    missed = following.start <= book.now and len(prepared_for(book, following)) < wanted
    application = book.applications.find(interview.application)
    alive = application is not None and application.alive
    nothing = "no questions are wanted" if alive else "the application has ended"
    return check_row(book, 7, title, mine, nothing, missed=missed and alive)


def monday_of(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(days=day.weekday())


def _further(book: Book, application: Application) -> list[Interview]:
    """Its interviews but the first; several that begin together are all the first or none."""
    interviews = book.interviews.where("application", application.id)
    first = min((interview.start for interview in interviews), default=None)
    return [interview for interview in interviews if first is not None and interview.start > first]


def _following(book: Book, interview: Interview) -> Interview | None:
    others = book.interviews.where("application", interview.application)
    return min((i for i in others if i.start > interview.start), key=lambda i: i.start, default=None)


def _standing(book: Book, company: Company, states: Sequence[FeedState]) -> Standing:
    """A feed that can't be fetched is no reason to have read nothing: the last that could says when."""
    current = [state for state in states if state.feed in company.feeds]
    days = [day_of(state.fetched) for state in current if state.fetched is not None]
    days += [state.looked for state in current if state.looked is not None]
    return Standing(max(days, default=None), len(unread(book, company.id)))


def _weekly(book: Book, application: Application, company: Company, standing: Standing) -> Step:
    monday = monday_of(book.today)
    year, week, _ = monday.isocalendar()
    fresh = standing.looked is not None and standing.looked >= monday
    done = standing.looked if fresh and not standing.unread else None
    return Step(
        kind=READ,
        about=application.id,
        slot=f"{year}-W{week:02}",
        title=f"Read the news of {company.name}",
        why=_news_why(book, standing, fresh=fresh, because=f"your application stands at {application.stage}"),
        starts=monday,
        due=monday + timedelta(days=6),
        command=_news_command(company, fresh=fresh, done=done),
        done=done,
    )


def _daily(book: Book, company: Company, interview: Interview, standing: Standing) -> Step:
    fresh = standing.looked == book.today
    done = standing.looked if fresh and not standing.unread else None
    because = f"the next interview is {say_when(interview.at, book.now)}"
    return Step(
        kind=DAILY,
        about=interview.application,
        refs=(interview.id,),
        title=f"Read the day's news of {company.name}",
        why=_news_why(book, standing, fresh=fresh, because=because),
        starts=_begins(book, interview),
        due=_day_before(interview),
        expires=interview.start,
        command=_news_command(company, fresh=fresh, done=done),
        done=done,
    )


def _prepare(book: Book, application: Application, interview: Interview) -> Iterator[Step]:
    """The questions for a further interview: while it is ahead, and as finished after it."""
    wanted = book.settings(ResearchSettings).questions
    ready = prepared_for(book, interview)
    enough = len(ready) >= wanted
    if not wanted or not (enough or interview.start > book.now):
        return
    starts = _begins(book, interview)
    # Where nobody wrote down when a question was thought of, it is taken to have been there from the beginning.
    written = sorted(question.written or starts for question in ready)
    yield Step(
        kind=PREPARE,
        about=application.id,
        refs=(interview.id,),
        title=f"Prepare {_count(wanted)} for {application_label(book, application)}",
        why=f"{len(ready)} of {wanted} prepared; the interview is {say_when(interview.at, book.now)}",
        starts=starts,
        due=_day_before(interview),
        expires=interview.start,
        command="" if enough else f'crm research ask {application.id} "..."',
        done=written[wanted - 1] if enough else None,
    )


def _begins(book: Book, interview: Interview) -> date:
    """Some days before it, but not before the interview that comes before it has ended."""
    span = timedelta(days=book.settings(ResearchSettings).prepare_days)
    ended = max(day_of(other.end) for other in earlier(book, interview))
    return min(max(day_of(interview.at) - span, ended), _day_before(interview))


def _day_before(interview: Interview) -> date:
    return day_of(interview.at) - timedelta(days=1)


def _news_why(book: Book, standing: Standing, *, fresh: bool, because: str) -> str:
    if fresh and standing.unread:
        return f"{standing.unread} unread; {because}"
    if standing.looked is None:
        return f"never fetched; {because}"
    return f"last fetched {say_day(standing.looked, book.today)}; {because}"


def _news_command(company: Company, *, fresh: bool, done: date | None) -> str:
    if done is not None:
        return ""
    return f"crm research list {company.id} --unread" if fresh else f"crm research fetch {company.id}"


def _count(wanted: int) -> str:
    number = NUMBERS[wanted] if wanted < len(NUMBERS) else str(wanted)
    return f"{number} {'question' if wanted == 1 else 'questions'}"
