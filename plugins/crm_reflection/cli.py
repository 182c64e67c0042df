"""`crm reflect`: answer the questions, by prompts, in an editor or by options; see the answers; compare interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm_core import (
    INTERVIEW,
    WHEN,
    Book,
    InputError,
    Interview,
    When,
    interview_label,
    json_option,
    moment_of,
    pass_book,
    say_when,
    show,
    show_one,
    someone_there,
    talk,
    told,
)
from crm_reflection.answers import answers_to, finish, record, reflection_of, standing, unanswered
from crm_reflection.questions import BY_KEY, QUESTIONS, question_named, read_answer, regrets, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_reflection.records import Value


@click.command(
    epilog="""\b
Examples:
  crm reflect
  crm reflect Bluewater --edit
  crm reflect i3 --answer punctual=yes --answer confidence=4
  crm reflect i3 --promise "prepare three examples" --by friday
  crm reflect --compare
"""
)
@click.argument("interviews", type=INTERVIEW, nargs=-1, metavar="[INTERVIEW]...")
@click.option("--answer", "given", multiple=True, metavar="QUESTION=ANSWER", help="An answer; nothing takes it away.")
@click.option("--all", "again", is_flag=True, help="Ask what is answered already, too.")
@click.option("--edit", is_flag=True, help="Answer in your editor.")
@click.option("--finish", "finished", is_flag=True, help="Record that you are finished, whatever is answered.")
@click.option("--promise", metavar="TEXT", help="Promise yourself something.")
@click.option("--by", "due", type=WHEN, metavar="WHEN", help="When the promise is due.")
@click.option("--question", "to_ask", multiple=True, metavar="TEXT", help="Something to ask in their next round.")
@click.option("--show", "only_show", is_flag=True, help="Only show the answers.")
@click.option("--compare", is_flag=True, help="Show interviews side by side: those named, or the last ones.")
@json_option
@pass_book
def reflect(
    book: Book,
    *,
    interviews: tuple[Interview, ...],
    given: tuple[str, ...],
    again: bool,
    edit: bool,
    finished: bool,
    promise: str | None,
    due: When | None,
    to_ask: tuple[str, ...],
    only_show: bool,
    compare: bool,
    as_json: bool,
) -> None:
    """Think an interview over: fourteen questions to yourself.

    INTERVIEW is an id, a company or a role: the last that ended. Without it, your last interview. At a terminal you
    are asked what is not answered yet, and each answer is kept at once: Enter skips, q stops. Elsewhere the answers
    are shown.
    """
    options = bool(given or finished or promise is not None or due is not None or to_ask)
    _check_one_way({"--compare": compare, "--show": only_show, "--edit": edit, "--all": again, "an answer": options})
    if compare:
        _compare(book, interviews, as_json=as_json)
        return
    interview = _meant(book, interviews)
    if not as_json:
        talk(f"Interview: {interview_label(book, interview)} ({interview.id})")
    if not only_show:
        _check_ended(book, interview)
    if options:
        answers = dict(_read(text) for text in given)
        _record(book, interview, answers, finished=finished, promise=promise, due=due, to_ask=to_ask, as_json=as_json)
    elif edit:
        from crm_reflection.form import reflect_in_editor

        _say_recorded(book, interview, reflect_in_editor(book, interview), as_json=as_json)
    elif only_show or as_json or not (someone_there() or again):
        _show(book, interview, as_json=as_json)
    else:
        _ask(book, interview, again=again)


def _check_one_way(ways: Mapping[str, bool]) -> None:
    chosen = [name for name, given in ways.items() if given]
    if len(chosen) > 1:
        raise InputError(f"{chosen[0]} and {chosen[1]} don't go together", "Give one of them.")


def _meant(book: Book, interviews: Sequence[Interview]) -> Interview:
    if len(interviews) > 1:
        raise InputError("Only one interview can be thought over at a time", "To see several: crm reflect --compare")
    last: Interview = interviews[0] if interviews else INTERVIEW.convert("", None, None)
    return book.interviews.get(last.id)


def _check_ended(book: Book, interview: Interview) -> None:
    if interview.end > book.now:
        raise InputError(
            f"{interview.id} has not ended yet: it ends {say_when(interview.end, book.now)}",
            f"Reflect on it then. Notes can be taken before: crm note add {interview.id} TEXT",
        )


def _read(text: str) -> tuple[str, Value | None]:
    """`question=answer`; an empty answer takes the one that is there away."""
    key, sign, words = text.partition("=")
    if not sign:
        raise InputError(f"{text[:60]!r} is not QUESTION=ANSWER", "For example: --answer confidence=4")
    question = question_named(key)
    return question.key, read_answer(question, words) if words.strip() else None


def _record(
    book: Book,
    interview: Interview,
    answers: dict[str, Value | None],
    *,
    finished: bool,
    promise: str | None,
    due: When | None,
    to_ask: Sequence[str],
    as_json: bool,
) -> None:
    """Everything that the options say, as one change."""
    if due is not None and promise is None:
        raise InputError("--by says when a promise is due, but there is none", "Give --promise, too.")
    from crm_reflection.resolving import keep_promise, keep_question

    with book.change(f"reflected on {interview.id}"):
        if answers:
            record(book, interview, answers)
        if finished:
            finish(book, interview, moment_of(book.now))
        kept = [keep_promise(book, interview, promise, due)] if promise is not None else []
        asked = [keep_question(book, interview, text) for text in to_ask]
    if as_json:
        told(_item(book, interview), "", as_json=True)
        return
    for new in kept:
        talk(f"Promised {new.id} {new.text}{f', due {say_when(due, book.now)}' if due is not None else ''}")
    for question in asked:
        talk(f"To ask in their next round: {question.id} {question.text}")
    _say_recorded(book, interview, answers, as_json=False, resolved=bool(kept or asked))


def _ask(book: Book, interview: Interview, *, again: bool) -> None:
    from crm_reflection.guide import guide

    if not again and not unanswered(book, interview):
        talk(f"Everything is answered. Ask again: crm reflect {interview.id} --all")
    else:
        talk("Enter skips a question; q stops, and what you answered is kept.")
        guide(book, interview, again=again)
    _say_standing(book, interview)


def _say_recorded(
    book: Book, interview: Interview, answers: Mapping[str, Value | None], *, as_json: bool, resolved: bool = False
) -> None:
    if as_json:
        told(_item(book, interview), "", as_json=True)
        return
    if answers:
        told(None, f"Recorded for {interview.id}: {', '.join(answers)}")
    _say_standing(book, interview)
    if not resolved and any(value is not None and regrets(BY_KEY[key], value) for key, value in answers.items()):
        talk(f'To act on it:  crm reflect {interview.id} --promise "TEXT" --by WHEN')
        talk(f'               crm reflect {interview.id} --question "TEXT FOR THEIR NEXT ROUND"')


def _say_standing(book: Book, interview: Interview) -> None:
    answered = len(answers_to(book, interview))
    where = standing(book, interview)
    end = "" if where.done is None else "; this reflection is done"
    talk(f"{answered} of {len(QUESTIONS)} questions are answered{end}.")
    if where.done is None:
        talk(f"Go on with: crm reflect {interview.id}; or leave it at that: crm reflect {interview.id} --finish")


def _show(book: Book, interview: Interview, *, as_json: bool) -> None:
    known = answers_to(book, interview)
    pairs = [(key, said(value)) for key, value in known.items()]
    show_one(_item(book, interview), pairs, as_json=as_json)
    if as_json:
        return
    if left := unanswered(book, interview):
        talk(f"Not answered: {', '.join(question.key for question in left)}")
        talk(f"For example: crm reflect {interview.id} --answer {left[0].key}=ANSWER")
    _say_standing(book, interview)


def _item(book: Book, interview: Interview) -> dict[str, Any]:
    """A reflection in JSON."""
    reflection, where = reflection_of(book, interview), standing(book, interview)
    return {
        "id": reflection.id or None,
        "interview": interview.id,
        "answers": answers_to(book, interview),
        "unanswered": [question.key for question in unanswered(book, interview)],
        "finished": reflection.finished,
        "done": where.done is not None,
    }


def _compare(book: Book, interviews: Sequence[Interview], *, as_json: bool) -> None:
    from crm_reflection.compare import columns, compared, to_compare

    chosen = to_compare(book, interviews)
    if not as_json:
        for interview in chosen:
            talk(f"{interview.id}  {interview_label(book, interview)}")
    extra = {"interviews": [interview.id for interview in chosen]}
    rows = compared(book, chosen)
    show(rows, columns(chosen), as_json=as_json, empty="None of them was thought over yet.", extra=extra)
