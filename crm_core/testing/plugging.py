"""Plugins in a test: found, loaded and asked as the program does it, though they may not be installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from crm_core.files import Places, make_private_folder, replace_file
from crm_core.host.discovery import Found, find_files, find_plugins
from crm_core.host.switches import switch
from crm_core.testing.running import Crm

HEAVY: Final = frozenset({
    "asyncio", "dataclasses", "dateutil", "email", "feedparser", "filelock", "http", "importlib.metadata", "jinja2",
    "logging", "pytest", "requests", "rich", "socket", "ssl", "subprocess", "tempfile", "tomlkit", "unittest",
    "urllib.request", "vobject", "wcwidth", "xml",
})  # fmt: skip
"""Modules that cost more than they are worth before the command that needs them runs."""

HEAVY_FOR_HELP: Final = HEAVY | {
    "shutil",
    "sysconfig",
    "tinydb",
    "hashlib",
    "tomllib",
    "zoneinfo",
    "crm_core.records",
    "crm_core.store",
    "crm_core.network",
}
"""Those that `crm --help` does without too."""


class WithPlugin:
    """Makes something a plugin for one test, so that the program finds it by itself.

    Args:
        crm: Whose command lines find it.
        site: A folder for its metadata; need not exist.
        monkeypatch: What is changed is put back by it.
    """

    def __init__(self, crm: Crm, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._crm = crm
        self._site = site
        self._monkeypatch = monkeypatch

    def __call__(self, plugin: object, name: str = "") -> Found:
        """Make that a plugin.

        Args:
            plugin: The name of a module, `crm_coffee` or `package.module:attribute`; the path of a one-file plugin; or
                a module or any other object with hooks. A plugin that is installed is taken as it is.
            name: What it is called; by default as its module or file, or as the type of the object.

        Raises:
            LookupError: There is no such module or file.
        """
        if isinstance(plugin, Path):
            return self._file(plugin, name or plugin.stem)
        if isinstance(plugin, str):
            module = plugin.partition(":")[0]
            return self._entry(name or module.rpartition(".")[2], plugin)
        if isinstance(plugin, ModuleType):
            self._monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
            return self._entry(name or plugin.__name__.rpartition(".")[2], plugin.__name__)
        name = name or type(plugin).__name__.lower()
        holder = ModuleType(f"crm_core_test_{name}")
        vars(holder)["plugin"] = plugin
        self._monkeypatch.setitem(sys.modules, holder.__name__, holder)
        return self._entry(name, f"{holder.__name__}:plugin")

    def forget(self) -> None:
        """Forget what was loaded from files, so that the next test loads it anew."""
        for name in [name for name in sys.modules if name.startswith("crm-plugins.")]:
            del sys.modules[name]

    def _entry(self, name: str, target: str) -> Found:
        """What is found of a plugin of that name; if it is not installed, metadata is written that says it is."""
        found = next((found for found in find_plugins(sys.path) if found.name == name), None)
        if found is not None:
            return found
        module = target.partition(":")[0]
        if module not in sys.modules and find_spec(module.partition(".")[0]) is None:
            raise LookupError(f"there is no module {module!r}: is its folder on sys.path?")
        metadata = self._site / f"{name}-0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "entry_points.txt").write_text(f"[crm_core]\n{name} = {target}\n", "utf-8")
        self._monkeypatch.syspath_prepend(str(self._site))
        return next(found for found in find_plugins(sys.path) if found.name == name)

    def _file(self, path: Path, name: str) -> Found:
        """A copy in the folder for plugins, switched on as a user does it."""
        if not path.is_file():
            raise LookupError(f"there is no file {path}")
        places = Places.under(self._crm.home)
        make_private_folder(places.plugins)
        replace_file(places.plugins / f"{name}.py", [path.read_bytes()])
        switch(places.switches, name, on=True)
        return next(found for found in find_files(places.plugins) if found.name == name)


_LOADING: Final = """\
import sys
from crm_core.host.discovery import Found
from crm_core.host.host import Host
before = set(sys.modules)
name, target, path = sys.argv[1:]
Host([Found(name=name, target=target, path=path)], on={name}, strict=True)
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""


def imported_by(found: Found) -> frozenset[str]:
    """The modules that loading a plugin imports, in a process of its own.

    Raises:
        AssertionError: It can't be loaded.
    """
    run = subprocess.run(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, "-c", _LOADING, found.name, found.target, found.path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return frozenset(run.stderr.splitlines()[-1].split())
