"""The plugin in the authors' guide works as it stands there."""

from __future__ import annotations

import re
import sys
import tomllib
import types
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

import crm_core
from crm_core.host.discovery import Found
from crm_core.host.host import Host
from tests.docs.pages import GUIDES
from tests.docs.quoting import QUOTED, requoted
from tests.docs.reference import QUOTING, ROOT

GUIDE = (ROOT / "docs/plugin-authors/README.md").read_text("utf-8")
ALL_PAGES = sorted((ROOT / "docs/plugin-authors").glob("*.md"))
PLUGIN, CONFTEST, TEST = re.findall(r"^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def guide_plugin(monkeypatch):
    """The guide's module, as if it were installed."""
    module = types.ModuleType("crm_pay")
    exec(compile(PLUGIN, "crm_pay", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "crm_pay", module)
    return Found(name="crm_pay", target="crm_pay", distribution="crm-pay", version="0.1")


def test_the_guides_plugin_yields_its_step(crm, guide_plugin):
    crm.ok("interview log Acme --at 'yesterday 14:00'")
    host = Host([guide_plugin], strict=True)
    past, now = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), crm.book.now

    (plugin, step), *others = host.steps(crm.book, past, now)

    assert (plugin, step.title, others) == ("crm_pay", "Write down what you want to be paid", [])
    assert str(step.due) == "2026-11-23"


def test_the_guides_test_passes_with_the_guides_plugin(crm, guide_plugin, monkeypatch):
    monkeypatch.setattr("crm_core.host.discovery.find_plugins", lambda _: [guide_plugin])
    namespace: dict[str, object] = {}
    exec(TEST, namespace)
    namespace["test_pay_is_asked_for_the_day_after"](crm)  # type: ignore[operator]


def test_the_fixtures_are_loaded_as_the_guide_says():
    assert CONFTEST.strip() == 'pytest_plugins = ["crm_core.testing"]'
    assert CONFTEST in (ROOT / "tests/conftest.py").read_text("utf-8")


def blocks_of(page: str) -> list[str]:
    """The blocks of Python on a page for plugin authors."""
    text = (ROOT / "docs/plugin-authors" / page).read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_the_tests_of_the_page_on_testing_pass(crm, freeze, with_plugin):
    """But for the contract's, which `tests/plugins/test_contracts.py` runs for our own."""
    from crm_core.testing import PluginContract

    page: dict[str, Any] = {}
    for block in blocks_of("testing.md"):
        exec(compile(block, "test_page", "exec", dont_inherit=True), page)

    assert {page["TestCoffee"], page["TestCards"]} <= set(PluginContract.__subclasses__())
    page["test_who_is_followed_is_not_asked_for_again"](crm, freeze)
    page["test_an_object_can_be_a_plugin"](crm, with_plugin)


def test_the_page_on_testing_counts_right(sample_book):
    from crm_core.testing import PluginContract

    text = (ROOT / "docs/plugin-authors/testing.md").read_text("utf-8")
    counted = (len(sample_book.contacts), len(sample_book.applications), len(sample_book.interviews))
    assert "{} people, {} applications, {} interviews".format(*counted) in text
    assert f"{sum(name.startswith('test_') for name in vars(PluginContract))} tests ask" in text


def test_the_migrations_of_the_page_on_storage_do_what_it_says():
    """Its blocks, one after the other, in one module; its test; and a book of the first version brought up by them."""
    from crm_core.migrating import bring_up
    from crm_core.records import CORE_KINDS
    from tests.core.making import NOW
    from tests.core.store.memory import MemoryStore, Shelf

    page: dict[str, Any] = {}
    for block in blocks_of("storage.md"):
        exec(compile(block, "crm_walks", "exec", dont_inherit=True), page)
    page["test_the_target_has_its_new_name"]()
    store = MemoryStore(Shelf())
    with store.begin("as version 1 had it", "", NOW) as transaction:
        transaction.put("crm_walks.walks", "1", b'{"contact":"c1","to":"the mill","length":3}')

    assert bring_up(store, (*CORE_KINDS, page["WALKS"]), "", NOW) == []

    (walk,) = store.documents("crm_walks.walks").values()
    assert msgspec.json.decode(walk) == {"contact": "c1", "target": "the mill", "length": 3_000}
    assert page["A_BETTER_WORD"].marks("crm_walks/go/wa1") == "crm_walks/walk/wa1"


def test_what_is_quoted_of_our_own_is_code_that_is_there(tmp_path):
    """That it is as it stands there, `test_reference.py` holds; here, that a quotation is found and looked up."""
    text = (ROOT / QUOTING).read_text("utf-8")
    assert len(QUOTED.findall(text)) == text.count("```python") > 8

    invented = tmp_path / "page.md"
    invented.write_text("`plugins/crm_quota/cli.py`:\n\n```python\ndef nowhere():\n    pass\n```\n", "utf-8")
    with pytest.raises(KeyError, match="nowhere"):
        requoted(str(invented))


def test_all_code_on_these_pages_is_run_or_quoted():
    """Run: by the tests above, or by `test_strangers_path.py`, in which each block of such a page is a file."""
    blocks = {page.name: page.read_text("utf-8").count("```python") for page in ALL_PAGES}
    typed = {page: len([path for path in paths if path.endswith(".py")]) for page, paths in GUIDES.items()}

    assert {page for page, count in blocks.items() if count} == {
        "README.md",
        "how-our-own-are-written.md",
        "testing.md",
        *typed,
    }
    assert {page: blocks[page] for page in typed} == {**typed, "storage.md": blocks["storage.md"]}


def test_the_guides_project_has_the_entry_point_of_its_plugin():
    (block,) = re.findall(r"^```toml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    project = tomllib.loads(block)["project"]

    assert project["entry-points"] == {"crm_core": {"crm_pay": "crm_pay"}}
    assert project["dependencies"] == ["crm-core"]


def test_the_page_of_names_has_each_and_says_what_it_is():
    page = (ROOT / "docs/reference/api.md").read_text("utf-8")
    entries = dict(re.findall(r"^### (\w+)\n\n```text\n.*?^```\n\n(.*?)(?=^##|\Z)", page, re.DOTALL | re.MULTILINE))
    silent = {name for name, said in entries.items() if not said.strip()}

    assert set(crm_core.__all__) - {"__version__"} <= set(entries)
    assert not {name for name in silent if isinstance(getattr(crm_core, name, None), (type, types.FunctionType))}
