"""Settings: one TOML file that stays the user's."""

import stat
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.errors import InputError
from crm_core.settings import Me, Section, Settings

COMMENTED = """\
# mine
[me]
name = "Ana Silva"   # as on the passport
timezone = "Europe/Berlin"

[crm_quota]
applications = 8

[crm_gone]
anything = { goes = [1, 2.50] }
"""


class QuotaSettings(Section, frozen=True, kw_only=True):
    """How much you want to do."""

    applications: int = 5
    share: float = 0.5
    strict: bool = False
    kind: Literal["soft", "hard"] = "soft"
    days: tuple[str, ...] = ()
    hours: tuple[int, ...] = ()
    limit: int | None = None

    def check(self) -> None:
        if self.applications < 0:
            raise ValueError("applications: must not be below 0")


class OtherSettings(Section, frozen=True, kw_only=True):
    color: str = ""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def opened(config: Path, text: str | bytes | None = None) -> Settings:
    """The settings as the next command reads them, with that file."""
    if text is not None:
        config.parent.mkdir(exist_ok=True)
        config.write_bytes(text.encode() if isinstance(text, str) else text)
    return Settings(config, {"crm_quota": QuotaSettings, "crm_other": OtherSettings})


def test_without_a_file_everything_has_its_default(config: Path):
    found = opened(config)

    assert (found.me, found.section(QuotaSettings)) == (Me(), QuotaSettings())
    assert not config.parent.exists()


def test_what_the_file_says_is_typed_and_the_rest_default(config: Path):
    found = opened(config, COMMENTED)

    assert found.me == Me(name="Ana Silva", timezone="Europe/Berlin")
    assert found.section(QuotaSettings) == QuotaSettings(applications=8)
    assert found.section(OtherSettings) == OtherSettings()


def test_a_section_that_nobody_declared_is_a_fault(config: Path):
    with pytest.raises(LookupError, match="OtherSettings"):
        Settings(config).section(OtherSettings)


def test_nobody_can_take_the_section_me(config: Path):
    found = Settings(config, {"me": OtherSettings})

    assert found.me == Me()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[crm_quota]\napplications = "many"', "applications: Expected a whole number"),
        ("[crm_quota]\napplicatons = 5", "unknown field `applicatons`"),
        ("[crm_quota]\napplications = -1", "applications: must not be below 0"),
        ('[crm_quota]\nkind = "mild"', "kind: Invalid enum value 'mild'"),
        ("[crm_quota]\nhours = [1, 'two']", "hours[1]"),
        ("crm_quota = 5", "Expected a section of settings"),
        ("[[crm_quota]]\napplications = 5", "Expected a section of settings"),
    ],
)
def test_a_value_that_is_not_usable_is_named_with_its_section_and_file(config: Path, text: str, said: str):
    with pytest.raises(InputError) as caught:
        opened(config, text).section(QuotaSettings)

    assert said in caught.value.message
    assert "[crm_quota]" in caught.value.message
    assert str(config) in caught.value.hint
    assert opened(config).me == Me()


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "/etc/localtime", "a\\u0000b", "x" * 5000]
)
def test_a_time_zone_that_does_not_exist_is_refused(config: Path, zone: str):
    with pytest.raises(InputError, match="timezone"):
        _ = opened(config, f'[me]\ntimezone = "{zone}"').me


@pytest.mark.parametrize(
    "text",
    [
        "[me", "a = ", "[me]\n[me]", b"\xff\xfe[me]", b"\x00", "a = " + "[" * 100_000, "a = " + "1" * 5_000, "a = 2-",
    ],
    ids=lambda text: repr(text[:10]),
)  # fmt: skip
def test_a_file_that_is_no_toml_is_an_input_error_and_left_alone(config: Path, text: str | bytes):
    found = opened(config, text)
    before = config.read_bytes()

    for act in (lambda: found.me, lambda: found.set("me", "name", "Ana"), lambda: found.section(QuotaSettings)):
        with pytest.raises(InputError) as caught:
            act()
        assert str(config) in caught.value.hint
    assert config.read_bytes() == before


def test_a_folder_in_its_place_is_an_input_error(config: Path):
    config.mkdir(parents=True)

    with pytest.raises(InputError, match="can't be read"):
        _ = opened(config).me


