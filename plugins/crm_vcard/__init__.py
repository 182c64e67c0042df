"""vCards: people from an address book or a phone.

Only the hooks are here, so that starting the program costs nothing: reading is in `reader.py`, writing in `writer.py`,
folders that are synced in `vdir.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Exporter, Importer


@hookimpl
def crm_importers() -> Iterable[Importer]:
    """The importer for vCard 2.1, 3.0 and 4.0, and for the folders that `crm export vdir` wrote."""
    from crm_core import Importer
    from crm_vcard.reader import looks_like_cards, read_cards
    from crm_vcard.vdir import is_ours, read_folder

    yield Importer(
        name="vcard",
        label="vCard",
        suffixes=(".vcf", ".vcard"),
        sniff=looks_like_cards,
        read=read_cards,
        sniff_folder=is_ours,
        read_folder=read_folder,
    )


@hookimpl
def crm_exporters() -> Iterable[Exporter]:
    """A file of cards, and a folder of them."""
    from crm_vcard import vdir, writer

    yield writer.exporter()
    yield vdir.exporter()
