"""The whole way, in one job search: Robin is invited, prepares, meets three people, and does the ten things afterwards.

Then come a second round, a no, the bridge that is kept for a year, and an offer that falls through. The story is told
once, chapter by chapter; each test opens the book as it was at the end of a chapter and reads on from there.
"""

from __future__ import annotations

import email
import email.policy
import shlex
import shutil
from pathlib import Path

import pytest

from crm_core.testing import Crm

PHONE = Path(__file__).parents[2] / "examples/data/phone.vcf"

TEN_THINGS = [
    (1, "Reflect on it"),
    (2, "Write down who and what"),
    (3, "Keep what you promised"),
    (4, "Thank the lead interviewer"),
    (5, "Write to each of the panel"),
    (6, "Follow them"),
    (7, "Go on finding out about them"),
    (8, "Ask somebody you know there"),
    (9, "Keep the bridge after a no"),
    (10, "Keep applying"),
]


def agenda(robin, *plugins):
    """What the agenda asks for, by title: its state."""
    steps = robin.ok("agenda --json").items
    return {step["title"]: step["state"] for step in steps if not plugins or step["plugin"] in plugins}


def checklist(robin, *interview):
    """The checklist's rows by number: state and reason; there are exactly ten, in their order."""
    rows = robin.ok("checklist", *interview, "--json").items
    assert [(row["number"], row["title"]) for row in rows] == TEN_THINGS
    return {row["number"]: (row["state"], row["why"]) for row in rows}


def states(robin, *interview):
    """Where each of the ten things stands."""
    return [state for state, _ in checklist(robin, *interview).values()]


def follow_the_command(robin, title):
    """Type what the agenda says under a step, and give the letter that it drafts."""
    (step,) = (step for step in robin.ok("agenda --json").items if step["title"] == title)
    return robin.ok(*shlex.split(step["command"])[1:], "--json").item


def fill_in(robin, letter, **words):
    """Write what only Robin knows where a draft has [[double brackets]], and give the finished letter."""
    text = letter["body"]
    for blank in letter["blanks"]:
        said = next(said for begins, said in words.items() if blank.startswith(begins))
        text = text.replace(f"[[{blank}]]", said)
    finished = robin.ok("letter", "edit", letter["id"], "--body", text, "--json").item
    assert finished["blanks"] == []
    return finished


def send(robin, letter):
    """Export a letter, send it by one's own mail program, and record that; give the mail."""
    file = robin.home / f"{letter['id']}.eml"
    robin.ok("letter", "export", letter["id"], "--eml", "-o", str(file))
    robin.ok("letter", "sent", letter["id"])
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def apply_to(robin, *postings):
    """Apply for jobs, each `company: role`."""
    for posting in postings:
        company, role = posting.split(": ")
        robin.ok("application", "add", company, role)


def invited(robin):
    """Robin brings in the phone's address book, applies, and is invited."""
    robin.today = "2026-11-09T09:00"
    robin.ok("me set name 'Robin Vale'")
    robin.ok("me set email robin.vale@example.com")
    robin.ok("settings set crm_quota.applications 3")
    robin.ok("import", str(PHONE))
    robin.ok("contact add 'Jonah Okpara' --company 'Bluewater Robotics' --how 'worked with me at Northmole'")
    robin.ok("application add 'Bluewater Robotics' 'Platform Engineer' --source 'job fair'")
    robin.ok("company edit Bluewater --profile https://www.linkedin.com/company/bluewater")
    robin.ok("company edit Bluewater --feed https://bluewater.example/news.xml")
    robin.today = "2026-11-16T09:00"
    robin.ok(
        "interview log 'Bluewater Robotics' --at 'thursday 14:00' --round 1"
        " --with 'Mara Lindqvist' --with 'Tom Okafor' --with 'Ruth Adeyemi'"
    )


def prepared(robin):
    """Robin follows the company and thinks of questions."""
    robin.ok("social followed Bluewater linkedin")
    robin.ok("research ask Bluewater 'Who is on call?'")
    robin.ok("research ask Bluewater 'What breaks first?'")
    robin.today = "2026-11-18T19:00"


def interviewed(robin):
    """Three people ask the questions and hand over their cards; Robin asks when news will come."""
    robin.today = "2026-11-19T16:00"
    robin.ok("card add Mara --interview Bluewater --title 'Engineering Manager'")
    robin.ok("card add Tom --interview Bluewater --title 'Staff Engineer'")
    robin.ok("card add Ruth --interview Bluewater --title 'Head of People' --email ruth@bluewater.example")
    robin.ok("hearback told Bluewater --by 2026-11-27 --how 'by e-mail'")
    robin.ok("promise add 'send the references' --to Mara --by tomorrow --interview Bluewater")
    robin.ok("research asked q1 --answer 'The team, in turns.'")


