"""`crm letter`, as it is typed. The present is Friday 20 November 2026, 12:00, in Berlin; the kinds are installed."""

from __future__ import annotations

import email
import stat
from datetime import date, datetime

import pytest

from crm_core.dates import Moment
from crm_core.errors import CrmError
from crm_core.records import Application, Company, Contact, Interview, Letter, Note, Seat, Version


def berlin(text):
    return Moment(datetime.fromisoformat(text), "Europe/Berlin")


@pytest.fixture
def met(crm):
    """A book with Mara and Tom: i1 with both yesterday, i2 with Mara a week ago; a2 is elsewhere."""
    crm.today = "2026-11-20T12:00"
    crm.ok("me set name 'Ana Silva'")
    crm.ok("me set email ana@silva.example")
    book = crm.book
    with book.change("interviews"):
        company = book.companies.add(Company(name="Bluewater Robotics"))
        mara = book.contacts.add(Contact(name="Mara Lindqvist", given="Mara", emails=("mara@bluewater.example",)))
        tom = book.contacts.add(Contact(name="Tom Okafor"))
        book.contacts.add(Contact(name="Zoë Stranger"))
        application = book.applications.add(Application(company=company.id, role="Engineer"))
        both = (Seat(contact=mara.id), Seat(contact=tom.id))
        book.interviews.add(Interview(application=application.id, at=berlin("2026-11-19T14:00"), panel=both))
        book.interviews.add(Interview(application=application.id, at=berlin("2026-11-12T09:00"), panel=both[:1]))
        elsewhere = book.companies.add(Company(name="Harbour Labs"))
        book.applications.add(Application(company=elsewhere.id, role="Analyst"))
    return crm


def add(crm, record):
    book = crm.book
    with book.change("a fact"):
        return book.table(type(record)).add(record)


def letter(crm, body="Dear Mara,\n\nthank you", subject="Thanks", **facts):
    """One more letter to Mara about i1, put straight into the book."""
    versions = (Version(written=berlin("2026-11-20T10:00"), subject=subject, body=body),)
    usual = {"contact": "c1", "kind": "thank-you", "family": "thanks", "interview": "i1", "versions": versions}
    return add(crm, Letter(**{**usual, **facts}))


def test_a_draft_shows_the_letter_its_blanks_and_what_to_type_next(met):
    result = met.ok("letter draft thank-you mara")
    assert result.out.startswith("letter   l1, thank-you\nto       Mara Lindqvist <mara@bluewater.example>\n")
    assert "state    draft, 1 to fill in\n" in result.out
    assert "\nDear Mara,\n\nIt was good to meet you again on Thursday 19 November, and I am grateful" in result.out
    assert result.err.splitlines() == [
        "About your last interview with Mara Lindqvist: Engineer at Bluewater Robotics, yesterday 14:00 (i1)",
        "Still to fill in: [[what you talked about, and why it matters to you]]",
        "Next:  crm letter edit l1",
        "       crm letter export l1 --eml -o thank-you.eml",
        "       crm letter sent l1",
    ]


def test_a_draft_in_json_is_the_record_with_its_text_and_blanks(met):
    result = met.ok("letter draft thank-you mara --json")
    item = result.item
    assert (item["id"], item["contact"], item["interview"], item["application"]) == ("l1", "c1", "i1", "a1")
    assert (item["kind"], item["family"], item["channel"], item["sent"]) == ("thank-you", "thanks", "email", None)
    assert item["blanks"] == ["what you talked about, and why it matters to you"]
    assert item["body"] == item["versions"][0]["body"]
    assert result.err == ""


def test_the_interview_that_is_named_is_the_one_it_is_about(met):
    assert met.ok("letter draft thank-you mara --interview i2 --json").item["interview"] == "i2"
    assert met.ok("letter draft thank-you mara --interview Bluewater --json").item["interview"] == "i1"


def test_a_note_that_speaks_of_the_reader_is_pointed_out(met):
    met.ok("note add i1 'Mara wants the rota halved' --about Mara")
    drafted = met.ok("letter draft thank-you mara --interview i1")
    assert "Mara wants the rota halved" in drafted.out
    said = [line for line in drafted.err.splitlines() if "as of somebody else" in line]
    assert len(said) == 1
    assert said[0].startswith("l1 speaks of its reader as of somebody else: ")
    assert "Mara wants the rota halved" in said[0]


