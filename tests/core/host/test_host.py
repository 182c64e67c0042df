"""A bad plugin costs its own part, is named in one line with its version and the cure, and harms nobody else."""

import traceback
from datetime import date, timedelta
from textwrap import dedent

import pytest

from crm_core.dates import moment_of
from crm_core.errors import CrmError, InputError
from crm_core.host.host import Host
from crm_core.records import Interview, Ref
from crm_core.steps import Agenda, Step
from tests.core.host.bad_plugins import BAD_AT_START, BAD_IN_A_CALL, BAD_ROWS, Bad
from tests.core.host.conftest import Install, MakeHost, Told
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf

SINCE, UNTIL = NOW - timedelta(days=30), NOW + timedelta(days=30)
A_STEP = """
@hookimpl
def crm_steps(book):
    yield Step(kind="k", title="T", why="", starts=book.today, due=book.today)
"""
NO_COMMANDS = "@hookimpl\ndef crm_commands(): 1 / 0\n"
NO_STEPS = "@hookimpl\ndef crm_steps(): 1 / 0\n"
GOOD_ANSWERS = {
    "kinds": ["crm_good.pauses"],
    "sections": ["crm_good"],
    "commands": ["good"],
    "steps": [("crm_good", "Do good")],
}


def ask(host: Told) -> dict[str, object]:
    """Everything that a program would ask its plugins."""
    kinds = host.kinds()
    book = book_in(MemoryStore(Shelf()), kinds=kinds)
    return {
        "kinds": [kind.table for kind in kinds],
        "sections": sorted(host.sections()),
        "commands": sorted(host.commands(["agenda"])),
        "steps": [(plugin, step.title) for plugin, step in host.steps(book, SINCE, UNTIL)],
    }


def states(host: Told) -> dict[str, str]:
    return {plugin.name: plugin.state for plugin in host.plugins}


def check_line(line: str, where: str, said: str) -> None:
    """It is one line that says who, which version, where, what, and the cure."""
    assert "\n" not in line
    assert line.startswith(f"plugin crm_bad 1.2 failed in {where}: ")
    assert said in line
    assert "Cure: update crm_bad, or crm plugins off crm_bad" in line


def test_a_good_plugin_is_loaded_and_asked(host: MakeHost):
    loaded = host()

    assert ask(loaded) == GOOD_ANSWERS
    assert (states(loaded), loaded.lines, loaded.failed) == ({"crm_good": "loaded"}, [], [])
    assert loaded.plugins[0].hooks == (
        "crm_checklist", "crm_commands", "crm_done", "crm_records", "crm_settings", "crm_steps",
    )  # fmt: skip
    assert (loaded.plugins[0].found.version, loaded.plugins[0].found.own) == ("1.2", False)


@pytest.mark.parametrize("bad", BAD_AT_START, ids=lambda bad: bad.what)
def test_a_plugin_that_can_not_be_loaded_is_left_out(install: Install, host: MakeHost, bad: Bad):
    install("crm_bad", bad.source)
    loaded = host()

    assert ask(loaded) == GOOD_ANSWERS
    assert states(loaded) == {"crm_bad": "broken", "crm_good": "loaded"}
    (line,) = loaded.lines
    check_line(line, bad.where, bad.said)
    (failed,) = loaded.failed
    assert (failed.name, failed.cure) == ("crm_bad", "update crm_bad, or crm plugins off crm_bad")
    assert bad.said in failed.error


@pytest.mark.parametrize("bad", BAD_IN_A_CALL, ids=lambda bad: bad.what)
def test_a_plugin_that_answers_wrongly_loses_that_answer(install: Install, host: MakeHost, bad: Bad):
    install("crm_bad", bad.source)
    loaded = host()
    assert (states(loaded)["crm_bad"], loaded.lines) == ("loaded", [])

    assert ask(loaded) == GOOD_ANSWERS
    assert states(loaded) == {"crm_bad": "failing", "crm_good": "loaded"}
    (line,) = loaded.lines
    check_line(line, bad.where, bad.said)


@pytest.mark.parametrize("bad", BAD_AT_START + BAD_IN_A_CALL, ids=lambda bad: bad.what)
def test_strict_raises_what_is_wrong(install: Install, host: MakeHost, bad: Bad):
    install("crm_bad", bad.source)
    lines: list[str] = []

    def run() -> None:
        ask(host(strict=True, warn=lines.append))

    with pytest.raises(BaseException) as caught:
        run()

    assert lines == []
    assert bad.said.partition(";")[0] in _words(caught.value)


def _words(error: BaseException) -> str:
    name = type(error).__name__
    try:
        return f"{name}: {error}"
    except ZeroDivisionError:
        return name


