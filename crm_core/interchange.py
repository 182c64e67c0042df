"""The whole book as JSON that anybody can read: written, read back, and described by a JSON Schema.

Unlike the book's own file, which is laid out for one program (see `store/`), this has records with their ids, one a
line, and is described in docs/reference/book-json.md. It leaves out the history and the settings. What of it comes into
a book that has people already is decided elsewhere; here it is a whole book or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, get_args, get_origin

import msgspec

from crm_core import codec
from crm_core.errors import CrmError, InputError
from crm_core.records import CORE, CORE_VERSION, RecordKind, Ref, versions_of
from crm_core.store.attachments import attachment_name
from crm_core.store.base import Snapshot

SCHEMA: Final = 1
APP: Final = "crm-core"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_APP: Final = re.compile(rb'"app"\s*:\s*"crm-core"')
_ID: Final = re.compile(r"([a-z]+)([1-9][0-9]{0,17})")
_KEY: Final = re.compile(r"[1-9][0-9]{0,17}")
_BOM: Final = b"\xef\xbb\xbf"

_encode = msgspec.json.Encoder().encode
_Document = dict[str, msgspec.Raw]


def _says(text: str) -> msgspec.Meta:
    return msgspec.Meta(description=text)


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A whole book, without its history and without settings."""

    schema: Annotated[int, _says("The version of this layout; a newer one is refused.")]
    app: Annotated[str, _says("Whose it is.")]
    exported: Annotated[datetime, _says("When it was written.")]
    identity: Annotated[str, _says("What tells this book from any other.")] = ""
    versions: Annotated[dict[str, int], _says("The version of each owner's records.")] = {}
    counters: Annotated[
        dict[str, Annotated[int, msgspec.Meta(ge=0, lt=10**18)]],
        _says("The last number drawn, by id prefix: numbers are never used again."),
    ] = {}
    redirects: Annotated[
        dict[str, str], _says("Ids that became other ids by a merge; a reference may still name an old one.")
    ] = {}
    tables: Annotated[dict[str, list[_Document]], _says("Records by table, each with its id.")] = {}
    others: Annotated[
        dict[str, dict[str, msgspec.Raw]],
        _says("Tables of plugins that were not there when it was written: documents by number."),
    ] = {}
    computed: Annotated[
        dict[str, Any], _says("What follows from the records on the day of the export, for readers; not read back.")
    ] = {}
    attachments: Annotated[dict[str, bytes], _says("Files that records name, such as photos, in base64.")] = {}


_decode = msgspec.json.Decoder(Whole).decode


def book_to_json(
    book: Snapshot, kinds: Iterable[RecordKind[Any]], *, exported: datetime, computed: Mapping[str, object]
) -> Iterator[bytes]:
    """The file's bytes: a record a line.

    Args:
        book: What to write.
        kinds: The kinds of record whose ids are known; other tables are written by their numbers.
        exported: The present, aware.
        computed: What follows from the records, by name.
    """
    prefixes = {kind.table: kind.prefix for kind in kinds}
    known = {name: documents for name, documents in book.tables.items() if name in prefixes}
    others = {name: documents for name, documents in book.tables.items() if name not in prefixes}
    yield b'{"schema":%d,\n"app":%s,\n"exported":%s' % (SCHEMA, _encode(APP), _encode(exported))
    for name in ("identity", "versions", "counters", "redirects"):
        yield b',\n"%s":%s' % (name.encode(), _encode(getattr(book, name)))
    yield b',\n"tables":'
    yield from _object((name, _records(prefixes[name], table)) for name, table in known.items())
    yield b',\n"others":'
    yield from _object((name, _object((k, [bytes(raw)]) for k, raw in table.items())) for name, table in others.items())
    yield b',\n"computed":'
    yield from _object((name, [codec.to_json(value)]) for name, value in computed.items())
    yield b',\n"attachments":'
    yield from _object((name, [_encode(data)]) for name, data in book.attachments.items())
    yield b"}\n"


