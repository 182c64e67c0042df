"""The letter to one of a panel: its text is `templates/panel.txt`."""

from __future__ import annotations

from pathlib import Path

from crm_core import LetterKind

PANEL = "panel"
SUBJECT = (
    "{% set day = ' on ' ~ interview.day if interview else '' %}"
    "{{ ['Thank you for your time' ~ day, 'Our conversation' ~ day, 'Thank you, ' ~ contact.first,"
    " 'After the interview' ~ day, 'Your questions' ~ day][(seat.place + 9 * met) % 5] }}"
    "{% if role %} ({{ role }}){% endif %}"
)


def panel_letter() -> LetterKind:
    """The kind of letter; of the family `thanks`, so that whoever got a thank-you letter needs none."""
    template = Path(__file__).with_name("templates") / "panel.txt"
    return LetterKind(
        name=PANEL,
        family="thanks",
        label="letter to one of the panel",
        subject=SUBJECT,
        body=template.read_text("utf-8"),
    )
