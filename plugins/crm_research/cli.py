"""`crm research`: feeds and their news, questions for the next round, and the page to read before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import click
from msgspec.structs import asdict, replace

from crm_core import (
    APPLICATION,
    COMPANY,
    INTERVIEW,
    NEXT_INTERVIEW,
    WEB_ADDRESS,
    Application,
    Book,
    Column,
    Company,
    CrmError,
    FeedItem,
    InputError,
    Interview,
    PartlyDone,
    Question,
    UnknownName,
    application_label,
    json_option,
    pass_book,
    progress,
    say_day,
    show,
    show_one,
    talk,
    told,
)
from crm_research.news import Source, Summary, newest_first, sources, state_of, store, unread
from crm_research.preparing import (
    State,
    application_for,
    last_held,
    prepare,
    prepared_for,
    question_state,
    record_asked,
)
from crm_research.settings import ResearchSettings

if TYPE_CHECKING:
    from crm_research.news import Fetched


class ListedItem(FeedItem, frozen=True, kw_only=True):
    """A piece of news with its company's name, as lists and `--json` show it."""

    company_name: str = ""


class ListedQuestion(Question, frozen=True, kw_only=True):
    """A question with how it stands and what it is for, as lists and `--json` show it."""

    state: State
    application_name: str = ""


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  crm research
  crm research add Acme acme.example
  crm research fetch
  crm research brief
""",
)
@json_option
@click.pass_context
def research(context: click.Context, *, as_json: bool) -> None:
    """News of companies, questions for the next round, and a page to read before it; alone it lists the news."""
    if context.invoked_subcommand is None:
        context.invoke(list_, as_json=as_json)


@research.command(
    epilog="""\b
Examples:
  crm research add Bluewater https://bluewater.example/news.xml
  crm research add Bluewater bluewater.example
"""
)
@click.argument("company", type=COMPANY)
@click.argument("url", type=WEB_ADDRESS)
@json_option
@pass_book
def add(book: Book, *, company: Company, url: str, as_json: bool) -> None:
    """Add a company's news feed.

    URL is the feed's address, or that of a page which names its feed, such as the company's own.
    """
    if not url:
        raise InputError("The address is empty", "Give the feed's address, or that of the company's own page.")
    if url in company.feeds:
        raise InputError(f"{url} is a feed of {company.id} {company.name} already", "crm research fetch reads it.")
    found = _found_feed(book, company, url)
    feed = found.source.feed
    with book.change(f"added a feed of {company.name}"):
        present = book.companies.get(company.id)
        feeds = tuple(dict.fromkeys((*present.feeds, feed)))
        saved = book.companies.save(replace(present, feeds=feeds))
        (summary,) = store(book, [found])
    told(saved, f"Added the feed {feed} to {saved.id} {saved.name}: {_count(summary.new)} unread", as_json=as_json)
    if not as_json and summary.new:
        talk(f"To see what is new: crm research list {saved.id} --unread")


@research.command(
    epilog="""\b
Examples:
  crm research fetch
  crm research fetch Bluewater
