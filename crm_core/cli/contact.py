"""`crm contact`: people.

Who may be one person is weighed in `network`; what `show` tells of a person is put together in `person.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Final

import click
from msgspec.structs import replace

from crm_core.book import Book
from crm_core.cli.app import current_app
from crm_core.cli.context import json_option, output, pass_book, show_one, talk, told, yes_option
from crm_core.cli.dialog.asking import someone_there
from crm_core.cli.lists.activity import Activity
from crm_core.cli.lists.bulk import Many, check_one_or_many, many_options
from crm_core.cli.lists.contact_rows import FIELDS, Listed, rows_of
from crm_core.cli.lists.listing import Field, Wish, last_field, list_options, show_list
from crm_core.cli.params import COMPANY_NAME, CONTACT, FILE_NAME
from crm_core.cli.photo import PHOTO, write_photo
from crm_core.cli.reached import LABELLED_EMAIL, LABELLED_PHONE, with_labels
from crm_core.cli.values import (
    BIRTHDAY,
    PROFILE,
    changed_fields,
    once,
    read_name,
    repeatable,
    retagged,
    wanted_changes,
)
from crm_core.cli.workplaces import Workplaces, with_former, with_workplace
from crm_core.errors import AmbiguousName, InputError
from crm_core.lookup import contact_label, known_or_new_contact
from crm_core.network import fold
from crm_core.records import Contact
from crm_core.store.attachments import attachment_name

_FOR: Final = " with what it is for in brackets"
_ALL: Final = "replaces them all."


@click.group(
    epilog="""\b
Examples:
  crm contact add "Mara Lindqvist" --company Acme
  crm contact show Mara
"""
)
def contact() -> None:
    """People."""


@contact.command(
    epilog="""\b
Examples:
  crm contact add "Mara Lindqvist" --company Bluewater --title CTO
  crm contact add "Tom Berg" --was-at Acme --knows Mara --profile github:tberg
  crm contact add "Ana Silva" --phone "+351 21 5550123 (work)" --photo ana.jpg
"""
)
@click.argument("name")
@click.option(
    "--company",
    type=COMPANY_NAME,
    default="",
    metavar="TEXT",
    help="Where they work, as it is written or a company's id.",
)
@click.option("--title", default="", metavar="TEXT", help="What they are there.")
@repeatable("--was-at", "was_at", "Where they worked before; repeatable.", kind=COMPANY_NAME, metavar="COMPANY")
@click.option("--nickname", default="", metavar="NAME", help="What they are called.")
@repeatable("--email", "emails", f"An e-mail address, also{_FOR}; repeatable.", kind=LABELLED_EMAIL, metavar="ADDRESS")
@repeatable("--phone", "phones", f"A phone number, also{_FOR}; repeatable.", kind=LABELLED_PHONE, metavar="NUMBER")
@repeatable("--profile", "profiles", "A page on a network; repeatable.", kind=PROFILE, metavar="PROFILE")
@click.option("--address", default="", metavar="TEXT", help="Where letters reach them.")
@click.option("--birthday", type=BIRTHDAY, default="", metavar="DAY", help="As 4 May 1990, or 4 May without a year.")
@click.option("--photo", type=PHOTO, default="", metavar="FILE", help="A picture of them.")
@click.option("--how", default="", metavar="TEXT", help="How you know them.")
@click.option("--introduced-by", type=CONTACT, metavar="CONTACT", help="Who brought you together.")
@repeatable("--knows", "knows", "Somebody in the book whom they know; repeatable.", kind=CONTACT, metavar="CONTACT")
@repeatable("--tag", "tags", "A word to find them by; repeatable.")
@click.option("--note", default="", metavar="TEXT", help="Anything else.")
@click.option("--new", is_flag=True, help="Add another person, though somebody of that or a similar name is known.")
@json_option
@pass_book
def add(
    book: Book,
    /,
    name: str,
    company: str,
    title: str,
    was_at: Sequence[str],
    tags: Sequence[str],
    new: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Add a person."""
    from crm_core.cli.contact_changes import linked

    wanted = Contact(name=read_name(name)) if new else _unknown(book, name)
    picture = _photo_named(options)
    workplaces = Workplaces(book)
    positions = with_former((), workplaces, once(was_at))
    if company.strip() or title.strip():
        positions = with_workplace(positions, workplaces, company.strip() or None, title.strip())
    wanted = replace(
        wanted,
        positions=positions,
        tags=retagged((), tags, ()),
        **linked(with_labels(wanted, wanted_changes(options))),
    )
    with book.change(f"added {wanted.name}"):
        _attach(book, picture)
        added = book.contacts.add(wanted)
    told(added, f"Added {added.id} {contact_label(added)}", as_json=as_json)
    _mention_same_email(book, added)


