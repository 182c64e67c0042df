"""The contract notices what it is there for: of bad plugins those tests fail that should, and of a good one none."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from typing import NamedTuple

import pytest

from crm_core.testing import PluginContract

pytest_plugins = ["pytester"]

HOOKS = "import click\nfrom datetime import date, timedelta\nfrom crm_core import *\n"
HEAD = """
    @hookimpl
    def crm_steps(book):
        for interview in book.interviews:
            day = interview.end.date()
            yield Step(kind="walk", title="Walk", why="", about=interview.id, starts=interview.end, due=day, MORE)
"""
COMMAND = """
    @click.command(EPILOG)
    @click.option("--far", is_flag=True, help="Farther.")
    def walk(far):
        DOC

    @hookimpl
    def crm_commands():
        yield walk
"""
DRAWN = "from itertools import count\nDRAWN = count()\n"


def step(more: str) -> str:
    return dedent(HEAD.replace("MORE", more))


def command(doc: str, epilog: str) -> str:
    return dedent(COMMAND.replace("DOC", doc).replace("EPILOG", epilog))


def settings(doc: str, check: str = "", of: str = "int = 1", use: str = "days") -> str:
    return (
        f"class Mine(Section, frozen=True, kw_only=True):\n    {doc!r}\n\n    days: {of}\n\n"
        f"    def check(self):\n        {check or 'pass'}\n\n\n@hookimpl\ndef crm_settings():\n    return Mine\n"
        + step(f"expires=day + timedelta(days=book.settings(Mine).{use})")
    )


def importer(read: str, sniff: str = "lambda head: head[:1] == b'#'") -> str:
    return (
        f"def read(stream):\n{indent(dedent(read).strip(), '    ')}\n\n\n@hookimpl\ndef crm_importers():\n"
        f"    yield Importer(name='lines', label='Lines', suffixes=('.l',), sniff={sniff}, read=read)\n"
    )


def exporter(write: str, *rest: str) -> str:
    return (
        f"def write(export):\n    {write}\n\n\n@hookimpl\ndef crm_exporters():\n"
        "    yield Exporter(name='lines', label='Lines', people=True, write=write)\n"
    )


class Bad(NamedTuple):
    """A plugin, and the tests of the contract that fail for it."""

    name: str
    source: str
    failing: tuple[str, ...]
    samples: str = "{}"


CONFTEST = """
from crm_core import hookspecs

pytest_plugins = ["crm_core.testing"]

def crm_dream(): ...

hookspecs.crm_dream = hookspecs.hookspec(crm_dream, warn_on_impl=DeprecationWarning("use crm_steps"))
"""
LINES = """
    for number, line in enumerate(stream, start=1):
        name = line.decode("utf-8", "replace").strip()
        yield Candidate(contact=Contact(name=name), line=number)
"""
FORGETFUL = """
class Note(Record, frozen=True, kw_only=True):
    text: str

    def __post_init__(self):
        if self.id:
            raise ValueError("gone")

@hookimpl
def crm_records():
    yield RecordKind(type=Note, prefix="fg", label="note", plural="notes", table="keeps_what_it_can_not_read.notes")
