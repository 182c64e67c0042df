"""`crm company`: employers, agencies and schools. Which company a name belongs to is decided in `network`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import asdict, replace

from crm_core.book import Book
from crm_core.cli.app import current_app
from crm_core.cli.context import json_option, new_option, pass_book, show_one, talk, told, yes_option
from crm_core.cli.lists.activity import Activity, companies_at
from crm_core.cli.lists.bulk import Among, Many, change_many, check_one_or_many, check_shared, many_options
from crm_core.cli.lists.listing import Field, Wish, last_field, list_options, show_list
from crm_core.cli.params import COMPANY
from crm_core.cli.screen.output import Column
from crm_core.cli.values import (
    DOMAIN,
    PROFILE,
    WEB_ADDRESS,
    changed_fields,
    once,
    read_name,
    repeatable,
    retagged,
    wanted_changes,
)
from crm_core.cli.workplaces import Held, Workplaces, people_at
from crm_core.errors import InputError
from crm_core.lookup import known_or_new_company
from crm_core.network import company_of, find_by_name, fold, same_company
from crm_core.network.profiles import say_profile
from crm_core.records import Application, Company, Contact, Part, Ref, Stage
from crm_core.words import say_day

if TYPE_CHECKING:
    from crm_core.cli.lists.where import Values


class CompanyRow(Company, frozen=True, kw_only=True):
    """A company as it is listed: its record, and how many applications are open and people are there now."""

    open_applications: int = 0
    people: int = 0


class ApplicationLine(Part, frozen=True, kw_only=True):
    """An application, in short."""

    id: Ref[Application]
    role: str
    stage: Stage
    since: date | None = None


class PersonLine(Part, frozen=True, kw_only=True):
    """A person at a company, in short."""

    id: Ref[Contact]
    name: str
    title: str = ""


class CompanyView(Company, frozen=True, kw_only=True):
    """A company with what is known around it."""

    applications: tuple[ApplicationLine, ...] = ()
    people_now: tuple[PersonLine, ...] = ()
    people_before: tuple[PersonLine, ...] = ()


FIELDS: Final[tuple[Field[CompanyRow], ...]] = (
    Field(Column("id", lambda row: row.id, priority=4, min=4)),
    Field(Column("name", lambda row: row.name, priority=4, min=12)),
    Field(
        Column("open applications", lambda row: str(row.open_applications), priority=3, right=True, min=17),
        lambda row: row.open_applications,
    ),
    Field(Column("people", lambda row: str(row.people), priority=2, right=True), lambda row: row.people),
    Field(Column("tags", lambda row: ", ".join(row.tags), priority=1)),
    Field(Column("website", lambda row: row.website, min=12), usual=False),
    Field(Column("domains", lambda row: ", ".join(row.domains), min=12), usual=False),
    Field(Column("note", lambda row: row.note), usual=False),
)


SHARED: Final = ("tags", "untag", "note")
"""What many companies can have in common; of anything else, a value that all have is a slip."""

CHOSEN_BY: Final[Mapping[str, Values[Company]]] = {
    "name": lambda company: (company.name, *company.aliases),
    "tag": lambda company: company.tags,
    "website": lambda company: (company.website,),
    "domain": lambda company: company.domains,
    "note": lambda company: (company.note,),
}


@click.group(
    epilog="""\b
Examples:
  crm company add Acme --website acme.example
  crm company show Acme
"""
)
def company() -> None:
    """Employers, agencies, schools."""


@company.command(
    epilog="""\b
Examples:
  crm company add "Bluewater Robotics" --website bluewater.example
  crm company add Acme --alias "Acme Holding" --feed acme.example/news.xml
"""
)
@click.argument("name")
@click.option("--website", type=WEB_ADDRESS, default="", metavar="ADDRESS", help="Its web page.")
@repeatable("--domain", "domains", "A domain of its e-mail addresses; repeatable.", kind=DOMAIN, metavar="DOMAIN")
@repeatable("--alias", "aliases", "Another name it goes by; repeatable.", metavar="NAME")
@repeatable("--feed", "feeds", "The address of a news feed; repeatable.", kind=WEB_ADDRESS, metavar="ADDRESS")
@repeatable("--profile", "profiles", "A page on a network; repeatable.", kind=PROFILE, metavar="PROFILE")
@repeatable("--tag", "tags", "A word to find it by; repeatable.")
@click.option("--note", default="", metavar="TEXT", help="Anything else.")
@new_option
@json_option
@pass_book
def add(book: Book, /, name: str, website: str, note: str, new: bool, as_json: bool, **lists: tuple[Any, ...]) -> None:
    """Add a company."""
    found = known_or_new_company(book, name, new=new)
    if found.id:
        raise InputError(
            f"{name.strip()[:60]} is in the book already: {found.id} {found.name}",
            f"`crm company show {found.id}` shows it, `crm company edit {found.id}` changes it.",
        )
    tags = retagged((), lists.pop("tags"), ())
    fields = {field: once(values) for field, values in lists.items()}
    wanted = replace(found, website=website, note=note.strip(), tags=tags, **fields)
    _check_names(book, wanted, (wanted.name, *wanted.aliases))
    with book.change(f"added the company {wanted.name}"):
        added = book.companies.add(wanted)
    told(added, f"Added {added.id} {added.name}", as_json=as_json)
    now, before = people_at(book, added)
    if now or before:
        shown = f"{current_app().prefix} company show {added.id}"
        talk(f"People there now: {len(now)}, before: {len(before)}. To see them: {shown}")


@company.command(
    "list",
    epilog="""\b
