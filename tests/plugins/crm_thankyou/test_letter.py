"""The thank-you letter: what it says with much, little and nothing to go by."""

from __future__ import annotations

from datetime import date

import pytest

from crm_core import alike, blanks, draft_letter
from crm_core.letters import CHANNELS
from crm_thankyou import crm_letters
from crm_thankyou.letter import proposal, thank_you

NAMED = '[me]\nname = "Ana Silva"\nemail = "ana@silva.example"\nphone = "+49 30 123"\nlinks = ["https://ana.example"]\n'
FIRST = (
    "Thank you for taking the time to talk with me on Thursday 19 November. "
    "Our conversation made me want the role of Engineer at Bluewater Robotics even more."
)
LAST = (
    "Thank you again for the conversation. I look forward to hearing from you, "
    "and will gladly send whatever else you would like to know."
)


@pytest.fixture
def named(job):
    """The same job search, of somebody who has said who they are."""
    (job.home / "config.toml").write_text(NAMED)
    job.at_time("2026-11-20T12:00")
    return job


def draft(job, contact=None, channel="email", interview=True):
    about = job.book.interviews.get("i1") if interview else None
    return draft_letter(job.book, thank_you(), contact or job.mara, about, channel=channel)


def test_the_kinds_are_of_two_families():
    kinds = [(kind.name, kind.family, kind.label) for kind in crm_letters()]
    assert kinds == [("thank-you", "thanks", "thank-you letter"), ("proposal", "proposal", "proposal")]


def test_the_whole_letter_with_two_notes_and_a_promise(named):
    named.note("the calibration of the depth cameras", named.mara.id)
    named.note("They ship to Norway first.", kind="learned")
    named.note("a third point")
    named.promise("Send two references", due=date(2026, 11, 23))
    letter = draft(named)
    assert letter.subject == "Thank you for our conversation on Thursday 19 November (Engineer)"
    assert letter.body.split("\n") == [
        "Dear Mara,",
        "",
        FIRST,
        "",
        "Two things in particular have stayed with me:",
        "",
        "- The calibration of the depth cameras.",
        "- They ship to Norway first.",
        "",
        "As promised, I will send two references by Monday 23 November.",
        "",
        LAST,
        "",
        "Kind regards,",
        "",
        "Ana Silva",
        "+49 30 123",
        "ana@silva.example",
        "https://ana.example",
    ]
    assert blanks(letter.body) == []


def test_one_note_is_one_sentence(named):
    named.note("your plans for the harbour")
    assert "\n\nOne thing in particular has stayed with me: your plans for the harbour.\n\n" in draft(named).body


def test_without_notes_there_is_a_blank(named):
    assert blanks(draft(named).body) == ["what you talked about, and why it matters to you"]


def test_without_my_name_there_is_a_blank_for_it(job):
    job.note("the harbour")
    letter = draft(job)
    assert blanks(letter.body) == ["your name"]
    assert letter.body.endswith("Kind regards,\n\n[[your name]]")


def test_an_unknown_role_is_not_a_role(named):
    named.edit(named.application, role="unknown")
    letter = draft(named)
    assert letter.subject == "Thank you for our conversation on Thursday 19 November"
    assert "Our conversation made me want to work at Bluewater Robotics even more." in letter.body
    assert "unknown" not in letter.body


def test_a_letter_about_no_interview_reads_well(named):
    letter = draft(named, interview=False)
    assert letter.subject == "Thank you for our conversation"
    assert (
        "Thank you for taking the time to talk with me. Our conversation made me want to work with you even more."
        in letter.body
    )


def test_a_person_without_a_name_is_a_blank(named):
    nobody = named.edit(named.mara, name=" ", given="")
    assert draft(named, nobody).body.startswith("Dear [[their name]],")


def test_letters_to_two_people_differ_by_what_was_said_to_each(named):
    named.note("MARA'S POINT", named.mara.id)
    named.note("TOM'S POINT", named.tom.id)
    mara, tom = draft(named, named.mara).body, draft(named, named.tom).body
    assert "MARA'S POINT" in mara
    assert "TOM'S POINT" in tom
    assert "TOM" not in mara
    assert "MARA" not in tom


def test_impressions_stay_out_of_the_letter(named):
    named.note("she seemed bored", named.mara.id, kind="impression")
    assert "bored" not in draft(named).body


def test_a_problem_of_theirs_leaves_a_place_for_a_proposal(named):
    named.note("the harbour", named.mara.id)
    named.note("their robots lose their way near metal", named.mara.id, kind="problem")
    body = draft(named).body
    assert "their robots lose their way near metal. I have thought about it since" in body
    assert blanks(body) == ["how you would go about it"]


