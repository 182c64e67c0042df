"""A hook on its way out is still asked; pytest warns its author, and `crm plugins` shows it."""

import warnings
from types import ModuleType

import pytest

from crm_core import hookspecs
from tests.core.host.conftest import Install, MakeHost

ADVICE = "crm_dream is deprecated: use crm_steps; it goes with crm-core 0.4"
DREAM = "@hookimpl\ndef crm_dream(book): ...\n"


@pytest.fixture
def specs() -> ModuleType:
    """The hooks, and one more that goes."""

    def crm_dream(book, wish):
        """Dream."""

    module = ModuleType("specs")
    vars(module).update({name: spec for name, spec in vars(hookspecs).items() if name.startswith("crm_")})
    vars(module)["crm_dream"] = hookspecs.hookspec(crm_dream, warn_on_impl=DeprecationWarning(ADVICE))
    return module


def test_its_author_is_warned_at_the_line_and_it_works(install: Install, host: MakeHost, site, specs: ModuleType):
    install("crm_old", "\n\n" + DREAM)

    with pytest.warns(DeprecationWarning, match=ADVICE) as warned:
        loaded = host(specs=specs)

    (old,) = [plugin for plugin in loaded.plugins if plugin.name == "crm_old"]
    assert (old.state, old.hooks, old.deprecated) == ("loaded", ("crm_dream",), (f"crm_dream: {ADVICE}",))
    assert (warned[0].filename, warned[0].lineno) == (str(site / "crm_old.py"), 4)
    assert loaded.lines == []


def test_so_it_is_with_an_argument(install: Install, host: MakeHost, site):
    def crm_dream(book, wish):
        """Dream."""

    specs = ModuleType("specs")
    advice = {"wish": DeprecationWarning("wish is deprecated: read it from the book; it goes with crm-core 0.4")}
    vars(specs)["crm_dream"] = hookspecs.hookspec(crm_dream, warn_on_impl_args=advice)
    install("crm_old", "@hookimpl\ndef crm_dream(book, wish): ...\n")
    install("crm_up_to_date", "@hookimpl\ndef crm_dream(book): ...\n")

    with pytest.warns(DeprecationWarning, match="wish is deprecated") as warned:
        loaded = host(specs=specs)

    deprecated = {plugin.name: plugin.deprecated for plugin in loaded.plugins if plugin.name != "crm_good"}
    assert deprecated == {"crm_old": (f"crm_dream, wish: {advice['wish']}",), "crm_up_to_date": ()}
    assert {warning.filename for warning in warned} == {str(site / "crm_old.py")}


def test_users_are_not_bothered(install: Install, host: MakeHost, specs: ModuleType, capsys):
    install("crm_old", DREAM)

    with warnings.catch_warnings():
        warnings.resetwarnings()  # and as Python starts with:
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        loaded = host(specs=specs)

    assert (loaded.lines, capsys.readouterr()) == ([], ("", ""))


def test_who_treats_warnings_as_errors_gets_an_error(install: Install, host: MakeHost, specs: ModuleType):
    install("crm_old", DREAM)

    (line,) = host(specs=specs).lines

    assert f"failed in registration: DeprecationWarning: {ADVICE}" in line
