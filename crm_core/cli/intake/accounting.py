"""What an import says of its entries: a line for each that wants a look, the sum, and what to type next.

What became of them is decided in `importing/people.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from crm_core.cli.screen.output import Column, Output
from crm_core.errors import PartlyDone

if TYPE_CHECKING:
    from crm_core.importing import Action, Row

TOLD: Final[tuple[Action, ...]] = ("added", "updated", "same", "left", "unsure", "conflict", "refused")
MOST_PRESSING: Final[tuple[Action, ...]] = ("refused", "conflict", "unsure", "left")
"""What wants a look, the most pressing first."""
LISTED: Final = 50
"""Entries that are shown unless all are asked for."""
WHERE: Final = 28
"""Cells in which the place of an entry can be told: a file's name and a line."""
FIELDS: Final[Mapping[str, str]] = {
    "emails": "e-mails",
    "how": "how known",
    "introduced_by": "introduced by",
    "kept": "further lines",
    "uid": "UID",
}
"""Fields that have another name in words."""


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many entries came to what."""
    counted = Counter(row.action for row in rows)
    return {action: counted[action] for action in TOLD}


def report(output: Output, rows: Sequence[Row], names: Mapping[str, str], *, every: bool, dry_run: bool) -> None:
    """Show the entries that want a look, or every one, and the sum.

    Args:
        output: The screen.
        rows: What became of each entry.
        names: What a file is called here, by its whole name.
        every: Whether all entries are shown.
        dry_run: Whether nothing was done.
    """
    wanted = rows if every else [row for row in rows if _wants_a_look(row)]
    columns: tuple[Column[Row], ...] = (
        Column("", lambda row: row.action, priority=3),
        Column("id", lambda row: row.id, priority=3, min=3),
        Column("name", lambda row: row.name, priority=2),
        Column("where", lambda row: f"{names.get(row.file, row.file)}:{row.line}", priority=1, min=WHERE),
    )
    output.table(wanted if every else _some(wanted), columns, remark=_remark)
    if len(wanted) > LISTED and not every:
        output.line(f"{LISTED} of {len(wanted):,} that want a look are shown: the same again with --all shows the rest")
    said = ", ".join(f"{number:,} {action}" for action, number in counts(rows).items() if number)
    total = f"{len(rows):,} {'entry' if len(rows) == 1 else 'entries'}"
    output.line(f"{'Would import' if dry_run else 'Imported'} {total}: {said or 'none found'}")
    if not dry_run:
        _say_what_next(output, rows)


def check_all_taken(rows: Sequence[Row], *, dry_run: bool) -> None:
    """End with exit code 3 where not all could be taken in.

    Raises:
        PartlyDone: Something was refused, or is in conflict.
    """
    refused, conflicting = (counts(rows)[action] for action in ("refused", "conflict"))
    if not (refused or conflicting):
        return
    said = []
    if refused:
        verb = "would be" if dry_run else "was" if refused == 1 else "were"
        said.append(f"{refused:,} of {len(rows):,} entries {verb} refused")
    if conflicting:
        entries = "" if refused else " entry" if conflicting == 1 else " entries"
        verb = "changed" if dry_run else "was changed" if conflicting == 1 else "were changed"
        said.append(f"{conflicting:,}{entries} {verb} here and there")
    hint = "All else would be taken in." if dry_run else "All else is in the book."
    settle = " Where both were changed, the book's stays; --file-wins takes the file's." if conflicting else ""
    raise PartlyDone(" and ".join(said), hint + settle)


def _wants_a_look(row: Row) -> bool:
    """Whether an entry is shown unasked: of those that came in well, if something was mended or left out of them."""
    news = row.action != "same" and (row.repaired or row.left_out or row.links_to)
    return bool(news) or row.action in MOST_PRESSING


def _some(wanted: Sequence[Row]) -> list[Row]:
    """As many as are listed, the most pressing, in the order of the files."""
    order = {action: place for place, action in enumerate(MOST_PRESSING)}
    pressing = sorted(range(len(wanted)), key=lambda place: order.get(wanted[place].action, len(order)))
    return [wanted[place] for place in sorted(pressing[:LISTED])]


def _remark(row: Row) -> str:
    parts = [row.reason]
    if row.changed:
        parts.append(f"changed: {', '.join(FIELDS.get(name, name) for name in row.changed)}")
    for clash in row.conflicts:
        name = FIELDS.get(clash.field, clash.field)
        parts.append(f"{name}: the book has {clash.book or 'nothing'}, the file {clash.file or 'nothing'}")
    parts += row.repaired
    if row.left_out:
        parts.append(f"left out: {', '.join(row.left_out)}")
    if row.links_to:
        parts.append(f"knows somebody who is not here yet: {', '.join(row.links_to)}")
    return "; ".join(part for part in parts if part)


def _say_what_next(output: Output, rows: Sequence[Row]) -> None:
    if any(row.action == "unsure" for row in rows):
        output.talk("Look at the unsure ones: crm contact duplicates")
    if any(row.action in {"added", "unsure"} or row.changed for row in rows):
        output.talk("To take it all back: crm undo")
