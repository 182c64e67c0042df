"""Further interviews of an application, and questions for them: prepared, asked, answered. Nothing here prints."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec.structs import replace

from crm_core import AmbiguousName, InputError, Question, application_label, day_of

if TYPE_CHECKING:
    from crm_core import Application, Book, FeedItem, Interview

State: TypeAlias = Literal["prepared", "asked", "answered"]


def question_state(question: Question) -> State:
    """How a question stands."""
    if question.answer:
        return "answered"
    return "asked" if question.asked is not None else "prepared"


def earlier(book: Book, interview: Interview) -> list[Interview]:
    """The interviews of the same application that began before it; it is a further one if there is any."""
    others = book.interviews.where("application", interview.application)
    return sorted((other for other in others if other.start < interview.start), key=lambda other: other.start)


def prepared_for(book: Book, interview: Interview) -> list[Question]:
    """The questions that can be asked in an interview; of one that was held, those that could be."""
    return [q for q in book.questions.where("application", interview.application) if _served(book, q, interview)]


def _served(book: Book, question: Question, interview: Interview) -> bool:
    if question.asked is not None and (question.interview == interview.id or question.asked <= day_of(interview.at)):
        return question.interview == interview.id
    known_then = question.written is not None and question.written <= day_of(interview.at)
    return known_then or interview.start > book.now


def prepare(book: Book, application: Application, text: str) -> Question:
    """Add a question, inside an open change set.

    Raises:
        InputError: It is empty, or prepared already.
    """
    words = " ".join(text.split())
    if not any(map(str.isalnum, words)):
        raise InputError("The question is empty", 'Say what to ask: crm research ask Acme "Who runs the fleet?"')
    known = book.questions.where("application", application.id)
    same = next((q for q in known if q.asked is None and q.text.casefold() == words.casefold()), None)
    if same is not None:
        raise InputError(f"{same.id} asks that already", "`crm research questions` lists them all.")
    return book.questions.add(Question(application=application.id, text=words, written=book.today))


def application_for(book: Book, item: FeedItem) -> Application:
    """The application that a piece of news is of use for: the company's only one that is alive.

    Raises:
        InputError: None is.
        AmbiguousName: Several are.
    """
    live = [found for found in book.applications.where("company", item.company) if found.alive]
    if len(live) == 1:
        return live[0]
    company = book.companies.get(item.company).name
    if not live:
        raise InputError(f"No application at {company} is alive", "Say which one by its id: crm application list")
    listed = "; ".join(f"{found.id} {application_label(book, found)}" for found in live)
    raise AmbiguousName(f"Several applications at {company} are alive", f"{listed}. Give the id instead of {item.id}.")


def record_asked(
    book: Book, question: Question, interview: Interview | None, answer: str, on: date | None = None
) -> Question:
    """Record that a question was asked, and perhaps answered, inside an open change set.

    Args:
        book: The book.
        question: Which.
        interview: Where; None if it was elsewhere.
        answer: What they said; what was recorded before stays if it is empty.
        on: When; by default what was recorded before, else the interview's day or today.

    Raises:
        InputError: The interview is another application's, or that is still ahead.
    """
    if interview is not None and interview.application != question.application:
        raise InputError(
            f"{interview.id} is no interview of {question.application}, which {question.id} is for",
            f"`crm application show {question.application}` lists its interviews.",
        )
    same = question.interview == (interview.id if interview is not None else None)
    recorded = question.asked if same else None
    asked = on or recorded or (day_of(interview.at) if interview is not None else book.today)
    if (interview is not None and interview.start > book.now) or asked > book.today:
        raise InputError("That is still ahead", f"Record what became of {question.id} when it has come to that.")
    where = interview.id if interview is not None else None
    words = " ".join(answer.split()) or question.answer
    return book.questions.save(replace(question, asked=asked, interview=where, answer=words))


def last_held(book: Book, question: Question) -> Interview | None:
    """The last interview of a question's application that has begun, if the question was thought of by then."""
    held = [i for i in book.interviews.where("application", question.application) if i.start <= book.now]
    last = max(held, key=lambda interview: interview.start, default=None)
    return last if last is not None and day_of(last.at) >= (question.written or day_of(last.at)) else None
