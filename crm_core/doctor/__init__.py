"""The doctor: what is wrong with a book and the files around it, and what mends it. It runs whatever is broken.

Looking changes nothing, a book of an older version included. `mend` does what can be done without asking: it is one
change that can be taken back, and files that nobody needs. What would lose something is left to the user's own command.
"""

from __future__ import annotations

from crm_core.doctor.examination import Examination as Examination
from crm_core.doctor.finding import Finding as Finding
