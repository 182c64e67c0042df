"""`crm letter`: draft, read, edit, export, record as sent. What a letter says is decided in `letters/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click
from msgspec import Struct
from msgspec.structs import replace

from crm_core.cli.app import App
from crm_core.cli.context import json_option, output, pass_app, pass_book, show, talk, told, yes_option
from crm_core.cli.dialog.letter_form import edit_in_editor, version_of
from crm_core.cli.draft import (
    about_words,
    again_option,
    as_item,
    by_option,
    print_letter,
    recipient_name,
    say_blanks,
    say_length,
    show_draft,
    state_words,
)
from crm_core.cli.given import tell_if_absent, text_of_file
from crm_core.cli.params import APPLICATION, CONTACT, FILE_NAME, INTERVIEW, LETTER, WHEN
from crm_core.cli.screen.output import Column
from crm_core.dates import When, moment_of
from crm_core.errors import CrmError, InputError
from crm_core.files import refuse_existing, replace_file
from crm_core.letters import (
    THANKS,
    LetterKind,
    as_eml,
    as_mailto,
    as_text,
    draft_or_open,
    mark_sent,
    own_template,
    refuse_alike,
    refuse_blanks,
    since_start,
    usable_email,
)
from crm_core.lookup import interview_label
from crm_core.pipeline import last_ended
from crm_core.records import Application, Contact, Interview, Letter, Version
from crm_core.words import say_when

if TYPE_CHECKING:
    from crm_core.book import Book

STDIO: Final = "-"

LONGEST_LINK: Final = 2000  # characters of an address that mail programs and systems are known to take

force_option = click.option("--force", is_flag=True, help="Although it isn't filled in, or says the same as another.")


class KindRow(Struct, frozen=True, kw_only=True):
    """A kind of letter as it is listed; `template` is the user's own file, if there is one."""

    name: str
    label: str
    family: str
    template: str | None


@click.group(
    epilog="""\b
Examples:
  crm letter draft thank-you Mara
  crm letter export l3 --eml -o thank-you.eml
  crm letter sent l3
"""
)
def letter() -> None:
    """Letters to people: drafted from your notes, yours to edit. The program never sends one."""


@letter.command(
    epilog="""\b
Examples:
  crm letter draft thank-you "Mara Lindqvist"
  crm letter draft thank-you Mara --interview Bluewater --by post
"""
)
@click.argument("kind")
@click.argument("contact", type=CONTACT)
@click.option("--interview", type=INTERVIEW, metavar="INTERVIEW", help="What it is about; the last one with them.")
@click.option("--application", type=APPLICATION, metavar="APPLICATION", help="What it is about.")
@by_option
@again_option
@json_option
@pass_app
def draft(
    app: App,
    *,
    kind: str,
    contact: Contact,
    interview: Interview | None,
    application: Application | None,
    channel: str | None,
    again: bool,
    as_json: bool,
) -> None:
    """Draft a letter of a kind to a person. The one that you are writing already is shown as it is."""
    book = app.book
    chosen = _kind_named(app.host.letters(), kind)
    if interview is None:
        interview = _last_with(book, contact, application)
        if not as_json:
            talk(_meant(book, contact, interview))
    elif application is not None and interview.application != application.id:
        raise InputError(
            f"The interview {interview.id} is not part of {application.id}",
            f"Its application is {interview.application}; --interview alone is enough.",
        )
    drafted = draft_or_open(book, chosen, contact, interview, application, channel=channel, again=again)
    show_draft(book, drafted, as_json=as_json)
    if interview is not None and chosen.family == THANKS and not as_json:
        tell_if_absent(interview, contact)


@letter.command(epilog="Example: crm letter kinds")
@json_option
@pass_app
def kinds(app: App, *, as_json: bool) -> None:
    """List the kinds of letter, and your own templates of them.

    A file KIND.txt in the folder `templates` beside your settings file is used instead of the template that comes with
    the kind; its first line may be `Subject: ...`.
    """
    folder = app.book.templates
    rows = []
    for kind in app.host.letters():
        own = own_template(folder, kind.name)
        rows.append(KindRow(name=kind.name, label=kind.label, family=kind.family, template=str(own) if own else None))
    columns = (
        Column[KindRow]("kind", lambda row: row.name, 5, min=8),
        Column[KindRow]("label", lambda row: row.label, 3),
        Column[KindRow]("template", lambda row: row.template or "the plugin's", 4),
    )
    show(rows, columns, as_json=as_json, empty="No plugin brings any; see crm plugins.")
    if not as_json:
        talk(f"Templates of your own: KIND.txt in {folder}")


