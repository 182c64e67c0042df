"""Pictures on cards, as programs write them and as they should not."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from crm_core import LARGEST_PICTURE, Candidate, picture_kind
from crm_vcard.photos import photo_line

Person = Callable[..., Candidate]

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
TEXT = base64.b64encode(JPEG).decode()


@pytest.mark.parametrize(
    "line",
    [
        f"PHOTO;ENCODING=b;TYPE=JPEG:{TEXT}",
        f"PHOTO;JPEG;ENCODING=BASE64:{TEXT}",
        f"PHOTO;TYPE=JPEG;BASE64:{TEXT}",
        f"PHOTO:data:image/jpeg;base64,{TEXT}",
        f"PHOTO:data:image/jpeg;base64\\,{TEXT}",
        f"PHOTO;VALUE=uri:data:image/jpeg\\;base64\\,{TEXT}",
        f"PHOTO;ENCODING=b;VALUE=URI:DATA:image/jpeg;charset=x;BASE64,{TEXT}",
        f"PHOTO;ENCODING=b:data:;base64,{TEXT}",
        f'PHOTO;ENCODING=b:"{TEXT}"',
        f"PHOTO;ENCODING=b: {TEXT[:60]} {TEXT[60:]} ",
        f"PHOTO;TYPE=JPEG:{TEXT}",
        f"item1.PHOTO;ENCODING=b:{TEXT}",
        f"PHOTO;ENCODING=b:{TEXT.rstrip('=')}==",
    ],
)
def test_a_picture_is_taken_out_whole(person: Person, line: str) -> None:
    found = person(line)
    assert (found.photo, found.contact.kept, found.left_out, found.repaired) == (JPEG, (), (), ())
    assert found.contact.photo == ""


@pytest.mark.parametrize("text", [TEXT[:-30], TEXT[:-29], TEXT[:60] + "...", TEXT[:60] + " <more of it> ", TEXT[:61]])
def test_a_picture_that_is_cut_short_is_taken_as_far_as_it_goes(person: Person, text: str) -> None:
    found = person(f"PHOTO;ENCODING=b:{text}")
    sound = text.partition(".")[0].partition(" ")[0]
    assert found.photo == JPEG[: len(sound) * 3 // 4]
    assert found.repaired == ("the photo is cut short",)


@pytest.mark.parametrize(
    "value",
    [
        "https://pictures.example/zoe.jpg", "cid:part1", "data:image/svg+xml,<svg/>", "not base64 at all", "AAAA...",
    ],
)  # fmt: skip
def test_what_is_no_picture_is_kept_as_it_is(person: Person, value: str) -> None:
    for head in ("PHOTO", "PHOTO;ENCODING=b", "PHOTO;VALUE=uri"):
        found = person(f"{head}:{value}")
        assert (found.photo, found.contact.kept, found.left_out) == (b"", (f"{head}:{value}",), ())


def test_what_is_too_large_or_too_long_to_keep_is_named(person: Person) -> None:
    large = base64.b64encode(JPEG[:4] + bytes(LARGEST_PICTURE)).decode()
    for value in (large, "<a picture> " * 200, "data:text/plain," + "x" * 2_000):
        found = person(f"PHOTO;ENCODING=b:{value}")
        assert (found.photo, found.contact.kept, found.left_out) == (b"", (), ("PHOTO",))


def test_the_preferred_picture_counts_and_another_is_named(person: Person) -> None:
    other = base64.b64encode(PNG * 20).decode()
    found = person(f"PHOTO;ENCODING=b:{other}", f"PHOTO;ENCODING=b;PREF=1:{TEXT}", f"PHOTO;ENCODING=b:{TEXT}")
    assert (found.photo, found.left_out) == (JPEG, ("PHOTO",))


def test_an_address_beside_a_picture_is_kept(person: Person) -> None:
    found = person("PHOTO:https://pictures.example/1.jpg", f"PHOTO;ENCODING=b:{TEXT}")
    assert (found.photo, found.contact.kept) == (JPEG, ("PHOTO:https://pictures.example/1.jpg",))


@pytest.mark.parametrize(
    ("data", "kind"),
    [(JPEG, "JPEG"), (PNG, "PNG"), (b"GIF89a", "GIF"), (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP"), (b"BM", ""), (b"RIFF", "")],
)
def test_a_picture_says_what_it_is(person: Person, data: bytes, kind: str) -> None:
    assert picture_kind(data) == kind
    for version in ("3.0", "4.0"):
        line = photo_line(data, version)
        assert (kind or "octet-stream").lower() in line.lower() or version == "3.0"
        assert person(line, version=version).photo == data
