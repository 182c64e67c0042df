"""Which plugins are installed: entry points of the group `crm_core`, read straight from the installed metadata.

`importlib.metadata` would cost more time at every start than all plugins together, so the folders of `sys.path` are
scanned for `*.dist-info/entry_points.txt`, whose format is the one of the entry points specification (PyPA). The first
folder wins where a distribution is installed twice, as it does for imports.
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
    """An installed plugin.

    Args:
        name: Its entry point's name.
        target: `package.module`, or `package.module:attribute`.
        distribution: What it was installed with.
        version: That distribution's version.
    """

    name: str
    target: str
    distribution: str
    version: str

    @property
    def own(self) -> bool:
        """Whether it came with the core."""
        return _normal(self.distribution) == OWN_DISTRIBUTION


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
            for name, target in _entry_points(os.path.join(entry.path, "entry_points.txt")):  # noqa: PTH118 (speed)
                found.append(Found(name=name, target=target, distribution=distribution, version=version))
    return sorted(found, key=lambda plugin: (not plugin.own, plugin.name, plugin.distribution))


def _normal(distribution: str) -> str:
    """A distribution's name as it is compared (PEP 503, but for runs of separators)."""
    return distribution.replace("_", "-").replace(".", "-").lower()


def _metadata_folders(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder or ".") as entries:
            yield from sorted((e for e in entries if e.name.endswith(_SUFFIX)), key=lambda entry: entry.name)
    except OSError:
        return  # not a folder (a zip file, one that is gone): nothing can be installed there


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
