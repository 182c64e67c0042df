from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import msgspec
import pytest

from crm_core.cli.app import App
from crm_core.cli.main import CORE_COMMANDS, build, main
from crm_core.cli.screen.output import Output
from crm_core.records import Contact
from crm_core.version import __version__

PROGRAM = [sys.executable, "-c", "from crm_core.cli.main import run; run()"]
MODULES = "import sys; from crm_core.cli.main import main; main(sys.argv[1:]); print('modules:', *sys.modules)"
FULL = Path("/dev/full")

FAILING = """\
from crm_core import hookimpl

@hookimpl
def crm_steps(book):
    raise RuntimeError("the moon is in the way")
"""
BODILESS = """\
from crm_core import Command, hookimpl

@hookimpl
def crm_commands():
    yield Command("vanish", "Has no body", "a_module_that_nobody_has:vanish")
"""


def environment(crm, **more):
    return {"PATH": os.environ["PATH"], **crm.environ, **more}


def run(crm, *words, **options):
    """The program in a process of its own."""
    options = {"capture_output": True, "text": True, "timeout": 60, "env": environment(crm), **options}
    return subprocess.run([*PROGRAM, *words], check=False, **options)


def in_shell(crm, line):
    """A line of shell in which `crm` is the program."""
    script = f'crm() {{ "{sys.executable}" -c "{PROGRAM[2]}" "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        env=environment(crm),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def modules_after(crm, *words):
    """What a command line printed, and the modules that it imported."""
    out = subprocess.run(
        [sys.executable, "-c", MODULES, *words], env=environment(crm), capture_output=True, text=True, check=True
    ).stdout
    printed, _, modules = out.partition("modules: ")
    return printed, set(modules.split())


@pytest.fixture
def crowd(crm):
    """A book with 3,000 people: more than any pipe holds."""
    book = crm.book
    with book.change("a crowd"):
        for number in range(3_000):
            book.contacts.add(Contact(name=f"Person {number:04}", emails=(f"person.{number}@example.com",)))
    return crm


def test_done_is_0(crm):
    assert run(crm, "contact", "add", "Ana Silva").returncode == 0


def test_failed_is_1(crm):
    (crm.home / "book.lock").mkdir(parents=True)
    failed = crm('contact add "Ana Silva"')
    assert (failed.code, failed.out) == (1, "")
    assert "Nothing was changed" in failed.err


@pytest.mark.parametrize(
    "words",
    [
        "contact show Nobody",
        "contact show Ana",
        "contact add",
        "contact add Ana --colour green",
        "agenda --until someday",
        "nonsense",
        "contact nonsense",
        "done wxyz",
    ],
)
def test_a_mistake_in_the_words_is_2_and_says_what_to_do(crm, words):
    crm.ok('contact add "Ana Silva"')
    crm.ok('contact add "Ana Sousa" --new')
    result = crm(words)
    assert (result.code, result.out) == (2, "")
    first, second = result.err.splitlines()[:2]
    assert first.startswith("crm: ")
    assert not first.endswith(".")
    assert second.startswith("     hint: ")
    assert "Traceback" not in result.err


def test_partly_done_is_3(crm, install):
    install("moonstruck", FAILING)
    assert crm("agenda").code == 3


def test_the_exit_code_is_the_processs(crm):
    assert run(crm, "contact", "show", "Nobody").returncode == 2


