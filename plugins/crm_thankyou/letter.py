"""The letters to the lead interviewer: the thank-you letter, and the proposal of somebody who would begin tomorrow."""

from __future__ import annotations

from pathlib import Path

from crm_core import LetterKind

THANK_YOU = "thank-you"
SUBJECT = (
    "Thank you for our conversation{% if interview %} on {{ interview.day }}{% endif %}"
    "{% if role %} ({{ role }}){% endif %}"
)
PROPOSAL_SUBJECT = (
    "A proposal{% if company %} for {{ company }}{% endif %}"
    "{% if interview %}, after our conversation on {{ interview.day }}{% endif %}"
)


def thank_you() -> LetterKind:
    """The thank-you letter; its text is `templates/thank-you.txt`."""
    return LetterKind(
        name=THANK_YOU, family="thanks", label="thank-you letter", subject=SUBJECT, body=_text("thank-you.txt")
    )


def proposal() -> LetterKind:
    """The proposal: their problem, and how the user would solve it; its text is `templates/proposal.txt`.

    A family of its own: it thanks for nothing.
    """
    return LetterKind(
        name="proposal", family="proposal", label="proposal", subject=PROPOSAL_SUBJECT, body=_text("proposal.txt")
    )


def _text(name: str) -> str:
    return (Path(__file__).with_name("templates") / name).read_text("utf-8")
