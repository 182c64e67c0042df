"""Which plugins the user has switched off: a small file of the program's own, never the user's settings."""

from __future__ import annotations

from pathlib import Path

import msgspec

from crm_core.errors import CrmError
from crm_core.files import make_private_folder, replace_file


class Switches(msgspec.Struct, frozen=True):
    """What the file holds."""

    off: tuple[str, ...] = ()


def read_off(folder: Path) -> frozenset[str]:
    """The names of the plugins that are switched off.

    Raises:
        CrmError: The file is damaged.
    """
    path = folder / "plugins.json"
    try:
        return frozenset(msgspec.json.decode(path.read_bytes(), type=Switches).off)
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CrmError(
            f"What plugins are switched off can't be read: {path}", "Remove that file: all will be on again."
        ) from error


def switch(folder: Path, name: str, *, on: bool) -> None:
    """Switch a plugin on or off, from the next command on."""
    off = read_off(folder)
    off = off - {name} if on else off | {name}
    make_private_folder(folder)
    replace_file(folder / "plugins.json", [msgspec.json.encode(Switches(tuple(sorted(off))))])
