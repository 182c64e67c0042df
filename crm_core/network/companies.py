"""Which company is meant: by the name on a card, by a domain, or by something that looks like its name.

No part of a name matches here: Meta is not Metabolon. Finding records by what a user types is in `names.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from crm_core.network.domains import site_domain, with_parents, work_domain
from crm_core.network.likeness import OTHER, best_likeness
from crm_core.network.names import Spacing, Words, fold, spelled_out
from crm_core.records import Company, Ref

LEGAL_FORMS: Final = frozenset(
    """
    ab ag aps as asa bv bvba co company corp corporation doo dba eg ek eurl ev gbr gesmbh gmbh inc incorporated
    kft kg kgaa kk limited llc lllp llp lp ltd ltda lda mbh nv ohg ou oy oyj plc private pte pty pvt sa sarl sas
    sasu sca se sl slu snc spa srl sro ug zrt
    """.split()  # noqa: SIM905 - so many quotation marks would hide them
)
"""Words that end an organisation's name and are left out of its key."""

_POLISH_FORM: Final = ["sp", "z", "oo"]
_MOST_LETTERS: Final = 4  # of a form whose letters stand by themselves: S. A. R. L.
_SPACING: Final = Spacing({".": "", "'": "", "&": " and "})


def organisation_key(text: str) -> str:
    """An organisation's name for comparing: folded, without punctuation, legal form and a leading "The".

    `&` counts as `and`. A name of nothing but such words stays whole, and what has a letter or a digit is never empty.
    A key's own key is itself.
    """
    words = fold(text).translate(_SPACING).split()
    if not words and any(character.isalnum() for character in text):
        # A few characters are letters to Unicode and yet all accent or apostrophe.
        words = text.split()
    return " ".join(_core(words) or words)


def same_company(company: Company, text: str = "", domain: str = "") -> bool:
    """Whether an organisation's printed name, or a domain, is that company's.

    Args:
        company: The company.
        text: A name as printed; it must have the key of the company's name or of an alias.
        domain: A domain, such as `email_domain` gives; it must be one of the company's, or a subdomain of one.
    """
    key = organisation_key(text)
    if key and any(organisation_key(name) == key for name in _names(company)):
        return True
    return not set(_domains(company)).isdisjoint(with_parents(work_domain(domain)))


def company_of(companies: Iterable[Company], text: str, domain: str = "") -> Company | None:
    """The company that a printed name, or else a domain, belongs to; `CompanyIndex` answers many such questions."""
    return CompanyIndex(companies).match(text, domain)


class Held(Protocol):
    """Of a position, where it is and whether it is held still: a `Position`, or as much of one."""

    @property
    def organisation(self) -> str:
        """As it was printed."""

    @property
    def company(self) -> str | None:
        """The id of the company that it is, if we know."""

    @property
    def current(self) -> bool:
        """Whether the person still holds it, as far as we know."""


class CompanyIndex:
    """Companies by name and by domain, for many look-ups."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self._exact: dict[str, Company] = {}
        self._by_key: dict[str, Company] = {}
        self._by_domain: dict[str, Company] = {}
        self._of_text: dict[str, Ref[Company] | None] = {}
        aliases: list[tuple[str, Company]] = []
        for company in companies:
            self._add_name(company.name, company)
            aliases.extend((alias, company) for alias in company.aliases)
            for domain in _domains(company):
                self._by_domain.setdefault(domain, company)
        for alias, company in aliases:
            self._add_name(alias, company)

    def match(self, text: str, domain: str = "") -> Company | None:
        """The company of that name as it stands, else of its key, else of that domain or one above it; or none."""
        by_name = self._exact.get(fold(text)) or self._by_key.get(organisation_key(text))
        if by_name is not None or not domain:
            return by_name
        found = (self._by_domain.get(parent) for parent in with_parents(work_domain(domain)))
        return next((company for company in found if company is not None), None)

    def employers(self, positions: Iterable[Held]) -> list[Ref[Company]]:
        """The companies where whoever holds these works now, each once: as referred to, else by the printed name.

        Importing creates no companies, so that people who came in from a file have nothing but the printed name.
        """
        present = (position for position in positions if position.current)
        found = (position.company or self._printed(position.organisation) for position in present)
        return list(dict.fromkeys(Ref(company) for company in found if company))

    def _printed(self, text: str) -> Ref[Company] | None:
        """Whose name that is; each text is looked up once."""
        if text not in self._of_text:
            company = self.match(text)
            self._of_text[text] = Ref(company.id) if company is not None else None
        return self._of_text[text]

    def _add_name(self, name: str, company: Company) -> None:
        key = organisation_key(name)
        if key:
            self._exact.setdefault(fold(name), company)
            self._by_key.setdefault(key, company)


def similar_companies(name: str, companies: Iterable[Company]) -> list[Company]:
    """The companies that a new one of this name may be: the same words, a slip, one name beginning with the other."""
    wanted = _readings(name)
    return [company for company in companies if any(_is_similar(wanted, known) for known in _names(company))]


def _is_similar(wanted: tuple[Words, ...], name: str) -> bool:
    known = _readings(name)
    if not wanted[0] or not known[0]:
        return False
    return _begins(wanted[0], known[0]) or best_likeness(wanted, known) is not OTHER


def _begins(wanted: Words, known: Words) -> bool:
    """Whether one begins with all words of the other, or a single word wanted begins any word known."""
    shared = min(len(wanted), len(known))
    if wanted[:shared] == known[:shared]:
        return True
    return len(wanted) == 1 and len(wanted[0]) > 1 and any(word.startswith(wanted[0]) for word in known)


def _readings(name: str) -> tuple[Words, ...]:
    return tuple(dict.fromkeys(tuple(organisation_key(text).split()) for text in (name, spelled_out(name))))


def _core(words: list[str]) -> list[str]:
    """The words without articles before and legal forms after; those of "GmbH & Co. KG" with what joins them."""
    end = len(words)
    while (length := _legal_form(words[:end])) > 0:
        end -= length
        while end and words[end - 1] == "and":
            end -= 1
    start = 0
    while start < end and words[start] == "the":
        start += 1
    return words[start:end]


def _legal_form(words: list[str]) -> int:
    """How many words at the end are one legal form: none, one, or more as in S. A."""
    if words[-3:] == _POLISH_FORM:
        return 3
    for count in range(min(_MOST_LETTERS, len(words)), 1, -1):
        letters = words[-count:]
        if all(len(letter) == 1 for letter in letters) and "".join(letters) in LEGAL_FORMS:
            return count
    return 1 if words and words[-1] in LEGAL_FORMS else 0


def _names(company: Company) -> Iterator[str]:
    yield company.name
    yield from company.aliases


def _domains(company: Company) -> Iterator[str]:
    for address in (*company.domains, company.website):
        domain = site_domain(address)
        if domain:
            yield domain
