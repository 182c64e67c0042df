"""An example of each hook, run: its part of `examples/walks.py`, what is typed to have it asked, what is shown then.

`examples/walks.py` has the hooks in the order of `hookspecs.py`, and what a hook needs stands above it; so the file is
cut behind each hook.
"""

from __future__ import annotations

import ast
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from crm_core import hookspecs
from crm_core.files import Places, make_private_folder, replace_file
from crm_core.testing import Crm
from tests.docs.pages import Reader, Typed, stranger
from tests.docs.reference import ROOT

WALKS: Final = ROOT / "examples/walks.py"
TRACE: Final = "crm: trace: "
HOOKS: Final = tuple(name for name in vars(hookspecs) if name.startswith("crm_"))


class Shown(NamedTuple):
    """How a hook's answer comes to be seen.

    Args:
        typed: The command lines that show it.
        before: Those that make it so that there is something to show.
    """

    typed: tuple[str, ...]
    before: tuple[str, ...] = ()


MET: Final = "crm interview log Acme --role Engineer --at 'yesterday 14:00' --with 'Ana Silva'"
WALKED: Final = "crm walk Acme --length 2500 --note 'ask about the night shift'"
LIST: Final = r"printf '# walkers\nAna Silva\nTom Okafor\n' > club.walkers"
SHOWN: Final[Mapping[str, Shown]] = {
    "crm_records": Shown(("crm walk Acme --length 2500", "crm undo"), (MET,)),
    "crm_settings": Shown(("crm settings set walks.days 2", "crm settings set walks.days 90")),
    "crm_steps": Shown(("crm agenda",), (MET,)),
    "crm_done": Shown(("crm done xssh", "crm agenda --all"), (MET,)),
    "crm_checklist": Shown(("crm checklist Acme",), (MET,)),
    "crm_commands": Shown(("crm walk --help",)),
    "crm_letters": Shown(("crm letter draft walk Ana",), (MET,)),
    "crm_importers": Shown(
        ("crm import club.walkers",), ("printf '# walkers\\nAna Silva\\nTom Okafor\\n' > club.walkers",)
    ),
    "crm_exporters": Shown(("crm export walkers",), (MET,)),
    "crm_search": Shown(("crm find 'night shift'",), (MET, WALKED)),
    "crm_summary": Shown(("crm stats",), (MET, WALKED)),
    "crm_changed": Shown((WALKED,), (MET,)),
}


def sources() -> dict[str, str]:
    """The part of the example plugin that ends with each hook, by the hook's name, in the file's order."""
    text = WALKS.read_text("utf-8")
    lines, parts = text.splitlines(), {}
    body = ast.parse(text).body
    begin = max(node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom))
    for node in body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("crm_"):
            end = node.end_lineno or begin
            parts[node.name] = "\n".join(lines[begin:end]).strip()
            begin = end
    return parts


def run(hook: str) -> list[Typed]:
    """Have a hook asked of the example plugin alone, in a home of its own; what is typed for it and what is shown.

    Raises:
        AssertionError: It was not asked, or failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        reader = _reader(Path(folder), home)
        for line in ("crm plugins on walks", *SHOWN[hook].before):
            reader.type(line)
        shown = [Typed(line, reader.type(line)) for line in SHOWN[hook].typed]
    asked = [line for typed in shown for line in typed.shown.splitlines() if line.startswith(f"{TRACE}walks: {hook}(")]
    assert asked, f"{hook} is not asked by {SHOWN[hook].typed}"
    assert not any(" raised " in line for line in asked), asked
    return [Typed(typed.command, _without_trace(typed.shown)) for typed in shown]


def _reader(folder: Path, home: Path) -> Reader:
    """Somebody who has the example plugin and no other; each time that it is asked is traced."""
    Crm(home).only()
    plugins = Places.under(home).plugins
    make_private_folder(plugins)
    replace_file(plugins / WALKS.name, [WALKS.read_bytes()])
    return stranger(folder, Path(sys.executable).parent, {"CRM_HOME": str(home), "CRM_TRACE_PLUGINS": "1"})


def _without_trace(shown: str) -> str:
    return "\n".join(line for line in shown.splitlines() if not line.startswith(TRACE))
