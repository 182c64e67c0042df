"""Settings: one TOML file, `[me]` and one typed section a plugin.

A section is a `Section` subclass: its fields are the keys, its defaults the defaults, its docstring the manual.
The file is the user's: it is read when something asks, and rewritten only by `set`, comments and all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from crm_core.dates import zone_named
from crm_core.errors import InputError
from crm_core.files import make_private_folder, replace_file

LONGEST_VALUE: Final = 10_000
YES_OR_NO: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
"""What people type for true and false, besides those."""
EXPECTED: Final = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "array": "a list",
    "object": "a section of settings",
    "null": "nothing",
}
"""msgspec's names of types, as people call them."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of a settings section; a plugin subclasses it and gives every field a default."""

    def check(self) -> None:
        """Check what types can't say.

        Raises:
            ValueError: A value is not usable; the message begins with its key.
        """


class Me(Section, frozen=True, kw_only=True):
    """Who you are: it signs your letters."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    links: tuple[str, ...] = ()
    timezone: str = ""
    language: str = "en"

    def check(self) -> None:
        """The time zone exists."""
        if self.timezone:
            try:
                zone_named(self.timezone)
            except InputError as error:
                raise ValueError(f"timezone: {error.message}") from error


SectionT = TypeVar("SectionT", bound=Section)


class Unusable(InputError):
    """What the user's settings file says can't be used; the hint says where that is.

    Args:
        section: Its name.
        reason: What is wrong; where one key is, that and a colon come first.
        path: The file.
    """

    def __init__(self, section: str, reason: str, path: Path) -> None:
        super().__init__(f"The settings in [{section}] are not usable: {reason}", f"They are in {path}.")
        self.reason = reason


class Settings:
    """The settings file.

    Args:
        path: The file; need not exist.
        sections: The type of each section by its name; `me` is added.
    """

    def __init__(self, path: Path, sections: Mapping[str, type[Section]] | None = None) -> None:
        self.path = path
        self.sections: dict[str, type[Section]] = {**(sections or {}), "me": Me}
        self._data: dict[str, Any] | None = None
        self._sections: dict[type[Section], Any] = {}  # as they were last asked for: steps ask thousands of times

    @property
    def me(self) -> Me:
        """The section `[me]`."""
        return self.section(Me)

    @property
    def templates(self) -> Path:
        """The folder beside the settings file in which the user's own letter templates are; need not exist."""
        return self.path.parent / "templates"

    def section(self, kind: type[SectionT]) -> SectionT:
        """A section's values, defaults filled in.

        Raises:
            InputError: The file is no TOML, or a value in the section is not usable.
            LookupError: No section of that type was declared.
        """
        if kind not in self._sections:
            name = next((name for name, declared in self.sections.items() if declared is kind), None)
            if name is None:
                raise LookupError(f"no settings section of type {kind.__name__} was declared")
            self._sections[kind] = self._convert(name, kind, self._read().get(name, {}))
        section: SectionT = self._sections[kind]
        return section

    def set(self, name: str, key: str, value: str) -> None:
        """Write one value into the file; lists are given separated by commas.

        Raises:
            InputError: There is no such setting, or it can't have that value; nothing was written.
        """
        kind = self.sections.get(name)
        if kind is None:
            raise InputError(f"There is no settings section [{name}]", f"Sections: {', '.join(sorted(self.sections))}.")
        if key not in kind.__struct_fields__:
            raise InputError(f"[{name}] has no setting {key!r}", f"It has: {', '.join(kind.__struct_fields__)}.")
        _check_writable(value)
        plain = self._plain(name, kind, key, value)
        present = self._read().get(name, {})
        try:
            self._convert(name, kind, {**present, key: plain} if isinstance(present, dict) else present)
        except Unusable as error:
            about, _, reason = error.reason.partition(": ")
            if about != key:
                raise  # it is what the file says already
            raise InputError(f"[{name}] {key} can't be {value[:40]!r}", reason) from None
        self._write(name, key, plain)

    def _plain(self, name: str, kind: type[Section], key: str, value: str) -> Any:
        """The text as the type that the setting has."""
        field = next(field for field in msgspec.structs.fields(kind) if field.name == key)
        if field.type is bool:
            value = YES_OR_NO.get(value.strip().casefold(), value)
        words = [word.strip() for word in value.split(",") if word.strip()]
        try:
            typed = msgspec.convert(value, field.type, strict=False)
        except msgspec.ValidationError as error:
            alone = error
            try:
                typed = msgspec.convert(words, field.type, strict=False)
            except msgspec.ValidationError as as_list:
                # Of a list the second says what is wrong with an item; of all else the first says what is expected.
                reason = _reason(alone if as_list.args[0].endswith("got `array`") else as_list)
                raise InputError(f"[{name}] {key} can't be {value[:40]!r}", reason) from None
        return msgspec.to_builtins(typed)

    def _convert(self, name: str, kind: type[SectionT], data: Any) -> SectionT:
        try:
            # Most have nothing in the file, and a type that is converted to has to be looked through first.
            section = kind() if data == {} else msgspec.convert(data, kind)
            section.check()
        except (msgspec.ValidationError, ValueError) as error:
            raise Unusable(name, _reason(error), self.path) from None
        return section

    def _read(self) -> dict[str, Any]:
        if self._data is None:
            self._data = _parse(self.path)
        return self._data

    def _write(self, name: str, key: str, value: Any) -> None:
        import tomlkit

        text = self.path.read_bytes().decode("utf-8-sig") if self.path.exists() else ""
        document = tomlkit.parse(text)
        if name not in document:
            document[name] = tomlkit.table()
        if value is None:
            document[name].pop(key, None)
        else:
            document[name][key] = value
        make_private_folder(self.path.parent)
        replace_file(self.path, [tomlkit.dumps(document).encode("utf-8")])
        self._data = None
        self._sections.clear()


def _parse(path: Path) -> dict[str, Any]:
    if not os.path.exists(path):  # noqa: PTH110 (Path.exists is a layer above it)
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # of TOML, of UTF-8, of a number with thousands of digits
        raise InputError(f"The settings file is not valid TOML: {error}", f"It is {path}.") from None
    except OSError as error:
        raise InputError(f"The settings file can't be read: {(error.strerror or '').lower()}", f"It is {path}.") from (
            error
        )


def _check_writable(value: str) -> None:
    """What a TOML file can hold, and a person would write into one."""
    if len(value) > LONGEST_VALUE:
        raise InputError(f"That value is longer than {LONGEST_VALUE:,} characters", "Nothing was changed.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("That value holds half a character (a lone surrogate)", "Nothing was changed.") from None


def _reason(error: Exception) -> str:
    text = re.sub(r"(?<=Expected )`([^`]+)`(, got `\w+`)?", _expected, str(error))
    path = text.rsplit(" - at `$.", 1)
    return f"{path[1].rstrip('`')}: {path[0]}" if len(path) == 2 else text


def _expected(found: re.Match[str]) -> str:
    return " or ".join(EXPECTED.get(kind, kind) for kind in found[1].split(" | "))
