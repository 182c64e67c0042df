"""TinyDB's door to the book's file, which is read without decoding it and replaced as a whole.

TinyDB hands tables in and out as mappings. Ours decode only what is looked at: a table that nobody asks for stays one
run of bytes and goes back as such; so does a document that nobody changes. What the bytes mean is in `format.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import msgspec
from tinydb.storages import Storage

from crm_core.errors import BookGone, BookNewer, BookUnreadable
from crm_core.files import make_private_folder, replace_file
from crm_core.store.format import META, Documents, Meta, Unusable, chunks, meta_bytes, parse, sealed

TEMPORARY: Final = ".tmp"
IDENTITY_BYTES: Final = 8
HEAD: Final = 128  # bytes; the revision is among them

_top_level = msgspec.json.Decoder(dict[str, msgspec.Raw])
_encode = msgspec.json.Encoder().encode


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
    def written(self) -> msgspec.Raw | bytes | Documents:
        """The same, made while it is written if it is not there yet."""
        return Documents(self._raws or {}) if self._blob is None else self._blob

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
        advice: Says what to do about a file that can't be read.
        was_there: Whether there has been such a file, as far as others can tell.

    Attributes:
        written: Whether it has replaced the file.
    """

    def __init__(
        self,
        path: Path,
        advice: Callable[[], str] = lambda: "It was left as it is.",
        was_there: Callable[[], bool] = lambda: False,
    ) -> None:
        self.path = path
        self._advice = advice
        self._was_there = was_there
        self._data: bytes | None = None
        self._tables: dict[str, Table] | None = None
        self._signature: tuple[int, int, int, bytes] | None = None
        self._known: int | None = None
        self._meta = Meta()
        self.written = False

    @property
    def meta(self) -> Meta:
        """What the file says of itself; of a new book where there is no file."""
        if self._signature is None:  # not left to `_load`: every look-up of a record asks for the redirects
            self._load()
        return self._meta

    @property
    def data(self) -> bytes | None:
        """The file's bytes, which fit their checksum; None where there is no file.

        Raises:
            BookUnreadable: They do not.
        """
        if self._data is None and self._signature is not None:
            self.forget()  # after a commit of our own
        self._load()
        return self._data

    def read(self) -> dict[str, Table] | None:  # type: ignore[override]  # wider than TinyDB's: mappings, not dicts
        """All tables but undecoded, or None where there is no file.

        Raises:
            BookUnreadable: The file is damaged, not a book, newer than this program, or gone.
        """
        self._load()
        return None if self._tables is None else dict(self._tables)

    def table(self, name: str) -> Table | None:
        """One table, or None where there is none of that name; raises as `read` does."""
        self._load()
        return None if self._tables is None else self._tables.get(name)

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace the file by these tables, as the next revision.

        Raises:
            CrmError: It could not be written; the old file is as it was.
        """
        self.commit({name: Table.of(table) for name, table in data.items()}, self.meta)

    def commit(self, tables: dict[str, Table], meta: Meta) -> None:
        """Replace the file by these tables and `meta`, as the next revision."""
        self.replace(tables, msgspec.structs.replace(meta, revision=self.meta.revision + 1))

    def replace(self, tables: dict[str, Table], meta: Meta) -> None:
        """Replace the file, whatever is in it, by these tables and `meta`, whose checksum is set here."""
        tables.pop(META, None)
        blobs = {name: table.written for name, table in tables.items()}
        identity = meta.identity or os.urandom(IDENTITY_BYTES).hex()
        meta = sealed(blobs, msgspec.structs.replace(meta, identity=identity))
        make_private_folder(self.path.parent)
        try:
            replace_file(self.path, chunks(blobs, meta), temporary=TEMPORARY)
        except BaseException:
            self.forget()
            raise
        self.written = True
        self._data = None
        self._tables = {META: Table(meta_bytes(meta)), **tables}
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
        self._data = self._tables = self._signature = None

    def _load(self) -> None:
        if self._signature is not None:
            return
        signature = self._stat()
        data = self._bytes()
        if data is None:
            self._tables, self._meta = None, Meta()
        else:
            self._tables, self._meta = self._parsed(data)
        self._data = data
        self._known = self._meta.revision
        self._signature = signature  # last: what could not be read must never pass for an empty book

    def _stat(self) -> tuple[int, int, int, bytes]:
        """What tells this file from any that was or will be in its place.

        Its number, time and length alone do not: a file system soon gives the number of a file that is gone again, and
        its clock may stand still for some milliseconds, in which a process commits twice.
        """
        try:
            with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123 (Path.open is a layer above it)
                found = os.fstat(file.fileno())
                return (found.st_ino, found.st_mtime_ns, found.st_size, file.read(HEAD))
        except OSError:
            return (0, 0, 0, b"")

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            if self._was_there():
                raise BookGone(self._said("is not there any more, but backups of it are"), self._advice()) from None
            return None
        except OSError as error:
            raise self._unreadable(f"can't be read: {(error.strerror or '').lower()}") from error

    def _parsed(self, data: bytes) -> tuple[dict[str, Table], Meta]:
        try:
            blobs, meta = parse(data)
        except Unusable as error:
            if error.newer:
                raise BookNewer(self._said(error.what), "It was left as it is. Update crm-core.") from None
            raise self._unreadable(error.what) from None
        return {META: Table(meta_bytes(meta)), **{name: Table(blob) for name, blob in blobs.items()}}, meta

    def _unreadable(self, what: str) -> BookUnreadable:
        return BookUnreadable(self._said(what), self._advice())

    def _said(self, what: str) -> str:
        return f"The book {self.path} {what}"
