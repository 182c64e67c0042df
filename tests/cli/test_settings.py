"""`crm settings show`: what a section's settings mean, as its type says it."""

from __future__ import annotations

import pytest

TEA = '''
from crm_core import Section, hookimpl


class Tea(Section, frozen=True, kw_only=True):
    """`cups`: of tea,
    a day.\\x1b[2J
    """

    cups: int = 2


@hookimpl
def crm_settings():
    return Tea
'''


def test_a_section_is_explained_with_its_values(crm):
    crm.ok("settings set crm_quota.people 4")
    shown = crm.ok("settings show crm_quota").out
    assert shown.startswith(
        "[crm_quota]\nHow many of each are to be done in a week; 0 for no quota.\n\n`applications` are"
    )
    assert "\n\nsetting                 value  default\n" in shown
    assert "\ncrm_quota.people        4      0\n" in shown


def test_paragraphs_are_broken_where_the_screen_ends(crm):
    lines = crm.ok("settings show crm_bridges", columns=60).out.splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[1:3] == ["When to write after a no, and when to come back.", ""]
    assert len(lines[3]) > 45


def test_programs_get_it_too(crm):
    item = crm.ok("settings show quota --json").item
    assert item["section"] == "crm_quota"
    assert item["about"].startswith("How many of each")
    assert item["settings"][0] == {"name": "crm_quota.applications", "value": 5, "default": 5}


def test_a_one_file_plugins_section_is_explained_as_well(crm, with_plugin, tmp_path):
    path = tmp_path / "tea.py"
    path.write_text(TEA)
    with_plugin(path)
    shown = crm.ok("settings show tea").out
    assert "\n`cups`: of tea, a day." in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("words", ["crm_nowhere", "cups --json", "''"])
def test_a_section_that_is_not_there_is_a_mistake(crm, words):
    result = crm(f"settings show {words}")
    assert (result.code, result.out) == (2, "")
    assert "crm_quota" in result.err


def test_a_value_in_the_file_that_can_not_be_used_is_the_users_to_mend(crm):
    crm.ok("settings set crm_quota.people 4")
    (crm.home / "config.toml").write_text("[crm_quota]\napplications = -1\n")
    result = crm("agenda")
    assert result.code == 3
    assert f"Cure: mend the settings. They are in {crm.home / 'config.toml'}" in result.err
    assert "reinstall" not in result.err


def test_yes_and_no_are_shown_as_they_are_typed_into_the_file(crm):
    crm.ok("settings set crm_research.allow_local yes")
    (row,) = (line for line in crm.ok("settings list").out.splitlines() if "allow_local" in line)
    assert row.split() == ["crm_research.allow_local", "true", "false"]


def test_what_a_setting_can_not_be_is_said_of_the_value_and_not_of_the_file(crm):
    result = crm("me set timezone Mars")
    assert result.code == 2
    assert result.err.splitlines() == [
        "crm: [me] timezone can't be 'Mars'",
        "     hint: There is no time zone named 'Mars'",
    ]


def test_what_is_wrong_with_another_setting_is_said_of_the_file(crm):
    crm.ok("me set name Ana")
    path = crm.home / "config.toml"
    path.write_text('[me]\ntimezone = "Mars"\n')
    result = crm("me set name Robin")
    assert "The settings in [me] are not usable: timezone" in result.err
    assert "config.toml" in result.err


def test_ones_own_address_is_one_and_links_are_several(crm):
    result = crm("me set email nowhere")
    assert (result.code, result.err.splitlines()[0]) == (2, "crm: 'nowhere' is not an e-mail address")
    assert crm.ok("me set email ' ana@silva.example '").out == "Your email is now: ana@silva.example\n"
    assert crm.ok("me set email ''").out == "Your email is now empty\n"
    assert crm.ok("me set links 'https://a.example, https://b.example'").out.startswith("Your links are now: ")
