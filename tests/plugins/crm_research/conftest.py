"""A web server on this machine whose every answer a test decides, and books with an application and its interviews."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest

from crm_core import Book, RecordKind
from crm_core.settings import Settings
from crm_core.store.tiny import TinyStore
from crm_research.records import FeedState
from crm_research.settings import ResearchSettings

Answering = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A web server; `pages` says what stands at a path: bytes, or a function that does the answering."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Answering] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                page = site.pages.get(self.path.split("?")[0])
                if page is None:
                    self.send_error(404)
                elif isinstance(page, bytes):
                    answer(self, page)
                else:
                    page(self)

            def log_message(self, *_):
                pass

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    def url(self, path: str = "/feed.xml") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Let a path lead elsewhere."""
        self.pages[path] = lambda request: answer(request, b"", status=status, Location=to)


def answer(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    """Answer a request."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server on 127.0.0.1."""
    site = Site()
    site.thread.start()
    yield site
    site.closing.set()
    site.server.shutdown()
    site.server.server_close()
    site.thread.join()


def rss(*titles: str, more: str = "") -> bytes:
    """A feed with entries of those titles."""
    entries = "".join(
        f"<item><guid>key-{title}</guid><title>{title}</title><link>https://acme.example/{number}</link>"
        f"<pubDate>Mon, {number:02} Nov 2026 10:00:00 GMT</pubDate></item>"
        for number, title in enumerate(titles, start=1)
    )
    return f'<rss version="2.0"><channel><title>Acme news</title>{entries}{more}</channel></rss>'.encode()


@pytest.fixture(scope="session")
def new_book(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Book]:
    """An empty book with this plugin's kinds and settings, at some present in Berlin."""

    def make(now: str = "2026-11-23T12:00", **settings: int) -> Book:
        home = tmp_path_factory.mktemp("research")
        kept = Settings(home / "config.toml", {"crm_research": ResearchSettings})
        for key, value in settings.items():
            kept.set("crm_research", key, str(value))
        kind = RecordKind(
            type=FeedState, prefix="fs", label="feed state", plural="feed states", table="crm_research.feed_states",
            unique=("company", "feed"),
        )  # fmt: skip
        present = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Berlin"))
        return Book(TinyStore(home / "book.json"), now=present, settings=kept, kinds=[kind])

    return make
