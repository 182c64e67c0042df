"""The interface for plugin authors: every name is there, costs nothing until it is used, and the core never asks."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import crm_core
from tests.core.public_surface import RECORD, surface

CORE = Path(crm_core.__file__).parent
HEAVY = {"msgspec", "tinydb", "click", "pluggy", "jinja2", "vobject", "importlib.metadata", "zoneinfo"}


def imported_by(code: str) -> set[str]:
    """The modules that a fresh Python has imported after that code."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=CORE.parent)
    return set(done.stdout.split())


def annotated_names() -> dict[str, str]:
    """What a type checker sees: public name to module."""
    tree = ast.parse((CORE / "__init__.py").read_text("utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: node.module.removeprefix("crm_core.")
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if alias.asname == alias.name
    }


@pytest.mark.parametrize("name", crm_core.__all__)
def test_every_public_name_is_there(name: str):
    value = getattr(crm_core, name)

    assert value is getattr(crm_core, name)
    if name != "__version__":
        assert value is getattr(import_module(f"crm_core.{crm_core._HOME_OF[name]}"), name)


def test_each_name_is_listed_once_and_checkers_see_the_same():
    assert len(set(crm_core.__all__)) == len(crm_core.__all__)
    assert annotated_names() == crm_core._HOME_OF
    assert set(crm_core.__all__) == {"__version__", *annotated_names()}
    assert dir(crm_core) == sorted(crm_core.__all__)


def test_all_can_be_imported_at_once():
    namespace: dict[str, object] = {}

    exec("from crm_core import *", namespace)

    assert set(crm_core.__all__) <= set(namespace)


def test_no_public_name_hides_a_module_of_the_core():
    modules = {path.stem for path in CORE.glob("*.py")} | {path.parent.name for path in CORE.glob("*/__init__.py")}

    assert modules.isdisjoint(crm_core.__all__)


@pytest.mark.parametrize("name", ["nothing", "_private", "books", "Book.contacts", ""])
def test_any_other_name_is_an_attribute_error(name: str):
    with pytest.raises(AttributeError, match="crm_core"):
        getattr(crm_core, name)


def test_the_version_is_the_distributions():
    from importlib import metadata

    assert crm_core.__version__ == metadata.version("crm-core")


def test_importing_the_core_alone_imports_nothing_heavy():
    modules = imported_by("import crm_core")

    assert modules.isdisjoint(HEAVY)
    assert {name for name in modules if name.startswith("crm_core")} == {"crm_core", "crm_core.version"}


def test_a_plugins_entry_module_costs_no_records_and_no_store():
    modules = imported_by("from crm_core import hookimpl, Command")

    assert modules.isdisjoint({"crm_core.records", "crm_core.book", "crm_core.store", "msgspec", "tinydb", "click"})


def lazy_names_used(path: Path) -> set[str]:
    """The public names that a module takes from the package itself and not from where they are."""
    submodules = {found.stem for found in CORE.glob("*.py")} | {
        found.parent.name for found in CORE.glob("*/__init__.py")
    }
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "crm_core" and not node.level:
            found |= {alias.name for alias in node.names} - submodules
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "crm_core":
            found |= {node.attr} - submodules
    return found


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda path: str(path.relative_to(CORE)))
def test_the_core_takes_nothing_from_its_own_interface(path: Path):
    assert lazy_names_used(path) == set()


def test_the_check_of_the_core_sees_what_a_plugin_does(tmp_path: Path):
    module = tmp_path / "plugin.py"
    module.write_text("import crm_core\nfrom crm_core import Book, codec\nprint(crm_core.Step, crm_core.steps.Step)\n")

    assert lazy_names_used(module) == {"Book", "Step"}


def test_the_interface_is_the_one_that_was_decided_on():
    assert surface() == RECORD.read_text("utf-8"), (
        "The interface for plugins is not what tests/core/public_surface.txt holds. If that is meant: "
        "python -m tests.core.public_surface, and say in CHANGELOG.md what is new or gone."
    )


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [("words", "say_day", lambda day: day), ("steps.Step", "new", property(lambda step: "")), ("book.Book", "now", 7)],
)
def test_a_change_of_the_interface_is_seen(monkeypatch: pytest.MonkeyPatch, where: str, name: str, value: object):
    module, _, attribute = where.partition(".")
    home = import_module(f"crm_core.{module}")
    monkeypatch.setattr(getattr(home, attribute) if attribute else home, name, value, raising=False)
    if not attribute:
        monkeypatch.delitem(vars(crm_core), name, raising=False)

    assert surface() != RECORD.read_text("utf-8")
    vars(crm_core).pop(name, None)


class TestAName:
    """On its way out a name works, and everybody who uses it is told what to use."""

    @pytest.fixture(autouse=True)
    def old(self, monkeypatch: pytest.MonkeyPatch):
        """`crm_core.find_by_name`, which was never public, plays one that goes."""
        going = {"find_by_name": ("network.names", "use crm_core.fold; it goes with crm-core 0.4")}
        monkeypatch.setattr(crm_core, "_DEPRECATED", going)

    def test_that_goes_still_works_and_says_so_each_time(self):
        from crm_core.network.names import find_by_name

        for _ in range(2):
            with pytest.warns(DeprecationWarning, match="find_by_name") as warned:
                assert crm_core.find_by_name is find_by_name
            (warning,) = warned
            assert str(warning.message) == (
                "crm_core.find_by_name is deprecated: use crm_core.fold; it goes with crm-core 0.4"
            )
            assert warning.filename == __file__

    def test_that_is_imported_is_blamed_on_the_line_that_imports_it(self, tmp_path: Path):
        path = tmp_path / "plugin.py"
        path.write_text("\nfrom crm_core import find_by_name\n")

        with pytest.warns(DeprecationWarning, match="find_by_name") as warned:
            exec(compile(path.read_text(), str(path), "exec"), {})

        assert {(warning.filename, warning.lineno) for warning in warned} == {(str(path), 2)}

    def test_that_goes_is_not_offered_any_more(self):
        assert "find_by_name" not in dir(crm_core)
        assert "find_by_name" not in crm_core.__all__


def test_a_name_on_its_way_out_is_in_one_place_only():
    assert set(crm_core._DEPRECATED).isdisjoint(crm_core._HOME_OF)
    for name, (home, advice) in crm_core._DEPRECATED.items():
        assert hasattr(import_module(f"crm_core.{home}"), name)
        assert "goes with crm-core" in advice
