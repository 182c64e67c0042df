from __future__ import annotations

import pytest

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eRed"


@pytest.fixture
def known(crm):
    """Two people: Mara (c1) at Bluewater, and Jon (c2)."""
    crm.ok('interview log "Bluewater Robotics" --at "yesterday 14:00" --with "Mara Lindqvist"')
    crm.ok('log "Jon Abara" "met at a fair" --new --on 2026-11-01')
    return crm


def test_an_exchange_says_with_whom_which_way_and_when(known):
    result = known.ok('log mara "asked for my references" --by email --in')
    assert result.out == "Added x2 with c1 Mara Lindqvist (Bluewater Robotics): email, from them, today\n"
    logged = known.book.interactions.get("x2")
    assert (logged.contact, logged.about, logged.channel, logged.direction) == (
        "c1", "asked for my references", "email", "in",
    )  # fmt: skip
    assert str(logged.on) == "2026-11-23"


def test_channel_and_direction_may_be_left_out(known):
    item = known.ok("log c1 'had coffee' --on 'last friday' --json").item
    assert item == {
        "id": "x2",
        "contact": "c1",
        "on": "2026-11-20",
        "about": "had coffee",
        "channel": "",
        "direction": "",
    }


def test_a_moment_may_be_said(known):
    item = known.ok("log c1 called --by phone --out --on 'today 9:15' --json").item
    assert item["on"] == {"local": "2026-11-23T09:15:00", "zone": "Europe/Berlin"}
    assert item["direction"] == "out"


def test_a_text_may_come_through_a_pipe(known):
    known.ok("log c1 -", stdin="Dear Ana,\r\nthank you\n")
    assert known.book.interactions.get("x2").about == "Dear Ana,\nthank you"


def test_somebody_unknown_is_not_created_in_passing(known):
    result = known("log 'Ana Silva' hello")
    assert result.code == 2
    assert "no contact 'Ana Silva'" in result.err
    assert "--new" in result.err
    assert len(known.book.contacts) == 2
    result = known.ok("log 'Ana Silva' hello --new")
    assert result.err == "Added contact c3 Ana Silva\nTo take it all back: crm undo\n"


def test_new_does_not_double_somebody_of_exactly_that_name(known):
    known.ok("log 'jon abara' hello --new")
    assert len(known.book.contacts) == 2


def test_several_who_may_be_meant_are_listed(known):
    known.ok("log 'Mara Ito' hello --new")
    result = known("log mara hello --json")
    assert result.code == 2
    assert result.error["hint"] == "c1 Mara Lindqvist (Bluewater Robotics); c3 Mara Ito"


@pytest.mark.parametrize(
    "words",
    [
        ["c1", ""],
        ["c1", " "],
        ["", "hello"],
        ["", "hello", "--new"],
        ["c9", "hello", "--new"],
        ["c1", "hello", "--in", "--out"],
        ["c1", "hello", "--by", "telegram"],
        ["c1", "hello", "--by", ""],
        ["c1", "hello", "--on", "tomorrow"],
        ["c1", "hello", "--on", "today 12:01"],
        ["c1", "hello", "--on", "2026-02-30"],
        ["c1"],
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(known, words):
    assert known("log", *words).code == 2
    assert (len(known.book.contacts), len(known.book.interactions)) == (2, 1)


def test_exchanges_are_listed_the_latest_first(known):
    known.ok("log c1 second --on 'yesterday 9:00'")
    known.ok("log c1 third --in --on yesterday")
    known.ok("log c1 fourth --out --on yesterday")

    def ids(words=""):
        return [item["id"] for item in known.ok(f"interaction list {words} --json").items]

    assert ids() == ["x2", "x4", "x3", "x1"]
    assert ids("--contact mara") == ["x2", "x4", "x3"]
    assert known("interaction list --contact Nobody").code == 2
    lines = known.ok("interaction list", columns=80).out.splitlines()
    assert lines[0].split() == ["id", "on", "with", "by", "direction", "about"]
    assert max(map(len, lines)) <= 80


def test_an_empty_list_says_what_to_type(crm):
    result = crm.ok("interaction list")
    assert (result.out, "crm log CONTACT TEXT" in result.err) == ("", True)


def test_an_exchange_is_shown_whole(known):
    known.ok("log", "c1", "line one\nline two", "--by", "letter", "--out")
    out = known.ok("interaction show x2").out
    for part in ("c1 Mara Lindqvist (Bluewater Robotics)", "today", "letter", "from you", "line one", "line two"):
        assert part in out
    assert known.ok("interaction show x2 --json").item["about"] == "line one\nline two"


@pytest.mark.parametrize("id_", ["x9", "c1", "Nobody", ""])
def test_an_unknown_exchange_is_said_so(known, id_):
    result = known("interaction", "show", id_)
    assert (result.code, "crm interaction list" in result.err) == (2, True)


def test_terminal_escapes_are_kept_but_never_shown_as_they_are(crm):
    results = [
        crm.ok("log", f"Ana {HOSTILE}", HOSTILE, "--new"),
        crm.ok("interaction list"),
        crm.ok("interaction list --json"),
        crm.ok("interaction show x1", columns=80),
        crm("log", HOSTILE + "?", "hello"),
    ]
    assert crm.book.interactions.get("x1").about == HOSTILE
    for result in results:
        assert not set("\x1b\x07\u202e") & set(result.out + result.err)
