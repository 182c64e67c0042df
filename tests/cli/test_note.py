from __future__ import annotations

import pytest

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202eRed"


@pytest.fixture
def held(crm):
    """One interview, i1, yesterday at Bluewater, with Mara (c1); Jon (c2) and another Mara (c3) are known."""
    crm.ok('interview log "Bluewater Robotics" --at "yesterday 14:00" --role Engineer --with "Mara Lindqvist"')
    crm.ok('log "Jon Abara" hello --new')
    crm.ok('log "Mara Ito" hello --new')
    return crm


def test_a_note_about_the_last_interview_at_a_company_says_which(held):
    held.ok('interview log a1 --at "friday 14:00"')
    result = held.ok('note add bluewater " They move to Porto " --kind learned --topic office')
    assert result.out == "Added n1 to i1 Engineer at Bluewater Robotics, yesterday 14:00\n"
    note = held.book.notes.get("n1")
    assert (note.interview, note.text, note.kind, note.topic) == ("i1", "They move to Porto", "learned", "office")
    assert (note.contact, str(note.written)) == (None, "2026-11-23")


def test_a_note_about_a_person_prefers_the_one_on_the_panel(held):
    assert held.ok('note add i1 "Climbs" --about mara --json').item["contact"] == "c1"


def test_a_person_who_is_not_on_the_panel_is_fine_but_mentioned(held):
    result = held.ok('note add i1 "Was ill" --about jon')
    assert held.book.notes.get("n1").contact == "c2"
    assert "crm interview edit i1 --with c2" in result.err
    assert "panel" not in held.ok('note add i1 "Climbs" --about mara').err


def test_a_person_must_be_known(held):
    result = held('note add i1 "Was ill" --about Nobody')
    assert (result.code, "no contact 'Nobody'" in result.err) == (2, True)
    held.ok('log "Jon Ito" hello --new')
    result = held('note add i1 "Was ill" --about jon')
    assert (result.code, "c2 Jon Abara; c4 Jon Ito" in result.err) == (2, True)
    assert len(held.book.notes) == 0


def test_the_text_may_come_through_a_pipe(held):
    held.ok("note add i1 -", stdin="First line\r\nSecond line\n\n")
    assert held.book.notes.get("n1").text == "First line\nSecond line"


@pytest.mark.parametrize(
    ("text", "stdin"), [("", ""), ("  ", ""), ("-", ""), ("-", " \n"), ("-", "a\x00b"), ("-", "%PDF-1.7")]
)
def test_what_is_no_text_is_refused(held, text, stdin):
    assert held("note", "add", "i1", text, stdin=stdin).code == 2
    assert len(held.book.notes) == 0


def test_a_text_beyond_all_measure_is_refused(held):
    assert "longer than" in held("note add i1 -", stdin="x" * 1_000_001).err


@pytest.mark.parametrize("words", ["Nobody text", "i9 text", "i1", "", "i1 text --kind gossip"])
def test_unknown_words_are_refused(held, words):
    assert held(f"note add {words}").code == 2
    assert len(held.book.notes) == 0


def test_a_note_before_the_interview_needs_its_id(crm):
    crm.ok('interview log Acme --at "friday 14:00"')
    result = crm("note add acme 'bring knives'")
    assert (result.code, "i1" in result.err) == (2, True)
    crm.ok("note add i1 'bring knives'")


def test_notes_are_listed_by_interview_and_person(held):
    held.ok('interview log Acme --at "2026-11-10 14:00"')
    held.ok('note add i1 "Climbs" --about mara')
    held.ok('note add i1 "They move" --topic office')
    held.ok('note add i2 "Dark rooms" --kind impression --about jon')

    def ids(words=""):
        return [item["id"] for item in held.ok(f"note list {words} --json").items]

    assert ids() == ["n1", "n2", "n3"]
    assert ids("bluewater") == ["n1", "n2"]
    assert ids("i2") == ["n3"]
    assert ids("--about c1") == ["n1"]
    assert ids("acme --about c1") == []
    result = held.ok("note list bluewater")
    assert "i1 Engineer at Bluewater Robotics" in result.err
    assert [line.split()[:3] for line in result.out.splitlines()[1:]] == [
        ["n1", "talked", "Mara"], ["n2", "talked", "office"],
    ]  # fmt: skip
    assert held.ok("note list").out.splitlines()[3].split()[:3] == ["n3", "i2", "impression"]


def test_an_empty_list_is_said_so(crm):
    result = crm.ok("note list")
    assert (result.out, result.err) == ("", "No note.\n")
    assert crm.ok("note list --json").items == []


def test_a_long_note_is_shortened_in_the_list_and_whole_when_shown(held):
    text = "They move. " * 40 + "End"
    held.ok("note", "add", "i1", text, "--about", "mara", "--topic", "office")
    assert max(map(len, held.ok("note list", columns=80).out.splitlines())) <= 80
    out = held.ok("note show n1", columns=80).out
    assert "End" in out
    for part in ("i1 Engineer at Bluewater Robotics", "Mara Lindqvist", "office", "talked", "today"):
        assert part in out
    assert held.ok("note show n1 --json").item["text"] == text


@pytest.mark.parametrize("id_", ["n9", "i1", "Nobody", ""])
def test_an_unknown_note_is_said_so(held, id_):
    result = held("note", "show", id_)
    assert (result.code, "crm note list" in result.err) == (2, True)


def test_terminal_escapes_are_kept_but_never_shown_as_they_are(held):
    results = [
        held.ok("note", "add", "i1", HOSTILE, "--topic", HOSTILE, "--about", "c1"),
        held.ok("note list"),
        held.ok("note list --json"),
        held.ok("note show n1", columns=80),
    ]
    assert held.book.notes.get("n1").text == HOSTILE
    for result in results:
        assert not set("\x1b\x07\u202e") & set(result.out + result.err)


def test_a_note_stays_without_its_person_and_goes_with_its_interview(held):
    held.ok('note add i1 "Climbs" --about mara')
    book = held.book
    with book.change("test"):
        book.remove(book.removal(book.contacts.get("c1")))
    assert held.book.notes.get("n1").contact is None
    assert "Climbs" in held.ok("note list").out
    held.ok("interview remove i1 --yes")
    assert len(held.book.notes) == 0
