"""Taking changes back, and doing them again, as a new change of the book: nothing is ever struck from the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from crm_core.errors import Conflict, CrmError, InputError, UnknownName
from crm_core.history.conflicts import refuse_conflicts, refuse_impossible
from crm_core.history.past import Past, listed
from crm_core.history.reversal import Reversal
from crm_core.records import RecordKind
from crm_core.store.base import Change, Store

Choice: TypeAlias = Callable[[Past], Sequence[Change]]
"""From the history to the changes that are meant, the newest first."""


def newest_changes(past: Past, count: int = 1) -> list[Change]:
    """The newest changes that hold, the newest first; an undo or a redo is none of its own.

    Raises:
        CrmError: There are not so many.
    """
    found = past.undoable()
    if not found:
        raise CrmError("There is nothing to take back", "`crm history` shows what happened.")
    if len(found) < count:
        raise CrmError(
            f"Only {len(found):,} change{'s' if len(found) > 1 else ''} can be taken back, not {count:,}",
            f"For all of them: crm undo --last {len(found)}",
        )
    return found[:count]


def name_change(past: Past, id_: str) -> list[Change]:
    """The change of that id.

    Raises:
        UnknownName: There is none, or it is not remembered any more.
        InputError: It does not hold any more.
    """
    if id_.isdecimal():
        raise UnknownName(f"There is no change {id_[:60]!r}", f"Is it `crm undo h{id_}`, or `crm undo --last {id_}`?")
    found = past.find(id_)
    by = past.overruled_by(found)
    if by is None:
        return [found]
    if found.undoes or found.redoes:
        raise InputError(
            f"{found.id} does not hold any more since {by.id}: {by.title}", "`crm history` shows what does."
        )
    raise InputError(f"{found.id} was taken back already, by {by.id}", f"`crm undo {by.id}` does it again.")


def newest_undo(past: Past) -> list[Change]:
    """The newest undo that holds: to take it back is a redo.

    Raises:
        CrmError: There is none.
    """
    found = next((change for change in reversed(past.changes) if change.undoes and not past.overruled_by(change)), None)
    if found is None:
        raise CrmError("There is nothing to do again", "Only what was taken back can be: `crm history`.")
    return [found]


def reverse(store: Store, kinds: Iterable[RecordKind[Any]], choose: Choice, *, command: str, now: datetime) -> Change:
    """Take changes back in one change set; of an undo, that does again what it took back.

    Args:
        store: One that no open book has: such a book would not notice.
        kinds: The kinds of record that plugins brought.
        choose: Says which; asked again under the lock.
        command: The command line, for the history.
        now: The present, in the user's zone.

    Returns:
        The change that did it.

    Raises:
        Conflict: A later change would be lost, or another command was quicker; nothing was written.
        BookUnreadable: What one of them did is lost.
        CrmError: One of them can't be taken back, or the book could not be written.
    """
    kinds = tuple(kinds)
    past = Past(store, kinds)
    targets = choose(past)
    with store.begin(_title(past, targets), command, now) as transaction:
        if transaction.moved:
            past = Past(store, kinds)
            if [change.id for change in choose(past)] != [change.id for change in targets]:
                raise Conflict("The book was changed by another command meanwhile", "Nothing was taken back.")
        for target in targets:
            refuse_impossible(past, target)
        reversal = Reversal(past, targets, transaction)
        refuse_conflicts(reversal, store, now)
        reversal.write()
        transaction.mark_undone([ref for target in targets if not target.undoes for ref in _meant(target)])
        transaction.mark_redone([ref for target in targets for ref in target.undoes])
    return store.history()[-1]


def _meant(target: Change) -> tuple[str, ...]:
    """The changes that are taken back with this one: of a redo those that it did again, not the redo."""
    return target.redoes or (target.id,)


def _title(past: Past, targets: Sequence[Change]) -> str:
    """What the history says: `took back h12: added the company Acme`."""
    again = targets[0].undoes
    ids = again or tuple(ref for target in targets for ref in _meant(target))
    what = ids[0] if len(ids) == 1 else f"{len(ids):,} changes"
    titles = (change.title for change in past.changes if change.id == ids[0])
    told = next(titles, "") if len(ids) == 1 else listed(ids)
    return (f"did {what} again: {told}" if again else f"took back {what}: {told}").removesuffix(": ")
