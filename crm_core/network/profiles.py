"""What a user typed as somebody's page on a network, as a `Profile`, and a profile in words.

Nothing is looked up: the network is told by the address itself. Addresses inside files are read by their importers;
whose profiles are the same is for the modules beside this one.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from msgspec.structs import replace

from crm_core.errors import InputError
from crm_core.records import Profile


class Network(NamedTuple):
    """How a network's addresses are built.

    Args:
        name: What we call it.
        before: The words that may stand before a handle in a path; none if the handle comes first.
        page: The address of a handle's page, `{}` standing for the handle.
    """

    name: str
    before: tuple[str, ...]
    page: str


LINKEDIN: Final = Network("linkedin", ("in", "pub"), "https://www.linkedin.com/in/{}")
X: Final = Network("x", (), "https://x.com/{}")
GITHUB: Final = Network("github", (), "https://github.com/{}")
BLUESKY: Final = Network("bluesky", ("profile",), "https://bsky.app/profile/{}")
XING: Final = Network("xing", ("profile",), "https://www.xing.com/profile/{}")

HOSTS: Final = {
    "linkedin.com": LINKEDIN, "x.com": X, "twitter.com": X, "github.com": GITHUB, "bsky.app": BLUESKY, "xing.com": XING,
}  # fmt: skip
NAMES: Final = {
    **{network.name: network for network in HOSTS.values()}, "twitter": X, "bsky": BLUESKY,
}  # fmt: skip
MASTODON: Final = "mastodon"
WEB: Final = "web"

NOT_NETWORKS: Final = frozenset({"data", "file", "ftp", "http", "https", "javascript", "mailto", "tel", "vbscript"})
# First words of paths that are pages of the network itself.
NOT_HANDLES: Final = frozenset(
    {"about", "company", "explore", "hashtag", "home", "i", "intent", "login", "orgs", "search", "settings", "share"}
)
HINT: Final = "Give a web address, network:handle such as github:mara, or @user@host."

_UNUSABLE: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WEB: Final = re.compile(r"https?://", re.IGNORECASE)
_NAMED: Final = re.compile(r"([a-z][a-z0-9-]{0,29}):(?!//)(.+)", re.IGNORECASE)
_FEDERATED: Final = re.compile(r"@?([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
_BARE_ADDRESS: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[:/?#].*)?")


def read_profile(text: str) -> Profile:
    """The profile that a user means by a web address, `network:handle` or `@user@host`.

    An address may lack `https://`. A handle on a network that we know gets the address of its page.

    Raises:
        InputError: It is none of these, or an address that should not be opened, such as `javascript:...`.
    """
    typed = text.strip()
    if typed and not _UNUSABLE.search(typed):
        if _WEB.match(typed):
            return _of_address(typed)
        if typed.startswith("@") and (federated := _FEDERATED.fullmatch(typed)):
            return _on_mastodon(federated)
        if named := _NAMED.fullmatch(typed):
            return _of_handle(named[1].lower(), named[2], text)
        if _BARE_ADDRESS.fullmatch(typed):
            return _of_address(f"https://{typed}")
    raise _no_profile(text)


def say_profile(profile: Profile) -> str:
    """A profile in words that name its network: `github: https://github.com/mara`, `matrix: @mara:example.org`."""
    where = profile.url or profile.handle
    return f"{profile.network}: {where}" if where else profile.network


def _of_address(address: str) -> Profile:
    host, segments = _host_and_path(address)
    if host.endswith("mastodon.social") or host.startswith(f"{MASTODON}."):
        user = next((part[1:] for part in segments[:1] if part.startswith("@")), "")
        return Profile(network=MASTODON, handle=f"{user}@{host}" if user else "", url=address)
    network = HOSTS.get(".".join(host.split(".")[-2:]))
    if network is None:
        return Profile(network=WEB, url=address)
    return Profile(network=network.name, handle=_handle(segments, network.before), url=address)


def _handle(segments: list[str], before: tuple[str, ...]) -> str:
    if before:
        return segments[1] if len(segments) > 1 and segments[0].lower() in before else ""
    return "" if not segments or segments[0].lower() in NOT_HANDLES else segments[0].removeprefix("@")


def _host_and_path(address: str) -> tuple[str, list[str]]:
    from urllib.parse import unquote, urlsplit

    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise _no_profile(address)
    segments = [unquote(part) for part in parts.path.split("/") if part]
    return host.rstrip("."), ["" if _UNUSABLE.search(part) else part for part in segments]


def _of_handle(name: str, handle: str, text: str) -> Profile:
    if name in NOT_NETWORKS:
        raise _no_profile(text)
    network = NAMES.get(name)
    if _WEB.match(handle):
        found = _of_address(handle)
        return replace(found, network=network.name if network else name) if found.network == WEB else found
    if name == MASTODON and (federated := _FEDERATED.fullmatch(handle)):
        return _on_mastodon(federated)
    if network is None:
        return Profile(network=name, handle=handle)
    from urllib.parse import quote

    handle = handle.removeprefix("@")
    return Profile(network=network.name, handle=handle, url=network.page.format(quote(handle, safe="")))


def _on_mastodon(federated: re.Match[str]) -> Profile:
    user, host = federated[1], federated[2].lower()
    return Profile(network=MASTODON, handle=f"{user}@{host}", url=f"https://{host}/@{user}")


def _no_profile(text: str) -> InputError:
    return InputError(f"{text.strip()[:60]!r} is not a profile", HINT)