"""
GOOD = (
    step("expires=day + timedelta(days=14)")
    + command('"""Walk."""', "epilog='Example: crm walk'")
    + exporter("yield from (contact.name.encode() for contact in export.contacts)")
    + importer(LINES)
)
BAD = (
    Bad("prints", "print('hello')\n" + step(""), ("is_loaded_without",)),
    Bad("no_hooks", "def crm_steps(book): ...", ("is_loaded_without",)),
    Bad("asks_too_much", "@hookimpl\ndef crm_steps(book, present): ...", ("is_loaded_without",)),
    Bad("is_of_yesterday", step("") + "@hookimpl\ndef crm_dream(): ...", ("is_loaded_without",)),
    Bad("is_heavy", "import logging\n" + step(""), ("imports_nothing_heavy",)),
    Bad("fails_on_nothing", "@hookimpl\ndef crm_steps(book):\n    max(book.interviews)", ("empty_book",)),
    Bad(
        "trusts_references",
        "@hookimpl\ndef crm_search(book):\n    yield from ()\n    for card in book.cards: book.get(card.contact)",
        ("a_strange_book",),
    ),
    Bad(
        "fails_at_names", exporter("yield from (c.name.encode('cp1252') for c in export.contacts)"), ("a_strange_book",)
    ),
    Bad("writes_text", exporter("yield 'text'"), ("an_empty_book", "the_sample_book", "a_strange_book")),
    Bad("gives_titles", "@hookimpl\ndef crm_steps(): yield 'Walk'", ("an_empty_book",)),
    Bad(
        "numbers_by_word",
        "@hookimpl\ndef crm_checklist(): yield Row(number='1', title='Walk', state='due', why='')",
        ("the_sample_book", "a_strange_book"),
    ),
    Bad("draws_figures", "@hookimpl\ndef crm_summary(): yield Figure(title='', rows=7)", ("an_empty_book",)),
    Bad(
        "writes_where_it_reads",
        "@hookimpl\ndef crm_steps(book):\n    with book.change('sneaky'): book.companies.add(Company(name='Mine'))",
        ("an_empty_book",),
    ),
    Bad("draws_lots", DRAWN + step("slot=str(next(DRAWN))"), ("asking_twice",)),
    Bad("names_none", step("refs=('all',)"), ("its_own",)),
    Bad("names_the_day", step("slot=str(book.today)"), ("another_one_each_day",)),
    Bad("is_due_today", step("late=day").replace("due=day", "due=book.today"), ("depend_on_today",)),
    Bad("says_done", step("") + "@hookimpl\ndef crm_done(): return True", ("records_as_done",)),
    Bad("no_help", command("pass", "epilog='Example: crm walk'"), ("say_what_they_do",)),
    Bad("no_example", command('"""Walk."""', ""), ("say_what_they_do",)),
    Bad(
        "no_option_help",
        command('"""Walk."""', "epilog='Example: crm walk'").replace(', help="Farther."', ""),
        ("say_what_they_do",),
    ),
    Bad(
        "no_such_command", "@hookimpl\ndef crm_commands(): yield Command('walk', 'Walk', 'crm_core:Book')", ("help_of",)
    ),
    Bad("no_manual", settings("Mine."), ("words_and_defaults",)),
    Bad("overflows", settings("`days`."), ("odd_setting",)),
    Bad(
        "names_no_key",
        settings("`days`.", "if not 0 <= self.days < 100: raise ValueError('that is no number')"),
        ("odd_setting",),
    ),
    Bad(
        "drafts_badly",
        "@hookimpl\ndef crm_letters():\n    yield LetterKind(name='w', label='w', subject='', body='{{ company.x }}')",
        ("letters_can_be_drafted",),
    ),
    Bad("reads_ascii", importer(LINES.replace('"utf-8", "replace"', '"ascii"')), ("importers_never_raise",)),
    Bad("counts_from_0", importer(LINES.replace("start=1", "start=0")), ("importers_never_raise",)),
    Bad("reads_nobody", importer("yield from ()"), ("read_their_samples",), "{'lines': b'# people'}"),
    Bad("needs_all", importer("yield stream.read()[99]"), ("importers_never_raise",)),
    Bad("changes_the_program", "import crm_core.search\ncrm_core.search.TEXTS = None\n" + step(""), ("removed_it",)),
    Bad("keeps_what_it_can_not_read", FORGETFUL, ("removed_it",)),
)


@pytest.fixture
def outcomes(pytester: pytest.Pytester):
    """Run tests of the contract on plugins; gives which of them failed."""

    def run(plugins: tuple[Bad, ...]) -> set[tuple[str, str]]:
        tests = ["from pathlib import Path\nfrom crm_core.testing import PluginContract\n"]
        for plugin in plugins:
            pytester.path.joinpath(f"{plugin.name}.py").write_text(HOOKS + plugin.source, "utf-8")
            tests.append(
                f"class Test_{plugin.name}(PluginContract):\n"
                f"    plugin = Path({str(pytester.path)!r}) / '{plugin.name}.py'\n    samples = {plugin.samples}\n"
            )
        pytester.makepyfile(test_them="\n".join(tests))
        pytester.makeconftest(CONFTEST)
        words = " or ".join(f"(Test_{p.name} and {word})" for p in plugins for word in p.failing or ("test",))
        # In a process of its own: what is imported in this one must stay so.
        result = pytester.runpytest_subprocess("-q", "-rfE", "-k", words, "-p", "no:cacheprovider")
        assert re.search(r"\d+ (passed|failed)", result.outlines[-1])
        return set(
            re.findall(r"^(?:FAILED|ERROR) test_them\.py::Test_(\w+)::(\w+)", "\n".join(result.outlines), re.MULTILINE)
        )

    return run


def test_each_bad_plugin_fails_where_it_is_bad(outcomes):
    failed = outcomes(BAD)

    for bad in BAD:
        found = {test for name, test in failed if name == bad.name}
        assert len(found) == len(bad.failing), f"{bad.name}: {found or 'nothing was noticed'}"
        assert all(any(word in test for test in found) for word in bad.failing)


def test_each_test_of_the_contract_fails_for_one_of_them():
    tests = [name for name in vars(PluginContract) if name.startswith("test_")]
    words = {word for bad in BAD for word in bad.failing}

    assert [test for test in tests if not any(word in test for word in words)] == []


def test_a_good_plugin_passes(outcomes):
    assert outcomes((Bad("good", GOOD, (), "{'lines': b'# people\\nAna Silva'}"),)) == set()
