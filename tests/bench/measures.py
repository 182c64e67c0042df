"""What is measured, against what, and how far from it may be: one function a measure."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from crm_core.network import duplicates
from crm_core.records import Contact
from tests.bench import data
from tests.bench.timing import Ratios, environment, paired, process, timed, with_disk
from tests.core.making import open_book

PYTHON: Final = sys.executable
CRM: Final = str(Path(PYTHON).with_name("crm"))
LIBRARIES: Final = [PYTHON, "-c", "import click, pluggy, tinydb, msgspec"]
MANY: Final = 30_000
FEWER: Final = 3_000
CARDS: Final = 10_000
FOREIGN: Final = 50
MEMORY: Final = """
import sys
from crm_core.cli.main import main
code = main(sys.argv[1:])
peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))
print(peak.split()[1], file=sys.stderr)
sys.exit(code)
"""


class Ground:
    """The run's own folder, and the data in it, each made when first asked for.

    Args:
        folder: Empty, and thrown away by whoever made it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def home(self) -> Path:
        """An empty home, a new one at each call."""
        home = self.folder / f"home-{next(self._numbers)}"
        home.mkdir(mode=0o700)
        return home

    def full(self) -> Path:
        """A home with 30,000 contacts and a long job search."""
        home = self.folder / "full"
        return home if home.exists() else data.make_book(home, MANY)

    def cards(self, number: int) -> Path:
        """A file of so many ordinary vCards."""
        path = self.folder / f"cards-{number}.vcf"
        return path if path.exists() else data.write_cards(path, number)

    def stock(self) -> Path:
        """The same 30,000 contacts as TinyDB itself would keep them."""
        path = self.folder / "stock.json"
        if not path.exists():
            contacts = json.loads((self.full() / "book.json").read_text("utf-8"))["contacts"]
            path.write_text(json.dumps({"contacts": contacts}), "utf-8")
        return path


class Measure(NamedTuple):
    """One measure.

    Args:
        name: A word for `--only`.
        what: What is timed.
        reference: What it is held against.
        bar: The highest ratio that is wanted.
        run: Gives the ratios; told the ground and how many runs.
        over: Where it is over the bar, by how much at the last look; docs/how-it-works/speed.md says why.
    """

    name: str
    what: str
    reference: str
    bar: float
    run: Callable[[Ground, int], Ratios]
    over: float | None = None

    @property
    def known(self) -> float:
        """The highest ratio that is no news."""
        return self.over or self.bar


def crm(home: Path, *words: str, **more: str) -> Callable[[], float]:
    """A whole process of the program."""
    return process([CRM, *words], environment(home, **more))


def against_libraries(*words: str) -> Callable[[Ground, int], Ratios]:
    """A command on an empty book, beside the bare libraries."""

    def run(ground: Ground, runs: int) -> Ratios:
        home = ground.home()
        return paired(crm(home, *words), process(LIBRARIES, environment(home)), runs)

    return run


def against_help(*words: str) -> Callable[[Ground, int], Ratios]:
    """A command on the full book, beside `crm --help`."""

    def run(ground: Ground, runs: int) -> Ratios:
        return paired(crm(ground.full(), *words), crm(ground.home(), "--help"), runs)

    return run


def show_somebody(ground: Ground, runs: int) -> Ratios:
    """All about somebody who is the only one of that name."""
    names = Counter(person.name for person in data.People().take(MANY))
    name = next(name for name, number in names.items() if number == 1)
    return against_help("contact", "show", name)(ground, runs)


def foreign_plugins(ground: Ground, runs: int) -> Ratios:
    """`--help` with many more plugins beside ours, and without them."""
    place = ground.folder / "foreign"
    for number in range(FOREIGN):
        name = f"crm_foreign_{number}"
        info = place / f"{name}-1.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "entry_points.txt").write_text(f"[crm_core]\n{name} = {name}\n")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (place / f"{name}.py").write_text(
            f"from crm_core import Command, hookimpl\n\n\n@hookimpl\ndef crm_commands():\n"
            f'    yield Command("foreign-{number}", "Number {number}", "{name}:none")\n'
        )
    home = ground.home()
    return paired(crm(home, "--help", PYTHONPATH=str(place)), crm(home, "--help"), runs)


def brief_of_nothing(ground: Ground, runs: int) -> Ratios:
    """The line for a prompt, where there is nothing to say."""
    home = ground.home()
    return paired(crm(home, "agenda", "--brief"), crm(home, "--help"), runs)


def complete(ground: Ground, runs: int) -> Ratios:
    """What a shell asks for when Tab is pressed behind the beginning of a name."""
    asked = crm(ground.full(), "crm contact show mar", _CRM_COMPLETE="bash")
    return paired(asked, crm(ground.home(), "--help"), runs)


def full_agenda(ground: Ground, runs: int) -> Ratios:
    """The agenda of a long search among many people, and that of an empty book."""
    return paired(crm(ground.full()), crm(ground.home()), runs)


def add_one(ground: Ground, runs: int) -> Ratios:
    """One contact more, as a command does it that starts with nothing read, and as TinyDB does it."""
    from tinydb import TinyDB

    ours, stock = ground.home() / "book.json", ground.folder / "stock-to-write.json"
    shutil.copy(ground.full() / "book.json", ours)
    shutil.copy(ground.stock(), stock)
    new = data.People(data.SEED + 2).take(1)[0]

    def add() -> None:
        book = open_book(ours)
        with book.change("added one"):
            book.contacts.add(new)

    def add_to_stock() -> None:
        with TinyDB(stock) as db:
            db.table("contacts").insert({"name": new.name, "emails": list(new.emails)})

    return paired(lambda: with_disk(add), lambda: with_disk(add_to_stock), runs)


