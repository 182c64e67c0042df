"""Where a person works and worked: ORG, TITLE and our own property into positions, and positions into lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from crm_core import Position, escaped_value
from crm_vcard.facts import organisation_of
from crm_vcard.own import POSITION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_vcard.content import Property


def positions_of(
    organisations: Sequence[Property], titles: Sequence[Property], own: Sequence[Property]
) -> tuple[tuple[Position, ...], list[Property]]:
    """The positions, and the titles that found no place.

    A title belongs to the organisation of its group; those of no organisation's group belong to the others in their
    order. ROLE is no title: it says what somebody does, not what they are called (RFC 6350 section 6.6.2).
    """
    jobs = list(titles)
    groups = {group for entry in organisations if (group := entry.head.group)}
    found = []
    for entry in organisations:
        organisation = organisation_of(entry)
        job = _job_for(entry, jobs, groups)
        if organisation or job:
            found.append((entry.line, Position(organisation=organisation, title=job.words if job else "")))
    if not found and jobs:
        job = jobs.pop(0)
        found.append((job.line, Position(organisation="", title=job.words)))
    if own:
        found = _completed(found, own)
    return tuple([position for _, position in found]), jobs


def _job_for(organisation: Property, jobs: list[Property], groups: set[str]) -> Property | None:
    """Take the title of that organisation out of those that are left."""
    if not jobs:
        return None
    if not groups:
        return jobs.pop(0)
    group = organisation.head.group
    own = (place for place, job in enumerate(jobs) if group and job.head.group == group)
    free = (place for place, job in enumerate(jobs) if job.head.group not in groups)
    place = next(own, next(free, None))
    return jobs.pop(place) if place is not None else None


def own_position(entry: Property) -> Position:
    """A position as our own property tells it."""
    organisation, title = (entry.parts(";") + [""] * 2)[:2]
    said = entry.head.values
    since, until = _day(said.get("SINCE", "")), _day(said.get("UNTIL", ""))
    return Position(organisation=organisation, title=title, since=since, until=until, former="FORMER" in said)


def own_line(position: Position) -> str:
    """A position as our own property tells it, unfolded."""
    days = (("SINCE", position.since), ("UNTIL", position.until), ("FORMER", "TRUE" if position.former else None))
    said = "".join(f";{name}={value}" for name, value in days if value)
    return f"{POSITION}{said}:{escaped_value(position.organisation)};{escaped_value(position.title)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _completed(found: list[tuple[int, Position]], own: Sequence[Property]) -> list[tuple[int, Position]]:
    """The positions with what our own lines say of them or add, in the order of the file.

    A line about a present position tells only what ORG and TITLE can't, which are another program's to change.
    """
    places = [position for _, position in found]
    for entry in own:
        position = own_position(entry)
        bare = replace(position, since=None)
        if bare in places:
            place = places.index(bare)
            places[place] = position
            found[place] = (found[place][0], position)
        elif not position.current or not position.organisation:
            found.append((entry.line, position))
            places.append(position)
    return sorted(found, key=lambda item: item[0])
