"""What plugins do wrong: each with where it is noticed, and what the notice says."""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple


class Bad(NamedTuple):
    """A bad plugin.

    Args:
        what: What it does wrong.
        where: The gate, or the hook, that notices it.
        said: Part of the notice.
        source: The module, after the usual imports.
    """

    what: str
    where: str
    said: str
    source: str


def _hook(what: str, said: str, source: str) -> Bad:
    """Fails in the hook with which its source begins."""
    text = dedent(source).strip()
    return Bad(what, text.removeprefix("def ").partition("(")[0], said, f"@hookimpl\n{text}\n")


def _record(what: str, said: str, kind: str, body: str = "...") -> Bad:
    """Declares a record `Mine` with that body, and a kind of that description."""
    source = f"""
        def crm_records():
            from crm_core import Contact, Migration
            class Mine(Record, frozen=True, kw_only=True):
                {body}
            yield RecordKind(label="thing", plural="things", {kind})
    """
    return _hook(what, said, source)


BAD_AT_START = (
    Bad("raises at import", "import", "ZeroDivisionError: division by zero", "1 / 0"),
    Bad("ends the program at import", "import", "SystemExit: gone", "import sys\nsys.exit('gone')"),
    Bad("is no Python", "import", "SyntaxError", "def crm_steps(:"),
    Bad("needs what is not installed", "import", "No module named 'nowhere_at_all'", "import nowhere_at_all"),
    Bad("asks for an unknown argument", "registration", "present", "@hookimpl\ndef crm_steps(book, present): ..."),
    Bad("misspells a hook", "registration", "did you mean 'crm_steps'?", "@hookimpl\ndef crm_stepz(book): ..."),
    Bad("has a hook that nobody asks", "registration", "'order_pizza'", "@hookimpl\ndef order_pizza(): ..."),
    Bad("wraps hooks", "registration", "wrapper", "@hookimpl(wrapper=True)\ndef crm_steps(book): return (yield)"),
    Bad("wraps old style", "registration", "wrapper", "@hookimpl(hookwrapper=True)\ndef crm_steps(book): yield"),
    Bad(
        "raises when it is looked into",
        "registration",
        "hands off",
        "class Odd:\n    def __dir__(self): raise RuntimeError('hands off')\nimport sys\nsys.modules[__name__] = Odd()",
    ),
)

BAD_IN_A_CALL = (
    _hook("raises", "KeyError: 'due'", "def crm_steps(book): raise KeyError('due')"),
    _hook("ends the program", "SystemExit: 3", "def crm_steps(book): raise SystemExit(3)"),
    _hook("fails with an error of ours", "There is no record 'c99'", "def crm_steps(book): book.get('c99')"),
    _hook("says several lines", "one; two", r"def crm_steps(): raise ValueError('one\n\n  two\x1b[2J')"),
    _hook(
        "fails at failing",
        "Odd",
        """
        def crm_steps():
            class Odd(Exception):
                def __str__(self): return 1 / 0
            raise Odd
        """,
    ),
    _hook(
        "yields, then raises",
        "OSError: net",
        """
        def crm_steps(book):
            yield Step(kind="k", title="T", why="", starts=book.today, due=book.today)
            raise OSError("net")
        """,
    ),
    _hook("returns what is no list", "TypeError", "def crm_steps(): return 7"),
    _hook("returns something else", "expected Step, got str", "def crm_steps(): return ['a step']"),
    _hook("returns a text", "expected Step, got str", "def crm_steps(): return 'steps'"),
    _hook(
        "gives a time without a zone",
        "not a time in a named zone",
        """
        def crm_steps(book):
            yield Step(kind="k", title="T", why="", starts=book.today, due=book.now.replace(tzinfo=None))
        """,
    ),
    _hook(
        "gives no date",
        "starts of a step must be a date, not None",
        "def crm_steps(book): return [Step(kind='k', title='T', why='', starts=None, due=None)]",
    ),
    _hook(
        "gives a moment for a datetime",
        "due of a step must be a date",
        """
        def crm_steps(book):
            from crm_core import moment_of
            yield Step(kind="k", title="T", why="", starts=book.today, due=moment_of(book.now))
        """,
    ),
    _hook(
        "names nobody",
        "a reference of a step must be a str",
        """
        def crm_steps(book):
            yield Step(kind="k", title="T", why="", starts=book.today, due=book.today, refs=("c1", None))
        """,
    ),
    _hook(
        "gives one reference for several",
        "refs of a step must be a tuple",
        """
        def crm_steps(book):
            yield Step(kind="k", title="T", why="", starts=book.today, due=book.today, refs="c1")
        """,
    ),
    _hook(
        "writes to the book",
        "the book is read-only here",
        """
        def crm_steps(book):
            from crm_core import Company
            with book.change("sneaky"):
                book.companies.add(Company(name="Mine"))
        """,
    ),
    _hook("declares no kind", "expected RecordKind, got type", "def crm_records(): return [int]"),
    _record("takes another's table", "must begin with 'crm_bad.'", "type=Mine, prefix='mi', table='contacts'"),
    _record("has a table in a table", "no other full stop", "type=Mine, prefix='mi', table='crm_bad.x.y'"),
    _record(
        "migrates backwards",
        "from version to version, from 2 on",
        "type=Mine, prefix='mi', table='crm_bad.x', migrations=[Migration(to=n, name='') for n in (3, 2)]",
    ),
    _record(
        "migrates to the first version",
        "from version to version, from 2 on",
        "type=Mine, prefix='mi', table='crm_bad.x', migrations=[Migration(to=1, name='')]",
    ),
    _record("takes another's prefix", "'c' is that of contacts", "type=Mine, prefix='c', table='crm_bad.x'"),
    _record("takes another's type", "that of contacts", "type=Contact, prefix='mi', table='crm_bad.x'"),
    _record("takes the prefix of moves", "the prefix 'm'", "type=Mine, prefix='m', table='crm_bad.x'"),
    _record("takes the prefix of changes", "the prefix 'h'", "type=Mine, prefix='h', table='crm_bad.x'"),
    _record("has a prefix no id can have", "the prefix 'p2'", "type=Mine, prefix='p2', table='crm_bad.x'"),
    _record("has no record type", "must be a subclass of Record", "type=dict, prefix='mi', table='crm_bad.x'"),
    _record(
        "has a type that can't be read", "NotImported", "type=Mine, prefix='mi', table='crm_bad.x'", "x: 'NotImported'"
    ),
    _record("wants unique what it has not", "no field 'x'", "type=Mine, prefix='mi', table='crm_bad.x', unique=('x',)"),
    _record("gives a kind with holes", "AttributeError", "type=None, prefix=None, table=None"),
    _hook("has settings that are none", "a subclass of Section", "def crm_settings(): return dict"),
    _hook("gives settings for their type", "a subclass of Section", "def crm_settings(): return Section()"),
    _hook(
        "has a setting without a default",
        "Missing required argument 'number'",
        """
        def crm_settings():
            class Mine(Section, frozen=True, kw_only=True):
                number: int
            return Mine
        """,
    ),
    _hook(
        "takes a core command", "'agenda' is the core's", "def crm_commands(): return [Command('agenda', '', 'x:y')]"
    ),
    _hook("has a command without a name", "no usable name", "def crm_commands(): yield Command(None, '', 'x:y')"),
    _hook(
        "has a command without help", "no usable name or help: 'x'", "def crm_commands(): yield Command('x', None, '')"
    ),
    _hook("offers a function", "expected Command or Command, got builtin", "def crm_commands(): return [print]"),
)


