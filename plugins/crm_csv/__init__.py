"""CSV: people from LinkedIn, Google, Outlook or any other table, and to a table of our own.

Only the hooks are here, so that starting the program costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Exporter, Importer


@hookimpl
def crm_importers() -> Iterable[Importer]:
    """The layouts that are told by their titles, and any other table by what the user says is in its columns."""
    from crm_core import Importer
    from crm_csv.google import GOOGLE
    from crm_csv.layouts import MAIL_PROGRAMS
    from crm_csv.linkedin import CONNECTIONS
    from crm_csv.mapped import FIELDS, columns_of, read_mapped
    from crm_csv.own import is_own, read_own

    for layout in (CONNECTIONS, GOOGLE, MAIL_PROGRAMS):
        yield layout.importer()
    yield Importer(
        name="csv",
        label="any other table",
        suffixes=(".csv", ".tsv", ".tab"),
        sniff=is_own,
        read=read_own,
        fields=FIELDS,
        columns=columns_of,
        read_mapped=read_mapped,
    )


@hookimpl
def crm_exporters() -> Iterable[Exporter]:
    """The table of people, a row each."""
    from crm_core import Exporter
    from crm_csv.own import OPTIONS, write_own

    yield Exporter(
        name="csv",
        label="People as a table, a row each",
        suffix=".csv",
        people=True,
        write=write_own,
        options=OPTIONS,
        help="crm import reads it back, also after it was edited in a spreadsheet.",
    )
