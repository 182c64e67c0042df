"""Which plugins the user has switched off or on: a small file of the program's own, never the user's settings.

What is installed is on until it is switched off; a one-file plugin is off until it is switched on.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from crm_core.errors import CrmError
from crm_core.files import make_private_folder, replace_file


class Switches(msgspec.Struct, frozen=True):
    """What the file holds: names of plugins, each in one of the two at most."""

    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()


def read_switches(path: Path) -> Switches:
    """What the user has switched off and on.

    Raises:
        CrmError: The file is damaged.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Switches)
    except (FileNotFoundError, NotADirectoryError):
        return Switches()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CrmError(
            f"What plugins are switched off can't be read: {path}",
            "Remove that file: all that are installed will be on again.",
        ) from error


def switch(path: Path, name: str, *, on: bool) -> None:
    """Switch a plugin on or off, from the next command on."""
    switches = read_switches(path)
    state = {
        "off": sorted(switches.off - {name} if on else switches.off | {name}),
        "on": sorted(switches.on | {name} if on else switches.on - {name}),
    }
    make_private_folder(path.parent)
    replace_file(path, [msgspec.json.encode(state)])
