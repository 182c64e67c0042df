"""A new plugin's files, made of templates: what it may add, how it is called, what each file imports.

A whole distribution is a folder that can be installed and whose tests pass; a one-file plugin is one module with the
same parts. The templates are in `templates/`, what both have in common in `parts/` there. Nothing here asks or prints.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

import msgspec

from crm_core.errors import CrmError, InputError
from crm_core.scaffold.imports import header
from crm_core.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

PartName = Literal["steps", "command", "record", "settings", "letter", "importer", "exporter"]
PARTS: Final[tuple[PartName, ...]] = get_args(PartName)
License = Literal["MIT", "none"]
LICENSES: Final[tuple[License, ...]] = get_args(License)
LONGEST_NAME: Final = 24

_NAME: Final = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TEMPLATES: Final = Path(__file__).with_name("templates")
_AS_LETTERS: Final = str.maketrans("0123456789", "zothfvsxet")
# A package's modules, each with the parts that need it.
_MODULES: Final[Mapping[str, tuple[PartName, ...]]] = {
    "records.py": ("record",),
    "settings.py": ("settings",),
    "steps.py": ("steps",),
    "cli.py": ("command",),
    "letter.py": ("letter",),
    "people.py": ("importer", "exporter"),
}


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made.

    Args:
        name: The plugin's short name: `coffee`, `coffee_chats`.
        parts: What it adds.
        author: Whose work it is; may be empty.
        year: The licence's.
        license: Under which licence it is given away.
    """

    name: str
    parts: Collection[PartName]
    author: str = ""
    year: int
    license: License = "none"

    @property
    def module(self) -> str:
        """The distribution's package, which is its plugin's name too."""
        return f"crm_{self.name}"

    @property
    def distribution(self) -> str:
        """The distribution."""
        return self.module.replace("_", "-")

    @property
    def command(self) -> str:
        """The command, and the kind of letter and the format, as they are typed."""
        return self.name.replace("_", "-")


def plain_name(text: str) -> str:
    """The short name that somebody means who calls a plugin so: `Crm-Coffee` is `coffee`.

    Raises:
        InputError: No plugin can have it.
    """
    name = text.strip().lower().replace("-", "_").removeprefix("crm_")
    if (
        not _NAME.fullmatch(name)
        or len(name) > LONGEST_NAME
        or keyword.iskeyword(name)
        or name in {"core", "crm", "me"}
    ):
        raise InputError(
            f"{text.strip()[:60]!r} can't be a plugin's name",
            f"Letters, digits and _, a letter first, at most {LONGEST_NAME}: coffee, coffee_chats.",
        )
    return name


def distribution_files(plan: Plan) -> dict[str, str]:
    """The files of a whole distribution by their paths in its folder."""
    render = _Renderer(plan, one_file=False)
    package = f"{plan.module}/"
    files = {
        "pyproject.toml": render("pyproject.toml"),
        "README.md": render("README.md"),
        ".gitignore": render("gitignore"),
        ".github/workflows/tests.yml": render("tests.yml"),
        f"{package}__init__.py": render("package/__init__.py"),
        f"{package}py.typed": "",
        "tests/conftest.py": render("tests/conftest.py"),
        f"tests/test_{plan.name}.py": render("tests/test_plugin.py"),
    }
    if plan.license != "none":
        files["LICENSE"] = render("LICENSE")
    for module, parts in _MODULES.items():
        if set(parts) & set(plan.parts):
            files[package + module] = render(f"package/{module}")
    return dict(sorted(files.items()))


def one_file(plan: Plan) -> str:
    """A one-file plugin."""
    return _Renderer(plan, one_file=True)("one_file.py")


def make_distribution(plan: Plan, folder: Path) -> None:
    """Write a whole distribution, or nothing at all.

    Args:
        plan: What is to be made.
        folder: Where; not there yet.

    Raises:
        CrmError: It can't be written.
    """
    import shutil
    import tempfile

    files = distribution_files(plan)
    made: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        for path, text in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_text(text, "utf-8")
        made.chmod((made / "tests").stat().st_mode)  # that of any folder here; a temporary one is private
        made.replace(folder)
    except OSError as error:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)
        raise CrmError(f"{folder} can't be made: {(error.strerror or str(error)).lower()}", "Nothing was made.") from (
            error
        )


class _Renderer:
    """Fills in templates for one plan."""

    def __init__(self, plan: Plan, *, one_file: bool) -> None:
        self._environment = _environment()
        self._parts = frozenset(plan.parts)
        words = plan.name.replace("_", " ")
        self._facts: dict[str, object] = {part: part in self._parts for part in PARTS}
        self._facts |= {
            "name": plan.name,
            "plugin": plan.name if one_file else plan.module,
            "module": plan.module,
            "distribution": plan.distribution,
            "command_name": plan.command,
            "words": words,
            "title": words.capitalize(),
            "Camel": words.title().replace(" ", ""),
            "prefix": _prefix(plan.name),
            "author": msgspec.json.encode(plan.author).decode() if plan.author else "",  # which is TOML as well
            "holder": plan.author or f"the authors of {plan.distribution}",
            "year": plan.year,
            "license": plan.license,
            "core": ".".join(__version__.split(".")[:2]),
            "one_file": one_file,
        }

    def __call__(self, name: str) -> str:
        imports = header(name, self._parts, str(self._facts["module"]), str(self._facts["Camel"]))
        return self._environment.get_template(f"{name}.jinja").render(self._facts, header=imports)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(  # noqa: S701 (what is made is no HTML)
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="<<",  # letters, f-strings and workflows are full of braces
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _prefix(name: str) -> str:
    """The letters that begin its records' ids: all of the name, since no other plugin should have the same."""
    letters = name.replace("_", "").translate(_AS_LETTERS)
    return letters if len(letters) > 2 else f"{letters}entry"  # those of the core are one or two
