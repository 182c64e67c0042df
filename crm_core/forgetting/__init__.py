"""Forgetting a person: out of the book, its history and its backups, for good, since it is their personal data.

What hangs on them goes as it goes when they are removed; what refers to them loses the reference. Beyond that, the
history loses what it remembers of these records and every former state that names them, and each backup is rewritten
without them. What other records say of them in the user's own words is listed, for the user to decide.
"""

from __future__ import annotations

from crm_core.forgetting.cleaning import Cleaned as Cleaned
from crm_core.forgetting.forget import Forgotten as Forgotten
from crm_core.forgetting.forget import forget as forget
from crm_core.forgetting.forget import out_of_reach as out_of_reach
from crm_core.forgetting.person import Person as Person
from crm_core.forgetting.person import ids_of as ids_of
from crm_core.forgetting.person import naming as naming