def damaged(book):
    middle = book.index(b"Silva")
    return {
        "empty": b"",
        "cut": book[: len(book) // 2],
        "not JSON": b"\xff\xfe\x00book",
        "another program's": b'{"windows": [1, 2, 3]}',
        "a list": b"[]",
        "a flipped bit": book[:middle] + b"s" + book[middle + 1 :],
        "newer": book.replace(b'"format":1', b'"format":9'),
    }


@pytest.mark.parametrize("how", damaged(b"Silva"))
@pytest.mark.parametrize("words", ["agenda", "contact list", "contact add Mara", "--no-plugins contact list"])
def test_a_book_that_can_not_be_read_is_4_and_is_left_as_it_is(crm, how, words):
    crm.ok('contact add "Ana Silva"')
    path = crm.home / "book.json"
    path.write_bytes(damaged(path.read_bytes())[how])
    before = path.read_bytes()
    result = crm(words)
    assert result.code == 4
    assert str(path) in result.err
    assert path.read_bytes() == before


def test_a_folder_in_the_books_place_is_4(crm):
    (crm.home / "book.json").mkdir(parents=True)
    assert crm("agenda").code == 4


def test_help_works_whatever_the_book_looks_like(crm):
    crm.ok('contact add "Ana Silva"')
    (crm.home / "book.json").write_bytes(b"")
    (crm.home / "config.toml").write_bytes(b"[[[")
    assert run(crm, "--help").returncode == 0
    assert run(crm, "contact", "--help").returncode == 0
    assert crm.ok("--version").out == f"crm {__version__}\n"


def test_help_lists_every_command_and_imports_none(crm):
    printed, modules = modules_after(crm, "--help")
    for command in CORE_COMMANDS:
        assert f"\n  {command.name} " in printed
        assert command.target.partition(":")[0] not in modules
    assert "\n  promise " in printed
    assert "crm_promises.cli" not in modules


@pytest.mark.parametrize("group", ["application", "card", "company", "contact", "interview", "letter", "promise"])
def test_a_groups_help_lists_its_commands_and_opens_no_book(crm, group):
    printed, modules = modules_after(crm, group, "--help")
    assert "\n  list " in printed
    assert "\n  show " in printed
    assert {"tinydb", "vobject", "jinja2", "crm_core.store.tiny"}.isdisjoint(modules)


def commands_of(crm, *words):
    """The names that a help page lists."""
    lines = iter(crm.ok(*words, "--help").out.splitlines())
    names = []
    if "Commands:" in lines:
        for line in lines:
            if not line.startswith("  "):
                break
            if line[2] != " ":
                names.append(line.split()[0])
    return names


def test_every_command_at_every_level_has_help_with_an_example(crm):
    todo = [(name,) for name in commands_of(crm)]
    assert len(todo) > len(CORE_COMMANDS)
    while todo:
        words = todo.pop()
        page = crm.ok(*words, "--help").out
        below = commands_of(crm, *words)
        todo.extend((*words, name) for name in below)
        assert f"Usage: crm {' '.join(words)}" in page
        assert below or "Example" in page, words


def test_a_list_of_commands_cuts_no_sentence_off(crm):
    todo = [(), *((name,) for name in commands_of(crm))]
    while todo:
        words = todo.pop()
        below = commands_of(crm, *words)
        assert [line for line in crm.ok(*words, "--help").out.splitlines()[1:] if line.endswith("...")] == []
        todo.extend((*words, name) for name in below if words)


def test_the_short_form_of_help(crm):
    assert crm.ok("-h").out == crm.ok("--help").out


def test_the_version(crm):
    assert crm.ok("--version").out == f"crm {__version__}\n"


@pytest.mark.parametrize(
    ("typed", "meant"), [("contcat", "contact"), ("agnda", "agenda"), ("promises", "promise"), ("contact ad", "add")]
)
def test_a_misspelt_command_is_guessed(crm, typed, meant):
    result = crm(typed)
    assert result.code == 2
    assert f"'{meant}'" in result.err.splitlines()[0].split("Did you mean ")[1]


def test_what_nobody_can_guess_leads_to_help(crm):
    assert crm("xyzzy").err.splitlines()[1] == "     hint: crm --help"
    assert crm("contact xyzzy").err.splitlines()[1] == "     hint: crm contact --help"


def test_a_misspelt_option_is_guessed(crm):
    assert "--until" in crm("agenda --untl friday").err


def test_an_option_that_belongs_before_the_command_says_so(crm):
    assert "crm --demo" in crm("agenda --demo").err


@pytest.mark.parametrize(
    ("words", "code"), [("contact show Nobody --json", 2), ("contact lst --json", 2), ("agenda --json --until x", 2)]
)
def test_errors_are_json_where_json_is_asked_for(crm, words, code):
    result = crm(words)
    assert (result.code, result.out) == (code, "")
    envelope = msgspec.json.decode(result.err)
    assert envelope["schema"] == 1
    assert set(envelope["error"]) == {"message", "hint", "code"}
    assert envelope["error"]["code"] == code


def test_an_unreadable_book_is_json_too(crm):
    crm.home.mkdir()
    (crm.home / "book.json").write_bytes(b"")
    assert crm("agenda --json").error["code"] == 4


@pytest.mark.parametrize("words", ["contact list", "contact list --json"])
def test_a_reader_that_has_seen_enough_is_no_error(crowd, words):
    result = in_shell(crowd, f"crm {words} | head -c 100")
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout) == 100


def test_a_reader_that_reads_nothing_is_no_error(crowd):
    for words in ("contact list", "--help", "--version"):
        result = in_shell(crowd, f"crm {words} | true")
        assert "Traceback" not in result.stderr
        assert "Exception" not in result.stderr
        assert result.returncode == 0


def test_a_closed_stdout_harms_nothing(crm):
    result = in_shell(crm, "crm contact add 'Ana Silva' >&-")
    assert (result.returncode, result.stdout) == (0, "")
    assert "Traceback" not in result.stderr
    assert [person["name"] for person in crm.ok("contact list --json").items] == ["Ana Silva"]


