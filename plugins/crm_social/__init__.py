"""Social: follow the company before an interview and the people who interviewed you after it.

Only the hooks are here, so that starting the program costs nothing: networks and their addresses are in `networks.py`,
how it stands with whom in `following.py`, the steps in `steps.py`, the note to connect in `note.py`, the commands in
`cli.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from crm_core import Book, Command, Entry, Interview, RecordKind, Row, Section, Step, When


@hookimpl
def crm_records() -> Iterable[RecordKind[Any]]:
    """Whom you follow where: people and companies."""
    from crm_core import RecordKind
    from crm_social.records import CompanyFollow, Follow

    yield RecordKind(
        type=Follow,
        prefix="fo",
        label="follow",
        plural="follows",
        table="crm_social.follows",
        unique=("contact", "network"),
    )
    yield RecordKind(
        type=CompanyFollow,
        prefix="fw",
        label="company follow",
        plural="company follows",
        table="crm_social.company_follows",
        unique=("company", "network"),
    )


@hookimpl
def crm_settings() -> type[Section]:
    """On which networks to follow, and when."""
    from crm_social.settings import SocialSettings

    return SocialSettings


@hookimpl
def crm_steps(book: Book) -> Iterable[Step]:
    """A step for each network of a company that an interview is at, and of each interviewer after it."""
    from crm_social.steps import social_steps

    return social_steps(book)


@hookimpl
def crm_done(book: Book, step: Step, on: When) -> bool:
    """Record that they were followed."""
    from crm_core import day_of
    from crm_social.following import record
    from crm_social.networks import NETWORKS

    who, network = book.companies.find(step.refs[0]) or book.contacts.find(step.refs[0]), NETWORKS.get(step.refs[1])
    if who is None or network is None:
        return False
    record(book, who, network, "followed", day_of(on))
    return True


@hookimpl
def crm_checklist(book: Book, interview: Interview, steps: Sequence[Entry]) -> Iterable[Row]:
    """Whether the company and its interviewers are followed."""
    from crm_core import check_row
    from crm_social.steps import missed, nobody_to_follow

    nothing = nobody_to_follow(book, interview)
    yield check_row(book, 6, "Follow them", steps, nothing, missed=missed(book, interview))


@hookimpl
def crm_commands() -> Iterable[Command]:
    """`crm social`."""
    from crm_core import Command

    yield Command("social", "Whom you follow where, and their pages", target="crm_social.cli:social")
