"""Fetching, from a server that answers in every bad way that is known of."""

from __future__ import annotations

import gzip
import socket
import zlib

import pytest

from crm_research.fetching import FetchError, Limits, Wire, fetch, is_public

from .conftest import answer

LOCAL = Limits(seconds=20, size=100_000, allow_local=True)
HASTY = Limits(seconds=0.5, size=100_000, allow_local=True)
PUBLIC = "93.184.215.14"


class OneServer(Wire):
    """A wire on which `news.example` is at a public address, which leads to the test's own server."""

    def __init__(self, site):
        self.site = site

    def addresses(self, host, port):
        return [PUBLIC] if host == "news.example" else super().addresses(host, port)

    def connect(self, address, port, seconds):
        assert address == PUBLIC, "only the address that was checked may be connected to"
        return socket.create_connection(("127.0.0.1", self.site.port), timeout=seconds)


def test_what_stands_there_comes_with_what_the_server_says_about_it(site):
    site.pages["/feed.xml"] = lambda request: answer(
        request, b"hello", Content_Type="text/xml; charset=utf-8", ETag='"a"', Last_Modified="yesterday"
    )
    got = fetch(site.url(), LOCAL)
    assert (got.body, got.url) == (b"hello", site.url())
    assert (got.content_type, got.etag, got.modified) == ("text/xml; charset=utf-8", '"a"', "yesterday")


def test_the_server_is_asked_for_what_changed_and_may_say_that_nothing_did(site):
    site.pages["/feed.xml"] = lambda request: answer(request, b"", status=304)
    got = fetch(site.url(), LOCAL, etag='"a"', modified="yesterday")
    assert got.body is None
    headers = site.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"a"', "yesterday")
    with pytest.raises(FetchError, match="HTTP 304"):
        fetch(site.url(), LOCAL)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_relative_ones_understood(site, status):
    site.redirect("/old", "new?a=ü b", status)
    site.pages["/new"] = b"here"
    got = fetch(site.url("/old"), LOCAL)
    assert got.body == b"here"
    assert site.asked[-1][0].startswith("/new?a=")


def test_a_circle_of_redirects_ends(site):
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    with pytest.raises(FetchError, match="more than 5 times"):
        fetch(site.url("/a"), LOCAL)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "to",
    ["file:///etc/passwd", "ftp://news.example/x", "javascript:alert(1)", "data:text/xml,<rss/>", "gopher://x/"],
)
def test_a_redirect_leads_nowhere_but_to_the_web(site, to):
    site.redirect("/a", to)
    with pytest.raises(FetchError, match="only http and https are followed"):
        fetch(site.url("/a"), LOCAL)


@pytest.mark.parametrize(
    "to",
    ["http://127.0.0.1:{port}/secret", "http://[::1]/", "http://[::ffff:127.0.0.1]:{port}/", "http://10.1.2.3/",
     "http://169.254.169.254/latest/meta-data", "http://2130706433:{port}/", "http://0.0.0.0:{port}/"],
)  # fmt: skip
def test_a_redirect_does_not_lead_into_this_machine_or_a_private_network(site, to):
    site.redirect("/a", to.format(port=site.port))
    site.pages["/secret"] = b"secret"
    limits = Limits(seconds=20, size=1000)
    with pytest.raises(FetchError, match="no public address"):
        fetch("http://news.example/a", limits, wire=OneServer(site))
    assert [path for path, _ in site.asked] == ["/a"]


def test_a_name_is_resolved_once_for_each_hop_and_never_again(site):
    site.redirect("/a", "http://news.example/b")
    site.pages["/b"] = b"here"
    asked = []

    class Counting(OneServer):
        def addresses(self, host, port):
            asked.append(host)
            return super().addresses(host, port)

    assert fetch("http://news.example/a", Limits(20, 1000), wire=Counting(site)).body == b"here"
    assert asked == ["news.example", "news.example"]


