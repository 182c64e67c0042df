"""What this plugin keeps: a reflection for each interview, an answer for each question that was answered.

A question is known by its key, so that questions may come and go without a change to what is stored.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from crm_core import Interview, OwnedBy, Part, Record, When

Value: TypeAlias = bool | int | str
"""Yes or no; 1 to 5; or words."""


class Answer(Part, frozen=True, kw_only=True):
    """The answer to one question; `on` is the day on which it was given."""

    question: str
    value: Value
    on: date


class Reflection(Record, frozen=True, kw_only=True):
    """What the job-seeker thinks of an interview; `finished` is when they said that it is all."""

    interview: OwnedBy[Interview]
    answers: tuple[Answer, ...] = ()
    finished: When | None = None
