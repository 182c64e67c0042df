"""Whether two letters say the same: what nobody should notice who was on the same panel.

Names are taken out first, and greeting and closing, so that the same letter with another name on it is found out.
What is left is compared in runs of five words. Likeness of people's names is in `network/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from crm_core.book import Book
from crm_core.errors import InputError
from crm_core.letters.rendering import without_blanks
from crm_core.letters.script import without_cues
from crm_core.network import fold
from crm_core.records import Contact, Interview, Letter

RUN: Final = 5
"""Words that stand together in what is compared."""

ALIKE: Final = 0.5
"""The share of the shorter letter from which two are alike: by hand-made pairs, the same letter with the names swapped
shares three quarters and more, honest letters about the same job less than a fifth."""

ENOUGH: Final = 20
"""Runs below which a letter is too short to judge; only the very same words are alike then."""

GREETING_WITHIN: Final = 25  # lines from the top: by post, addresses stand above it
CLOSING_WITHIN: Final = 12  # lines from the bottom
SHOWN: Final = 5
SHOWN_CHARACTERS: Final = 160

# Writing without spaces between words: each character is taken for a word.
_IDEOGRAPH: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+")
_FULL_WIDTH: Final = "\u3002\uff01\uff1f"  # how a sentence ends there
_SENTENCE_END = re.compile(rf"(?<=[.!?…])[\"'\u201d\u2019)]*\s+|\n\s*\n|\n(?=\s*[-*•])|(?<=[{_FULL_WIDTH}])")
_GREETING = re.compile(
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|hallo|guten tag|liebe|lieber|sehr geehrte[r]?|bonjour"
    r"|cher|chere|madame|monsieur|hola|estimad[oa]|querid[oa]|ola|car[oa]|gentile|buongiorno|beste|kjaere|hej)\b.*"
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:kind|kindest|best|warm|warmest) (?:regards|wishes)|regards|best|all the best|yours\b.*"
    r"|sincerely.*|many thanks|thanks|thank you|cheers|mit .*grussen|viele grusse|herzliche grusse|beste grusse"
    r"|cordialement|bien a vous|saludos.*|atentamente|un saludo|cordiali saluti|cumprimentos|med .*halsning.*)"
)


class Likeness(msgspec.Struct, frozen=True):
    """A letter that says the same.

    Args:
        other: That letter.
        share: The runs of five words that both have, of the shorter letter's; 0 to 1.
        sentences: The sentences of the letter in question that stand in the other, too, as they are written.
    """

    other: Letter
    share: float
    sentences: tuple[str, ...]


class _Text(msgspec.Struct, frozen=True):
    """A letter's text to be compared: its sentences as written, and the words of each."""

    sentences: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]

    @property
    def all_words(self) -> tuple[str, ...]:
        return tuple(word for sentence in self.words for word in sentence)


def alike(book: Book, letter: Letter) -> list[Likeness]:
    """The letters that this one says the same as, the most alike first.

    It is compared with the other letters for the same interview, and with earlier ones to the same person. Letters
    without a text, sent outside this program, can't be compared.
    """
    found = (_likeness(book, letter, other) for other in _others(book, letter))
    return sorted(filter(None, found), key=lambda likeness: -likeness.share)


def refuse_alike(book: Book, letter: Letter, way_out: str) -> None:
    """Stop a letter that says the same as another one.

    Args:
        book: Where the others are.
        letter: The one that is to go out.
        way_out: What to type instead.

    Raises:
        InputError: It does; the message names the other one and quotes what is shared.
    """
    found = alike(book, letter)
    if not found:
        return
    worst = found[0]
    quoted = [f'"{_cut(sentence)}"' for sentence in worst.sentences[:SHOWN]]
    more = f" and {len(worst.sentences) - SHOWN} more" if len(worst.sentences) > SHOWN else ""
    raise InputError(
        f"{_called(book, letter)} says the same as {_called(book, worst.other)} ({worst.share:.0%}): "
        f"{', '.join(quoted)}{more}",
        way_out,
    )


def share_of(one: str, other: str, names: Iterable[str] = ()) -> float:
    """How much of the shorter text stands in the other, 0 to 1; too short ones are 1 or 0."""
    names = list(names)
    return _share(prepared(one, names), prepared(other, names))


def _others(book: Book, letter: Letter) -> Iterator[Letter]:
    """The letters that a reader could lay beside it."""
    compared = {letter.id}
    before = True
    for other in book.letters.where("contact", letter.contact):
        before = before and other.id != letter.id
        if other.id not in compared and (before or other.sent is not None):
            compared.add(other.id)
            yield other
    for other in book.letters.where("interview", letter.interview) if letter.interview else ():
        if other.id not in compared:
            yield other


