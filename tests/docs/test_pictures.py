"""The README's pictures are what the program prints now, can be read by everybody, and bring nothing along."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tests.docs.pictures import FOLDER, PICTURES, Picture, drawn, path_of, screens
from tests.docs.reference import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def shown() -> dict[Picture, list[str]]:
    return dict(screens())


def test_each_is_as_it_would_be_drawn_now(shown):
    assert set(FOLDER.iterdir()) == {path_of(picture) for picture in shown}
    for picture, lines in shown.items():
        assert path_of(picture).read_text("utf-8") == drawn(picture, lines), "run: python -m tests.docs.pictures"


def test_each_stands_in_the_readme_and_is_told_in_words():
    told = {name: words for words, name in re.findall(r"!\[([^]]*)\]\(docs/pictures/([\w-]+)\.svg\)", README)}

    assert set(told) == {picture.name for picture in PICTURES}
    assert all(len(words.split()) > 10 for words in told.values())


def test_its_text_is_the_screens(shown):
    for picture, lines in shown.items():
        texts = [text.text or "" for text in ET.parse(path_of(picture)).getroot().iter(f"{SVG}text")]

        printed = " ".join(re.sub(r"\x1b\[\d+m", "", line) for line in lines)
        assert " ".join(texts).split() == printed.split()
        assert len(lines) > 5


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_it_brings_nothing_along(picture):
    root = ET.parse(path_of(picture)).getroot()
    style = root.findtext(f"{SVG}style") or ""

    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "style", "rect", "text"}
    assert "prefers-color-scheme: dark" in style
    assert not re.search(r"url|@import|http", style)