def test_a_name_that_is_at_a_private_address_is_refused():
    class Rebinding(Wire):
        def addresses(self, host, port):
            return ["192.168.0.10", "fd00::1"]

        def connect(self, address, port, seconds):
            raise AssertionError("nothing may be connected to")

    with pytest.raises(FetchError, match=r"news.example \(192.168.0.10\) is no public address"):
        fetch("https://news.example/", Limits(5, 1000), wire=Rebinding())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("::ffff:93.184.215.14", True),
        ("127.0.0.1", False), ("0.0.0.0", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.1.1", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("240.0.0.1", False), ("::1", False), ("::", False), ("fe80::1%lo", False), ("fd00::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("ff02::1", False),
        ("::127.0.0.1", False), ("::ffff:0:127.0.0.1", False), ("64:ff9b:1::7f00:1", False), ("fec0::1", False),
        ("192.0.0.8", False), ("192.88.99.1", False), ("198.18.0.1", False), ("192.0.2.1", False),
        ("198.51.100.1", False), ("203.0.113.1", False), ("2001:db8::1", False), ("3fff::1", False), ("100::1", False),
        ("2001:0:7f00:1:8000:63bf:80ff:fffe", False), ("169.254.169.254", False), ("2a00:1450:4001::1", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


def test_a_server_that_says_nothing_is_given_up(site):
    site.pages["/feed.xml"] = lambda request: site.closing.wait(30)
    with pytest.raises(FetchError, match=r"longer than 0\.5 s"):
        fetch(site.url(), HASTY)


def drip(site, piece):
    """Answer with a piece now and then, each sooner than any timeout of a socket, without end."""

    def dripping(request):
        request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" if piece == b"x" else b"HTTP/1.0 200 OK\r\n")
        while not site.closing.wait(0.05):
            request.wfile.write(piece)

    return dripping


@pytest.mark.parametrize("piece", [b"x", b"X-Header: y\r\n"[:2]])
def test_a_server_that_says_a_little_at_a_time_for_ever_is_given_up(site, piece):
    site.pages["/feed.xml"] = drip(site, piece)
    with pytest.raises(FetchError, match=r"longer than 0\.5 s"):
        fetch(site.url(), HASTY)


def test_a_name_that_is_never_resolved_is_given_up(site):
    class Silent(Wire):
        def addresses(self, host, port):
            site.closing.wait(30)
            return []

    with pytest.raises(FetchError, match=r"longer than 0\.5 s"):
        fetch("http://news.example/", HASTY, wire=Silent())


def test_a_body_without_end_is_cut(site):
    def endless(request):
        request.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        while not site.closing.is_set():
            request.wfile.write(b"x" * 10_000)

    site.pages["/feed.xml"] = endless
    with pytest.raises(FetchError, match=r"larger than 0\.1 MB"):
        fetch(site.url(), LOCAL)


def test_headers_without_end_are_cut(site):
    def endless(request):
        while not site.closing.is_set():
            request.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    site.pages["/feed.xml"] = endless
    with pytest.raises(FetchError, match="too large"):
        fetch(site.url(), LOCAL)


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "Deflate": raw_deflate}


@pytest.mark.parametrize(("coding", "pack"), PACKED.items())
def test_packed_answers_are_unpacked(site, coding, pack):
    site.pages["/feed.xml"] = lambda request: answer(request, pack(b"hello " * 1000), Content_Encoding=coding)
    assert fetch(site.url(), LOCAL).body == b"hello " * 1000


@pytest.mark.parametrize(("coding", "pack"), PACKED.items())
def test_a_bomb_is_not_unpacked(site, coding, pack):
    site.pages["/feed.xml"] = lambda request: answer(request, pack(bytes(50_000_000)), Content_Encoding=coding)
    with pytest.raises(FetchError, match=r"larger than 0\.1 MB"):
        fetch(site.url(), LOCAL)


@pytest.mark.parametrize(
    ("body", "coding", "why"),
    [
        (gzip.compress(b"hello" * 1000, mtime=0)[:-20], "gzip", "cut off"),
        (b"this is not packed", "gzip", "damaged"),
        (b"\x1f\x8b" + bytes(30), "gzip", "damaged"),
        (b"hello", "br", "unknown way, 'br'"),
    ],
)
def test_what_can_not_be_unpacked_is_said(site, body, coding, why):
    site.pages["/feed.xml"] = lambda request: answer(request, body, Content_Encoding=coding)
    with pytest.raises(FetchError, match=why):
        fetch(site.url(), LOCAL)


def test_an_answer_that_ends_too_early_is_no_answer(site):
    site.pages["/feed.xml"] = lambda request: request.wfile.write(
        b"HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\nhello"
    )
    with pytest.raises(FetchError, match="cut off"):
        fetch(site.url(), LOCAL)


@pytest.mark.parametrize(
    ("status", "why"),
    [(500, "HTTP 500"), (404, "HTTP 404"), (410, "gone for good"), (204, "HTTP 204"), (302, "without saying where")],
)
def test_another_status_is_said(site, status, why):
    site.pages["/feed.xml"] = lambda request: answer(request, b"<rss/>", status=status)
    with pytest.raises(FetchError, match=why):
        fetch(site.url(), LOCAL)


def test_noise_is_no_answer(site):
    site.pages["/feed.xml"] = lambda request: request.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
    with pytest.raises(FetchError, match="not proper HTTP"):
        fetch(site.url(), LOCAL)


@pytest.mark.parametrize(
    "url",
    ["http://", "http:///x", "http://[", "http://a:99999/", "http://a:x/", "http://" + "ü" * 80 + "/", "/feed.xml", "",
     "file:///etc/passwd", "ftp://news.example/", "http://\x00/",
     "http://user:pass@news.example/", "http://news.example/" + "x" * 5000, "http://a..b/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused_without_asking_anybody(url):
    class Nobody(Wire):
        def connect(self, address, port, seconds):
            raise AssertionError("nobody may be asked")

        def addresses(self, host, port):
            host.encode("idna")
            return []

    with pytest.raises(FetchError):
        fetch(url, Limits(5, 1000), wire=Nobody())


def test_nobody_listening_is_said(site):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="connection refused"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/", LOCAL)


def test_a_server_without_tls_gives_no_secure_connection(site):
    site.pages["/feed.xml"] = b"x"
    with pytest.raises(FetchError, match="secure connection"):
        fetch(site.url().replace("http:", "https:"), LOCAL)


def test_what_could_not_be_sent_back_is_not_remembered(site):
    site.pages["/feed.xml"] = lambda request: answer(request, b"x", ETag='"' + "x" * 600 + '"', Last_Modified="\xe4")
    got = fetch(site.url(), LOCAL)
    assert (got.etag, got.modified) == ("", "")
