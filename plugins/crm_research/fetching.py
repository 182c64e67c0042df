"""One web address to bytes, from a server that may be broken or hostile: time, size, redirects and where it leads.

Nothing here knows what a feed is, and nothing else in this plugin touches the network. A name is resolved once, and the
connection goes to that very address after it was checked, so that a name can't turn into another machine in between.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from crm_core import CrmError

T = TypeVar("T")

MOST_REDIRECTS: Final = 5
LONGEST_ADDRESS: Final = 4_000
LONGEST_VALIDATOR: Final = 500
HEADERS_ALLOWED: Final = 256 * 1024
PIECE: Final = 64 * 1024
SAFE: Final = "/%:@!$&'()*+,;=~-._?"
SPECIAL: Final = ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16", "fec0::/10")
"""Networks that Python, or an older one, takes for global: protocol assignments (RFC 6890), relays of 6to4 (RFC 7526),
documentation (RFC 9637), segment routing (RFC 9602), and what sites once had for themselves (RFC 3879)."""
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ACCEPTED: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
ALLOW: Final = "To allow this machine and private networks: crm settings set crm_research.allow_local true"


class FetchError(CrmError):
    """Why an address gave nothing, as a few words that can stand after it (exit 1)."""


class Limits(NamedTuple):
    """What one address may cost.

    Args:
        seconds: For everything: the name, the connection, all redirects and the whole answer.
        size: The most bytes that the unpacked answer may have.
        allow_local: Whether this machine and private networks may be asked.
    """

    seconds: float
    size: int
    allow_local: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered. `body` is None if it says that nothing changed; `url` is where it was found at last."""

    url: str
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    modified: str = ""


class Wire:
    """Names to addresses, and addresses to connections; tests have their own."""

    def addresses(self, host: str, port: int) -> list[str]:
        """The IP addresses of a host, in the system's order of preference."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        """A connection to that very address."""
        return socket.create_connection((address, port), timeout=seconds)


class Clock:
    """How much of the time for one address is left."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds.

        Raises:
            TimeoutError: None.
        """
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Place(NamedTuple):
    """What an address says: where to connect, and what to ask for there."""

    secure: bool
    host: str
    port: int
    target: str


def fetch(url: str, limits: Limits, *, etag: str = "", modified: str = "", wire: Wire | None = None) -> Answer:
    """What stands at a web address.

    Args:
        url: `http` or `https`.
        limits: What it may cost.
        etag: What the server gave as ETag last time (RFC 9110, section 8.8.3), to be told if nothing changed.
        modified: What it gave as Last-Modified, likewise.
        wire: The network.

    Raises:
        FetchError: There is no answer of use, or it costs too much.
    """
    headers = {"User-Agent": "crm-core (news of companies)", "Accept": ACCEPTED, "Accept-Encoding": "gzip, deflate"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    clock = Clock(limits.seconds)
    with _explained(limits):
        for _ in range(MOST_REDIRECTS + 1):
            answer = _asked(url, headers, limits, clock, wire or Wire())
            if isinstance(answer, Answer):
                return answer
            url = answer
    raise FetchError(f"it redirects more than {MOST_REDIRECTS} times")


@contextmanager
def _explained(limits: Limits) -> Iterator[None]:
    """Whatever goes wrong on the way, in a few words."""
    try:
        yield
    except TimeoutError:
        raise FetchError(f"it took longer than {limits.seconds:g} s") from None
    except socket.gaierror:
        raise FetchError("there is no server of that name, or no network") from None
    except ssl.SSLCertVerificationError as error:
        raise FetchError(f"its certificate can't be trusted: {error.verify_message}") from None
    except ssl.SSLError as error:
        raise FetchError(f"no secure connection: {error.reason or 'it failed'}") from None
    except OSError as error:
        raise FetchError(f"no connection: {(error.strerror or 'it failed').lower()}") from None
    except http.client.HTTPException:
        raise FetchError("its answer is not proper HTTP") from None
    except zlib.error:
        raise FetchError("its compressed answer is damaged") from None
    except ValueError:
        raise FetchError("it is not a proper web address") from None


def _asked(url: str, headers: dict[str, str], limits: Limits, clock: Clock, wire: Wire) -> Answer | str:
    """The answer of one server, or the address that it redirects to."""
    place = _place(url)
    with closing(_connected(place, limits, clock, wire)) as plain, closing(_secured(plain, place, clock)) as sock:
        connection = http.client.HTTPConnection(place.host, place.port)
        connection.default_port = 443 if place.secure else 80
        # Given a connected socket, http.client never connects, and so never resolves a name, by itself.
        connection.sock = _Timed(sock, clock, limits.size + HEADERS_ALLOWED)
        connection.request("GET", place.target, headers={**headers, "Connection": "close"})
        return _answer(url, connection.getresponse(), limits, conditional="If-" in "".join(headers))


def _place(url: str) -> _Place:
    """An address taken apart.

    Raises:
        FetchError: It is not one of the web, or has a password in it.
        ValueError: It is malformed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise FetchError(f"it leads to {parts.scheme[:20] or 'no'}: only http and https are followed")
    if parts.username is not None or parts.password is not None:
        raise FetchError("it leads to an address with a name or password in it")
    if not parts.hostname or len(url) > LONGEST_ADDRESS:
        raise FetchError("it is not a proper web address")
    secure = parts.scheme == "https"
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii")
    target = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    return _Place(secure, host, parts.port or (443 if secure else 80), target)