def test_it_is_said_of_thanks_to_somebody_who_was_not_there(met):
    remark = "Zoë Stranger is not on the panel of i1: crm interview edit i1 --with "
    assert remark in met.ok("letter draft thank-you zoe --interview i1").err
    assert "is not on the panel" not in met.ok("letter draft thank-you mara --interview i1").err


def test_a_letter_to_somebody_never_met_is_about_no_interview(met):
    result = met.ok("letter draft thank-you zoe --application analyst")
    assert "No interview with Zoë Stranger has ended: the letter is about none." in result.err
    assert "about    Analyst at Harbour Labs (a2)\n" in result.out


def test_an_interview_of_another_application_is_refused(met):
    result = met("letter draft thank-you mara --interview i1 --application a2")
    assert (result.code, len(met.book.letters)) == (2, 0)
    assert "The interview i1 is not part of a2" in result.err


def test_an_unknown_kind_lists_those_there_are(met):
    result = met("letter draft ransom mara")
    assert result.code == 2
    assert "There is no kind of letter 'ransom'" in result.err
    assert "thank-you (thank-you letter)" in result.err


def test_without_plugins_there_are_no_kinds(met):
    result = met("--no-plugins letter draft thank-you mara")
    assert result.code == 2
    assert "No plugin brings any" in result.err


def test_a_second_draft_shows_the_first_and_again_adds_a_version(met):
    met.ok("letter draft thank-you mara")
    met.ok("letter edit l1 --body 'My own words'")
    second = met.ok("letter draft thank-you mara")
    assert "My own words" in second.out
    assert "l1 is the one that you are writing." in second.err
    add(met, Note(interview="i1", text="the harbour", contact="c1"))
    again = met.ok("letter draft thank-you mara --again")
    assert "the harbour" in again.out
    assert "read it as Mara Lindqvist will" in again.err
    assert [version.body for version in met.book.letters.get("l1").versions][1] == "My own words"
    assert len(met.book.letters) == 1


def test_a_draft_by_video_goes_out_as_text(met):
    result = met.ok("letter draft thank-you mara --by video")
    assert "by       video\n" in result.out
    assert "\n[look into the camera, and smile]\n\nHello Mara," in result.out
    assert "The script is about 20 s when spoken." in result.err
    assert "crm letter export l1 --text -o thank-you.txt" in result.err


def test_after_it_was_sent_another_draft_is_made_only_on_request(met):
    letter(met, sent=date(2026, 11, 20))
    shown = met.ok("letter draft thank-you mara")
    assert "l1 was sent today. Another one: the same command with --again." in shown.err
    assert "Next:" not in shown.err
    assert met.ok("letter draft thank-you mara --again --json").item["id"] == "l2"


def test_the_list_says_whom_about_what_and_whether_it_was_sent(met):
    letter(met, "Hello [[name]]")
    letter(met, contact="c2", interview=None, sent=date(2026, 11, 18))
    lines = met.ok("letter list").out.splitlines()
    assert lines[0].split() == ["id", "kind", "to", "state", "by", "about"]
    assert "draft, 1 to fill in" in lines[1]
    assert "Engineer at Bluewater Robotics, yesterday 14:00 (i1)" in lines[1]
    assert "sent Wed 18 Nov" in lines[2]
    assert [item["id"] for item in met.ok("letter list --to tom --json").items] == ["l2"]


def test_an_empty_list_says_what_to_type(met):
    result = met.ok("letter list")
    assert result.out == ""
    assert "crm letter draft thank-you CONTACT" in result.err
    assert met.ok("letter list --json").items == []


def test_a_letter_is_shown_whole(met):
    body = "\n".join(f"line {n} " + "long " * 60 for n in range(200))
    letter(met, body)
    assert met.ok("letter show l1", columns=60).out.endswith(body + "\n")
    assert met.ok("letter show mara --json").item["body"] == body


def test_a_letter_cannot_act_on_the_terminal(met):
    letter(met, "red \x1b[31m\x07 text", subject="\x1b]0;owned\x07")
    for command in ("show l1", "export l1 --text", "list"):
        assert not any(char in met.ok(f"letter {command}").out for char in "\x1b\x07")


