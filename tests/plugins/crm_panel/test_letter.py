"""The letters to a panel: each of its own, none alike, with much and with little to go by."""

from __future__ import annotations

from itertools import combinations

import pytest

from crm_core import BusinessCard, Position, Seat, alike, blanks, draft_each, draft_letter
from crm_core.letters import CHANNELS
from crm_core.letters.likeness import ALIKE, share_of
from crm_panel import crm_letters
from crm_panel.letter import panel_letter
from crm_panel.steps import others

ME = '[me]\nname = "Ana Silva"\nemail = "ana@silva.example"\n'
FIRST = (
    "I enjoyed meeting you on Thursday 19 November, and would like to thank you personally. "
    "What it looks like to you as Winch Engineer was well worth hearing. "
    "Since then I am even surer about the role of Engineer at Bluewater Robotics."
)
NOTES = {
    "Tom": "the winches, and why the third one sings",
    "Inês": "how the three of them decide together",
    "Jo": "her years on the ferries",
    "Bea": "what a good first month would look like",
    "Goran": "spare parts that come by bus",
    "Aiko": "the map of every seal in the bay",
    "Piotr": "alarms at four in the morning",
    "Saoirse": "why nobody has left for six years",
}


@pytest.fixture
def panel_of(make_job):
    """Makes a job search with a panel of that size, of somebody who has said who they are."""

    def make(size):
        job = make_job(size=size)
        (job.home / "config.toml").write_text(ME)
        job.at_time("2026-11-20T12:00")
        return job

    return make


def write_all(job, **options):
    drafted = draft_each(job.book, panel_letter(), others(job.book, job.met), job.met, **options)
    return [one.letter for one in drafted]


def note_all(job):
    for person in job.people[1:]:
        job.note(NOTES[person.given], person)


def highest_share(letters):
    names = ["Bluewater Robotics", "Engineer", *(word for name in NOTES for word in (name,))]
    return max(share_of(one.body, other.body, names) for one, other in combinations(letters, 2))


def test_the_kind_is_in_the_family_of_thanks():
    (kind,) = crm_letters()
    assert (kind.name, kind.family, kind.label) == ("panel", "thanks", "letter to one of the panel")


def test_the_whole_letter_draws_on_what_that_person_said(panel_of):
    job = panel_of(2)
    job.edit(job.people[1], positions=(Position(organisation="Bluewater", title="Winch Engineer"),))
    job.note("the winches, and why the third one sings", job.people[1])
    job.promise("Send the drawing", job.people[1])
    (letter,) = write_all(job)
    assert letter.subject == "Our conversation on Thursday 19 November (Engineer)"
    assert letter.body.split("\n") == [
        "Dear Tom,",
        "",
        FIRST,
        "",
        "Afterwards I wrote down for myself: the winches, and why the third one sings.",
        "",
        "And as I said, I will send the drawing.",
        "",
        "I would be happy to pick up where we left off, in person or by telephone.",
        "",
        "Best wishes,",
        "",
        "Ana Silva",
        "ana@silva.example",
    ]
    assert blanks(letter.body) == []


@pytest.mark.parametrize("size", [2, 3, 5, 9])
def test_a_panel_with_real_notes_passes_the_likeness_check_as_drafted(panel_of, size):
    job = panel_of(size)
    note_all(job)
    letters = write_all(job)
    assert len(letters) == size - 1
    assert [alike(job.book, letter) for letter in letters] == [[]] * (size - 1)
    assert not any(blanks(letter.body) for letter in letters)
    assert len({letter.subject for letter in letters}) >= min(size - 1, 5)


@pytest.mark.parametrize("channel", CHANNELS)
def test_even_without_notes_no_two_of_nine_are_alike(panel_of, channel):
    letters = write_all(panel_of(9), channel=channel)
    assert highest_share(letters) < ALIKE
    assert all(blanks(letter.body) for letter in letters)


def test_two_interviews_of_the_same_week_give_the_same_person_two_letters(panel_of):
    job = panel_of(3)
    first = write_all(job)
    job.met = job.another("2026-11-20T09:00")
    second = write_all(job)
    assert [alike(job.book, letter) for letter in (*first, *second)] == [[]] * 4
    assert highest_share([*first, *second]) < ALIKE


def test_the_same_person_in_the_same_seat_five_times_gets_five_letters(panel_of):
    job = panel_of(2)
    letters = []
    for hour in range(5):
        job.met = job.another(f"2026-11-20T0{hour}:00")
        letters += write_all(job)
    assert highest_share(letters) < ALIKE


def test_general_points_are_dealt_out_and_no_two_are_told_the_same(panel_of):
    job = panel_of(3)
    points = ("They ship to Norway first", "The dog has a veto", "Fourteen robots", "A new hall", "A seal ate two")
    for point in points:
        job.note(point, kind="learned")
    tom, ines = (letter.body for letter in write_all(job))
    assert [point for point in points if point in tom] == ["The dog has a veto", "A seal ate two"]
    assert [point for point in points if point in ines] == ["Fourteen robots"]


