"""`crm card`: what somebody handed over, and what it tells about them."""

from __future__ import annotations

import pytest

ESCAPE = "Eve \x1b[2J\x07\u202eDoe\x00"


@pytest.fixture
def held(crm):
    """co1, an interview i1 last Friday with c1, who has neither title nor e-mail."""
    crm.ok('company add "Bluewater Robotics" --alias Bluewater')
    crm.ok('application add co1 "Test Engineer" --on 2026-11-02')
    crm.ok('contact add "Mara Lindqvist" --company "bluewater robotics"')
    crm.ok('interview log a1 --at "last friday 14:00" --with c1')
    return crm


def contact(crm, id_):
    return crm.book.contacts.get(id_)


def panel(crm):
    return [seat.contact for seat in crm.book.interviews.get("i1").panel]


def test_a_card_is_kept_as_printed(held, tmp_path, monkeypatch):
    (tmp_path / "mara.jpg").write_bytes(b"picture")
    monkeypatch.chdir(tmp_path)
    item = held.ok(
        "card", "add", "c1", "--interview", "i1", "--image", "mara.jpg", "--name", "Dr. M. Lindqvist", "--title", "CTO",
        "--organisation", "BLUEWATER", "--email", "mara@bluewater.example", "--phone", "+49 30 1",
        "--address", "Quay 1", "--website", "bluewater.example", "--json",
    ).item  # fmt: skip
    assert item == {
        "id": "bc1", "contact": "c1", "interview": "i1", "received": "2026-11-20", "name": "Dr. M. Lindqvist",
        "title": "CTO", "organisation": "BLUEWATER", "email": "mara@bluewater.example", "phone": "+49 30 1",
        "address": "Quay 1", "website": "https://bluewater.example", "image": str(tmp_path / "mara.jpg"),
    }  # fmt: skip


def test_what_the_contact_lacks_is_filled_in_and_said(held):
    result = held.ok(
        "card", "add", "Mara", "--title", "CTO", "--organisation", "Bluewater Robotics GmbH", "--phone", "+49 30 1",
        "--email", "mara@bluewater.example", "--address", "Quay 1",
    )  # fmt: skip
    assert result.out == "Added bc1, the card of c1 Mara Lindqvist\n"
    assert result.err == "c1 has from it: CTO, bluewater robotics; mara@bluewater.example; +49 30 1; the address\n"
    owner = contact(held, "c1")
    assert (owner.position.title, owner.position.organisation, owner.position.company) == (
        "CTO",
        "bluewater robotics",
        "co1",
    )
    assert (owner.emails, owner.phones, owner.address) == (("mara@bluewater.example",), ("+49 30 1",), "Quay 1")


def test_what_the_contact_says_already_stays(held):
    held.ok("contact edit c1 --title CEO --email m@home.example --address 'Home 1' --phone '+49 (30) 1'")
    before = contact(held, "c1")
    result = held.ok("card", "add", "c1", "--title", "CTO", "--organisation", "Bluewater", "--email", "M@home.example",
                     "--phone", "+49 30 1", "--address", "Quay 1")  # fmt: skip
    assert contact(held, "c1") == before
    assert result.err.splitlines() == [
        "The card says CTO, Bluewater; c1 stays CEO, bluewater robotics. If the card is right:",
        "  crm contact edit c1 --title CTO",
    ]
    held.ok("card add c1 --email mara@bluewater.example")
    assert contact(held, "c1").emails == ("m@home.example", "mara@bluewater.example")


def test_a_card_of_another_place_leaves_the_position_and_says_how_to_follow_it(held):
    result = held.ok("card", "add", "c1", "--organisation", "Gamma & Sons", "--title", "Chief Cook")
    assert contact(held, "c1").position.organisation == "bluewater robotics"
    command = result.err.splitlines()[-1].strip()
    assert command == "crm contact edit c1 --was-at 'bluewater robotics' --company 'Gamma & Sons' --title 'Chief Cook'"
    held.ok(command.removeprefix("crm "))
    assert [(p.organisation, p.title, p.current) for p in contact(held, "c1").positions] == [
        ("Gamma & Sons", "Chief Cook", True),
        ("bluewater robotics", "", False),
    ]


