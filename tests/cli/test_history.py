"""`crm history`, `crm undo`, `crm redo`: what they print, to people and to programs, and how they end."""

from __future__ import annotations

import pytest

from crm_core.records import Company, Promise
from crm_core.testing import ZONE

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eRed\x00"


@pytest.fixture
def lived(crm, monkeypatch):
    """Three changes on two days: a person, an application, and what was learned of the person."""
    monkeypatch.setenv("USER", "robin")
    crm.today = "2026-11-20T09:00"
    crm.ok("contact add 'Ana Silva' --email ana@acme.example")
    crm.today = "2026-11-23T12:00"
    crm.ok("application add Acme Engineer")
    crm.ok("contact edit Ana --email ana@beta.example --note 'met twice'")
    return crm


def columns(line: str) -> list[str]:
    """The cells of a table's line."""
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


class TestHistory:
    def test_it_is_a_table_the_newest_first(self, lived):
        head, *lines = lived.ok("history").out.splitlines()

        assert columns(head) == ["id", "when", "what", "records", "undone by", "command", "who"]
        assert [columns(line) for line in lines] == [
            ["h3", "today 12:00", "changed c1 Ana Silva: emails, note", "~1",
             "crm contact edit Ana --email ana@beta.example --note met twice", "robin"],
            ["h2", "today 12:00", "added an application: Engineer at Acme", "+2",
             "crm application add Acme Engineer", "robin"],
            ["h1", "Fri 20 Nov 09:00", "added Ana Silva", "+1",
             "crm contact add Ana Silva --email ana@acme.example", "robin"],
        ]  # fmt: skip

    def test_an_undo_is_a_change_and_its_change_says_by_which_it_was_undone(self, lived):
        lived.ok("undo")

        undo, undone, *_ = lived.ok("history --json").items

        assert (undo["id"], undo["title"], undo["undoes"]) == (
            "h4", "took back h3: changed c1 Ana Silva: emails, note", ["h3"],
        )  # fmt: skip
        assert (undone["id"], undone["undone_by"], undo["undone_by"]) == ("h3", "h4", None)
        assert columns(lived.ok("history").out.splitlines()[2])[4] == "h4"

    def test_json_has_everything_and_times_in_the_users_zone(self, lived):
        (row, *_) = lived.ok("history --json").items

        assert row == {
            "id": "h3", "at": "2026-11-23T12:00:00+01:00", "who": "robin",
            "title": "changed c1 Ana Silva: emails, note",
            "command": "crm contact edit Ana --email ana@beta.example --note met twice",
            "added": 0, "changed": 1, "removed": 0, "undoes": [], "redoes": [], "undone_by": None,
        }  # fmt: skip
        assert ZONE == "Europe/Berlin"

    def test_it_is_shortened_and_says_so(self, lived):
        for number in range(20):
            lived.ok(f"company add 'Company {number}'")

        result = lived.ok("history")
        assert len(result.out.splitlines()) == 1 + 20
        assert result.err == "20 of 23 changes. For more: crm history --limit 23\n"
        assert len(lived.ok("history --limit 23").out.splitlines()) == 1 + 23
        assert lived.ok("history -n 2").err == "2 of 23 changes. For more: crm history --limit 23\n"
        recent = lived.ok("history -n 2 --since 2020-01-01").err
        assert recent.endswith("For more: crm history --since 2020-01-01 --limit 23\n")
        assert len(lived.ok("history --json").items) == 23
        assert [row["id"] for row in lived.ok("history --json -n 2").items] == ["h23", "h22"]

    @pytest.mark.parametrize(("since", "ids"), [("today", ["h3", "h2"]), ("'last friday'", ["h3", "h2", "h1"])])
    def test_it_can_begin_on_a_day(self, lived, since, ids):
        assert [row["id"] for row in lived.ok(f"history --since {since} --json").items] == ids

    def test_nothing_happened_yet(self, crm):
        result = crm.ok("history")
        assert (result.out, result.err) == ("", "Nothing was changed yet.\n")
        assert crm.ok("history --json").items == []
        crm.ok("company add Acme")
        assert crm.ok("history --since tomorrow").err == "Nothing was changed since 2026-11-24.\n"

    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_it_fits_a_terminal(self, lived, width):
        lines = lived.ok("history", columns=width).out.splitlines()

        assert max(map(len, lines)) <= width
        assert lines[1].startswith("h3")
        assert ("command" in lines[0]) == (width >= 100)

    @pytest.mark.parametrize("words", ["history h99", "history 3", "history x1", "history ''"])
    def test_a_change_that_there_is_none_of(self, lived, words):
        result = lived(words)
        assert (result.code, result.out) == (2, "")
        assert "There is no change" in result.err

    @pytest.mark.parametrize("words", ["history h1 --since today", "history -n 0", "history --since soon"])
    def test_wrong_words(self, lived, words):
        assert lived(words).code == 2


