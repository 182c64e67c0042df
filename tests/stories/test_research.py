"""Invited to a second round: Robin finds out more about them, and comes with better questions."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

NEWS = b"""<rss version="2.0"><channel><title>Bluewater news</title>
<item><guid>2</guid><title>Bluewater opens a harbour lab in Kiel</title>
<link>https://bluewater.example/kiel</link><pubDate>Fri, 20 Nov 2026 09:00:00 GMT</pubDate></item>
<item><guid>1</guid><title>Our autumn party</title></item></channel></rss>"""
FRONT_PAGE = b'<!doctype html><html><link rel="alternate" type="application/rss+xml" href="/news.xml"></html>'


class Bluewater(BaseHTTPRequestHandler):
    """The company's web site."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(NEWS if self.path == "/news.xml" else FRONT_PAGE)

    def log_message(self, *_):
        pass


@pytest.fixture
def website():
    """The address of the company's web site, which for once is on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bluewater)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def robin(crm):
    """Robin, who talked to Mara last Thursday and is invited again for Friday."""
    crm.only("crm_research", "crm_promises")
    crm.ok("settings set crm_research.allow_local true")
    crm.ok("interview log Bluewater --role 'Platform Engineer' --at 'last thursday 14:00' --with 'Mara Lindqvist'")
    crm.ok("note add Bluewater 'They lose a day with every release.' --about Mara --topic releases")
    crm.ok("interview log Bluewater --at 'friday 10:00' --with Mara --with 'Tom Okafor' --round 2")
    return crm


def research_steps(robin):
    return {step["title"]: step["state"] for step in robin.ok("agenda --all --json --plugin research").items}


def test_a_second_round_asks_for_three_questions_by_the_day_before(robin):
    assert "Prepare three questions for Platform Engineer at Bluewater, due Thu 26 Nov" in robin.ok().out


def test_the_company_is_followed_by_its_own_web_page(robin, website):
    robin.ok("research", "add", "Bluewater", website)

    assert "Bluewater opens a harbour lab in Kiel" in robin.ok("research list --unread").out
    assert research_steps(robin)["Read the day's news of Bluewater"] == "ahead"


def test_the_news_are_read_and_tomorrow_there_may_be_more(robin, website):
    robin.ok("research", "add", "Bluewater", website)
    robin.ok("research read Bluewater")

    assert research_steps(robin)["Read the day's news of Bluewater"] == "done"
    robin.today = "2026-11-24T09:00"
    assert research_steps(robin)["Read the day's news of Bluewater"] == "ahead"


def test_questions_come_from_news_and_from_the_conversation(robin, website):
    robin.ok("research", "add", "Bluewater", website)
    news = robin.ok("research list --json").items[0]["id"]

    robin.ok("research", "ask", news, "What will the lab in Kiel do?")
    robin.ok("research", "ask", "Bluewater", "Where does the day go when you release?")
    robin.ok("research", "ask", "Bluewater", "Who decides when a release is good?")

    assert research_steps(robin)["Prepare three questions for Platform Engineer at Bluewater"] == "done"
    assert "7  Go on finding out about them  due " in robin.ok("checklist").out


def test_everything_is_on_one_page_on_the_train(robin, website):
    robin.ok("research", "add", "Bluewater", website)
    robin.ok("research", "ask", "f1", "What will the lab in Kiel do?")
    robin.ok("promise add 'bring a sketch of a release' --to Mara --by friday")

    page = robin.ok("research brief", columns=80).out

    for line in ("Fri 27 Nov 10:00", "Tom Okafor", "releases: They lose a day with every release.",
                 "bring a sketch of a release to Mara Lindqvist", "What will the lab in Kiel do? (q1)"):  # fmt: skip
        assert line in page


def test_what_they_answered_is_there_for_the_round_after(robin):
    robin.ok("research", "ask", "Bluewater", "Who decides when a release is good?")
    robin.today = "2026-11-27T15:00"
    robin.ok("research", "asked", "q1", "--answer", "Nobody, that is the problem.")
    robin.ok("interview log Bluewater --at '2026-12-04 10:00' --round 3")

    assert "Nobody, that is the problem." in robin.ok("research brief").out
    assert "0 of 3 prepared" in robin.ok().out