def test_an_unknown_owner_is_added_in_the_same_change_and_sat_in_the_interview(held):
    result = held.ok("card add 'Ola Nowak' --interview Bluewater --organisation Bluewater --title Lead")
    assert result.out == (
        "Added bc1, the card of c2 Ola Nowak, from i1 Test Engineer at Bluewater Robotics, Fri 20 Nov 14:00\n"
    )
    assert result.err.splitlines() == [
        "c2 has from it: Lead, Bluewater",
        "c2 is on the panel of i1 now",
        "Added contact c2 Ola Nowak (Bluewater)",
        "To take it all back: crm undo",
    ]
    owner = contact(held, "c2")
    assert (owner.position.organisation, owner.position.company, owner.position.title) == ("Bluewater", "co1", "Lead")
    assert panel(held) == ["c1", "c2"]
    assert len(held.book.companies) == 1


def test_somebody_on_the_panel_is_not_seated_twice_and_is_meant_before_a_namesake(held):
    held.ok("contact add 'Mara Holm'")
    result = held.ok("card add Mara --interview i1")
    assert result.out.startswith("Added bc1, the card of c1 Mara Lindqvist, from i1 ")
    assert result.err == ""
    assert panel(held) == ["c1"]


def test_an_organisation_that_is_not_known_creates_no_company(crm):
    crm.ok("card add 'Ola Nowak' --organisation Acme")
    assert contact(crm, "c1").position.organisation == "Acme"
    assert len(crm.book.companies) == 0


def test_a_similar_or_ambiguous_owner_stops_and_nothing_is_added(held):
    result = held("card add 'Mara Lindquist' --title CEO")
    assert result.code == 2
    assert "c1 Mara Lindqvist" in result.err
    held.ok("contact add 'Mara Holm'")
    result = held("card add Mara --json")
    assert (result.code, result.out) == (2, "")
    assert "c1 Mara Lindqvist (bluewater robotics); c2 Mara Holm" in result.error["hint"]
    assert (len(held.book.cards), len(held.book.contacts)) == (0, 2)
    assert held.ok("card add 'Mara Lindquist' --new --json").item["contact"] == "c3"


def test_received_is_the_interviews_day_else_today_or_what_is_said(held):
    assert held.ok("card add c1 --json").item["received"] == "2026-11-23"
    assert held.ok("card add c1 --interview i1 --json").item["received"] == "2026-11-20"
    assert held.ok("card add c1 --interview i1 --received 2026-11-21 --json").item["received"] == "2026-11-21"
    result = held("card add c1 --received tomorrow")
    assert result.code == 2
    assert "still ahead" in result.err


def test_a_picture_must_be_a_file_that_is_there(held, tmp_path):
    for path in (tmp_path / "none.jpg", tmp_path):
        result = held("card", "add", "c1", "--image", str(path))
        assert (result.code, result.out) == (2, "")
    assert len(held.book.cards) == 0


@pytest.mark.parametrize("wrong", ["--email mara", "--website javascript:alert(1)", "--interview nowhere"])
def test_what_cannot_be_read_is_refused(held, wrong):
    assert held(f"card add c1 {wrong}").code == 2
    assert len(held.book.cards) == 0


def test_the_list_and_show_fit_the_terminal(held):
    held.ok("card add c1 --interview i1 --title CTO --organisation 'Bluewater Robotics' --name 'M. Lindqvist'")
    held.ok("card add 'Ola Nowak' --phone 0123")
    assert held.ok("card list", columns=80).out.splitlines() == [
        "id   contact            title  organisation        received",
        "bc1  c1 Mara Lindqvist  CTO    Bluewater Robotics  Fri 20 Nov",
        "bc2  c2 Ola Nowak                                  today",
    ]
    assert held.ok("card show bc1", columns=80).out.splitlines() == [
        "card          bc1",
        "contact       c1 Mara Lindqvist",
        "name          M. Lindqvist",
        "title         CTO",
        "organisation  Bluewater Robotics",
        "received      Fri 20 Nov",
        "interview     i1 Test Engineer at Bluewater Robotics, Fri 20 Nov 14:00",
    ]
    item = held.ok("card show bc2 --json").item
    assert (item["contact"], item["contact_name"], item["phone"]) == ("c2", "Ola Nowak", "0123")


def test_the_list_can_be_of_one_person(held):
    held.ok("card add c1")
    held.ok("card add 'Ola Nowak'")
    assert [item["id"] for item in held.ok("card list --contact Ola --json").items] == ["bc2"]
    assert held("card list --contact Nobody").code == 2