@letter.command("list", epilog="Example: crm letter list --to Mara")
@click.option("--to", "contact", type=CONTACT, metavar="CONTACT", help="Only those to that person.")
@json_option
@pass_book
def list_(book: Book, *, contact: Contact | None, as_json: bool) -> None:
    """All letters, drafts and sent ones, newest last."""
    found = [letter for letter in book.letters if contact is None or letter.contact == contact.id]
    if as_json:
        output().json_items(as_item(letter) for letter in found)
        return
    columns = (
        Column[Letter]("id", lambda letter: letter.id, 5, min=3),
        Column[Letter]("kind", lambda letter: letter.kind, 4),
        Column[Letter]("to", lambda letter: recipient_name(book, letter), 5, min=10),
        Column[Letter]("state", lambda letter: state_words(book, letter), 4, min=10),
        Column[Letter]("by", lambda letter: letter.channel, 2),
        Column[Letter]("about", lambda letter: about_words(book, letter), 3),
    )
    show(found, columns, empty="No letters yet. For example: crm letter draft thank-you CONTACT")


@letter.command("show", epilog="Example: crm letter show l3")
@click.argument("letter", type=LETTER)
@json_option
@pass_book
def show_(book: Book, letter: Letter, *, as_json: bool) -> None:
    """Show one letter, the whole text."""
    if as_json:
        output().json_item(as_item(letter))
    else:
        print_letter(book, letter)


@letter.command(
    epilog="""\b
Examples:
  crm letter edit l3
  crm letter edit l3 --subject "Thank you, Mara"
  crm letter edit l3 --body-file letter.txt
"""
)
@click.argument("letter", type=LETTER)
@click.option("--subject", metavar="TEXT", help="Its new subject.")
@click.option("--body", metavar="TEXT", help="Its new text.")
@click.option("--body-file", type=FILE_NAME, metavar="FILE", help="A file with its new text; - for standard input.")
@json_option
@pass_book
def edit(
    book: Book, letter: Letter, *, subject: str | None, body: str | None, body_file: str | None, as_json: bool
) -> None:
    """Change a letter's text, in your editor if you give none here. Earlier versions are kept."""
    if body is not None and body_file is not None:
        raise InputError("--body and --body-file say the same thing", "Give one of them.")
    if body_file is not None:
        body = text_of_file(body_file)
    if subject is not None or body is not None:
        _save_version(book, letter, version_of(book, letter, subject, body), as_json=as_json)
    elif not edit_in_editor(book, letter, lambda version: _save_version(book, letter, version, as_json=as_json)):
        told(as_item(letter), f"{letter.id} is as it was", as_json=as_json)


def _save_version(book: Book, letter: Letter, version: Version, *, as_json: bool) -> None:
    """Add a version of a letter, if it says something else than the last, and say so."""
    if letter.versions and (version.subject, version.body) == (letter.subject, letter.body):
        told(as_item(letter), f"{letter.id} is as it was", as_json=as_json)
        return
    with book.change(f"edited: {letter.id} to {recipient_name(book, letter)}"):
        # Added to what is there now: while the editor was open another command may have added a version, too.
        present = book.letters.get(letter.id)
        saved = book.letters.save(replace(present, versions=(*present.versions, version)))
    told(as_item(saved), f"Changed {saved.id}: this is version {len(saved.versions)}", as_json=as_json)
    if not as_json:
        say_blanks(saved)
        if saved.sent is not None:
            talk(f"It was sent {say_when(saved.sent, book.now)}; only the book has the new text.")


@letter.command(
    epilog="""\b
Examples:
  crm letter export l3 --eml -o thank-you.eml
  crm letter export l3 --text
"""
)
@click.argument("letter", type=LETTER)
@click.option("--eml", "form", flag_value="eml", help="A draft that a mail program opens; so by default for e-mail.")
@click.option("--text", "form", flag_value="text", help="Plain text; so by default for anything else.")
@click.option(
    "-o", "--output", "target", type=FILE_NAME, metavar="FILE", help="Where to write it; standard output by default."
)
@click.option(
    "--force", is_flag=True, help="Although it isn't filled in, says the same as another, or the file is there."
)
@pass_book
def export(book: Book, letter: Letter, *, form: Literal["eml", "text"] | None, target: str | None, force: bool) -> None:
    """Write a letter to a file or to standard output, for you to send."""
    _check_ready(book, letter, force=force)
    eml = form == "eml" or (form is None and letter.channel == "email")
    data = as_eml(book, letter) if eml else as_text(book, letter).encode("utf-8")
    if target is None or target == STDIO:
        output().block(data.decode("utf-8"))
    else:
        refuse_existing(Path(target), force=force)
        replace_file(Path(target), [data])
        output().line(f"Wrote {target}")
    if eml:
        _say_addresses(book, letter)
    else:
        say_length(letter)


