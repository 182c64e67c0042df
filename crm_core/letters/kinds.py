"""What a kind of letter is: plugins bring kinds, the core drafts them."""

from __future__ import annotations

from typing import Final

import msgspec

THANKS: Final = "thanks"
"""The family of letters that thank somebody for an interview; whichever of them was sent, the person is thanked."""

CHANNELS: Final = ("email", "post", "message", "video")
"""The ways in which a letter can go out; for a video it is the script."""

LONGEST: Final = 200_000
"""Characters that a letter may have at the most."""


class LetterKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of letter.

    Templates are Jinja2 text. What they may use is documented at `facts.facts_for`; besides, `channel` (one of
    `CHANNELS`), `letterhead` (lines above a letter by post, none elsewhere), `signature` (lines below it),
    `blank("what you talked about")` for what only the user knows, and the filter `sentence`, which ends a text with a
    full stop unless it ends with a mark of its own. In a video's script a line in single brackets, `[smile]`, is a
    cue: it is not said. They run in a sandbox that has those of Jinja2's filters and of Python's methods that make
    nothing large of little; see `sandbox.py`.

    A user's own file `templates/NAME.txt`, beside the settings, goes before the plugin's; see `rendering.own_template`.

    Args:
        name: What `crm letter draft` calls it: `thank-you`.
        label: Its name in words: `thank-you letter`.
        subject: The subject's template; line breaks in the result become spaces.
        body: The text's template.
        family: Kinds of one family do the same for a person: `thanks`.
    """

    name: str
    label: str
    subject: str
    body: str
    family: str = ""
