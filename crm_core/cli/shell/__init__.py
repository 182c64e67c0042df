"""Completing command lines: the shell asks the program what could come next, and shows what it answers.

`command.py` is `crm completion`, which prints one of `scripts/`: how a shell asks. `answering.py` answers it,
`names.py` knows names and ids from the book, `quoting.py` what bash makes of a line and how a name is to stand in it.

Whoever presses Tab wants an answer at once or none: nothing is written, nothing said of what is wrong, and nothing
executed that stands in the line or in the book.
"""

from __future__ import annotations

from typing import Final

COMPLETE: Final = "_CRM_COMPLETE"
"""The environment variable that holds the name of a shell that asks."""
