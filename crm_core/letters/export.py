"""A letter's way out: an unsent `.eml` that a mail program opens as a draft, or plain text. Nothing is sent from here.

Header fields follow RFC 5322 and RFC 2047 and are written here: Python's own folding (3.11) takes a name such as
`=?utf-8?q?=0d=0aBcc:...?=` for an encoded one and writes its line break, and loses the quotes of a long name with a
comma. The body is `email.message.EmailMessage`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from crm_core.book import Book
from crm_core.letters.facts import one_line
from crm_core.records import Letter

NAME_SHOWN: Final = 200  # characters of a name in a header
SUBJECT_SHOWN: Final = 400
LINE_OCTETS: Final = 998  # RFC 5322, 2.1.1
QUOTED: Final = 60  # characters that stay together; what is longer is encoded, which can be folded anywhere

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?P<domain>[^\s@]{1,253})", re.ASCII)
_LABEL: Final = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=^_`{|}~ -]+")
_PRINTABLE = re.compile(r"[ -~]*")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def usable_email(addresses: Iterable[str]) -> str:
    """The first address that can stand in a header, its domain in ASCII; empty if there is none.

    Addresses whose local part is quoted or not ASCII are passed over: few mail programs take them.
    """
    return next(filter(None, map(_header_address, addresses)), "")


def as_eml(book: Book, letter: Letter) -> bytes:
    """The letter as an RFC 5322 message with CRLF line ends, ASCII only, for a mail program to open as a draft.

    It has no Date and no Message-ID, which the mail program gives when it sends; no From or To where no usable address
    is known.
    """
    from email.message import EmailMessage
    from email.policy import SMTP

    contact = book.contacts.find(letter.contact)
    sender = usable_email([book.me.email])
    recipient = usable_email(contact.emails) if contact else ""
    fields = [
        ("From", _mailbox(book.me.name, sender)),
        ("To", _mailbox(contact.name if contact else "", recipient)),
        ("Subject", _unstructured("Subject", letter.subject)),
        ("X-Unsent", "1"),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    body = _plain(letter.body)
    message = EmailMessage(policy=SMTP)
    message.set_content(body, cte="7bit" if _goes_as_it_is(body) else "quoted-printable")
    return head.encode("ascii") + bytes(message)


def as_text(book: Book, letter: Letter) -> str:
    r"""The letter as text that ends with a newline; an e-mail has its recipient and subject above it."""
    body = _plain(letter.body)
    if letter.channel != "email":
        return body
    contact = book.contacts.find(letter.contact)
    address = usable_email(contact.emails) if contact else ""
    name = one_line(contact.name) if contact else ""
    recipient = f"{name} <{address}>" if name and address else name or address
    return f"To: {recipient}\nSubject: {one_line(letter.subject)}\n\n{body}"


def as_mailto(book: Book, letter: Letter) -> str:
    """The letter as a `mailto:` address, which a mail program opens as a draft (RFC 6068).

    Recipient, subject and text stand in it, percent-encoded UTF-8 with CRLF line ends; nothing else does.
    """
    from urllib.parse import quote

    contact = book.contacts.find(letter.contact)
    recipient = quote(usable_email(contact.emails) if contact else "", safe="@")
    subject = quote(one_line(letter.subject), safe="")
    body = quote(_plain(letter.body).rstrip("\n").replace("\n", "\r\n"), safe="")
    return f"mailto:{recipient}?subject={subject}&body={body}"


def _header_address(text: str) -> str:
    match = _ADDRESS.fullmatch(text.strip())
    if match is None or ".." in text or text.strip().startswith(".") or ".@" in text:
        return ""
    local = match[0].rpartition("@")[0]
    try:
        domain = match["domain"].encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) else ""


def _mailbox(name: str, address: str) -> str:
    """A name and address for a header, or the address alone; empty without an address."""
    name = one_line(name)[:NAME_SHOWN]
    if not name or not address:
        return address
    if _PHRASE.fullmatch(name) and len(name) <= QUOTED:
        return f"{name} <{address}>"
    if _PRINTABLE.fullmatch(name) and len(name) <= QUOTED and "=?" not in name:
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f'"{quoted}" <{address}>'
    return f"{_encoded(name)}\r\n <{address}>"


def _unstructured(field: str, text: str) -> str:
    from email.header import Header

    text = one_line(text)[:SUBJECT_SHOWN]
    # A word that is longer than a line can be folded only when it is encoded.
    if _PRINTABLE.fullmatch(text) and "=?" not in text and all(len(word) <= QUOTED for word in text.split()):
        return Header(text, "us-ascii", header_name=field).encode(linesep="\r\n")
    return _encoded(text)


def _encoded(text: str) -> str:
    """Any text as RFC 2047 encoded words, folded."""
    from email.header import Header

    # The longest field name is that of the subject; the first line must have room for it.
    return Header(text, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _plain(body: str) -> str:
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_TEXT.sub(" ", text).rstrip("\n") + "\n"


def _goes_as_it_is(body: str) -> bool:
    return body.isascii() and all(len(line) <= LINE_OCTETS for line in body.split("\n"))