def written_down(robin):
    """The same evening Robin thinks the interview over, and writes down who said what."""
    robin.today = "2026-11-19T19:00"
    robin.ok(
        "reflect --answer punctual=yes --answer kind=yes --answer presentation=4 --answer fit=4 --answer work=5"
        " --answer people=4 --answer happy=yes --answer confidence=3 --answer feelings=calm --answer mistakes=no"
    )
    robin.ok("note add Bluewater 'The docking service fails over by hand.' --about Mara")
    robin.ok("note add Bluewater 'The third winch sings, and nobody knows why.' --about Tom")
    robin.ok("note add Bluewater 'Every new colleague spends the first week at the harbour.' --about Ruth")
    robin.ok("note add Bluewater 'Field data comes eight days late, by bus.' --kind problem")


def thanked(robin):
    """Each of the three gets a letter of their own."""
    lead = follow_the_command(robin, "Thank Mara Lindqvist")
    send(robin, fill_in(robin, lead, how="A radio on the harbour wall would bring it the same hour."))
    robin.ok("panel")
    for letter in robin.ok("letter list --json").items:
        if letter["kind"] == "panel":
            send(robin, letter)


def all_done(robin):
    """Robin follows them, keeps the promise, asks a friend for a word, is invited again, and goes on applying."""
    robin.ok("social asked Mara linkedin")
    robin.ok("social followed Tom github")
    robin.today = "2026-11-20T10:00"
    robin.ok("promise keep p1")
    request = follow_the_command(robin, "Ask Jonah Okpara to put in a word at Bluewater Robotics")
    send(robin, fill_in(robin, request, one="You saw me bring Northmole's pumps back in one night."))
    robin.today = "2026-11-25T10:00"
    robin.ok("referral spoke Bluewater Jonah --note 'he told Tom about the pumps'")
    robin.ok("interview outcome Bluewater next-round")
    robin.ok("interview log 'Bluewater Robotics' --at '2026-12-03 10:00' --round 2 --with Mara --with Tom")
    robin.ok("research ask Bluewater 'What did the radio trial show?'")
    robin.ok("research ask Bluewater 'Who decides when a release is good?'")
    robin.today = "2026-12-02T18:00"
    (news,) = robin.ok("agenda --json --plugin research").items
    robin.ok("done", news["handle"])
    apply_to(robin, "Kestrel Health: Data Engineer", "Cobalt Freight: Operations", "Wharfside Labs: Engineer")


def rejected(robin):
    """After the second round they take somebody else."""
    robin.today = "2026-12-10T18:00"
    robin.ok("interview outcome Bluewater rejected")


def replied(robin):
    """Robin answers kindly."""
    gracious = follow_the_command(robin, "Thank Mara Lindqvist for the decision")
    send(robin, fill_in(robin, gracious, what="I will never hear a winch again without listening"))


def offered(robin):
    """Kestrel Health, the next interview, calls with an offer: so far it is only said."""
    robin.today = "2026-12-14T09:00"
    robin.ok("interview log 'Kestrel Health' --at 'tomorrow 10:00' --with 'Priya Raman'")
    robin.today = "2026-12-16T09:00"
    robin.ok("interview outcome Kestrel offer")
    robin.ok("application move Kestrel offer --respond-by 2026-12-21")


def accepted(robin):
    """Robin says yes."""
    robin.today = "2026-12-17T09:00"
    robin.ok("application move Kestrel accepted")


def fallen_through(robin):
    """Before anything is signed, Kestrel Health stops hiring."""
    robin.today = "2026-12-18T09:00"
    robin.ok("application move Kestrel rejected")


