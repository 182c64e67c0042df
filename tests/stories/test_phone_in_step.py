"""A phone in step: what is learnt on the road comes home, what is learnt at home reaches the phone, nobody is lost."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(crm, tmp_path):
    """The folder that the phone's address book is synced with; two people are on the phone."""
    crm.ok("contact add 'Mara Lindqvist' --company 'Bluewater Robotics' --phone '+44 7700 900111'")
    crm.ok("contact add 'Ben Carter' --email ben@acme.example")
    folder = tmp_path / "phone"
    crm.ok("export", "vdir", "-o", str(folder))
    return folder


def card(folder: Path, name: str) -> Path:
    """Their file, as the phone finds it."""
    return next(path for path in folder.glob("*.vcf") if f"FN:{name}" in path.read_text("utf-8"))


def test_a_week_on_the_road(crm, folder):
    # On the train Mara gives a new number; a man from a fair is typed into the phone; Ben is deleted by mistake.
    mara = card(folder, "Mara Lindqvist")
    mara.write_text(mara.read_text("utf-8").replace("900111", "900122"), "utf-8")
    (folder / "fair.vcf").write_text(
        "BEGIN:VCARD\nVERSION:3.0\nUID:fair-1\nFN:Tom Okafor\nN:Okafor;Tom;;;\nEND:VCARD\n"
    )
    card(folder, "Ben Carter").unlink()
    # At home Mara has moved meanwhile.
    crm.ok("contact edit Mara --address 'Hull'")

    hasty = crm("export", "vdir", "-o", str(folder))
    assert hasty.code == 3
    assert "crm import" in hasty.err

    done = {row["name"]: row["action"] for row in crm.ok("import", str(folder), "--json").items}
    assert done == {"Mara Lindqvist": "updated", "Tom Okafor": "added", "Ben Carter": "left"}
    crm.ok("export", "vdir", "-o", str(folder), "--book-wins")

    on_phone = mara.read_text("utf-8")
    assert "900122" in on_phone
    assert "Hull" in on_phone
    assert card(folder, "Ben Carter").exists()
    assert {row["action"] for row in crm.ok("import", str(folder), "--json").items} == {"same"}
