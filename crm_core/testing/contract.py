"""What every plugin must hold to: a class to subclass, whose tests ask it whatever the program would ask.

    class TestCoffee(PluginContract):
        plugin = "crm_coffee"

What one plugin does that others don't is for its own tests to say. How things are asked is in `probing.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Final

import click
import pytest

from crm_core import demo
from crm_core.dates import day_start
from crm_core.host.discovery import Found
from crm_core.host.host import Host
from crm_core.host.plugin import Offers
from crm_core.importing import HEAD, Candidate
from crm_core.settings import Settings
from crm_core.steps import step_key
from crm_core.store.base import Snapshot
from crm_core.store.tiny import TinyStore
from crm_core.testing import probing
from crm_core.testing.plugging import HEAVY, WithPlugin, imported_by
from crm_core.testing.probing import NOW
from crm_core.testing.running import Crm
from crm_core.testing.strange import strange_book

SAME_WEEK: Final = tuple(NOW + timedelta(days=days) for days in range(4))
NEXT_MORNING: Final = NOW + timedelta(hours=20)
ODD_VALUES: Final = ("[[]]", '"\\u001b[2J"', "-1", "0", "1000000000000", "true", "nan", "2026-11-23", "{x = 1}")
WITHOUT_IT: Final = (
    "contact add 'Somebody Else' --new",
    "agenda",
    "agenda --all --json",
    "contact list",
    "checklist",
    "find Ruth",
    "export json",
    "history",
)


class PluginContract:
    """Tests that any plugin passes; subclass it in a test module and say which plugin.

    Attributes:
        plugin: The name of an installed plugin or of its module, or the path of a one-file plugin.
        heavy: What it may not import when it is loaded. `HEAVY_FOR_HELP` is stricter.
        samples: A whole file of each format that it reads, by the importer's name. It is also cut and damaged.
    """

    plugin: ClassVar[str | Path]
    heavy: ClassVar[frozenset[str]] = HEAVY
    samples: ClassVar[Mapping[str, bytes]] = {}

    @pytest.fixture
    def found(self, with_plugin: WithPlugin) -> Found:
        """The plugin, as the program finds it."""
        return with_plugin(self.plugin)

    @pytest.fixture
    def host(self, found: Found) -> Host:
        """A host of it alone, which lets its exceptions through."""
        return Host([found], on={found.name}, strict=True)

    @pytest.fixture
    def offers(self, host: Host, found: Found) -> Offers:
        """What it brings."""
        return probing.offers_of(host, found.name)

    @pytest.fixture
    def sample(self, host: Host, tmp_path: Path) -> Snapshot:
        """The job search of `crm demo`."""
        book = probing.book_in(TinyStore(tmp_path / "sample" / "book.json"), host)
        demo.make(book)
        return book.snapshot()

    @pytest.fixture
    def strange(self, host: Host) -> Snapshot:
        """A book in which nothing is as it should be."""
        return strange_book(host.kinds(), NOW.date())

    def test_it_is_loaded_without_a_remark(self, found: Found) -> None:
        """Nothing fails at the gates, nothing is printed, and it answers something."""
        said: list[str] = []
        host = Host([found], on={found.name}, warn=said.append)
        probing.offers_of(host, found.name)
        (loaded,) = host.plugins
        assert (loaded.state, said) == ("loaded", [])
        assert loaded.hooks, "it has no hooks: do its functions carry @hookimpl?"
        assert not loaded.deprecated, f"hooks that will go: {loaded.deprecated}"

    def test_loading_it_imports_nothing_heavy(self, found: Found) -> None:
        """It is imported at every start: what only a command needs is imported by that command."""
        heavy = imported_by(found) & self.heavy
        assert not heavy, f"loading it imports {', '.join(sorted(heavy))}: do so where it is used"

    def test_an_empty_book_is_no_trouble(self, host: Host, offers: Offers, tmp_path: Path) -> None:
        """Whatever is asked of it there is answered, with values of the right types."""
        probing.ask_everything(host, offers, Snapshot(), tmp_path)

    def test_the_sample_book_is_no_trouble(self, host: Host, offers: Offers, sample: Snapshot, tmp_path: Path) -> None:
        """Likewise where there is much of everything."""
        probing.ask_everything(host, offers, sample, tmp_path)

    def test_a_strange_book_is_no_trouble(self, host: Host, offers: Offers, strange: Snapshot, tmp_path: Path) -> None:
        """Likewise where there are thousands of odd names, and references lead nowhere."""
        probing.ask_everything(host, offers, strange, tmp_path)

    def test_asking_twice_gives_the_same_steps(self, host: Host, sample: Snapshot, strange: Snapshot) -> None:
        """Steps follow from the book alone."""
        for snapshot in (sample, strange):
            book = probing.still(snapshot, host)
            first = probing.steps_of(host, book)
            assert probing.steps_of(host, book) == first
            assert probing.steps_of(host, probing.still(snapshot, host)) == first

    def test_the_key_of_a_step_is_its_own(self, host: Host, sample: Snapshot, strange: Snapshot) -> None:
        """Of two steps with one key only one would be seen."""
        for snapshot in (sample, strange):
            keys = [step_key(plugin, step) for plugin, step in probing.steps_of(host, probing.still(snapshot, host))]
            assert sorted(keys) == sorted(set(keys))

    def test_no_key_is_another_one_each_day(self, host: Host, sample: Snapshot) -> None:
        """What was done yesterday would be asked for again today: a slot names an occurrence by identity."""
        first, *later = (probing.keys_by_kind(host, probing.still(sample, host, now)) for now in SAME_WEEK)
        for kind in first:
            if all(kind in day for day in later):
                lasting = any(first[kind] & day[kind] for day in later)
                assert lasting, f"the keys of {kind!r} steps change from day to day: {min(first[kind])}"

    def test_when_a_step_is_due_does_not_depend_on_today(self, host: Host, sample: Snapshot, strange: Snapshot) -> None:
        """The same facts looked at the next morning: what is due then was due then the day before."""
        for snapshot in (sample, strange):
            due, later = (
                {step_key(plugin, step): step.due for plugin, step in probing.steps_of(host, book)}
                for book in (probing.still(snapshot, host), probing.still(snapshot, host, NEXT_MORNING))
            )
            both = due.keys() & later.keys()
            assert {key: due[key] for key in both} == {key: later[key] for key in both}

    def test_a_step_that_it_records_as_done_is_done(self, host: Host, sample: Snapshot, tmp_path: Path) -> None:
        """Where `crm_done` gives True, a fact is there now: the step is finished, or not called for any more."""
        book = probing.book_in(TinyStore(tmp_path / "sample" / "book.json"), host)
        for plugin, step in probing.steps_of(host, probing.still(sample, host)):
            if step.done is None and day_start(step.starts, book.zone) <= NOW:
                key = step_key(plugin, step)
                assert key not in probing.open_after_done(host, book, plugin, step), f"{key} is still open"

    def test_commands_say_what_they_do_and_show_an_example(self, offers: Offers) -> None:
        """Each has help, each of its options too, and what can be run ends its help with an example."""
        for path, command in probing.commands_of(offers):
            assert command.help, f"crm {path} says nothing of itself"
            assert isinstance(command, click.Group) or "crm " in (command.epilog or ""), f"crm {path}: no example"
            for param in command.params:
                assert not isinstance(param, click.Option) or param.help, f"crm {path} {param.opts[0]} has no help"

    def test_the_help_of_its_commands_is_printed(self, crm: Crm, found: Found, offers: Offers) -> None:
        """By the program itself, among all others."""
        for path, _ in probing.commands_of(offers):
            assert f"Usage: crm {path}" in crm.ok(f"{path} --help").out
        assert crm.ok(f"plugins show {found.name} --json").item["error"] == ""

    def test_settings_have_words_and_defaults(self, offers: Offers) -> None:
        """The manual is made of the section's docstring, which names each."""
        if offers.section is not None:
            offers.section().check()
            for name in offers.section.__struct_fields__:
                assert f"`{name}`" in (offers.section.__doc__ or ""), f"the docstring does not tell of `{name}`"

    def test_an_odd_setting_is_refused_by_its_key_or_does_no_harm(
        self, host: Host, found: Found, offers: Offers, sample: Snapshot, tmp_path: Path
    ) -> None:
        """A message says which setting is at fault; what is not refused must be usable."""
        if offers.section is None:
            return
        for name in offers.section.__struct_fields__:
            for value in ODD_VALUES:
                path = tmp_path / "odd.toml"
                path.write_text(f"[{found.name}]\n{name} = {value}\n", "utf-8")
                book = probing.still(sample, host, settings=Settings(path, host.sections()))
                complaint = probing.complaint(book, offers.section)
                assert not complaint or name in complaint, f"{name} = {value}: the message names no key: {complaint}"
                if not complaint:
                    probing.steps_of(host, book)

    def test_letters_can_be_drafted_to_anybody(
        self, host: Host, offers: Offers, sample: Snapshot, strange: Snapshot
    ) -> None:
        """By every channel; about an interview, an application or nothing."""
        for snapshot in (sample, strange):
            book = probing.still(snapshot, host)
            for kind in offers.letters:
                for letter in probing.drafts(book, kind):
                    assert letter.body.strip()

    def test_importers_read_their_samples(self, offers: Offers) -> None:
        """Each sample is recognised, and somebody is in it."""
        importers = {importer.name: importer for importer in offers.importers}
        for name, data in self.samples.items():
            assert importers[name].sniff(data[:HEAD]), f"{name} does not recognise its sample"
            assert any(isinstance(one, Candidate) for one in probing.entries(importers[name], data)), f"{name}: nobody"

    def test_importers_never_raise(self, offers: Offers) -> None:
        """What can't be read is a `Problem`, whatever a file holds."""
        for importer in offers.importers:
            for junk in (*probing.JUNK, *probing.damaged(self.samples.get(importer.name, b""))):
                importer.sniff(junk[:HEAD])
                for entry in probing.entries(importer, junk):
                    assert entry.line >= 1

    def test_removed_it_does_no_harm(self, crm: Crm, found: Found) -> None:
        """Everything else works while it is away; its records wait untouched, and are there when it is back."""
        demo.make(crm.book)
        kept = probing.keep_own_records(crm.book, found.name)

        crm.ok(f"plugins off {found.name}")
        for line in WITHOUT_IT:
            crm.ok(line)
        assert probing.own_tables(crm.book, found.name) == kept

        crm.ok(f"plugins on {found.name}")
        assert probing.own_tables(crm.book, found.name) == kept
        assert probing.own_records(crm.book, found.name) == sum(map(len, kept.values()))