class TestOneChange:
    def test_it_is_shown_field_by_field(self, lived):
        assert lived.ok("history h3").out == (
            "change   h3\n"
            "when     today 12:00\n"
            "who      robin\n"
            "what     changed c1 Ana Silva: emails, note\n"
            "command  crm contact edit Ana --email ana@beta.example --note met twice\n"
            "records  1 changed\n"
            "\n"
            "changed contact c1 Ana Silva\n"
            "    emails: - ana@acme.example, + ana@beta.example\n"
            "    note: nothing -> met twice\n"
        )

    def test_json_has_the_values(self, lived):
        item = lived.ok("history h3 --json").item

        assert (item["id"], item["changed"]) == ("h3", 1)
        assert item["records"] == [
            {
                "id": "c1", "kind": "contact", "name": "Ana Silva", "what": "changed", "table": "contacts",
                "differences": [
                    {"field": "emails", "before": ["ana@acme.example"], "after": ["ana@beta.example"]},
                    {"field": "note", "before": None, "after": "met twice"},
                ],
            }
        ]  # fmt: skip

    def test_who_is_meant_by_an_id_is_said(self, lived):
        lived.ok("contact add 'Ben Okri'")
        lived.ok("contact edit Ben --knows Ana")
        lived.ok("company remove Acme --yes")

        assert "    knows: + c1 Ana Silva\n" in lived.ok("history h5").out

    def test_a_merge_says_who_leads_where(self, lived):
        lived.ok("contact add 'A. Silva' --new")
        lived.ok("contact merge c1 c2 --yes")
        lived.ok("undo")

        assert "merged     c2 into c1\n" in lived.ok("history h5").out
        assert "separated  c2 from c1\n" in lived.ok("history h6").out
        assert "undone by  h6\n" in lived.ok("history h5").out

    def test_many_records_are_shortened_and_it_says_so(self, crm):
        book = crm.book
        with book.change("many"):
            for number in range(60):
                book.companies.add(Company(name=f"Company {number}"))

        result = crm.ok("history h1")
        assert result.out.count("added company") == 50
        assert result.err == "50 of 60 records. For more: crm history h1 --limit 60\n"
        assert crm.ok("history h1 -n 60").out.count("added company") == 60
        assert len(crm.ok("history h1 --json").item["records"]) == 60

    def test_the_records_of_a_plugin_that_is_away_are_shown_by_table_and_number(self, crm):
        crm.ok("quota pause 2026-12-21 2027-01-03 --note Christmas")
        crm.ok("quota resume pz1")

        assert "\nremoved pause pz1 Christmas\n" in crm.ok("history h2").out
        assert "\nremoved crm_quota.pauses 1 Christmas\n" in crm.ok("--no-plugins history h2").out

    def test_long_values_are_cut_where_they_differ(self, crm):
        text = "word " * 100
        crm.ok("contact", "add", "Ana", "--note", text + "one end" + text)
        crm.ok("contact", "edit", "Ana", "--note", text + "another end" + text)

        (line,) = [line for line in crm.ok("history h2").out.splitlines() if "note:" in line]

        assert "one end" in line
        assert "another end" in line
        assert len(line) < 500
        assert text + "another end" in crm.ok("history h2 --json").item["records"][0]["differences"][0]["after"]

    def test_nothing_hostile_reaches_the_terminal(self, crm):
        book = crm.book
        with book.change(f"took in {HOSTILE}"):
            book.companies.add(Company(name=HOSTILE, note=HOSTILE))
        book = crm.book
        with book.change(f"changed {HOSTILE}"):
            book.companies.save(Company(id=book.companies.get("co1").id, name=f"{HOSTILE}2", tags=(HOSTILE,)))

        for words in ("history", "history h2", "history h1 --json", "history h2 --json", "undo h1", "undo", "redo"):
            for columns_ in (None, 80):
                result = crm(words, columns=columns_)
                shown = result.out + result.err
                assert not any(c in shown for c in "\x1b\x07\u202e\x00") or columns_ == 80
                assert "\x1b]" not in shown
                assert "\x1b[2J" not in shown


