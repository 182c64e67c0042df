"""What a plugin prints does not get between the data, and who keeps the user waiting is named."""

import io
import sys
import threading
from time import monotonic, sleep

import pytest

from crm_core.host.watching import Watch
from tests.core.host.conftest import Install, MakeHost
from tests.core.making import NOW, book_in
from tests.core.store.memory import MemoryStore, Shelf


def test_what_is_printed_at_import_goes_to_stderr_and_is_said(
    install: Install, host: MakeHost, capsys: pytest.CaptureFixture[str]
):
    install("crm_loud", "print('hello\\nworld')")
    loaded = host()

    assert capsys.readouterr() == ("", "hello\nworld\n")
    assert loaded.lines == [
        "plugin crm_loud 1.2 printed in import: 'hello\\nworld'. Cure: update crm_loud, or crm plugins off crm_loud"
    ]
    (loud,) = [plugin for plugin in loaded.plugins if plugin.error]
    assert (loud.state, loud.error, loaded.failed) == ("loaded", "import: printed 'hello\\nworld'", [])


def test_so_is_what_a_hook_prints(install: Install, host: MakeHost, capsys: pytest.CaptureFixture[str]):
    install("crm_loud", "@hookimpl\ndef crm_steps(book):\n    print('in')\n    yield from ()\n    print('between')")
    loaded = host()

    list(loaded.steps(book_in(MemoryStore(Shelf())), NOW, NOW))

    assert capsys.readouterr() == ("", "in\nbetween\n")
    assert [line.split(".")[1] for line in loaded.lines] == ["2 printed in crm_steps: 'in'"]


def test_the_worse_of_two_faults_is_what_is_remembered(install: Install, host: MakeHost):
    install("crm_loud", "print('hello')\n@hookimpl\ndef crm_settings(): 1 / 0")
    loaded = host()
    loaded.sections()

    (failed,) = loaded.failed
    assert failed.error == "crm_settings: ZeroDivisionError: division by zero"
    assert len(loaded.lines) == 2


@pytest.mark.parametrize(
    "source",
    ["sys.stdout.write('x'); sys.stdout.flush()", "print('x', flush=True)", "sys.stdout.isatty(); sys.stdout.encoding"],
)
def test_a_plugin_finds_what_it_expects_of_stdout(install: Install, host: MakeHost, source: str):
    install("crm_loud", f"import sys\n{source}")

    assert host().failed == []


def test_stdout_is_back_when_the_plugin_has_raised(monkeypatch: pytest.MonkeyPatch):
    before, err = sys.stdout, io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)

    def run() -> None:
        with Watch(print).over("it") as aside:
            sys.stdout.write("x" * 100)
            assert aside.said == "x" * 60
            raise KeyError

    with pytest.raises(KeyError):
        run()

    assert sys.stdout is before
    assert err.getvalue() == "x" * 100


def test_who_takes_long_is_named_while_it_does(install: Install, host: MakeHost):
    said: list[tuple[str, bool]] = []
    install("crm_slow", "import sys, time\nsys.still_at_it = True\ntime.sleep(0.3)\nsys.still_at_it = False")

    loaded = host(notice=lambda text: said.append((text, sys.still_at_it)), patience=0.05)

    ((text, meanwhile),) = said
    assert meanwhile
    assert text.startswith("plugin crm_slow 1.2 is taking long in import.")
    assert "Ctrl-C" in text
    assert "crm --no-plugins" in text
    assert (loaded.lines, loaded.failed) == ([], [])
    slow = next(plugin for plugin in loaded.plugins if plugin.name == "crm_slow")
    assert 300 <= slow.import_ms < 5_000


def test_so_is_one_that_takes_long_in_a_hook(install: Install, host: MakeHost):
    said: list[str] = []
    install("crm_slow", "import time\n@hookimpl\ndef crm_settings():\n    time.sleep(0.2)\n    return Section")

    host(notice=said.append, patience=0.05).sections()

    assert [text.partition(".")[0] for text in said] == ["plugin crm_slow 1"]
    assert "in crm_settings" in said[0]


def test_nobody_is_named_who_is_quick(install: Install, host: MakeHost):
    said: list[str] = []
    install("crm_quick", "")

    host(notice=said.append, patience=0.2)
    sleep(0.3)

    assert said == []


def test_waiting_leaves_no_thread_behind():
    before = threading.active_count()
    began = monotonic()
    watch = Watch(print, patience=0.2)
    for _ in range(1_000):
        with watch.over("it"):
            pass
    assert threading.active_count() <= before + 1
    while threading.active_count() > before and monotonic() < began + 10:
        sleep(0.01)

    assert threading.active_count() == before


def test_after_a_rest_it_watches_again():
    told: list[str] = []
    watch = Watch(told.append, patience=0.02)
    for what in ("one", "two"):
        with watch.over(what):
            sleep(0.2)
        sleep(0.2)

    assert told == ["one", "two"]


def test_a_listener_that_fails_and_a_machine_without_threads_do_no_harm(monkeypatch: pytest.MonkeyPatch):
    with Watch(lambda _: 1 / 0, patience=0.01).over("it"):
        sleep(0.05)

    def none(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("crm_core.host.watching.start_new_thread", none)
    with Watch(print, patience=0.01).over("it"):
        sleep(0.02)
