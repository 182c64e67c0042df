"""Letters: kinds, what they may say, drafting, likeness, what was sent, and the way out as `.eml`, text or `mailto:`.

A letter is never sent by the program: it is drafted, edited, exported, and recorded as sent by the user. The record
itself is in `records.py`; commands that print letters are in `cli/`. Names are imported when they are first used: the
agenda only looks at what was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.lazily import lazily

if TYPE_CHECKING:
    from crm_core.letters.addressing import of_the_reader as of_the_reader
    from crm_core.letters.drafting import Drafted as Drafted
    from crm_core.letters.drafting import draft_each as draft_each
    from crm_core.letters.drafting import draft_letter as draft_letter
    from crm_core.letters.drafting import draft_or_open as draft_or_open
    from crm_core.letters.drafting import open_letter as open_letter
    from crm_core.letters.drafting import open_thanks as open_thanks
    from crm_core.letters.export import as_eml as as_eml
    from crm_core.letters.export import as_mailto as as_mailto
    from crm_core.letters.export import as_text as as_text
    from crm_core.letters.export import usable_email as usable_email
    from crm_core.letters.facts import facts_for as facts_for
    from crm_core.letters.kinds import CHANNELS as CHANNELS
    from crm_core.letters.kinds import LONGEST as LONGEST
    from crm_core.letters.kinds import THANKS as THANKS
    from crm_core.letters.kinds import LetterKind as LetterKind
    from crm_core.letters.likeness import Likeness as Likeness
    from crm_core.letters.likeness import alike as alike
    from crm_core.letters.likeness import refuse_alike as refuse_alike
    from crm_core.letters.rendering import blanks as blanks
    from crm_core.letters.rendering import in_brackets as in_brackets
    from crm_core.letters.rendering import own_template as own_template
    from crm_core.letters.rendering import refuse_blanks as refuse_blanks
    from crm_core.letters.rendering import unfilled as unfilled
    from crm_core.letters.script import spoken_words as spoken_words
    from crm_core.letters.sent import mark_sent as mark_sent
    from crm_core.letters.sent import sent_thanks as sent_thanks
    from crm_core.letters.sent import since_start as since_start
    from crm_core.letters.sent import stale_thanks as stale_thanks

__all__, __getattr__, __dir__ = lazily(
    __name__,
    globals(),
    {
        "addressing": ("of_the_reader",),
        "drafting": (
            "Drafted",
            "draft_each",
            "draft_letter",
            "draft_or_open",
            "open_letter",
            "open_thanks",
        ),
        "export": (
            "as_eml",
            "as_mailto",
            "as_text",
            "usable_email",
        ),
        "facts": ("facts_for",),
        "kinds": (
            "CHANNELS",
            "LONGEST",
            "LetterKind",
            "THANKS",
        ),
        "likeness": (
            "Likeness",
            "alike",
            "refuse_alike",
        ),
        "rendering": (
            "blanks",
            "in_brackets",
            "own_template",
            "refuse_blanks",
            "unfilled",
        ),
        "script": ("spoken_words",),
        "sent": (
            "mark_sent",
            "sent_thanks",
            "since_start",
            "stale_thanks",
        ),
    },
)
