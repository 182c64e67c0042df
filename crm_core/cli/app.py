"""What one run of the program has at hand: settings, plugins, the book and the screen, each made when first needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from crm_core.errors import CrmError, InputError
from crm_core.files import Places

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_core.book import Book
    from crm_core.cli.screen.output import Output
    from crm_core.host.discovery import Found
    from crm_core.host.host import Host
    from crm_core.host.switches import Switches
    from crm_core.settings import Settings
    from crm_core.store.tiny import TinyStore

COMMAND_SHOWN = 200  # characters of the command line that the history keeps


class Flags(msgspec.Struct, frozen=True):
    """The options that stand before a command's name, needed before any command is looked up."""

    no_plugins: bool = False
    debug: bool = False
    demo: bool = False
    plain: bool = False

    @classmethod
    def leading(cls, argv: Sequence[str]) -> Flags:
        """Those among the options that lead the command line."""
        options = set()
        for word in argv:
            if not word.startswith("-"):
                break
            options.add(word)
        return cls(*(f"--{name.replace('_', '-')}" in options for name in cls.__struct_fields__))


class App:
    """One run of the program.

    Args:
        argv: The command line without the program's name.
        environ: The environment.
        output: Where everything is shown.
    """

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], output: Output) -> None:
        self.argv = list(argv)
        self.environ = environ
        self.output = output
        self.flags = Flags.leading(argv)
        self.strict = bool(environ.get("CRM_STRICT"))
        output.program = self.prefix
        output.plain |= self.flags.plain

    def made(self, name: str) -> bool:
        """Whether something of that name, such as `host` or `store`, was needed in this run."""
        return name in self.__dict__

    @property
    def prefix(self) -> str:
        """How a command line begins that is to reach the same book."""
        return "crm --demo" if self.flags.demo else "crm"

    @property
    def command_line(self) -> str:
        """What was typed, as the history keeps it."""
        return " ".join(["crm", *self.argv])[:COMMAND_SHOWN]

    @cached_property
    def places(self) -> Places:
        """Where this run's files are: the demo's with `--demo`."""
        places = Places.of(self.environ)
        return places.of_demo if self.flags.demo else places

    @cached_property
    def host(self) -> Host:
        """The plugins."""
        from crm_core.host.host import Host

        return Host([]) if self.flags.no_plugins else self.load(self.found, self.output.warn)

    @cached_property
    def found(self) -> list[Found]:
        """The plugins that are installed or lie in the user's folder, in the order in which they are asked."""
        from crm_core.host.discovery import find_files, find_plugins

        return [*find_plugins(sys.path), *find_files(self.places.plugins)]

    @cached_property
    def switches(self) -> Switches:
        """What the user switched off and on; a damaged file must not keep `--help` or `crm plugins` from running."""
        from crm_core.host.switches import Switches, read_switches

        try:
            return read_switches(self.places.switches)
        except CrmError as error:
            self.output.warn(f"{error.message}. {error.hint}")
            return Switches()

    def load(self, found: Iterable[Found], warn: Callable[[str], None]) -> Host:
        """Load plugins, those that are switched off aside; `warn` is told what they do wrong."""
        from crm_core.host.host import Host

        return Host(
            found,
            off=self.switches.off,
            on=self.switches.on,
            warn=warn,
            notice=self.output.warn,
            trace=self._trace if self.environ.get("CRM_TRACE_PLUGINS") else None,
            strict=self.strict,
            fault=self.output.traceback if self.flags.debug else None,
        )

    def load_quietly(self) -> Host:
        """The plugins of this run, for a command that shows what is wrong with them and need not be warned of it."""
        self.host = self.load([] if self.flags.no_plugins else self.found, lambda _: None)
        return self.host

    def _trace(self, text: str) -> None:
        self.output.talk(f"crm: trace: {text}")

    @cached_property
    def settings(self) -> Settings:
        """The settings file with every plugin's section."""
        from crm_core.settings import Settings

        return Settings(self.places.config, self.host.sections())

    @cached_property
    def now(self) -> datetime:
        """The present, in the user's zone; `CRM_TODAY` stands in for it, a bare date meaning 12:00."""
        from crm_core.dates import zone_named

        zone = zone_named(self.settings.me.timezone or system_zone(self.environ))
        stand_in = self.environ.get("CRM_TODAY")
        if not stand_in:
            return datetime.now(zone)
        if self.output.columns is not None:
            self.output.talk(f"CRM_TODAY is set: the present is {stand_in}.")
        return _stand_in(stand_in, zone)

    @cached_property
    def store(self) -> TinyStore:
        """The file behind the book, for what is done to it as a whole; all else goes through `book`."""
        from crm_core.store.tiny import TinyStore

        return TinyStore(self.places.book, notice=self.output.talk)

    @cached_property
    def book(self) -> Book:
        """The book that this run's command reads and changes."""
        return self.open_book()

    def open_book(self) -> Book:
        """The book as it is now, its records in the version of this program and of the plugins of this run."""
        from crm_core.book import Book
        from crm_core.migrating import bring_up
        from crm_core.records import CORE_KINDS

        kinds = self.host.kinds()
        refused = bring_up(self.store, (*CORE_KINDS, *kinds), self.command_line, self.now)
        for one in refused:
            self.host.turn_off(one.owner, "migration", one.error)
        off = {one.owner: one.error for one in refused}
        return Book(
            self.store,
            now=self.now,
            settings=self.settings,
            kinds=[kind for kind in kinds if kind.owner not in off],
            refused={kind.type: off[kind.owner] for kind in kinds if kind.owner in off},
            command=self.command_line,
        )


def system_zone(environ: Mapping[str, str]) -> str:
    """The machine's IANA zone: `TZ`, else what /etc/localtime links to, else UTC."""
    from zoneinfo import ZoneInfo

    name = environ.get("TZ", "").removeprefix(":")
    if not name:
        _, _, name = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (KeyError, ValueError, OSError):
        return "UTC"


def _stand_in(text: str, zone: ZoneInfo) -> datetime:
    from crm_core.words import FIRST_YEAR, LAST_YEAR

    try:
        moment = datetime.fromisoformat(text)
        usable = FIRST_YEAR <= moment.year <= LAST_YEAR
    except ValueError:
        usable = False
    if not usable:
        raise InputError(f"CRM_TODAY is not a date: {text[:40]!r}", "Give it as 2026-11-23 or 2026-11-23T14:00.")
    if len(text) <= len("2026-11-23"):
        moment = moment.replace(hour=12)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def current_app() -> App:
    """The run that a command belongs to.

    Raises:
        CrmError: There is none: the command was not started by `main`.
    """
    import click

    app: Any = click.get_current_context().find_object(App)
    if app is None:
        raise CrmError("this command must be run by crm")
    return app  # type: ignore[no-any-return]  # click knows no type of it
