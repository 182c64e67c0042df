"""Whether two letters say the same: pairs made by hand, on both sides of the threshold."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.dates import Moment
from crm_core.errors import InputError
from crm_core.letters.likeness import ALIKE, alike, refuse_alike, share_of
from crm_core.records import Application, BusinessCard, Company, Contact, Interview, Letter, Seat, Version

ROLES = {"c1": "Head of Field Data"}
HOSTILE = '"<b>\x1b[31m</b>" {{ 7 * 7 }} 👩\u200d👧 \u202eevil ' + "שלום עולם " * 12
NAMES = (
    "Ana Silva", "Ana", "Silva", "Mara Lindqvist", "Mara", "Lindqvist", "Tom Okafor", "Tom", "Okafor",
    "Bluewater Robotics", "Engineer", "Head of Field Data", "Winch Engineer",
)  # fmt: skip

PLAIN = """\
Dear {name},

Thank you for the interview on Thursday. I enjoyed learning how your team at Bluewater Robotics looks after the robots
out at sea, and I left with the feeling that my eight years in offshore maintenance would be of real use to you.
I would be glad to join as Engineer. Please let me know if you need anything else from me.

Kind regards,
Ana Silva
"""
POINTS = """\
Dear {name},

it was a pleasure to meet you. Two things have stayed with me:

- The winch that sings, and what you have tried so far to make it stop.
- Your plan to bring the data home by radio, not by bus.

As {role} you must be proud of what has been built in four years. I would love to be a part of what comes next.

Best wishes
Ana
"""
SHORT = """\
Hello {name}, I am Ana!

Thanks again for today, {name}. The tour of the workshop made my week, and I can already picture myself at the bench
by the window, taking apart the next robot that met the seal.

Ana
"""
POST = """\
Ana Silva
Hafenweg 1, 10115 Berlin

{name}
{role}
Bluewater Robotics

20 November 2026

Dear {name},

I write by hand because what I have to say deserves it: the morning with you and your colleagues was the best
conversation about work that I have had this year. Nobody recited anything, everybody listened, and the questions were
hard in the right places. That is where I want to be Engineer.

Yours sincerely,

Ana Silva
"""
GERMAN = """\
Liebe {name},

vielen Dank für das Gespräch am Donnerstag. Ich habe viel darüber gelernt, wie Bluewater Robotics die Roboter auf See
betreut, und würde mich freuen, mit meiner Erfahrung aus der Wartung von Windrädern dazu beizutragen. Für weitere
Fragen stehe ich gern zur Verfügung.