def test_a_closed_stdin_is_an_empty_one(crm):
    crm.ok('contact add "Ana Silva"')
    assert in_shell(crm, "crm contact list <&-").returncode == 0
    refused = in_shell(crm, "crm contact remove c1 <&-")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert "Traceback" not in in_shell(crm, "crm import - <&-").stderr


def test_a_closed_stderr_does_not_mix_talk_into_the_data(crm):
    crm.ok('contact add "Ana Silva"')
    assert in_shell(crm, "crm contact list --json 2>&-").stdout == crm.ok("contact list --json").out
    assert in_shell(crm, "crm contact show Nobody 2>&-").returncode == 2


def test_nothing_is_written_into_the_book_when_all_streams_are_closed(crm):
    for number in range(3):
        assert in_shell(crm, f"crm contact add 'Person {number}' --new <&- >&- 2>&-").returncode == 0
    assert len(crm.ok("contact list --json").items) == 3
    assert in_shell(crm, "crm contact show Nobody <&- >&- 2>&-").returncode == 2


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", ["contact list", "--help", "--version"])
def test_a_full_disk_behind_stdout_is_said_in_one_line(crowd, words):
    result = in_shell(crowd, f"crm {words} >/dev/full")
    assert result.returncode == 1
    message, hint = result.stderr.splitlines()
    assert message == "crm: what there is to say can't be written: no space left on device"
    assert hint.endswith("crm history")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_change_that_could_not_be_told_is_in_the_history(crm):
    result = in_shell(crm, "crm contact add 'Ana Silva' >/dev/full")
    assert (result.returncode, result.stderr.splitlines()[-1].rpartition(": ")[2]) == (1, "crm history")
    assert "added Ana Silva" in crm.ok("history").out


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_full_disk_behind_both_streams_is_told_by_the_exit_code(crowd):
    assert in_shell(crowd, "crm contact list --json >/dev/full 2>/dev/full").returncode == 1


def test_the_streams_may_be_missing_in_process_too(crm, monkeypatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["--version"], crm.environ) == 0
    assert main(["contact", "show", "Nobody"], crm.environ) == 2
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.close()


def test_main_prints_where_python_prints(crm, capsys):
    assert main(["--version"], crm.environ) == 0
    assert capsys.readouterr().out == f"crm {__version__}\n"


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_ctrl_c_ends_the_command_with_one_line(crm, monkeypatch):
    monkeypatch.setattr("crm_core.cli.agenda.seen", interrupted)
    result = crm("agenda")
    assert (result.code, result.out, result.err) == (1, "", "crm: interrupted\n")


def test_ctrl_c_while_the_commands_are_looked_up_too(crm, monkeypatch):
    monkeypatch.setattr("crm_core.cli.main.build", interrupted)
    assert crm("agenda").err == "crm: interrupted\n"


def test_ctrl_c_does_not_leave_the_lock_behind(crm, monkeypatch):
    monkeypatch.setattr("crm_core.table.Table.add", interrupted)
    assert crm('contact add "Ana Silva"').code == 1
    monkeypatch.undo()
    crm.ok('contact add "Ana Silva"')
    assert len(crm.book.contacts) == 1


@pytest.mark.parametrize(
    "bad", ["tomorrow", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "x" * 5_000, "\x1b[2J"]
)
def test_a_present_that_is_no_date_is_a_mistake(crm, bad):
    crm.today = bad
    result = crm("agenda")
    assert result.code == 2
    assert "CRM_TODAY" in result.err
    assert len(result.err) < 300
    assert "\x1b" not in result.err


@pytest.mark.parametrize(
    ("present", "there"),
    [
        ("2026-12-24", "2026-12-24T12:00"),
        ("2026-12-24T09:30", "2026-12-24T09:30"),
        ("2026-12-24T23:30:00-05:00", "2026-12-25T05:30"),
    ],
)
def test_the_present_can_be_set(crm, present, there):
    crm.today = present
    assert crm.book.now.isoformat() == f"{there}:00+01:00"


def test_on_a_terminal_one_is_told_that_the_present_is_set(crm):
    assert "CRM_TODAY" in crm.ok("agenda", columns=80).err
    assert "CRM_TODAY" not in crm.ok("agenda").err


def test_without_plugins_their_commands_are_gone_and_the_cores_stay(crm):
    assert "promise" not in commands_of(crm, "--no-plugins")
    assert crm("--no-plugins promise list").code == 2
    crm.ok('--no-plugins contact add "Ana Silva"')
    assert "Ana Silva" in crm.ok("--no-plugins contact list").out
    assert crm.ok("--no-plugins").code == 0


