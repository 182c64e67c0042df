"""`crm research`, as it is typed. The present is Monday 23 November 2026, 12:00, in Berlin."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from msgspec.structs import replace

from crm_core import FeedItem, Moment
from crm_research.records import FeedState

from .conftest import answer, rss


@pytest.fixture
def met(crm):
    """A book with an application at Acme, an interview there last Monday with Mara, and the next on Friday."""
    crm.only("crm_research", "crm_promises")
    crm.ok("settings set crm_research.allow_local true")
    crm.ok("settings set crm_research.timeout 5")
    crm.ok("interview log Acme --role Engineer --at '2026-11-16 14:00' --with 'Mara Lindqvist'")
    crm.ok("interview log Acme --at '2026-11-27 10:00' --with Mara --with 'Tom Okafor' --kind onsite --round 2")
    return crm


def with_feed(crm, site, *titles):
    """The same, with a feed that was fetched."""
    site.pages["/feed.xml"] = rss(*titles)
    crm.ok("research", "add", "Acme", site.url())
    return crm


def titles(crm, *words):
    return [row["title"] for row in crm.ok("research", "list", "--json", *words).items]


def test_a_feed_is_added_and_what_is_in_it_is_unread(met, site):
    site.pages["/feed.xml"] = rss("One", "Two")
    result = met.ok("research", "add", "Acme", site.url())
    assert result.out == f"Added the feed {site.url()} to co1 Acme: 2 items unread\n"
    assert result.err == "To see what is new: crm research list co1 --unread\n"
    assert met.book.companies.get("co1").feeds == (site.url(),)
    assert titles(met, "Acme", "--unread") == ["Two", "One"]


def page(*hrefs):
    links = "".join(f'<link rel=alternate type="application/rss+xml" href="{href}">' for href in hrefs)
    return f"<!doctype html><html>{links}</html>".encode()


def test_the_companys_own_page_will_do(met, site):
    site.pages |= {"/": page("/comments.xml", "/feed.xml"), "/feed.xml": rss("One")}
    assert met.ok("research", "add", "Acme", site.url("/"), "--json").item["feeds"] == [site.url()]


def test_a_page_that_names_several_feeds_or_none_adds_nothing(met, site):
    site.pages |= {"/two": page("/a.xml", "/b.xml"), "/none": page(), "/loop": page("/none")}
    several = met("research", "add", "Acme", site.url("/two"))
    assert several.code == 2
    assert f"hint: Say which: {site.url('/a.xml')}; {site.url('/b.xml')}" in several.err
    for path in ("/none", "/loop"):
        none = met("research", "add", "Acme", site.url(path))
        assert (none.code, none.out) == (1, "")
        assert "it is a web page, not a feed, and it names none" in none.err
    assert met.book.companies.get("co1").feeds == ()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "http://a b/"])
def test_what_is_no_web_address_is_refused(met, url):
    assert met("research", "add", "Acme", url).code == 2


def test_this_machine_is_not_asked_unless_that_is_allowed(met, site):
    site.pages["/feed.xml"] = rss("One")
    met.ok("settings set crm_research.allow_local false")
    result = met("research", "add", "Acme", site.url())
    assert result.code == 1
    assert "127.0.0.1 is no public address" in result.err
    assert "crm settings set crm_research.allow_local true" in result.err
    assert site.asked == []


def test_a_feed_that_is_there_is_not_added_twice(met, site):
    with_feed(met, site, "One")
    assert "is a feed of co1 Acme already" in met("research", "add", "Acme", site.url()).err
    site.pages["/"] = page("/feed.xml")
    assert met("research", "add", "Acme", site.url("/")).code == 2


def test_fetching_adds_what_is_new_once(met, site):
    with_feed(met, site, "One", "Two")
    site.pages["/feed.xml"] = rss("One", "Two", "Three")
    result = met.ok("research fetch Acme")
    assert result.out.splitlines()[1].split() == ["Acme", "1", "3", site.url()]
    assert met.ok("research fetch --json").items[0]["new"] == 0
    assert titles(met) == ["Three", "Two", "One"]


def test_new_keys_for_old_news_make_no_news(met, site):
    with_feed(met, site, "One", "Two")
    site.pages["/feed.xml"] = rss("One", "Two").replace(b"key-", b"https://acme.example/?p=")
    assert met.ok("research fetch --json").items[0]["new"] == 0


def test_a_server_is_asked_only_for_what_changed(met, site):
    def conditional(request):
        if request.headers.get("If-None-Match") == '"v1"':
            answer(request, b"", status=304)
        else:
            answer(request, rss("One"), ETag='"v1"')

    site.pages["/feed.xml"] = conditional
    met.ok("research", "add", "Acme", site.url())
    assert "unchanged" in met.ok("research fetch").out
    (state,) = met.book.table(FeedState)
    assert (state.etag, state.error, state.fetched is not None) == ('"v1"', "", True)


def test_one_bad_feed_stops_no_other_and_each_failure_is_one_line(met, site):
    site.pages |= {
        "/good.xml": rss("One"),
        "/page": page("/good.xml"),
        "/slow": lambda request: site.closing.wait(30),
        "/500": lambda request: answer(request, rss("Wrong"), status=500),
    }
    met.ok("settings set crm_research.timeout 2")
    feeds = [site.url(path) for path in ("/500", "/page", "/good.xml", "/slow")]
    met.ok("company", "edit", "Acme", *(word for feed in feeds for word in ("--feed", feed)))
    result = met("research fetch")
    assert result.code == 3
    assert f"Acme, {feeds[0]}: HTTP 500\n" in result.err
    assert f"Acme, {feeds[1]}: it is a web page, not a feed; it names {feeds[2]}\n" in result.err
    assert f"Acme, {feeds[3]}: it took longer than 2 s\n" in result.err
    assert result.err.endswith("crm: 3 of 4 feeds could not be read\n")
    assert titles(met) == ["One"]
    assert {state.error for state in met.book.table(FeedState) if state.error} >= {"HTTP 500"}


def test_fetching_leaves_out_companies_without_a_live_application(met, site):
    with_feed(met, site, "One")
    met.ok("company", "add", "Other", "--feed", site.url("/other"))
    assert [row["company_name"] for row in met.ok("research fetch --json").items] == ["Acme"]
    assert met("research fetch Other").code == 3


def test_nothing_to_fetch_says_how_to_begin(met):
    result = met("research fetch")
    assert result.code == 2
    assert "crm research add COMPANY URL" in result.err


def test_a_day_that_is_yet_to_come_is_no_day(met, site):
    site.pages["/feed.xml"] = rss("One").replace(b"Nov 2026", b"Nov 2096")
    met.ok("research", "add", "Acme", site.url())
    assert met.ok("research list --json").items[0]["published"] is None


def test_reading_shows_news_and_marks_it(met, site):
    with_feed(met, site, "One", "Two", "Three")
    result = met.ok("research read f1")
    assert "news       f1 Three" in result.out
    assert result.err == "Read: 1 item. To ask about one: crm research ask f1 QUESTION\n"
    met.ok("research keep f2")
    met.ok("research read Acme")
    assert [row["state"] for row in met.ok("research list --json").items] == ["read", "kept", "read"]
    assert titles(met, "--kept") == ["Two"]
    assert met("research read f99").code == 2
    assert met.ok("research read Acme").err == "Nothing is unread.\n"


def test_hostile_news_do_nothing_to_a_terminal(met, site):
    site.pages["/feed.xml"] = rss("x").replace(b">x<", "><![CDATA[\x9b31m<b>Big</b>\u202e news]]><".encode())
    met.ok("research", "add", "Acme", site.url())
    for command in ("research list", "research brief", "research read f1"):
        shown = met.ok(command, columns=80).out
        assert "Big" in shown
        assert not set(shown) & {"\x9b", "\x1b", "\u202e"}


def test_a_question_comes_from_news_or_from_a_thought(met, site):
    with_feed(met, site, "One")
    result = met.ok("research", "ask", "f1", " What does  that mean? ")
    assert result.out == "Added q1 What does that mean? (for Engineer at Acme)\n"
    assert result.err == "Prepared for i2: 1 of 3. To read on the way: crm research brief i2\n"
    assert titles(met, "--kept") == ["One"]
    item = met.ok("research", "ask", "Acme", "Who is on call?", "--json").item
    assert (item["application"], item["written"], item["asked"]) == ("a1", "2026-11-23", None)
    for words in (("f1", "  "), ("Acme", "who is on CALL?"), ("Nobody", "Why?"), ("f7", "Why?")):
        assert met("research", "ask", *words).code == 2


def test_news_of_a_company_with_several_applications_asks_which(met, site):
    with_feed(met, site, "One")
    met.ok("application add Acme Manager")
    result = met("research ask f1 Why?")
    assert result.code == 2
    assert "a1 Engineer at Acme; a2 Manager at Acme" in result.err
    assert met.ok("research ask a2 Why? --json").item["application"] == "a2"
    for application in ("a1", "a2"):
        met.ok(f"application move {application} withdrawn")
    assert "No application at Acme is alive" in met("research ask f1 Why?").err


def test_a_question_is_asked_and_answered(met):
    met.ok("research ask Acme Why?")
    met.today = "2026-11-27T20:00"
    result = met.ok("research asked q1")
    assert result.out == "Asked q1 Why? in i2, today\n"
    assert result.err == 'What they said: crm research asked q1 --answer "..."\n'
    met.today = "2026-11-29"
    item = met.ok("research asked q1 --answer 'Because.' --json").item
    assert (item["asked"], item["interview"], item["answer"]) == ("2026-11-27", "i2", "Because.")
    assert met.ok("research questions --json").items[0]["state"] == "answered"
    assert "Because." in met.ok("research questions Acme").out


def test_a_question_is_not_asked_in_the_future_nor_elsewhere(met):
    met.ok("research ask Acme Why?")
    assert "still ahead" in met("research asked q1 --interview i2").err
    met.ok("interview log Other --role Cook --at '2026-11-20 10:00'")
    assert "i3 is no interview of a1" in met("research asked q1 --interview i3").err
    assert met("research asked q9").code == 2
    assert met.ok("research asked q1").out == "Asked q1 Why?, today\n"


BRIEF = """\
interview     Engineer at Acme, Fri 27 Nov 10:00 (i2)
when          Fri 27 Nov 10:00, 60 minutes
what          onsite, round 2
who           Mara Lindqvist (lead), Head of Platform, Acme
              - before: Engineer, Old Harbour
              - Met at a meetup in Kiel.
              - 16 Nov: the failover of the docking service, which they test on
              a model of the harbour because the real one never stands still
              - Fri 20 Nov, email from them: sent the address
              Tom Okafor, Acme