class Harmful(NamedTuple):
    """A plugin that would do harm if it could.

    Args:
        name: What it does, as its plugin's name.
        state: What becomes of it, once everything was asked of it.
        said: Part of what is said of it.
        source: The module, after the usual imports.
        command: The command that notices it.
        requires: What its distribution says that it needs of the core.
    """

    name: str
    state: str
    said: str
    source: str
    command: str = "contact list"
    requires: str = ""


TWELVE = (
    Harmful("raises_at_import", "broken", "import: ZeroDivisionError: division by zero", "1 / 0"),
    Harmful(
        "raises_at_registration",
        "broken",
        "registration: RuntimeError: hands off",
        "class Odd:\n    def __dir__(self): raise RuntimeError('hands off')\nimport sys\nsys.modules[__name__] = Odd()",
    ),
    Harmful("misspells_a_hook", "broken", "did you mean 'crm_steps'?", "@hookimpl\ndef crm_stepz(book): ..."),
    Harmful(
        "takes_a_wrong_argument", "broken", "{'present'} are declared", "@hookimpl\ndef crm_steps(book, present): ..."
    ),
    Harmful(
        "returns_the_wrong_type",
        "failing",
        "crm_steps: TypeError: expected Step, got str",
        "@hookimpl\ndef crm_steps(): return ['a step']",
        "agenda",
    ),
    Harmful(
        "yields_then_raises",
        "failing",
        "crm_steps: OSError: net",
        "@hookimpl\ndef crm_steps(book):\n"
        "    yield Step(kind='k', title='Never shown', why='', starts=book.today, due=book.today)\n"
        "    raise OSError('net')",
        "agenda",
    ),
    Harmful("hangs_on_import", "loaded", "is taking long in import", "import time\ntime.sleep(SECONDS)"),
    Harmful("crm_quota", "shadowed", "crm_core has a plugin of that name, which is taken", "1 / 0"),
    Harmful("prints_at_import", "loaded", "'hello'", "print('hello')"),
    Harmful("ends_the_program", "broken", "import: SystemExit: 7", "import sys\nsys.exit(7)"),
    Harmful(
        "writes_where_it_must_only_read",
        "failing",
        "crm_steps: RuntimeError: the book is read-only here",
        "@hookimpl\ndef crm_steps(book):\n"
        "    from crm_core import Company\n"
        "    with book.change('sneaky'):\n"
        "        book.companies.add(Company(name='Sneaky'))",
        "agenda",
    ),
    Harmful(
        "needs_a_newer_core",
        "broken",
        "import: it needs crm-core >=99.1, and this is",
        "from crm_core import Telepathy",
        requires=">=99.1",
    ),
)

BAD_ROWS = (
    _hook("raises", "ZeroDivisionError", "def crm_checklist(): 1 / 0"),
    _hook("returns something else", "expected Row, got int", "def crm_checklist(): return [7]"),
    _hook(
        "numbers by word", "Expected `int`", "def crm_checklist(): yield Row(number='1', title='', state='due', why='')"
    ),
    _hook("invents a state", "'soon'", "def crm_checklist(): yield Row(number=1, title='', state='soon', why='')"),
    _hook("writes to the book", "read-only", "def crm_checklist(book): book.new_move_id()"),
)
