"""Files and folders of ours: where they live, and how one is replaced without a moment in which it is half written.

Everything here is other people's personal data: folders are 0700, files 0600. What the files hold is not known here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from crm_core.errors import CrmError, InputError

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
BACKUPS = "backups"
"""The folder of a book's backups, beside it."""

UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


class Places(msgspec.Struct, frozen=True):
    """Where this user's files are.

    Args:
        book: The book's file.
        config: The settings file.
        state: The folder of what the program remembers about itself (plugins switched off).
        demo: The folder in which the demo's own book lives.
        plugins: The folder of one-file plugins; need not exist.
    """

    book: Path
    config: Path
    state: Path
    demo: Path
    plugins: Path

    @property
    def switches(self) -> Path:
        """The file that says which plugins are switched off and on."""
        return self.state / "plugins.json"

    @property
    def brief(self) -> Path:
        """The file that keeps the numbers for a shell's prompt."""
        return self.state / "brief.json"

    @classmethod
    def under(cls, home: Path, book: Path | None = None) -> Places:
        """All files in one folder."""
        return cls(book or home / "book.json", home / "config.toml", home, home / "demo", home / "plugins")

    @property
    def of_demo(self) -> Places:
        """The demo's, which has files of its own but for one-file plugins: they are code, and the same for any book."""
        return msgspec.structs.replace(Places.under(self.demo), plugins=self.plugins)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Places:
        """`CRM_HOME` if set, else the platform's folders; `CRM_BOOK` names another book file.

        Follows the XDG base directory specification 0.8: relative values are ignored.

        Raises:
            InputError: One of the two names the home of a user who does not exist, or is relative to a folder that is
                gone.
        """
        book, home = _given(environ, "CRM_BOOK"), _given(environ, "CRM_HOME")
        if home is not None:
            return cls.under(home, book)
        data, config = _platform_folders(environ)
        return cls(book or data / "book.json", config / "config.toml", data, data / "demo", data / "plugins")


def _given(environ: Mapping[str, str], name: str) -> Path | None:
    value = environ.get(name, "")
    try:
        return Path(value).expanduser().absolute() if value else None
    except (RuntimeError, OSError):
        raise InputError(f"{name} names a place that can't be found: {value!r}", "Give a whole path.") from None


def _platform_folders(environ: Mapping[str, str]) -> tuple[Path, Path]:
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return (folder := home / "Library" / "Application Support" / "crm"), folder
    if sys.platform == "win32":
        return (folder := Path(environ.get("APPDATA") or home) / "crm"), folder
    return _xdg(environ, "XDG_DATA_HOME", home / ".local/share"), _xdg(environ, "XDG_CONFIG_HOME", home / ".config")


def _xdg(environ: Mapping[str, str], name: str, default: Path) -> Path:
    value = environ.get(name, "")
    return (Path(value) if value.startswith("/") else default) / "crm"


def make_private_folder(folder: Path) -> None:
    """Create a folder, and those above it, with nobody else's access; one that exists is left as it is.

    Raises:
        CrmError: It can't be created.
    """
    try:
        if folder.is_dir():
            return
        if folder.parent != folder:
            make_private_folder(folder.parent)  # mkdir(parents=True) would give those the mode that the umask leaves
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    except OSError as error:
        raise CrmError(f"The folder {folder} can't be created: {_reason(error)}") from error


def paths_in(folder: Path) -> list[Path]:
    """What is in a folder, by name; nothing where it is not there or can't be looked into."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def refuse_existing(path: Path, *, force: bool) -> None:
    """Before a file that the user named is written: nothing of theirs is lost by accident.

    Raises:
        InputError: It is a folder, or is there already and was not to be written over.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", "Give the name of a file.")
    if path.exists() and not force:
        raise InputError(f"{path} is there already", "Give another name, or --force to write over it.")


def replace_file(
    path: Path, chunks: Iterable[bytes | memoryview], *, temporary: str = f".{os.getpid()}.tmp", listed: bool = True
) -> None:
    """Write a whole file, or leave the one that is there: temporary file, fsync, rename, fsync of the folder.

    Args:
        path: The file; a symbolic link is followed, so that the link stays.
        chunks: What it shall hold.
        temporary: Ending of the temporary file's name. Writers that hold a lock give a fixed one: a writer that was
            killed then leaves nothing that the next one doesn't take over.
        listed: Wait until the folder has it on the disk, too. Who writes many files does that once, by `sync_folder`.

    Raises:
        CrmError: It could not be written; the old file is as it was, unless the message says otherwise.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(target.name + temporary)
    try:
        _write_synced(part, chunks)
        part.replace(target)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CrmError(f"{path} can't be written: {_reason(error)}", "Nothing was changed.") from error
        raise
    if listed:
        _confirm_written(path, target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of all files in a folder.

    Raises:
        CrmError: It did not confirm them.
    """
    _confirm_written(folder, folder)


def _confirm_written(path: Path, folder: Path) -> None:
    try:
        _sync_folder(folder)
    except OSError as error:
        raise CrmError(
            f"{path} was written, but the disk did not confirm it: {_reason(error)}",
            "Look whether the change is there before you make it again.",
        ) from error


def write_private_file(path: Path, data: bytes) -> None:
    """Write a whole file that nobody but the user may read, or leave the one that is there; a link stays a link.

    Raises:
        CrmError: It could not be written.
    """
    replace_file(path, [data])


def _write_synced(path: Path, chunks: Iterable[bytes | memoryview]) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, PRIVATE_FILE)
        file.writelines(chunks)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # a folder can't be opened there; NTFS journals the rename
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def said_size(size: int) -> str:
    """A number of bytes in words, two or three digits of it."""
    for unit, name in UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}" if size < 10 * unit else f"{size // unit:,} {name}"
    return f"{size} bytes"
