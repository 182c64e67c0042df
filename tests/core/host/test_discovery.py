"""Installed plugins are read from the metadata on the path; the first folder wins, as it does for imports."""

import sys
from importlib import metadata
from pathlib import Path

import pytest

from crm_core.host.discovery import Found, find_plugins


def put(folder: Path, distribution: str, entry_points: str | bytes | None, version: str = "1.0") -> Path:
    """A distribution's metadata."""
    info = folder / f"{distribution}-{version}.dist-info"
    info.mkdir(parents=True)
    if entry_points is not None:
        (info / "entry_points.txt").write_bytes(
            entry_points.encode() if isinstance(entry_points, str) else entry_points
        )
    return info


def found(*folders: Path | str) -> list[tuple[str, str, str, str]]:
    return [(one.name, one.target, one.distribution, one.version) for one in find_plugins(map(str, folders))]


def test_entry_points_of_our_group_are_found_with_their_distribution(tmp_path: Path):
    scripts, ours = "[console_scripts]\nx = a:b\n", "[crm_core]\ntools = crm_tools\nmore=crm_tools.more:Plugin\n"
    put(tmp_path, "crm_tools", f"{scripts}\n{ours}[z]\nq = r\n", "2.5.1")

    assert found(tmp_path) == [
        ("more", "crm_tools.more:Plugin", "crm_tools", "2.5.1"),
        ("tools", "crm_tools", "crm_tools", "2.5.1"),
    ]


def test_the_first_folder_wins_even_if_its_distribution_has_no_plugins_any_more(tmp_path: Path):
    for number, entry_points in enumerate(["[crm_core]\none = new", "[other]\nx = y", None]):
        put(tmp_path / f"first{number}", f"dist{number}", entry_points, "2.0")
        put(tmp_path / "second", f"dist{number}", f"[crm_core]\none{number} = old", "1.0")

    first = [tmp_path / f"first{number}" for number in range(3)]
    assert found(*first, tmp_path / "second") == [("one", "new", "dist0", "2.0")]


@pytest.mark.parametrize("spelling", ["crm_tools", "CRM_Tools", "crm.tools"])
def test_a_distribution_is_the_same_however_it_is_spelt(tmp_path: Path, spelling: str):
    put(tmp_path / "first", "crm_tools", "[crm_core]\ntools = new", "2.0")
    put(tmp_path / "second", spelling, "[crm_core]\ntools = old")

    assert [one[1] for one in found(tmp_path / "first", tmp_path / "second")] == ["new"]


def test_our_own_come_first_then_the_others_each_by_name(tmp_path: Path):
    put(tmp_path, "aaa", "[crm_core]\nb = x\na = y")
    put(tmp_path, "crm_core", "[crm_core]\nz = crm_z\nq = crm_q")
    put(tmp_path / "more", "bbb", "[crm_core]\nq = stranger\na = stranger")

    assert [(name, distribution) for name, _, distribution, _ in found(tmp_path / "more", tmp_path)] == [
        ("q", "crm_core"), ("z", "crm_core"), ("a", "aaa"), ("a", "bbb"), ("b", "aaa"), ("q", "bbb"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("distribution", "own"), [("crm_core", True), ("crm-core", True), ("Crm.Core", True), ("crm_coreX", False)]
)
def test_ours_are_those_of_the_core_s_distribution(distribution: str, own: bool):
    assert Found(name="x", target="x", distribution=distribution, version="1").own is own


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("tools = crm_tools [extra1,extra2]", "crm_tools"),
        ("tools = crm_tools:Plugin[extra]", "crm_tools:Plugin"),
        ("  tools   =   crm_tools  ", "crm_tools"),
        ("tools=crm_tools", "crm_tools"),
    ],
)
def test_extras_and_spaces_are_no_part_of_the_target(tmp_path: Path, line: str, target: str):
    put(tmp_path, "crm_tools", f"[crm_core]\n# mine = no\n; nor = this\n\n{line}\nnot a line\n")

    assert found(tmp_path) == [("tools", target, "crm_tools", "1.0")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[crm_core]",
        b"[crm_core]\n[other]\nx = y",
        b"[crm_core2]\nx = y",
        b"x = y\n[crm_core",
        None,
    ],
)
def test_metadata_without_plugins_gives_none(tmp_path: Path, content: bytes | None):
    put(tmp_path, "crm_tools", content)

    assert found(tmp_path) == []


def test_bytes_that_are_no_utf_8_elsewhere_in_the_file_do_no_harm(tmp_path: Path):
    put(tmp_path, "crm_tools", b"[console_scripts]\n\xff = \xfe\r\n[crm_core]\r\ntools = crm_tools\r\n")

    assert [one[:2] for one in found(tmp_path)] == [("tools", "crm_tools")]


def test_folders_that_can_not_be_read_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path / "good", "crm_tools", "[crm_core]\ntools = crm_tools")
    put(tmp_path / "good", "crm_dir", None).joinpath("entry_points.txt").mkdir()
    (tmp_path / "good" / "crm_file-1.0.dist-info").write_text("no folder")
    (tmp_path / "zipped.zip").write_bytes(b"PK")
    closed = tmp_path / "closed"
    put(closed, "crm_closed", "[crm_core]\nclosed = x")
    monkeypatch.setattr("crm_core.host.discovery.os.scandir", _refusing(closed))

    places = ["", tmp_path / "gone", tmp_path / "zipped.zip", closed, tmp_path / "good", tmp_path / "good"]
    monkeypatch.chdir(tmp_path)
    assert found(*places) == [("tools", "crm_tools", "crm_tools", "1.0")]


def _refusing(closed: Path):
    from os import scandir

    def refuse(folder: str):
        if folder == str(closed):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    return refuse


def test_the_present_folder_is_on_the_path_as_an_empty_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, "crm_tools", "[crm_core]\ntools = crm_tools")
    monkeypatch.chdir(tmp_path)

    assert [one[0] for one in found("")] == ["tools"]


def test_what_is_installed_here_is_what_the_standard_library_finds():
    ours = {(one.name, one.target) for one in find_plugins(sys.path)}

    assert ours == {(point.name, point.value) for point in metadata.entry_points(group="crm_core")}
