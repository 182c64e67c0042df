"""A file in the plugins folder is code: it runs if it was switched on, and if nobody else can have written it."""

import os
import sys
import traceback
from pathlib import Path

import pytest

from crm_core.host.discovery import find_files
from crm_core.host.host import Host
from crm_core.host.one_file import checked_source, load_file
from crm_core.host.plugin import Refused
from tests.core.host.conftest import PREFACE

COMMAND = PREFACE + "@hookimpl\ndef crm_commands(): yield Command('coffee', 'Drink', target=f'{__name__}:body')\n"
MARK = "import sys\nsys.has_run = True\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The plugins folder."""
    made = tmp_path / "plugins"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture(autouse=True)
def forget():
    """What was loaded from files."""
    yield
    for name in [name for name in sys.modules if name.startswith("crm-plugins")]:
        del sys.modules[name]
    vars(sys).pop("has_run", None)


def put(folder: Path, name: str, source: str = COMMAND, mode: int = 0o600) -> Path:
    path = folder / name
    path.write_text(source, "utf-8")
    path.chmod(mode)
    return path


def hosted(folder: Path, *on: str, **options) -> tuple[Host, list[str]]:
    lines: list[str] = []
    return Host(find_files(folder), on=frozenset(on), warn=lines.append, **options), lines


def test_files_are_found_by_name_and_nothing_is_run(folder: Path):
    for name in ("tea.py", "coffee.py", "_helper.py", ".hidden.py", "notes.txt", "tea.pyc"):
        put(folder, name, MARK)
    (folder / "package.py").mkdir()

    assert [(found.name, Path(found.path).name) for found in find_files(folder)] == [
        ("coffee", "coffee.py"), ("tea", "tea.py"),
    ]  # fmt: skip
    assert not hasattr(sys, "has_run")


@pytest.mark.parametrize("place", ["nowhere", "a_file"])
def test_most_people_have_no_such_folder(tmp_path: Path, place: str):
    (tmp_path / "a_file").write_text("")

    assert find_files(tmp_path / place) == []


def test_a_file_that_nobody_switched_on_is_shown_as_new_and_not_run(folder: Path):
    put(folder, "coffee.py", MARK)
    host, lines = hosted(folder)

    (plugin,) = host.plugins
    assert (plugin.state, plugin.cure) == ("new", "crm plugins on coffee")
    assert (lines, host.failed, hasattr(sys, "has_run")) == ([], [], False)


def test_a_file_that_was_switched_on_is_asked_like_any_other(folder: Path):
    put(folder, "coffee.py")
    host, lines = hosted(folder, "coffee")

    assert (host.plugins[0].state, host.plugins[0].hooks, lines) == ("loaded", ("crm_commands",), [])
    assert host.commands([])["coffee"].target == "crm-plugins.coffee:body"


def test_one_that_was_switched_off_again_is_not_run(folder: Path):
    put(folder, "coffee.py", MARK)
    host, _ = hosted(folder, "coffee", off=frozenset({"coffee"}))

    assert (host.plugins[0].state, hasattr(sys, "has_run")) == ("off", False)


def test_an_edited_file_is_run_as_it_is_now(folder: Path):
    path = put(folder, "coffee.py", PREFACE)
    assert hosted(folder, "coffee")[0].commands([]) == {}
    stamp = path.stat()

    put(folder, "coffee.py")
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    assert list(hosted(folder, "coffee")[0].commands([])) == ["coffee"]
    assert [entry.name for entry in folder.iterdir()] == ["coffee.py"]


def test_it_can_be_called_like_a_module_and_hides_none(folder: Path):
    put(folder, "json.py")
    before = sys.modules.get("json"), list(sys.path)

    host, _ = hosted(folder, "json")
    import json

    assert host.plugins[0].state == "loaded"
    assert json.loads("1") == 1
    assert (sys.modules.get("json"), sys.path) == (before[0] or json, before[1])


def test_two_files_do_not_see_one_another(folder: Path):
    put(folder, "coffee.py")
    put(folder, "tea.py", "import coffee")
    host, lines = hosted(folder, "coffee", "tea")

    assert [plugin.state for plugin in host.plugins] == ["loaded", "broken"]
    assert "ModuleNotFoundError: No module named 'coffee'" in lines[0]
    assert lines[0].endswith(f"Cure: mend {folder / 'tea.py'}, or crm plugins off tea")


def test_its_records_know_their_own_types(folder: Path):
    source = """
from __future__ import annotations
from crm_core import Part
class Size(Part, frozen=True, kw_only=True):
    litres: float = 0.2
class Cup(Record, frozen=True, kw_only=True):
    size: Size = Size()
@hookimpl
def crm_records(): yield RecordKind(type=Cup, prefix="cup", label="cup", plural="cups", table="coffee.cups")
"""
    put(folder, "coffee.py", source.replace("class Size", f"{PREFACE}class Size", 1))
    host, lines = hosted(folder, "coffee")

    assert ([kind.table for kind in host.kinds()], lines) == (["coffee.cups"], [])


