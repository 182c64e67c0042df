"""What `crm interview log` and `crm application add` ask where they are not given it. How one asks is `guided.py`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm_core import words
from crm_core.cli.dialog.guided import one_of, said_new
from crm_core.cli.given import has_come
from crm_core.cli.params import DATE, LENGTH
from crm_core.cli.values import WEB_ADDRESS
from crm_core.dates import zone_named
from crm_core.errors import InputError
from crm_core.lookup import application_label
from crm_core.network import find_by_name
from crm_core.pipeline import live_applications
from crm_core.records import STAGES, Application

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from crm_core.cli.dialog.guided import Questions
    from crm_core.records import Company, Contact

KINDS: Final = ("phone", "video", "on site")


def interview_questions(questions: Questions) -> None:
    """Where, when, with whom, how, and when news will come."""
    company = _place(questions)
    _moment(questions)
    _panel(questions, company)
    questions.may("kind", f"How: {', '.join(KINDS)}", offered=lambda: KINDS)
    questions.need("length", "How long", lambda text: LENGTH.convert(text, None, None), "60m")
    questions.may("hear_by", "By when you will hear from them", lambda text: _day(questions, text))
    questions.may("hear_how", "How you will hear from them")


def application_questions(questions: Questions) -> None:
    """At which company, for which role, and how far it is."""
    given = questions.given
    company = _company(questions)
    if questions.lacks("role"):
        given["role"] = questions.asked(
            "Role", lambda text: _new_role(questions, company, text), offered=lambda: _roles(questions)
        )
    questions.need(
        "stage", f"Stage: {', '.join(STAGES)}", lambda text: one_of(STAGES, text, "a stage"), "applied", lambda: STAGES
    )
    questions.need("on", "Since when", lambda text: _past_day(questions, text), "today")
    questions.may("url", "Where the posting is, its address", lambda text: WEB_ADDRESS.convert(text, None, None))
    questions.may("source", "How you came to know of it")
    if given["stage"] == "wishlist":
        questions.may("closes", "Until when one can apply", lambda text: _day(questions, text))
    elif given["stage"] == "offer":
        questions.may("respond_by", "Until when it is to be answered", lambda text: _day(questions, text))
    else:
        questions.may("cv", "Which CV went out")


def _place(questions: Questions) -> Company:
    """The company, known or new. In the values stands what says which application is meant, if there is one."""
    book, given = questions.book, questions.given

    def read(text: str) -> Application | Company:
        return book.applications.find(text) or questions.company(text)

    typed = given["company"]
    meant = (
        read(typed) if typed else questions.asked("Company, or an application's id", read, offered=questions.companies)
    )
    company = book.companies.get(meant.company) if isinstance(meant, Application) else meant
    application = meant if isinstance(meant, Application) else _application_at(questions, meant)
    given["company"] = application.id if application is not None else company.id or company.name
    if application is not None:
        questions.say(f"{application.id} {application_label(book, application)}, {application.stage}")
    else:
        questions.say(said_new(company))
        questions.may("role", "Role")
    return company


def _application_at(questions: Questions, company: Company) -> Application | None:
    """The company's application that is alive; of several the one that is named."""
    live = live_applications(questions.book, company, questions.given["role"]) if company.id else []
    if len(live) < 2:
        return live[0] if live else None
    for one in live:
        questions.say(f"{one.id} {one.role}, {one.stage}")
    ids = [one.id for one in live]
    chosen = questions.asked(
        "Which of them, its id", lambda text: one_of(ids, text, "one of them"), offered=lambda: ids
    )
    return questions.book.applications.get(chosen)


def _moment(questions: Questions) -> None:
    book, given = questions.book, questions.given
    zone = zone_named(given["tz"]) if given["tz"] else None

    def read(text: str) -> str:
        questions.say_when(words.read_moment(text, book.now, zone))
        return text

    given["at"] = read(given["at"]) if given["at"] else questions.asked("When, as in friday 14:00", read)


def _panel(questions: Questions, company: Company) -> None:
    """Who interviews, one by one, and who of them leads."""
    given = questions.given
    people = [questions.person(name, company) for name in given["people"]]
    if questions.lacks("people"):
        people = list(_named(questions, company))
    given["people"] = tuple(_settled(person) for person in people)
    if not questions.lacks("lead"):
        given["lead"] = _settled(_among(people, given["lead"]) or questions.person(given["lead"], company))
    elif len(set(given["people"])) > 1:
        given["lead"] = questions.asked("Who leads it", lambda text: _leader(people, text), people[0].name)


def _named(questions: Questions, company: Company) -> Iterator[Contact]:
    label = "With whom (Enter: not said)"
    while True:
        person = questions.asked(
            label, lambda text: questions.person(text, company) if text else None, "", questions.people
        )
        if person is None:
            return
        questions.say(said_new(person))
        yield person
        label = "Who else (Enter: nobody)"


def _leader(people: Sequence[Contact], text: str) -> str:
    found = _among(people, text)
    if found is None:
        listed = ", ".join(person.name for person in people)
        raise InputError(f"{text[:60]!r} is not one of them", f"They are: {listed}.")
    return _settled(found)


def _among(people: Sequence[Contact], text: str) -> Contact | None:
    """The one of them who is named by id, name or a part of it; the first of several."""
    entries = ((str(number), (person.id, person.name, person.nickname)) for number, person in enumerate(people))
    hits = find_by_name(text, entries)
    return people[int(hits[0])] if hits else None


def _settled(person: Contact) -> str:
    """What says beyond doubt who is meant."""
    return person.id or person.name


def _company(questions: Questions) -> Company:
    typed = questions.given["company"]
    company = (
        questions.company(typed) if typed else questions.asked("Company", questions.company, None, questions.companies)
    )
    questions.given["company"] = company.id or company.name
    questions.say(said_new(company))
    return company


def _new_role(questions: Questions, company: Company, text: str) -> str:
    """A role, of which the company has no application that is alive."""
    again = not company.id or questions.given["again"]
    known = [] if again else live_applications(questions.book, company, text)
    if known:
        raise InputError(
            f"{known[0].id} {application_label(questions.book, known[0])} is in the book already",
            "Ctrl-C ends this; with --again a second one is added.",
        )
    return text


def _roles(questions: Questions) -> Iterable[str]:
    return (application.role for application in questions.book.applications)


def _day(questions: Questions, text: str) -> date:
    day = DATE.convert(text, None, None)
    questions.say_when(day)
    return day


def _past_day(questions: Questions, text: str) -> date:
    day = _day(questions, text)
    has_come(questions.book, day)
    return day
