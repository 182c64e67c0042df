"""One logical line into a property: its name, its parameters, its value as text.

The value stays escaped, since where it may be split depends on the property; `values` splits and unescapes it, the
core's `clean_text` makes it fit to be stored. What a property means for a person is in `fields.py`.

vobject's `parseParams` and `stringToTextValues` do the parsing. Its `parseLine` is never called: a line without a colon
and with n parameters takes it 2**n steps. Its line-reading cuts texts at a bare comma and knows no charset.
"""

from __future__ import annotations

import binascii
import re
from encodings.aliases import aliases
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from crm_core import USUAL_LABELS, clean_text, one_line, usual_label

if TYPE_CHECKING:
    from crm_vcard.cards import LogicalLine

HEAD: Final = re.compile(rb'[^":]*+(?:"[^"]*+"[^":]*+)*+:')
QUOTE: Final = ord('"')
"""As a number: to look for one byte in bytes by bytes costs an exception inside Python."""
NAME: Final = re.compile(r"(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)")
PARAMETER: Final = re.compile(r';((?:[^;"]++|"[^"]*+"|")*+)')

ESCAPABLE: Final = '\\;,:Nn"'
"""What may follow a backslash. RFC 2426 has no escaped colon; Apple's and Google's exports write it in addresses."""

MEANT: Final = tuple((f"\\{letter}", "\n" if letter in "Nn" else letter) for letter in ESCAPABLE if letter != "\\")
ESCAPE: Final = re.compile(r"\\([" + re.escape(ESCAPABLE) + "])")
NO_PREF: Final = 101
MOST_CACHED: Final = 1024
CACHED_HEAD: Final = 200
LONGEST_HEAD: Final = 10_000
"""Bytes before the colon: short ones come again and again, overlong ones are not read."""

