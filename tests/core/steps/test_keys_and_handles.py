"""What identifies a step, and by what letters it is called."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from crm_core.dates import moment_of
from crm_core.errors import AmbiguousName, UnknownName
from crm_core.records import (
    Ref,
)
from crm_core.steps import LONGEST, SHORTEST, Step, step_key
from tests.core.making import NOW
from tests.core.steps.search import Search, at, day, step


class TestKeys:
    @pytest.mark.parametrize(
        ("values", "key"),
        [
            ({}, "crm_x/k"),
            ({"about": Ref("i1")}, "crm_x/k/i1"),
            ({"about": Ref("i1"), "slot": "6m"}, "crm_x/k/i1/6m"),
            ({"about": Ref("i1"), "refs": ("a1", "c2")}, "crm_x/k/a1/c2"),
            ({"about": Ref("i1"), "refs": ("a1", "c2"), "slot": "m3"}, "crm_x/k/a1/c2/m3"),
            ({"slot": "2026-W48"}, "crm_x/k/2026-W48"),
        ],
    )
    def test_a_key_is_plugin_kind_references_and_slot(self, values, key: str):
        assert step_key("crm_x", step(**values)) == key

    def test_dates_words_and_state_are_no_part_of_it(self, search: Search):
        one = step(about=Ref("i1"), slot="1")
        other = replace(
            one, title="Other", why="x", starts=day(3), due=at(9), person=Ref("c1"), done=day(1), late=day(9)
        )

        assert search.entry(one).key == search.entry(other).key
        assert search.entry(one).handle == search.entry(other).handle

    def test_the_same_step_twice_is_one_entry(self, search: Search):
        assert len(search.agenda(step(), step(), step(slot="1")).entries) == 2

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"starts": None}, TypeError),
            ({"due": "2026-11-23"}, TypeError),
            ({"due": moment_of(NOW)}, TypeError),
            ({"due": NOW.replace(tzinfo=None)}, ValueError),
            ({"late": datetime.fromisoformat("2026-11-23T12:00+01:00")}, ValueError),
            ({"title": None}, TypeError),
            ({"slot": 6}, TypeError),
            ({"refs": ["c1"]}, TypeError),
            ({"refs": "c1"}, TypeError),
            ({"refs": (None,)}, TypeError),
            ({"person": 5}, TypeError),
        ],
    )
    def test_what_the_agenda_could_not_work_with_is_refused_where_it_is_made(self, values, error: type[Exception]):
        with pytest.raises(error):
            step(**values)


class TestHandles:
    def many(self, count: int = 2_500) -> list[Step]:
        return [step(slot=str(number)) for number in range(count)]

    def test_a_handle_is_letters_without_vowels(self, search: Search):
        for entry in search.agenda(*self.many(200)).entries:
            assert set(entry.handle) <= set("bcdfghjklmnpqrstvwxz")

    def test_handles_are_as_short_as_they_can_be_but_not_shorter_than_four(self, search: Search):
        handles = [entry.handle for entry in search.agenda(*self.many()).entries]

        assert SHORTEST == 4
        assert len(set(handles)) == len(handles)
        assert min(map(len, handles)) == SHORTEST < max(map(len, handles)) < LONGEST
        for handle in handles:
            assert not any(other.startswith(handle) for other in handles if other != handle)
        for handle in (handle for handle in handles if len(handle) > SHORTEST):
            assert sum(other.startswith(handle[:-1]) for other in handles) > 1

    def test_a_step_is_found_by_its_handle_and_by_any_longer_form(self, search: Search):
        agenda = search.agenda(*self.many())

        for entry in agenda.entries[::100]:
            assert agenda.find(entry.handle) == agenda.find(f" {entry.handle.upper()} ") == entry

    def test_a_handle_once_shown_stays_valid_when_there_are_fewer_steps(self, search: Search):
        steps = self.many()
        many = search.agenda(*steps)
        longer = [entry for entry in many.entries if len(entry.handle) > SHORTEST]
        by_key = {step_key("crm_x", one): one for one in steps}

        for entry in longer:
            few = search.agenda(by_key[entry.key])
            assert few.find(entry.handle).key == entry.key
            assert entry.handle.startswith(few.entries[0].handle)
            assert len(few.entries[0].handle) == SHORTEST

    def test_too_short_too_long_and_unknown_handles_find_nothing(self, search: Search):
        agenda = search.agenda(step())
        handle = agenda.entries[0].handle

        for text in ("", handle[:3], handle + "x" * LONGEST, "aeiou", "c1", "\x1b[2J", "İİİİ"):
            with pytest.raises(UnknownName, match="no step"):
                agenda.find(text)

    def test_a_beginning_of_several_lists_them_with_longer_forms(self, search: Search):
        agenda = search.agenda(*self.many())
        short = next(entry.handle[:4] for entry in agenda.entries if len(entry.handle) > SHORTEST)

        with pytest.raises(AmbiguousName) as caught:
            agenda.find(short)

        listed = [part.split(" ")[0] for part in caught.value.hint.split("; ")]
        assert len(listed) > 1
        for handle in listed:
            assert agenda.find(handle).handle.startswith(short)
