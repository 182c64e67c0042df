"""What `crm contact edit` changes of a person, or of many at once."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from crm_core.cli.lists.bulk import Among, Many, change_many, check_shared
from crm_core.cli.lists.contact_rows import fields_to_choose_by
from crm_core.cli.reached import with_labels
from crm_core.cli.values import read_name, retagged, wanted_changes
from crm_core.cli.workplaces import Workplaces, with_former, with_workplace
from crm_core.errors import InputError
from crm_core.records import Contact, Ref

if TYPE_CHECKING:
    from crm_core.book import Book

SHARED: Final = ("tags", "untag", "company", "title", "was_at", "how", "introduced_by", "knows", "knows_not", "note")
"""What many people can have in common; of anything else, a value that all have is a slip."""


def changes_of(
    book: Book, contact: Contact, options: dict[str, Any], workplaces: Workplaces | None = None
) -> dict[str, Any]:
    """What `edit` is to change, by field."""
    lists = {name: options.pop(name) for name in ("was_at", "knows", "knows_not", "tags", "untag")}
    company, title = options.pop("company"), options.pop("title")
    changes = linked(with_labels(contact, wanted_changes(options)))
    if "name" in changes:
        # The parts that a card gave are those of the old name.
        changes |= {"name": read_name(changes["name"]), "given": "", "family": ""}
    if lists["was_at"] or company is not None or title is not None:
        workplaces = workplaces or Workplaces(book)
        positions = with_former(contact.positions, workplaces, [text.strip() for text in lists["was_at"]])
        if company is not None or title is not None:
            positions = with_workplace(positions, workplaces, _stripped(company), _stripped(title))
        changes["positions"] = positions
    if lists["knows"] or lists["knows_not"]:
        unwanted = {person.id for person in lists["knows_not"]}
        known = (*contact.knows, *(Ref[Contact](person.id) for person in lists["knows"]))
        changes["knows"] = tuple(ref for ref in known if book.redirected(ref) not in unwanted)
    if lists["tags"] or lists["untag"]:
        changes["tags"] = retagged(contact.tags, lists["tags"], lists["untag"])
    return changes


def linked(changes: dict[str, Any]) -> dict[str, Any]:
    """The same changes with references in the place of contacts."""
    if "introduced_by" in changes:
        changes["introduced_by"] = Ref(changes["introduced_by"].id)
    if "knows" in changes:
        changes["knows"] = tuple(Ref(person.id) for person in changes["knows"])
    return changes


def _stripped(text: str | None) -> str | None:
    return text.strip() if text is not None else None


def edit_many(book: Book, many: Many, options: dict[str, Any], *, as_json: bool) -> None:
    """Change all people who are chosen alike; see `bulk.change_many`."""
    check_shared(options, SHARED)
    workplaces = Workplaces(book)
    among = Among("person", "people", fields_to_choose_by(workplaces), attrgetter("name"))

    def changed(person: Contact) -> Contact:
        changes = changes_of(book, person, dict(options), workplaces)
        if not changes:
            raise InputError("There is nothing to change", "`crm contact edit --help` shows what can be.")
        return replace(person, **changes).tidied()

    change_many(book, book.contacts, changed, among, many, as_json=as_json)