def test_a_promise_without_a_verb_or_a_day_reads_well(named):
    named.promise("the slides", due=date(2026, 11, 24))
    named.promise("references")
    body = draft(named).body
    assert (
        "I have not forgotten what I promised: the slides, by Tuesday 24 November.\n"
        "I have not forgotten what I promised: references.\n" in body
    )


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("much", [True, False])
def test_every_channel_has_a_letter_without_gaps(named, channel, much):
    if much:
        for kind in ("talked", "learned", "problem"):
            named.note(f"point {kind}", named.mara.id, kind=kind)
        named.promise("Send two references")
    body = draft(named, channel=channel).body
    assert "\n\n\n" not in body
    assert "  " not in body
    assert "Mara" in body
    assert "Ana Silva" in body
    assert not any(line != line.strip() for line in body.split("\n"))
    assert body[0] != "\n"


def test_by_post_addresses_and_the_date_stand_above_the_letter(named):
    (named.home / "config.toml").write_text(NAMED + 'address = "Hafenweg 1, 10115 Berlin"\n')
    named.at_time("2026-11-20T12:00")
    mara = named.edit(named.mara, address="Kai 3\n24937 Flensburg")
    assert draft(named, mara, "post").body.split("\n")[:12] == [
        "Ana Silva",
        "Hafenweg 1, 10115 Berlin",
        "+49 30 123",
        "ana@silva.example",
        "",
        "Mara Lindqvist",
        "Bluewater Robotics",
        "Kai 3, 24937 Flensburg",
        "",
        "20 November 2026",
        "",
        "Dear Mara,",
    ]


def test_a_video_is_spoken_and_a_message_is_short(named):
    video, message = draft(named, channel="video").body, draft(named, channel="message").body
    assert video.startswith("[look into the camera, and smile]\n\nHello Mara,\n\nThis is Ana Silva.\n\nThank you for")
    assert "\n\n[pause: say this as you would across a table]\n\n" in video
    assert video.endswith("\n\n[smile]\n\nThank you again. I look forward to hearing from you.")
    assert message.endswith("I look forward to hearing from you.\n\nAna Silva")
    assert "regards" not in message


def test_what_was_noted_in_general_is_shared_with_the_others(named):
    for point in ("point one", "point two", "point three"):
        named.note(point)
    mara, tom = draft(named).body, draft(named, named.tom).body
    assert "- Point one.\n- Point three.\n" in mara
    assert "One thing in particular has stayed with me: point two." in tom


def test_whoever_is_met_again_reads_another_letter(named):
    letters = []
    for start in ("2026-11-20T09:00", "2026-11-20T10:00", "2026-11-20T11:00"):
        interview = named.interview(named.application, named.mara, at=start)
        letters.append(named.add(draft_letter(named.book, thank_you(), named.mara, interview)))
    assert [alike(named.book, letter) for letter in letters] == [[], [], []]


def propose(job, channel="email"):
    return draft_letter(job.book, proposal(), job.mara, job.book.interviews.get("i1"), channel=channel)


def test_a_proposal_begins_with_their_problem_and_asks_for_your_solution(named):
    named.note("robots lose their way near metal", kind="problem")
    named.note("TOM'S TROUBLE", named.tom.id, kind="problem")
    letter = propose(named)
    assert letter.subject == "A proposal for Bluewater Robotics, after our conversation on Thursday 19 November"
    assert "As I understood the problem: robots lose their way near metal." in letter.body
    assert "TROUBLE" not in letter.body
    assert "\nThe first 30 days\n" in letter.body
    assert blanks(letter.body) == [
        "how you would solve it, and why that works",
        "whom you would ask, and what you would look at",
        "the smallest thing that helps",
        "a result that they can see or count",
        "what it saves or earns, and how you know: something like it that you have done",
    ]


def test_a_proposal_without_a_noted_problem_asks_for_it(named):
    assert "their problem, in their own words" in blanks(propose(named).body)


def test_several_problems_are_listed(named):
    for text in ("the bus is slow", "The dog has a veto."):
        named.note(text, kind="problem")
    assert "faces this:\n\n- The bus is slow.\n- The dog has a veto.\n\n" in propose(named).body


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_proposal_goes_by_every_channel(named, channel):
    body = propose(named, channel).body
    assert "\n\n\n" not in body
    assert "  " not in body
    assert ("\n\n[smile]\n\n" in body) == (channel == "video")
    assert ("Kind regards" in body) == (channel in ("email", "post"))
