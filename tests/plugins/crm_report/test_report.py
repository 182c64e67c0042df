"""`crm export report`: which applications, which facts, which sums, in which form."""

from __future__ import annotations

import csv
import io

import pytest

from crm_core.testing import Crm


@pytest.fixture
def search(crm: Crm) -> Crm:
    """October: two applications, one of which ends in November; November: another, interviews, a letter; a wish."""
    crm.only("crm_report", "crm_thankyou")
    crm.ok("me set name 'Robin Vale'")
    crm.ok("me set address '3 Ropewalk Lane'")
    crm.ok("application add Acme Engineer --on 2026-10-05 --source 'job fair' --cv short.pdf")
    crm.ok("application add Beta Editor --on 2026-10-20")
    crm.ok("application add Cobalt Analyst --on 2026-11-10 --url https://cobalt.example/jobs/7")
    crm.ok("application add Delta Baker --stage wishlist --on 2026-11-11")
    crm.ok("application move a2 rejected --on 2026-11-03")
    crm.ok("contact add 'Ana Silva' --company Acme --title CTO")
    crm.ok("interview log Acme --at '2026-11-20 14:00' --round 1 --kind video --with 'Ana Silva' --with 'Ben Carter'")
    crm.ok("interview log Acme --at '2026-11-27 10:00' --round 2 --with 'Ana Silva'")
    crm.ok("letter draft thank-you 'Ana Silva' --interview i1")
    crm.ok("letter sent l1 --force --on 2026-11-21")
    return crm


def rows(crm: Crm, *options: str) -> list[dict[str, str]]:
    text = crm.ok("export", "report", "--as", "csv", *options).out
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def companies(crm: Crm, *options: str) -> list[str]:
    return [row["company"] for row in rows(crm, *options)]


def test_it_says_what_was_done_when_and_how_it_stands(search: Crm):
    assert search.ok("export report --since 2026-11-01").out == (
        "Applications from 1 Nov 2026 to 23 Nov 2026\n"
        "===========================================\n"
        "\n"
        "Robin Vale\n"
        "3 Ropewalk Lane\n"
        "Written on 23 Nov 2026\n"
        "\n"
        "3 applications: 1 sent, 1 interview, 2 people met, 1 letter\n"
        "Today: 1 applied, 1 interviewing, 1 rejected\n"
        "\n"
        " 1. Engineer, Acme\n"
        "    stages      applied 5 Oct 2026, interviewing 20 Nov 2026\n"
        "    source      job fair\n"
        "    CV          short.pdf\n"
        "    interviews  20 Nov 2026 14:00, round 1, video, with Ana Silva (CTO), Ben\n"
        "                Carter\n"
        "    letters     21 Nov 2026: thank-you to Ana Silva\n"
        "    next        interview 27 Nov 2026 10:00\n"
        "                Thank Ana Silva, by 28 Nov 2026 11:00\n"
        "    outcome     open: interviewing since 20 Nov 2026\n"
        "\n"
        " 2. Editor, Beta\n"
        "    stages      applied 20 Oct 2026, rejected 3 Nov 2026\n"
        "    outcome     rejected on 3 Nov 2026\n"
        "\n"
        " 3. Analyst, Cobalt\n"
        "    stages      applied 10 Nov 2026\n"
        "    posting     https://cobalt.example/jobs/7\n"
        "    outcome     open: applied since 10 Nov 2026\n"
    )


def test_a_period_holds_what_happened_in_it_from_the_first_to_the_last_day(search: Crm):
    assert companies(search) == ["Acme", "Beta", "Cobalt"]
    assert companies(search, "--until", "2026-10-31") == ["Acme", "Beta"]
    assert companies(search, "--since", "2026-11-03", "--until", "2026-11-03") == ["Beta"]
    assert companies(search, "--since", "2026-11-04", "--until", "2026-11-09") == []
    assert companies(search, "--since", "2026-11-10", "--until", "2026-11-10") == ["Cobalt"]
    assert companies(search, "--since", "2026-11-20", "--until", "2026-11-20") == ["Acme"]
    assert companies(search, "--since", "2026-11-21", "--until", "2026-11-21") == ["Acme"]


