"""Letter templates reach nothing but the facts, and end soon, whoever wrote them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from jinja2 import nodes

from crm_core.errors import CrmError
from crm_core.letters import LetterKind
from crm_core.letters.rendering import rendered
from crm_core.letters.sandbox import SECONDS, Sandbox

FACTS = {
    "me": {"name": "Robin Vale", "phone": "", "email": "", "links": []},
    "contact": {"name": "Mara Lindqvist", "first": "Mara", "title": "", "address": ""},
    "company": "Bluewater",
    "points": ["the docks", "the night shift"],
    "text": "x" * 200_000,
    "today": "20 November 2026",
}
INSIDES = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ points['__class__'] }}",
    "{{ ('__cla' ~ 'ss__') }}{{ company[('__cla' ~ 'ss__')] }}",
    "{{ company|attr('__class__') }}",
    "{{ points|map(attribute='__class__')|list }}",
    "{{ points|sort(attribute='__class__')|first }}",
    "{{ points|map('attr', '__class__')|first }}",
    "{{ (points|selectattr('__class__')|list)[0] }}{{ points|map(attribute='__class__.__mro__')|first }}",
    "{{ blank.__globals__ }}",
    "{{ blank.__code__.co_consts }}",
    "{{ range.__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ namespace.__init__ }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop }}",
    "{% for x in points %}{{ loop.__class__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__class__ }}",
    "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ '{0.__class__}'.format(company) }}",
    "{{ '{0.__class__}'.format_map({'0': 1}) }}",
    "{{ ('%s' % company) }}",
    "{{ lipsum.__globals__ }}",
    "{{ config }}",
    "{{ (1.0).__class__ }}",
    "{{ points.append('x') }}",
    "{{ me.update({'name': 'Mallory'}) }}",
    "{{ me.pop('name') }}",
    "{% set me.name = 'Mallory' %}",
    "{% include '/etc/passwd' %}",
    "{% include ['../config.toml'] %}",
    "{% import '../thank-you.txt' as t %}",
    "{% from 'os' import path %}",
    "{% extends 'thank-you.txt' %}",
    "{% do points.append(1) %}",
    "{% debug %}",
)
ENDLESS = (
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in text %}{% for b in text %}{% for c in text %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in range(100000) %}{% if loop.length %}{% for b in text|list %}{% endfor %}{% endif %}{% endfor %}",
    "{% for a in [points] recursive %}{{ loop([a, a]) }}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set n = namespace(i=0) %}{% for a in range(100000) %}{% set n.i = text|sort|first %}{% endfor %}",
    "{% for a in range(100000) %}{% if range(99999)|list == range(99999)|list %}{% endif %}{% endfor %}",
    "{% for a in range(100000) %}{% if text in text ~ '' %}{% endif %}{% endfor %}",
)
LARGE = (
    "{{ 'x' * 10 ** 10 }}",
    "{{ 10 ** 10 * 'x' }}",
    "{{ ['x'] * 10 ** 9 }}",
    "{{ (('x',) * 200000)|join(text) }}",
    "{{ [text] * 100000 }}",
    "{{ ([text] * 100000)|string }}",
    "{{ ([text] * 100000) ~ '' }}",
    "{{ [[text] * 100000]|join }}",
    "{{ {'a': text} }}",
    "{{ 10 ** (10 ** 10) }}",
    "{{ 2 ** 100000000 }}",
    "{% set n = namespace(v=9) %}{% for i in range(99) %}{% set n.v = n.v * n.v %}{% endfor %}",
    "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v = n.v ~ n.v %}{% endfor %}",
    "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v = n.v + n.v %}{% endfor %}",
    "{% set n = namespace(v=['x']) %}{% for i in range(99) %}{% set n.v = n.v + n.v %}{% endfor %}",
    "{% set n = namespace(v=[]) %}{% for i in range(99999) %}{% set n.v = n.v + [text ~ ''] %}{% endfor %}",
    "{% set s %}{% for i in range(99999) %}" + "words " * 500 + "{% endfor %}{% endset %}",
    "{% set s %}{% for i in range(99999) %}{{ text }}{% endfor %}{% endset %}",
    "{% macro m() %}{{ text }}{% endmacro %}{% set s %}{% for i in range(99999) %}{{ m() }}{% endfor %}{% endset %}",
    "{% filter upper %}{% for i in range(99999) %}{{ text }}{% endfor %}{% endfilter %}",
    "{{ text|replace('x', text) }}",
    "{{ text|replace('', text) }}",
    "{{ text|map('replace', 'x', text)|list }}",
    "{{ 'x'.ljust(10 ** 10) }}",
    "{{ 'x'.center(10 ** 10) }}",
    "{{ 'x'.zfill(10 ** 10) }}",
    "{{ '\t'.expandtabs(10 ** 10) }}",
    "{{ text.replace('x', text) }}",
    "{{ text.join(text) }}",
    "{{ text.translate({120: text}) }}",
    "{{ '{:10000000000}'.format(1) }}",
    "{{ '%10000000000d' % 1 }}",
    "{{ '%10000000000d'|format(1) }}",
    "{{ 'x'|center(10 ** 10) }}",
    "{{ 'x\\ny'|indent(10 ** 10) }}",
    "{{ [1]|batch(10 ** 10, 0)|list }}",
    "{{ [1]|slice(10 ** 10)|list }}",
    "{{ [[text]]|sum(start=[]) }}",
    "{{ 1|round(10 ** 10, 'ceil') }}",
    "{{ text|wordwrap(1, text) }}",
    "{{ me|tojson(10 ** 10) }}",
    "{{ lipsum(n=10 ** 9) }}",
    "{{ range(10 ** 9)|list }}",
    "{{ dict(a=1)|xmlattr }}",
)
USUAL = (
    ("{{ points|join(', ') }}", "the docks, the night shift"),
    (
        "{{ points|length }} {{ points[0]|upper }} {{ points|map('title')|join('; ') }}",
        "2 THE DOCKS The Docks; The Night Shift",
    ),
    (
        "{% for p in points %}{{ loop.index }}. {{ p }}{{ ', ' if not loop.last }}{% endfor %}",
        "1. the docks, 2. the night shift",
    ),
    ("{{ company.upper() ~ '!' }}{{ points[0].removeprefix('the ') }}", "BLUEWATER!docks"),
    ("{{ ('a', 'b')|join }}{{ 7 * 6 }}{{ 7 % 4 }}{{ 2 ** 10 }}{{ 1 + 1 }}{{ 'a' + 'b' }}", "ab42310242ab"),
    ("{{ [1, 2] + [3] == [1, 2, 3] }}{{ 'ab' * 2 }}{{ ('x' ~ 1 ~ 2.5) }}", "Trueababx12.5"),
    ("{{ points|first|default('nothing') }}{{ []|first|default('nothing') }}", "the docksnothing"),
    ("{{ me.items()|length }}{{ me.get('name') }}{{ company|replace('Blue', 'Green') }}", "4Robin ValeGreenwater"),
    ("{% set n = namespace(i=0) %}{% for p in points if 'd' in p %}{% set n.i = n.i + 1 %}{% endfor %}{{ n.i }}", "1"),
    ("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m('x') }}{{ m(1) }}", "<x><1>"),
    (
        "{% filter upper %}{{ company }}{% endfilter %}{% set s %}{{ today }}{% endset %}{{ s }}",
        "BLUEWATER20 November 2026",
    ),
    ("{% for a in [1, 2] %}{% for b in 'xy' %}{{ a ~ b }}{% endfor %}{% endfor %}", "1x1y2x2y"),
)


def draft(body: str, folder: Path) -> str:
    kind = LetterKind(name="note", label="note", subject="x", body=body)
    return rendered(kind, folder, FACTS, "message")[1]


@pytest.mark.parametrize("body", INSIDES)
def test_nothing_but_the_facts_can_be_reached(body: str, tmp_path: Path):
    with pytest.raises(CrmError) as caught:
        draft(body, tmp_path)
    assert "fails in its body, line 1: " in caught.value.message


@pytest.mark.parametrize("body", [*ENDLESS, *LARGE])
def test_no_template_takes_long_or_makes_much(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Sandbox.__init__, "__defaults__", (SECONDS / 10,))
    began = monotonic()
    with pytest.raises(CrmError) as caught:
        draft(body, tmp_path)
    assert "fails in its body, line 1: " in caught.value.message
    assert monotonic() - began < 2 * SECONDS


MEASURED = """
import resource, sys
from pathlib import Path
from tests.core.test_letter_sandbox import ENDLESS, LARGE, draft
draft("x", Path("nowhere"))
resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
for body in (*ENDLESS, *LARGE):
    try:
        draft(body, Path("nowhere"))
    except Exception as error:
        assert "MemoryError" not in repr(error) + repr(error.__cause__), body
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="says what memory was used in kilobytes")
def test_all_of_them_together_take_little_memory():
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", MEASURED], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 300  # megabytes


@pytest.mark.parametrize(("body", "text"), USUAL)
def test_what_letters_need_works(body: str, text: str, tmp_path: Path):
    assert draft(body, tmp_path) == text


def test_time_is_short_whatever_is_done_in_it():
    sandbox = Sandbox(seconds=0)
    with pytest.raises(OverflowError, match="longer than 0 s"):
        sandbox.from_string("{% for x in [1] %}{% endfor %}").render()


def test_every_concatenation_and_every_loop_is_counted():
    template = Sandbox().parse(
        "{% for x in ['a' ~ 'b'] %}{{ (x ~ 'c') ~ ('d' ~ x) }}{{ f(a=x ~ x, *[x ~ x]) }}{% endfor %}"
    )
    assert list(template.find_all(nodes.Concat)) == []
    assert [loop.iter.name for loop in template.find_all(nodes.For)] == ["_turns"]


def test_two_templates_do_not_pay_for_one_another(tmp_path: Path):
    for _ in range(30):
        assert len(draft("{{ text[1:] }}", tmp_path)) == 199_999
