"""Short forms of given names: which belong to which.

A short form may belong to several names, and they are not one another: Alex is Alexander or Alexandra. Family names,
initials and spellings are none of this module's business.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_NONE: Final[frozenset[str]] = frozenset()
_SHORT_FORMS: Final = {
    "alexander": "alec alex lex sandy sascha sasha xander",
    "alexandra": "alex ali lexi sandra sascha sasha",
    "alfred": "alf fred",
    "andrew": "andy drew",
    "andreas": "andi andy",
    "anthony": "toni tony",
    "antonio": "toni tony tonio",
    "barbara": "barb babs",
    "benjamin": "ben benny",
    "catherine": "cathy cat kate katie",
    "charles": "charlie chuck",
    "christina": "chris christi tina",
    "christine": "chris chrissy tina",
    "christopher": "chris kit",
    "christian": "chris",
    "daniel": "dan danny",
    "david": "dave davy",
    "deborah": "deb debbie",
    "edward": "ed eddie ned ted",
    "elizabeth": "beth betty eliza liz lizzie",
    "elisabeth": "beth elsa lisa lisbeth",
    "emily": "em emmy",
    "francisco": "paco pancho",
    "frederick": "fred freddie freddy",
    "friedrich": "fritz",
    "gabriel": "gabe",
    "george": "georgie",
    "gerald": "gerry jerry",
    "gregory": "greg",
    "guillaume": "gui",
    "guillermo": "memo",
    "heinrich": "heiner heinz",
    "henry": "hank harry",
    "ignacio": "nacho",
    "isabella": "bella izzy",
    "jacob": "jake",
    "james": "jamie jim jimmy",
    "jennifer": "jen jenny",
    "jessica": "jess jessie",
    "johannes": "hannes hans jo",
    "john": "jack johnny",
    "jonathan": "jon johnny",
    "josef": "jo sepp",
    "joseph": "jo joe joey",
    "jose": "pepe",
    "joshua": "josh",
    "katharina": "kathi kathrin katja",
    "katherine": "kate kathy katie kat kit",
    "kenneth": "ken kenny",
    "lawrence": "larry laurie",
    "leonard": "len leo lenny",
    "magdalena": "lena magda",
    "manuel": "manny manolo",
    "margaret": "maggie marge meg peggy",
    "matthew": "matt",
    "matthias": "matt hias",
    "maximilian": "max maxi",
    "michael": "micha mick mickey mike mitch",
    "mikhail": "misha",
    "nicholas": "nick nicky nico",
    "nikolaus": "klaus niko",
    "patricia": "pat patty tricia trish",
    "patrick": "pat paddy",
    "peter": "pete",
    "philip": "phil pip",
    "rebecca": "becca becky",
    "richard": "dick rich rick ricky",
    "robert": "bert bob bobby rob robbie",
    "ronald": "ron ronnie",
    "samantha": "sam sammy",
    "samuel": "sam sammy",
    "sebastian": "basti bastian seb",
    "stephanie": "steffi steph",
    "stephen": "steve",
    "steven": "steve",
    "susan": "sue susie suzy",
    "theodore": "ted teddy theo",
    "theresa": "resi terry tess",
    "thomas": "tom tommy",
    "timothy": "tim timmy",
    "ulrich": "uli ulli",
    "valentina": "val vale",
    "victoria": "tori vicky",
    "vincent": "vince vinnie",
    "vladimir": "vova",
    "walter": "wally walt",
    "wilhelm": "willi willy",
    "william": "bill billy liam will willie",
    "wolfgang": "wolf",
    "zachary": "zach zack",
}


def same_given_name(one: str, other: str) -> bool:
    """Whether two folded words are one given name, long or short: Bob and Robert, Bob and Rob."""
    full = _full_names()
    return one == other or not full.get(one, _NONE).isdisjoint(full.get(other, _NONE))


def name_family(word: str) -> str:
    """A folded word that is equal for all words which `same_given_name` may take for the same; itself for most."""
    return _families().get(word, word)


@cache
def _full_names() -> dict[str, frozenset[str]]:
    """Each word of the table and the full names that it may stand for."""
    found: dict[str, set[str]] = {}
    for name, shorts in _SHORT_FORMS.items():
        for word in (name, *shorts.split()):
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def _families() -> dict[str, str]:
    """Each word and one name that stands for all that short forms connect it to."""
    full = _full_names()
    chief: dict[str, str] = {}
    for name, shorts in _SHORT_FORMS.items():
        joined = {name}.union(*({chief[other] for other in full[word] if other in chief} for word in shorts.split()))
        first = min(joined)
        chief[name] = first
        chief.update({other: first for other, old in chief.items() if old in joined})
    return {word: chief[min(names)] for word, names in full.items()}
