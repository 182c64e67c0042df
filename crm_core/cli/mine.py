"""`crm card mine`: your own card, as a vCard and as a QR code that another person's phone takes in.

Who you are is in the settings, `[me]`; the vCard is written by whatever plugin writes that format.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from crm_core.cli.app import App
from crm_core.errors import InputError
from crm_core.files import refuse_existing, replace_file
from crm_core.records import Contact, Profile, Ref

if TYPE_CHECKING:
    from segno import QRCode

    from crm_core.settings import Me

SUFFIX: Final = ".vcf"
PICTURES: Final = (".svg", ".png")
QUIET: Final = 4  # modules around a code that stay light (ISO/IEC 18004 section 6.3.8)
SCANNED: Final = ("BEGIN", "VERSION", "N", "FN", "ORG", "TITLE", "TEL", "EMAIL", "URL", "ADR", "END")
"""What a phone makes use of; each line more makes the code finer, and harder to read from a screen."""

BLOCKS: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""By whether something is printed in the upper and in the lower half of a character: two modules share it."""


def show_mine(app: App, target: Path | None, *, force: bool) -> None:
    """Show your card, or write it: as a picture of the code if the file's name ends so, else as a vCard."""
    data = own_card(app)
    if target is not None:
        _write(app, target, data, force=force)
        return
    app.output.data(data)
    if app.output.room is not None:
        _show_code(app, code_of(data))


def own_card(app: App) -> bytes:
    """Your card as a vCard.

    Raises:
        InputError: You did not say who you are, or no plugin writes vCards.
    """
    from crm_core.exporting import Export

    me = app.settings.me
    if not me.name.strip():
        raise InputError("Your card would have no name", "Say who you are: crm me set name NAME")
    found = (one.write for one in app.host.exporters() if one.suffix == SUFFIX and one.people)
    write = next((write for write in found if write is not None), None)
    if write is None:
        raise InputError("No plugin that is on writes vCards", "`crm plugins` lists them; crm plugins on crm_vcard")
    return b"".join(write(Export(book=app.book, contacts=[contact_of(me)], agenda=tuple)))


def contact_of(me: Me) -> Contact:
    """You, as others have you in their books: under a UID that nobody else has, whichever book you keep."""
    from hashlib import blake2b

    who = blake2b(f"{me.name.strip()}\n{me.email}".encode(), digest_size=8).hexdigest()
    return Contact(
        id=Ref("me"),
        uid=f"crm-me-{who}",
        name=me.name.strip(),
        emails=(me.email,) if me.email else (),
        phones=(me.phone,) if me.phone else (),
        address=me.address,
        profiles=tuple(Profile(network="web", url=link) for link in me.links),
    )


def code_of(card: bytes) -> QRCode:
    """The QR code of a vCard, as small as it can be; what only programs want of it is left out.

    Raises:
        InputError: There is too much on the card.
    """
    import segno

    unfolded = card.decode().replace("\r\n ", "").split("\r\n")
    lines = [line for line in unfolded if line.partition(":")[0].partition(";")[0].upper() in SCANNED]
    try:
        return segno.make("\n".join(lines), error="l", micro=False, encoding="utf-8")
    except segno.DataOverflowError:
        raise InputError("There is too much on your card for a QR code", "Shorten it: crm me") from None


def drawn(code: QRCode, *, light: bool = False) -> list[str]:
    """The code in lines of half blocks, with its quiet zone.

    Args:
        code: The code.
        light: Print the light modules instead of the dark ones, for a screen that is dark itself.
    """
    rows = [[bool(module) != light for module in row] for row in code.matrix_iter(border=QUIET)]
    rows += [[light] * len(rows[0])] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return ["".join(BLOCKS[both] for both in zip(upper, lower, strict=True)) for upper, lower in pairs]


def _show_code(app: App, code: QRCode) -> None:
    # Without colours nothing says what is paper here; most terminals are dark.
    lines = drawn(code, light=not app.output.color)
    room = app.output.room or 0
    if len(lines[0]) > room:
        app.output.talk(f"The QR code is {len(lines[0])} columns wide, your terminal {room}: crm card mine -o card.svg")
        return
    app.output.line()
    for line in lines:
        app.output.line(line, style="paper")


def _write(app: App, target: Path, data: bytes, *, force: bool) -> None:
    refuse_existing(target, force=force)
    replace_file(target, [_picture(data, target.suffix.lower()) if target.suffix.lower() in PICTURES else data])
    app.output.line(f"Wrote {target}")


def _picture(data: bytes, suffix: str) -> bytes:
    import io

    picture = io.BytesIO()
    code_of(data).save(picture, kind=suffix.removeprefix("."), scale=6, border=QUIET)
    return picture.getvalue()