CHAPTERS = [
    invited, prepared, interviewed, written_down, thanked, all_done,
    rejected, replied, offered, accepted, fallen_through,
]  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The story as far as it was told: after each chapter the folder with all files, and the day."""
    return {None: (tmp_path_factory.mktemp("article") / "book", "2026-11-09T09:00")}


@pytest.fixture
def after(told, tmp_path):
    """`after(interviewed)` is Robin at the end of that chapter, with a copy of the book."""

    def tell(chapter):
        if chapter not in told:
            before = CHAPTERS[CHAPTERS.index(chapter) - 1] if chapter is not CHAPTERS[0] else None
            robin = copy_of(*tell(before), told[None][0].with_name(chapter.__name__))
            chapter(robin)
            told[chapter] = (robin.home, robin.today)
        return told[chapter]

    return lambda chapter: copy_of(*tell(chapter), tmp_path / "crm")


def copy_of(home, today, target):
    """The same book somewhere else, on the same day."""
    if home.exists():
        shutil.copytree(home, target)
    return Crm(target, today)


def test_invited_i_am_told_how_to_prepare(after):
    robin = after(invited)

    screen = robin.ok().out
    assert "Thu 19 Nov 14:00: Platform Engineer at Bluewater Robotics, with Mara Lindqvist, Tom" in screen
    assert "Follow Bluewater Robotics on LinkedIn" in agenda(robin)
    assert "Ask Jonah Okpara to put in a word at Bluewater Robotics" in agenda(robin)
    assert states(robin, "i1")[:5] == ["not called for"] * 5
    assert checklist(robin, "i1")[1][1] == "not before Thu 19 Nov 15:00"


def test_on_the_eve_i_have_questions_and_know_what_to_ask_at_the_door(after):
    robin = after(prepared)

    page = robin.ok("research brief").out
    assert "Who is on call? (q1)" in page
    assert "Met at the robotics meetup in March." in page
    assert list(agenda(robin, "crm_hearback", "crm_social")) == [
        "At the interview: ask when and how you will hear, and say that you want the job"
    ]


def test_an_hour_after_the_interview_nearly_everything_is_still_to_be_done(after):
    robin = after(interviewed)

    rows = checklist(robin)

    assert [number for number, (state, _) in rows.items() if state == "due"] == [1, 2, 3, 4, 5, 6, 8, 10]
    assert rows[7] == ("not called for", "no further interview is set")
    assert rows[9] == ("not called for", "you were not rejected")
    assert rows[5][1] == "Write to Ruth Adeyemi, due tomorrow 15:00; and 1 more"
    assert agenda(robin, "crm_hearback") == {"Ask Bluewater Robotics for news": "waiting"}


def test_the_checklist_on_the_screen_has_ten_numbered_lines(after):
    screen = after(interviewed).ok("checklist", columns=80).out.splitlines()

    assert screen[0].split() == ["what", "state", "why"]
    assert [line.split()[0] for line in screen[1:]] == [str(number) for number in range(1, 11)]


def test_the_same_evening_i_reflect_and_write_down_what_each_of_them_said(after):
    robin = after(written_down)

    assert states(robin)[:2] == ["done", "done"]
    assert agenda(robin, "crm_notes", "crm_reflection") == {}


def test_my_letter_to_the_lead_speaks_of_what_we_talked_about_and_asks_for_the_rest(after):
    robin = after(written_down)

    letter = follow_the_command(robin, "Thank Mara Lindqvist")

    assert "The docking service fails over by hand." in letter["body"]
    assert "Field data comes eight days late, by bus." in letter["body"]
    assert "I will send the references by Friday 20 November." in letter["body"]
    assert letter["blanks"] == ["how you would go about it"]
    assert "has something to fill in" in robin("letter", "export", letter["id"]).err

    mail = send(robin, fill_in(robin, letter, how="A radio on the harbour wall would bring it the same hour."))
    assert mail["To"] == "Mara Lindqvist <mara.lindqvist@bluewater.example>"
    assert "A radio on the harbour wall" in mail.get_content()
    assert states(robin)[3] == "done"


def test_whoever_lays_two_letters_side_by_side_finds_no_sentence_twice(after):
    robin = after(written_down)
    robin.ok("panel")
    tom, ruth = robin.ok("letter list --json").items
    copied = robin.ok("letter", "show", tom["id"], "--json").item["body"].replace("Tom", "Ruth")
    robin.ok("letter", "edit", ruth["id"], "--body", copied)

    assert "says the same as l1 to Tom Okafor" in robin("letter", "export", ruth["id"]).err
    assert robin("letter", "sent", ruth["id"]).code == 2


def test_each_of_the_three_is_thanked_by_a_letter_of_their_own(after):
    robin = after(thanked)

    letters = robin.ok("letter list --json").items
    assert [(letter["kind"], letter["sent"] is not None) for letter in letters] == [
        ("thank-you", True), ("panel", True), ("panel", True),
    ]  # fmt: skip
    bodies = [robin.ok("letter", "show", letter["id"], "--json").item["body"] for letter in letters]
    assert ["winch sings" in body for body in bodies] == [False, True, False]
    assert ["as Head of People" in body for body in bodies] == [False, False, True]
    assert "Everybody on the panel has been thanked." in robin.ok("panel").err
    assert states(robin)[3:5] == ["done", "done"]


def test_before_the_second_round_all_ten_things_are_done_or_not_called_for(after):
    robin = after(all_done)

    rows = checklist(robin, "i1")

    assert {number: why for number, (state, why) in rows.items() if state != "done"} == {9: "you were not rejected"}
    assert rows[9][0] == "not called for"
    assert rows[3][1].endswith("Keep your promise: send the references (to Mara Lindqvist)")
    assert rows[10][1] == "done today: Apply for 3 jobs"
    assert "What did the radio trial show? (q3)" in robin.ok("research brief").out


def test_a_no_ends_the_letters_but_calls_for_a_bridge(after):
    robin = after(rejected)

    rows = checklist(robin)

    assert rows[9] == ("due", "Thank Mara Lindqvist for the decision, due Sat 12 Dec")
    assert rows[4] == rows[5] == ("not called for", "the application has ended")
    assert rows[10][0] == "due"


def test_i_answer_without_burning_anything(after):
    robin = after(replied)

    mail = (robin.home / "l5.eml").read_text()
    assert "without listening" in mail
    assert robin.ok("bridges check l5 --json").items == []
    assert checklist(robin)[9] == ("done", "done today 18:00: Thank Mara Lindqvist for the decision")


@pytest.mark.parametrize("day", ["2027-03-04T09:00", "2027-06-04T09:00", "2027-12-04T09:00"])
def test_after_three_six_and_twelve_months_i_come_back_to_all_three(after, day):
    robin = after(replied)
    assert agenda(robin, "crm_bridges") == {}

    robin.today = day

    assert set(agenda(robin, "crm_bridges")) == {f"Come back to {name}" for name in (
        "Mara Lindqvist", "Tom Okafor", "Ruth Adeyemi")}  # fmt: skip


def test_a_talk_by_chance_counts_for_her_next_return_and_for_no_other(after):
    robin = after(replied)
    robin.today = "2027-02-10T09:00"
    robin.ok("log Mara 'met at the robotics fair' --by meeting")

    robin.today = "2027-03-04T09:00"
    assert set(agenda(robin, "crm_bridges")) == {"Come back to Tom Okafor", "Come back to Ruth Adeyemi"}
    robin.today = "2027-06-04T09:00"
    assert "Come back to Mara Lindqvist" in agenda(robin, "crm_bridges")


def test_the_role_is_open_again_and_i_apply_once_more(after):
    robin = after(replied)
    robin.today = "2027-04-20T09:00"
    robin.ok("bridges reopened Bluewater --source 'Tom told me'")
    assert agenda(robin, "crm_bridges")["Ask for the role that is open again: Bluewater Robotics (Platform Engineer)"]

    apply_to(robin, "Bluewater Robotics: Platform Engineer")

    assert "Ask for the role that is open again: Bluewater Robotics (Platform Engineer)" not in agenda(robin)
    live = [found["company"] for found in robin.ok("application list --json").items]
    assert robin.ok("company show Bluewater --json").item["id"] in live


def test_an_offer_that_is_only_said_is_answered_and_i_keep_applying(after):
    robin = after(offered)

    assert "Answer the offer from Kestrel Health" in agenda(robin, "crm_hearback")
    assert agenda(robin, "crm_quota") == {"Apply for 3 jobs": "ahead"}
    assert checklist(robin, "Kestrel")[10][0] == "due"
    assert checklist(robin, "Kestrel")[5] == ("not called for", "there was one interviewer")


def test_when_i_have_said_yes_the_search_rests_and_the_others_are_told(after):
    robin = after(accepted)

    assert agenda(robin, "crm_quota") == {}
    assert checklist(robin, "Kestrel")[10] == ("not called for", "an offer is accepted")
    assert set(agenda(robin, "crm_bridges")) == {
        "Tell Cobalt Freight kindly that you have accepted another offer",
        "Tell Wharfside Labs kindly that you have accepted another offer",
    }


def test_i_write_to_somebody_there_whom_only_my_phone_knew(after):
    robin = after(accepted)

    letter = follow_the_command(robin, "Tell Cobalt Freight kindly that you have accepted another offer")
    assert robin.ok("contact", "show", letter["contact"], "--json").item["name"] in {"Inês Maria Duarte", "ليلى حداد"}
    robin.ok("letter", "sent", letter["id"], "--force")
    robin.ok("application move Wharfside withdrawn")

    assert agenda(robin, "crm_bridges") == {}


def test_the_offer_falls_through_and_the_search_goes_on(after):
    robin = after(fallen_through)

    assert agenda(robin, "crm_quota") == {"Apply for 3 jobs": "ahead"}
    assert not [title for title in agenda(robin) if title.startswith("Tell ")]
    assert "Thank Priya Raman for the decision" in agenda(robin, "crm_bridges")
    rows = checklist(robin, "Kestrel")
    assert (rows[9][0], rows[10][0]) == ("due", "due")

    apply_to(robin, "Tidepool Analytics: Analyst", "Norrsken Data: Engineer", "Harbour & Finch: Consultant")

    assert checklist(robin, "Kestrel")[10] == ("done", "done today: Apply for 3 jobs")