@letter.command(
    "open",
    epilog="""\b
Examples:
  crm letter open l3
  crm letter open l3 --print
""",
)
@click.argument("letter", type=LETTER)
@click.option("--print", "print_", is_flag=True, help="Print the mailto: address instead.")
@force_option
@pass_book
def open_(book: Book, letter: Letter, *, print_: bool, force: bool) -> None:
    """Open an e-mail in your mail program, as a draft for you to send."""
    if letter.channel != "email":
        raise InputError(f"{letter.id} goes by {letter.channel}, not by e-mail", f"crm letter export {letter.id}")
    _check_ready(book, letter, force=force)
    address = as_mailto(book, letter)
    if print_:
        output().line(address)
    elif click.launch(address) != 0:
        raise CrmError("No mail program could be opened", f"crm letter export {letter.id} --eml -o {letter.id}.eml")
    else:
        output().line(f"Opened {letter.id} in your mail program.")
        talk(f"When it is sent: crm letter sent {letter.id}")
    if len(address) > LONGEST_LINK:
        talk(
            "It is long, and some mail programs cut such links: if the end is missing, "
            f"crm letter export {letter.id} --eml -o {letter.id}.eml"
        )
    _say_addresses(book, letter)


@letter.command(epilog='Example: crm letter sent l3 --on "yesterday 18:30"')
@click.argument("letter", type=LETTER)
@click.option("--on", type=WHEN, metavar="WHEN", help="When it went out; now by default.")
@force_option
@json_option
@pass_book
def sent(book: Book, letter: Letter, *, on: When | None, force: bool, as_json: bool) -> None:
    """Record that you sent a letter."""
    if letter.sent is not None and on is None:
        raise InputError(
            f"{letter.id} was recorded as sent {say_when(letter.sent, book.now)} already",
            "If it was sent at another time, say so with --on.",
        )
    if letter.sent is None:
        _check_own_words(book, letter, force=force)
    with book.change(f"sent: {letter.id} to {recipient_name(book, letter)}"):
        saved = mark_sent(book, letter, on if on is not None else moment_of(book.now), force=force)
    words = f"Recorded: {saved.id} to {recipient_name(book, saved)}, {state_words(book, saved)}"
    told(as_item(saved), words, as_json=as_json)
    interview = book.interviews.find(saved.interview)
    if saved.family == THANKS and interview is not None and not since_start(saved.sent, interview):
        talk(f"That is before the interview, {say_when(interview.at, book.now)}: it does not count as thanks for it.")


@letter.command(epilog="Example: crm letter remove l3")
@click.argument("letter", type=LETTER)
@yes_option
@pass_book
def remove(book: Book, letter: Letter, yes: bool) -> None:
    """Remove a letter; one that was sent closes no step any more."""
    from crm_core.cli.removal import removed

    removed(book, letter, f"to {recipient_name(book, letter)}, {state_words(book, letter)}", yes=yes)


def _kind_named(kinds: Sequence[LetterKind], name: str) -> LetterKind:
    found = next((kind for kind in kinds if kind.name == name), None)
    if found is None:
        listed = ", ".join(f"{kind.name} ({kind.label})" for kind in kinds)
        raise InputError(
            f"There is no kind of letter {name[:60]!r}",
            f"Kinds: {listed}." if listed else "No plugin brings any; see crm plugins.",
        )
    return found


def _last_with(book: Book, contact: Contact, application: Application | None) -> Interview | None:
    """The last interview that ended with that person on its panel."""
    with_them = [
        interview
        for interview in book.interviews
        if any(seat.contact == contact.id for seat in interview.panel)
        and (application is None or interview.application == application.id)
    ]
    return last_ended(book, with_them)


def _meant(book: Book, contact: Contact, interview: Interview | None) -> str:
    if interview is None:
        return f"No interview with {contact.name} has ended: the letter is about none."
    return f"About your last interview with {contact.name}: {interview_label(book, interview)} ({interview.id})"


def _check_own_words(book: Book, letter: Letter, *, force: bool) -> None:
    if not force:
        refuse_alike(book, letter, f"crm letter edit {letter.id}; or --force, to take it as it is.")


def _check_ready(book: Book, letter: Letter, *, force: bool) -> None:
    """A letter that goes out has a text, is filled in, and says something of its own."""
    if not letter.versions:
        raise InputError(f"{letter.id} has no text: it was sent without this program", "There is nothing to export.")
    if not force:
        refuse_blanks(letter, f"crm letter edit {letter.id}; or --force, to take it as it is.")
    _check_own_words(book, letter, force=force)


def _say_addresses(book: Book, letter: Letter) -> None:
    contact = book.contacts.find(letter.contact)
    if contact is not None and not usable_email(contact.emails):
        talk(
            f"{contact.name} has no e-mail address that can be used: the draft has no To. "
            f"Add one: crm contact edit {contact.id} --email ADDRESS"
        )
    if not usable_email([book.me.email]):
        talk("Your own e-mail address is not known: the draft has no From. Say it: crm me set email ADDRESS")
