"""What vCard has no property for: the names that we write it under, so that our own cards come back whole.

| line | what it says |
| --- | --- |
| `N;X-CRM=WHOLE:;Zoe Example;;;` | the name is not known in parts; version 3.0 wants a part |
| `X-CRM-HOW:met at a fair` | how the user knows them |
| `X-CRM-POSITION;SINCE=2019-01-01;UNTIL=2021-05-31:Acme;CTO` | a position that ORG and TITLE do not tell in full |
| `X-CRM-PROFILE:matrix;@zoe:example.org;` | network, handle and address of a profile, where no other line tells them |
| `X-CRM-INTRODUCED-BY:uid`, `X-CRM-KNOWS:uid` | people by their UIDs; in version 4.0 `RELATED;X-CRM=KNOWS:uid` |
| `X-CRM-EXACT;FIELD=name;OF=1a2b3c4d:" Zoe"` | a field that the rest of the card tells only nearly, as JSON |

The last is for odd texts (see `exact.py`). Here are only the names.
"""

from __future__ import annotations

from typing import Final

MARK: Final = "X-CRM"
WHOLE: Final = "WHOLE"

HOW: Final = "X-CRM-HOW"
POSITION: Final = "X-CRM-POSITION"
PROFILE: Final = "X-CRM-PROFILE"
INTRODUCED_BY: Final = "X-CRM-INTRODUCED-BY"
KNOWS: Final = "X-CRM-KNOWS"
EXACT: Final = "X-CRM-EXACT"
NAMES: Final = frozenset({HOW, POSITION, PROFILE, INTRODUCED_BY, KNOWS, EXACT})
