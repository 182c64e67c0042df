"""Which plugins are off, and which one-file plugins on, is kept in a small file of the program's own."""

import stat
from pathlib import Path

import pytest

from crm_core.errors import CrmError
from crm_core.host.switches import Switches, read_switches, switch

FILE = "plugins.json"


def test_all_are_on_as_long_as_nobody_says_otherwise(tmp_path: Path):
    assert read_switches(tmp_path / "nowhere" / FILE) == Switches()
    assert not (tmp_path / "nowhere").exists()


def test_what_is_switched_off_stays_off_until_it_is_switched_on(tmp_path: Path):
    for name in ("crm_b", "crm_a", "crm_b"):
        switch(tmp_path / FILE, name, on=False)
    assert read_switches(tmp_path / FILE).off == {"crm_a", "crm_b"}

    switch(tmp_path / FILE, "crm_b", on=True)
    switch(tmp_path / FILE, "crm_never_off", on=True)

    assert read_switches(tmp_path / FILE).off == {"crm_a"}


def test_what_is_switched_on_stays_on_until_it_is_switched_off(tmp_path: Path):
    for name in ("b", "a", "b"):
        switch(tmp_path / FILE, name, on=True)
    assert read_switches(tmp_path / FILE) == Switches(on=frozenset({"a", "b"}))

    switch(tmp_path / FILE, "b", on=False)

    assert read_switches(tmp_path / FILE) == Switches(on=frozenset({"a"}), off=frozenset({"b"}))


def test_the_file_is_private_and_alone_in_its_folder(tmp_path: Path):
    switch(tmp_path / "state" / FILE, "crm_a", on=False)

    (file,) = (tmp_path / "state").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == (FILE, 0o600)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b'{"off":"crm_a"}', b'{"off":[7]}', b'{"on":7}', b'{"off":["\xff"]}']
)
def test_a_damaged_file_is_named_with_the_cure_and_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / FILE
    path.write_bytes(content)

    for act in (lambda: read_switches(tmp_path / FILE), lambda: switch(tmp_path / FILE, "crm_a", on=False)):
        with pytest.raises(CrmError, match=str(path)) as caught:
            act()
        assert "Remove that file" in caught.value.hint
    assert path.read_bytes() == content


def test_a_newer_programs_file_is_understood(tmp_path: Path):
    (tmp_path / FILE).write_bytes(b'{"off":["crm_a"],"muted":["crm_b"]}')

    assert read_switches(tmp_path / FILE) == Switches(off=frozenset({"crm_a"}))
