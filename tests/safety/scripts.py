"""What a worker that is to be killed does: command lines, each of them one change, and the home in which it begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from crm_core.records import Contact, Interaction
from crm_core.testing import Crm

FEW: Final = 300
MANY: Final = 1_200
"""People in a file of cards: so many at once are copied to a backup before, and the images of many lie outside."""
PAIRS: Final = 40
WALKS: Final = """
import os
from crm_core import Migration, Record, RecordKind, hookimpl

class Walk(Record, frozen=True, kw_only=True):
    to: str

def further(version):
    return Migration(to=version, name=f"walk {version}", change=lambda walk: walk | {"to": f"the sea, {version} times"})

@hookimpl
def crm_records():
    migrations = tuple(map(further, range(2, int(os.environ.get("WALKS", "1")) + 1)))
    return [RecordKind(
        type=Walk, prefix="wa", label="walk", plural="walks", table="walks.walks", migrations=migrations
    )]
"""
"""A one-file plugin whose records are of the version that the environment says."""


class Script(NamedTuple):
    """What a worker does.

    Args:
        prepare: Makes the home in which the first line is run, and the files that are read.
        lines: Command lines, without the program's name; `{files}` stands for the folder of those files.
        at_once: How many lines a worker gets through at the most before it is killed.
        environ: What the environment must hold when so many lines have been run, the last of them in it.
    """

    prepare: Callable[[Crm, Path], None]
    lines: tuple[str, ...]
    at_once: float
    environ: Callable[[int], dict[str, str]] = lambda _: {}


def cards(path: Path, count: int) -> Path:
    """Write an address book of so many people, who are others in each file."""
    card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{0} {1}\r\nEMAIL:{1}@{0}.example\r\nORG:Company {2}\r\nEND:VCARD\r\n"
    path.write_text("".join(card.format(path.stem, number, number % 17) for number in range(count)))
    return path


def _nothing(crm: Crm, files: Path) -> None:
    """An empty home."""


def _address_books(crm: Crm, files: Path) -> None:
    for number in range(6):
        cards(files / f"few{number}.vcf", FEW)
    cards(files / "many.vcf", MANY)


def _pairs(crm: Crm, files: Path) -> None:
    """People who are in the book twice, and what refers to them."""
    book = crm.book
    with book.change("met everybody twice"):
        for number in range(2 * PAIRS):
            met = book.contacts.add(Contact(name=f"Ana {number // 2}", emails=(f"{number}@ana.example",)))
            book.interactions.add(Interaction(contact=met.id, on=book.today, about="a long talk " * 40))


def _past(crm: Crm, files: Path) -> None:
    """Changes of each sort, none of which hinders that all are taken back."""
    _pairs(crm, files)
    _address_books(crm, files)
    crm.ok("import", str(files / "few0.vcf"))
    crm.ok("contact merge c1 c2 --yes")
    crm.ok("contact remove c3 --yes")
    crm.ok("contact add 'Zoe Vale' --company Acme")
    crm.ok("contact edit c5 --how 'at a fair'")
    crm.ok("import", str(files / "many.vcf"))


def _walks(crm: Crm, files: Path) -> None:
    """Records of a plugin's first version."""
    plugin = crm.home / "plugins" / "walks.py"
    plugin.parent.mkdir(mode=0o700, parents=True)
    plugin.write_text(WALKS)
    plugin.chmod(0o600)
    crm.ok("plugins on walks")
    book = crm.book
    (walk,) = (kind for kind in book.kinds if kind.owner == "walks")
    with book.change("walked"):
        for number in range(FEW):
            book.table(walk.type).add(walk.type(to=f"the mill {number}"))


SCRIPTS: Final = {
    "adds": Script(
        _nothing,
        tuple(f"contact add 'Ana {n}' --company 'Company {n % 7}' --email {n}@ana.example" for n in range(150)),
        at_once=25,
    ),
    "imports": Script(
        _address_books,
        tuple(f"import {{files}}/{name}.vcf" for name in ("few0", "few1", "many", "few2", "few3", "few4", "few5")),
        at_once=2.5,
    ),
    "merges": Script(_pairs, tuple(f"contact merge c{n} c{n + 1} --yes" for n in range(1, 2 * PAIRS, 2)), at_once=15),
    "undoing": Script(_past, (*["undo"] * 6, *["redo"] * 6, "undo --last 3", "redo", "undo", "redo"), at_once=4),
    "migrating": Script(_walks, ("contact list",) * 38, at_once=6, environ=lambda done: {"WALKS": str(done + 1)}),
}