def test_an_edit_adds_a_version_and_says_what_is_left(met):
    letter(met)
    result = met.ok("letter", "edit", "l1", "--body", "Dear [[name]]\r\n  indented  \n\n")
    assert result.out == "Changed l1: this is version 2\n"
    assert result.err == "Still to fill in: [[name]]\n"
    changed = met.book.letters.get("l1")
    assert (changed.subject, changed.body) == ("Thanks", "Dear [[name]]\n  indented")
    assert changed.versions[0].body == "Dear Mara,\n\nthank you"
    assert met.ok("letter edit l1 --subject 'Thank  you' --json").item["subject"] == "Thank you"


def test_an_edit_that_changes_nothing_makes_no_version(met):
    letter(met)
    assert met.ok("letter edit l1 --subject Thanks").out == "l1 is as it was\n"
    assert len(met.book.letters.get("l1").versions) == 1


def test_a_body_comes_from_a_file_or_from_standard_input(met, tmp_path):
    letter(met)
    path = tmp_path / "letter.txt"
    path.write_bytes("\ufeffZoë\r\nÜnal\r\n".encode())
    met.ok("letter", "edit", "l1", "--body-file", str(path))
    assert met.book.letters.get("l1").body == "Zoë\nÜnal"
    met.ok("letter edit l1 --body-file -", stdin="piped\n")
    assert met.book.letters.get("l1").body == "piped"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't be read"),
        (b"\xff\xfe\x00", "is not a text"),
        (b"a" * 200_001, "is longer"),
        (b"a" * 800_001, "is longer"),
        (b"\n", "is empty"),
    ],
)
def test_a_file_that_is_no_letter_is_refused(met, tmp_path, content, message):
    letter(met)
    path = tmp_path / "letter.txt"
    if content is not None:
        path.write_bytes(content)
    result = met("letter", "edit", "l1", "--body-file", str(path))
    assert result.code == 2
    assert message in result.err
    assert len(met.book.letters.get("l1").versions) == 1


def test_body_and_body_file_together_are_refused(met):
    letter(met)
    result = met("letter edit l1 --body a --body-file -", stdin="b")
    assert result.code == 2
    assert "Give one of them" in result.err


def test_without_a_terminal_no_editor_is_opened(met):
    letter(met)
    result = met("letter edit l1")
    assert result.code == 2
    assert "--body" in result.err


@pytest.mark.parametrize(
    ("saved", "subject", "body"),
    [
        ("Subject: New one\n\nNew text", "New one", "New text"),
        ("subject:New one\nNew text", "New one", "New text"),
        ("No subject line\n\nNew text", "Thanks", "No subject line\n\nNew text"),
        ("Subject:\n\nSubject: in the text", "", "Subject: in the text"),
    ],
)
def test_the_editor_holds_subject_and_text(met, monkeypatch, saved, subject, body):
    letter(met)
    opened = []
    monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", lambda text, option: opened.append(text) or saved)
    met.ok("letter edit l1", typed="")
    comment, _, text = opened[0].partition("Subject: ")
    assert text == "Thanks\n\nDear Mara,\n\nthank you\n"
    assert comment.startswith("# l1 to Mara Lindqvist, draft\n# Lines like this one are not read.")
    changed = met.book.letters.get("l1")
    assert (changed.subject, changed.body) == (subject, body)


def test_an_editor_closed_without_a_change_changes_nothing(met, monkeypatch):
    letter(met)
    monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", lambda text, option: None)
    assert met.ok("letter edit l1").out == "l1 is as it was\n"


@pytest.mark.parametrize("line", ["# a comment", "## a heading", "\\# a backslash", "#1 is pay"])
def test_lines_that_look_like_comments_come_back_from_the_editor_as_they_were(met, monkeypatch, line):
    letter(met, f"Dear Mara,\n{line}\nbye")
    monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", lambda text, option: text.replace("bye", "good bye"))
    met.ok("letter edit l1", typed="")
    assert met.book.letters.get("l1").body == f"Dear Mara,\n{line}\ngood bye"


def test_a_letter_that_was_emptied_opens_again_with_what_is_wrong(met, monkeypatch):
    letter(met)
    opened, left = [], ["Subject: Thanks\n\n", "Subject: Thanks\n\nnew"]
    monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", lambda text, option: opened.append(text) or left.pop(0))
    met.ok("letter edit l1", typed="")
    assert opened[1].startswith("#! The letter would be empty.\nSubject: Thanks")
    assert met.book.letters.get("l1").body == "new"


