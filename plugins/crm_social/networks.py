"""The networks on which one follows people: their addresses, the handles in them, and which pages may be opened.

Profiles come from address books and web pages, so nothing about them is trusted: an address is opened only if it is
plain http(s), and on the network that it is said to be on. Nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from crm_core import Profile


class Network(NamedTuple):
    """A network.

    Args:
        name: What a profile calls it: `linkedin`.
        label: What people call it: `LinkedIn`.
        hosts: Where its pages are; none for a network of many servers.
        person: The path of a person's page, `{}` standing for the handle.
        company: The path of a company's.
        verb: What one does there with a person: `Follow`.
        note: Characters that a note to connect may have, where the network has such notes and a known limit.
        note_paid: The same for those who pay.
    """

    name: str
    label: str
    hosts: tuple[str, ...]
    person: str
    company: str
    verb: str = "Follow"
    note: int | None = None
    note_paid: int | None = None


# LinkedIn's help pages on personalised invitations: 200 characters, 300 with Premium.
LINKEDIN: Final = Network(
    "linkedin", "LinkedIn", ("linkedin.com",), "in/{}", "company/{}", "Connect with", note=200, note_paid=300
)
X: Final = Network("x", "X", ("x.com", "twitter.com"), "{}", "{}")
MASTODON: Final = Network("mastodon", "Mastodon", (), "@{}", "@{}")
BLUESKY: Final = Network("bluesky", "Bluesky", ("bsky.app",), "profile/{}", "profile/{}")
# XING has notes too; no limit of theirs is known for sure.
XING: Final = Network("xing", "XING", ("xing.com",), "profile/{}", "pages/{}", "Connect with")
GITHUB: Final = Network("github", "GitHub", ("github.com",), "{}", "{}")

NETWORKS: Final = {network.name: network for network in (LINKEDIN, X, MASTODON, BLUESKY, XING, GITHUB)}
OTHER_NAMES: Final = {"twitter": X, "bsky": BLUESKY}
WEB: Final = "web"

# First words of paths under which a handle stands, besides those that pages are made with.
_BEFORE: Final = {"linkedin": ("in", "pub", "company", "school", "showcase"), "xing": ("profile", "pages", "companies"),
                  "bluesky": ("profile",)}  # fmt: skip
_NOT_HANDLES: Final = frozenset(
    {"about", "company", "explore", "hashtag", "home", "i", "intent", "login", "orgs", "search", "settings", "share"}
)
# Patterns are compiled (and kept, by re) when first used: the agenda often meets no page.
_UNUSABLE: Final = r"[\s\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]"
_HANDLE: Final = r"[^/?#@:]{1,100}"
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FEDERATED: Final = rf"(?i)(\w[\w.-]{{0,99}})@((?:{_LABEL}\.){{1,9}}[a-z][a-z0-9-]{{0,61}}[a-z0-9])"
_MOST: Final = 2000
_KEPT: Final = ":/?#[]@&+,;=%~"


class Page(NamedTuple):
    """Somebody's page on a network: its handle where we know it, and an address that may be opened."""

    network: Network
    handle: str
    url: str


def network_named(text: str) -> Network | None:
    """The network that goes by that name, or None."""
    name = text.strip().lower()
    return NETWORKS.get(name) or OTHER_NAMES.get(name)


def pages(profiles: Iterable[Profile], *, company: bool = False) -> list[Page]:
    """The pages on networks that we know among some profiles, one a network, in the networks' order.

    Args:
        profiles: A person's or a company's.
        company: Whether they are a company's.
    """
    found: dict[str, Page] = {}
    for profile in profiles:
        page = _page(profile, company=company)
        if page is not None:
            found.setdefault(page.network.name, page)
    return [found[name] for name in NETWORKS if name in found]


def web_page(profiles: Iterable[Profile]) -> str:
    """The first page of theirs elsewhere that may be opened, or ''."""
    addresses = (safe_address(profile.url) for profile in profiles if profile.network == WEB)
    return next((address for address in addresses if address), "")


