"""Facts about people and companies as they are typed: e-mail addresses, web addresses, domains, profiles, names, days.

Each is checked where it comes in; an empty text passes, since `edit` clears by it. What names a record is in
`params.py`, what a profile is in `network/profiles.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, TypeVar

import click
from msgspec import Struct

from crm_core.errors import InputError
from crm_core.lookup import LONGEST_NAME
from crm_core.network.profiles import read_profile
from crm_core.records import Profile
from crm_core.words import read_yearly

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

# Spaces, control characters and half characters (lone surrogates).
_NOT_IN_ADDRESSES: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_DOMAIN: Final = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_BIRTHDAY: Final = re.compile(r"(?:\d{4}|-)-(\d\d)-(\d\d)")


class Checked(click.ParamType[T | str], Generic[T]):
    """A text that is checked, and perhaps put in its usual form.

    Args:
        name: What the help calls it.
        read: From the text without spaces around it to the value; raises `InputError`.
    """

    def __init__(self, name: str, read: Callable[[str], T]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> T | str:  # noqa: ARG002
        """What click asks for."""
        typed = value.strip() if isinstance(value, str) else value
        return self._read(typed) if isinstance(typed, str) and typed else typed


def read_email(text: str) -> str:
    """An e-mail address: something, an @, something, and no space. RFC 5321 allows much more than is worth checking.

    Raises:
        InputError: It can't be one.
    """
    user, at, host = text.rpartition("@")
    if not (user and at and host) or _NOT_IN_ADDRESSES.search(text):
        raise InputError(f"{text[:60]!r} is not an e-mail address", "Give it like mara@example.com.")
    return text


def read_web_address(text: str) -> str:
    """An address of the web; `https://` is put before it if it lacks that.

    Raises:
        InputError: It is of another scheme, such as `javascript:`, or can't be an address.
    """
    address = text if _SCHEME.match(text) else f"https://{text}"
    if not _WEB.match(address) or _NOT_IN_ADDRESSES.search(address):
        raise InputError(f"{text[:60]!r} is not a web address", "Give it like https://acme.example.")
    return address


def read_domain(text: str) -> str:
    """A domain in lower case; of a web or e-mail address the domain in it, without `www.`.

    Raises:
        InputError: It can't be one.
    """
    host = re.sub(r"^[a-z]+://|^.*@", "", text.lower()).split("/")[0].removeprefix("www.").rstrip(".")
    if not _DOMAIN.fullmatch(host):
        raise InputError(f"{text[:60]!r} is not a domain", "Give it like acme.example.")
    return host


def read_birthday(text: str) -> str:
    """A birthday: `1990-05-04`, or `--05-04` where the year is not known (as ISO 8601:2000 and RFC 6350 write it).

    In words, too: `4 May 1990`, `May 4`.

    Raises:
        InputError: It is neither.
    """
    found = _BIRTHDAY.fullmatch(text)
    if found is not None and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31:
        return text
    said = read_yearly(text)
    if said is None:
        raise InputError(f"{text[:60]!r} is not a birthday", "Give it as 1990-05-04 or 4 May 1990, or only as 4 May.")
    year, month, day = said
    return f"{'-' if year is None else year}-{month:02}-{day:02}"


def read_name(text: str) -> str:
    """A name with single spaces.

    Raises:
        InputError: There is no letter or digit in it, or it is very long.
    """
    name = " ".join(text.split())
    if not any(character.isalnum() for character in name):
        raise InputError(f"{text[:60]!r} is no name", "Give a name with letters in it.")
    if len(name) > LONGEST_NAME:
        raise InputError(f"{text[:60]!r}... is too long a name", f"Give one of up to {LONGEST_NAME} characters.")
    return name


def repeatable(flag: str, field: str, text: str, *, kind: Any = None, metavar: str = "TEXT") -> Callable[[F], F]:
    """An option that may be given several times.

    Args:
        flag: What is typed, such as `--email`.
        field: The field that its values are for.
        text: Its help.
        kind: Its parameter type.
        metavar: What the help calls a value.
    """
    return click.option(flag, field, multiple=True, type=kind, metavar=metavar, help=text)


def once(values: Iterable[Any]) -> tuple[Any, ...]:
    """The values of a repeated option, each once, without the empty text that stands for none."""
    stripped = (value.strip() if isinstance(value, str) else value for value in values)
    return tuple(dict.fromkeys(value for value in stripped if value != ""))


def wanted_changes(options: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that an `edit` command is to change: those whose options were given.

    Args:
        options: By field name; None and an empty tuple stand for an option that was not given.
    """
    return {
        field: once(value) if isinstance(value, tuple) else value.strip() if isinstance(value, str) else value
        for field, value in options.items()
        if value is not None and value != ()
    }


def changed_fields(before: Struct, after: Struct) -> list[str]:
    """The names of the fields in which two records of one type differ."""
    return [field for field in before.__struct_fields__ if getattr(before, field) != getattr(after, field)]


def retagged(tags: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> tuple[str, ...]:
    """Tags with some added at the end and some taken away; case counts in neither."""
    unwanted = {tag.strip().casefold() for tag in remove}
    kept = {tag.casefold(): tag for tag in tags if tag.casefold() not in unwanted}
    for tag in (tag.strip() for tag in add):
        if tag:
            kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def tagged(tags: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether all wanted tags are among the tags; case does not count."""
    return {tag.strip().casefold() for tag in wanted} <= {tag.casefold() for tag in tags}


EMAIL: Final[Checked[str]] = Checked("e-mail", read_email)
WEB_ADDRESS: Final[Checked[str]] = Checked("web address", read_web_address)
DOMAIN: Final[Checked[str]] = Checked("domain", read_domain)
BIRTHDAY: Final[Checked[str]] = Checked("birthday", read_birthday)
PROFILE: Final[Checked[Profile]] = Checked("profile", read_profile)
