"""The settings of research: the section `[crm_research]`."""

from __future__ import annotations

from crm_core import Section

RANGES = {
    "timeout": (1, 120),
    "megabytes": (1, 20),
    "parallel": (1, 16),
    "questions": (0, 20),
    "prepare_days": (1, 365),
}


class ResearchSettings(Section, frozen=True, kw_only=True):
    """How feeds are fetched, and what a further interview calls for.

    `timeout` is the seconds that one feed may take, redirects included; `megabytes` is how large it may be when
    unpacked; `parallel` is how many are fetched at the same time; `allow_local` allows addresses of this machine and
    of private networks. `questions` is how many are wanted for a further interview, 0 for none; `prepare_days` is how
    many days before it preparing begins.
    """

    timeout: int = 15
    megabytes: int = 2
    parallel: int = 4
    allow_local: bool = False
    questions: int = 3
    prepare_days: int = 14

    def check(self) -> None:
        """Refuse numbers that no fetching or calendar can use."""
        for name, (least, most) in RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name}: {getattr(self, name)} is not from {least} to {most}")