def page_of(network: Network, handle: str, *, company: bool = False) -> str:
    """The address of a handle's page on a network; '' if it can't be a handle there.

    On Mastodon a handle names its server: `user@host`, with or without another `@` before it.
    """
    from urllib.parse import quote

    name, host = _parts(network, handle)
    if not name:
        return ""
    path = (network.company if company else network.person).format(quote(name, safe=""))
    start = "www." if network.name in {"linkedin", "xing"} else ""
    return f"https://{start}{host}/{path}"


def handle_on(network: Network, url: str) -> str:
    """The handle that a page's address names on a network; '' if the address is not of such a page."""
    from urllib.parse import unquote

    host, path = _host_and_path(url)
    if not host or not _is_on(network, host):
        return ""
    words = [unquote(word) for word in path.split("/") if word]
    if not network.hosts:
        return _federated(words, host)
    before = _BEFORE.get(network.name)
    if before is not None:
        words = words[1:] if words and words[0].lower() in before else []
    handle = words[0] if words and words[0].lower() not in _NOT_HANDLES else ""
    return _tidy(network, handle)


def safe_address(url: str) -> str:
    """An address as it may be given to a browser, or ''.

    Only http and https, with a host and without a name and password before it; what a shell could read otherwise is
    written as `%22`.
    """
    from urllib.parse import quote

    host, _ = _host_and_path(url)
    return quote(url.strip(), safe=_KEPT) if host else ""


def _page(profile: Profile, *, company: bool) -> Page | None:
    network = network_named(profile.network) or _network_of(profile.url)
    if network is None:
        return None
    there = handle_on(network, profile.url)
    handle = there or _tidy(network, profile.handle)
    host, path = _host_and_path(profile.url)
    given = bool(there) or (bool(network.hosts) and _is_on(network, host) and bool(path.strip("/")))
    url = safe_address(profile.url) if given else page_of(network, handle, company=company)
    return Page(network, handle, url) if handle or url else None


def _tidy(network: Network, handle: str) -> str:
    name, host = _parts(network, handle)
    return f"{name}@{host}" if name and not network.hosts else name


def _parts(network: Network, handle: str) -> tuple[str, str]:
    """A handle's name and the host of its page; both '' if it is none."""
    plain = handle.strip().removeprefix("@")
    if re.search(_UNUSABLE, plain):
        return "", ""
    if not network.hosts:
        federated = re.fullmatch(_FEDERATED, plain)
        return (federated[1], federated[2].lower()) if federated else ("", "")
    usable = re.fullmatch(_HANDLE, plain) and plain not in {".", ".."}
    return (plain, network.hosts[0]) if usable else ("", "")


def _network_of(url: str) -> Network | None:
    """The network that an address is on, for profiles that were imported without one."""
    host, _ = _host_and_path(url)
    return next((network for network in NETWORKS.values() if network.hosts and _is_on(network, host)), None)


def _federated(words: Sequence[str], host: str) -> str:
    """The handle in a path on some server: /@user or /users/user; /@user@other.server is on that other one."""
    name = words[0][1:] if words and words[0].startswith("@") else ""
    if words[:1] == ["users"] and len(words) > 1:
        name = words[1]
    return _tidy(MASTODON, name if "@" in name else f"{name}@{host}")


def _is_on(network: Network, host: str) -> bool:
    return not network.hosts or any(host == known or host.endswith(f".{known}") for known in network.hosts)


def _host_and_path(url: str) -> tuple[str, str]:
    """The host and the path of an address that may be opened; both '' of any other."""
    from urllib.parse import urlsplit

    text = url.strip()
    if len(text) > _MOST or re.search(_UNUSABLE, text):
        return "", ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "", ""
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return "", ""
    return host.rstrip(".").lower(), parts.path