Mit freundlichen Grüßen
Ana Silva
"""
MARA, TOM = {"name": "Mara", "role": "Head of Field Data"}, {"name": "Tom", "role": "Winch Engineer"}


def both(text):
    return text.format(**MARA), text.format(**TOM)


SWAPPED = [*map(both, (PLAIN, POINTS, SHORT, POST, GERMAN)), (PLAIN.format(**MARA), PLAIN.format(**TOM).upper())]
RETOUCHED = [
    (
        PLAIN.format(**MARA),
        PLAIN.format(**TOM).replace("Please let", "Your winches were new to me. Please let"),
    ),
    (POINTS.format(**MARA), POINTS.format(**TOM).replace("it was a pleasure to meet you", "how good to have met you")),
    (POST.format(**MARA), "Dear Tom,\n\n" + POST.partition("Dear {name},")[2].replace("this year", "in a long time")),
    (SHORT.format(**MARA), SHORT.format(**TOM).replace("my week", "my month").replace("Thanks again", "Thank you")),
]
OWN = {
    "mara": (
        "Dear Mara,\n\nThank you for taking the time on Thursday. What you told me about the data that comes home by "
        "bus, eight days late, has kept me busy since. At the harbour authority we had the same with paper forms, and "
        "a radio link for the most urgent tenth of it changed everything. I would enjoy doing that again as Engineer "
        "at Bluewater Robotics.\n\nKind regards,\nAna Silva"
    ),
    "tom": (
        "Dear Tom,\n\nI did not expect to spend half an interview on winches, and it was the best half. You asked what "
        "I would try first with the one that sings: I have looked it up, and would measure the drum before the bearing."
        " If the role of Engineer at Bluewater Robotics becomes mine, may I bring my own stethoscope?\n\n"
        "Kind regards,\nAna Silva"
    ),
    "ines": (
        "Dear Inês,\n\nYou wrote down what I said, not what you hoped for, and that made it easy to speak plainly. You "
        "wanted to know how I work when nobody is watching: the night shifts at the observatory are the honest answer, "
        "and my former head of shift would tell you about them. I look forward to your decision about the role of "
        "Engineer.\n\nKind regards,\nAna Silva"
    ),
    "jo": (
        "Dear Jo,\n\nThank you for the walk through the workshop. I had read about robots named after aunts and taken "
        "it for a joke. That every one of them has a repair book in handwriting convinced me more than any "
        "presentation could: people here care for things over years. So do I, and I have brought two old engines "
        "through a winter to prove it.\n\nKind regards,\nAna Silva"
    ),
    "bea": (
        "Dear Bea,\n\nYour question about budgets caught me unprepared, so here is the answer that I owe you. In my "
        "last team I was responsible for spare parts worth forty thousand a year, and we ended each year within two "
        "percent. The trick was a shelf that everybody could see. Thank you for asking; nobody else does.\n\n"
        "Kind regards,\nAna Silva"
    ),
}  # fmt: skip
DIFFERENT = [
    (OWN[one], OWN[other])
    for one, other in (
        ("mara", "tom"), ("mara", "ines"), ("mara", "jo"), ("mara", "bea"), ("tom", "ines"),
        ("tom", "jo"), ("tom", "bea"), ("ines", "jo"), ("ines", "bea"), ("jo", "bea"),
    )
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SWAPPED)
def test_the_same_letter_with_names_swapped_is_alike(one, other):
    assert share_of(one, other, NAMES) >= 0.76 > ALIKE


@pytest.mark.parametrize(("one", "other"), RETOUCHED)
def test_a_word_here_and_a_sentence_there_do_not_make_another_letter_of_it(one, other):
    assert share_of(one, other, NAMES) >= 0.6 > ALIKE


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_honest_letters_about_the_same_job_are_not(one, other):
    assert share_of(one, other, NAMES) <= 0.18 < ALIKE


def test_a_letter_that_holds_the_whole_of_a_shorter_one_is_alike():
    longer = PLAIN.format(**TOM).replace("\nKind regards", "\n" + OWN["jo"].split("\n\n")[1] + "\n\nKind regards")
    assert share_of(PLAIN.format(**MARA), longer, NAMES) >= 0.76


def test_what_is_still_to_be_filled_in_is_no_text():
    one = f"{OWN['mara']}\n\n[[what they asked you in the end, and why you liked the question so much]]"
    other = f"{OWN['tom']}\n\n[[what they asked you in the end, and why you liked the question so much]]"
    assert share_of(one, other, NAMES) <= 0.18


def test_a_short_text_is_alike_only_if_it_says_the_very_same():
    assert share_of("Dear Mara,\n\nWhat a day! Thank you.\n\nAna", "Dear Tom,\n\nWhat a day! Thank you!\n\nAna", NAMES)
    assert share_of("Dear Mara,\n\nWhat a day! Thank you.", "Dear Tom,\n\nWhat a week! Thank you.", NAMES) == 0
    assert share_of("Dear Mara,", "Dear Tom,", NAMES) == 0


def test_writing_without_spaces_is_compared_by_character():
    one = "先日は面接のお時間をいただき、誠にありがとうございました。海のロボットのお話は大変興味深いものでした。"
    other = "本日は工場をご案内くださり感謝いたします。三番目のウインチが歌う理由をずっと考えております。"
    assert share_of(one, one.replace("先日", "今日")) > 0.9
    assert share_of(one, other) < ALIKE


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_can_be_compared_either_way_round(one, other):
    assert 0 <= share_of(one, other, ("Mara", "")) <= 1
    assert share_of(one, other) == share_of(other, one)


def berlin(text):
    return Moment(datetime.fromisoformat(text), "Europe/Berlin")


@pytest.fixture
def week(crm):
    """A book with Mara and Tom at i1, and Mara again at i2, of the same week; Zoë is at i3, elsewhere."""
    crm.today = "2026-11-20T12:00"
    crm.ok("me set name 'Ana Silva'")
    book = crm.book
    with book.change("interviews"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        for name in ("Mara Lindqvist", "Tom Okafor", "Zoë Stranger"):
            book.contacts.add(Contact(name=name))
        book.cards.add(BusinessCard(contact="c2", title="Winch Engineer"))
        application = book.applications.add(Application(company=company.id, role="Engineer"))
        interviews = (("2026-11-17T09:00", "c1 c2"), ("2026-11-19T14:00", "c1"), ("2026-11-19T16:00", "c3"))
        for at, people in interviews:
            panel = tuple(Seat(contact=person, role=ROLES.get(person, "")) for person in people.split())
            book.interviews.add(Interview(application=application.id, at=berlin(at), panel=panel))
    return book


def write(book, body, contact="c1", interview="i1", **facts):
    versions = (Version(written=berlin("2026-11-20T10:00"), subject="Thanks", body=body),) if body else ()
    letter = Letter(contact=contact, kind="x", family="thanks", interview=interview, versions=versions, **facts)
    with book.change("a letter"):
        return book.letters.add(letter)


def test_names_titles_and_cards_are_known_from_the_records(week):
    first, second = both(POINTS)
    one, other = write(week, first), write(week, second, "c2")
    (found,) = alike(week, other)
    assert (found.other, found.share) == (one, 1)
    assert found.sentences == (
        "it was a pleasure to meet you.",
        "Two things have stayed with me:",
        "- The winch that sings, and what you have tried so far to make it stop.",
        "- Your plan to bring the data home by radio, not by bus.",
        "As Winch Engineer you must be proud of what has been built in four years.",
        "I would love to be a part of what comes next.",
    )
    assert [likeness.other for likeness in alike(week, one)] == [other]


def test_only_the_shared_sentences_are_quoted(week):
    write(week, PLAIN.format(**MARA))
    own = "Your winch is a musical instrument, and I would very much like to hear it play again."
    other = write(week, PLAIN.format(**TOM).replace("Please let", f"{own} Please let"), "c2")
    (found,) = alike(week, other)
    assert own not in found.sentences
    assert "Please let me know if you need anything else from me." in found.sentences


def test_earlier_letters_to_the_same_person_are_compared_too(week):
    first = write(week, PLAIN.format(**MARA))
    second = write(week, PLAIN.format(**MARA), interview="i2")
    assert [likeness.other for likeness in alike(week, second)] == [first]
    assert alike(week, first) == []


def test_a_later_letter_to_the_same_person_counts_once_it_was_sent(week):
    first = write(week, PLAIN.format(**MARA))
    later = write(week, PLAIN.format(**MARA), interview="i2", sent=date(2026, 11, 20))
    assert [likeness.other for likeness in alike(week, first)] == [later]


def test_letters_to_others_for_another_interview_are_not_compared(week):
    write(week, PLAIN.format(**MARA))
    assert alike(week, write(week, PLAIN.format(name="Zoë"), "c3", "i3")) == []


def test_a_letter_sent_outside_has_nothing_to_compare(week):
    outside = write(week, "", sent=date(2026, 11, 19))
    assert alike(week, write(week, PLAIN.format(**TOM), "c2")) == []
    assert alike(week, outside) == []


def test_letters_about_no_interview_are_compared_by_person_only(week):
    first = write(week, PLAIN.format(**MARA), interview=None)
    write(week, PLAIN.format(**TOM), "c2", interview=None)
    assert [likeness.other for likeness in alike(week, write(week, PLAIN.format(**MARA), interview=None))] == [first]


def test_the_refusal_names_the_other_letter_and_quotes_what_is_shared(week):
    write(week, PLAIN.format(**MARA))
    other = write(week, PLAIN.format(**TOM), "c2")
    with pytest.raises(InputError) as caught:
        refuse_alike(week, other, "change it")
    assert caught.value.message.startswith(
        'l2 to Tom Okafor says the same as l1 to Mara Lindqvist (100%): "Thank you for the interview on Thursday.", "I'
    )
    assert "Please let me know if you need anything else from me." in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint == "change it"


def test_hostile_texts_are_compared_like_any_other(week):
    write(week, f"Dear Mara,\n\n{HOSTILE}")
    other = write(week, f"Dear Tom,\n\n{HOSTILE}", "c2")
    assert [likeness.share for likeness in alike(week, other)] == [1]