def _connected(place: _Place, limits: Limits, clock: Clock, wire: Wire) -> socket.socket:
    """A connection to the first address of the host that may be asked and can be reached."""
    found = _within(clock, lambda: wire.addresses(place.host, place.port))
    allowed = [address for address in found if limits.allow_local or is_public(address)]
    if not allowed:
        where = f" ({found[0]})" if found and found[0] != place.host else ""
        raise FetchError(f"{place.host[:80]}{where} is no public address", ALLOW)
    failed: OSError | None = None
    for address in allowed:
        try:
            return wire.connect(address, place.port, clock.left())
        except OSError as error:
            failed = error
    raise failed or OSError


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; of one that wraps another, both must be."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None and not is_public(str(inner)):
            return False
        if ip.ipv4_mapped is not None:
            return True
    special = any(ip in ipaddress.ip_network(network) for network in SPECIAL)
    return ip.is_global and not special and not ip.is_multicast and not ip.is_reserved


def _within(clock: Clock, work: Callable[[], T]) -> T:
    """The result of work that has no time limit of its own, such as a look-up of a name; given up when time is over."""
    results: list[T] = []
    errors: list[OSError | ValueError] = []

    def run() -> None:
        try:
            results.append(work())
        except (OSError, ValueError) as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(clock.left())
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError
    return results[0]


def _secured(sock: socket.socket, place: _Place, clock: Clock) -> socket.socket:
    if not place.secure:
        return sock
    sock.settimeout(clock.left())
    return ssl.create_default_context().wrap_socket(sock, server_hostname=place.host)


class _Timed(socket.socket):
    """What http.client needs of a socket, with one deadline over all of it: a socket's own timeout is for each piece.

    Whoever opened the real socket closes it: http.client would while it still reads from it.
    """

    def __init__(self, sock: socket.socket, clock: Clock, most: int) -> None:
        self._real, self._clock, self._most = sock, clock, most

    def sendall(self, data: object, flags: int = 0) -> None:  # noqa: ARG002 (http.client gives none)
        """Send it in the time that is left."""
        self._real.settimeout(self._clock.left())
        self._real.sendall(data)  # type: ignore[arg-type]  # http.client sends bytes

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:  # type: ignore[override]  # only for reading
        """What comes in."""
        return io.BufferedReader(_Incoming(self._real, self._clock, self._most))

    def close(self) -> None:
        """Leave the real one open."""


class _Incoming(io.RawIOBase):
    """What a socket receives, within a time and a number of bytes."""

    def __init__(self, sock: socket.socket, clock: Clock, most: int) -> None:
        self._sock, self._clock, self._left = sock, clock, most

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # all that is ever given
        """Some more of it."""
        self._sock.settimeout(self._clock.left())
        size = self._sock.recv_into(buffer)
        self._left -= size
        if self._left < 0:
            raise FetchError("it is too large")
        return size


def _answer(url: str, response: http.client.HTTPResponse, limits: Limits, *, conditional: bool) -> Answer | str:
    if response.status in REDIRECTS:
        location = response.headers.get("Location", "").strip()
        if not location:
            raise FetchError(f"HTTP {response.status} without saying where to")
        return urljoin(url, location)
    if response.status != 200 and not (response.status == 304 and conditional):
        gone = ": it is gone for good" if response.status == 410 else ""
        raise FetchError(f"HTTP {response.status}{gone}")
    return Answer(
        url=url,
        body=_body(response, limits.size) if response.status == 200 else None,
        content_type=response.headers.get("Content-Type", "")[:LONGEST_VALIDATOR],
        etag=_validator(response, "ETag"),
        modified=_validator(response, "Last-Modified"),
    )


def _validator(response: http.client.HTTPResponse, name: str) -> str:
    """What is to be sent back word for word, or nothing if that can't be done safely."""
    value: str = response.headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR else ""


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    """The unpacked body.

    Raises:
        FetchError: It is too large, cut off, or packed in a way that nobody asked for.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    body = bytearray()
    for piece in _unpacked(_pieces(response), coding, most):
        body += piece
        if len(body) > most:
            raise FetchError(f"it is larger than {most / 1_000_000:g} MB")
    return bytes(body)


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := response.read(PIECE):
        yield piece
    if response.length:
        raise FetchError("its answer was cut off")


def _unpacked(pieces: Iterator[bytes], coding: str, most: int) -> Iterator[bytes]:
    """The pieces unpacked, none of them ever much larger than what is allowed in all."""
    if coding in {"", "identity"}:
        yield from pieces
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError(f"its answer is packed in an unknown way, {coding[:20]!r}")
    unpacker = None
    for piece in pieces:
        if unpacker is None:
            unpacker = zlib.decompressobj(_format_of(piece))
        yield unpacker.decompress(piece, most + 1)
        if unpacker.unconsumed_tail:
            raise FetchError(f"it is larger than {most / 1_000_000:g} MB")
    if unpacker is not None and not unpacker.eof:
        raise FetchError("its answer was cut off")


def _format_of(piece: bytes) -> int:
    """What zlib calls the format: gzip or zlib by its header; some servers send deflate without any."""
    wrapped = piece[:2] == b"\x1f\x8b" or (piece[0] & 15 == 8 and int.from_bytes(piece[:2], "big") % 31 == 0)
    return zlib.MAX_WBITS | 32 if wrapped else -zlib.MAX_WBITS
