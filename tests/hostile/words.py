"""Texts made to hurt, by what they aim at, and the pattern of what must never reach a terminal.

A name, a note or a posting may hold any of them: books are filled from address books, feeds and web pages of others.
"""

from __future__ import annotations

import re
from typing import Final

ACTING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What acts on a terminal, and what has no UTF-8; tabs and newlines may stand in a text of several lines."""

IN_NO_FILE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What no card, table, calendar or JSON may hold: of the first controls only tabs and line ends mean anything there."""

TERMINAL: Final = (
    "\x1b[31mred\x1b[0m",
    "\x1b[2J\x1b[H",
    "\x1b[1A\x1b[2Kcrm: all good",
    "\x1b[?1049h",
    "\x1b[?25l",
    "\x1b[8m hidden",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[21t",
    "\x1b[999999999b",
    "\x1bc",
    "\x1b#8",
    "\x1b(0lqqk",
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]4;1;rgb:00/00/00\x07",
    "\x1b]1337;File=name=ZXZpbA==:AAAA\x07",
    "\x1bP$q\"p\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gf=100,a=T;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstart\x1b\\",
    "\x1b",
    "\x1b[",
    "\x9b31mred",
    "\x9d0;owned\x9c",
    "\x90q\x9c",
    "\x9f\x9e\x98",
)  # fmt: skip
CONTROLS: Final = (
    "ding\x07dong",
    "good\b\b\b\bevil",
    "good name\rEVIL",
    "a\x00b",
    "\x00",
    "a\x7fb",
    "a\x85b",
    "a\x84\x8d\x8e\x8f",
    "a\x0bb\x0cc",
    "a\x0eb\x0fc",
    "a\x1cb\x1dc\x1ed\x1fe",
    "a\x1ab\x04c\x03",
    "".join(map(chr, range(0x20))),
    "".join(map(chr, range(0x7F, 0xA0))),
    "tab\tand\t\ttab",
)
DIRECTION: Final = (
    "photo\u202egpj.exe",
    "\u202aa\u202bb\u202cc\u202dd",
    "\u2066a\u2067b\u2068c\u2069",
    "\u202e" * 20 + "deep",
    "a\u2028b\u2029c",
    "\u200e\u200f\u061cmarks",
    "שלום \u202eabc\u202c عالم",
)
INVISIBLE: Final = (
    "zero\u200bwidth\u200cjoiners\u200d",
    "\u200b",
    "\ufeffbyte order mark\ufeff",
    "\u2060\u2061\u2062\u2063\u2064",
    "soft\u00adhyphen",
    "\u180e\u17b4\u3164\uffa0",
    "\ufff9note\ufffaabove\ufffb",
    "\U000e0001\U000e0068\U000e0069\U000e007f",
    "A\ufe0f\ufe0e\U000e0100",
    "\ufffe\uffff\U0010ffff",
    "e" + "\u0301" * 40,
    "\U0001f469\u200d" * 20,
    "\u0410dmin \u0430nd \u0412ob",
    "\u00a0\u2003\u3000",
)
LINES: Final = (
    "Eve\r\nBcc: victim@example.com",
    "Eve\nBcc: victim@example.com\n\nbody",
    "Eve\rBcc: victim@example.com",
    "Eve\r\n\r\n<script>alert(1)</script>",
    "Eve\ncrm: all good",
    "=?utf-8?q?=0d=0aBcc:victim@example.com?=",
    "Eve%0d%0aBcc:victim@example.com",
    "Eve\u0085Bcc: victim@example.com",
    "Eve\r\n.\r\nMAIL FROM:<evil@example.com>",
    "Eve\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Mallory",
    "Eve\r\nEND:VEVENT\r\nBEGIN:VALARM",
    '", evil@example.com, "',
    "Eve <evil@example.com>, Mallory",
    "a;b\\;c,d\\,e\\\\",
)
FORMULAS: Final = (
    '=HYPERLINK("http://evil.example","click")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    '"=1+1',
    ";=1+1",
)
MARKUP: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</textarea></title><!--",
    "<a href='javascript:alert(1)'>x</a>",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "&lt;&#60;&amp;&nbsp;&notanentity;",
    "[click](javascript:alert(1))",
    "`rm -rf ~` $(rm -rf ~) ; rm -rf ~ | sh & \\",
    "' OR 1=1 --",
)
TEMPLATES: Final = (
    "{{ 7 * 7 }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% include '/etc/passwd' %}",
    "{# comment",
    "{{",
    "%s%s%s%n%x",
    "%(name)s",
    "{0} {name} {0.__class__}",
    "{self.__init__.__globals__}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "[[blank]] [[",
)
PATHS: Final = (
    "../../../../owned",
    "..\\..\\windows\\system32",
    "/dev/null/owned",
    "~/.ssh/id_rsa",
    "file:///etc/passwd",
    "C:\\CON",
    "a/b/../../c\x00.vcf",
    ".",
    "..",
    "-",
    "--",
    "--yes",
    "-o/dev/null/owned",
    "@/etc/passwd",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://127.0.0.1:1/",
    "http://169.254.169.254/latest/meta-data",
)
ODD: Final = (
    "",
    " ",
    "c1",
    "co999999999999999999999",
    "null",
    "NaN",
    "1e309",
    "-1",
    "٠١٢",
    "9" * 40,
    "2026-99-99",
    "0000-00-00",
    "a" * 70 + "@" + "b" * 70,
    "漢" * 70,
    "[" * 70,
    "(" * 70,
    "a " * 70,
)
BYTES: Final = ("a\udcffb", "\udcff\udcfe", "\udc9b[2J", "\udced\udca0\udc80")
"""What Python makes of bytes on the command line that are not UTF-8. No file can hold such text."""
HALVES: Final = (*BYTES, "a\ud800b", "\ud83d")
"""Lone surrogates, those included that no command line can hold, only a JSON file."""

STORABLE: Final = {
    "terminal": TERMINAL,
    "controls": CONTROLS,
    "direction": DIRECTION,
    "invisible": INVISIBLE,
    "lines": LINES,
    "formulas": FORMULAS,
    "markup": MARKUP,
    "templates": TEMPLATES,
    "paths": PATHS,
    "odd": ODD,
}
HOSTILE: Final = tuple(text for texts in (*STORABLE.values(), HALVES) for text in texts)
HUGE: Final = {
    "a megabyte": "N" * 1_000_000,
    "a megabyte of words": "Ana " * 250_000,
    "a megabyte of escapes": "\x1b[A" * 350_000,
    "a megabyte of wide characters": "漢" * 333_000,
    "a megabyte of line ends": "\n" * 1_000_000,
    "very many marks": "e" + "\u0301" * 100_000,
    "very many joined emoji": "\U0001f469\u200d" * 50_000,
    "very many brackets": "[[" * 50_000,
}
