"""Names of a package that are imported when they are first used: what most commands never touch costs them nothing.

    __all__, __getattr__, __dir__ = lazily(__name__, globals(), {"module": ("Name", "other")})

A type checker is told the same names under `if TYPE_CHECKING:`; a test holds the two to one another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(
    package: str, namespace: dict[str, Any], homes: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """What a package needs to hand out the names of its modules: `__all__`, `__getattr__` and `__dir__` (PEP 562).

    Args:
        package: The package's full name.
        namespace: Its globals; a name that was asked for is kept there.
        homes: The names by the module, seen from the package, that has them.
    """
    home_of = {name: module for module, names in homes.items() for name in names}
    listed = sorted(home_of)

    def get(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = namespace[name] = getattr(import_module(f"{package}.{home_of[name]}"), name)
        return value

    return listed, get, lambda: [name for name in namespace if name.startswith("__")] + listed
