"""The settings of thank-you letters: the section `[crm_thankyou]`."""

from __future__ import annotations

from crm_core import ThanksTimes


class ThankYouSettings(ThanksTimes, frozen=True, kw_only=True):
    """When a thank-you letter is due.

    `due_hours` and `late_hours` are elapsed hours after the interview's end; `post_days` is the evening, counted in
    days from the interview's, on which a letter by post must be on its way; `expires_days` is how long after the
    interview it is still asked for.
    """

    post_days: int = 0
