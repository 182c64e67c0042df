"""Completion in real shells: what Tab puts into a line means what it says, whatever is in the book."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.cli.main import main
from crm_core.cli.screen.output import Output
from crm_core.cli.shell.names import matching
from crm_core.cli.shell.quoting import quoted, typed
from tests.cli.terminal import Terminal, environment

SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed here"))
    for name in ("bash", "zsh", "fish")
]
NAMES = (
    "Mara Lindqvist",
    "Aaa $(touch pwned) x",
    "Bbb `touch pwned` x",
    "Ccc O'Brien & Sons",
    'Ddd "quoted" \\ back',
    "Eee: colon=equals@at",
    "Fff ;|<>() {a,b} *?[x]",
    "Ggg !history ~tilde #hash ^caret",
    "Hhh $HOME ${PATH} 50% off",
    "Iii Zoë Ünal",
    "Jjj ; touch pwned #",
)
UNUSABLE = ("Kkk \x1b[2J\x07", "Kkl \u202eevil", "-rf Kkm")

ARGUMENTS = {
    "bash": "args() { printf '<%s>' \"$@\"; echo; }",
    "zsh": "args() { printf '<%s>' \"$@\"; echo }",
    "fish": "function args; printf '<%s>' $argv; echo; end",
}
START = {
    "bash": ("--noprofile", "--norc", "-i"),
    "zsh": ("-f", "-i"),
    "fish": ("--no-config", "-i"),
}
PREPARE = {
    "bash": "PS1='ready> '",
    "zsh": "PS1='ready> '; unsetopt prompt_cr prompt_sp; bindkey -e; autoload -Uz compinit; compinit -u -D",
    "fish": "function fish_prompt; echo -n 'ready> '; end; function fish_right_prompt; end",
}


@pytest.fixture
def people(crm):
    """A book with people whose names a shell could take for something else."""
    for name in (*NAMES, *UNUSABLE):
        crm.ok("contact", "add", "--new", "--", name)
    return crm


class Shell:
    """An interactive shell in which `crm` is completed, and `args` shows the words that a line comes to."""

    def __init__(self, name, crm, folder, columns=200):
        binary = folder / "bin"
        binary.mkdir()
        program = binary / "crm"
        run = "from crm_core.cli.main import run; run()"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{run}" "$@"\n')
        program.chmod(0o755)
        self.folder = folder / "here"
        self.folder.mkdir()
        script = folder / f"completion.{name}"
        script.write_text(crm.ok("completion", name).out)
        path = f"{binary}{os.pathsep}{os.environ['PATH']}"
        environ = environment(
            crm, PATH=path, HOME=str(self.folder), XDG_CONFIG_HOME=str(folder), XDG_DATA_HOME=str(folder)
        )
        self.terminal = Terminal((shutil.which(name), *START[name]), environ, columns)
        self._numbers = count(1)
        for line in (f"cd {self.folder}", PREPARE[name], f"source {script}", ARGUMENTS[name]):
            self.terminal.type(f"{line}\r")
        self.command("echo begun")

    def command(self, line):
        """Type a line and wait until it is done."""
        mark = f"done-{next(self._numbers)}"
        self.terminal.type(f"{line}\r")
        self.terminal.type(f"echo {mark[:4]}''{mark[4:]}\r")
        return self.terminal.wait_for(mark)

    def words(self, line):
        """What a line comes to after Tab was pressed at its end: its words, and all that was on the screen."""
        self.terminal.type(f"{line}\t")
        time.sleep(0.1)
        return self.command("\x01args ")


@pytest.fixture
def shell(people, tmp_path):
    """Makes a shell; it is ended after the test."""
    made = []

    def make(name):
        made.append(Shell(name, people, tmp_path))
        return made[-1]

    yield make
    for one in made:
        one.terminal.kill()


@pytest.mark.parametrize("name", SHELLS)
def test_a_completed_name_is_that_name_and_nothing_else(shell, name):
    here = shell(name)
    for person in NAMES:
        screen = here.words(f"crm contact show {person[:3].lower()}")
        assert f"<crm><contact><show><{person}>" in screen.replace("\n", ""), (person, screen)
    assert [*here.folder.iterdir()] == [], "nothing in a name was executed"


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("name", SHELLS)
def test_within_quotation_marks_likewise(shell, name, quote):
    here = shell(name)
    for person in NAMES:
        screen = here.words(f"crm contact show {quote}{person[:4]}")
        assert f"<show><{person}>" in screen.replace("\n", ""), (person, screen)
    assert [*here.folder.iterdir()] == []


@pytest.mark.parametrize("name", SHELLS)
def test_commands_options_choices_and_ids_are_completed(shell, name):
    here = shell(name)
    for begun, whole in (
        ("crm interac", "<crm><interaction>"),
        ("crm contact dup", "<crm><contact><duplicates>"),
        ("crm reflec", "<crm><reflect>"),
        ("crm agenda --unt", "<crm><agenda><--until>"),
        ("crm application list --stage wish", "<--stage><wishlist>"),
        ("crm agenda --until tomor", "<--until><tomorrow>"),
        ("crm contact show c11", "<show><c11>"),
    ):
        assert whole in here.words(begun).replace("\n", ""), begun


@pytest.mark.parametrize("name", SHELLS)
def test_files_are_left_to_the_shell(shell, name):
    here = shell(name)
    (here.folder / "phone book.vcf").touch()
    assert "<import><phone book.vcf>" in here.words("crm import pho").replace("\n", "")


@pytest.mark.parametrize("name", SHELLS)
def test_a_book_that_can_not_be_read_is_no_interruption(shell, people, name):
    here = shell(name)
    people.home.joinpath("book.json").write_text("{]")
    screen = here.words("crm contact show mar")
    assert "<show><mar>" in screen
    assert "Traceback" not in screen
    assert "crm:" not in screen
    assert people.home.joinpath("book.json").read_text() == "{]"


@pytest.fixture
def ask(crm, capsys, monkeypatch):
    """What the program answers to bash for a line; names of files stand as None."""

    def answered(line, shell="bash", **environ):
        words = [line] if shell == "bash" else line.split(" ")[1:]
        code = main(words, {**crm.environ, "_CRM_COMPLETE": shell, **environ}, Output(sys.stdout, sys.stderr))
        shown = capsys.readouterr()
        assert (code, shown.err) == (0, "")
        kind, *lines = shown.out.splitlines() or ["words"]
        assert kind in {"words", "files"}
        return None if kind == "files" else lines

    return answered


class TestAnswers:
    def test_names_of_commands_come_without_their_bodies_being_imported(self, crm, ask):
        assert {"agenda", "contact", "promise"} <= set(ask("crm "))
        code = "import sys; from crm_core.cli.main import main; main(['crm '])"
        code += "\nassert 'crm_core.cli.agenda' not in sys.modules"
        environ = environment(crm, _CRM_COMPLETE="bash")
        subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=True)

    def test_help_completes_topics_and_commands(self, ask):
        assert ask("crm help pr") == ["privacy", "promise"]

    def test_everything_that_names_a_record_is_completed(self, crm, ask):
        crm.ok("interview log 'Bluewater Robotics' --role Engineer --at 'yesterday 14:00' --with 'Mara Lindqvist'")
        crm.ok("letter draft thank-you Mara")
        crm.ok("note add i1 docking")
        assert ask("crm company show blue") == ["Bluewater\\ Robotics"]
        assert ask("crm application move blue") == ["Bluewater\\ Robotics"]
        assert ask("crm checklist blue") == ["Bluewater\\ Robotics"]
        assert ask("crm letter show mar") == ["Mara\\ Lindqvist"]
        assert ask("crm interview log Acme --with mar") == ["Mara\\ Lindqvist"]
        assert ask("crm interview log blue") == ["Bluewater\\ Robotics"]
        assert ask("crm contact list --company=blue") == ["Bluewater\\ Robotics"]
        assert ask("crm contact list --company=blue", "zsh") == ["--company=Bluewater Robotics\t"]
        assert ask("crm application show a1", "zsh") == ["a1\tEngineer at Bluewater Robotics"]
        assert ask("crm checklist i1", "fish") == ["i1\tEngineer at Bluewater Robotics"]
        assert ask("crm letter show l1", "zsh") == ["l1\tthank-you to Mara Lindqvist"]
        assert ask("crm note show n1", "zsh") == ["n1\tdocking"]
        assert ask("crm import x") is None
        assert ask("crm letter export l1 -o x") is None

    def test_an_option_that_does_something_does_nothing_while_a_shell_asks(self, ask):
        assert ask("crm --version contac") == ["contact"]

    def test_what_is_typed_before_is_not_looked_up(self, crm, ask):
        crm.ok("contact add 'Mara Lindqvist'")
        assert ask("crm letter draft thank-you Nobody --interview i") == []
        assert ask("crm contact merge nobody mar") == ["Mara\\ Lindqvist"]

    def test_the_demo_is_completed_from_its_own_book(self, crm, ask):
        crm.ok("demo")
        assert ask("crm --demo contact show hettie") == ["Hettie\\ Sandgren"]
        assert ask("crm contact show hettie") == []

    def test_names_that_could_do_something_are_left_to_their_ids(self, people, ask):
        every = " ".join(ask("crm contact show "))
        assert "Mara" in every
        assert not any(part in every for part in ("Kkk", "Kkl", "Kkm", "\x1b"))
        (line,) = ask(f"crm contact show c{len(NAMES) + 1}", "zsh")
        assert line == f"c{len(NAMES) + 1}\tKkk \ufffd[2J\ufffd"

    def test_of_more_names_than_anybody_looks_through_none_is_offered_until_one_is_begun(self, crm, ask, monkeypatch):
        crm.ok("contact add 'Mara Lindqvist'")
        crm.ok("contact add 'Tom Berg'")
        assert len(ask("crm contact show ")) == 2
        monkeypatch.setattr("crm_core.cli.shell.names.MOST", 1)
        assert ask("crm contact show ") == []
        assert ask("crm contact show t") == ["Tom\\ Berg"]

    def test_nothing_is_written_nor_brought_up_nor_made(self, crm, ask):
        assert ask("crm contact show x") == []
        assert not crm.home.exists()
        crm.ok("contact add 'Mara Lindqvist'")
        path = crm.home / "book.json"
        path.write_bytes(path.read_bytes().replace(b'"schema":{"core":', b'"schema":{"core":9'))
        before = {file: file.read_bytes() for file in crm.home.iterdir() if file.is_file()}
        assert ask("crm contact show mar") == ["Mara\\ Lindqvist"]
        assert {file: file.read_bytes() for file in crm.home.iterdir() if file.is_file()} == before

    @pytest.mark.parametrize("book", [b"", b"[]", b'{"contacts": 7}', b'{"contacts": {"1": {"name": 3}}}', b"\xff\xfe"])
    def test_a_strange_book_gives_no_word(self, crm, ask, book):
        crm.home.mkdir()
        crm.home.joinpath("book.json").write_bytes(book)
        assert ask("crm contact show m") == []

    @pytest.mark.parametrize(
        "line",
        [
            "",
            " ",
            "crm",
            "crm nothing ",
            "crm contact nothing x",
            'crm contact show "',
            "crm 'a' \\",
            "crm --nope ",
            "crm -- x",
        ],
    )
    def test_strange_lines_are_no_reason_to_say_anything(self, ask, line):
        for shell in ("bash", "zsh", "fish"):
            ask(line, shell)


@pytest.mark.parametrize(
    ("begun", "found"),
    [
        ("", ["MARA X", "Mara Lindqvist", "Märta Berg"]),
        ("mara", ["mara Lindqvist", "mara X"]),
        ("mara l", ["Mara Lindqvist"]),
        ("märta", ["Märta Berg"]),
        ("marta", ["Märta Berg"]),
        ("x", []),
    ],
)
def test_of_several_names_all_begin_as_was_typed(begun, found):
    assert sorted(matching(("Mara Lindqvist", "MARA X", "Märta Berg"), begun)) == found


words = st.text(
    st.characters(exclude_categories=["C"], include_characters="'\"\\$`!;|&()<>{}*?[]~# \t:=@"), max_size=20
)


@given(words, st.sampled_from(["", "'", '"']), st.data())
def test_a_quoted_word_is_read_as_that_word(word, quote, data):
    place = data.draw(st.integers(0, len(word)))
    line = f"crm show {quote}{quoted(word[:place], quote)}{quoted(word[place:], quote)}"
    found = typed(line)
    assert found.words == ["crm", "show", word] or not word
    assert 0 <= found.fixed <= len(word)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed here")
@given(st.lists(words.filter(bool), min_size=20, max_size=40), st.sampled_from(["", "'", '"']))
def test_bash_reads_quoted_words_as_they_are(texts, quote):
    line = " ".join(f"{quote}{quoted(text, quote)}{quote}" for text in texts)
    run = subprocess.run(["bash", "--norc", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
    assert run.stdout.decode().split("\0")[:-1] == texts


def test_the_script_says_where_to_put_it_on_a_terminal_only(crm):
    result = crm.ok("completion bash", columns=80)
    assert "crm completion bash > ~/.local/share/bash-completion/completions/crm" in result.err
    assert crm.ok("completion bash").err == ""
    assert crm("completion ksh").code == 2
