"""The letter that asks somebody to put in a word: its kind and its template."""

from __future__ import annotations

from pathlib import Path

from crm_core import LetterKind

REFERRAL = "referral"
SUBJECT = "A word at {{ company or blank('the company') }}{% if role %} ({{ role }}){% endif %}?"


def referral_request() -> LetterKind:
    """The kind of letter; its text is `templates/referral.txt`."""
    template = Path(__file__).with_name("templates") / "referral.txt"
    return LetterKind(
        name=REFERRAL,
        family=REFERRAL,
        label="referral request",
        subject=SUBJECT,
        body=template.read_text("utf-8"),
    )
