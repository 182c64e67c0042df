"""What `crm plugins new` makes is whole: each choice of parts compiles, is clean, is loaded, passes its own tests."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest

from crm_core.errors import InputError
from crm_core.host.discovery import Found
from crm_core.host.host import Host
from crm_core.scaffold import (
    LICENSES,
    LONGEST_NAME,
    PARTS,
    Plan,
    distribution_files,
    make_distribution,
    one_file,
    plain_name,
)
from crm_core.testing import PluginContract
from crm_core.version import __version__
from tests.core.making import book_in
from tests.core.store.memory import MemoryStore, Shelf

CHOICES = tuple(chain.from_iterable(combinations(PARTS, number) for number in range(1, len(PARTS) + 1)))
# All, each alone, and all but each: every pair of parts both together and apart.
TELLING = ((*PARTS,), *((part,) for part in PARTS), *(tuple(p for p in PARTS if p != part) for part in PARTS))
CONTRACT = sum(name.startswith("test_") for name in vars(PluginContract))
OF_A_FILE = """\
from pathlib import Path

from crm_core.testing import PluginContract


class TestTea(PluginContract):
    plugin = Path(__file__).parents[1] / "tea.py"
    samples = {"tea": b"# tea\\nAna Silva <ana@example.com>\\n"}