talked about  - 16 Nov, their problem, releases: they take a week
you owe       - send a code sample to Mara Lindqvist, due Wed 25 Nov (p1)
news          - 10 Nov: Acme opens a site in Kiel (f1, kept)
              - 9 Nov: Acme hires (f2)
to ask        - Who is on call? (q1)
posting       You will keep the docking service up.
              https://acme.example/jobs/1
"""


@pytest.fixture
def prepared(met):
    """Everything that a page can be made of."""
    met.ok("contact edit Mara --title 'Head of Platform' --was-at 'Old Harbour' --how 'Met at a meetup in Kiel.'")
    text = "the failover of the docking service, which they test on a model of the harbour because the real one"
    met.ok("note", "add", "i1", f"{text} never stands still", "--about", "Mara")
    met.ok("note add i1 'they take a week' --topic releases --kind problem")
    met.ok("note add i1 'I was too quiet' --kind impression")
    met.ok("log Mara 'sent the address' --by email --in --on 2026-11-20")
    met.ok("promise add 'send a code sample' --to Mara --by wednesday")
    met.ok("research ask Acme 'Who is on call?'")
    book = met.book
    with book.change("news and a posting"):
        for day, title, state in ((10, "Acme opens a site in Kiel", "kept"), (9, "Acme hires", "unread"),
                                  (8, "Old", "read")):  # fmt: skip
            published = date(2026, 11, day)
            book.feed_items.add(
                FeedItem(company="co1", feed="x", key=title, title=title, state=state, published=published)
            )
        mara = book.contacts.get("c1")
        before = replace(mara.positions[-1], title="Engineer")
        book.contacts.save(replace(mara, positions=(*mara.positions[:-1], before)))
        application = book.applications.get("a1")
        posting, url = "You will keep\nthe docking service up.", "https://acme.example/jobs/1"
        book.applications.save(replace(application, posting=posting, url=url))
    return met


def test_the_page_to_read_on_the_way(prepared):
    assert prepared.ok("research brief", columns=80).out == BRIEF


def test_the_page_fits_the_narrowest_terminal_and_is_there_as_data(prepared):
    assert max(map(len, prepared.ok("research brief Acme", columns=40).out.splitlines())) <= 40
    item = prepared.ok("research brief i2 --json").item
    assert (item["interview"], item["start"]) == ("i2", "2026-11-27T10:00:00+01:00")
    assert [person["name"] for person in item["people"]] == ["Mara Lindqvist", "Tom Okafor"]
    assert [owed["id"] for owed in item["promises"]] == ["p1"]


def test_a_page_for_an_interview_that_was_shows_what_was_known_before_it(prepared):
    item = prepared.ok("research brief i1 --json").item
    assert item["talked"] == []
    assert [text for person in item["people"] for text in person["talked"]] == [
        "Fri 20 Nov, email from them: sent the address"
    ]


def test_without_an_interview_ahead_there_is_no_page(crm):
    result = crm("research brief")
    assert result.code == 2
    assert "There is no interview" in result.err


def test_the_agenda_says_what_to_type(met, site):
    with_feed(met, site, "One")
    steps = {step["key"]: step for step in met.ok("agenda --json --plugin research").items}
    assert steps["crm_research/daily/i2"]["command"] == "crm research list co1 --unread"
    assert steps["crm_research/prepare/i2"]["due"] == "2026-11-26"
    met.ok("done", steps["crm_research/daily/i2"]["handle"])
    assert titles(met, "--unread") == []


def test_the_settings_are_checked(crm):
    for setting in ("timeout 0", "timeout 121", "megabytes 0", "parallel 0", "questions -1", "prepare_days 0"):
        assert crm("settings", "set", *f"crm_research.{setting}".split()).code == 2


def test_news_that_came_while_another_command_changed_the_book_are_stored_all_the_same(met, site):
    site.pages["/feed.xml"] = rss("One")

    def slow(request):
        met.book.companies.get("co1")
        book = met.book
        with book.change("meanwhile"):
            book.companies.save(replace(book.companies.get("co1"), note="changed"))
        answer(request, rss("One", "Two"))

    met.ok("research", "add", "Acme", site.url())
    site.pages["/feed.xml"] = slow
    assert met.ok("research fetch --json").items[0]["new"] == 1
    assert met.book.companies.get("co1").note == "changed"


def test_moments_of_tries_are_the_present(met, site):
    with_feed(met, site, "One")
    (state,) = met.book.table(FeedState)
    assert state.tried == Moment(datetime.fromisoformat("2026-11-23T12:00"), "Europe/Berlin")


def test_a_question_copied_with_its_dots_is_refused(crm):
    crm.ok("application add Acme Analyst")
    refused = crm('research ask Acme "..."')
    assert refused.code == 2
    assert "The question is empty" in refused.err
    assert not list(crm.book.questions)
