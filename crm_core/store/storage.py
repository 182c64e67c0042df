"""The book's file: one JSON object, checked by a CRC, read without decoding it, replaced as a whole.

    {"_meta": {"1": {"app": "crm-core", "format": 1, "revision": 7, ..., "crc": 123}},
    "companies": {"1": {...}}, "contacts": {"1": {...}}, ...}

TinyDB hands tables in and out as mappings. Ours decode only what is looked at: a table that nobody asks for stays one
run of bytes and goes back as such; so does a document that nobody changes.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import msgspec
from tinydb.storages import Storage

from crm_core.errors import BookUnreadable
from crm_core.files import make_private_folder, replace_file

APP: Final = "crm-core"
FORMAT: Final = 1
META: Final = "_meta"
META_KEY: Final = "1"
TEMPORARY: Final = ".tmp"
IDENTITY_BYTES: Final = 8

_Tables = dict[str, msgspec.Raw]
_top_level = msgspec.json.Decoder(_Tables)
_encode = msgspec.json.Encoder().encode


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
    schema: dict[str, int] = msgspec.field(default_factory=lambda: {"core": 1})
    identity: str = ""
    crc: int = 0


_decode_meta = msgspec.json.Decoder(dict[str, Meta]).decode


class Document(MutableMapping[str, Any]):
    """One document, decoded when somebody looks into it; the bytes stay until somebody changes it.

    Has the constructor that TinyDB expects of a document class: `Document(mapping, doc_id)`.
    """

    __slots__ = ("_fields", "_raw", "doc_id")

    def __init__(self, value: Mapping[str, Any] | msgspec.Raw, doc_id: int = 0) -> None:
        self.doc_id = doc_id
        self._raw: msgspec.Raw | None = None
        self._fields: dict[str, Any] | None = None
        if isinstance(value, msgspec.Raw):
            self._raw = value
        elif isinstance(value, Document):
            self._raw, self._fields = value._raw, value._fields  # noqa: SLF001 (another of the same class)
        else:
            self._fields = dict(value)

    @property
    def fields(self) -> dict[str, Any]:
        """The decoded document."""
        if self._fields is None:
            self._fields = msgspec.json.decode(self._raw or b"{}", type=dict[str, Any])
        return self._fields

    @property
    def raw(self) -> msgspec.Raw:
        """Its bytes: the very ones of the file, as long as it was not changed."""
        if self._raw is None or self._changed_inside():
            self._raw = msgspec.Raw(_encode(self._fields))
        return self._raw

    def _changed_inside(self) -> bool:
        """Whether a list or mapping in it was changed in place, which no method of ours gets to see."""
        return self._fields is not None and _encode(self._fields) != _encode(msgspec.json.decode(self._raw or b"{}"))

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.fields[name] = value
        self._raw = None

    def __delitem__(self, name: str) -> None:
        del self.fields[name]
        self._raw = None

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __repr__(self) -> str:
        return f"Document({self.fields!r}, doc_id={self.doc_id})"


class Table(Mapping[str, Document]):
    """A table as it lies in the file: split into documents when first asked for."""

    __slots__ = ("_blob", "_raws")

    def __init__(self, blob: msgspec.Raw | bytes | None = None, raws: dict[str, msgspec.Raw] | None = None) -> None:
        self._blob = blob
        self._raws = raws if blob is None else None

    @property
    def raws(self) -> dict[str, msgspec.Raw]:
        """Every document's bytes by key; not to be changed."""
        if self._raws is None:
            self._raws = _top_level.decode(self._blob or b"{}")
        return self._raws

    @property
    def blob(self) -> msgspec.Raw | bytes:
        """The whole table's bytes."""
        if self._blob is None:
            self._blob = _encode(self._raws or {})
        return self._blob

    @property
    def empty(self) -> bool:
        """Whether it holds no document; splits nothing."""
        return not self._raws if self._raws is not None else memoryview(self.blob).nbytes <= len(b"{}")

    @classmethod
    def of(cls, documents: Mapping[str, Any]) -> Table:
        """A table as TinyDB hands it back: documents of ours or plain mappings."""
        if isinstance(documents, Table):
            return documents
        return cls(raws={str(key): Document(value).raw for key, value in documents.items()})

    def __getitem__(self, key: str) -> Document:
        return Document(self.raws[key], int(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self.raws)

    def __len__(self) -> int:
        return len(self.raws)


class BookStorage(Storage):
    """TinyDB's door to the book's file.

    Reads the file once and keeps it; `refresh` looks whether another process has replaced it. Locking is its caller's.

    Args:
        path: The file; need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._tables: dict[str, Table] | None = None
        self._signature: tuple[int, int, int] | None = None
        self._known: int | None = None
        self._meta = Meta()

    @property
    def meta(self) -> Meta:
        """What the file says of itself; of a new book where there is no file."""
        self._load()
        return self._meta

    def read(self) -> dict[str, Table] | None:  # type: ignore[override]  # wider than TinyDB's: mappings, not dicts
        """All tables but undecoded, or None where there is no file.

        Raises:
            BookUnreadable: The file is damaged, not a book, or newer than this program.
        """
        self._load()
        return None if self._tables is None else dict(self._tables)

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace the file by these tables, as the next revision.

        Raises:
            CrmError: It could not be written; the old file is as it was.
        """
        self.commit({name: Table.of(table) for name, table in data.items()}, self.meta)

    def commit(self, tables: dict[str, Table], meta: Meta) -> None:
        """Replace the file by these tables and `meta`, whose revision and checksum are set here."""
        tables.pop(META, None)
        identity = meta.identity or os.urandom(IDENTITY_BYTES).hex()
        meta = msgspec.structs.replace(meta, revision=self.meta.revision + 1, identity=identity)
        blobs = {META: b"", **{name: table.blob for name, table in tables.items()}}
        meta = msgspec.structs.replace(meta, crc=_checksum(blobs | {META: _meta_bytes(meta, crc=0)}))
        blobs[META] = _meta_bytes(meta, crc=meta.crc)
        make_private_folder(self.path.parent)
        try:
            replace_file(self.path, _file_chunks(blobs), temporary=TEMPORARY)
        except BaseException:
            self.forget()
            raise
        self._tables = {META: Table(blobs[META]), **tables}
        self._meta = meta
        self._known = meta.revision
        self._signature = self._stat()

    def refresh(self) -> bool:
        """Read the file anew if it has been replaced since; says whether it is another revision than was known."""
        if self._signature is not None and self._signature == self._stat():
            return False
        before = self._known
        self.forget()
        return self.meta.revision != before and before is not None

    def forget(self) -> None:
        """Drop what was read."""
        self._tables = self._signature = None

    def _load(self) -> None:
        if self._signature is not None:
            return
        signature = self._stat()
        data = self._bytes()
        if data is None:
            self._tables, self._meta = None, Meta()
        else:
            self._tables, self._meta = self._parse(data)
        self._known = self._meta.revision
        self._signature = signature  # last: what could not be read must never pass for an empty book

    def _stat(self) -> tuple[int, int, int]:
        try:
            found = os.stat(self.path)  # noqa: PTH116 (Path.stat is a layer above it)
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(f"can't be read: {(error.strerror or '').lower()}") from error

    def _parse(self, data: bytes) -> tuple[dict[str, Table], Meta]:
        if not data:
            raise self._unreadable("is empty")
        try:
            blobs = _top_level.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self._unreadable("is damaged or is not a book") from None
        meta = self._parse_meta(blobs.get(META))
        if _checksum({**blobs, META: _without_crc(bytes(blobs[META]))}) != meta.crc:
            raise self._unreadable("is damaged: its contents do not fit its checksum")
        return {name: Table(blob) for name, blob in blobs.items()}, meta

    def _parse_meta(self, raw: msgspec.Raw | None) -> Meta:
        try:
            meta = _decode_meta(raw or b"{}")[META_KEY]
        except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
            raise self._unreadable("is another program's file, or damaged") from None
        if meta.app != APP:
            raise self._unreadable(f"is a file of {meta.app[:40]!r}, not of {APP}")
        if meta.format > FORMAT or meta.schema.get("core", 1) > 1:
            raise BookUnreadable(
                f"The book {self.path} was written by a newer version of crm",
                "Update crm-core; the book was left as it is.",
            )
        return meta

    def _unreadable(self, what: str) -> BookUnreadable:
        return BookUnreadable(
            f"The book {self.path} {what}",
            "It was left as it is. Put a copy of it back in its place, or name another book by CRM_BOOK.",
        )


def _meta_bytes(meta: Meta, crc: int) -> bytes:
    return _encode({META_KEY: msgspec.structs.replace(meta, crc=crc)})


def _without_crc(meta: bytes) -> bytes:
    """`_meta`'s bytes with a crc of 0; it is the last field, so that nothing else can be taken for it."""
    head, name, tail = meta.rpartition(b'"crc":')
    return head + name + b"0" + tail.lstrip(b"0123456789")


def _checksum(blobs: Mapping[str, msgspec.Raw | bytes]) -> int:
    crc = 0
    for name, blob in blobs.items():
        crc = zlib.crc32(memoryview(blob), zlib.crc32(name.encode("utf-8", "surrogatepass"), crc))
    return crc


def _file_chunks(blobs: Mapping[str, msgspec.Raw | bytes]) -> Iterator[bytes]:
    start = b"{"
    for name, blob in blobs.items():
        yield start + _encode(name) + b":"
        yield bytes(blob)
        start = b",\n"
    yield b"}\n"
