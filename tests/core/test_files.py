"""Where a user's files are."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from crm_core import files
from crm_core.errors import InputError
from crm_core.files import Places

HOME = {"HOME": "/nobody/ana"}


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch):
    """As on Linux, whatever this machine is."""
    monkeypatch.setattr(files, "sys", SimpleNamespace(platform="linux"))


def places(**environ: str) -> tuple[str, ...]:
    found = Places.of({**HOME, **environ})
    return tuple(str(path) for path in (found.book, found.config, found.state, found.demo))


def test_without_any_wish_they_are_where_the_platform_keeps_them():
    data, config = "/nobody/ana/.local/share/crm", "/nobody/ana/.config/crm"

    assert places() == (f"{data}/book.json", f"{config}/config.toml", data, f"{data}/demo")


def test_the_base_directories_are_followed_unless_they_are_relative():
    assert places(XDG_DATA_HOME="/data", XDG_CONFIG_HOME="/etc/ana") == (
        "/data/crm/book.json", "/etc/ana/crm/config.toml", "/data/crm", "/data/crm/demo",
    )  # fmt: skip
    assert places(XDG_DATA_HOME="data", XDG_CONFIG_HOME="") == places()


def test_everything_is_under_one_folder_where_the_user_wants_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for home in (str(tmp_path / "crm"), "crm", "./crm"):
        found = Places.of({**HOME, "CRM_HOME": home})
        assert (found.book, found.config) == (tmp_path / "crm/book.json", tmp_path / "crm/config.toml")
        assert (found.state, found.demo) == (tmp_path / "crm", tmp_path / "crm/demo")
    assert Places.of({**HOME, "CRM_HOME": ""}).book == Path("/nobody/ana/.local/share/crm/book.json")


@pytest.mark.parametrize("home", ["", "/crm"])
def test_another_book_changes_the_book_and_nothing_else(home: str):
    with_book = places(CRM_HOME=home, CRM_BOOK="/data/jobs.json")

    assert with_book[0] == "/data/jobs.json"
    assert with_book[1:] == places(CRM_HOME=home)[1:]


def test_a_tilde_is_the_users_home(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/nobody/ana")

    assert places(CRM_HOME="~/crm", CRM_BOOK="~/jobs.json")[:2] == (
        "/nobody/ana/jobs.json",
        "/nobody/ana/crm/config.toml",
    )


@pytest.mark.parametrize("name", ["CRM_HOME", "CRM_BOOK"])
def test_the_home_of_a_user_who_does_not_exist_is_an_input_error(name: str):
    with pytest.raises(InputError, match=name):
        places(**{name: "~nobody-at-all/crm"})


def test_a_relative_place_in_a_folder_that_is_gone_is_an_input_error(monkeypatch: pytest.MonkeyPatch):
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(os, "getcwd", gone)

    with pytest.raises(InputError, match="CRM_BOOK"):
        places(CRM_BOOK="jobs.json")
    assert places(CRM_BOOK="/data/jobs.json")[0] == "/data/jobs.json"


@pytest.mark.parametrize(
    ("platform", "folder"), [("darwin", "/nobody/ana/Library/Application Support/crm"), ("win32", "/roaming/crm")]
)
def test_other_platforms_have_one_folder(monkeypatch: pytest.MonkeyPatch, platform: str, folder: str):
    monkeypatch.setattr(files, "sys", SimpleNamespace(platform=platform))

    assert places(APPDATA="/roaming") == (f"{folder}/book.json", f"{folder}/config.toml", folder, f"{folder}/demo")


def test_a_private_file_is_whole_and_for_its_user_alone(tmp_path: Path):
    path = tmp_path / "card.vcf"
    path.write_bytes(b"longer before")
    path.chmod(0o644)

    files.write_private_file(path, b"after")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o600)
    assert list(tmp_path.iterdir()) == [path]