def test_records_of_a_plugin_survive_commands_without_it(crm):
    crm.ok("quota pause 2026-12-24 2027-01-03")
    crm.ok('--no-plugins contact add "Ana Silva"')
    assert len(crm.ok("quota pauses --json").items) == 1


@pytest.mark.parametrize("words", ["contact show Nobody", "agenda --until x"])
def test_debug_shows_where_a_mistake_was_found_and_still_says_what_it_is(crm, words):
    plain = crm(words)
    assert "Traceback" not in plain.err
    debug = crm("--debug " + words)
    assert "Traceback" in debug.err
    assert debug.err.endswith(plain.err)
    assert debug.code == plain.code


def test_debug_shows_where_a_plugin_failed(crm, install):
    install("moonstruck", FAILING)
    assert "Traceback" not in crm("agenda").err
    assert "moonstruck.py" in crm("--debug agenda").err


def test_strict_lets_a_plugins_own_error_through(crm, install):
    install("moonstruck", FAILING)
    crm.environ["CRM_STRICT"] = "1"
    with pytest.raises(RuntimeError, match="the moon is in the way"):
        crm("agenda")


def test_a_failing_plugin_is_named_once_and_other_commands_are_not_disturbed(crm, install):
    install("moonstruck", FAILING)
    assert crm("agenda").err.count("the moon is in the way") == 1
    result = crm('contact add "Ana Silva"')
    assert result.code == 0
    assert "moon" not in result.err


def test_a_command_whose_body_is_missing_is_listed_and_says_so_when_run(crm, install):
    install("bodiless", BODILESS)
    assert "vanish" in commands_of(crm)
    result = crm("vanish")
    assert result.code == 1
    assert "a_module_that_nobody_has" in result.err
    assert "Traceback" not in result.err


def test_a_group_alone_lists_its_commands(crm):
    result = crm("contact")

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: crm contact [OPTIONS] COMMAND [ARGS]...\n")
    assert "  duplicates  " in result.err


def test_a_fault_of_ours_is_one_line_and_a_hint(crm, monkeypatch):
    def broken(self):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("crm_core.cli.app.App.book", property(broken))

    result = crm("contact list")

    assert result.code == 1
    assert (
        result.err.splitlines()[0] == "crm: this is a fault of crm or of a plugin: ZeroDivisionError: division by zero"
    )
    assert "--debug" in result.err
    assert "Traceback" not in result.err
    assert "Traceback" in crm("--debug contact list").err
    crm.environ["CRM_STRICT"] = "1"
    with pytest.raises(ZeroDivisionError):
        crm("contact list")


def test_a_damaged_switch_file_keeps_nothing_from_running(crm):
    crm.home.mkdir(parents=True)
    (crm.home / "plugins.json").write_text("{")

    assert "plugins.json" in crm.ok("plugins").err
    assert crm.ok("--no-plugins contact list").code == 0
    assert crm.ok("--help").code == 0


@pytest.mark.parametrize(
    "words", ["contact show Nobody", "contact show Nobody --json", "application list", "card list"]
)
def test_what_to_type_next_reaches_the_demo_when_the_demo_is_used(crm, words):
    crm.ok("demo")
    said = crm(f"--demo {words}").err
    assert said.count("crm --demo ") == len(re.findall("crm (?=--demo|[a-z])", said))
    assert "crm --demo" not in crm(words).err


def test_the_demo_is_made_by_the_same_command_whatever_book_is_used(crm):
    assert crm("--demo").out == "The demo has not been made yet: crm demo\n"
    assert crm("--demo contact add").err.endswith("hint: crm --demo contact add --help\n")


def groups_and_commands(crm, command, path=("crm",)):
    context = click.Context(command, obj=App([], crm.environ, Output(io.StringIO(), io.StringIO())))
    yield path, command
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        yield from groups_and_commands(crm, command.get_command(context, name), (*path, name))


def test_every_help_has_an_example_no_wider_than_a_usual_terminal(crm):
    for path, command in groups_and_commands(crm, build()):
        assert " ".join(path) in (command.epilog or ""), path
        assert max(map(len, command.epilog.splitlines())) <= 78, path


def test_a_script_that_types_what_the_demo_suggests_stays_in_the_demo(crm):
    crm.ok("demo")
    steps = crm.ok("--demo agenda --json").items
    assert all(step["command"].startswith("crm --demo ") for step in steps if step["command"])


def test_a_setting_can_be_copied_from_the_list_on_a_narrow_terminal(crm):
    shown = crm.ok("settings list", columns=60).out
    assert all(f"\n{row['name']}" in shown for row in crm.ok("settings list --json").items)


def test_the_choices_for_what_is_missing_stand_on_one_line(crm):
    first = crm("me set").err.splitlines()[0]
    assert first.startswith("crm: Missing argument 'FIELD'. Choose from: name, email, ")
