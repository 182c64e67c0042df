"""`crm export`: write the book, or a part of it, for other programs and people.

Formats come from plugins (and one from the core), each a command of this group with options of its own; what all have
in common is here.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from msgspec.structs import replace

from crm_core.cli.agenda import tell_failed
from crm_core.cli.app import App, current_app
from crm_core.cli.groups import LazyGroup
from crm_core.cli.params import FILE_NAME
from crm_core.cli.screen.output import Column
from crm_core.errors import CrmError, InputError, PartlyDone
from crm_core.files import make_private_folder, refuse_existing, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_core.book import Book
    from crm_core.commands import Command
    from crm_core.exporting import Export, ExportedFile, Exporter
    from crm_core.records import Contact
    from crm_core.steps import Entry

STDOUT: Final = "-"
TOLD: Final = ("written", "same", "removed", "conflict")


class ExportGroup(LazyGroup):
    """A command for each format that the core and the plugins of this run can write."""

    def lazy_commands(self, ctx: click.Context) -> Mapping[str, Command | click.Command]:
        """The formats by name."""
        app = ctx.find_object(App)
        exporters = app.host.exporters() if app is not None else []
        return {exporter.name: _command(exporter) for exporter in exporters}


@click.command(
    "export",
    cls=ExportGroup,
    lazy={},
    epilog="""\b
Examples:
  crm export vcard -o people.vcf
  crm export json -o book.json
