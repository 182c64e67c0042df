"""The letter that asks for news: its template, and the channel that was agreed on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from crm_core import LetterKind

ASKING: Final = "hearback"
SUBJECT: Final = (
    "{% if interview %}Following up on our conversation on {{ interview.day }}{% else %}Following up on my application"
    "{% endif %}{% if role %} ({{ role }}){% endif %}"
)
_CHANNELS: Final = {"video": "video", "post": "post", "by letter": "post", "mail": "email"}
_MESSAGES: Final = ("message", "chat", "linkedin", "whatsapp", "signal", "telegram", "sms", "text")


def asking() -> LetterKind:
    """The kind of letter; its text is `templates/hearback.txt`."""
    template = Path(__file__).with_name("templates") / "hearback.txt"
    return LetterKind(
        name=ASKING, family=ASKING, label="letter asking for news", subject=SUBJECT, body=template.read_text("utf-8")
    )


def agreed_channel(how: str) -> str:
    """How a letter goes out where news was said to come that way: `email`, `post`, `message` or `video`.

    Args:
        how: What was said, in the user's words: `by e-mail`, `they phone me`; where no letter goes that way, by e-mail.
    """
    said = how.casefold()
    if any(word in said for word in _MESSAGES):
        return "message"
    return next((channel for word, channel in _CHANNELS.items() if word in said), "email")


def by_phone(how: str) -> bool:
    """Whether they said that they would phone."""
    return any(word in how.casefold() for word in ("phone", "call", "ring "))