def test_what_was_typed_in_the_editor_survives_another_command_meanwhile(met, monkeypatch):
    letter(met)

    def while_another_edits(text, option):
        met.ok("letter edit l1 --body 'the other command'")
        return "Subject: Thanks\n\nmy long work"

    monkeypatch.setattr("crm_core.cli.dialog.forms.edit_text", while_another_edits)
    met.ok("letter edit l1")
    bodies = [version.body for version in met.book.letters.get("l1").versions]
    assert bodies[1:] == ["the other command", "my long work"]


def test_a_sent_letter_can_be_corrected_and_it_is_said_that_it_was_sent(met):
    letter(met, sent=date(2026, 11, 19))
    assert "It was sent yesterday; only the book has the new text." in met.ok("letter edit l1 --body other").err


def test_an_email_is_exported_as_an_unsent_draft(met):
    letter(met, "Dear Mara,\n\nÜnal says hello")
    result = met.ok("letter export l1")
    message = email.message_from_string(result.out)
    assert message["X-Unsent"] == "1"
    assert message["To"] == "Mara Lindqvist <mara@bluewater.example>"
    assert message.get_payload(decode=True).decode() == "Dear Mara,\n\nÜnal says hello\n"
    assert result.err == ""


def test_a_letter_by_post_is_exported_as_text(met):
    letter(met, channel="post")
    assert met.ok("letter export l1").out == "Dear Mara,\n\nthank you\n"
    assert met.ok("letter export l1 --eml").out.startswith("From: Ana Silva <ana@silva.example>\n")


def test_an_export_to_a_file_is_private_and_replaces_nothing(met, tmp_path):
    letter(met)
    path = tmp_path / "thanks.eml"
    assert met.ok("letter", "export", "l1", "-o", str(path)).out == f"Wrote {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    assert b"\r\n\r\nDear Mara,\r\n\r\nthank you\r\n" in first
    refused = met("letter", "export", "l1", "--text", "-o", str(path))
    assert refused.code == 2
    assert "is there already" in refused.err
    assert path.read_bytes() == first
    met.ok("letter", "export", "l1", "--text", "-o", str(path), "--force")
    assert (
        path.read_text() == "To: Mara Lindqvist <mara@bluewater.example>\nSubject: Thanks\n\nDear Mara,\n\nthank you\n"
    )


@pytest.mark.parametrize(("target", "code"), [(".", 2), ("missing/thanks.eml", 1)])
def test_a_target_that_can_not_be_written_is_an_error(met, tmp_path, target, code):
    letter(met)
    result = met("letter", "export", "l1", "-o", str(tmp_path / target))
    assert result.code == code
    assert "Traceback" not in result.err


def test_blanks_refuse_the_export_and_being_sent(met):
    letter(met, "Hello [[name]]", subject="About [[what]]")
    for command in ("export", "sent"):
        result = met(f"letter {command} l1")
        assert (result.code, result.out) == (2, "")
        assert "l1 has something to fill in: [[what]], [[name]]" in result.err
        assert "crm letter edit l1" in result.err
    assert met.book.letters.get("l1").sent is None
    assert "Hello [[name]]" in met.ok("letter export l1 --text --force").out
    met.ok("letter sent l1 --force")
    assert met.book.letters.get("l1").sent is not None


def test_an_eml_without_an_address_is_a_draft_without_to_and_says_so(met):
    letter(met, contact="c2")
    result = met.ok("letter export l1")
    assert "\nTo:" not in result.out
    assert "Tom Okafor has no e-mail address that can be used: the draft has no To." in result.err
    assert "crm contact edit c2 --email ADDRESS" in result.err


def test_an_eml_without_my_address_says_so(crm):
    crm.today = "2026-11-20T12:00"
    add(crm, Contact(name="Mara", emails=("mara@x.example",)))
    letter(crm, interview=None)
    assert "crm me set email ADDRESS" in crm.ok("letter export l1").err


def test_a_letter_sent_without_us_has_nothing_to_export(met):
    letter(met, versions=(), sent=date(2026, 11, 20))
    result = met("letter export l1")
    assert result.code == 2
    assert "l1 has no text" in result.err
    assert "(no text: it was sent without this program)" in met.ok("letter show l1").out