def test_what_another_was_told_already_is_not_repeated(panel_of):
    job = panel_of(3)
    job.note("The dog has a veto.", job.people[1])
    job.note("the DOG has a veto", job.people[2])
    tom, ines = (letter.body for letter in write_all(job))
    assert "The dog has a veto." in tom
    assert "veto" not in ines
    assert len(blanks(ines)) == 2


def test_notes_about_others_and_impressions_stay_out(panel_of):
    job = panel_of(3)
    job.note("MARA'S SECRET", job.people[0])
    job.note("WARM BUT TIRED", job.people[1], kind="impression")
    assert all("SECRET" not in letter.body and "TIRED" not in letter.body for letter in write_all(job))


def test_without_notes_the_letter_asks_for_what_only_you_know(panel_of):
    job = panel_of(2)
    job.edit(job.met, panel=(Seat(contact="c1"), Seat(contact="c2", role="Winch Engineer")))
    job.met = job.book.interviews.get("i1")
    (letter,) = write_all(job)
    assert blanks(letter.body) == [
        "what you talked about with Tom, and what you think about it now",
        "something that you have done, that did not come up, and that concerns Tom as Winch Engineer",
    ]


def test_a_business_card_from_the_interview_names_and_addresses_them(panel_of):
    job = panel_of(2)
    job.edit(job.people[1], positions=(Position(organisation="Old Ltd", title="Fitter"),), address="Old Street 1")
    printed = {"name": "Dr. Tom Okafor", "title": "Winch Engineer", "address": "Kai 3\n24937 Flensburg"}
    job.add(BusinessCard(contact="c2", interview="i1", **printed))
    (letter,) = write_all(job, channel="post")
    head = letter.body.split("\n\n")[1].split("\n")
    assert head == ["Dr. Tom Okafor", "Winch Engineer", "Bluewater Robotics", "Kai 3, 24937 Flensburg"]
    assert "as Winch Engineer" in letter.body
    assert "Dear Tom," in letter.body


def test_a_video_is_a_script_with_cues(panel_of):
    job = panel_of(2)
    note_all(job)
    (letter,) = write_all(job, channel="video")
    assert letter.body.startswith("[look into the camera]\n\nHello Tom,\n\nThis is Ana Silva.\n\nI enjoyed")
    assert "\n\n[smile]\n\nI would be happy" in letter.body
    assert "wishes" not in letter.body


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("met_before", [False, True])
def test_every_channel_has_a_letter_without_gaps(panel_of, channel, met_before):
    job = panel_of(9)
    if met_before:
        job.another("2026-11-12T09:00")
    for letter in write_all(job, channel=channel):
        assert "\n\n\n" not in letter.body
        assert "  " not in letter.body
        assert not any(line != line.strip() for line in letter.body.split("\n"))


def test_a_letter_about_no_interview_and_no_role_reads_well(panel_of):
    job = panel_of(2)
    letter = draft_letter(job.book, panel_letter(), job.people[1])
    assert letter.subject == "Thank you for your time"
    assert "Thank you for your time when we met, and for the care with which you asked." in letter.body
    assert "What I want to do next is clear to me: a place with you." in letter.body


@pytest.mark.parametrize(
    "text",
    [
        '"quoted" and <b>bold</b> & co',
        "{{ me.email }} {% for i in range(9) %}",
        "👩\u200d👧 \u202eevil\u0000\x1b[31m",
        "שלום עולם, مرحبا",
        "[[not a blank of ours",
        "a" * 5000,
    ],
)
def test_hostile_notes_and_names_are_text(panel_of, text):
    job = panel_of(3)
    job.people[1] = job.edit(job.people[1], name=f"محمد {text}"[:200], given="")
    job.note(text, job.people[1])
    tom, ines = write_all(job)
    assert not any(ord(char) < 32 and char != "\n" for char in tom.body)
    assert "\u202e" not in tom.body
    assert "ana@silva.example {" not in tom.body
    assert [alike(job.book, letter) for letter in (tom, ines)] == [[], []]


def test_a_second_time_the_open_letters_stay_and_again_drafts_them_anew(panel_of):
    job = panel_of(3)
    first = write_all(job)
    note_all(job)
    assert write_all(job) == first
    again = write_all(job, again=True)
    assert [letter.id for letter in again] == [letter.id for letter in first]
    assert [len(letter.versions) for letter in again] == [2, 2]
    assert "sings" in again[0].body


def test_a_thank_you_that_is_being_written_to_one_of_them_is_the_letter(panel_of):
    job = panel_of(3)
    job.letter(job.people[1], kind="thank-you")
    assert [(letter.id, letter.kind) for letter in write_all(job)] == [("l1", "thank-you"), ("l2", "panel")]
