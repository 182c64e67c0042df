"""Web addresses and messenger names into profiles: which network, who there.

Nothing here looks an address up; a network is told by the address itself or by what the card says of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crm_core import Profile, escaped_value, one_line
from crm_vcard.content import content_of
from crm_vcard.own import PROFILE

if TYPE_CHECKING:
    from crm_vcard.content import Property

X_NAMES: Final = {
    "X-BLUESKY": "bluesky",
    "X-FACEBOOK": "facebook",
    "X-GITHUB": "github",
    "X-INSTAGRAM": "instagram",
    "X-JABBER": "xmpp",
    "X-LINKEDIN": "linkedin",
    "X-MASTODON": "mastodon",
    "X-MATRIX": "matrix",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-TELEGRAM": "telegram",
    "X-TWITTER": "x",
    "X-XING": "xing",
}
"""Properties that programs write for one network each."""

PROFILE_NAMES: Final = frozenset({"URL", "IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE", *X_NAMES})
"""All properties that a profile may be made of; SOCIALPROFILE is RFC 9554's."""

HOSTS: Final = {
    "linkedin.com": ("linkedin", ("in", "pub")),
    "xing.com": ("xing", ("profile",)),
    "bsky.app": ("bluesky", ("profile",)),
    "x.com": ("x", ()),
    "twitter.com": ("x", ()),
    "github.com": ("github", ()),
}
"""A network's name by host, and the words that stand before a handle in a path; none if the handle comes first."""

NOT_HANDLES: Final = frozenset(
    {"about", "explore", "hashtag", "home", "i", "intent", "login", "orgs", "search", "share"}
)
UNSAFE: Final = re.compile(r"\s*(?:javascript|vbscript|data|file)\s*:", re.IGNORECASE)
UNSAFE_STARTS: Final = frozenset("jJvVdDfF")
ADDRESS: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#@]*@)?([^/?#:]*)[^/?#]*([^?#]*)")
SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.+)")
NETWORK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
UNQUOTED: Final = re.compile(r"[\w.@-]*", re.ASCII)
NO_SERVICES: Final = frozenset({"pref", "home", "work", "other", "internet", "personal", "business"})


def profile_of(entry: Property) -> Profile | None:
    """The profile that one property tells of; nothing if it is empty or an address that should not be opened."""
    value = entry.words
    if not value or (value[0] in UNSAFE_STARTS and UNSAFE.match(value)):
        return None
    if entry.name == "URL":
        return _of_address(value)
    if entry.name == "IMPP":
        return _of_messenger(entry, value)
    if entry.name == PROFILE:
        network, handle, url = (entry.parts(";") + [""] * 3)[:3]
        return None if UNSAFE.match(url) else Profile(network=network, handle=handle, url=url)
    if entry.name in X_NAMES:
        return _named(X_NAMES[entry.name], value)
    return _named(_service(entry), value, _user(entry))


def profile_line(profile: Profile, *, new: bool) -> str:
    """A profile as a line of a card of version 3.0, or with `new` 4.0: the first that is read as that very profile.

    In 3.0 networks have Apple's property, in 4.0 that of RFC 9554.
    """
    network, handle, url = map(one_line, (profile.network, profile.handle, profile.url))
    lines = [f"{'IMPP' if SCHEME.match(url) and '://' not in url else 'URL'}:{escaped_value(url)}"] if url else []
    if new:
        lines.append(f"SOCIALPROFILE;SERVICE-TYPE={_quoted(network)};USERNAME={_quoted(handle)}:{escaped_value(url)}")
        lines.append(f"SOCIALPROFILE;SERVICE-TYPE={_quoted(network)};VALUE=text:{escaped_value(handle)}")
    else:
        lines.append(f"X-SOCIALPROFILE;TYPE={_quoted(network)};X-USER={_quoted(handle)}:{escaped_value(url or handle)}")
    own = f"{PROFILE}:{escaped_value(network)};{escaped_value(handle)};{escaped_value(url)}"
    return next((line for line in lines if _tells(line, profile)), own)