def test_annotations_are_evaluated_unless_the_file_itself_says_otherwise(folder: Path):
    put(folder, "coffee.py", "def late(x: int): ...\nassert late.__annotations__ == {'x': int}")

    assert hosted(folder, "coffee")[1] == []


def test_the_file_is_where_its_traceback_says(folder: Path):
    path = put(folder, "coffee.py", "def inner():\n    1 / 0\ninner()")
    told: list[BaseException] = []
    hosted(folder, "coffee", fault=told.append)

    trace = "".join(traceback.format_exception(told[0]))
    assert f'File "{path}", line 2, in inner\n    1 / 0\n' in trace
    assert "crm-plugins.coffee" not in sys.modules


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"def crm_steps(:", "SyntaxError"),
        (b"\xff\xfe\x00", "SyntaxError"),
        (b"x = '\x00'", "null bytes"),
        (b"import sys\nsys.exit()", "SystemExit"),
    ],
)
def test_what_is_no_python_is_broken(folder: Path, source: bytes, said: str):
    put(folder, "coffee.py").write_bytes(source)
    host, lines = hosted(folder, "coffee")

    assert host.plugins[0].state == "broken"
    assert said in lines[0]


def test_one_that_is_called_like_an_installed_plugin_is_shadowed(folder: Path, install, site: Path):
    from crm_core.host.discovery import find_plugins

    install("coffee", COMMAND)
    put(folder, "coffee.py", MARK)
    host = Host([*find_plugins([str(site)]), *find_files(folder)], on=frozenset({"coffee"}))

    assert [plugin.state for plugin in host.plugins] == ["loaded", "shadowed"]
    assert host.plugins[1].cure == f"rename {folder / 'coffee.py'}"
    assert not hasattr(sys, "has_run")


class TestWhoMayHaveWrittenIt:
    """What others could write is not run, and nothing is done to it."""

    @pytest.mark.parametrize("mode", [0o602, 0o620, 0o666, 0o622, 0o777])
    def test_a_file_that_others_can_write_is_refused(self, folder: Path, mode: int):
        path = put(folder, "coffee.py", MARK, mode)
        host, lines = hosted(folder, "coffee")

        assert (host.plugins[0].state, host.plugins[0].cure) == ("broken", f"chmod go-w {path}")
        assert f"{path} can be written by others" in lines[0]
        assert not hasattr(sys, "has_run")
        assert path.stat().st_mode & 0o777 == mode

    @pytest.mark.parametrize("mode", [0o777, 0o770, 0o703, 0o1777])
    def test_a_folder_in_which_others_can_write_is_refused(self, folder: Path, mode: int):
        put(folder, "coffee.py", MARK)
        folder.chmod(mode)
        host, _ = hosted(folder, "coffee")

        assert (host.plugins[0].state, host.plugins[0].cure) == ("broken", f"chmod go-w {folder}")
        assert not hasattr(sys, "has_run")

    @pytest.mark.parametrize("mode", [0o400, 0o600, 0o644, 0o700, 0o755])
    def test_what_others_can_only_read_is_run(self, folder: Path, mode: int):
        put(folder, "coffee.py", MARK, mode)
        folder.chmod(0o755)

        assert hosted(folder, "coffee")[1] == []
        assert hasattr(sys, "has_run")

    def test_a_link_leads_to_what_is_checked(self, folder: Path, tmp_path: Path):
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir(mode=0o700)
        path = put(elsewhere, "real.py", MARK)
        (folder / "coffee.py").symlink_to(path)
        assert load_file(find_files(folder)[0]).__file__ == str(folder / "coffee.py")

        elsewhere.chmod(0o777)
        with pytest.raises(Refused, match=str(elsewhere)):
            checked_source(find_files(folder)[0])
        elsewhere.chmod(0o700)
        path.chmod(0o666)
        with pytest.raises(Refused, match="written by others"):
            checked_source(find_files(folder)[0])

    def test_somebody_elses_file_is_refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        put(folder, "coffee.py", MARK)
        monkeypatch.setattr(os, "getuid", lambda: 54321)
        if folder.stat().st_uid == 0:
            monkeypatch.setattr("crm_core.host.one_file.ROOT", 12345)

        with pytest.raises(Refused, match="belongs to somebody else") as caught:
            checked_source(find_files(folder)[0])
        assert caught.value.hint == f"chown 54321 {folder}"

    def test_a_file_that_is_gone_or_closed_says_so(self, folder: Path):
        path = put(folder, "coffee.py")
        (found,) = find_files(folder)
        path.unlink()

        with pytest.raises(Refused, match="can't be read: no such file"):
            checked_source(found)

    @pytest.mark.parametrize("name", ["my-plugin", "Coffee", "2cups", "café", "me", "a b"])
    def test_a_name_that_no_plugin_can_have_is_refused(self, folder: Path, name: str):
        put(folder, f"{name}.py")
        with pytest.raises(Refused, match="can't be a plugin's name") as caught:
            checked_source(find_files(folder)[0])
        assert caught.value.hint.startswith(f"rename {folder / name}.py")