"""
)
@click.argument("companies", type=COMPANY, nargs=-1)
@json_option
@pass_book
def fetch(book: Book, *, companies: Sequence[Company], as_json: bool) -> None:
    """Fetch news. Of those companies, or of all with an application that is alive.

    What is new is unread. A feed that fails is named, and the others are fetched all the same.
    """
    from crm_research.news import fetched

    wanted = sources(book, dict.fromkeys(companies) if companies else _companies_of_interest(book))
    if not wanted:
        raise InputError(
            "There is no feed to fetch", "Add one: crm research add COMPANY URL; the company's own page will do."
        )
    settings = book.settings(ResearchSettings)
    results = list(progress(fetched(wanted, settings), "Fetching feeds", len(wanted)))
    order = {(source.company.id, source.feed): number for number, source in enumerate(wanted)}
    results.sort(key=lambda result: order[result.source.company.id, result.source.feed])
    with book.change("fetched news"):
        summaries = store(book, results)
    columns = (
        Column[Summary]("company", lambda row: row.company_name, 2, min=12),
        Column[Summary]("new", lambda row: "" if row.error else str(row.new), 4, right=True),
        Column[Summary]("items", _say_summary, 3, min=9),
        Column[Summary]("feed", lambda row: row.feed, 1, min=16),
    )
    show(summaries, columns, as_json=as_json)
    _say_what_to_read(summaries, as_json=as_json)
    _tell_failed(summaries)


@research.command("list", epilog="Example: crm research list Bluewater --unread")
@click.argument("company", type=COMPANY, required=False)
@click.option("--unread", "state", flag_value="unread", help="Only what is unread.")
@click.option("--kept", "state", flag_value="kept", help="Only what you kept.")
@json_option
@pass_book
def list_(book: Book, *, company: Company | None, state: str | None, as_json: bool) -> None:
    """List news, the newest first."""
    items = book.feed_items.where("company", company.id) if company is not None else list(book.feed_items)
    chosen = newest_first(item for item in items if state in {None, item.state})
    columns = (
        Column[ListedItem]("id", lambda row: row.id, 5),
        Column[ListedItem]("state", lambda row: row.state, 3),
        Column[ListedItem]("published", lambda row: say_day(row.published, book.today) if row.published else "", 2),
        Column[ListedItem]("company", lambda row: row.company_name, 1 if company is None else 0, min=10),
        Column[ListedItem]("title", lambda row: row.title, 4, min=20),
    )
    shown = columns if company is None else (*columns[:3], columns[4])
    empty = "Nothing like that." if items else "No news yet: crm research fetch"
    show([_listed_item(book, item) for item in chosen], shown, as_json=as_json, empty=empty)


@research.command(
    epilog="""\b
Examples:
  crm research read f3
  crm research read f3 f4 f7
  crm research read Bluewater       all that is unread of theirs
"""
)
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@json_option
@pass_book
def read(book: Book, *, items: Sequence[str], as_json: bool) -> None:
    """Show news and mark it as read. A company stands for all of its that is unread."""
    _mark(book, items, "read", as_json=as_json)


@research.command(epilog="Example: crm research keep f3")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@json_option
@pass_book
def keep(book: Book, *, items: Sequence[str], as_json: bool) -> None:
    """Keep news for the page before the interview."""
    _mark(book, items, "kept", as_json=as_json)


@research.command(
    epilog="""\b
Examples:
  crm research ask Bluewater "How do you test the docking service?"
  crm research ask f3 "What does the new site mean for the team?"
"""
)
@click.argument("about", metavar="ITEM|APPLICATION")
@click.argument("text")
@json_option
@pass_book
def ask(book: Book, *, about: str, text: str, as_json: bool) -> None:
    """Prepare a question for the next round. It comes from a piece of news or is a thought of your own.

    The news it comes from is kept.
    """
    item = book.feed_items.find(about.strip())
    application: Application = application_for(book, item) if item else APPLICATION.convert(about, None, None)
    with book.change(f"prepared a question: {' '.join(text.split())[:60]}"):
        added = prepare(book, application, text)
        if item is not None:
            book.feed_items.save(replace(item, state="kept"))
    told(added, f"Added {added.id} {added.text} (for {application_label(book, application)})", as_json=as_json)
    if not as_json:
        _say_how_many(book, application)


@research.command(epilog="Example: crm research questions Bluewater")
@click.argument("application", type=APPLICATION, required=False)
@json_option
@pass_book
def questions(book: Book, *, application: Application | None, as_json: bool) -> None:
    """List questions: prepared, asked, answered."""
    found = book.questions.where("application", application.id) if application is not None else list(book.questions)
    rows = [_listed_question(book, question) for question in found]
    order = ("prepared", "asked", "answered")
    columns = (
        Column[ListedQuestion]("id", lambda row: row.id, 5),
        Column[ListedQuestion]("state", lambda row: row.state, 4, min=8),
        Column[ListedQuestion]("question", lambda row: row.text, 5, min=20),
        Column[ListedQuestion]("answer", lambda row: row.answer, 2, min=10),
        Column[ListedQuestion]("for", lambda row: row.application_name, 1, min=12),
    )
    shown = columns if application is None else columns[:-1]
    show(sorted(rows, key=lambda row: order.index(row.state)), shown, as_json=as_json, empty="No questions yet.")


@research.command(
    epilog="""\b
