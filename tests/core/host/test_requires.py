"""What a distribution says that it needs of the core is read from its metadata, and held against this one."""

from pathlib import Path

import pytest

from crm_core.host.discovery import find_plugins
from crm_core.host.requires import required, too_old
from crm_core.version import __version__
from tests.core.host.conftest import Install, MakeHost

NEWER = ">=99"


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("Requires-Dist: crm-core>=0.2", ">=0.2"),
        ("Requires-Dist: crm-core >=0.2,<1", ">=0.2,<1"),
        ("Requires-Dist: crm-core (>=0.2)", ">=0.2"),
        ("requires-dist:\tCRM_Core[all] ~= 0.2", "~= 0.2"),
        ("Requires-Dist: crm.core>=0.2; python_version > '3.8'", ">=0.2"),
        ("Requires-Dist: crm-core", ""),
        ("Requires-Dist: crm-core>=9; extra == 'dev'", ""),
        ("Requires-Dist: crm-core-extras>=9", ""),
        ("Requires-Dist: crm-cores>=9", ""),
        ("Requires-Dist: my-crm-core>=9", ""),
        ("Requires-Dist: click>=9\nRequires-Dist: crm-core>=0.1\nRequires-Dist: crm-core<2", ">=0.1,<2"),
        ("Summary: Requires-Dist: crm-core>=9", ""),
        ("\nRequires-Dist: crm-core>=9", ""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_of_metadata(tmp_path: Path, line: str, needed: str, end: str):
    text = f"Metadata-Version: 2.4\nName: x\n{line}\n\nThe description, which may say\nRequires-Dist: crm-core>=99\n"
    (tmp_path / "METADATA").write_bytes(text.replace("\n", end).encode())

    assert required(str(tmp_path / "METADATA")) == needed


@pytest.mark.parametrize("content", [b"", b"\xff\x00\n\n", b"Requires-Dist: crm-core>=\xff\n\n"])
def test_metadata_that_say_nothing_need_nothing(tmp_path: Path, content: bytes):
    (tmp_path / "METADATA").write_bytes(content)

    assert not too_old("0.1.0", required(str(tmp_path / "METADATA")))
    assert required(str(tmp_path / "nowhere")) == ""


@pytest.mark.parametrize(
    ("version", "requires", "answer"),
    [
        ("0.1.0", ">=0.1", False),
        ("0.1.0", ">=0.1.0.0", False),
        ("0.1.0", ">=0.1.1", True),
        ("0.1.0", ">0.1", True),
        ("0.1.0", ">0.0.9", False),
        ("0.10.0", ">=0.9", False),
        ("0.1.0", "~=0.2", True),
        ("0.3.0", "~=0.2", False),
        ("0.1.0", "==0.2", True),
        ("0.1.0", "===0.2", True),
        ("0.1.0", "==0.2.*", True),
        ("0.3.0", "==0.2", False),
        ("0.1.0", "<0.1", False),
        ("0.1.0", "<=0.1,>=0.2", True),
        ("0.1.0", "!=0.2", False),
        ("0.2.0.dev3", ">=0.2", False),
        ("0.2.0rc1", ">= v0.2", False),
        ("1.0+local.7", ">=1.0.1", True),
        ("0.1.0", "", False),
        ("0.1.0", ">=nonsense", False),
        ("0.1.0", ">=" + "9" * 5_000, True),
    ],
)
def test_only_what_a_newer_core_would_have_is_lacking(version: str, requires: str, answer: bool):
    assert too_old(version, requires) is answer


def test_a_plugin_for_a_newer_core_is_not_even_imported(install: Install, host: MakeHost, site: Path):
    install("crm_late", "raise RuntimeError('imported')")
    (site / "crm_late-1.2.dist-info/METADATA").write_text(f"Requires-Dist: crm-core{NEWER}\n\n")
    loaded = host()

    (failed,) = loaded.failed
    assert (failed.name, failed.state) == ("crm_late", "broken")
    (line,) = loaded.lines
    assert line.startswith(f"plugin crm_late 1.2 failed in import: it needs crm-core >=99, and this is {__version__}; ")
    assert line.endswith("Cure: update crm-core, or crm plugins off crm_late")


def test_what_our_own_need_is_not_read(install: Install, site: Path):
    install("crm_mine", "", distribution="crm_core")
    (site / "crm_core-1.2.dist-info/METADATA").write_text(f"Requires-Dist: crm-core{NEWER}\n\n")

    assert [found.requires for found in find_plugins([str(site)])] == [""]


def test_without_metadata_a_missing_name_leads_to_the_same_cure(install: Install, host: MakeHost):
    install("crm_late", "from crm_core import Telepathy")

    (line,) = host().lines

    assert "cannot import name 'Telepathy' from 'crm_core'" in line
    assert line.endswith(f"Cure: update crm-core, which is {__version__}, or crm plugins off crm_late")