"""
LONG = "chats_over_a_cup_of_tea2"
NAMES = ("coffee", "coffee3", "coffee_chats", "t", "tea", "x21")
HOOKS = {
    "steps": {"crm_steps"},
    "command": {"crm_commands"},
    "record": {"crm_records", "crm_search"},
    "settings": {"crm_settings"},
    "letter": {"crm_letters"},
    "importer": {"crm_importers"},
    "exporter": {"crm_exporters"},
}


def plan(parts, name: str = "coffee", **more) -> Plan:
    return Plan(name=name, parts=parts, year=2026, **more)


def hooks_of(parts) -> set[str]:
    done = {"crm_done"} if {"steps", "record"} <= set(parts) else set()
    return done.union(*(HOOKS[part] for part in parts))


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def tool(*command: object, **options) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", *map(str, command)]
    return subprocess.run(words, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def everything(tmp_path_factory) -> Path:
    """Every choice of parts, under a short and the longest name, as a distribution and as a file."""
    folder = tmp_path_factory.mktemp("scaffold")
    for number, parts in enumerate(CHOICES):
        for name in ("tea", LONG):
            made = plan(parts, name, license="MIT", author='Ana "A" Silva')
            write(folder / f"{name}-{number}", distribution_files(made))
            write(folder / f"{name}-{number}" / "alone", {f"{name}.py": one_file(made)})
    return folder


def test_the_long_name_is_the_longest():
    assert len(LONG) == LONGEST_NAME
    assert plain_name(LONG) == LONG


def test_every_choice_compiles(everything: Path):
    paths = list(everything.rglob("*.py"))
    assert len(paths) > 10 * len(CHOICES)
    for path in paths:
        compile(path.read_bytes(), str(path), "exec")


def test_every_choice_is_clean_and_formatted_by_its_own_rules(everything: Path):
    for command in (("check",), ("format", "--check")):
        done = tool("ruff", *command, "--no-cache", "--quiet", ".", cwd=everything)
        assert done.returncode == 0, done.stdout[:2_000]


@pytest.mark.slow
def test_telling_choices_are_typed_strictly(tmp_path: Path):
    modules = []
    for number, parts in enumerate(TELLING):
        made = plan(parts, f"tea{number}")
        write(tmp_path / str(number), distribution_files(made))
        write(tmp_path / "alone", {f"alone{number}.py": one_file(made)})
        modules += [tmp_path / f"{number}/crm_tea{number}", tmp_path / f"{number}/tests/test_tea{number}.py"]
        modules.append(tmp_path / f"alone/alone{number}.py")
    roots = os.pathsep.join(str(tmp_path / str(number)) for number in range(len(TELLING)))
    done = tool("mypy", "--strict", "--cache-dir", tmp_path / "cache", *modules, env={**os.environ, "MYPYPATH": roots})
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("parts", TELLING, ids="-".join)
def test_it_brings_what_was_chosen_and_nothing_else(parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    files = distribution_files(plan(parts))
    project = tomllib.loads(files["pyproject.toml"])
    assert project["project"]["entry-points"]["crm_core"] == {"crm_coffee": "crm_coffee"}
    monkeypatch.syspath_prepend(str(write(tmp_path, files)))

    host = Host(
        [Found(name="crm_coffee", target="crm_coffee", distribution="crm-coffee", version="0.1.0")], strict=True
    )

    assert set(host.plugins[0].hooks) == hooks_of(parts)
    for name in [name for name in sys.modules if name.partition(".")[0] == "crm_coffee"]:
        del sys.modules[name]


def test_ids_begin_with_the_whole_name():
    prefixes = [one_file(plan(("record",), name)).partition('prefix="')[2].partition('"')[0] for name in NAMES]

    assert prefixes == ["coffee", "coffeeh", "coffeechats", "tentry", "tea", "xto"]
    assert len(set(prefixes)) == len(prefixes)


@pytest.fixture
def forget() -> Iterator[None]:
    """What was loaded from files."""
    yield
    for name in [name for name in sys.modules if name.startswith("crm-plugins")]:
        del sys.modules[name]


def test_every_choice_is_loaded_as_a_file(tmp_path: Path, forget: None):
    for number, parts in enumerate(CHOICES):
        path = tmp_path / str(number) / "tea.py"
        path.parent.mkdir(mode=0o700)
        path.write_text(one_file(plan(parts, "tea")), "utf-8")
        path.chmod(0o600)
        host = Host([Found(name="tea", path=str(path))], on=frozenset({"tea"}), strict=True)
        assert set(host.plugins[0].hooks) == hooks_of(parts)
        offers = host.ask_all([])["tea"]
        assert [kind.table for kind in offers.kinds] == (["tea.entries"] if "record" in parts else [])
        assert [command.name for command in offers.commands] == (["tea"] if "command" in parts else [])
        host.try_all(book_in(MemoryStore(Shelf()), kinds=host.kinds(), sections=host.sections()))
        assert host.failed == []


def test_the_tests_that_come_with_it_pass(tmp_path: Path):
    """Eight distributions at once: one with all parts, one for each part alone; and a file with all parts."""
    roots = []
    for name, parts in {"all": PARTS, **{part: (part,) for part in PARTS}}.items():
        root = write(tmp_path / name, distribution_files(plan(parts, name)))
        info = root / f"crm_{name}-0.1.0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text(f"[crm_core]\ncrm_{name} = crm_{name}\n")
        (info / "METADATA").write_text(f"Name: crm-{name}\nRequires-Dist: crm-core>={__version__}\n\n")
        roots.append(root)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, roots))}
    config = ("-c", roots[0] / "pyproject.toml", "--rootdir", tmp_path, "-p", "no:cacheprovider")
    roots.append(write(tmp_path / "file", {"tea.py": one_file(plan(PARTS, "tea")), "tests/test_tea.py": OF_A_FILE}))

    done = tool("pytest", "-q", *config, *(root / "tests" for root in roots), env=env, cwd=tmp_path)

    assert done.returncode == 0, done.stdout
    assert " failed" not in done.stdout
    assert int(done.stdout.split(" passed")[0].split()[-1]) >= len(roots) * CONTRACT + 20


@pytest.mark.parametrize("license_", LICENSES)
def test_the_licence_is_said_where_it_is_looked_for(license_):
    files = distribution_files(plan(("steps",), license=license_, author="Ana Silva"))
    project = tomllib.loads(files["pyproject.toml"])["project"]

    assert ("LICENSE" in files, project.get("license")) == ((True, "MIT") if license_ == "MIT" else (False, None))
    assert "Copyright (c) 2026 Ana Silva" in files.get("LICENSE", "Copyright (c) 2026 Ana Silva")
    assert project["authors"] == [{"name": "Ana Silva"}]


@pytest.mark.parametrize("author", ["", "Zoë Müller", 'A "B" \\ C', "Tab\tbed", "\x1b[2J"])
def test_any_author_makes_a_valid_project(author: str):
    project = tomllib.loads(distribution_files(plan(("steps",), author=author))["pyproject.toml"])["project"]

    assert project.get("authors") == ([{"name": author}] if author else None)


def test_it_needs_the_core_that_it_was_made_with():
    project = tomllib.loads(distribution_files(plan(("steps",)))["pyproject.toml"])["project"]

    assert project["dependencies"] == [f"crm-core>={'.'.join(__version__.split('.')[:2])}"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("coffee", "coffee"),
        (" Coffee ", "coffee"),
        ("crm-coffee", "coffee"),
        ("CRM_Coffee_Chats", "coffee_chats"),
        ("coffee-2", "coffee_2"),
    ],
)
def test_a_name_is_known_in_any_writing(typed: str, name: str):
    assert plain_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "crm",
        "crm_",
        "2cups",
        "a b",
        "a__b",
        "_a",
        "a_",
        "a/b",
        "../a",
        "café",
        "class",
        "core",
        "crm-core",
        "me",
        "x" * 25,
    ],
)
def test_a_name_that_no_plugin_can_have_is_refused(typed: str):
    with pytest.raises(InputError, match="can't be a plugin's name"):
        plain_name(typed)


def test_nothing_is_left_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_text, written = Path.write_text, []

    def fail_later(path: Path, *args, **kwargs) -> int:
        written.append(path)
        if len(written) > 3:
            raise OSError(28, "No space left on device")
        return write_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", fail_later)
    with pytest.raises(Exception, match="can't be made: no space left on device"):
        make_distribution(plan(PARTS), tmp_path / "deep" / "coffee")

    assert len(written) == 4
    assert list((tmp_path / "deep").iterdir()) == []
