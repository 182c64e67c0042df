"""What a user types as somebody's page is understood, and nothing dangerous is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import InputError
from crm_core.network.profiles import NAMES, read_profile, say_profile
from crm_core.records import Profile


@pytest.mark.parametrize(
    ("typed", "network", "handle"),
    [
        ("https://www.linkedin.com/in/mara-l/", "linkedin", "mara-l"),
        ("https://de.linkedin.com/in/mara-l?trk=x", "linkedin", "mara-l"),
        ("https://www.linkedin.com/company/acme", "linkedin", ""),
        ("https://twitter.com/@mara", "x", "mara"),
        ("HTTPS://X.com/mara", "x", "mara"),
        ("https://x.com/search?q=mara", "x", ""),
        ("https://github.com/mara", "github", "mara"),
        ("https://bsky.app/profile/mara.example", "bluesky", "mara.example"),
        ("https://www.xing.com/profile/Mara_L", "xing", "Mara_L"),
        ("https://mastodon.social/@mara", "mastodon", "mara@mastodon.social"),
        ("https://mara.example/about", "web", ""),
        ("https://linkedin.com@evil.example/in/mara", "web", ""),
        ("https://notlinkedin.com/in/mara", "web", ""),
        ("https://www.linkedin.com/in/z%C3%B6e", "linkedin", "zöe"),
        ("https://www.linkedin.com/in/z%1B%5B2J", "linkedin", ""),
    ],
)
def test_an_address_tells_its_network_and_is_kept_as_typed(typed, network, handle):
    assert read_profile(f"  {typed} ") == Profile(network=network, handle=handle, url=typed)


@pytest.mark.parametrize(
    ("typed", "profile"),
    [
        ("github:mara", Profile(network="github", handle="mara", url="https://github.com/mara")),
        ("LinkedIn:mara-l", Profile(network="linkedin", handle="mara-l", url="https://www.linkedin.com/in/mara-l")),
        ("twitter:@mara", Profile(network="x", handle="mara", url="https://x.com/mara")),
        ("bsky:mara.example", Profile(network="bluesky", handle="mara.example", url="https://bsky.app/profile/mara.example")),
        ("matrix:@mara:example.org", Profile(network="matrix", handle="@mara:example.org")),
        ("mastodon:mara@example.social", Profile(network="mastodon", handle="mara@example.social", url="https://example.social/@mara")),
        ("github:../evil?x", Profile(network="github", handle="../evil?x", url="https://github.com/..%2Fevil%3Fx")),
        ("forum:https://forum.example/u/7", Profile(network="forum", url="https://forum.example/u/7")),
        ("linkedin:https://linkedin.com/in/mara", Profile(network="linkedin", handle="mara", url="https://linkedin.com/in/mara")),
    ],
)  # fmt: skip
def test_a_network_and_a_handle_are_a_profile(typed, profile):
    assert read_profile(typed) == profile


def test_a_handle_on_a_server_is_mastodons():
    assert read_profile("@mara@Example.social") == Profile(
        network="mastodon", handle="mara@example.social", url="https://example.social/@mara"
    )


def test_an_address_may_lack_its_scheme():
    assert read_profile("linkedin.com/in/mara").url == "https://linkedin.com/in/mara"
    assert read_profile("mara.example") == Profile(network="web", url="https://mara.example")


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "mara", "@mara", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.example/a",
     "mailto:mara@example.com", "mara@example.com", "github:", "git hub:mara", "https://", "https://[::1", "http:mara",
     "github:mara\x1b[2J", "https://a.example/\x00", "https://a.example/a b", "\ud800.example"],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_that_are_understood(typed):
    with pytest.raises(InputError) as caught:
        read_profile(typed)
    assert "@user@host" in caught.value.hint


@given(st.text())
def test_any_text_is_a_profile_without_control_characters_or_refused(text):
    try:
        profile = read_profile(text)
    except InputError:
        return
    assert profile.network
    assert not profile.url or profile.url.lower().startswith(("https://", "http://"))
    assert not any(ord(char) < 32 or char.isspace() for char in profile.handle + profile.url)


@given(st.sampled_from(sorted(NAMES)), st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True))
def test_the_page_made_of_a_handle_is_read_back_as_the_same_profile(name, handle):
    made = read_profile(f"{name}:{handle}")
    again = read_profile(made.url)
    assert (again.network, again.url) == (made.network, made.url)
    assert again.handle in {made.handle, ""}


def test_a_profile_in_words_names_its_network():
    assert say_profile(read_profile("github:mara")) == "github: https://github.com/mara"
    assert say_profile(read_profile("matrix:@mara:example.org")) == "matrix: @mara:example.org"
    assert say_profile(Profile(network="xing")) == "xing"