Examples:
  crm company list --tag robotics
  crm company list --stage interviewing --sort -people
""",
)
@list_options(
    company="Only those of that name, or with it in their name.",
    tag="Only those with that tag",
    stage="Only those where you have an application at that stage",
    since="Only those where an application moved, or had an interview, on that day or after.",
    known=False,
)
@json_option
@pass_book
def list_(book: Book, wish: Wish, as_json: bool) -> None:
    """List companies with open applications and people there."""
    activity = Activity(book)
    chosen = [one for one in book.companies if wish.tagged(one.tags) and wish.lately(activity.of_company(one))]
    if wish.company is not None:
        named = find_by_name(wish.company, ((found.id, (found.name, *found.aliases)) for found in chosen))
        chosen = [found for found in chosen if found.id in {*named, wish.company.strip()}]
    if wish.stages:
        there = companies_at(book, wish.stages)
        chosen = [found for found in chosen if found.id in there]
    rows = _rows(book, sorted(chosen, key=lambda found: fold(found.name)))
    last: Field[CompanyRow] = last_field("last move", book, activity.of_company)
    empty = "No company is found by that." if wish.narrowed else "No companies yet: crm company add"
    show_list(rows, (*FIELDS, last), wish, as_json=as_json, empty=empty)


@company.command("show", epilog="Example: crm company show Bluewater")
@click.argument("company", type=COMPANY)
@json_option
@pass_book
def show_(book: Book, company: Company, as_json: bool) -> None:
    """Show a company, your applications there, and who is or was there."""
    now, before = people_at(book, company)
    applications = book.applications.where("company", company.id)
    view = CompanyView(
        **asdict(company),
        applications=tuple(_application_line(found) for found in applications),
        people_now=tuple(_person_line(held) for held in now),
        people_before=tuple(_person_line(held) for held in before),
    )
    show_one(view, _fields(view, book.today), as_json=as_json)


@company.command(
    epilog="""\b
Examples:
  crm company edit Acme --website acme.example --alias "Acme Holding"
  crm company edit --where tag=agency --add-tag recruiter --untag agency
