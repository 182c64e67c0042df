"""Which plugins there are: those installed, and the files in the user's own folder. None is looked into here.

Installed ones are entry points of the group `crm_core`. `importlib.metadata` would cost more time at every start than
all plugins together, so the folders of `sys.path` are scanned for `*.dist-info/entry_points.txt`, whose format is the
one of the entry points specification (PyPA). The first folder wins where a distribution is installed twice, as it does
for imports.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from crm_core.hookspecs import GROUP

OWN_DISTRIBUTION: Final = "crm-core"
_SUFFIX: Final = ".dist-info"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin that was found, and not looked into yet.

    Args:
        name: Its entry point's name; a one-file plugin's is its file's.
        target: `package.module`, or `package.module:attribute`; empty for a one-file plugin.
        distribution: What it was installed with; empty for a one-file plugin.
        version: That distribution's version.
        requires: The versions of the core that the distribution declares to need, such as `>=0.2`; empty for any.
        path: A one-file plugin's file.
    """

    name: str
    target: str = ""
    distribution: str = ""
    version: str = ""
    requires: str = ""
    path: str = ""

    @property
    def own(self) -> bool:
        """Whether it came with the core."""
        return _normal(self.distribution) == OWN_DISTRIBUTION

    @property
    def label(self) -> str:
        """Its name, with its version if it has one."""
        return f"{self.name} {self.version}".rstrip()

    @property
    def origin(self) -> str:
        """What to look for: the distribution or the file that it is in."""
        return self.distribution or self.path


def find_plugins(folders: Iterable[str]) -> list[Found]:
    """The plugins installed in those folders: our own first, then foreign ones, each by name."""
    seen: set[str] = set()
    found = []
    for folder in folders:
        for entry in _metadata_folders(folder):
            distribution, _, version = entry.name.removesuffix(_SUFFIX).partition("-")
            if _normal(distribution) in seen:
                continue
            seen.add(_normal(distribution))
            points = list(_entry_points(f"{entry.path}/entry_points.txt"))
            requires = _requires(entry.path) if points and _normal(distribution) != OWN_DISTRIBUTION else ""
            found += [
                Found(name=name, target=target, distribution=distribution, version=version, requires=requires)
                for name, target in points
            ]
    return sorted(found, key=lambda plugin: (not plugin.own, plugin.name, plugin.distribution))


def find_files(folder: str | os.PathLike[str]) -> list[Found]:
    """The one-file plugins in that folder, by name; files whose names begin with `_` or a full stop are left alone."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name.endswith(".py") and entry.is_file())
    except OSError:
        return []  # there is no such folder: most people have none
    return [
        Found(name=name.removesuffix(".py"), path=os.path.join(folder, name))  # noqa: PTH118 (speed)
        for name in names
        if not name.startswith(("_", "."))
    ]


def _normal(distribution: str) -> str:
    """A distribution's name as it is compared (PEP 503, but for runs of separators)."""
    return distribution.replace("_", "-").replace(".", "-").lower()


def _metadata_folders(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as entries:
            yield from sorted((e for e in entries if e.name.endswith(_SUFFIX)), key=lambda entry: entry.name)
    except OSError:
        return  # not a folder (a zip file, one that is gone): nothing can be installed there


def _requires(folder: str) -> str:
    from crm_core.host.requires import required  # its patterns cost more to compile than our own plugins to load

    return required(f"{folder}/METADATA")


def _entry_points(path: str) -> Iterator[tuple[str, str]]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (speed)
            text = file.read()
    except OSError:
        return
    if f"[{GROUP}]".encode() not in text:
        return
    inside = False
    for line in text.decode("utf-8", "replace").splitlines():
        line = line.strip()  # noqa: PLW2901
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith(("#", ";")):
            name, _, target = line.partition("=")
            yield name.strip(), target.split("[")[0].strip()
