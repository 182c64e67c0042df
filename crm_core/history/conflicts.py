"""What stands against taking changes back: a later change would be lost, or a record would refer to nothing.

Every refusal names the later change that is in the way, where the history knows it, and the command for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import msgspec

from crm_core.errors import Conflict, CrmError
from crm_core.history.documents import fields, mentioned, name
from crm_core.history.past import Past, listed
from crm_core.history.reversal import Reversal
from crm_core.records import RecordKind, owner_of
from crm_core.references import relinked
from crm_core.store.base import Change, Image, Place, Store
from crm_core.table import equality
from crm_core.words import say_when

LONGEST_NAME: Final = 60
MARKS: Final = "marks"


class Obstacle(msgspec.Struct, frozen=True):
    """Why a change can't be taken back.

    Args:
        target: The change.
        because: What is the matter.
        later: The change that is in the way; None if the history does not know it.
        how: How the two go together in a sentence: it is so `by h15`, or `since h15`.
    """

    target: Change
    because: str
    later: Change | None
    how: Literal["by", "since"] = "by"


Check: TypeAlias = Callable[[Reversal], Iterator[Obstacle]]


def refuse_impossible(past: Past, target: Change) -> None:
    """Refuse a change that can't be taken back whatever happened since.

    Raises:
        CrmError: It is one.
        BookUnreadable: What it did is lost.
    """
    if target.forgotten:
        before = next((found for found in past.undoable() if found.number < target.number), None)
        raise CrmError(
            f"{_can_not(target)}: somebody who was in it has been forgotten",
            f"The one before it: crm undo {before.id}" if before else "",
        )
    owners = {owner for image in past.images(target) for owner in _owners(image)}
    for later in past.later(target):
        if owners.intersection(later.migrated):
            raise _migrated(target, later)
    if target.migrated:
        raise _migrated(target, target)


def refuse_conflicts(reversal: Reversal, store: Store, now: datetime) -> None:
    """Refuse to take changes back where that would lose a later one or leave a reference to nothing.

    Args:
        reversal: What would be written.
        store: The book, for the names of its tables.
        now: The present, in the user's zone.

    Raises:
        Conflict: It would; the first obstacle is named.
    """
    checks: tuple[Check, ...] = (
        _changed_since,
        _relinked_since,
        _led_to,
        lambda reversal: _referred_to(reversal, store.tables()),
        _referring_to_nothing,
        _doubled,
    )
    obstacle = next((obstacle for check in checks for obstacle in check(reversal)), None)
    if obstacle is not None:
        raise _conflict(reversal, obstacle, now)


def _changed_since(reversal: Reversal) -> Iterator[Obstacle]:
    """A document is no longer what the change made it."""
    for target in reversal.targets:
        places = [place for changed, place in reversal.changed_since if changed is target]
        if places:
            later = reversal.newest_later(target, places)
            touched = reversal.past.places(later) if later else set()
            place = next((place for place in places if place in touched), places[0])
            yield Obstacle(target, f"{_said(reversal, place)} was {_became(reversal, place)}", later)


def _became(reversal: Reversal, place: Place) -> str:
    """What became of a document that is no longer what a change made it."""
    if reversal.present(place) is not None:
        return "changed"
    into = reversal.led.get(reversal.past.kinds.id(place))
    return f"merged into {into}" if into else "removed"


def _relinked_since(reversal: Reversal) -> Iterator[Obstacle]:
    """A plugin that was away while two were merged has since taken a record of the one for one of the other."""
    for target in reversal.targets:
        for later in reversal.later(target) if target.redirects else ():
            if target.id in later.redoes:
                continue
            for image in reversal.past.known_images(later):
                for old in _mentioned_before(image) & target.redirects.keys() if "." in image.table else ():
                    said = _said(reversal, (image.table, image.key))
                    yield Obstacle(target, f"{said} was taken for one of {target.redirects[old]}, not {old},", later)


def _led_to(reversal: Reversal) -> Iterator[Obstacle]:
    """Another record was merged into one that would go; not where that one had been removed with it before."""
    for old, new in reversal.redirects.items():
        place = reversal.past.kinds.place(new)
        if place in reversal.gone:
            target = reversal.by[place]
            merge = next((change for change in reversal.past.undoable() if old in change.redirects), None)
            if merge is not None and merge.number > target.number:
                yield Obstacle(target, f"{old} was merged into {_said(reversal, place)}", merge)


def _referred_to(reversal: Reversal, tables: Collection[str]) -> Iterator[Obstacle]:
    """A record that stays refers to one that would go."""
    gone = {reversal.past.kinds.id(place): place for place in reversal.gone}
    for table in tables if gone else ():
        for place, raw in reversal.staying(table):
            for ref in reversal.past.kinds.references(place, raw) & gone.keys():
                if not _led_elsewhere(reversal, table, ref):
                    target = reversal.by[gone[ref]]
                    said = f"{_said(reversal, place)} refers to {_said(reversal, gone[ref])}"
                    yield Obstacle(target, said, reversal.newest_later(target, [place]), "since")


def _referring_to_nothing(reversal: Reversal) -> Iterator[Obstacle]:
    """A record that comes back would refer to one that went meanwhile; to one that was gone already it may."""
    for place, raw in reversal.written.items():
        for ref in reversal.past.kinds.references(place, raw):
            where = reversal.past.kinds.place(ref)
            if where is None or reversal.document(where) is not None or _led_elsewhere(reversal, place[0], ref):
                continue
            target = reversal.by[place]
            merge = _merge_of(reversal.past, ref, target)
            later = merge or reversal.newest_later(target, [where])
            if later is not None or where in reversal.gone:
                became = f"was merged into {merge.redirects[ref]}" if merge else "was removed"
                yield Obstacle(target, f"{_said(reversal, place)} refers to {ref}, which {became}", later)


def _doubled(reversal: Reversal) -> Iterator[Obstacle]:
    """A record that comes back equals one that was added since, of a kind that knows no equals."""
    for table in dict.fromkeys(table for table, _ in reversal.written):
        kind = reversal.past.kinds.of(table)
        if kind is None or not kind.unique:
            continue
        staying = {_equality(reversal, kind, place, raw): place for place, raw in reversal.staying(table)}
        for place, raw in reversal.written.items():
            same = _equality(reversal, kind, place, raw) if place[0] == table else None
            if same is None or same not in staying or _equality(reversal, kind, place, reversal.present(place)) == same:
                continue
            target = reversal.by[place]
            said = f"{_said(reversal, staying[same])} stands in the place of {reversal.past.kinds.id(place)}"
            yield Obstacle(target, said, reversal.newest_later(target, [staying[same]]), "since")


def _equality(
    reversal: Reversal, kind: RecordKind[Any], place: Place, raw: msgspec.Raw | None
) -> tuple[Any, ...] | None:
    """What no two records of that kind may share, as redirects will have it; None if it can't be told."""
    record = reversal.past.kinds.record(place, raw) if raw is not None else None
    return None if record is None else equality(kind, relinked(record, reversal.redirected))