def test_a_file_with_a_byte_order_mark_is_read_and_can_be_changed(config: Path):
    found = opened(config, b"\xef\xbb\xbf[me]\r\nname = 'Ana' # me\r\n")
    assert found.me.name == "Ana"

    found.set("me", "email", "ana@x.example")

    assert opened(config).me == Me(name="Ana", email="ana@x.example")
    assert b"# me\r\n" in config.read_bytes()


def test_setting_one_value_leaves_all_else_as_the_user_wrote_it(config: Path):
    found = opened(config, COMMENTED)

    found.set("crm_quota", "applications", "9")

    assert config.read_text("utf-8") == COMMENTED.replace("applications = 8", "applications = 9")
    assert found.section(QuotaSettings).applications == 9


def test_a_value_in_a_new_section_of_a_new_file(config: Path):
    opened(config).set("crm_other", "color", "red")
    opened(config).set("me", "name", "Ana")

    assert opened(config).section(OtherSettings).color == "red"
    assert opened(config).me.name == "Ana"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert [file.name for file in config.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("applications", "7", 7),
        ("share", "1.5", 1.5),
        ("share", "1", 1.0),
        ("strict", "true", True),
        ("strict", "Yes", True),
        ("strict", "off", False),
        ("kind", "hard", "hard"),
        ("days", "mon, tue ,, wed", ("mon", "tue", "wed")),
        ("days", "mon", ("mon",)),
        ("days", "", ()),
        ("hours", "1, 2", (1, 2)),
        ("limit", "3", 3),
    ],
)
def test_a_text_becomes_what_the_setting_is(config: Path, key: str, text: str, value: object):
    opened(config).set("crm_quota", key, text)

    found = getattr(opened(config).section(QuotaSettings), key)
    assert (found, type(found)) == (value, type(value))


def test_an_optional_setting_can_be_taken_back(config: Path):
    opened(config).set("crm_quota", "limit", "3")
    opened(config).set("crm_quota", "limit", "null")

    assert opened(config).section(QuotaSettings).limit is None


@pytest.mark.parametrize(
    ("section", "key", "text", "said"),
    [
        ("crm_quota", "applications", "many", "applications"),
        ("crm_quota", "applications", "-1", "must not be below 0"),
        ("crm_quota", "applications", "", "applications"),
        ("crm_quota", "applications", "five", "Expected a whole number"),
        ("crm_quota", "strict", "maybe", "Expected true or false"),
        ("crm_quota", "limit", "x", "Expected a whole number or nothing"),
        ("crm_quota", "kind", "mild", "mild"),
        ("crm_quota", "hours", "1, two", "hours"),
        ("crm_quota", "colour", "red", "'colour'"),
        ("crm_nobody", "color", "red", "[crm_nobody]"),
        ("me", "timezone", "Mars/Olympus", "timezone"),
        ("me", "name", "Ana \udcff", "surrogate"),
        ("crm_quota", "applications", "5\udcff", "surrogate"),
        ("me", "name", "N" * 10_001, "longer than 10,000 characters"),
    ],
)
def test_what_can_not_be_set_is_an_input_error_and_nothing_is_written(
    config: Path, section: str, key: str, text: str, said: str
):
    with pytest.raises(InputError) as caught:
        opened(config, COMMENTED).set(section, key, text)

    assert said in f"{caught.value.message} {caught.value.hint}"
    assert config.read_text("utf-8") == COMMENTED


@pytest.mark.parametrize("text", ["crm_quota = 5\n", "[[crm_quota]]\n"])
def test_a_section_that_is_no_table_is_not_written_to(config: Path, text: str):
    with pytest.raises(InputError, match="crm_quota"):
        opened(config, text).set("crm_quota", "applications", "5")

    assert config.read_text("utf-8") == text


def test_a_wrong_value_can_be_mended(config: Path):
    opened(config, '[me]\ntimezone = "Mars"\nname = "Ana"\n').set("me", "timezone", "Europe/Berlin")

    assert opened(config).me == Me(name="Ana", timezone="Europe/Berlin")


def test_a_section_inside_braces_can_be_changed(config: Path):
    opened(config, 'me = {name = "Ana"}\n').set("me", "email", "ana@x.example")

    assert opened(config).me == Me(name="Ana", email="ana@x.example")


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_any_text_can_be_a_value(tmp_path: Path, text: str):
    config = tmp_path / "config.toml"

    opened(config).set("me", "name", text)

    assert opened(config).me.name == text