def _quoted(text: str) -> str:
    """A parameter's value; one with a double quote in it can't be written, and will not be read as it was."""
    return text if UNQUOTED.fullmatch(text) else f'"{text}"'


def _tells(line: str, profile: Profile) -> bool:
    found = content_of([(1, line.encode(errors="replace"))]).properties
    return len(found) == 1 and profile_of(found[0]) == profile


def _named(network: str, value: str, user: str = "") -> Profile:
    """A profile whose network the card names: `value` is an address or a handle."""
    if "://" not in value:
        return Profile(network=network or "web", handle=user or value.removeprefix("x-apple:").removeprefix("@"))
    found = _of_address(value)
    if found.network != "web" or not network:
        return Profile(network=found.network, handle=found.handle or user, url=found.url)
    handle = (_mastodon_handle(value) if network == "mastodon" else "") or user
    return Profile(network=network, handle=handle, url=value)


def _of_address(address: str) -> Profile:
    host, path = _host_and_path(address)
    known = HOSTS.get(host) or HOSTS.get(".".join(host.rsplit(".", 2)[-2:]))
    if known is None:
        return Profile(network="web", url=address)
    network, before = known
    return Profile(network=network, handle=_handle(path, before), url=address)


def _handle(path: str, before: tuple[str, ...]) -> str:
    segments = _segments(path)
    if before:
        return segments[1] if len(segments) > 1 and segments[0].lower() in before else ""
    return "" if not segments or segments[0].lower() in NOT_HANDLES else segments[0].removeprefix("@")


def _mastodon_handle(address: str) -> str:
    """`zoe@example.social` for `https://example.social/@zoe`."""
    host, path = _host_and_path(address)
    segments = _segments(path)
    return f"{segments[0][1:]}@{host}" if segments and segments[0].startswith("@") and segments[0] != "@" else ""


def _of_messenger(entry: Property, value: str) -> Profile:
    """IMPP's value is an address such as `xmpp:zoe@example.com` (RFC 4770); some write the service in a parameter."""
    service = _service(entry)
    if "://" in value:
        return _named(service, value)
    named = SCHEME.fullmatch(value)
    scheme, rest = (named[1].lower(), named[2]) if named else ("", value)
    if scheme == "im" and (inner := SCHEME.fullmatch(rest)):
        scheme, rest = inner[1].lower(), inner[2]
    network = service or ("" if scheme in {"x-apple", "im"} else _network(scheme))
    return Profile(network=network or "web", handle=rest, url=value if named and scheme != "x-apple" else "")


def _service(entry: Property) -> str:
    """The network that a parameter names; Apple writes it as a type."""
    head = entry.head
    named = head.values.get("SERVICE-TYPE") or head.values.get("X-SERVICE-TYPE") or ""
    return _network(named) if named or entry.name != "X-SOCIALPROFILE" else _service_among(head.types)


@lru_cache(maxsize=256)
def _service_among(types: frozenset[str]) -> str:
    return _network(next(iter(sorted(types - NO_SERVICES)), ""))


def _user(entry: Property) -> str:
    named = entry.head.values.get("USERNAME") or entry.head.values.get("X-USER") or ""
    return one_line(named).removeprefix("@") if named else ""


def _network(name: str) -> str:
    network = name.strip().lower().replace(" ", "-")
    return {"twitter": "x"}.get(network, network) if NETWORK.fullmatch(network) else ""


def _host_and_path(address: str) -> tuple[str, str]:
    """The host, lower case, and the path; an address may lack `https://`."""
    found = ADDRESS.match(address)
    return (found[1].lower(), found[2]) if found else ("", "")


def _segments(path: str) -> list[str]:
    """The parts of the path of an address that is on one line already."""
    segments = [segment.strip() for segment in path.split("/") if segment]
    if "%" in path:
        from urllib.parse import unquote

        segments = [one_line(unquote(segment)) for segment in segments]
    return segments