@contact.command(
    "list",
    epilog="""\b
Examples:
  crm contact list
  crm contact list --company Bluewater --tag referral
  crm contact list --since "2 weeks ago" --sort "-last contact"
""",
)
@list_options(
    company="Only those who work or worked there.",
    tag="Only those with that tag",
    stage="Only those who work where you have an application at that stage",
    since="Only those you were in touch with on that day or after.",
    known=False,
)
@json_option
@pass_book
def list_(book: Book, wish: Wish, as_json: bool) -> None:
    """List people by name."""
    activity = Activity(book)
    rows = sorted(rows_of(book, wish, activity, whole=as_json), key=lambda row: fold(row.name))
    last: Field[Listed] = last_field("last contact", book, lambda row: activity.of_contact(row.id))
    empty = "Nobody is found by that." if wish.narrowed else "Nobody yet: crm contact add, crm import"
    show_list(rows, (*FIELDS, last), wish, as_json=as_json, empty=empty, record=attrgetter("contact"))


@contact.command("show", epilog='Example: crm contact show "Mara Lindqvist"')
@click.argument("contact", type=CONTACT)
@json_option
@pass_book
def show_(book: Book, contact: Contact, as_json: bool) -> None:
    """Show all that the book has about a person."""
    from crm_core.cli.person import fields, view_of

    view = view_of(book, contact)
    show_one(view, [] if as_json else fields(book, view), as_json=as_json)


@contact.command(
    epilog="""\b
Examples:
  crm contact edit Mara
  crm contact edit Mara --title CEO --tag referral
  crm contact edit "Tom Berg" --was-at Acme --company Bluewater
  crm contact edit --where company=Acme --where tag!=mentor --add-tag acme
"""
)
@click.argument("contact", type=CONTACT, required=False)
@click.option("--name", metavar="NAME", help="Their name.")
@click.option("--company", type=COMPANY_NAME, metavar="TEXT", help="Where they work now; corrects the present place.")
@click.option("--title", metavar="TEXT", help="What they are there.")
@repeatable(
    "--was-at",
    "was_at",
    "Where they worked before; ends the present place if it is that.",
    kind=COMPANY_NAME,
    metavar="COMPANY",
)
@click.option("--nickname", metavar="NAME", help="What they are called.")
@repeatable("--email", "emails", f"Their e-mail addresses, each{_FOR}; {_ALL}", kind=LABELLED_EMAIL, metavar="ADDRESS")
@repeatable("--phone", "phones", f"Their phone numbers, each{_FOR}; {_ALL}", kind=LABELLED_PHONE, metavar="NUMBER")
@repeatable("--profile", "profiles", f"Their pages on networks; {_ALL}", kind=PROFILE, metavar="PROFILE")
@click.option("--address", metavar="TEXT", help="Where letters reach them.")
@click.option("--birthday", type=BIRTHDAY, metavar="DAY", help="As 4 May 1990, or 4 May without a year.")
@click.option("--photo", type=PHOTO, metavar="FILE", help="A picture of them.")
@click.option("--how", metavar="TEXT", help="How you know them.")
@click.option("--introduced-by", type=CONTACT, metavar="CONTACT", help="Who brought you together.")
@repeatable("--knows", "knows", "Add somebody whom they know; repeatable.", kind=CONTACT, metavar="CONTACT")
@repeatable("--knows-not", "knows_not", "Take such a link away; repeatable.", kind=CONTACT, metavar="CONTACT")
@click.option("--tag", "--add-tag", "tags", multiple=True, metavar="TEXT", help="Add a tag; repeatable.")
@repeatable("--untag", "untag", "Take a tag away; repeatable.")
@click.option("--note", metavar="TEXT", help="Anything else.")
@many_options("people")
@json_option
@pass_book
def edit(book: Book, /, contact: Contact | None, many: Many, as_json: bool, **options: Any) -> None:
    """Change what is given; an empty text clears a field. At a terminal, without options, in your editor.

    With --where, all people of whom that is true are changed at once: first it is shown what would change, then it is
    asked.
    """
    check_one_or_many(contact, many, "contact")
    if contact is None:
        from crm_core.cli.contact_changes import edit_many

        edit_many(book, many, options, as_json=as_json)
    else:
        _edit_one(book, contact, options, as_json=as_json)


def _edit_one(book: Book, contact: Contact, options: dict[str, Any], *, as_json: bool) -> None:
    from crm_core.cli.contact_changes import changes_of

    picture = _photo_named(options)
    changes = changes_of(book, contact, options)
    if changes:
        _save(book, contact, changes, picture, as_json=as_json)
    elif as_json or not someone_there():
        raise InputError("There is nothing to change", "`crm contact edit --help` shows what can be.")
    else:
        from crm_core.cli.dialog.contact_form import edit_in_editor

        if not edit_in_editor(book, contact, lambda edited: _save(book, contact, edited, as_json=False)):
            talk("Nothing was changed.")


