"""A story: the archive from LinkedIn beside the phone's address book, and whom to ask about a company."""

from __future__ import annotations

import zipfile
from pathlib import Path

DATA = Path(__file__).parents[2] / "examples/data"


def test_the_archive_and_the_phone_make_one_network(crm, tmp_path):
    archive = tmp_path / "Basic_LinkedInDataExport.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(DATA / "Connections.csv", "Connections.csv")
        packed.writestr("messages.csv", '"CONVERSATION ID","FROM","TO","DATE"\n"1","A","B","2026-06-01"\n')
    crm.ok("import", str(DATA / "phone.vcf"))

    # Both know Mara by the page on LinkedIn; the member who hides their name is told with the line.
    result = crm("import", str(archive))
    assert result.code == 3
    assert "Basic_LinkedInDataExport.zip/Connections.csv:10" in result.out
    assert "a member who hides their name" in result.out
    assert "Basic_LinkedInDataExport.zip/messages.csv (LinkedIn messages)" in result.err
    assert [person.name for person in crm.book.contacts].count("Mara Lindqvist") == 1

    # The next day's archive is the same one: nothing changes.
    stored = (crm.home / "book.json").read_bytes()
    again = crm("import", str(archive), "--json")
    assert {row["action"] for row in again.items} <= {"same", "refused"}
    assert (crm.home / "book.json").read_bytes() == stored

    # And there is somebody to ask where the next interview is.
    crm.ok("application add 'Bluewater Robotics' 'Platform Engineer'")
    assert "Oskar Brandvold" in crm.ok("referral paths Bluewater").out