def _likeness(book: Book, letter: Letter, other: Letter) -> Likeness | None:
    if not letter.versions or not other.versions:
        return None
    names = [*_names(book, letter), *_names(book, other)]
    one, two = prepared(letter.body, names), prepared(other.body, names)
    share = _share(one, two)
    return Likeness(other, share, _shared_sentences(one, two)) if share >= ALIKE else None


def _share(one: _Text, other: _Text) -> float:
    if min(len(one.all_words), len(other.all_words)) < ENOUGH + RUN - 1:
        return float(one.all_words == other.all_words != ())
    ours, theirs = set(_runs(one.all_words)), set(_runs(other.all_words))
    return len(ours & theirs) / min(len(ours), len(theirs))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def _shared_sentences(one: _Text, other: _Text) -> tuple[str, ...]:
    """The sentences of which at least half the words stand in a shared run."""
    words = one.all_words
    theirs = set(_runs(other.all_words))
    same = words == other.all_words
    shared = [same] * len(words)
    for start, run in enumerate(_runs(words)):
        if run in theirs:
            shared[start : start + RUN] = [True] * RUN
    found, start = [], 0
    for sentence, own in zip(one.sentences, one.words, strict=True):
        if own and sum(shared[start : start + len(own)]) * 2 >= len(own):
            found.append(sentence)
        start += len(own)
    return tuple(found)


def prepared(body: str, names: Iterable[str]) -> _Text:
    """The text without cues, blanks, greeting, closing and names, by sentence."""
    phrases = sorted({tuple(_WORD.findall(fold(name))) for name in names} - {()}, key=len, reverse=True)
    text = _without_frame(without_blanks(without_cues(body)))
    sentences = [" ".join(sentence.split()) for sentence in _SENTENCE_END.split(text)]
    sentences = [sentence for sentence in sentences if _WORD.search(sentence)]
    words = tuple(_without_phrases(_WORD.findall(fold(sentence)), phrases) for sentence in sentences)
    return _Text(tuple(sentences), words)


def _without_frame(text: str) -> str:
    """The text without what stands above and in its greeting, and from its closing on."""
    lines = text.split("\n")
    top = next((n for n, line in enumerate(lines[:GREETING_WITHIN]) if _is_greeting(line)), -1)
    lines = lines[top + 1 :]
    bottom = max(len(lines) - CLOSING_WITHIN, 1)
    end = next((n for n in range(len(lines) - 1, bottom - 1, -1) if _is_closing(lines[n])), len(lines))
    return "\n".join(lines[:end])


def _is_greeting(line: str) -> bool:
    folded = fold(line)
    return len(folded.split()) <= 6 and bool(_GREETING.fullmatch(folded)) and not folded.endswith(".")


def _is_closing(line: str) -> bool:
    folded = fold(line).rstrip(",.! ")
    return len(folded.split()) <= 6 and bool(_CLOSING.fullmatch(folded))


def _without_phrases(words: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The words without the longest phrase that begins at each place."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    kept, place = [], 0
    while place < len(words):
        candidates = by_first.get(words[place], ())
        taken = next((len(p) for p in candidates if tuple(words[place : place + len(p)]) == p), 0)
        if not taken:
            kept.append(words[place])
        place += taken or 1
    return tuple(kept)


def _names(book: Book, letter: Letter) -> Iterator[str]:
    """What differs between letters that are the same: whom it is to, who else was there, who writes, about what."""
    me = book.me
    yield from (me.name, *me.name.split(), me.email, me.phone, me.address, *me.links)
    interview = book.interviews.find(letter.interview)
    recipient = book.contacts.find(letter.contact)
    if recipient is not None:
        yield from _names_of(book, recipient)
    if interview is not None:
        yield from _panel_names(book, interview)
    application = book.applications.find(letter.application or (interview.application if interview else None))
    if application is not None:
        yield application.role
        company = book.companies.find(application.company)
        yield from (company.name, *company.aliases) if company is not None else ()


def _panel_names(book: Book, interview: Interview) -> Iterator[str]:
    for seat in interview.panel:
        yield seat.role
        contact = book.contacts.find(seat.contact)
        if contact is not None:
            yield from _names_of(book, contact)


def _names_of(book: Book, contact: Contact) -> Iterator[str]:
    yield from (contact.name, *contact.name.split(), contact.given, contact.family, contact.nickname)
    for position in contact.positions:
        yield from (position.organisation, position.title)
    for card in book.cards.where("contact", contact.id):
        yield from (card.name, card.title, card.organisation)


def _called(book: Book, letter: Letter) -> str:
    contact = book.contacts.find(letter.contact)
    return f"{letter.id} to {contact.name}" if contact is not None else str(letter.id)


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= SHOWN_CHARACTERS else f"{sentence[:SHOWN_CHARACTERS].rstrip()}…"