class TestUndo:
    def test_it_says_what_was_taken_back_and_how_to_do_it_again(self, lived):
        result = lived.ok("undo h2")

        assert result.out == (
            "Took back h2: added an application: Engineer at Acme\n"
            "gone: 1 company (co1 Acme), 1 application (a1 Engineer)\n"
        )
        assert result.err == "To do it again: crm redo\n"

    def test_redo_says_what_was_done_again_and_how_to_take_it_back(self, lived):
        lived.ok("undo h2")
        result = lived.ok("redo")

        assert result.out == (
            "Did h2 again: added an application: Engineer at Acme\n"
            "back: 1 company (co1 Acme), 1 application (a1 Engineer)\n"
        )
        assert result.err == "To take it back: crm undo h5\n"
        lived.ok("undo h5")
        assert len(lived.book.companies) == 0

    def test_many_are_counted_and_only_some_named(self, crm):
        book = crm.book
        with book.change("many"):
            for number in range(7):
                book.companies.add(Company(name=f"Company {number}"))
            book.companies.save(Company(id=book.companies.get("co7").id, name="x" * 1000))

        out = crm.ok("undo").out

        assert out.splitlines()[1] == (
            "gone: 7 companies (co1 Company 0, co2 Company 1, co3 Company 2, co4 Company 3, co5 Company 4 and 2 more)"
        )

    def test_json_is_the_change_that_did_it(self, lived):
        assert lived.ok("undo --json").item == lived.ok("history h4 --json").item
        assert lived.ok("redo --json").item["redoes"] == ["h3"]

    def test_a_conflict_is_exit_1_and_changes_nothing(self, lived):
        before = (lived.home / "book.json").read_bytes()

        result = lived("undo h1")

        assert (result.code, result.out) == (1, "")
        assert result.err == (
            "crm: h1 can't be taken back: contact c1 Ana Silva was changed by h3"
            " (today 12:00: changed c1 Ana Silva: emails, note)\n"
            "     hint: `crm undo h3` takes that back first;"
            " `crm undo --last 3` takes back everything since h1.\n"
        )
        assert lived("undo h1 --json").error["code"] == 1
        assert (lived.home / "book.json").read_bytes() == before

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            ("undo 3", 2, "Is it `crm undo h3`, or `crm undo --last 3`?"),
            ("undo h1 --last 2", 2, "can't both be given"),
            ("undo --last 0", 2, "--last"),
            ("undo --last 4", 1, "Only 3 changes can be taken back, not 4"),
            ("undo h9", 2, "There is no change 'h9'"),
            ("redo", 1, "There is nothing to do again"),
            ("redo h1", 2, "unexpected extra argument"),
        ],
    )
    def test_what_can_not_be_done(self, lived, words, code, said):
        result = lived(words)
        assert (result.code, result.out) == (code, "")
        assert said in result.err

    def test_there_is_nothing_to_take_back(self, crm):
        result = crm("undo")
        assert (result.code, result.out) == (1, "")
        assert "There is nothing to take back" in result.err
        assert not (crm.home / "book.json").exists()

    def test_it_works_without_plugins_and_with_a_broken_one(self, lived, install):
        install("crm_broken", "raise RuntimeError('broken')")
        lived.ok("--no-plugins undo")
        assert lived.ok("redo").out.startswith("Did h3 again")

    def test_the_demo_is_taken_back_in_the_demo(self, lived):
        lived.ok("demo")
        before = (lived.home / "book.json").read_bytes()
        lived.ok("--demo contact add 'Somebody New'")

        result = lived.ok("--demo undo")

        assert result.err.splitlines()[-1] == "To do it again: crm --demo redo"
        assert (lived.home / "book.json").read_bytes() == before

    def test_what_is_done_with_a_step_is_taken_back_too(self, crm):
        book = crm.book
        with book.change("promised"):
            book.promises.add(Promise(text="the references", made=crm.book.today, due=crm.book.today))
        handle = crm.ok("agenda --json --plugin promises").items[0]["handle"]
        crm.ok("done", handle)
        assert crm.ok("agenda --json --plugin promises").items == []

        crm.ok("undo")

        assert crm.ok("agenda --json --plugin promises").items[0]["handle"] == handle

    def test_somebody_who_was_forgotten_does_not_come_back(self, lived):
        lived.ok("contact add 'Ben Okri'")
        lived.ok("forget c1 --yes")

        for words in ("undo", "undo h3", "undo h1"):
            result = lived(words)
            assert (result.code, result.out) == (1, "")
            assert "somebody who was in it has been forgotten" in result.err
        assert "The one before it: crm undo h4\n" in lived("undo").err
        lived.ok("undo h4")
        assert "Ana" not in lived.ok("history").out
