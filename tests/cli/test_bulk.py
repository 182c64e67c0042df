"""Changing many at once: who is chosen, what is shown first, one change that can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.cli.lists import bulk
from crm_core.cli.lists.where import choosing, read_condition
from crm_core.errors import InputError
from crm_core.records import Contact
from crm_core.testing import Crm

FIELDS = {"name": lambda texts: texts, "tag": lambda texts: texts[1:]}
words = st.text(alphabet="aAäÄ éx", max_size=3)


@pytest.fixture
def people(crm: Crm) -> Crm:
    """Ana and Ben at Acme, one by its other name; Cleo was there; Dan nowhere."""
    crm.ok("company add Acme --alias 'Acme Holding'")
    crm.ok("contact add 'Ana Silva' --company Acme --title Engineer --tag mentor --email ana@example.com")
    crm.ok("contact add 'Ben Carter' --company 'Acme Holding' --title 'Head of Engineering'")
    crm.ok("contact add 'Cleo Marsh' --was-at acme --company Beta --tag far")
    crm.ok("contact add 'Dan Ode' --how 'night train'")
    return crm


def chosen(crm: Crm, *conditions: str) -> list[str]:
    where = [part for condition in conditions for part in ("--where", condition)]
    result = crm("contact", "edit", *where, "--note", "chosen", "--dry-run", "--json")
    return [item["id"] for item in result.items] if result.code == 0 else []


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        (["company=Acme"], ["c1", "c2", "c3"]),
        (["company=ACME holding"], ["c1", "c2", "c3"]),
        (["company=co1"], ["c1", "c2", "c3"]),
        (["company!=Acme"], ["c4"]),
        (["company=Acm"], []),
        (["company~acm"], ["c1", "c2", "c3"]),
        (["company="], ["c4"]),
        (["company!="], ["c1", "c2", "c3"]),
        (["tag=MENTOR"], ["c1"]),
        (["tag!=mentor"], ["c2", "c3", "c4"]),
        (["tag="], ["c2", "c4"]),
        (["email="], ["c2", "c3", "c4"]),
        (["email=ana@example.com"], ["c1"]),
        (["title~engineer"], ["c1", "c2"]),
        (["title=engineer"], ["c1"]),
        (["company=Acme", "tag!=far"], ["c1", "c2"]),
        (["company=Acme", "tag=far", "title~x"], []),
        ([" Name ~ silva ana "], ["c1"]),
        (["how=night train"], ["c4"]),
        (["name!=nobody"], ["c1", "c2", "c3", "c4"]),
    ],
)
def test_who_is_chosen(people: Crm, conditions: list[str], ids: list[str]):
    assert chosen(people, *conditions) == ids


@given(st.lists(words, max_size=3), words)
def test_equal_and_not_equal_share_everybody_out(texts: list[str], value: str):
    equal, other = (choosing([f"name{operator}{value}"], FIELDS)(texts) for operator in ("=", "!="))
    assert equal != other


@given(st.lists(words, max_size=3), words.filter(str.strip))
def test_what_is_equal_has_it_in_it(texts: list[str], value: str):
    if choosing([f"name={value}"], FIELDS)(texts):
        assert choosing([f"name~{value}"], FIELDS)(texts)


@pytest.mark.parametrize("text", ["", "name", "=x", "~", "name~", "name~ ", "colour=red", "\x1b[31m=1", "name<3"])
def test_what_is_no_condition_is_refused(text: str):
    with pytest.raises(InputError) as caught:
        read_condition(text, FIELDS)
    assert caught.value.hint


def test_of_a_value_everything_behind_the_operator_counts():
    assert read_condition("name=a=b!=c~d", FIELDS) == ("name", "=", "a=b!=c~d")
    assert read_condition("name!==", FIELDS) == ("name", "!=", "=")


def test_a_dry_run_shows_what_would_change_and_changes_nothing(people: Crm):
    before = (people.home / "book.json").read_bytes()
    result = people.ok("contact edit --where company=Acme --add-tag acme --untag mentor --dry-run")

    assert result.out.splitlines() == [
        "id  name        change",
        "c1  Ana Silva   tags: mentor → acme",
        "c2  Ben Carter  tags: nothing → acme",
        "c3  Cleo Marsh  tags: far → far, acme",
        "Would change 3 people",
    ]
    assert (people.home / "book.json").read_bytes() == before


def test_with_yes_it_is_one_change_that_can_be_taken_back(people: Crm):
    before = people.ok("contact list --json").items
    result = people.ok("contact edit --where company=Acme --add-tag acme --yes")

    assert result.out.endswith("Changed 3 people\n")
    assert result.err == "To take it all back: crm undo\n"
    assert [item["tags"] for item in people.ok("contact list --sort id --json").items] == [
        ["mentor", "acme"], ["acme"], ["far", "acme"], [],
    ]  # fmt: skip
    assert people.ok("history --json").items[0]["title"] == "changed 3 people: tags"
    people.ok("undo")
    assert people.ok("contact list --json").items == before


def test_who_is_so_already_is_not_changed(people: Crm):
    people.ok("contact edit --where company=Acme --tag far --yes")
    result = people.ok("contact edit --where name!=nobody --tag far --yes")

    assert result.out.endswith("Changed 1 person\n")
    assert "3 are so already.\n" in result.err
    again = people.ok("contact edit --where name!=nobody --tag far --yes")
    assert (again.out, again.err) == ("Nothing was changed\n", "4 are so already.\n")


def test_places_of_work_change_too(people: Crm):
    people.ok("contact edit --where company=Acme --where tag!=far --company Beta --was-at Acme --yes")
    assert [item["id"] for item in people.ok("contact list --company Beta --json").items] == ["c1", "c2", "c3"]
    shown = people.ok("contact edit --where tag=far --title Boss --dry-run").out
    assert "positions: Beta, acme (before) → Boss at Beta, acme (before)" in shown


def test_at_a_terminal_it_is_asked(people: Crm):
    no = people("contact edit --where company=Acme --tag acme", columns=80, typed="n\n")
    assert (no.code, "Changed" in no.out) == (1, False)
    assert "Change 3 people?" in no.err
    yes = people("contact edit --where company=Acme --tag acme", columns=80, typed="y\n")
    assert (yes.code, yes.out.splitlines()[-1]) == (0, "Changed 3 people")


def test_where_nobody_can_answer_nothing_is_changed(people: Crm):
    result = people("contact edit --where company=Acme --tag acme")
    assert result.code == 2
    assert "Say yes with --yes." in result.err
    assert people.ok("contact list --tag acme --json").items == []


def test_of_very_many_a_terminal_shows_the_first(crm: Crm):
    book = crm.book
    with book.change("a crowd"):
        for number in range(1_234):
            book.contacts.add(Contact(name=f"Person {number}"))
    result = crm("contact edit --where tag= --tag crowd", columns=80, typed="y\n")

    assert len(result.out.splitlines()) == bulk.FEW + 2
    assert "20 of 1,234; --dry-run shows them all" in result.err
    assert result.out.endswith("Changed 1,234 people\n")
    crm.ok("undo")
    assert crm.ok("contact list --tag crowd --json").items == []


def test_what_another_command_changed_meanwhile_is_not_written_over(people: Crm, monkeypatch: pytest.MonkeyPatch):
    def meanwhile(_: str) -> bool:
        people.ok("contact edit c2 --note 'met again'")
        return True

    monkeypatch.setattr(bulk, "confirm", meanwhile)
    result = people("contact edit --where company=Acme --note ''  --tag acme")

    assert (result.code, result.out.count("Changed")) == (1, 0)
    assert people.ok("contact list --tag acme --json").items == []
    assert people.book.contacts.get("c2").note == "met again"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("contact edit --where company=Acme --email a@example.com", "--email is for one at a time"),
        ("contact edit --where company=Acme --name Ana", "--name is for one at a time"),
        ("company edit --where tag= --alias A", "--alias is for one at a time"),
        ("contact edit c1 --where company=Acme --tag x", "two ways to say which"),
        ("contact edit --tag x", "Missing argument 'CONTACT'"),
        ("company edit --tag x", "Missing argument 'COMPANY'"),
        ("contact edit c1 --tag x --dry-run", "--dry-run is for many at once"),
        ("contact edit --where company=Nowhere --tag x --yes", "Nothing is found by 'company=Nowhere'"),
        ("contact edit --where company=Acme --yes", "There is nothing to change"),
        ("contact edit --where colour=red --tag x --yes", "There is no field 'colour' to choose by"),
    ],
)
def test_what_can_not_be_is_refused(people: Crm, line: str, said: str):
    before = (people.home / "book.json").read_bytes()
    result = people(line)

    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert (people.home / "book.json").read_bytes() == before


def test_companies_are_changed_likewise(people: Crm):
    people.ok("company add Beta --tag agency")
    people.ok("company add Cobalt --tag agency --note old")
    result = people.ok("company edit --where tag=agency --where note= --add-tag recruiter --untag agency --yes")

    assert "co2  Beta  tags: agency → recruiter" in result.out
    assert result.out.endswith("Changed 1 company\n")
    data = people.ok("company edit --where name~o --note seen --yes --json").data
    assert ([item["id"] for item in data["items"]], data["dry_run"]) == (["co1", "co3"], False)


@pytest.mark.parametrize("columns", [None, 60])
def test_what_is_shown_of_odd_names_and_tags_acts_on_nothing(crm: Crm, columns: int | None):
    book = crm.book
    with book.change("odd people"):
        for text in ("\x1b[31mred", "a\nb", "\u202eevil", "\u754c" * 60, "\x00"):
            book.contacts.add(Contact(name=text, tags=(text,)))
    result = crm.ok("contact", "edit", "--where", "name!=x", "--tag", "\x1b]0;t\x07", "--dry-run", columns=columns)

    assert len(result.out.splitlines()) == 7
    assert not {"\x1b", "\u202e", "\x00", "\x07"} & set(result.out)
