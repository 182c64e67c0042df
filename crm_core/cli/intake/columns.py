"""What is in the columns of a table that no importer knows: said by `--map`, else asked column by column.

What a column may be, and which guess is offered for it, comes from the importer.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from crm_core.cli.dialog.asking import ask, someone_there
from crm_core.cli.intake.sources import NOTHING_DONE, Source
from crm_core.cli.screen.output import Output
from crm_core.errors import InputError
from crm_core.importing import Importer, TableColumn

KEEP: Final = "keep"
MOST_NAMED: Final = 8
LONGEST_COMMAND: Final = 1_200
"""Characters: a line beside the data is cut where it is longer than anybody would read, and half a command is none."""


class ColumnMaps:
    """The column maps of one import.

    Args:
        given: What `--map` says, such as `Full name=name`; the same for every table.
        words: The files that were named, for the command that does the same again.
        output: Where the questions are explained.
    """

    def __init__(self, given: Sequence[str], words: Sequence[str], output: Output) -> None:
        self.given = given
        self._words = words
        self._output = output
        self._used = False
        self._asked: dict[tuple[str, ...], dict[str, str]] = {}

    def may_read(self, source: Source) -> bool:
        """Whether a table that no format knows is asked about, or may be what `--map` is about."""
        return source.named or bool(self.given)

    def of(self, source: Source, columns: Sequence[TableColumn], importer: Importer) -> dict[str, str] | None:
        """A field for each column of a table; None for one that was found, and that `--map` is not about.

        Raises:
            InputError: `--map` names a column or a field that there is none of, or nobody is there to be asked.
        """
        titles = tuple(column.title for column in columns)
        if self.given:
            if not source.named and not all(_place(_split(word)[0], titles) is not None for word in self.given):
                return None
            self._used = True
            return self._said(source, titles, importer)
        if titles not in self._asked:
            if not someone_there():
                raise self._unknown(source, columns, importer)
            self._asked[titles] = self._ask(source, columns, importer)
        return self._asked[titles]

    def finish(self) -> None:
        """Say how the same is done again without questions.

        Raises:
            InputError: `--map` was given, and there was no table that it could be about.
        """
        if self.given and not self._used:
            raise InputError(
                "--map was given, but there is no table to read by it",
                f"{NOTHING_DONE} A table whose format is known is read by it only with --format csv.",
            )
        for mapping in self._asked.values():
            self._output.talk(f"The same again without questions: {self._command(mapping)}")

    def _said(self, source: Source, titles: Sequence[str], importer: Importer) -> dict[str, str]:
        mapping = dict.fromkeys(titles, KEEP)
        for word in self.given:
            title, field = _split(word)
            place = _place(title, titles)
            if place is None:
                raise InputError(
                    f"{source.name} has no column {title[:40]!r}", f"{NOTHING_DONE} Columns: {_listed(titles)}."
                )
            _check(field, importer)
            mapping[titles[place]] = field
        return mapping

    def _ask(self, source: Source, columns: Sequence[TableColumn], importer: Importer) -> dict[str, str]:
        self._output.talk(f"{source.name} is a table that no format knows. What is in its columns?")
        fields = f"Enter takes what is in brackets. Fields: {', '.join(importer.fields)}."
        for line in self._output.wrap(fields).split("\n"):
            self._output.talk(line)
        mapping = {}
        for column in columns:
            mapping[column.title] = self._asked_field(column, importer) if column.samples else KEEP
        return mapping

    def _asked_field(self, column: TableColumn, importer: Importer) -> str:
        self._output.talk(f"  {column.title}: {' | '.join(column.samples)}")
        while True:
            field = ask(column.title, f"--map {shlex.quote(column.title + '=FIELD')}", column.guess or KEEP)
            try:
                _check(field, importer)
            except InputError as error:
                self._output.talk(f"{error.message}. {error.hint}")
            else:
                return field

    def _unknown(self, source: Source, columns: Sequence[TableColumn], importer: Importer) -> InputError:
        guessed = {column.title: column.guess or KEEP for column in columns}
        return InputError(
            f"{source.name} is a table that no format knows; its columns: {_listed(list(guessed))}",
            f"Say what is in them; fields: {', '.join(importer.fields)}. Guessed, to be looked at: "
            f"{self._command(guessed)}",
        )

    def _command(self, mapping: Mapping[str, str]) -> str:
        """The command that reads a table by a map; of a very wide one without what is kept unasked."""
        command = self._with(mapping)
        if len(command) <= LONGEST_COMMAND:
            return command
        return self._with({title: field for title, field in mapping.items() if field != KEEP})

    def _with(self, mapping: Mapping[str, str]) -> str:
        maps = (f"--map {shlex.quote(f'{title}={field}')}" for title, field in mapping.items())
        return f"crm import {shlex.join(self._words)} {' '.join(maps)}"


def _split(word: str) -> tuple[str, str]:
    """The title and the field in `Full name=name`; a title may have a `=` in it.

    Raises:
        InputError: There is none in it.
    """
    title, sign, field = word.rpartition("=")
    if not (sign and title.strip() and field.strip()):
        raise InputError(f"--map {word[:40]!r} is no column and field", "Give it as --map 'Full name=name'.")
    return " ".join(title.split()), field.strip()


def _place(title: str, titles: Sequence[str]) -> int | None:
    """The place of the column that is meant: by its title, whatever its case, else by its number from 1."""
    if title in titles:
        return titles.index(title)
    folded = [known.casefold() for known in titles]
    if title.casefold() in folded:
        return folded.index(title.casefold())
    return int(title) - 1 if title.isdecimal() and 0 < int(title) <= len(titles) else None


def _check(field: str, importer: Importer) -> None:
    if field.partition(":")[0] not in importer.fields:
        raise InputError(f"A column can't be {field[:40]!r}", f"Fields: {', '.join(importer.fields)}.")


def _listed(titles: Iterable[str]) -> str:
    titles = list(titles)
    more = f" and {len(titles) - MOST_NAMED} more" if len(titles) > MOST_NAMED else ""
    return ", ".join(titles[:MOST_NAMED]) + more
