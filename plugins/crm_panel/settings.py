"""The settings of letters to a panel: the section `[crm_panel]`."""

from __future__ import annotations

from crm_core import ThanksTimes


class PanelSettings(ThanksTimes, frozen=True, kw_only=True):
    """When the letters to the other interviewers are due.

    `due_hours` and `late_hours` are elapsed hours after the interview's end; `expires_days` is how long after the
    interview they are still asked for.
    """
