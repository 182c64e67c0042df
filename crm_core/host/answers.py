"""What a hook may answer: checked before anybody works with it, so that a wrong answer is its plugin's fault alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import msgspec

from crm_core.errors import CrmError

if TYPE_CHECKING:
    import click

    from crm_core.book import Book
    from crm_core.checklist import Row
    from crm_core.commands import Command
    from crm_core.exporting import Exporter
    from crm_core.figures import Figure
    from crm_core.records import RecordKind
    from crm_core.search import Hit
    from crm_core.settings import Section

RESERVED_PREFIXES: Final = frozenset({"h", "m"})  # of changes and of an application's moves


def list_of(items: Iterable[Any] | None, expected: tuple[type[Any], ...]) -> list[Any]:
    """An answer of several things, taken whole.

    Raises:
        TypeError: One of them is something else.
        Exception: Whatever a generator raises on the way.
    """
    if items is None:
        return []
    answer = list(items)
    for item in answer:
        if not isinstance(item, expected):
            names = " or ".join(kind.__name__ for kind in expected)
            raise TypeError(f"expected {names}, got {type(item).__name__}")
    return answer


def rows_of(items: Iterable[Any] | None) -> list[Row]:
    """Rows of a checklist, each with values of the right types.

    Raises:
        TypeError: One is no row.
        msgspec.ValidationError: One has a value that is not usable.
    """
    from crm_core.checklist import Row

    return [msgspec.convert(msgspec.structs.asdict(row), Row) for row in list_of(items, (Row,))]


def figures_of(items: Iterable[Any] | None) -> list[Figure]:
    """Figures, each with values that can be drawn.

    Raises:
        TypeError: One is no figure.
        msgspec.ValidationError: One has a value that is not usable.
    """
    from crm_core.figures import Figure, checked

    return [checked(figure) for figure in list_of(items, (Figure,))]


def truth_of(answer: Any) -> bool:
    """Yes or no, where None is no.

    Raises:
        TypeError: It is something else.
    """
    if answer is not None and not isinstance(answer, bool):
        raise TypeError(f"expected True or False, got {type(answer).__name__}")
    return bool(answer)


def section_of(section: Any) -> type[Section]:
    """The type of a settings section.

    Raises:
        TypeError: It is none, or a setting has no default.
    """
    from crm_core.settings import Section

    if not (isinstance(section, type) and issubclass(section, Section)):
        raise TypeError("expected a subclass of Section")
    section()
    return section


def check_kind(plugin: str, kind: RecordKind[Any], taken: Iterable[RecordKind[Any]]) -> None:
    """Refuse a kind that would get in another's way, or that the book could not read.

    Raises:
        CrmError: It would.
        Exception: Whatever msgspec says of a type that it has no JSON for.
    """
    from crm_core.codec import decoder
    from crm_core.records import Record, owner_of

    if owner_of(kind.table) != plugin:
        raise CrmError(f"the table {kind.table!r} must begin with {plugin + '.'!r} and have no other full stop")
    if not re.fullmatch("[a-z]+", kind.prefix) or kind.prefix in RESERVED_PREFIXES:
        reserved = " or ".join(sorted(map(repr, RESERVED_PREFIXES)))
        raise CrmError(f"the prefix {kind.prefix!r} must be lower-case letters, and not {reserved}")
    if not issubclass(kind.type, Record):
        raise CrmError(f"the type {kind.type.__name__} must be a subclass of Record")
    unknown = set(kind.unique).difference(kind.type.__struct_fields__)
    if unknown:
        raise CrmError(f"{kind.type.__name__} has no field {min(unknown)!r} to be unique")
    for other in taken:
        for field in ("table", "prefix", "type"):
            if getattr(kind, field) == getattr(other, field):
                raise CrmError(f"its {field} {getattr(kind, field)!r} is that of {other.plural}")
    versions = [1, *(migration.to for migration in kind.migrations)]
    if any(later <= earlier for earlier, later in pairwise(versions)):
        raise CrmError(f"the migrations of {kind.plural} must lead from version to version, from 2 on")
    decoder(kind.type)


def check_command(command: Command | click.Command) -> None:
    """Refuse a command that could not be listed.

    Raises:
        CrmError: It has no usable name or help.
    """
    from crm_core.commands import Command

    about = command.help if isinstance(command, Command) else command.help or ""
    name: object = command.name
    if not (isinstance(name, str) and name and isinstance(about, str)):
        raise CrmError(f"a command has no usable name or help: {name!r}")


def check_exporter(exporter: Exporter) -> None:
    """Refuse an exporter that could not write, or could in two ways.

    Raises:
        CrmError: It is such a one.
    """
    if (exporter.write is None) == (exporter.write_folder is None):
        raise CrmError(f"the exporter {exporter.name!r} needs write or write_folder, and not both")


def check_hit(book: Book, hit: Hit) -> None:
    """Refuse a hit that could not be shown.

    Raises:
        CrmError: Its record is not in the book.
        TypeError: A value is no text.
    """
    for field in ("record", "label", "where", "text"):
        if not isinstance(getattr(hit, field), str):
            raise TypeError(f"{field} of a hit must be a str, not {type(getattr(hit, field)).__name__}")
    if book.find(hit.record) is None:
        raise CrmError(f"there is no record {hit.record!s:.40} that could be found")


def nothing(answer: Any) -> None:
    """Of a hook that only tells.

    Raises:
        TypeError: It answered.
    """
    if answer is not None:
        raise TypeError(f"expected no answer, got {type(answer).__name__}")
