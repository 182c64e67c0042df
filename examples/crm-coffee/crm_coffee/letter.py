"""The letter that asks somebody for a coffee."""

from __future__ import annotations

from crm_core import LetterKind

SUBJECT = "A coffee?"
BODY = """\
{% if channel in ("message", "video") %}Hello{% else %}Dear{% endif %} {{ contact.first or blank("their name") }},

{% if company %}I am thinking about working at {{ company }}, and you know it better than I do. {% endif %}
Would you have half an hour for a coffee in the next two weeks? I would like to ask you about \
{{ blank("what only this person can tell you") }}.

The coffee is on me.

{{ signature | join("\n") }}
"""


def invitation() -> LetterKind:
    """The kind of letter."""
    return LetterKind(name="coffee", label="invitation to a coffee", subject=SUBJECT, body=BODY)
