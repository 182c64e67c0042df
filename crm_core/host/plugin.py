"""A plugin of this run: what was found of it, what became of it, and what cures it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from crm_core.errors import CrmError, InputError
from crm_core.host.discovery import Found
from crm_core.version import __version__

if TYPE_CHECKING:
    import click

    from crm_core.commands import Command
    from crm_core.exporting import Exporter
    from crm_core.importing import Importer
    from crm_core.letters import LetterKind
    from crm_core.records import RecordKind
    from crm_core.settings import Section

PluginState = Literal["loaded", "off", "new", "broken", "failing", "shadowed"]


class Refused(CrmError):
    """The host refuses a plugin before it runs; the hint is the cure."""


class Plugin(msgspec.Struct, kw_only=True):
    """A plugin and what became of it.

    Args:
        found: Where it comes from.
        state: `loaded`; `off`: the user switched it off; `new`: a file that the user has not switched on yet;
            `broken`: it could not be loaded; `failing`: it was loaded, and a hook of it failed; `shadowed`: another
            plugin has its name.
        error: What went wrong first.
        cure: What to do about it, or about hooks that will go.
        hooks: Those that it implements.
        deprecated: Those of them that will go, each with what to do instead.
        import_ms: Milliseconds that its import took, modules that it was the first to need included.
    """

    found: Found
    state: PluginState = "loaded"
    error: str = ""
    cure: str = ""
    hooks: tuple[str, ...] = ()
    deprecated: tuple[str, ...] = ()
    import_ms: float = 0.0

    @property
    def name(self) -> str:
        """The name by which it is known."""
        return self.found.name


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """What a plugin brings, as far as it can be told without a book."""

    commands: tuple[Command | click.Command, ...]
    kinds: tuple[RecordKind[Any], ...]
    section: type[Section] | None
    letters: tuple[LetterKind, ...]
    importers: tuple[Importer, ...]
    exporters: tuple[Exporter, ...]


def said(error: BaseException) -> str:
    """An exception in one line."""
    try:
        text = "; ".join(line.strip() for line in str(error).splitlines() if line.strip())[:300]
    except Exception:  # noqa: BLE001 (an exception of a plugin's own making may fail at that too)
        text = ""
    return text if isinstance(error, CrmError) else f"{type(error).__name__}: {text}" if text else type(error).__name__


def cure(found: Found, error: BaseException | None = None) -> str:
    """What to do about a plugin that fails, with that error."""
    if isinstance(error, Refused):
        return error.hint
    if isinstance(error, InputError) and _is_the_users(error):
        return f"mend the settings. {error.hint.rstrip('.')}"
    off = f"crm plugins off {found.name}"
    if found.own:
        return f"{off}, and reinstall {found.distribution}"
    if isinstance(error, ImportError) and error.name == "crm_core":
        return f"update crm-core, which is {__version__}, or {off}"
    return f"mend {found.path}, or {off}" if found.path else f"update {found.distribution}, or {off}"


def _is_the_users(error: InputError) -> bool:
    """Whether it is about the settings file, which is no plugin's."""
    from crm_core.settings import Unusable

    return isinstance(error, Unusable)


def renewal(found: Found) -> str:
    """What to do about a plugin that answers what is on its way out; until that is gone it works as before."""
    return f"mend {found.path}" if found.path else f"update {found.distribution}"