def _led_elsewhere(reversal: Reversal, table: str, ref: str) -> bool:
    """Whether a reference is followed where a merge leads: a plugin's records are relinked when they are read."""
    return "." in table and ref in reversal.redirects


def _merge_of(past: Past, old: str, target: Change) -> Change | None:
    """The later change that made that id another one."""
    return next((later for later in reversed(past.later(target)) if old in later.redirects), None)


def _mentioned_before(image: Image) -> AbstractSet[str]:
    return mentioned(image.before) if isinstance(image.before, msgspec.Raw) else frozenset()


def _owners(image: Image) -> set[str]:
    """Whose records a document is among; a mark is its step's plugin's too, which may rename the step."""
    step = fields(image.before).get("step", "") if isinstance(image.before, msgspec.Raw) else ""
    plugin = {str(step).partition("/")[0]} if image.table == MARKS else set()
    return {owner_of(image.table)} | plugin


def _said(reversal: Reversal, place: Place) -> str:
    """A document in words, as it is or would be: `contact c4 Mara Lindqvist`."""
    called = name(fields(reversal.document(place) if reversal.present(place) is None else reversal.present(place)))
    return " ".join(filter(None, (reversal.past.kinds.said(place), _short(called))))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def _migrated(target: Change, later: Change) -> CrmError:
    owners = ", ".join(later.migrated)
    backup = f"crm restore {later.backup}" if later.backup else "crm restore"
    return CrmError(
        f"{_can_not(target)}: {later.id} brought the records of {owners} to a new layout",
        f"A backup has the book as it was before that: {backup}",
    )


def _can_not(target: Change) -> str:
    """How a refusal begins: `h12 can't be taken back`."""
    return f"{listed(target.undoes)} can't be done again" if target.undoes else f"{target.id} can't be taken back"


def _conflict(reversal: Reversal, obstacle: Obstacle, now: datetime) -> Conflict:
    target, later = obstacle.target, obstacle.later
    what = _can_not(target)
    if later is None:
        return Conflict(f"{what}: {obstacle.because}", "No change that is remembered did that. Nothing was changed.")
    when = say_when(later.at.astimezone(now.tzinfo), now)
    by = f"{obstacle.how} {later.id} ({when}: {_short(later.title)})"
    return Conflict(f"{what}: {obstacle.because} {by}", _way_out(reversal, target, later))


def _way_out(reversal: Reversal, target: Change, later: Change) -> str:
    if later.forgotten or later.migrated:
        return f"{later.id} can't be taken back itself, and so this can't either."
    first = f"`crm undo {later.id}` takes that back first"
    since = [change for change in reversal.past.undoable() if change.number >= target.number]
    if target not in since or len(reversal.targets) > 1:
        return f"{first}."
    return f"{first}; `crm undo --last {len(since)}` takes back everything since {target.id}."
