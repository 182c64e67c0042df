"""The bytes of a book's file: one JSON object, checked by a CRC, taken apart without decoding what is in it.

    {"_meta": {"1": {"app": "crm-core", "format": 1, "revision": 7, ..., "crc": 123}},
    "companies": {"1": {...}}, "contacts": {"1": {...}}, ...}

The book, its backups and what somebody brings from elsewhere are read and written by what is here, and by nothing
else. Files themselves are opened elsewhere.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from crm_core.records import CORE, CORE_VERSION
from crm_core.store.base import Snapshot

APP: Final = "crm-core"
FORMAT: Final = 1
META: Final = "_meta"
META_KEY: Final = "1"

PIECE: Final = 4_000  # documents


_top_level = msgspec.json.Decoder(dict[str, msgspec.Raw])
_deep_table = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]])
_encode = msgspec.json.Encoder().encode


class Documents:
    """A table's documents as one run of bytes, which is made piece by piece whenever it is gone through.

    Made at once, it would be a second copy of a book that is in memory already.
    """

    def __init__(self, raws: Mapping[str, msgspec.Raw]) -> None:
        self._raws = raws

    def __iter__(self) -> Iterator[msgspec.Raw | bytes | memoryview]:
        items, start = iter(self._raws.items()), b"{"
        while some := dict(islice(items, PIECE)):
            yield start
            yield memoryview(_encode(some))[1:-1]
            start = b","
        yield b"}" if self._raws else b"{}"


Blobs = Mapping[str, msgspec.Raw | bytes | Documents]
"""Tables by name, each one run of bytes."""


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of itself.

    Args:
        app: Whose file it is.
        format: The layout of the file; a newer one is refused.
        revision: How many change sets have been committed.
        counters: The last number drawn, by id prefix.
        redirects: Ids that became other ids.
        schema: The version of each owner's records.
        identity: What tells this book from any other.
        crc: CRC-32 of every table's name and bytes, `_meta`'s own included with a crc of 0.
    """

    app: str = APP
    format: int = FORMAT
    revision: int = 0
    counters: dict[str, int] = {}
    redirects: dict[str, str] = {}
    schema: dict[str, int] = msgspec.field(default_factory=lambda: {CORE: CORE_VERSION})
    identity: str = ""
    crc: int = 0


_decode_meta = msgspec.json.Decoder(dict[str, Meta]).decode


