"""`crm social`: whom you follow where, their pages, and the note that goes with a request to connect."""

from __future__ import annotations

from datetime import date

import click
import msgspec

from crm_core import (
    COMPANY,
    CONTACT,
    DATE,
    INTERVIEW,
    Book,
    Column,
    Company,
    Contact,
    CrmError,
    InputError,
    Interview,
    UnknownName,
    interview_label,
    json_option,
    pass_book,
    say_day,
    show,
    talk,
    told,
)
from crm_social.following import Following, Who, concerned, following, followings_of, forget, pages_of, record
from crm_social.networks import LINKEDIN, NETWORKS, WEB, Network, Page, network_named, web_page
from crm_social.note import connection_note, length
from crm_social.records import TO_FOLLOW, State


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with somebody on a network, as a list and `--json` show it; `id` is empty where nothing is kept."""

    who: str
    name: str
    network: str
    state: str
    handle: str
    url: str
    on: date | None
    id: str


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note to connect, as `--json` shows it; `limit` is None where the network has none that we know."""

    text: str
    length: int
    limit: int | None
    network: str
    contact: str
    interview: str | None


class _Named(click.Group):
    """A group in which a word that is no command is a name to show."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What click asks for."""
        if args and self.get_command(ctx, args[0]) is None:
            return "show", self.get_command(ctx, "show"), args
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Named,
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm social
  crm social "Mara Lindqvist"
  crm social open Mara
  crm social followed Mara linkedin
""",
)
@json_option
@click.pass_context
def social(context: click.Context, *, as_json: bool) -> None:
    """Whom you follow on which network; `crm social NAME` shows one person or company."""
    if context.invoked_subcommand is None:
        _show_all(as_json=as_json)


@social.command("show", epilog="Example: crm social show Bluewater --json")
@click.argument("who", metavar="CONTACT|COMPANY")
@json_option
@pass_book
def show_(book: Book, who: str, *, as_json: bool) -> None:
    """How it stands with one person or company."""
    meant = _meant(book, who)
    noun = "company" if isinstance(meant, Company) else "contact"
    hint = f"No page of {meant.name}'s is known: crm {noun} edit {meant.id} --profile ADDRESS"
    show(_standings(book, meant), _COLUMNS, as_json=as_json, empty=hint)


def _recording(state: State, help_: str) -> None:
    """Make the command that records a state; the four are alike."""

    @social.command(state, help=help_, epilog=f"Example: crm social {state} Mara linkedin --on yesterday")
    @click.argument("who", metavar="CONTACT|COMPANY")
    @click.argument("network")
    @click.option("--on", type=DATE, metavar="DATE", help="When; today by default.")
    @json_option
    @pass_book
    def _(book: Book, *, who: str, network: str, on: date | None, as_json: bool) -> None:
        meant, there = _meant(book, who), _network(network)
        before = following(book, meant, there)
        what = f"{meant.name} on {there.label}"
        with book.change(f"{state}: {what}"):
            made = record(book, meant, there, state, on or book.today)
        changed = before is not None and (before.state, before.on) != (made.state, made.on)
        until = f"; until now: {before.state} {say_day(before.on, book.today)}" if before and changed else ""
        told(made, f"{state.capitalize()} {say_day(made.on, book.today)}: {made.id} {what}{until}", as_json=as_json)


_recording("followed", "Record that you follow somebody, or a company.")
_recording("asked", "Record that you asked to connect.")
_recording("connected", "Record that you are connected.")
_recording("declined", "Record that they, or you, would rather not. It is not asked for again.")


@social.command("forget", epilog="Example: crm social forget Mara x")
@click.argument("who", metavar="CONTACT|COMPANY")
@click.argument("network")
@json_option
@pass_book
def forget_(book: Book, *, who: str, network: str, as_json: bool) -> None:
    """Take back what was recorded: they are to be followed again."""
    meant, there = _meant(book, who), _network(network)
    before = following(book, meant, there)
    what = f"{meant.name} on {there.label}"
    if before is None:
        raise InputError(f"Nothing is recorded of {what}", f"`crm social {meant.id}` shows what is.")
    with book.change(f"forgot: {what}"):
        forget(book, before)
    told(before, f"Forgotten: {before.id} {what}, {before.state} {say_day(before.on, book.today)}", as_json=as_json)


@social.command(
    "open",
    epilog="""\b
Examples:
  crm social open Mara
  crm social open Bluewater linkedin --print
""",
)
@click.argument("who", metavar="CONTACT|COMPANY")
@click.argument("network", default="")
@click.option("--print", "only_print", is_flag=True, help="Print the address, open nothing.")
@pass_book
def open_(book: Book, *, who: str, network: str, only_print: bool) -> None:
    """Open somebody's page in the browser. On NETWORK, else the first still to be followed."""
    meant = _meant(book, who)
    url, there = _address(book, meant, network)
    told(meant, url)
    if only_print:
        return
    if click.launch(url) != 0:
        raise CrmError("No browser could be started", "The address is printed above; --print prints it alone.")
    if there is not None and following(book, meant, there) is None:
        talk(f"When you have: crm social followed {meant.id} {there.name}")


