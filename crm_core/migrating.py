"""Migrations: an older book's records are brought to the versions that the core and the plugins have now.

The first command that opens an older book does it, in one change set and with a backup before. All of an owner's
documents are changed in memory and read as what they shall be before any is written. What a migration does is declared
with a kind of record (`records.Migration`); here is when it is done and what becomes of one that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import msgspec

from crm_core import codec
from crm_core.errors import BookNewer, BookUnreadable, CrmError
from crm_core.records import CORE, Migration, RecordKind, Ref, owner_of, versions_of
from crm_core.store.base import Snapshot, Store

Documents = Callable[[str], Mapping[str, msgspec.Raw]]
"""A table's documents by its name."""

MARKS: Final = "marks"


class Refused(msgspec.Struct, frozen=True):
    """An owner whose records can't be used in this run, and why; they are left as they are."""

    owner: str
    error: CrmError


class Plan(msgspec.Struct, frozen=True):
    """What bringing records up comes to.

    Args:
        versions: The owners that are behind and can be brought up, and the version that they get to.
        names: What their migrations do, in words.
        documents: What is not as it was, by table and number.
        refused: The owners that can't be brought up.
    """

    versions: dict[str, int] = {}
    names: list[str] = []
    documents: dict[tuple[str, str], bytes] = {}
    refused: list[Refused] = []


def bring_up(store: Store, kinds: Iterable[RecordKind[Any]], command: str, at: datetime) -> list[Refused]:
    """Bring the book's records to the versions that these kinds have.

    Args:
        store: The book.
        kinds: The core's kinds and those of the plugins of this run.
        command: The command line, for the history.
        at: The present, aware.

    Returns:
        The plugins whose migration failed, and those whose records are of a newer version.

    Raises:
        BookUnreadable: A migration of the core failed, or the core's records are of a newer version.
        CrmError: The lock could not be had, or the book could not be backed up or written.
    """
    kinds = list(kinds)
    if all(store.versions.get(owner, 1) == version for owner, version in versions_of(kinds).items()):
        return []
    plan = _plan_for(store, kinds)
    if not plan.versions:
        return plan.refused
    with store.begin(f"brought records to a new version: {', '.join(plan.names)}", command, at) as transaction:
        if transaction.moved:
            plan = _plan_for(store, kinds)
        for (table, key), document in plan.documents.items():
            transaction.put(table, key, document)
        for owner, version in plan.versions.items():
            transaction.set_version(owner, version, migrated=True)
    return plan.refused


def brought_up(book: Snapshot, kinds: Iterable[RecordKind[Any]]) -> tuple[Snapshot, list[Refused]]:
    """The same for a book in memory: as it is in the present versions, and whose records are not in them."""
    plan = planned(list(kinds), book.versions, book.tables, lambda name: book.tables.get(name, {}))
    tables = {name: dict(documents) for name, documents in book.tables.items()}
    for (table, key), document in plan.documents.items():
        tables[table][key] = msgspec.Raw(document)
    return msgspec.structs.replace(book, tables=tables, versions={**book.versions, **plan.versions}), plan.refused


def planned(
    kinds: Sequence[RecordKind[Any]], versions: Mapping[str, int], tables: Iterable[str], documents: Documents
) -> Plan:
    """What bringing records to the versions of these kinds comes to; nothing is changed by it.

    Args:
        kinds: The kinds of record as they are now.
        versions: The version of each owner's records as they lie there.
        tables: The tables that hold documents.
        documents: Gives a table's documents.
    """
    plan = Plan()
    present = _with_records(tables, documents)
    for owner, version in versions_of(kinds).items():
        have = versions.get(owner, 1) if owner in present else version
        own = [kind for kind in kinds if kind.owner == owner]
        if have > version:
            error = CrmError(f"its records are of version {have}, it knows those up to {version}")
            plan.refused.append(Refused(owner, error))
        elif have < version:
            try:
                changed = dict(_migrated(own, have, documents, plan.documents))
            except CrmError as error:
                plan.refused.append(Refused(owner, error))
            else:
                plan.documents.update(changed)
                plan.versions[owner] = version
                plan.names.extend(migration.name for migration in _pending(own, have))
    return plan