Examples:
  crm research asked q2
  crm research asked q2 --answer "On a model of the harbour." --interview i4
"""
)
@click.argument("question_id", metavar="QUESTION")
@click.option("--answer", default="", metavar="TEXT", help="What they said.")
@click.option("--interview", type=INTERVIEW, metavar="INTERVIEW", help="Where; by default the last one held.")
@json_option
@pass_book
def asked(book: Book, *, question_id: str, answer: str, interview: Interview | None, as_json: bool) -> None:
    """Record that you asked a question, and what they said."""
    question = book.questions.find(question_id.strip())
    if question is None:
        raise UnknownName(f"There is no question {question_id[:60]!r}", "`crm research questions` lists them.")
    where = interview or book.interviews.find(question.interview if question.asked else None)
    where = where or last_held(book, question)
    with book.change(f"asked: {question.text[:60]}"):
        saved = record_asked(book, question, where, answer)
    place = f" in {where.id}" if where is not None else ""
    when = say_day(saved.asked, book.today) if saved.asked is not None else ""
    told(saved, f"Asked {saved.id} {saved.text}{place}, {when}", as_json=as_json)
    if not as_json and not saved.answer:
        talk(f'What they said: crm research asked {saved.id} --answer "..."')


@research.command(
    epilog="""\b
Examples:
  crm research brief
  crm research brief Bluewater