""",
)
def export() -> None:
    """Write the book, or a part of it, for other programs and people."""


def _command(exporter: Exporter) -> click.Command:
    """The command of one format."""

    def run(target: str | None, *, redact: bool, force: bool = False, as_json: bool = False, **options: Any) -> None:
        app = current_app()
        path = None if target in {None, STDOUT} else Path(str(target))
        if exporter.write_folder is not None:
            _check_folder(path, exporter, redact=redact)
            _write_folder(app, exporter, path, _export(app, options, redact=redact), as_json=as_json)
        else:
            earlier = _earlier(path, exporter, force=force, redact=redact)
            export = _export(app, options, redact=redact)
            file = path.name if path is not None else ""
            _write_file(app, exporter, path, replace(export, earlier=earlier, file=file))
        tell_failed(app, "export")

    example = f"crm export {exporter.name} -o " + (f"FILE{exporter.suffix}" if exporter.suffix else "FOLDER")
    return click.Command(
        exporter.name,
        callback=run,
        params=[*_common_options(exporter), *exporter.options],
        short_help=exporter.label,
        help=f"{exporter.label}.\n\n{exporter.help}".strip(),
        epilog=f"Example: {example}",
    )


def _common_options(exporter: Exporter) -> Iterator[click.Option]:
    """The options that every format has, and those of each that writes people."""
    if exporter.write_folder is not None:
        about = "The folder to bring up to date; it is made if need be."
        yield click.Option(["-o", "--output", "target"], type=FILE_NAME, metavar="FOLDER", required=True, help=about)
        yield click.Option(["--json", "as_json"], is_flag=True, help="Print JSON for scripts.")
    else:
        about = "The file to write; standard output by default."
        yield click.Option(["-o", "--output", "target"], type=FILE_NAME, metavar="FILE", help=about)
        if not exporter.updates:
            yield click.Option(["--force"], is_flag=True, help="Write over a file that is there already.")
    if exporter.people:
        about = "Only people with that tag; repeatable."
        yield click.Option(["--tag", "tags"], multiple=True, metavar="TEXT", help=about)
        yield click.Option(["--company"], metavar="TEXT", help="Only people who work or worked there.")
    about = "Leave out names and texts: a copy to show around, of Person 12 at Company 3."
    yield click.Option(["--redact"], is_flag=True, help=about)


def _write_file(app: App, exporter: Exporter, path: Path | None, export: Export) -> None:
    """To a file, whole or not at all, or to standard output.

    Raises:
        CrmError: It can't be written, or a plugin failed whose part the earlier file may hold.
    """
    from crm_core.words import lasting_words

    assert exporter.write is not None  # noqa: S101 (the host let it in)
    with _blamed(exporter), lasting_words():
        data = b"".join(exporter.write(export))
    if path is None:
        app.output.data(data)
        return
    if export.earlier and app.host.failed:
        names = ", ".join(plugin.name for plugin in app.host.failed)
        raise CrmError(
            f"{path} is as it was: it would lack the part of: {names}", "`crm plugins` says what went wrong."
        )
    if path.exists() and data == export.earlier:
        app.output.line(f"{path} is up to date")
        return
    replace_file(path, [data])
    app.output.line(f"Wrote {path}")


def _earlier(path: Path | None, exporter: Exporter, *, force: bool, redact: bool) -> bytes:
    """What the file holds that will be replaced.

    Raises:
        InputError: It is a folder, it can't be read, or it would be lost.
    """
    if path is None:
        return b""
    refuse_existing(path, force=force or exporter.updates)
    if not exporter.updates or not path.exists():
        return b""
    if redact:
        raise InputError(f"{path} is there already", "With --redact nothing is brought up to date: give another name.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {(error.strerror or '').lower()}", "Nothing was changed.") from error


def _check_folder(path: Path | None, exporter: Exporter, *, redact: bool) -> None:
    """See that a folder can be written.

    Raises:
        InputError: It is a file, or of one without names and texts the folder holds something already.
    """
    if path is None or (path.exists() and not path.is_dir()):
        raise InputError(f"{path or STDOUT} is no folder", f"{exporter.name} writes a folder of files.")
    if redact and path.exists() and any(path.iterdir()):
        raise InputError(f"{path} is not empty", "With --redact nothing is brought up to date: give another folder.")


def _write_folder(app: App, exporter: Exporter, path: Path | None, export: Export, *, as_json: bool) -> None:
    """To the files of a folder, with a line for each that could not be brought up to date."""
    from crm_core.words import lasting_words

    assert exporter.write_folder is not None  # noqa: S101 (the host let it in)
    assert path is not None  # noqa: S101 (it was checked)
    make_private_folder(path)
    with _blamed(exporter), lasting_words():
        files = list(exporter.write_folder(export, path))
    counted = Counter(file.action for file in files)
    counts = {action: counted[action] for action in TOLD}
    if as_json:
        app.output.json_items(files, {"summary": counts})
    else:
        _report(app, path, files, counts)
    if counts["conflict"]:
        raise PartlyDone(
            f"{counts['conflict']} of {len(files)} files {'is' if counts['conflict'] == 1 else 'are'} as they were",
            f"Something else changed them: crm import {shlex.quote(str(path))}",
        )


def _report(app: App, path: Path, files: Sequence[ExportedFile], counts: Mapping[str, int]) -> None:
    columns: tuple[Column[ExportedFile], ...] = (
        Column("", lambda file: file.action, priority=3),
        Column("name", lambda file: file.name, priority=2),
        Column("file", lambda file: file.file, priority=1),
    )
    app.output.table([file for file in files if file.action == "conflict"], columns, remark=lambda file: file.reason)
    said = ", ".join(f"{number:,} {action}" for action, number in counts.items() if number)
    app.output.line(f"Brought {path} up to date: {said or 'nothing to write'}")


def _export(app: App, options: dict[str, Any], *, redact: bool) -> Export:
    """What an exporter is given; `options` then are its own."""
    from crm_core.exporting import Export

    contacts = _people(app.book, options.pop("company", None), options.pop("tags", ()))
    if not redact:
        return Export(
            book=app.book, contacts=contacts, agenda=lambda: typed_steps(app, app.book), options=dict(options)
        )
    from crm_core.redaction import redacted, redacted_steps

    copy, chosen = redacted(app.book), {contact.id for contact in contacts}
    return Export(
        book=copy,
        contacts=[contact for contact in copy.contacts if contact.id in chosen],
        agenda=lambda: redacted_steps(typed_steps(app, app.book), typed_steps(app, copy), copy),
        options=dict(options),
    )


def _people(book: Book, company: str | None, tags: Sequence[str]) -> list[Contact]:
    """Those who were asked for, by name."""
    from crm_core.cli.values import tagged
    from crm_core.cli.workplaces import people_of
    from crm_core.network import fold

    found: Iterable[Contact] = book.contacts if company is None else people_of(book, company.strip())
    return sorted((person for person in found if tagged(person.tags, tags)), key=lambda person: fold(person.name))


def typed_steps(app: App, book: Book) -> list[Entry]:
    """All steps, with the commands as they are typed for this book."""
    from crm_core.cli.step import all_steps

    entries = all_steps(app, book).entries
    return [replace(entry, command=app.output.typed(entry.command)) for entry in entries]


@contextmanager
def _blamed(exporter: Exporter) -> Iterator[None]:
    """Say whose fault it is when a format can't be written.

    Raises:
        CrmError: It could not; nothing was written to the file that was asked for.
    """
    try:
        yield
    except (CrmError, click.ClickException):
        raise
    except Exception as error:
        raise CrmError(
            f"The format {exporter.name!r} failed: {type(error).__name__}: {error}",
            "`crm plugins` shows which plugin it belongs to; --debug before the command shows more.",
        ) from error