def _plan_for(store: Store, kinds: Sequence[RecordKind[Any]]) -> Plan:
    """What bringing a book up comes to.

    Raises:
        BookUnreadable: The core's own records can't be brought up.
    """
    plan = planned(kinds, store.versions, store.tables(), store.documents)
    for refused in plan.refused:
        if refused.owner == CORE and store.versions.get(CORE, 1) > versions_of(kinds)[CORE]:
            raise BookNewer("The book was written by a newer version of crm", "It was left as it is. Update crm-core.")
        if refused.owner == CORE:
            raise BookUnreadable(
                f"The book can't be brought to the present version: {refused.error.message}",
                "It was left as it is. Use the version of crm-core that you had before, and please report this.",
            ) from refused.error
    return plan


def _with_records(tables: Iterable[str], documents: Documents) -> set[str]:
    """The owners that have anything in the book, be it a mark."""
    owners = {owner_of(table) for table in tables}
    return owners | {step.partition("/")[0] for step in _steps(documents).values()} if MARKS in tables else owners


def _pending(kinds: Iterable[RecordKind[Any]], have: int) -> list[Migration]:
    """An owner's migrations that are still to be done, oldest first."""
    migrations = [migration for kind in kinds for migration in kind.migrations if migration.to > have]
    return sorted(migrations, key=lambda migration: migration.to)


def _migrated(
    kinds: Sequence[RecordKind[Any]], have: int, documents: Documents, done: Mapping[tuple[str, str], bytes]
) -> Iterator[tuple[tuple[str, str], bytes]]:
    """An owner's documents that become others, each read as what it shall be.

    Args:
        kinds: All kinds of one owner.
        have: The version that its records are of.
        documents: Gives a table's documents.
        done: What other owners' migrations have made of documents already.

    Raises:
        CrmError: A migration fails, or what it makes can't be read.
    """
    for kind in kinds:
        pending = [migration for migration in _pending([kind], have) if migration.change is not None]
        for key, raw in documents(kind.table).items():
            yield from _changed(kind, key, raw, pending)
    renaming = [migration for migration in _pending(kinds, have) if migration.marks is not None]
    for key, step in _steps(documents).items() if renaming else ():
        if step.startswith(f"{kinds[0].owner}/"):
            mark = done.get((MARKS, key)) or bytes(documents(MARKS)[key])
            yield (MARKS, key), _renamed(mark, step, renaming, kinds[0].owner)


def _changed(
    kind: RecordKind[Any], key: str, raw: msgspec.Raw, migrations: Iterable[Migration]
) -> Iterator[tuple[tuple[str, str], bytes]]:
    """The document as it shall be, if that is another; nothing, if it is so already."""
    document, name, ref = msgspec.json.decode(raw, type=dict[str, Any]), "", Ref[Any](kind.prefix + key)
    before = codec.to_json(document)
    try:
        for migration in migrations:
            name = f"{migration.name}: "
            assert migration.change is not None  # noqa: S101 (its caller saw to that)
            document = migration.change(document)
        after = codec.to_json(document)
        codec.decode(kind.type, msgspec.Raw(after), ref)
    except (Exception, SystemExit) as error:  # a plugin's function may do anything
        raise CrmError(f"{name}the {kind.label} {ref}: {_said(error)}") from error
    if after != before:
        yield (kind.table, key), after


def _renamed(raw: bytes, step: str, migrations: Iterable[Migration], owner: str) -> bytes:
    """A mark with its step's key as it shall be."""
    name = ""
    try:
        for migration in migrations:
            name = f"{migration.name}: "
            assert migration.marks is not None  # noqa: S101 (its caller saw to that)
            step = migration.marks(step)
            if not step.startswith(f"{owner}/"):
                raise ValueError(f"{step!r} is no key of a step of {owner}")  # noqa: TRY301
    except (Exception, SystemExit) as error:
        raise CrmError(f"{name}the mark of {step!r}: {_said(error)}") from error
    return codec.to_json(msgspec.json.decode(raw, type=dict[str, Any]) | {"step": step})


def _steps(documents: Documents) -> dict[str, str]:
    """The keys of marked steps by the mark's number; a mark that can't be read is left to who needs it."""
    steps = {}
    for key, raw in documents(MARKS).items():
        with suppress(msgspec.DecodeError):
            steps[key] = msgspec.json.decode(raw, type=_Step).step
    return steps


class _Step(msgspec.Struct):
    step: str


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