def test_what_lies_outside_the_period_is_not_told_but_for_how_it_stands_today(search: Crm):
    october = search.ok("export report --until 2026-10-31").out

    assert "applied 5 Oct 2026\n" in october
    assert "20 Nov 2026 14:00" not in october
    assert "    letters " not in october
    assert "older" not in october
    assert "outcome     rejected on 3 Nov 2026" in october
    assert "2 applications: 2 sent, 0 interviews, 0 people met, 0 letters\n" in october


def test_older_applications_without_news_are_counted(search: Crm):
    assert "1 older application is still open, and had nothing new" in search.ok("export report --since 2026-11-11").out


def test_stages_choose_by_how_it_stands_today(search: Crm):
    assert companies(search, "--stage", "rejected") == ["Beta"]
    assert companies(search, "--stage", "interviewing", "--stage", "applied") == ["Acme", "Cobalt"]
    assert companies(search, "--stage", "wishlist") == ["Delta"]


def test_a_wish_that_was_given_up_was_no_application(search: Crm):
    search.ok("application move a4 withdrawn")
    assert "Delta" not in companies(search)
    assert companies(search, "--stage", "withdrawn") == ["Delta"]


def test_an_offer_says_by_when_it_is_to_be_answered(search: Crm):
    search.ok("application move a3 offer --respond-by 2026-11-30")

    assert "outcome     offer since 23 Nov 2026, to be answered by 30 Nov 2026" in search.ok("export report").out


def test_the_table_has_a_row_an_application(search: Crm):
    row = rows(search)[0]

    assert search.ok("export report --as csv").out.startswith("\ufeffcompany,role,applied,")
    assert row == {
        "company": "Acme", "role": "Engineer", "applied": "2026-10-05", "stage": "interviewing", "since": "2026-11-20",
        "answer by": "", "source": "job fair", "posting": "", "CV": "short.pdf",
        "stages": "2026-10-05 applied; 2026-11-20 interviewing", "interviews": "2026-11-20 14:00 round 1 video",
        "people met": "Ana Silva (CTO); Ben Carter", "letters": "2026-11-21 thank-you to Ana Silva",
        "next interview": "2026-11-27 10:00", "next step": "Thank Ana Silva", "due": "2026-11-28 11:00", "id": "a1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", "<!DOCTYPE html>"),
        ("R.HTM", "<!DOCTYPE html>"),
        ("r.csv", "\ufeffcompany,"),
        ("r.txt", "Applications"),
        ("r", "Applications"),
    ],
)
def test_the_form_is_told_by_the_files_ending(search: Crm, tmp_path, name, begins):
    search.ok(f"export report -o {tmp_path / name}")
    assert (tmp_path / name).read_text("utf-8").startswith(begins)

    search.ok(f"export report --force --as text -o {tmp_path / name}")
    assert (tmp_path / name).read_text("utf-8").startswith("Applications until 23 Nov 2026\n===")


def test_a_period_that_ends_before_it_begins_is_refused(search: Crm):
    refused = search("export report --since today --until yesterday")

    assert refused.code == 2
    assert "--since 23 Nov 2026 is after 22 Nov 2026" in refused.err


def test_a_report_of_nothing_is_one(crm: Crm):
    assert crm.ok("export report").out == (
        "Applications until 23 Nov 2026\n"
        "==============================\n"
        "\n"
        "Written on 23 Nov 2026\n"
        "\n"
        "0 applications: 0 sent, 0 interviews, 0 people met, 0 letters\n"
    )


def test_without_names_it_still_says_what_was_done(search: Crm):
    report = search.ok("export report --redact").out

    assert " 1. Role 1, Company 1\n    stages      applied 5 Oct 2026, interviewing 20 Nov 2026\n" in report
    assert "20 Nov 2026 14:00, round 1, video, with Person 1, Person 2" in report
    assert "21 Nov 2026: letter to Person 1" in report
    for private in ("Robin", "Ropewalk", "Acme", "Ana", "Engineer", "job fair", "short.pdf", "cobalt"):
        assert private not in report