"""
)
@click.argument("company", type=COMPANY, required=False)
@click.option("--name", metavar="NAME", help="Its name; the old one is kept as an alias.")
@click.option("--website", type=WEB_ADDRESS, metavar="ADDRESS", help="Its web page.")
@repeatable("--domain", "domains", "Its domains; replaces them all.", kind=DOMAIN, metavar="DOMAIN")
@repeatable("--alias", "aliases", "Its other names; replaces them all.", metavar="NAME")
@repeatable("--feed", "feeds", "Its news feeds; replaces them all.", kind=WEB_ADDRESS, metavar="ADDRESS")
@repeatable("--profile", "profiles", "Its pages on networks; replaces them all.", kind=PROFILE, metavar="PROFILE")
@click.option("--tag", "--add-tag", "tags", multiple=True, metavar="TEXT", help="Add a tag; repeatable.")
@repeatable("--untag", "untag", "Take a tag away; repeatable.")
@click.option("--note", metavar="TEXT", help="Anything else.")
@many_options("companies")
@json_option
@pass_book
def edit(book: Book, /, company: Company | None, many: Many, as_json: bool, **options: Any) -> None:
    """Change what is given; an empty text clears a field.

    With --where, all companies of which that is true are changed at once: first it is shown what would change, then it
    is asked.
    """
    check_one_or_many(company, many, "company")
    if company is not None:
        _edit_one(book, company, options, as_json=as_json)
        return
    check_shared(options, SHARED)
    among = Among("company", "companies", CHOSEN_BY, attrgetter("name"))
    change_many(book, book.companies, lambda one: replace(one, **_changes(one, options)), among, many, as_json=as_json)


def _changes(company: Company, options: Mapping[str, Any]) -> dict[str, Any]:
    """What `edit` is to change, by field."""
    changes = wanted_changes({name: value for name, value in options.items() if name not in {"tags", "untag"}})
    if options["tags"] or options["untag"]:
        changes["tags"] = retagged(company.tags, options["tags"], options["untag"])
    if not changes:
        raise InputError("There is nothing to change", "`crm company edit --help` shows what can be.")
    return changes


def _edit_one(book: Book, company: Company, options: Mapping[str, Any], *, as_json: bool) -> None:
    changes = _changes(company, options)
    if "name" in changes:
        changes |= _renamed(company, changes)
    wanted = replace(company, **changes)
    before = {company.name, *company.aliases}
    _check_names(book, wanted, [name for name in (wanted.name, *wanted.aliases) if name not in before])
    if wanted == company:
        told(company, f"{company.id} {company.name} is so already: nothing was changed", as_json=as_json)
        return
    fields = ", ".join(changed_fields(company, wanted))
    with book.change(f"changed {company.id} {company.name}: {fields}"):
        saved = book.companies.save(wanted)
    told(saved, f"Changed {saved.id} {saved.name}: {fields}", as_json=as_json)


@company.command(epilog="Example: crm company remove co3")
@click.argument("company", type=COMPANY)
@yes_option
@pass_book
def remove(book: Book, company: Company, yes: bool) -> None:
    """Remove a company with all that hangs on it."""
    from crm_core.cli.removal import removed

    removed(book, company, company.name, yes=yes)


@company.command(epilog='Example: crm company merge Acme "Acme Holding"')
@click.argument("into", type=COMPANY)
@click.argument("other", type=COMPANY)
@yes_option
@pass_book
def merge(book: Book, into: Company, other: Company, yes: bool) -> None:
    """Make two companies one.

    OTHER becomes part of INTO with its names, applications and people; its id leads to INTO from then on.
    """
    from crm_core.cli.merging import merged
    from crm_core.network import merged_company

    merged(book, into, other, merged_company, yes=yes)


def _renamed(company: Company, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The new name, and the old one as an alias: people's cards go on saying it."""
    name = read_name(changes["name"])
    if "aliases" in changes or same_company(replace(company, name=name), company.name):
        return {"name": name}
    return {"name": name, "aliases": (*company.aliases, company.name)}


def _check_names(book: Book, wanted: Company, names: Iterable[str]) -> None:
    """Refuse names that are another company's: nobody could tell which of the two is meant."""
    others = [other for other in book.companies if other.id != wanted.id]
    for name in names:
        taken = company_of(others, name)
        if taken is not None:
            hint = f"If both are one: crm company merge {taken.id} {wanted.id}" if wanted.id else ""
            raise InputError(f"{name[:60]} is a name of {taken.id} {taken.name}", hint)


def _rows(book: Book, companies: Iterable[Company]) -> list[CompanyRow]:
    people: dict[str, int] = {}
    workplaces = Workplaces(book)
    for contact in book.contacts:
        for ref in workplaces.now(contact):
            people[ref] = people.get(ref, 0) + 1
    return [
        CompanyRow(
            **asdict(found),
            open_applications=sum(a.alive for a in book.applications.where("company", found.id)),
            people=people.get(found.id, 0),
        )
        for found in companies
    ]


def _application_line(application: Application) -> ApplicationLine:
    since = application.moves[-1].on if application.moves else None
    return ApplicationLine(id=Ref(application.id), role=application.role, stage=application.stage, since=since)


def _person_line(held: Held) -> PersonLine:
    return PersonLine(id=Ref(held.contact.id), name=held.contact.name, title=held.position.title)


def _fields(view: CompanyView, today: date) -> list[tuple[str, str]]:
    return [
        ("company", f"{view.id} {view.name}"),
        ("also called", "\n".join(view.aliases)),
        ("website", view.website),
        ("domains", ", ".join(view.domains)),
        ("profiles", "\n".join(map(say_profile, view.profiles))),
        ("feeds", "\n".join(view.feeds)),
        ("tags", ", ".join(view.tags)),
        ("applications", "\n".join(_say_application(line, today) for line in view.applications)),
        ("people now", "\n".join(map(_say_person, view.people_now))),
        ("people before", "\n".join(map(_say_person, view.people_before))),
        ("note", view.note),
    ]


def _say_application(line: ApplicationLine, today: date) -> str:
    since = f" since {say_day(line.since, today)}" if line.since else ""
    return f"{line.id} {line.role}: {line.stage}{since}"


def _say_person(person: PersonLine) -> str:
    return f"{person.id} {person.name}, {person.title}" if person.title else f"{person.id} {person.name}"
