"""The history: what happened to the book, and how a change of it is taken back.

All of it works on documents as they are stored, so that the records of a plugin that is away are taken back like any
other. What a document's fields mean is known only as far as somebody declared its kind.
"""

from __future__ import annotations

from crm_core.history.past import Past as Past
from crm_core.history.undoing import name_change as name_change
from crm_core.history.undoing import newest_changes as newest_changes
from crm_core.history.undoing import newest_undo as newest_undo
from crm_core.history.undoing import reverse as reverse