@social.command(
    "note",
    epilog="""\b
Examples:
  crm social note Mara
  crm social note Mara --interview i2 --premium
""",
)
@click.argument("contact", type=CONTACT)
@click.option("--interview", type=INTERVIEW, metavar="INTERVIEW", help="Where you met; the last with them by default.")
@click.option("--network", default=LINKEDIN.name, metavar="NETWORK", help="For which network; linkedin by default.")
@click.option("--premium", is_flag=True, help="You pay LinkedIn, and may write more.")
@json_option
@pass_book
def note_(
    book: Book, *, contact: Contact, interview: Interview | None, network: str, premium: bool, as_json: bool
) -> None:
    """Draft the note that goes with a request to connect. It draws on your notes, and is printed, not kept."""
    there = _network(network)
    met = interview or _last_met(book, contact)
    limit = there.note_paid if premium else there.note
    text = connection_note(book, contact, met, limit)
    result = Note(
        text=text, length=length(text), limit=limit, network=there.name, contact=contact.id,
        interview=met.id if met is not None else None,
    )  # fmt: skip
    told(result, text, as_json=as_json)
    if as_json:
        return
    of = (
        f" of the {limit} that {there.label} allows" if limit is not None else f"; no limit of {there.label}'s is known"
    )
    talk(f"{result.length} characters{of}.")
    talk(
        f"About: {interview_label(book, met)} ({met.id})"
        if met is not None
        else f"You have not met {contact.name} yet."
    )
    talk(f"When you have asked: crm social asked {contact.id} {there.name}")


_COLUMNS = (
    Column[Standing]("id", lambda row: row.who, 5),
    Column[Standing]("name", lambda row: row.name, 5, min=12),
    Column[Standing]("network", lambda row: row.network, 5, min=8),
    Column[Standing]("state", lambda row: row.state, 5, min=9),
    Column[Standing]("handle", lambda row: row.handle, 3),
    Column[Standing]("address", lambda row: row.url, 1, min=24),
)


@pass_book
def _show_all(book: Book, *, as_json: bool) -> None:
    rows = [row for who in concerned(book) for row in _standings(book, who)]
    ordered = sorted(rows, key=lambda row: (row.state != TO_FOLLOW, row.name.casefold(), row.who))
    show(
        ordered,
        _COLUMNS,
        as_json=as_json,
        empty="No page is known of a company that you applied at or a person you met.",
    )


def _standings(book: Book, who: Who) -> list[Standing]:
    """One row a network: those with a page, then those of which something is recorded all the same."""
    recorded = {found.network: found for found in followings_of(book, who)}
    known = {page.network.name: page for page in pages_of(who)}
    names = [name for name in NETWORKS if name in known or name in recorded]
    return [_standing(who, name, known.get(name), recorded.get(name)) for name in names]


def _standing(who: Who, name: str, page: Page | None, found: Following | None) -> Standing:
    return Standing(
        who=who.id,
        name=who.name,
        network=name,
        state=found.state if found is not None else TO_FOLLOW,
        handle=page.handle if page is not None else "",
        url=page.url if page is not None else "",
        on=found.on if found is not None else None,
        id=found.id if found is not None else "",
    )


def _meant(book: Book, text: str) -> Who:
    """The person or company of that id or name; a company's exact name goes before a part of a person's."""
    found = book.contacts.find(text.strip()) or book.companies.find(text.strip())
    if found is not None:
        return found
    exact = [company for company in book.companies if company.name.casefold() == text.strip().casefold()]
    if len(exact) == 1:
        return exact[0]
    try:
        contact: Contact = CONTACT.convert(text, None, None)
    except UnknownName:
        pass
    else:
        return contact
    try:
        company: Company = COMPANY.convert(text, None, None)
    except UnknownName:
        raise UnknownName(
            f"There is no person or company {text[:60]!r}", "`crm contact list` and `crm company list` show them all."
        ) from None
    return company


def _network(text: str) -> Network:
    found = network_named(text)
    if found is None:
        raise InputError(f"{text[:40]!r} is no network that we know", f"They are {', '.join(NETWORKS)}.")
    return found


def _address(book: Book, who: Who, network: str) -> tuple[str, Network | None]:
    """The address to open, and the network it is on if it is on one."""
    known = pages_of(who)
    if network.strip().lower() == WEB:
        known = []
    elif network:
        there = _network(network)
        known = [page for page in known if page.network is there]
    fresh = [page for page in known if following(book, who, page.network) is None]
    page = next(iter(fresh or known), None)
    if page is not None and page.url:
        return page.url, page.network
    elsewhere = web_page(who.profiles) if network.strip().lower() in {"", WEB} else ""
    if elsewhere:
        return elsewhere, None
    noun = "company" if isinstance(who, Company) else "contact"
    what = f" on {_network(network).label}" if network and network.strip().lower() != WEB else ""
    raise InputError(
        f"{who.name} has no page{what} that may be opened",
        f"`crm {noun} show {who.id}` shows all addresses; none is opened but http and https ones, each on its network.",
    )


def _last_met(book: Book, contact: Contact) -> Interview | None:
    met = [i for i in book.interviews if i.end <= book.now and any(seat.contact == contact.id for seat in i.panel)]
    return max(met, key=lambda interview: interview.end, default=None)