def read_all(ground: Ground, runs: int) -> Ratios:
    """Every contact as a typed record, and every document by TinyDB."""
    from tinydb import TinyDB

    path, stock = ground.full() / "book.json", ground.stock()

    def read() -> list[Contact]:
        return list(open_book(path).contacts)

    def read_stock() -> object:
        with TinyDB(stock) as db:
            return db.table("contacts").all()

    return paired(lambda: timed(read), lambda: timed(read_stock), runs)


def _components(path: Path) -> list[object]:
    import vobject

    return list(vobject.readComponents(path.read_text("utf-8")))


def parse_cards(ground: Ground, runs: int) -> Ratios:
    """Cards to candidates, and the same file by vobject; in one process that has both imported."""
    from crm_vcard.reader import read_cards

    path = ground.cards(CARDS)

    def read() -> int:
        with path.open("rb") as file:
            return sum(1 for _ in read_cards(file))

    return paired(lambda: timed(read), lambda: timed(lambda: _components(path)), runs)


def import_cards(ground: Ground, runs: int) -> Ratios:
    """`crm import` as a whole process, each time into an empty book, and vobject reading alone."""
    path = ground.cards(CARDS)
    return paired(_import(ground, CARDS), lambda: timed(lambda: _components(path)), runs)


def import_many(ground: Ground, runs: int) -> Ratios:
    """Ten times as many cards."""
    return paired(_import(ground, MANY), _import(ground, FEWER), runs)


def _import(ground: Ground, number: int) -> Callable[[], float]:
    """`crm import` of so many cards, each time into an empty book."""
    path = str(ground.cards(number))

    def run() -> float:
        return crm(ground.home(), "import", path)()

    return run


def find_duplicates(ground: Ground, runs: int) -> Ratios:
    """Pairs who may be one person among ten times as many people."""
    many, fewer = data.People().take(MANY), data.People().take(FEWER)
    many, fewer = list(_with_ids(many)), list(_with_ids(fewer))
    return paired(lambda: timed(lambda: duplicates(many)), lambda: timed(lambda: duplicates(fewer)), runs)


def _with_ids(contacts: list[Contact]) -> Iterator[Contact]:
    import msgspec

    for number, contact in enumerate(contacts, 1):
        yield msgspec.structs.replace(contact, id=f"c{number}")


def referral_paths(ground: Ground, runs: int) -> Ratios:
    """Who leads to an organisation at which hundreds of them work or worked."""
    return paired(crm(ground.full(), "referral", "paths", "co10", "--json"), crm(ground.home(), "--help"), runs)


def memory(ground: Ground, runs: int) -> Ratios:
    """The most memory that an import needs, in sizes of the file; not a time."""
    path = ground.cards(MANY)
    peaks = []
    for _ in range(min(runs, 2)):
        argv = [PYTHON, "-c", MEMORY, "import", str(path)]
        done = subprocess.run(argv, env=environment(ground.home()), capture_output=True, text=True, check=True)
        peaks.append(int(done.stderr.split()[-1]) * 1024 / path.stat().st_size)
    return Ratios(tuple(peaks), min(peaks))


MEASURES: Final = (
    Measure("help", "crm --help", "import of the libraries", 1.25, against_libraries("--help")),
    Measure("version", "crm --version", "import of the libraries", 1.15, against_libraries("--version")),
    Measure("empty-agenda", "crm on an empty book", "import of the libraries", 1.6, against_libraries(), over=1.9),
    Measure("foreign", "crm --help with 50 plugins more", "crm --help", 1.15, foreign_plugins),
    Measure("brief", "crm agenda --brief on an empty book", "crm --help", 1.3, brief_of_nothing),
    Measure("full-brief", "crm agenda --brief again, 30,000", "crm --help", 2, against_help("agenda", "--brief")),
    Measure("full-agenda", "crm with 30,000 contacts", "crm on an empty book", 2.5, full_agenda, over=2.7),
    Measure("list", "crm contact list", "crm --help", 4, against_help("contact", "list")),
    Measure(
        "list-json", "crm contact list --json", "crm --help", 4, against_help("contact", "list", "--json"), over=4.3
    ),
    Measure("show", "crm contact show NAME", "crm --help", 2.6, show_somebody),
    Measure("find", "crm find TEXT", "crm --help", 2.5, against_help("find", "zebra")),
    Measure("complete", "completing a name among 30,000", "crm --help", 2, complete),
    Measure("add", "add one contact to 30,000", "TinyDB's JSONStorage", 0.15, add_one),
    Measure("read", "read 30,000 as typed records", "TinyDB's JSONStorage", 0.4, read_all, over=0.45),
    Measure("parse", "parse 10,000 vCards", "vobject.readComponents", 1 / 8, parse_cards),
    Measure("import", "crm import of 10,000 vCards", "vobject.readComponents", 1 / 5, import_cards, over=0.4),
    Measure("import-many", "crm import of 30,000 vCards", "crm import of 3,000", 12, import_many),
    Measure("duplicates", "duplicates among 30,000", "duplicates among 3,000", 13, find_duplicates),
    Measure("paths", "crm referral paths, 30,000 contacts", "crm --help", 4, referral_paths),
    Measure("memory", "peak memory of importing 30,000", "size of the file", 8, memory, over=11.5),
)
