"""Running a one-file plugin: `NAME.py` in the user's own folder `plugins`.

None is run that somebody else could write, and each from the very bytes that were checked: no compiled copy is kept.
The folder is not put on `sys.path`, so that a `json.py` in it is the plugin `json` and nothing else.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from crm_core.host.discovery import Found
from crm_core.host.plugin import Refused

NAME: Final = "[a-z][a-z0-9_]*"
ROOT: Final = 0
_NOT_OURS: Final = stat.S_IWGRP | stat.S_IWOTH
_PACKAGE: Final = "crm-plugins"  # no import statement can name it, so nothing that is installed is in its way


def load_file(found: Found) -> ModuleType:
    """Run a one-file plugin.

    Raises:
        Refused: It may not be run.
        Exception: Whatever the file raises.
    """
    source = checked_source(found)
    name = f"{_PACKAGE}.{found.name}"
    module = ModuleType(name)
    module.__file__ = found.path
    sys.modules[name] = module  # what it defines is looked up there: types of records, bodies of commands
    try:
        code = compile(source, found.path, "exec", dont_inherit=True)
        exec(code, vars(module))  # noqa: S102 (that is what a plugin is)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def checked_source(found: Found) -> bytes:
    """What a one-file plugin holds.

    Raises:
        Refused: Its name can't be a plugin's, it can't be read, or somebody else could write it.
    """
    path, real = found.path, os.path.realpath(found.path)
    if not re.fullmatch(NAME, found.name) or found.name == "me":
        raise Refused(
            f"{found.name!r} can't be a plugin's name",
            f"rename {path}: small letters, digits and _, a letter first",
        )
    try:
        for folder in dict.fromkeys((Path(path).parent, Path(real).parent)):
            _check_private(folder.stat(), str(folder))
        with open(path, "rb") as file:  # noqa: PTH123 (what is checked is what is read)
            _check_private(os.fstat(file.fileno()), path)
            return file.read()
    except OSError as error:
        raise Refused(f"{path} can't be read: {(error.strerror or '').lower()}", f"look at {path}") from error


def _check_private(status: os.stat_result, path: str) -> None:
    if sys.platform == "win32":
        return  # its modes say nothing of who may write
    if status.st_uid not in {os.getuid(), ROOT}:
        raise Refused(f"{path} belongs to somebody else, who could change what it does", f"chown {os.getuid()} {path}")
    if status.st_mode & _NOT_OURS:
        raise Refused(f"{path} can be written by others, who could change what it does", f"chmod go-w {path}")
