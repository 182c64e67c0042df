"""Records to bytes and back; what a type does not know of a stored document is kept.

A newer version of the program, or a plugin's, may have written fields that this one has no name for. Decoding drops
them, so a record that is written back takes them over from the document that it replaces, nested ones too.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import force_setattr

from crm_core.records import R, Record, Ref

as_plain: Final[Callable[[Any], str]] = str.__str__
"""A reference, which is a `str` of its own type, as plain text; raises TypeError for what has no form in JSON.

A large list has many, so this is no function of ours: that alone took a quarter of the time.
"""


def _as_typed(kind: type, value: object) -> object:
    origin = get_origin(kind) or kind
    if origin is Ref and isinstance(value, str):
        return Ref(value)
    raise TypeError(f"Expected `{origin.__name__}`, got `{type(value).__name__}`")  # a ValidationError to the reader


_encoder = msgspec.json.Encoder(enc_hook=as_plain)


def to_json(value: object) -> bytes:
    """Any record, row or plain value as JSON."""
    return _encoder.encode(value)


@lru_cache(maxsize=256)
def decoder(kind: type[R]) -> msgspec.json.Decoder[R]:
    """The decoder of a record type."""
    return msgspec.json.Decoder(kind, dec_hook=_as_typed)


def decode(kind: type[R], raw: msgspec.Raw, id: Ref[R]) -> R:  # noqa: A002 (it is the id)
    """A stored document as a record.

    Raises:
        msgspec.DecodeError: It is not one of that kind.
    """
    record: R = decoder(kind).decode(raw)
    force_setattr(record, "id", id)
    return record


def decode_all(kind: type[R], raws: Mapping[str, msgspec.Raw], prefix: str) -> dict[str, R]:
    """All documents of a table as records, by their keys; of tens of thousands this takes half the time.

    Raises:
        msgspec.DecodeError: One is not of that kind; `decode` tells which.
    """
    records: dict[str, R] = {}
    read = decoder(kind).decode
    for key, raw in raws.items():
        records[key] = record = read(raw)
        force_setattr(record, "id", Ref(prefix + key))
    return records


def document(record: Record, replaced: msgspec.Raw | None) -> bytes:
    """A record as it is stored: without its id, with what its type does not know of the document that it replaces.

    A field that has its default is left out, which makes a large book half as large: a default is part of the
    file's format, and to change one needs a migration.

    Raises:
        UnicodeEncodeError: A text holds half of a surrogate pair, which no file can.
    """
    kind = type(record)
    fields = msgspec.to_builtins(record, enc_hook=as_plain)
    fields.pop("id", None)
    if replaced is not None:
        old = msgspec.json.decode(replaced, type=dict[str, Any])
        fields = _carry(kind, fields, _with_defaults(kind, old))
    return _encoder.encode(_without_defaults(kind, fields))


def _without_defaults(kind: type[msgspec.Struct], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields but those that are as they would be if nothing were said."""
    defaults, parts = _defaults(kind), _part_fields(kind)
    if not defaults and not parts:
        return dict(fields)
    return {
        name: _in_parts(parts[name], value, _without_defaults) if name in parts else value
        for name, value in fields.items()
        if defaults.get(name, msgspec.NODEFAULT) != value
    }


def _with_defaults(kind: type[msgspec.Struct], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with those that were left out."""
    parts = _part_fields(kind)
    known = {
        name: _in_parts(parts[name], value, _with_defaults) if name in parts else value
        for name, value in fields.items()
    }
    return {**_defaults(kind), **known}


def _in_parts(
    part: type[msgspec.Struct],
    value: Any,
    change: Callable[[type[msgspec.Struct], Mapping[str, Any]], dict[str, Any]],
) -> Any:
    """A value with each structure in it changed; another value as it is."""
    if isinstance(value, dict):
        return change(part, value)
    if isinstance(value, (list, tuple)):
        return [change(part, item) if isinstance(item, dict) else item for item in value]
    return value


@lru_cache(maxsize=256)
def _defaults(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The defaults of a type's fields, in the form of `msgspec.to_builtins`."""
    found = {}
    for field in msgspec.structs.fields(kind):
        if not field.required:
            factory = field.default_factory
            default = field.default if factory is msgspec.NODEFAULT else factory()
            found[field.encode_name] = msgspec.to_builtins(default, enc_hook=as_plain)
    return found


def _carry(kind: type[msgspec.Struct], new: dict[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """`new` with the keys of `old` that the type has no field for."""
    parts = _part_fields(kind)
    result = {name: _carry_value(parts.get(name), value, old.get(name)) for name, value in new.items()}
    # Not the keys of `new`: a type with `omit_defaults` leaves out what it knows very well.
    known = {*kind.__struct_encode_fields__, "id"}
    return result | {name: value for name, value in old.items() if name not in known}


def _carry_value(part: type[msgspec.Struct] | None, new: Any, old: Any) -> Any:
    if part is None:
        return new
    if isinstance(new, dict) and isinstance(old, dict):
        return _carry(part, new, old)
    if isinstance(new, (list, tuple)) and isinstance(old, (list, tuple)):
        return _carry_list(part, new, old)
    return new


def _carry_list(part: type[msgspec.Struct], new: Sequence[Any], old: Sequence[Any]) -> tuple[Any, ...]:
    """Elements are matched by being equal in all known fields, else by their order in a list of equal length.

    Each old element is taken once, so that nothing it carries is doubled.
    """
    spare = [item for item in old if isinstance(item, dict)]
    matches: list[dict[str, Any] | None] = []
    for item in new:
        place = next((place for place, other in enumerate(spare) if _equal_in_known(item, other)), None)
        matches.append(spare.pop(place) if place is not None else None)
    if len(new) == len(old):
        rest = iter(spare)
        matches = [match if match is not None else next(rest, None) for match in matches]
    return tuple(_carry(part, item, match) if match else item for item, match in zip(new, matches, strict=True))


def _equal_in_known(new: Any, old: dict[str, Any]) -> bool:
    """A field that the old one lacks was unknown when it was written."""
    return isinstance(new, dict) and all(old.get(key, value) == value for key, value in new.items())


@lru_cache(maxsize=256)
def _part_fields(kind: type[msgspec.Struct]) -> dict[str, type[msgspec.Struct]]:
    """The fields of a type that hold structures, alone or in a tuple."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        members = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
        for member in members:
            inner = get_args(member)[0] if get_origin(member) is tuple else member
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                found[name] = inner
    return found