def test_a_letter_is_recorded_as_sent_now_or_when_one_says(met):
    letter(met)
    assert met.ok("letter sent l1").out == "Recorded: l1 to Mara Lindqvist, sent today 12:00\n"
    assert met.book.letters.get("l1").sent == berlin("2026-11-20T12:00")
    assert met("letter sent l1").code == 2
    item = met.ok("letter sent l1 --on 'yesterday 18:30' --json").item
    assert item["sent"] == {"local": "2026-11-19T18:30:00", "zone": "Europe/Berlin"}


def test_a_letter_was_not_sent_in_the_future(met):
    letter(met)
    result = met("letter sent l1 --on tomorrow")
    assert result.code == 2
    assert "tomorrow is ahead" in result.err
    assert met.book.letters.get("l1").sent is None


def test_a_letter_sent_before_the_interview_is_recorded_and_said_not_to_count(met):
    letter(met)
    assert "it does not count as thanks for it" in met.ok("letter sent l1 --on 2026-11-18").err
    assert met.book.letters.get("l1").sent == date(2026, 11, 18)


@pytest.mark.parametrize("command", ["draft", "list", "show", "edit", "export", "sent"])
def test_every_help_ends_with_an_example(met, command):
    assert f"crm letter {command}" in met.ok(f"letter {command} --help").out.partition("Example")[2]


def test_an_error_of_a_template_is_one_line(met, monkeypatch):
    def broken(*_, **__):
        raise CrmError("The template fails in line 3")

    monkeypatch.setattr("crm_core.letters.drafting.draft_letter", broken)
    result = met("letter draft thank-you mara")
    assert (result.code, result.err.splitlines()[-1]) == (1, "crm: The template fails in line 3")
    assert len(met.book.letters) == 0


LONG = (
    "The winch that sings has not left my head since Thursday, and I have an idea about the bearing "
    "that I would like to try. "
)


def test_a_letter_that_says_the_same_as_another_does_not_go_out(met):
    letter(met, f"Dear Mara,\n\n{LONG}{LONG.upper()}\n\nBest,\nAna Silva")
    letter(met, f"Dear Tom,\n\n{LONG}{LONG.upper()}\n\nBest,\nAna", contact="c2")
    for command in ("export l2", "open l2 --print", "sent l2"):
        result = met(f"letter {command}")
        assert (result.code, result.out) == (2, "")
        assert "l2 to Tom Okafor says the same as l1 to Mara Lindqvist (100%)" in result.err
        assert '"The winch that sings has not left my head' in result.err
        assert "crm letter edit l2; or --force" in result.err
    assert met.book.letters.get("l2").sent is None
    assert "winch" in met.ok("letter export l2 --text --force").out
    met.ok("letter sent l2 --force")
    assert met.ok("letter sent l2 --on yesterday --json").item["sent"] == "2026-11-19"


def test_an_edit_makes_it_a_letter_of_its_own(met):
    letter(met, f"Dear Mara,\n\n{LONG * 2}")
    letter(met, f"Dear Tom,\n\n{LONG * 2}", contact="c2")
    met.ok("letter", "edit", "l2", "--body", "Dear Tom,\n\nthank you for the walk through the workshop.")
    met.ok("letter export l2")
    met.ok("letter export l1")


def test_an_email_is_opened_in_the_mail_program(met, monkeypatch):
    opened = []
    monkeypatch.setattr("click.launch", lambda url: opened.append(url) or 0)
    letter(met, 'Dear Mara,\n\n50% & "more"?\nÜnal', subject="Thanks & hello")
    result = met.ok("letter open l1")
    expected = (
        "mailto:mara@bluewater.example?subject=Thanks%20%26%20hello"
        "&body=Dear%20Mara%2C%0D%0A%0D%0A50%25%20%26%20%22more%22%3F%0D%0A%C3%9Cnal"
    )
    assert opened == [expected]
    assert result.out == "Opened l1 in your mail program.\n"
    assert result.err.splitlines()[0] == "When it is sent: crm letter sent l1"
    assert met.ok("letter open l1 --print").out == expected + "\n"
    assert len(opened) == 1