def _object(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """An object, a member a line."""
    start = b"{\n"
    for name, value in members:
        yield start + _encode(name) + b":"
        yield from value
        start = b",\n"
    yield b"{}" if start == b"{\n" else b"\n}"


def _records(prefix: str, documents: Mapping[str, msgspec.Raw]) -> Iterator[bytes]:
    """A list of records, one a line, each with its id before all else."""
    start = b"[\n"
    for key, raw in documents.items():
        fields: _Document = msgspec.json.decode(raw, type=_Document)
        yield start + _encode({"id": prefix + key, **{name: fields[name] for name in fields if name != "id"}})
        start = b",\n"
    yield b"\n]"


def looks_like_a_book(head: bytes) -> bool:
    """Whether a file that begins so is one of these, and not a book's own file."""
    starts = head.removeprefix(_BOM).lstrip().startswith(b"{")
    return starts and _APP.search(head) is not None and b'"_meta"' not in head


def book_from_json(data: bytes, kinds: Iterable[RecordKind[Any]]) -> Snapshot:
    """The book that was written so; nothing of it was put anywhere yet.

    Args:
        data: The whole file.
        kinds: The kinds of record that are known: theirs are checked. Tables of others are taken as they are.

    Raises:
        InputError: It is no such file, it is of a newer layout, or a record in it could not be read.
    """
    kinds = list(kinds)
    # Without the spaces that another program may have put in: documents are kept as they stand here.
    whole = read_whole(data, compact=True)
    prefixes = {kind.table: kind.prefix for kind in kinds}
    tables = {name: _numbered(name, records, prefixes.get(name, "")) for name, records in whole.tables.items()}
    tables |= {name: _checked_keys(name, documents) for name, documents in whole.others.items()}
    book = Snapshot(
        tables={name: _in_order(documents) for name, documents in tables.items() if documents},
        counters=_counters(whole),
        redirects=_checked_redirects(whole.redirects),
        versions=whole.versions or {CORE: CORE_VERSION},
        identity=whole.identity,
        attachments=_checked_attachments(whole.attachments),
    )
    present = versions_of(kinds)
    for kind in kinds:
        # What is of an older version is read, and checked, when it is brought to the present one.
        if book.versions.get(kind.owner, 1) == present[kind.owner]:
            _check(kind, book)
    return book


def read_whole(data: bytes, *, compact: bool = False) -> Whole:
    """The file taken apart, its records undecoded.

    Args:
        data: The whole file.
        compact: Take spaces out of the records, but for those in texts.

    Raises:
        InputError: It is no such file, or of a newer layout.
    """
    data = data.removeprefix(_BOM)
    try:
        whole = _decode(msgspec.json.format(data, indent=-1) if compact else data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"That is no whole book: {str(error)[:200]}", "`crm export json` writes one.") from None
    if whole.app != APP:
        raise InputError(f"That is a file of {whole.app[:40]!r}, not of {APP}", "`crm export json` writes one.")
    if whole.schema > SCHEMA or whole.versions.get(CORE, 1) > CORE_VERSION:
        raise InputError("That was written by a newer version of crm", "Update crm-core.")
    if not re.fullmatch("(?:[0-9a-f]{16})?", whole.identity):
        raise InputError(f"{whole.identity[:40]!r} is no book's identity", "It has 16 hexadecimal digits.")
    return whole


def _numbered(table: str, records: Iterable[_Document], prefix: str) -> dict[str, msgspec.Raw]:
    """Documents by number, as a book's file has them; their ids begin with that prefix, if one is known."""
    documents: dict[str, msgspec.Raw] = {}
    for fields in records:
        found, key = _parts(table, fields)
        if prefix and found != prefix:
            raise InputError(f"{table} has a record of the id {found}{key}", f"Ids there begin with {prefix}.")
        if key in documents:
            raise InputError(f"{table} has two records of the id {_id(fields)}", "An id is given once.")
        documents[key] = msgspec.Raw(_encode({name: raw for name, raw in fields.items() if name != "id"}))
    return _checked_keys(table, documents)


def _id(fields: _Document) -> str:
    try:
        return msgspec.json.decode(fields["id"], type=str)
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _parts(table: str, fields: _Document) -> tuple[str, str]:
    match = _ID.fullmatch(_id(fields))
    if match is None:
        raise InputError(f"A record of {table} has no usable id: {_id(fields)[:40]!r}", "Ids are written like c12.")
    return match[1], match[2]


def _checked_keys(table: str, documents: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    if not table or table.startswith("_"):
        raise InputError(f"{table[:40]!r} is no table of records", "Names of tables begin with a letter.")
    bad = next((key for key in documents if not _KEY.fullmatch(key)), None)
    if bad is not None:
        raise InputError(f"{table} has a record under {bad[:40]!r}, which is no number")
    return documents


def _in_order(documents: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """By number, as every store has them."""
    return {key: documents[key] for key in sorted(documents, key=int)}


def _counters(whole: Whole) -> dict[str, int]:
    """The counters, none of them behind an id that is there: it would be given a second time."""
    counters = dict(whole.counters)
    for table, records in whole.tables.items():
        for fields in records:
            prefix, key = _parts(table, fields)
            counters[prefix] = max(counters.get(prefix, 0), int(key))
    return counters


def _checked_redirects(redirects: dict[str, str]) -> dict[str, str]:
    """Ids to ids, none of which leads back to where it came from: whoever followed it would never arrive."""
    for old in redirects:
        seen, present = {old}, old
        while present in redirects:
            present = redirects[present]
            if present in seen or not _ID.fullmatch(present):
                raise InputError(f"The redirect of {old[:40]!r} leads nowhere", "The file was changed by hand.")
            seen.add(present)
    return redirects


def _checked_attachments(attachments: dict[str, bytes]) -> dict[str, bytes]:
    changed = next((name for name, data in attachments.items() if attachment_name(data) != name), None)
    if changed is not None:
        raise InputError(f"The attachment {changed[:40]!r} is not what it was", "Its name is made of its contents.")
    return attachments


def _check(kind: RecordKind[Any], book: Snapshot) -> None:
    for key, raw in book.tables.get(kind.table, {}).items():
        ref: Ref[Any] = Ref(kind.prefix + key)
        try:
            codec.decode(kind.type, raw, ref)
        except (msgspec.DecodeError, UnicodeDecodeError, CrmError) as error:
            raise InputError(f"The {kind.label} {ref} can't be read: {error}", "Nothing was changed.") from None


def book_schema(kinds: Iterable[RecordKind[Any]]) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the file, with the types of these kinds' records."""
    kinds = list(kinds)
    records, parts = msgspec.json.schema_components(
        [_with_id(kind) for kind in kinds], schema_hook=_schema_of, ref_template="#/$defs/{name}"
    )
    _, layout = msgspec.json.schema_components([Whole], schema_hook=_schema_of)
    schema = layout["Whole"]
    properties = schema["properties"]
    properties["schema"] = {"const": SCHEMA}
    properties["app"] = {"const": APP}
    properties["tables"]["properties"] = {
        kind.table: {"type": "array", "items": record} for kind, record in zip(kinds, records, strict=True)
    }
    tidy = {name: _tidied(part) for name, part in parts.items()}
    return {"$schema": DIALECT, **_tidied(schema), "title": f"A book of {APP}", "$defs": tidy}


def _with_id(kind: RecordKind[Any]) -> type[msgspec.Struct]:
    """The kind's type as it stands in the file: its id is there, and of its own form."""
    fields: list[Any] = [("id", Annotated[str, msgspec.Meta(pattern=f"^{kind.prefix}[1-9][0-9]*$")])]
    for field in msgspec.structs.fields(kind.type):
        made = {"default": field.default, "default_factory": field.default_factory}
        fields += [(field.encode_name, field.type, msgspec.field(**made))] if field.name != "id" else []
    about = {"__doc__": kind.type.__doc__}
    return msgspec.defstruct(
        kind.type.__name__, fields, kw_only=True, namespace=about, module=kind.type.__module__, frozen=True
    )


def _schema_of(kind: Any) -> dict[str, Any]:
    """The schema of what msgspec has no rule for: a reference is an id, a document is anything."""
    if (get_origin(kind) or kind) is Ref:
        of = next((arg for arg in get_args(kind) if isinstance(arg, type)), None)
        return {"type": "string", "description": f"The id of a {of.__name__}" if of else "An id"}
    raise NotImplementedError(f"no schema for {kind}")


def _tidied(schema: dict[str, Any]) -> dict[str, Any]:
    """The same with its description, a docstring, as plain lines."""
    from inspect import cleandoc

    if "description" in schema:
        schema = {**schema, "description": cleandoc(schema["description"])}
    return schema