def test_an_empty_list_says_what_to_type(crm):
    result = crm.ok("card list")
    assert (result.out, result.err) == ("", "No business cards yet: crm card add\n")


def test_an_unknown_card_is_a_usage_error(held):
    for command in ("card show bc9", "card remove bc9 --yes", "card show c1", "card show ''"):
        result = held(command)
        assert result.code == 2
        assert "crm card list" in result.err


def test_removing_needs_a_yes_and_leaves_owner_and_picture(held, tmp_path):
    picture = tmp_path / "mara.jpg"
    picture.write_bytes(b"picture")
    held.ok("card", "add", "c1", "--image", str(picture))
    result = held("card remove bc1")
    assert result.code == 2
    assert result.err.startswith("crm: An answer is needed: Remove bc1 (card of Mara Lindqvist)?\n")
    assert held.ok("card remove bc1 --yes").out == "Removed bc1 (card of Mara Lindqvist)\n"
    assert (len(held.book.cards), len(held.book.contacts), picture.exists()) == (0, 1, True)


def test_a_cards_id_is_never_used_again(held):
    held.ok("card add c1")
    held.ok("card remove bc1 --yes")
    assert held.ok("card add c1 --json").item["id"] == "bc2"


def test_a_hostile_card_is_shown_clean_everywhere(held):
    facts = [word for field in ("name", "title", "organisation", "phone", "address") for word in (f"--{field}", ESCAPE)]
    outputs = [
        held.ok("card", "add", ESCAPE, "--interview", "i1", *facts), held.ok("card", "add", "c1", *facts),
        held.ok("card list", columns=80), held.ok("card show bc1", columns=80), held.ok("card show bc1 --json"),
        held("card", "show", ESCAPE), held.ok("card remove bc1 --yes"),
    ]  # fmt: skip
    text = "".join(result.out + result.err for result in outputs)
    assert "Eve" in text
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(text)


def test_every_command_of_the_group_has_an_example_in_its_help(crm):
    for command in ("add", "list", "show", "remove"):
        assert f"crm card {command}" in crm.ok(f"card {command} --help").out.partition("Example")[2]


@pytest.fixture
def namesakes(held):
    """Two Toms with an address each, and Robert Stone with a number."""
    held.ok("contact add 'Tom Berg' --email tom@acme.example")
    held.ok("contact add 'Tom Berg' --new --email tom@zenith.example")
    held.ok("contact add 'Robert Stone' --phone '+49 30 5550 1234' --email rs@x.example")
    return held


@pytest.mark.parametrize(
    ("words", "owner", "why"),
    [
        ("'Tom Berg' --email TOM@zenith.example", "c3", "the same name, the same e-mail tom@zenith.example"),
        ("'Bob Stone' --email rs@x.example", "c4", "the same name with a short form, the same e-mail rs@x.example"),
        ("Rob --name 'Stone, Robert' --phone '030 55501234'", "c4", None),
    ],
)
def test_what_is_printed_tells_whose_card_it_is_where_the_name_does_not(namesakes, words, owner, why):
    if why is None:
        assert namesakes.ok(f"card add {words} --json").item["contact"] == owner
        return
    result = namesakes(f"card add {words} --interview i1")
    assert (result.code, result.out.startswith("Added bc1, the card of ")) == (0, True), result.err
    assert f"{owner} is who is meant: {why}\n" in result.err
    assert panel(namesakes) == ["c1", owner]


@pytest.mark.parametrize(
    "words",
    [
        "'Tom Berg'",
        "'Tom Berg' --email third@x.example",
        "'T. Berg' --email tom@acme.example",
        "'Tom Berk' --email tom@acme.example",
        "'Bob Stone' --phone '030 5550 1234'",
    ],
)
def test_where_that_is_not_sure_nobody_is_taken_for_somebody_else(namesakes, words):
    result = namesakes(f"card add {words}")
    assert result.code == 2
    assert len(namesakes.book.cards) == 0


def test_somebody_new_is_somebody_new_whatever_is_printed(namesakes):
    item = namesakes.ok("card add 'Bob Stone' --new --phone '+49 30 5550 1234' --json").item
    assert item["contact"] == "c5"


def test_the_one_of_that_name_is_meant_whatever_is_printed(namesakes):
    assert namesakes.ok("card add 'Robert Stone' --email tom@acme.example --json").item["contact"] == "c4"