def test_without_a_mail_program_the_letter_can_be_exported(met, monkeypatch):
    monkeypatch.setattr("click.launch", lambda _: 1)
    letter(met)
    result = met("letter open l1")
    assert result.code == 1
    assert "crm letter export l1 --eml -o l1.eml" in result.err


def test_what_can_not_be_opened_as_an_email_is_refused(met, monkeypatch):
    monkeypatch.setattr("click.launch", lambda _: pytest.fail("opened"))
    letter(met, "Hello [[name]]")
    letter(met, channel="post")
    letter(met, versions=(), sent=date(2026, 11, 20))
    for command, reason in (
        ("open l1", "something to fill in"),
        ("open l2", "l2 goes by post"),
        ("open l3", "l3 has no text"),
    ):
        result = met(f"letter {command}")
        assert result.code == 2
        assert reason in result.err
    assert met.ok("letter open l1 --print --force").out.endswith("body=Hello%20%5B%5Bname%5D%5D\n")


def test_a_long_letter_is_opened_with_a_warning_and_without_an_address_says_so(met):
    letter(met, "so long " * 400, contact="c2")
    result = met.ok("letter open l1 --print")
    assert result.out.startswith("mailto:?subject=")
    assert "some mail programs cut such links" in result.err
    assert "Tom Okafor has no e-mail address" in result.err


def test_a_script_that_is_exported_says_how_long_it_takes(met):
    letter(met, "[smile]\n\n" + "word " * 280, channel="video")
    assert "The script is about 2 min when spoken." in met.ok("letter export l1").err


def own_template(crm, name, text):
    folder = crm.home / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder / name


def test_the_kinds_are_listed_with_whose_template_they_have(met):
    path = own_template(met, "proposal.txt", "Vorschlag")
    kinds = {kind["name"]: kind for kind in met.ok("letter kinds --json").items}
    assert kinds["proposal"] == {
        "name": "proposal",
        "label": "proposal",
        "family": "proposal",
        "template": str(path),
    }
    assert kinds["thank-you"]["template"] is None
    listed = met.ok("letter kinds")
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == list(kinds)
    assert str(met.home / "templates") in listed.err


def test_a_template_of_ones_own_is_used_in_any_language(met):
    own_template(
        met, "thank-you.txt", "\ufeffSubject: Danke, {{ contact.first }}\r\nLiebe {{ contact.first }},\r\n\r\ndanke!"
    )
    item = met.ok("letter draft thank-you mara --json").item
    assert (item["subject"], item["body"]) == ("Danke, Mara", "Liebe Mara,\n\ndanke!")


def test_a_template_without_a_subject_line_has_the_usual_subject(met):
    own_template(met, "thank-you.txt", "Liebe {{ contact.first }}, danke!")
    item = met.ok("thank --json").item
    assert (item["subject"], item["body"]) == (
        "Thank you for our conversation on Thursday 19 November (Engineer)",
        "Liebe Mara, danke!",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Subject: a\nb\n{{ nobody }}", "thank-you.txt fails in line 3: 'nobody' is undefined"),
        ("Subject: {{ nobody }}\nb", "thank-you.txt fails in line 1: "),
        ("a\n{% if %}", "thank-you.txt fails in line 2: "),
        ("{{ ''.__class__.__mro__ }}", "thank-you.txt fails in line 1: "),
        ("\n \n", "thank-you.txt is empty, line 1"),
        (b"caf\n\xff", "thank-you.txt is not UTF-8 text, line 2"),
        (b"a" * 200_001, "thank-you.txt has more than 200,000 characters"),
    ],
)
def test_a_broken_template_of_ones_own_is_named_with_its_line(met, text, reason):
    own_template(met, "thank-you.txt", text)
    result = met("letter draft thank-you mara")
    assert (result.code, len(met.book.letters)) == (1, 0)
    assert reason in result.err
    assert "rename it" in result.err
    assert "Traceback" not in result.err


def test_a_folder_of_that_name_is_no_template(met):
    (met.home / "templates" / "thank-you.txt").mkdir(parents=True)
    met.ok("letter draft thank-you mara")


def test_a_letter_that_is_not_there_is_called_a_letter(crm):
    refused = crm("letter show l99")
    assert refused.code == 2
    assert "There is no letter 'l99'" in refused.err
    assert "crm letter list" in refused.err
