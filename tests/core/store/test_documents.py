"""A table that is written piece by piece is the table that is written at once."""

from __future__ import annotations

import msgspec
import pytest

from crm_core.store import format as file_format
from crm_core.store.format import Documents, Meta, chunks, parse, sealed


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 7])
def test_the_pieces_are_the_whole(number: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_format, "PIECE", 3)
    raws = {f'{place}"': msgspec.Raw(b'{"name":"%d"}' % place) for place in range(number)}

    assert b"".join(map(bytes, Documents(raws))) == msgspec.json.encode(raws)


def test_a_file_of_pieces_fits_its_checksum(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file_format, "PIECE", 2)
    raws = {str(place): msgspec.Raw(b'{"name":"Ana"}') for place in range(1, 6)}
    meta = sealed({"contacts": Documents(raws)}, Meta())

    contents = parse(b"".join(chunks({"contacts": Documents(raws)}, meta)))

    assert contents.meta == meta
    assert bytes(contents.tables["contacts"]) == msgspec.json.encode(raws)
