"""`crm card mine`: your own card as a vCard and as a QR code."""

import io
import stat

import pytest
import segno

from crm_core.cli.mine import BLOCKS, QUIET, code_of, drawn
from crm_core.cli.screen.output import Output
from crm_core.testing import Crm

HALVES = {block: halves for halves, block in BLOCKS.items()}


@pytest.fixture
def robin(crm: Crm) -> Crm:
    crm.ok("me set name 'Zoë Vale; Jr.'")
    crm.ok("me set email zoe.vale@example.com")
    crm.ok("me set phone '+44 1632 960000'")
    crm.ok("me set links https://zoe.example")
    return crm


def modules(lines: list[str], *, light: bool) -> list[list[bool]]:
    """The code that is printed in those lines, without its quiet zone; True is dark."""
    rows = []
    for line in lines:
        upper, lower = zip(*(HALVES[character] for character in line), strict=True)
        rows += [[half != light for half in upper], [half != light for half in lower]]
    size = len(rows[0]) - 2 * QUIET
    inner = [row[QUIET : QUIET + size] for row in rows[QUIET : QUIET + size]]
    assert not any(any(row) for row in rows[:QUIET])
    assert not any(any(row[:QUIET] + row[QUIET + size :]) for row in rows)
    return inner


def test_into_a_pipe_it_is_a_vcard_alone(robin: Crm):
    card = robin.ok("card mine").out

    assert card.startswith("BEGIN:VCARD")
    assert "FN:Zoë Vale\\; Jr." in card
    assert "zoe.vale@example.com" in card
    assert not set(card) & set("▀▄█")


@pytest.mark.parametrize("light", [False, True])
def test_what_is_printed_is_the_code_of_the_card(robin: Crm, light: bool):
    code = code_of(robin.ok("card mine").out.replace("\n", "\r\n").encode())

    printed = modules(drawn(code, light=light), light=light)

    assert printed == [[bool(module) for module in row] for row in code.matrix_iter(border=0)]
    assert code.error == "L"


def test_the_code_holds_what_a_phone_makes_use_of(robin: Crm):
    lines = ["BEGIN:VCARD", "VERSION:3.0", "UID:1", "N:Vale;Zoë;;;", "FN:Zoë Vale", "X-CRM-HOW:fair", "END:VCARD", ""]

    code = code_of("\r\n".join(lines).encode())

    wanted = "BEGIN:VCARD\nVERSION:3.0\nN:Vale;Zoë;;;\nFN:Zoë Vale\nEND:VCARD"
    assert code.matrix == segno.make(wanted, error="l", micro=False, encoding="utf-8").matrix


def test_on_a_terminal_the_code_is_shown_and_fits_in_eighty_columns(robin: Crm):
    shown = robin.ok("card mine", columns=80).out.splitlines()
    code = [line for line in shown if set(line) & set("▀▄█")]

    assert shown[0] == "BEGIN:VCARD"
    assert all(len(line) <= 80 for line in code)
    assert len(code) >= 25
    assert "crm card mine -o card.svg" in robin.ok("card mine", columns=40).err


def test_colours_say_what_is_paper():
    stdout = io.StringIO()
    Output(stdout, io.StringIO(), 80, color=True).line("▀", style="paper")

    assert stdout.getvalue() == "\x1b[30;107m▀\x1b[0m\n"


@pytest.mark.parametrize(("name", "begins"), [("c.vcf", b"BEGIN:VCARD"), ("c.svg", b"<?xml"), ("c.png", b"\x89PNG")])
def test_it_is_written_in_the_form_that_the_name_ends_in(robin: Crm, tmp_path, name: str, begins: bytes):
    path = tmp_path / name

    assert robin.ok(f"card mine -o {path}").out == f"Wrote {path}\n"
    assert path.read_bytes().startswith(begins)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert robin(f"card mine -o {path}").code == 2
    robin.ok(f"card mine --force -o {path}")


def test_nobody_else_has_the_uid_of_your_card(robin: Crm, tmp_path):
    other = Crm(tmp_path / "other")
    other.ok("me set name 'Zoë Vale; Jr.'")

    def uid(crm: Crm) -> str:
        return next(line for line in crm.ok("card mine").out.splitlines() if line.startswith("UID:"))

    assert uid(robin) == uid(robin)
    robin.ok("contact add 'Ana Silva'")
    assert len({uid(robin), uid(other)}) == 2


def test_who_did_not_say_who_they_are_is_told_how(crm: Crm):
    result = crm("card mine")

    assert result.code == 2
    assert "crm me set name NAME" in result.err


def test_without_a_plugin_that_writes_vcards_it_says_so(robin: Crm):
    result = robin("--no-plugins", "card", "mine")

    assert result.code == 2
    assert "No plugin that is on writes vCards" in result.err


def test_too_much_for_a_code_is_said(robin: Crm):
    robin.ok("me", "set", "links", ",".join(f"https://zoe.example/{number:040}" for number in range(90)))

    assert "too much on your card" in robin("card mine", columns=80).err