"""
)
@click.argument("interview", type=NEXT_INTERVIEW, default="")
@json_option
@pass_book
def brief(book: Book, *, interview: Interview, as_json: bool) -> None:
    """A page to read on the way to an interview. The next one ahead if you name none."""
    from crm_research.briefing import brief_of, page

    found = brief_of(book, interview)
    show_one(found, page(found, book.today), as_json=as_json)


def _found_feed(book: Book, company: Company, url: str) -> Fetched:
    """What an address gives, or else the feed that the page there names.

    Raises:
        CrmError: Neither is to be had.
        InputError: The page names several.
    """
    from crm_research.child import read_safely
    from crm_research.fetching import FetchError
    from crm_research.fetching import fetch as get
    from crm_research.news import Fetched, limits_of

    limits = limits_of(book.settings(ResearchSettings))
    at, named = url, False
    while True:
        try:
            answer = get(at, limits)
            reading = read_safely(answer, limits.seconds)
        except FetchError as error:
            cure = error.hint or f"If it is right: crm company edit {company.id} --feed {at}"
            raise CrmError(f"{at}: {error.message}", f"Nothing was changed. {cure}") from None
        if not reading.why_not:
            break
        at, named = _next_address(at, reading.why_not, reading.named, again=named), True
    if at in company.feeds:
        raise InputError(f"{at} is a feed of {company.id} {company.name} already", "crm research fetch reads it.")
    return Fetched(Source(company, at, state_of(book, company, at)), reading, "", answer.etag, answer.modified)


def _next_address(at: str, why: str, feeds: Sequence[str], *, again: bool) -> str:
    """The one feed that a page names, those of comments aside."""
    wanted = [feed for feed in feeds if "comment" not in feed.lower()] or list(feeds)
    if not wanted or again:
        raise CrmError(f"{at}: {why}, and it names none", "Look on their page for `RSS`, `feed` or `newsroom`.")
    if len(wanted) > 1:
        raise InputError(f"{at} names {len(wanted)} feeds", f"Say which: {'; '.join(wanted[:8])}")
    return wanted[0]


def _companies_of_interest(book: Book) -> list[Company]:
    """Those with an application that is alive; all, if there is none with a feed."""
    alive = {application.company for application in book.applications if application.alive}
    everywhere = [company for company in book.companies if company.feeds]
    return [company for company in everywhere if company.id in alive] or everywhere


def _say_summary(row: Summary) -> str:
    if row.error:
        return "failed"
    return str(row.items) if row.changed else "unchanged"


def _say_what_to_read(summaries: Sequence[Summary], *, as_json: bool) -> None:
    new = [row for row in summaries if row.new]
    if new and not as_json:
        which = new[0].company if len({row.company for row in new}) == 1 else ""
        talk(f"To see what is new: {' '.join(filter(None, ('crm research list', which, '--unread')))}")


def _tell_failed(summaries: Sequence[Summary]) -> None:
    failed = [row for row in summaries if row.error]
    for row in failed:
        talk(f"{row.company_name}, {row.feed}: {row.error}")
    if failed:
        raise PartlyDone(f"{len(failed)} of {_count(len(summaries), 'feed')} could not be read")


def _mark(book: Book, words: Sequence[str], state: Literal["read", "kept"], *, as_json: bool) -> None:
    wanted = {item.id: item for word in words for item in _items(book, word)}
    with book.change(f"news {state}: {_count(len(wanted))}"):
        saved = [book.feed_items.save(replace(item, state=state)) for item in wanted.values()]
    if len(saved) == 1:
        item = _listed_item(book, saved[0])
        show_one(item, _fields(item, book), as_json=as_json)
    else:
        columns = (Column[ListedItem]("id", lambda row: row.id, 1), Column[ListedItem]("title", lambda row: row.title))
        show([_listed_item(book, item) for item in saved], columns, as_json=as_json, empty="Nothing is unread.")
    if saved and not as_json:
        verb = "Kept" if state == "kept" else "Read"
        talk(f"{verb}: {_count(len(saved))}. To ask about one: crm research ask {saved[0].id} QUESTION")


def _items(book: Book, word: str) -> list[FeedItem]:
    found = book.feed_items.find(word.strip())
    if found is not None:
        return [found]
    try:
        company: Company = COMPANY.convert(word, None, None)
    except UnknownName:
        hint = "`crm research list` shows all news with their ids."
        raise UnknownName(f"There is no news {word[:60]!r}, nor a company of that name", hint) from None
    return unread(book, company.id)


def _fields(item: ListedItem, book: Book) -> list[tuple[str, str]]:
    return [
        ("news", f"{item.id} {item.title}"),
        ("company", item.company_name),
        ("published", say_day(item.published, book.today) if item.published is not None else ""),
        ("state", item.state),
        ("link", item.link),
        ("summary", item.summary),
    ]


def _listed_item(book: Book, item: FeedItem) -> ListedItem:
    company = book.companies.find(item.company)
    return ListedItem(**asdict(item), company_name=company.name if company is not None else "")


def _listed_question(book: Book, question: Question) -> ListedQuestion:
    name = _label(book, question.application)
    return ListedQuestion(**asdict(question), state=question_state(question), application_name=name)


def _label(book: Book, ref: str) -> str:
    application = book.applications.find(ref)
    return application_label(book, application) if application is not None else ""


def _say_how_many(book: Book, application: Application) -> None:
    """How far the preparation for the next interview is."""
    ahead = [i for i in book.interviews.where("application", application.id) if i.start > book.now]
    if ahead:
        following = min(ahead, key=lambda interview: interview.start)
        ready, wanted = len(prepared_for(book, following)), book.settings(ResearchSettings).questions
        talk(f"Prepared for {following.id}: {ready} of {wanted}. To read on the way: crm research brief {following.id}")


def _count(number: int, noun: str = "item") -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"
