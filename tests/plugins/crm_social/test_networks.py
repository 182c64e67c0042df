"""Addresses and handles of pages on networks, and which of them are opened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core import Profile
from crm_social.networks import NETWORKS, handle_on, network_named, page_of, pages, safe_address, web_page

BOTH_WAYS = [
    ("linkedin", "mara-lindqvist", "https://www.linkedin.com/in/mara-lindqvist"),
    ("linkedin", "müller", "https://www.linkedin.com/in/m%C3%BCller"),
    ("x", "mara", "https://x.com/mara"),
    ("mastodon", "mara@social.example", "https://social.example/@mara"),
    ("bluesky", "mara.bsky.social", "https://bsky.app/profile/mara.bsky.social"),
    ("xing", "Mara_Lindqvist2", "https://www.xing.com/profile/Mara_Lindqvist2"),
    ("github", "mara-l", "https://github.com/mara-l"),
]


@pytest.mark.parametrize(("name", "handle", "url"), BOTH_WAYS)
def test_a_handle_and_its_address_lead_to_one_another(name, handle, url):
    assert page_of(NETWORKS[name], handle) == url
    assert handle_on(NETWORKS[name], url) == handle


@pytest.mark.parametrize(
    ("name", "handle", "url"),
    [
        ("linkedin", "bluewater", "https://www.linkedin.com/company/bluewater"),
        ("xing", "bluewater", "https://www.xing.com/pages/bluewater"),
        ("github", "bluewater", "https://github.com/bluewater"),
    ],
)
def test_companies_have_pages_of_their_own(name, handle, url):
    assert page_of(NETWORKS[name], handle, company=True) == url
    assert handle_on(NETWORKS[name], url) == handle


@pytest.mark.parametrize(
    ("name", "url", "handle"),
    [
        ("linkedin", "http://de.linkedin.com/in/mara/?trk=x#top", "mara"),
        ("linkedin", "https://www.linkedin.com/feed/", ""),
        ("linkedin", "https://www.linkedin.com/in/", ""),
        ("linkedin", "https://evil.example/in/mara", ""),
        ("linkedin", "https://notlinkedin.com/in/mara", ""),
        ("linkedin", "https://linkedin.com.evil.example/in/mara", ""),
        ("linkedin", "https://linkedin.com@evil.example/in/mara", ""),
        ("x", "https://twitter.com/@mara", "mara"),
        ("x", "https://x.com/home", ""),
        ("mastodon", "https://social.example/users/mara", "mara@social.example"),
        ("mastodon", "https://social.example/@mara@other.example", "mara@other.example"),
        ("mastodon", "https://social.example/about", ""),
        ("bluesky", "https://bsky.app/search", ""),
        ("github", "https://github.com/", ""),
        ("github", "javascript:alert(1)", ""),
        ("github", "https://[broken", ""),
        ("github", "", ""),
    ],
)
def test_handles_are_read_only_out_of_addresses_of_pages(name, url, handle):
    assert handle_on(NETWORKS[name], url) == handle


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("mastodon", "mara"), ("mastodon", "@mara"), ("mastodon", "mara@localhost"), ("mastodon", "mara@a b.example"),
        ("mastodon", "mara@evil.example/x"), ("mastodon", "ma ra@s.example"), ("github", "../login"), ("github", ".."),
        ("github", ""), ("github", "a?b"), ("github", "a\nb"), ("github", "a\x00b"), ("github", "a\u202eb"),
        ("github", "x" * 101), ("x", "https://evil.example"), ("linkedin", "a\\b"), ("linkedin", "\ud800"),
    ],
)  # fmt: skip
def test_what_can_be_no_handle_has_no_page(name, handle):
    assert page_of(NETWORKS[name], handle) == ""


@pytest.mark.parametrize("handle", ["@mara@Social.Example", "mara@social.example"])
def test_a_mastodon_handle_names_its_server(handle):
    assert page_of(NETWORKS["mastodon"], handle) == "https://social.example/@mara"


HOSTILE = [
    "javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://x.example/",
    "vbscript:x", "//evil.example", "evil.example", "https://", "https:///x", "https://user:pass@evil.example/",
    "https://linkedin.com\\@evil.example/", "https://a.example/\nb", "https://a.example/\x1b[31m", "java\nscript:x",
    "https://a.example/\u202egnp", "https://a.example/ --flag", "https://a.example:port/", "https://[::1", "-h",
    "https://a.example/\x00", "https://a.example/\ud800", "https://a.example/" + "x" * 2000, "",
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_never_given_to_a_browser(url):
    assert safe_address(url) == ""
    for network in (*NETWORKS, "web"):
        profile = Profile(network=network, url=url)
        assert [page for page in pages([profile]) if page.url] == []
        assert web_page([profile]) == ""


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://mara.example/?a=1&b=%20#c", "https://mara.example/?a=1&b=%20#c"),
        ('https://mara.example/"$(x)`|<>^', "https://mara.example/%22%24%28x%29%60%7C%3C%3E%5E"),
        ("HTTP://mara.example", "HTTP://mara.example"),
        ("https://mara.example/é", "https://mara.example/%C3%A9"),
    ],
)
def test_an_address_is_written_so_that_no_shell_reads_it(url, safe):
    assert safe_address(url) == safe


@given(
    st.text(max_size=60), st.text(max_size=60), st.sampled_from([*NETWORKS, "web", "twitter", "other"]), st.booleans()
)
def test_whatever_a_profile_says_only_plain_addresses_on_its_network_are_opened(url, handle, network, prefixed):
    profile = Profile(network=network, handle=handle, url=f"https://{url}" if prefixed else url)
    for page in pages([profile]):
        assert page.handle or page.url
        if page.url:
            assert page.url == safe_address(page.url)
            assert page.url.isascii()
            assert page.url.lower().startswith(("http://", "https://"))
            if page.network.hosts:
                host = page.url.split("/")[2].split(":")[0].rstrip(".").lower()
                assert any(f".{host}".endswith(f".{known}") for known in page.network.hosts)


def test_a_profile_with_a_false_address_is_known_by_its_handle():
    (page,) = pages([Profile(network="github", handle="mara", url="https://evil.example/mara")])
    assert page.url == "https://github.com/mara"


def test_a_page_that_was_imported_without_its_network_is_recognised():
    (page,) = pages([Profile(network="web", url="https://www.linkedin.com/in/mara/")])
    assert (page.network.name, page.handle) == ("linkedin", "mara")


def test_one_page_a_network_in_their_order_and_only_those_that_we_know():
    found = pages(
        [
            Profile(network="github", handle="mara"),
            Profile(network="matrix", handle="mara"),
            Profile(network="LinkedIn", handle="mara"),
            Profile(network="linkedin", handle="mara2"),
            Profile(network="web", url="https://mara.example"),
        ]
    )
    assert [(page.network.name, page.handle) for page in found] == [("linkedin", "mara"), ("github", "mara")]


def test_networks_go_by_other_names_too():
    assert network_named(" Twitter ") is NETWORKS["x"]
    assert network_named("myspace") is None