@pytest.mark.parametrize("source", ["raise KeyboardInterrupt", NO_STEPS.replace("1 / 0", "raise KeyboardInterrupt")])
def test_control_c_stops_the_program_and_not_a_plugin(install: Install, host: MakeHost, source: str):
    install("crm_bad", source)

    def run() -> None:
        ask(host())

    with pytest.raises(KeyboardInterrupt):
        run()


def test_a_plugin_that_can_not_be_registered_leaves_no_half_of_itself(install: Install, host: MakeHost):
    wrong = "@hookimpl\ndef crm_settings(wrong): ...\n"
    install("crm_bad", "@hookimpl\ndef crm_commands(): yield Command('bad', '', 'x:y')\n" + wrong + A_STEP)

    assert ask(host()) == GOOD_ANSWERS


def test_a_plugin_that_fails_in_one_hook_still_answers_in_others(install: Install, host: MakeHost):
    install("crm_bad", NO_COMMANDS + A_STEP)
    loaded = host()

    assert ask(loaded)["steps"] == [("crm_bad", "T"), ("crm_good", "Do good")]
    assert [line.split(":")[0] for line in loaded.lines] == ["plugin crm_bad 1.2 failed in crm_commands"]


def test_the_same_fault_is_told_once_however_often_it_happens(install: Install, host: MakeHost):
    install("crm_bad", NO_COMMANDS + NO_STEPS)
    loaded = host()

    for _ in range(5):
        ask(loaded)

    assert len(loaded.lines) == 2
    assert loaded.failed[0].error == "crm_commands: ZeroDivisionError: division by zero"


def test_who_looks_for_the_fault_is_told_the_exception_itself(install: Install, host: MakeHost):
    install("crm_bad", "def inner():\n    1 / 0\ninner()")
    told: list[BaseException] = []

    host(fault=told.append)

    assert [type(error) for error in told] == [ZeroDivisionError]
    assert "inner" in "".join(traceback.format_exception(told[0]))


def test_the_agenda_has_the_other_plugins_steps(install: Install, host: MakeHost):
    install("crm_bad", NO_STEPS)
    loaded = host()

    agenda = Agenda(book_in(MemoryStore(Shelf())), loaded, SINCE, UNTIL)

    assert [entry.key for entry in agenda.entries] == ["crm_good/good"]
    assert [plugin.name for plugin in loaded.failed] == ["crm_bad"]


def test_the_book_can_be_changed_again_after_the_steps_were_asked(install: Install, host: MakeHost):
    install("crm_bad", NO_STEPS)
    book = book_in(MemoryStore(Shelf()))

    list(host().steps(book, SINCE, UNTIL))

    with book.change("as usual"):
        assert book.new_move_id() == "m1"


def test_two_plugins_of_one_name_the_first_stays_and_the_other_is_shown_as_shadowed(install: Install, host: MakeHost):
    install("crm_good", "raise RuntimeError('never imported')", distribution="zzz_other", target="other_module")
    loaded = host()

    assert ask(loaded) == GOOD_ANSWERS
    first, second = loaded.plugins
    assert (first.state, second.state, second.found.distribution) == ("loaded", "shadowed", "zzz_other")
    assert second.error == "crm_good has a plugin of that name, which is taken"
    assert second.cure == "pip uninstall zzz_other"
    assert (loaded.lines, loaded.failed) == ([], [])


def test_a_foreign_plugin_can_not_take_the_place_of_one_of_ours(install: Install, host: MakeHost):
    install("crm_twin", "@hookimpl\ndef crm_commands(): yield Command('twin', 'ours', '')", distribution="crm_core")
    install("crm_twin", "1 / 0", distribution="aaa_first", target="stranger")

    loaded = host()

    twins = [plugin for plugin in loaded.plugins if plugin.name == "crm_twin"]
    assert [twin.found.distribution for twin in twins] == ["crm_core", "aaa_first"]
    assert [twin.state for twin in twins] == ["loaded", "shadowed"]
    assert loaded.commands([])["twin"].help == "ours"


def test_one_of_our_own_that_is_broken_has_a_cure_of_its_own(install: Install, host: MakeHost):
    install("crm_mine", "1 / 0", distribution="crm_core")

    (line,) = host().lines

    assert line.endswith("Cure: crm plugins off crm_mine, and reinstall crm_core")