class Unusable(Exception):
    """These bytes are no book that can be used.

    Args:
        what: Why, as the rest of a sentence about the file: `is empty`.
        newer: Whether a newer version of the program could use them.
        detail: More of it, for one who wants to mend them by hand; may be empty.
    """

    def __init__(self, what: str, *, newer: bool = False, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.newer = newer
        self.detail = detail


class Contents(NamedTuple):
    """A book's file taken apart: its tables without `_meta`, and what it says of itself."""

    tables: dict[str, msgspec.Raw]
    meta: Meta

    @property
    def records(self) -> int:
        """How many records are in it, those of absent plugins included."""
        return sum(len(_top_level.decode(blob)) for name, blob in self.tables.items() if not name.startswith("_"))


def packed(book: Snapshot) -> Contents:
    """A snapshot as a book's file has it; no revision is its own, and it has no history."""
    meta = Meta(
        counters=dict(book.counters),
        redirects=dict(book.redirects),
        schema=dict(book.versions),
        identity=book.identity,
    )
    return Contents({name: msgspec.Raw(_encode(documents)) for name, documents in book.tables.items()}, meta)


def unpacked(contents: Contents) -> Snapshot:
    """A book's file as a snapshot of it."""
    tables = {name: _top_level.decode(blob) for name, blob in contents.tables.items() if not name.startswith("_")}
    meta = contents.meta
    return Snapshot(
        tables=tables,
        counters=meta.counters,
        redirects=meta.redirects,
        versions=meta.schema,
        identity=meta.identity,
    )


def parse(data: bytes, *, checked: bool = True, deep: bool = False) -> Contents:
    """Take a book's bytes apart.

    Args:
        data: The whole file.
        checked: Whether they must fit their checksum.
        deep: Whether every table must be one of documents by number. Ours are; a file that came from elsewhere may fit
            its checksum and still hold anything.

    Raises:
        Unusable: They are damaged, not a book, or of a newer layout.
    """
    if not data:
        raise Unusable("is empty")
    try:
        blobs = _top_level.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unusable("is damaged or is not a book", detail=_where(data, error)) from None
    meta = _parse_meta(blobs.get(META))
    if checked and _checksum({**blobs, META: _without_crc(bytes(blobs[META]))}) != meta.crc:
        raise Unusable("is damaged: its contents do not fit its checksum")
    del blobs[META]
    for name, blob in blobs.items() if deep else ():
        _check_table(name, blob)
    return Contents(blobs, meta)


def _where(data: bytes, error: Exception) -> str:
    """What a JSON reader says, with the line in which the byte is that it names."""
    place = re.search(r"\(byte (\d+)\)", str(error))
    line = f"line {data.count(bytes([10]), 0, int(place[1])) + 1}: " if place else ""
    return f"{line}{error}" if str(error) else ""


def _check_table(name: str, blob: msgspec.Raw) -> None:
    try:
        documents = _deep_table.decode(blob)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        documents = {"": {}}
    if not all(key.isdecimal() and key.isascii() for key in documents):
        raise Unusable(f"has a table {name[:40]!r} that can't be read")


def _parse_meta(raw: msgspec.Raw | None) -> Meta:
    try:
        meta = _decode_meta(raw or b"{}")[META_KEY]
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
        raise Unusable("is another program's file, or damaged") from None
    if meta.app != APP:
        raise Unusable(f"is a file of {meta.app[:40]!r}, not of {APP}")
    if meta.format > FORMAT or meta.schema.get(CORE, 1) > CORE_VERSION:
        raise Unusable("was written by a newer version of crm", newer=True)
    return meta


def salvaged(data: bytes) -> Meta:
    """What a damaged file says of itself, as far as that can still be read; of a new book otherwise.

    `_meta` stands first, so that a file that was cut off, or is damaged further on, still tells its counters.
    """
    import json

    start = re.match(rb'\s*{\s*"_meta"\s*:\s*', data)
    try:
        found, _ = json.JSONDecoder().raw_decode(data[start.end() if start else 0 :].decode("utf-8", "replace"))
        return msgspec.convert(found[META_KEY], Meta)
    except (ValueError, TypeError, LookupError, RecursionError):
        return Meta()


def sealed(tables: Blobs, meta: Meta) -> Meta:
    """What the file of these tables says of itself: the same with the checksum that fits."""
    return msgspec.structs.replace(meta, crc=_checksum({META: meta_bytes(meta, crc=0), **tables}))


def chunks(tables: Blobs, meta: Meta) -> Iterator[bytes | memoryview]:
    """The file's bytes.

    Args:
        tables: All but `_meta`, in the order in which they shall stand there.
        meta: As `sealed` gave it.
    """
    start = b"{"
    for name, blob in {META: meta_bytes(meta), **tables}.items():
        yield start + _encode(name) + b":"
        yield from (memoryview(piece) for piece in _pieces(blob))
        start = b",\n"
    yield b"}\n"


def meta_bytes(meta: Meta, crc: int | None = None) -> bytes:
    """The table `_meta`; with another checksum, if one is given."""
    return _encode({META_KEY: meta if crc is None else msgspec.structs.replace(meta, crc=crc)})


def _without_crc(meta: bytes) -> bytes:
    """`_meta`'s bytes with a crc of 0; it is the last field, so that nothing else can be taken for it."""
    head, name, tail = meta.rpartition(b'"crc":')
    return head + name + b"0" + tail.lstrip(b"0123456789")


def _checksum(blobs: Blobs) -> int:
    crc = 0
    for name, blob in blobs.items():
        crc = zlib.crc32(name.encode("utf-8", "surrogatepass"), crc)
        for piece in _pieces(blob):
            crc = zlib.crc32(memoryview(piece), crc)
    return crc


def _pieces(blob: msgspec.Raw | bytes | Documents) -> Iterable[msgspec.Raw | bytes | memoryview]:
    return blob if isinstance(blob, Documents) else (blob,)
