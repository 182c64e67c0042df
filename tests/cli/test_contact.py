"""`crm contact`: adding, listing, showing, changing, removing and merging people."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from crm_core.cli.values import read_email
from crm_core.dates import Moment
from crm_core.errors import InputError
from crm_core.records import BusinessCard, Contact, Interaction, Letter, Note, Position, Promise, Seat

ESCAPE = "Eve \x1b[2J\x07\u202eDoe\x00"


@pytest.fixture
def known(crm):
    """co1 and three people: c1 works there, c2 did before and knows c1, c3 was introduced by c2."""
    crm.ok('company add "Bluewater Robotics" --alias Bluewater')
    crm.ok("contact", "add", "Mara Lindqvist", "--company", "bluewater robotics GmbH", "--title", "CTO",
           "--email", "mara@bluewater.example", "--phone", "+49 30 5550 1234", "--profile", "github:mara")  # fmt: skip
    crm.ok('contact add "Tom Berg" --was-at Bluewater --company Acme --knows Mara --how "shared a desk"')
    crm.ok('contact add "Ana Silva" --introduced-by Tom --tag referral')
    return crm


@pytest.fixture
def met(known):
    """An interview with c1 and c2, and all that may hang on c1."""
    known.ok('application add co1 "Test Engineer" --on 2026-11-02')
    known.ok('interview log a1 --at "last friday 14:00" --with c2 --lead c1')
    book = known.book
    with book.change("facts"):
        interview = book.interviews.get("i1")
        seats = tuple(replace(seat, role="chair") if seat.contact == "c1" else seat for seat in interview.panel)
        book.interviews.save(replace(interview, panel=seats))
        book.cards.add(BusinessCard(contact="c1", received=date(2026, 11, 20), title="CTO", organisation="Bluewater"))
        book.notes.add(Note(interview="i1", contact="c1", text="sails at weekends", kind="learned"))
        book.letters.add(Letter(contact="c1", kind="thank-you", interview="i1", sent=date(2026, 11, 21)))
        book.letters.add(Letter(contact="c1", kind="question"))
        book.promises.add(Promise(text="send the paper", contact="c1", made=date(2026, 11, 20), due=date(2026, 11, 27)))
        book.promises.add(
            Promise(
                text="call back",
                contact="c1",
                made=date(2026, 11, 1),
                kept=Moment(datetime.combine(date(2026, 11, 22), time(9)), "UTC"),
            )
        )
        book.promises.add(Promise(text="visit", contact="c1", made=date(2026, 11, 1), broken=date(2026, 11, 19)))
        for day, about in ((22, "Sunday walk"), (1, "first mail"), (22, "later that Sunday")):
            exchange = Interaction(contact="c1", on=date(2026, 11, day), about=about, channel="phone", direction="in")
            book.interactions.add(exchange)
    return known


def contact(crm, id_):
    return crm.book.contacts.get(id_)


def test_adding_says_the_id_and_where_they_work(known):
    assert known.ok('contact add "Ole Dahl" --company Bluewater').out == "Added c4 Ole Dahl (Bluewater)\n"
    assert known.ok('contact add "Eva Ruiz"').out == "Added c5 Eva Ruiz\n"


def test_all_options_are_kept(known):
    item = known.ok(
        "contact", "add", " Ole   Dahl ", "--company", "Gamma", "--title", "CEO", "--was-at", "co1", "--was-at", "Acme",
        "--nickname", "Olli", "--email", "ole@gamma.example", "--email", "ole@home.example", "--phone", " 0123 ",
        "--profile", "@ole@social.example", "--address", "Main st 1", "--birthday", "--05-04", "--how", "sailing",
        "--introduced-by", "Mara", "--knows", "c2", "--knows", "ana", "--tag", "a", "--tag", "A", "--note", "nice",
        "--json",
    ).item  # fmt: skip
    assert item["name"] == "Ole Dahl"
    assert [(p["organisation"], p["company"], p["title"], p["former"]) for p in item["positions"]] == [
        ("Gamma", None, "CEO", False),
        ("Bluewater Robotics", "co1", "", True),
        ("Acme", None, "", True),
    ]
    assert item["emails"] == ["ole@gamma.example", "ole@home.example"]
    assert item["profiles"] == [
        {"network": "mastodon", "handle": "ole@social.example", "url": "https://social.example/@ole"}
    ]
    assert (item["phones"], item["birthday"], item["nickname"]) == (["0123"], "--05-04", "Olli")
    assert (item["introduced_by"], item["knows"], item["tags"]) == ("c1", ["c2", "c3"], ["a"])
    assert (item["address"], item["how"], item["note"]) == ("Main st 1", "sailing", "nice")


def test_a_place_of_work_keeps_what_was_typed_and_links_a_known_company_only(known):
    position = contact(known, "c1").position
    assert (position.organisation, position.company) == ("bluewater robotics GmbH", "co1")
    assert contact(known, "c2").position.company is None
    assert len(known.book.companies) == 1


def test_working_where_one_worked_before_gives_both(known):
    known.ok("contact add 'Ole Dahl' --company Acme --was-at Acme")
    assert [position.former for position in contact(known, "c4").positions] == [False, True]


@pytest.mark.parametrize("again", ["Mara Lindqvist", "mara LINDQVIST", "Mara", "c1"])
def test_a_person_who_is_known_is_not_added_twice(known, again):
    result = known("contact", "add", again)
    assert result.code == 2
    assert result.err.splitlines()[0] == (
        f"crm: {again} is in the book already: c1 Mara Lindqvist (bluewater robotics GmbH)"
    )
    assert "--new" in result.err
    assert len(known.book.contacts) == 3


def test_new_adds_another_person_of_the_same_name(known):
    known.ok("contact add 'Mara Lindqvist' --new")
    result = known("contact add 'Mara Lindqvist'")
    assert result.code == 2
    assert "c1 Mara Lindqvist (bluewater robotics GmbH); c4 Mara Lindqvist. Or --new" in result.err


def test_a_similar_name_stops(known):
    result = known("contact add 'Mara Lindquist' --json")
    assert (result.code, result.out) == (2, "")
    assert "c1 Mara Lindqvist" in result.error["hint"]
    known.ok("contact add 'Mara Lindquist' --new")


def test_the_same_email_under_another_name_is_allowed_and_mentioned(known):
    result = known.ok("contact add 'Ole Dahl' --email MARA@bluewater.example")
    assert result.out == "Added c4 Ole Dahl\n"
    assert result.err == (
        "c1 Mara Lindqvist has mara@bluewater.example, too. If both are one person:\n  crm contact merge c1 c4\n"
    )
    assert known.ok("contact edit c3 --email mara@bluewater.example").err.count("crm contact merge") == 2
    assert known.ok("contact edit c3 --note hello").err == ""


@pytest.mark.parametrize("email", ["mara", "@", "mara@", "@acme.example", "a b@acme.example", "a@b\x1b[2J", "a@\tb"])
def test_what_is_no_email_is_refused(crm, email):
    result = crm("contact", "add", "Mara", "--email", email)
    assert result.code == 2
    assert "is not an e-mail address" in result.err
    assert len(crm.book.contacts) == 0


@given(st.text(max_size=40))
def test_an_email_has_an_at_sign_and_no_space_or_is_refused(text):
    try:
        email = read_email(text)
    except InputError:
        return
    user, sign, host = email.rpartition("@")
    assert user
    assert sign
    assert host
    assert not any(character.isspace() or ord(character) < 32 for character in email)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("1990-05-04", "1990-05-04"),
        ("--02-29", "--02-29"),
        ("4 May 1990", "1990-05-04"),
        ("May 4th, 1990", "1990-05-04"),
        ("4. may", "--05-04"),
        ("29 Feb", "--02-29"),
    ],
)
def test_a_birthday_is_given_in_words_or_as_cards_write_it(crm, said, kept):
    assert crm.ok("contact", "add", "Ole", "--birthday", said, "--json").item["birthday"] == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "--profile mara",
        "--birthday 1990-13-01",
        "--birthday 4.5.",
        "--birthday '31 Apr'",
        "--birthday friday",
        "--birthday '29 Feb 1990'",
        "--knows Nobody",
    ],
)
def test_what_cannot_be_read_is_refused(known, wrong):
    result = known(f"contact add 'Ole Dahl' {wrong}")
    assert result.code == 2
    assert result.err.startswith("crm: ")
    assert len(known.book.contacts) == 3


def test_the_list_is_by_name_and_fits(known):
    assert known.ok("contact list", columns=80).out.splitlines() == [
        "id  name            title  organisation             e-mail",
        "c3  Ana Silva",
        "c1  Mara Lindqvist  CTO    bluewater robotics GmbH  mara@bluewater.example",
        "c2  Tom Berg               Acme",
    ]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ("--company Bluewater", ["c1", "c2"]),
        ("--company co1", ["c1", "c2"]),
        ("--company robotics", ["c1", "c2"]),
        ("--company ACME", ["c2"]),
        ("--company Nowhere", []),
        ("--company ''", []),
        ("--tag Referral", ["c3"]),
        ("--tag referral --company Acme", []),
    ],
)
def test_the_list_can_be_of_a_place_now_or_before_or_of_a_tag(known, options, ids):
    assert [item["id"] for item in known.ok(f"contact list {options} --json").items] == ids


def test_a_merged_companys_old_id_finds_its_people(known):
    known.ok("company add Gamma")
    known.ok("company merge Gamma co1 --yes")
    assert [item["id"] for item in known.ok("contact list --company co1 --json").items] == ["c1", "c2"]


def test_an_empty_list_says_what_to_type(crm):
    result = crm.ok("contact list")
    assert (result.out, result.err) == ("", "Nobody yet: crm contact add, crm import\n")
    assert crm.ok("contact list --json").items == []


def test_show_tells_all_about_a_person(met):
    assert met.ok("contact show mara", columns=80).out.splitlines() == [
        "contact       c1 Mara Lindqvist",
        "works at      CTO, bluewater robotics GmbH (co1)",
        "e-mail        mara@bluewater.example",
        "phone         +49 30 5550 1234",
        "profiles      github: https://github.com/mara",
        "known by      c2 Tom Berg",
        "cards         bc1 CTO, Bluewater, received Fri 20 Nov",
        "interviews    i1 Test Engineer at Bluewater Robotics, Fri 20 Nov 14:00 (chair,",
        "              lead)",
        "notes         n1 learned, i1: sails at weekends",
        "letters       l1 thank-you for i1: sent Sat 21 Nov",
        "              l2 question: draft",
        "promises      p1 send the paper: due Fri 27 Nov",
        "              p2 call back: kept yesterday 10:00 (09:00 UTC)",
        "              p3 visit: broken Thu 19 Nov",
        "interactions  x3 yesterday, phone in: later that Sunday",
        "              x1 yesterday, phone in: Sunday walk",
        "              x2 1 Nov, phone in: first mail",
    ]


def test_show_tells_who_knows_whom(known):
    shown = known.ok("contact show Tom", columns=80).out.splitlines()
    assert shown == [
        "contact            c2 Tom Berg",
        "works at           Acme",
        "worked at          Bluewater (co1)",
        "how known          shared a desk",
        "introduced you to  c3 Ana Silva",
        "knows              c1 Mara Lindqvist",
    ]
    assert "introduced by  c2 Tom Berg" in known.ok("contact show Ana").out


def test_show_says_since_when_and_until_when(crm):
    book = crm.book
    with book.change("a career"):
        spans = [(None, None), (date(2020, 1, 1), None), (None, date(2019, 5, 1)), (date(2018, 1, 1), date(2019, 1, 1))]
        book.contacts.add(
            Contact(
                name="Ana",
                positions=tuple(Position(organisation="Acme", since=since, until=until) for since, until in spans),
            )
        )
    assert crm.ok("contact show Ana").out.splitlines()[1:] == [
        "works at   Acme",
        "           Acme, since 2020-01-01",
        "worked at  Acme, until 2019-05-01",
        "           Acme, 2018-01-01 to 2019-01-01",
    ]


def test_show_as_json_has_the_record_and_what_is_about_it(met):
    item = met.ok("contact show c1 --json").item
    assert (item["id"], item["emails"]) == ("c1", ["mara@bluewater.example"])
    assert (item["known_by"], item["introduced"]) == (["c2"], [])
    assert [exchange["id"] for exchange in item["interactions"]] == ["x3", "x1", "x2"]
    assert [len(item[name]) for name in ("cards", "interviews", "notes", "letters", "promises")] == [1, 1, 1, 2, 3]
    assert item["interviews"][0]["panel"][0]["contact"] in {"c1", "c2"}


def test_an_ambiguous_name_lists_the_candidates(known):
    known.ok("contact add 'Tom Meyer' --company Gamma")
    result = known("contact show tom")
    assert (result.code, result.out) == (2, "")
    assert result.err == "crm: 'tom' could be several contacts\n     hint: c2 Tom Berg (Acme); c4 Tom Meyer (Gamma)\n"
    assert known("contact remove tom --yes").code == 2
    assert len(known.book.contacts) == 4


def test_editing_changes_only_what_is_given(known):
    before = contact(known, "c1")
    result = known.ok("contact edit Mara --tag team --note hello --how fair")
    assert result.out == "Changed c1 Mara Lindqvist (bluewater robotics GmbH): how, tags, note\n"
    assert contact(known, "c1") == replace(before, tags=("team",), note="hello", how="fair")
    known.ok('contact edit Mara --untag Team --note "" --how ""')
    assert contact(known, "c1") == before


def test_lists_are_replaced_and_cleared_by_an_empty_text(known):
    known.ok("contact edit c1 --email m@home.example --email mara@work.example --phone ''")
    assert contact(known, "c1").emails == ("m@home.example", "mara@work.example")
    assert contact(known, "c1").phones == ()
    known.ok("contact edit c1 --email '' --profile ''")
    assert (contact(known, "c1").emails, contact(known, "c1").profiles) == ((), ())


def test_a_corrected_title_or_place_leaves_the_rest_of_the_position(known):
    known.ok("contact edit c1 --title CEO")
    assert (contact(known, "c1").position.title, contact(known, "c1").position.company) == ("CEO", "co1")
    known.ok("contact edit c1 --company Gamma")
    assert contact(known, "c1").positions == (Position(organisation="Gamma", title="CEO"),)
    known.ok("contact edit c1 --company ''")
    assert contact(known, "c1").positions == ()


def test_was_at_ends_the_present_place_and_company_begins_another(known):
    known.ok("contact edit c1 --was-at Bluewater --company Gamma --title CEO")
    assert [(p.title, p.organisation, p.current) for p in contact(known, "c1").positions] == [
        ("CEO", "Gamma", True),
        ("CTO", "bluewater robotics GmbH", False),
    ]
    known.ok("contact edit c1 --was-at Bluewater --was-at Delta")
    assert [p.organisation for p in contact(known, "c1").positions] == ["Gamma", "bluewater robotics GmbH", "Delta"]
    known.ok("contact edit c1 --was-at ''")
    assert [p.organisation for p in contact(known, "c1").positions] == ["Gamma"]


def test_links_are_added_and_taken_away_and_nobody_knows_themselves(known):
    known.ok("contact edit c2 --knows c3 --knows c1 --knows c2")
    assert contact(known, "c2").knows == ("c1", "c3")
    known.ok("contact edit c2 --knows-not Mara")
    assert contact(known, "c2").knows == ("c3",)
    result = known.ok("contact edit c1 --knows c1")
    assert result.out == "c1 Mara Lindqvist (bluewater robotics GmbH) is so already: nothing was changed\n"


def test_a_new_name_drops_the_parts_of_the_old_one(known):
    book = known.book
    with book.change("parts"):
        book.contacts.save(replace(book.contacts.get("c1"), given="Mara", family="Lindqvist"))
    known.ok("contact edit c1 --name 'Mara Holm'")
    changed = contact(known, "c1")
    assert (changed.name, changed.given, changed.family) == ("Mara Holm", "", "")
    assert known("contact edit c1 --name ''").code == 2


def test_editing_nothing_says_so(known):
    result = known("contact edit c1")
    assert (result.code, result.out) == (2, "")
    assert "crm contact edit --help" in result.err


def test_removing_lists_what_goes_along_and_what_loses_its_reference(met):
    result = met("contact remove Mara")
    assert result.code == 2
    assert result.err.splitlines() == [
        "goes with it: 1 business card (bc1), 3 interactions (x1, x2, x3), 2 letters (l1, l2)",
        "loses its reference: 1 contact (c2), 1 interview (i1), 1 note (n1), 3 promises (p1, p2, p3)",
        "crm: An answer is needed: Remove c1 Mara Lindqvist?",
        "     hint: Say yes with --yes.",
    ]
    assert met.ok("contact remove Mara --yes").out == "Removed c1 Mara Lindqvist and 6 records that hung on it\n"
    book = met.book
    assert (len(book.contacts), len(book.letters), len(book.interactions), len(book.cards)) == (2, 0, 0, 0)
    assert [seat.contact for seat in book.interviews.get("i1").panel] == ["c2"]
    assert book.contacts.get("c2").knows == ()
    assert met("contact show c1").code == 2


def test_merging_keeps_everything_and_the_old_id_still_resolves(met):
    met.ok("contact add 'M. Lindqvist' --new --email m@home.example --phone 0123 --tag sailing --knows c3 --note old")
    met.ok("contact edit c3 --knows c4")
    met.ok('interview log a1 --at "yesterday 10:00" --with c4')
    result = met.ok("contact merge c4 c1 --yes")
    merged, moved = result.out.splitlines()
    assert merged == "Merged c1 Mara Lindqvist into c4 M. Lindqvist; c1 leads to c4 now"
    assert moved == (
        "Moved to c4: 1 contact (c2), 1 business card (bc1), 1 interview (i1), 3 interactions (x1, x2, x3), "
        "1 note (n1), 3 promises (p1, p2, p3), 2 letters (l1, l2)"
    )
    shown = met.ok("contact show c1 --json").item
    assert (shown["id"], shown["emails"]) == ("c4", ["m@home.example", "mara@bluewater.example"])
    assert (shown["phones"], shown["tags"]) == (["0123", "+49 30 5550 1234"], ["sailing"])
    assert shown["positions"][0]["title"] == "CTO"
    assert (shown["knows"], sorted(shown["known_by"])) == (["c3"], ["c2", "c3"])
    assert "old" in shown["note"]
    assert "Mara Lindqvist" in shown["note"]
    assert [interview["id"] for interview in shown["interviews"]] == ["i2", "i1"]
    assert [len(shown[name]) for name in ("cards", "notes", "letters", "promises", "interactions")] == [1, 1, 2, 3, 3]
    assert met.book.interviews.get("i1").lead == Seat(contact="c4", role="chair", lead=True)


def test_merging_two_people_of_one_panel_leaves_one_seat(met):
    met.ok("contact merge c2 c1 --yes")
    assert met.book.interviews.get("i1").panel == (Seat(contact="c2", role="chair", lead=True),)
    assert met.book.contacts.get("c2").knows == ()


def test_merging_asks_first_and_not_with_oneself(known):
    result = known("contact merge c1 c2")
    assert result.code == 2
    assert result.err.splitlines()[:2] == [
        "moves along: 1 contact (c3)",
        "crm: An answer is needed: Merge c2 Tom Berg into c1 Mara Lindqvist?",
    ]
    known.ok("contact merge c1 c2 --yes")
    assert known("contact merge c1 c2 --yes").code == 2
    assert len(known.book.contacts) == 2


def test_on_the_demos_book_every_command_to_type_says_so(crm):
    crm.ok("--demo contact add 'Ana Silva' --email a@x.example")
    result = crm.ok("--demo contact add 'Ana Maria Silva' --new --email a@x.example")
    assert result.err.endswith("  crm --demo contact merge c1 c2\n")
    (pair,) = crm.ok("--demo contact duplicates --json").items
    assert pair["command"] == "crm --demo contact merge c1 c2"
    assert pair["not_same"] == "crm --demo contact duplicates --not-same c1 c2"
    assert len(crm.book.contacts) == 0


def test_a_hostile_name_is_shown_clean_everywhere(crm):
    crm.ok("contact", "add", ESCAPE, "--title", ESCAPE, "--company", ESCAPE, "--note", ESCAPE, "--how", ESCAPE,
           "--address", ESCAPE, "--phone", ESCAPE, "--tag", ESCAPE, "--was-at", f"{ESCAPE} 2",
           "--nickname", ESCAPE)  # fmt: skip
    crm.ok("contact", "add", ESCAPE, "--new", "--knows", "c1", "--email", "e@x.example")
    crm.ok("contact edit c1 --email e@x.example")
    outputs = [
        crm.ok("contact list", columns=80), crm.ok("contact show c1", columns=80), crm.ok("contact show c2"),
        crm.ok("contact show c1 --json"), crm.ok("contact duplicates", columns=80), crm("contact", "show", ESCAPE),
        crm("contact", "add", ESCAPE), crm("contact merge c1 c2"), crm("contact remove c1"),
        crm.ok("contact merge c1 c2 --yes"), crm.ok("contact remove c1 --yes"),
    ]  # fmt: skip
    text = "".join(result.out + result.err for result in outputs)
    assert "Eve" in text
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(text)


def test_a_huge_value_does_not_widen_the_table(known):
    known.ok("contact", "add", "Zoe " + "x" * 490, "--company", "y" * 50_000)
    assert max(map(len, known.ok("contact list", columns=80).out.splitlines())) <= 80


@pytest.mark.parametrize("words", ["contact add", "contact add --new", "contact edit Mara --name", "card add --new"])
def test_a_name_that_is_no_name_but_a_text_is_refused(known, words):
    before = known.ok("contact list --json").out
    result = known(*words.split(), "x" * 501)
    assert (result.code, result.err.count("\n")) == (2, 2)
    assert "too long a name" in result.err
    assert known.ok("contact list --json").out == before


def test_a_file_where_the_folder_should_be_is_one_clear_line(crm):
    crm.home.write_text("not a folder")
    result = crm("contact add Mara --json")
    assert result.code != 0
    assert result.err.count("\n") == 1
    assert result.error["code"] == result.code


def test_every_command_of_the_group_has_an_example_in_its_help(crm):
    for command in ("add", "list", "show", "edit", "remove", "merge", "duplicates"):
        assert f"crm contact {command}" in crm.ok(f"contact {command} --help").out.partition("Example")[2]