def test_a_switched_off_plugin_is_not_even_imported_and_keeps_its_name(install: Install, host: MakeHost):
    install("crm_bad", "raise RuntimeError('imported')")
    install("crm_bad", "raise RuntimeError('imported')", distribution="zzz", target="crm_bad_too")
    loaded = host(off={"crm_bad", "crm_unknown"})

    assert [plugin.state for plugin in loaded.plugins] == ["off", "shadowed", "loaded"]
    assert (ask(loaded), loaded.lines, loaded.failed) == (GOOD_ANSWERS, [], [])


def test_of_two_plugins_with_one_command_the_first_has_it(install: Install, host: MakeHost):
    source = "@hookimpl\ndef crm_commands(): return [Command(name, '', 'crm_late:x') for name in ('good', 'late')]"
    install("crm_late", source)
    loaded = host()

    targets = {name: command.target for name, command in loaded.commands(["agenda"]).items()}
    assert targets == {"good": "crm_good:good", "late": "crm_late:x"}
    (line,) = loaded.lines
    assert "plugin crm_late 1.2 failed in crm_commands: the command 'good' is crm_good's" in line


@pytest.mark.parametrize(
    ("hook", "made", "ask", "said"),
    [
        ("crm_letters", "LetterKind(name={}, label='', subject='', body='')", Host.letters, "kind of letter"),
        (
            "crm_importers",
            "Importer(name={}, label='', suffixes=(), sniff=bool, read=iter)",
            Host.importers,
            "importer",
        ),
        ("crm_exporters", "Exporter(name={}, label='', write=iter)", Host.exporters, "exporter"),
    ],
)
def test_so_it_is_with_letters_and_formats(install: Install, host: MakeHost, hook: str, made: str, ask, said: str):
    head = "from crm_core import Exporter, Importer, LetterKind\n@hookimpl\n"
    for plugin, own in (("crm_a", "'a'"), ("crm_b", "'b'")):
        install(plugin, f"{head}def {hook}(): return [{made.format(own)}, {made.format(repr('same'))}]")
    loaded = host()

    assert [one.name for one in ask(loaded) if one.name != "json"] == ["a", "same", "b"]
    (line,) = loaded.lines
    assert f"plugin crm_b 1.2 failed in {hook}: the {said} 'same' is crm_a's" in line


@pytest.mark.parametrize("hook", ["crm_importers", "crm_exporters"])
def test_the_cores_own_format_is_nobody_elses(install: Install, host: MakeHost, hook: str):
    source = """
        from crm_core import Exporter, Importer
        @hookimpl
        def crm_importers(): yield Importer(name="json", label="", suffixes=(), sniff=bool, read=iter)
        @hookimpl
        def crm_exporters(): yield Exporter(name="json", label="", write=iter)
    """
    install("crm_a", dedent(source))
    loaded = host()
    loaded.ask_all([])

    assert any(f"failed in {hook}" in line and "'json' is the core's" in line for line in loaded.lines)


def test_of_two_plugins_with_one_prefix_the_first_has_it(install: Install, host: MakeHost):
    source = """
        class One(Record, frozen=True, kw_only=True): ...
        class Two(Record, frozen=True, kw_only=True): ...

        @hookimpl
        def crm_records():
            yield RecordKind(type=One, prefix="gp", label="", plural="", table="crm_late.ones")
            yield RecordKind(type=Two, prefix="two", label="", plural="", table="crm_late.twos")
    """
    install("crm_late", dedent(source))
    loaded = host()

    assert [kind.table for kind in loaded.kinds()] == ["crm_good.pauses", "crm_late.twos"]
    assert "its prefix 'gp' is that of pauses" in loaded.lines[0]


def test_a_plugin_may_be_an_attribute_or_an_attribute_of_one(install: Install, host: MakeHost):
    source = """
        class Inner:
            @hookimpl
            def crm_commands(self):
                yield Command(__name__, "", "")

        class Outer:
            inner = Inner()

        inner = Inner()
    """
    install("crm_one", source, target="crm_one:inner")
    install("crm_two", source, target="crm_two:Outer.inner")
    install("crm_bad", source, target="crm_bad:missing")
    loaded = host()

    assert sorted(loaded.commands([])) == ["crm_one", "crm_two", "good"]
    (line,) = loaded.lines
    check_line(line, "import", "missing")


def test_one_module_under_two_names_is_registered_once(install: Install, host: MakeHost):
    install("crm_bad", "from crm_good import *\nimport sys, crm_good\nsys.modules[__name__] = crm_good")
    loaded = host()

    assert [plugin for plugin, _ in loaded.steps(book_in(MemoryStore(Shelf())), SINCE, UNTIL)] == ["crm_bad"]
    assert sorted(states(loaded).values()) == ["broken", "loaded"]