def _save(book: Book, contact: Contact, changes: dict[str, Any], picture: bytes = b"", *, as_json: bool) -> None:
    """Record what `edit` changes, and say so."""
    wanted = replace(contact, **changes).tidied()
    if wanted == contact:
        told(contact, f"{contact.id} {contact_label(contact)} is so already: nothing was changed", as_json=as_json)
        return
    fields = ", ".join(changed_fields(contact, wanted))
    with book.change(f"changed {contact.id} {contact.name}: {fields}"):
        _attach(book, picture)
        saved = book.contacts.save(wanted)
    told(saved, f"Changed {saved.id} {contact_label(saved)}: {fields}", as_json=as_json)
    if "emails" in changes:
        _mention_same_email(book, saved)


@contact.command(epilog="Example: crm contact photo Mara -o mara.jpg")
@click.argument("contact", type=CONTACT)
@click.option(
    "-o", "--output", "target", type=FILE_NAME, metavar="FILE", help="Where to write it; standard output by default."
)
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@pass_book
def photo(book: Book, contact: Contact, target: str | None, force: bool) -> None:
    """Write somebody's photo to a file.

    `crm contact edit --photo` gives them one.
    """
    write_photo(book, contact, target, force=force)


@contact.command(epilog="Example: crm contact remove c12")
@click.argument("contact", type=CONTACT)
@yes_option
@pass_book
def remove(book: Book, contact: Contact, yes: bool) -> None:
    """Remove a person with all that hangs on them."""
    from crm_core.cli.removal import removed

    removed(book, contact, contact.name, yes=yes)


@contact.command(epilog="Example: crm contact merge c3 c12")
@click.argument("into", type=CONTACT)
@click.argument("other", type=CONTACT)
@yes_option
@pass_book
def merge(book: Book, into: Contact, other: Contact, yes: bool) -> None:
    """Make two contacts one.

    OTHER becomes part of INTO with all its facts and all that refers to it; its id leads to INTO from then on.
    """
    from crm_core.cli import merging
    from crm_core.network import merged
    from crm_core.network.matching import said_to_differ

    if into.id != other.id and said_to_differ(into, other):
        talk(f"You said that {into.id} and {other.id} are two people; merging them takes that back.")
    merging.merged(book, into, other, merged, yes=yes)


@contact.command(
    epilog="""\b
Examples:
  crm contact duplicates
  crm contact duplicates --not-same c3 c12
"""
)
@click.option(
    "--not-same",
    nargs=2,
    type=CONTACT,
    metavar="CONTACT CONTACT",
    help="Say that these two are two people; nobody asks about them again.",
)
@click.option("--list", "only_list", is_flag=True, help="List the pairs, and ask nothing.")
@click.option("--all", "every", is_flag=True, help="List every pair, not only the likeliest.")
@json_option
@pass_book
def duplicates(
    book: Book, not_same: tuple[Contact, Contact] | None, only_list: bool, every: bool, as_json: bool
) -> None:
    """Find pairs who may be one person, the likeliest first.

    On a terminal each pair is shown side by side: merge it, say that they are two people, or leave it for later.
    Elsewhere the pairs are listed with the commands for it. A pair that was answered is never asked about again.
    """
    from crm_core.cli.duplicates import ask_about, list_pairs, pairs_of, say_not_same

    if not_same:
        say_not_same(book, *not_same)
        return
    pairs = pairs_of(book)
    if as_json:
        output().json_items(pairs)
    elif not pairs:
        talk("Nobody seems to be in the book twice.")
    elif only_list or every or output().columns is None or not someone_there():
        list_pairs(pairs, every=every)
    else:
        ask_about(book, pairs)


def _unknown(book: Book, name: str) -> Contact:
    """A new contact of that name.

    Raises:
        InputError: Somebody of that or a similar name is in the book.
    """
    try:
        found = known_or_new_contact(book, name)
    except AmbiguousName as error:
        raise AmbiguousName(error.message, f"{error.hint}. Or --new for another person of that name.") from None
    if found.id:
        raise InputError(
            f"{name.strip()[:60]} is in the book already: {found.id} {contact_label(found)}",
            f"`crm contact edit {found.id}` changes it; --new adds another person of that name.",
        )
    return found


def _photo_named(options: dict[str, Any]) -> bytes:
    """The picture that was given; in the options its name takes its place."""
    picture = options["photo"]
    if not isinstance(picture, bytes):
        return b""
    options["photo"] = attachment_name(picture)
    return picture


def _attach(book: Book, picture: bytes) -> None:
    if picture:
        book.attach(picture)


def _mention_same_email(book: Book, contact: Contact) -> None:
    """Say who else has one of the e-mail addresses: allowed, since families share one, but worth a look."""
    emails = {email.casefold() for email in contact.emails}
    for other in book.contacts if emails else ():
        shared = [email for email in other.emails if email.casefold() in emails]
        if shared and other.id != contact.id:
            talk(f"{other.id} {other.name} has {shared[0]}, too. If both are one person:")
            talk(f"  {current_app().prefix} contact merge {other.id} {contact.id}")
