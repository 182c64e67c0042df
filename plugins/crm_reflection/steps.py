"""When an interview is to be thought over: the same evening, at the latest a day after its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_core import Moment, Step, employer_of, evening_after, hours_after, long_over, say_day, say_when
from crm_reflection.answers import answers_to, held_on, reflection_of, standing
from crm_reflection.questions import QUESTIONS
from crm_reflection.settings import ReflectionSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from crm_core import Book, Interview
    from crm_reflection.answers import Standing


def reflect_steps(book: Book, until: datetime) -> Iterator[Step]:
    """A step for each interview that ends by then; those that have expired without being done are left out."""
    settings = book.settings(ReflectionSettings)
    for interview in book.interviews:
        if long_over(book, interview, settings.expires_days) and not reflection_of(book, interview).id:
            continue
        end = interview.end
        if end <= until:
            where = standing(book, interview)
            if where.done is not None or _expires(end, settings) >= book.now:
                yield _step(book, interview, settings, where)


def missed(book: Book, interview: Interview) -> bool:
    """Whether the time for it has run out and it was not done."""
    over = _expires(interview.end, book.settings(ReflectionSettings)) < book.now
    return over and standing(book, interview).done is None


def _step(book: Book, interview: Interview, settings: ReflectionSettings, where: Standing) -> Step:
    end, employer = interview.end, employer_of(book, interview)
    company = employer.name if employer is not None else ""
    due = evening_after(end)
    return Step(
        kind="reflect",
        about=interview.id,
        title=f"Reflect on the interview{f' at {company}' if company else ''}",
        why=_why(book, interview, where.stale),
        starts=end,
        due=due,
        late=max(due, hours_after(end, settings.late_hours)),
        expires=_expires(end, settings),
        command=f"crm reflect {interview.id}",
        outlives=True,
        done=where.done.at if isinstance(where.done, Moment) else where.done,
    )


def _expires(end: datetime, settings: ReflectionSettings) -> datetime:
    """Days are those of the calendar where the interview was; never before it is due."""
    return max(evening_after(end), end + timedelta(days=settings.expires_days))


def _why(book: Book, interview: Interview, stale: date | None) -> str:
    if stale is not None:
        thought, held = say_day(stale, book.today), say_day(held_on(book, interview), book.today)
        return f"what you thought ({thought}) is from before the interview ({held})"
    answered = len(answers_to(book, interview))
    so_far = f"; {answered} of {len(QUESTIONS)} questions answered" if answered else ""
    return f"It {'ended' if interview.end <= book.now else 'ends'} {say_when(interview.end, book.now)}{so_far}"