def test_a_hook_of_a_newer_core_may_be_marked_optional(install: Install, host: MakeHost):
    install("crm_new", "@hookimpl(optionalhook=True)\ndef crm_dream(book, wish): ...")
    loaded = host()

    assert (states(loaded)["crm_new"], loaded.lines) == ("loaded", [])


def test_plugins_are_asked_in_the_order_of_their_names_whatever_they_wish(install: Install, host: MakeHost):
    for name in ("crm_b", "crm_a", "crm_z"):
        install(name, A_STEP.replace("@hookimpl", f"@hookimpl(tryfirst={name == 'crm_z'})"))

    steps = host().steps(book_in(MemoryStore(Shelf())), SINCE, UNTIL)

    assert [plugin for plugin, _ in steps] == ["crm_a", "crm_b", "crm_good", "crm_z"]


INTERVIEW = Interview(id=Ref("i7"), application=Ref("a1"), at=moment_of(NOW))


@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda bad: bad.what)
def test_a_bad_row_costs_its_plugin_its_rows(install: Install, host: MakeHost, bad: Bad):
    install("crm_bad", bad.source)
    loaded = host()
    book = book_in(MemoryStore(Shelf()))

    with book.change("looking"):
        rows = list(loaded.checklist(book, INTERVIEW, []))

    assert [(row.number, row.why) for row in rows] == [(1, "i7")]
    (line,) = loaded.lines
    check_line(line, bad.where, bad.said)


def test_each_plugin_is_shown_its_own_entries(install: Install, host: MakeHost):
    install("crm_a", A_STEP)
    loaded = host()
    book = book_in(MemoryStore(Shelf()))
    entries = Agenda(book, loaded, SINCE, UNTIL).entries
    assert [entry.plugin for entry in entries] == ["crm_a", "crm_good"]

    (row,) = loaded.checklist(book, INTERVIEW, entries)

    assert row.number == 2


class TestDone:
    """A fact that closes a step is recorded by its own plugin, or by nobody."""

    STEP = Step(kind="k", title="Do it", why="", starts=date(2026, 11, 23), due=date(2026, 11, 23))

    def done(self, host: Told, plugin: str) -> bool:
        book = book_in(MemoryStore(Shelf()))
        with book.change("done"):
            return host.done(book, plugin, self.STEP, date(2026, 11, 23))

    def test_only_the_steps_own_plugin_is_asked(self, install: Install, host: MakeHost):
        install("crm_bad", "@hookimpl\ndef crm_done(): 1 / 0")
        install("crm_silent", "")
        loaded = host()

        assert self.done(loaded, "crm_good") is True
        assert self.done(loaded, "crm_silent") is False
        assert self.done(loaded, "crm_gone") is False
        assert loaded.lines == []

    @pytest.mark.parametrize(("answer", "taken"), [("True", True), ("False", False), ("None", False)])
    def test_its_answer_is_true_or_false(self, install: Install, host: MakeHost, answer: str, taken: bool):
        install("crm_yes", f"@hookimpl\ndef crm_done(step): return {answer}")

        assert self.done(host(), "crm_yes") is taken

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("raise KeyError('x')", "KeyError: 'x'"),
            ("raise SystemExit", "SystemExit"),
            ("yield True", "expected True or False, got generator"),
            ("return 'yes'", "expected True or False, got str"),
        ],
    )
    def test_a_plugin_that_fails_is_named_and_the_command_ends(
        self, install: Install, host: MakeHost, body: str, said: str
    ):
        install("crm_bad", f"@hookimpl\ndef crm_done(): {body}")
        loaded = host()

        with pytest.raises(CrmError, match="Do it: crm_bad could not record that") as caught:
            self.done(loaded, "crm_bad")

        assert (caught.value.exit_code, caught.value.hint) == (1, "Nothing was changed.")
        check_line(loaded.lines[0], "crm_done", said)

    def test_what_it_refuses_the_user_is_told_in_its_own_words(self, install: Install, host: MakeHost):
        install("crm_bad", "from crm_core import InputError\n@hookimpl\ndef crm_done(): raise InputError('not yet')")
        loaded = host()

        with pytest.raises(InputError, match="not yet"):
            self.done(loaded, "crm_bad")
        assert (loaded.lines, loaded.failed) == ([], [])

    def test_strict_and_control_c_pass(self, install: Install, host: MakeHost):
        install("crm_bad", "@hookimpl\ndef crm_done(): 1 / 0")
        install("crm_stop", "@hookimpl\ndef crm_done(): raise KeyboardInterrupt")

        loaded, strict = host(), host(strict=True)
        with pytest.raises(ZeroDivisionError):
            self.done(strict, "crm_bad")
        with pytest.raises(KeyboardInterrupt):
            self.done(loaded, "crm_stop")