SUPERSETS: Final = {"latin_1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "x_sjis": "cp932"}
"""Charsets that files name when they mean a larger one."""

USED_PARAMETERS: Final = frozenset({"TYPE", "PREF", "CHARSET", "ENCODING", "VALUE"})
"""What other parameters say is said by no field, but for these, which single properties have:"""
USED_BESIDE: Final = {
    "BDAY": frozenset({"X-APPLE-OMIT-YEAR"}),
    "IMPP": frozenset({"SERVICE-TYPE", "X-SERVICE-TYPE"}),
    "SOCIALPROFILE": frozenset({"SERVICE-TYPE", "USERNAME"}),
    "X-SOCIALPROFILE": frozenset({"SERVICE-TYPE", "USERNAME", "X-USER"}),
    "N": frozenset({"X-CRM"}),
}
TYPES_ARE_USED: Final = frozenset({"EMAIL", "TEL", "SOCIALPROFILE", "X-SOCIALPROFILE"})
USUAL: Final = frozenset({"", *USUAL_LABELS})
ENCODINGS: Final = frozenset({"quoted-printable", "base64", "b", "7bit", "8bit"})

KNOWN_CHARSETS: Final = re.compile(
    r"utf_8|cp125[0-8]|cp(?:437|850|852|866|874|932|949|950)|iso8859_(?:[2-9]|1[0-6])|koi8_[ru]|mac_roman|tis_620"
    r"|big5(?:hkscs)?|gb18030|hz|euc_(?:jp|kr)|iso2022_(?:jp|kr)"
)
"""Python's names. Others that it knows, such as `idna` or `unicode_escape`, are no charsets, and some are slow."""


class Head(NamedTuple):
    """What stands before the colon.

    Args:
        name: The property's name, upper case.
        group: `item1` of `item1.URL`, lower case; may be empty.
        types: Its types, lower case, those without `TYPE=` too.
        pref: 1 for the most preferred (RFC 6350 section 5.3), 101 for one that does not say.
        values: The other parameters by upper-case name; of several values the first.
        charset: Python's name of the charset that the line says it is in; empty if none or none that we know.
        quoted: Whether the value is quoted-printable.
        plain: Whether the value needs no decoding of its own.
        kept: The head as it can be written in a card of version 3.0 or 4.0.
        label: What its types say of an address or a number, in the usual words.
        more: Whether it says something that no field of a contact has a place for.
    """

    name: str
    group: str
    types: frozenset[str]
    pref: int
    values: dict[str, str]
    charset: str
    quoted: bool
    plain: bool
    kept: str
    label: str
    more: bool


class Property(msgspec.Struct, frozen=True, gc=False):
    """One line of a card.

    Args:
        line: The number of the line that it begins in.
        name: Its name, upper case.
        head: All that stands before the colon.
        value: Its text, still escaped.
    """

    line: int
    name: str
    head: Head
    value: str

    @property
    def text(self) -> str:
        """The whole value, unescaped and clean; it may have several lines."""
        return clean_text(unescape(self.value)).strip()

    @property
    def words(self) -> str:
        """The whole value, unescaped and clean, on one line."""
        text = self.value
        if text.isascii() and text.isprintable() and "\\" not in text and "  " not in text:
            return text.strip()
        return one_line(unescape(text))

    def parts(self, separator: str) -> list[str]:
        """The value split at each bare separator; each part unescaped, clean, on one line, and maybe empty."""
        text = self.value
        if text.isascii() and text.isprintable() and "\\" not in text and "  " not in text:
            return [part.strip() for part in text.split(separator)]
        return [one_line(part) for part in values(text, separator)]

    @property
    def kept(self) -> str:
        """The line as it can be written in a card of version 3.0 or 4.0, unfolded."""
        return self.head.kept + ":" + clean_text(self.value).strip().replace("\n", "\\n")


class Content(NamedTuple):
    """What a card holds: its properties, the lines that are none, and the charsets that had to be guessed."""

    properties: list[Property]
    bad: list[LogicalLine]
    guessed: set[str]


def content_of(lines: list[LogicalLine]) -> Content:
    """Read the logical lines of one card."""
    content = Content([], [], set())
    add, declared = content.properties.append, ""
    for number, line in lines:
        printed, colon, raw = line.partition(b":")
        if colon and QUOTE not in printed:
            head = _HEADS[printed]
        else:
            head, raw = _split(line)
        if head is None:
            content.bad.append((number, line))
            continue
        try:
            value = raw.decode() if head.plain else _decoded(head, raw)
        except UnicodeDecodeError:
            declared = declared or _declared(lines)
            value, charset = _guessed(binascii.a2b_qp(raw) if head.quoted else raw, declared)
            content.guessed.add(charset)
        add(Property(number, head.name, head, value))
    return content


def values(text: str, separator: str) -> list[str]:
    r"""The text split at each bare separator, each part unescaped: `a\;b;c` at `;` is `a;b` and `c`.

    vobject's scanner leaves out an empty last part, and makes `eof` of a lone backslash at the end: hence the full stop
    that is put there and taken off again.
    """
    if "\\" not in text:
        return text.split(separator)
    if "\\" + separator not in text:
        return [unescape(part) for part in text.split(separator)]
    from vobject.icalendar import stringToTextValues

    found: list[str] = stringToTextValues(text + ".", separator, ESCAPABLE)
    found[-1] = found[-1][:-1]
    return found


def unescape(text: str) -> str:
    """The text with its escapes undone; bare commas and semicolons are left as they are."""
    if "\\" not in text:
        return text
    if "\\\\" not in text:  # then none is escaped itself, and a plain look for each will do
        for letter, meant in MEANT:
            text = text.replace(letter, meant)
        return text
    return ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _split(line: bytes) -> tuple[Head | None, bytes]:
    """The head of a line and its value as bytes; no head if it is no content line (RFC 2425 section 5.8.2)."""
    head, colon, value = line.partition(b":")
    if QUOTE in head and (quoted := HEAD.match(line)):
        head, value = line[: quoted.end() - 1], line[quoted.end() :]
    return (_HEADS[head], value) if colon else (None, b"")


class _Heads(dict[bytes, "Head | None"]):
    """Each head that was met, read once: few of them are all that a file has."""

    def __missing__(self, text: bytes) -> Head | None:
        if len(text) > LONGEST_HEAD:
            return None
        head = _head(text)
        if len(text) <= CACHED_HEAD:
            if len(self) >= MOST_CACHED:
                self.clear()
            self[text] = head
        return head


_HEADS: Final = _Heads()


def _head(text: bytes) -> Head | None:
    head = _guessed(text, "cp1252")[0]
    name, semicolon, rest = head.partition(";")
    named = NAME.fullmatch(name.strip())
    if named is None:
        return None
    printed = named[0].replace("_", "-")
    group, name = (named[1] or "").lower(), named[2].replace("_", "-").upper()
    if not semicolon:
        return Head(
            name, group, frozenset(), NO_PREF, {}, "", quoted=False, plain=True, kept=printed, label="", more=False
        )
    parameters, bare = _parameters(";" + rest)
    named_types = frozenset(word.strip().lower() for value in parameters.get("TYPE", []) for word in value.split(","))
    types = named_types | bare
    first = {key: found[0] for key, found in parameters.items() if found}
    quoted = "quoted-printable" in bare or first.get("ENCODING", "").upper() == "QUOTED-PRINTABLE"
    kept = one_line(printed + "".join(_kept_parameters(name, ";" + rest)))
    charset = _charset(first.get("CHARSET", ""))
    label = usual_label(",".join(sorted(named_types | set(filter(_is_usual, bare)))))
    more = not USED_PARAMETERS.issuperset(first.keys() - USED_BESIDE.get(name, frozenset()))
    more = more or (label != "" and name not in TYPES_ARE_USED) or not all(map(_is_usual, bare - ENCODINGS))
    plain = not quoted and not charset
    return Head(name, group, types, _pref(types, first), first, charset, quoted, plain, kept, label, more)


def _parameters(text: str) -> tuple[dict[str, list[str]], frozenset[str]]:
    """Parameters by upper-case name, and the words without a name, lower case, as vCard 2.1 has them."""
    from vobject.base import parseParams

    named: dict[str, list[str]] = {}
    bare = set()
    for name, *found in parseParams(text):
        if found:
            named.setdefault(name.upper(), []).extend(found)
        else:
            bare.add(name.lower())
    return named, frozenset(bare)


def _is_usual(word: str) -> bool:
    """Whether a bare word is a type; else it may be anything: a language, a charset, a disposition."""
    return USUAL.issuperset(usual_label(word).split(", "))


def _pref(types: frozenset[str], first: dict[str, str]) -> int:
    number = first.get("PREF", "")
    if number.isascii() and number.isdigit() and len(number) <= 3:
        return int(number)
    return 1 if "pref" in types else NO_PREF


def _charset(name: str) -> str:
    """Python's name of a charset; empty if we don't know it. `codecs.lookup` would search the disk for any name."""
    name = name.strip().lower().replace("-", "_")
    name = aliases.get(name, name)
    name = SUPERSETS.get(name, name)
    return name if KNOWN_CHARSETS.fullmatch(name) else ""


def _kept_parameters(name: str, text: str) -> list[str]:
    """Parameters as version 3.0 writes them: no charset, no quoted-printable, each type with its `TYPE=`."""
    kept = []
    for parameter in PARAMETER.findall(text):
        word = parameter.upper().removeprefix("ENCODING=").strip()
        if word in {"", "QUOTED-PRINTABLE", "7BIT", "8BIT"} or word.startswith("CHARSET="):
            continue
        if word in {"BASE64", "B"}:
            kept.append(";ENCODING=b")
        elif "=" in parameter:
            kept.append(f";{parameter}")
        else:
            no_label = name in TYPES_ARE_USED and not _is_usual(parameter.strip().lower())
            kept.append(f";{'X-WORD' if no_label else 'TYPE'}={parameter}")
    return kept


def _decoded(head: Head, raw: bytes) -> str:
    """The value as text in the charset that the line says it is in, else in UTF-8."""
    raw = binascii.a2b_qp(raw) if head.quoted else raw
    try:
        return raw.decode(head.charset or "utf_8")
    except UnicodeDecodeError as error:
        if head.charset == "utf_8" and error.end == len(raw) and error.reason == "unexpected end of data":
            return raw[: error.start].decode()
        raise


def _declared(lines: list[LogicalLine]) -> str:
    """The charset that the card names for any of its lines; else the one that is the likeliest."""
    heads = (_split(line)[0] for _, line in lines)
    return next((head.charset for head in heads if head and head.charset not in {"", "utf_8"}), "cp1252")


def _guessed(raw: bytes, declared: str) -> tuple[str, str]:
    """The bytes as text, and the charset that they seem to be in."""
    for charset in ("utf_8", declared):
        try:
            return raw.decode(charset), charset
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", errors="replace"), "cp1252"
