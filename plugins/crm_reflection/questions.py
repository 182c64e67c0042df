"""The fourteen questions, how each is answered, and how an answer is read and said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from crm_core import InputError

if TYPE_CHECKING:
    from crm_reflection.records import Value

Sort = Literal["yes or no", "1 to 5", "words"]
YES: Final = frozenset({"yes", "y", "true"})
NO: Final = frozenset({"no", "n", "false"})
NONE: Final = frozenset({*NO, "none", "nothing", "-"})
LONGEST: Final = 20_000


class Question(NamedTuple):
    """One question to oneself.

    Args:
        key: Its name on the command line and in JSON.
        sort: How it is answered.
        text: The question.
        scale: What 1 and 5 mean, or else how to answer.
    """

    key: str
    sort: Sort
    text: str
    scale: str = ""

    @property
    def prompt(self) -> str:
        """The question with how to answer it."""
        return f"{self.text} ({self.scale or self.sort})"


QUESTIONS: Final = (
    Question("punctual", "yes or no", "Were you there in good time?"),
    Question("kind", "yes or no", "Were you polite and warm with everybody you met, the front desk included?"),
    Question("presentation", "1 to 5", "How well did your clothes and manner suit the place?", "1 badly, 5 perfectly"),
    Question("fit", "1 to 5", "How well do you and this company suit one another?", "1 not at all, 5 fully"),
    Question("work", "1 to 5", "How much would you like doing this work, day by day?", "1 hardly, 5 very much"),
    Question("people", "1 to 5", "How well would you get on with those you met?", "1 badly, 5 very well"),
    Question("happy", "yes or no", "Could you be happy there?"),
    Question("confidence", "1 to 5", "How sure of yourself did your answers sound?", "1 shaky, 5 firm"),
    Question("feelings", "words", "How did it feel while you sat there?"),
    Question("reception", "1 to 5", "How did the hiring manager take your own questions?", "1 badly, 5 gladly"),
    Question("impression", "words", "All in all, what do you think of the company now?"),
    Question("mistakes", "words", "What went wrong, and why?", "words; no: nothing did"),
    Question("learned", "words", "What do you know now that you didn't before?"),
    Question("next-time", "words", "What will you change the next time?"),
)
BY_KEY: Final = {question.key: question for question in QUESTIONS}


def question_named(key: str) -> Question:
    """The question of that key.

    Raises:
        InputError: There is none.
    """
    found = BY_KEY.get(key.strip().casefold().replace("_", "-"))
    if found is None:
        raise InputError(f"There is no question {key.strip()[:40]!r}", f"Questions: {', '.join(BY_KEY)}.")
    return found


def read_answer(question: Question, text: str) -> Value:
    """What was typed, as the sort of answer that the question has.

    Raises:
        InputError: It is none.
    """
    plain = text.strip()
    word = plain.casefold()
    if question.sort == "words":
        return _words(question, "no" if question.key == "mistakes" and word.rstrip(".!") in NONE else plain)
    if question.sort == "1 to 5" and word in {"1", "2", "3", "4", "5"}:
        return int(word)
    if question.sort == "yes or no" and word in YES | NO:
        return word in YES
    how = "with a number from 1 to 5" if question.sort == "1 to 5" else "with yes or no"
    raise InputError(f"{plain[:40]!r} does not answer {question.key!r}", f"Answer {how}: {question.text}")


def said(value: Value) -> str:
    """An answer as it is shown, and as it can be typed again."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def regrets(question: Question, value: Value) -> bool:
    """Whether an answer asks for a resolution: something went wrong, or is to be done differently."""
    return question.key == "next-time" or (question.key == "mistakes" and value != "no")


def _words(question: Question, text: str) -> str:
    if not text:
        raise InputError(f"The answer to {question.key!r} is empty", question.text)
    if len(text) > LONGEST:
        raise InputError(f"The answer to {question.key!r} is longer than {LONGEST:,} characters", "Say it shorter.")
    return text
