"""Every first-party plugin holds to what any plugin must, as their authors test it."""

import sys
from collections.abc import Mapping
from typing import ClassVar

from crm_core.host.discovery import find_plugins
from crm_core.testing import HEAVY_FOR_HELP, PluginContract


class OwnContract(PluginContract):
    """Ours are loaded by every `crm --help`."""

    heavy = HEAVY_FOR_HELP


class TestBridges(OwnContract):
    plugin = "crm_bridges"


class TestCalendar(OwnContract):
    plugin = "crm_calendar"


class TestCsv(OwnContract):
    plugin = "crm_csv"
    samples: ClassVar[Mapping[str, bytes]] = {
        "linkedin": b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        b"Ana,Silva,https://www.linkedin.com/in/ana,ana@example.com,Acme,Engineer,03 Nov 2025\n",
    }


class TestHearback(OwnContract):
    plugin = "crm_hearback"


class TestNotes(OwnContract):
    plugin = "crm_notes"


class TestPanel(OwnContract):
    plugin = "crm_panel"


class TestPromises(OwnContract):
    plugin = "crm_promises"


class TestQuota(OwnContract):
    plugin = "crm_quota"


class TestReferrals(OwnContract):
    plugin = "crm_referrals"


class TestReflection(OwnContract):
    plugin = "crm_reflection"


class TestReport(OwnContract):
    plugin = "crm_report"


class TestResearch(OwnContract):
    plugin = "crm_research"


class TestSocial(OwnContract):
    plugin = "crm_social"


class TestThankyou(OwnContract):
    plugin = "crm_thankyou"


class TestVcard(OwnContract):
    plugin = "crm_vcard"
    samples: ClassVar[Mapping[str, bytes]] = {
        "vcard": b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana Silva\r\nEMAIL:ana@example.com\r\nEND:VCARD\r\n"
    }


def test_none_is_missing():
    own = {found.name for found in find_plugins(sys.path) if found.own}

    assert {kind.plugin for kind in OwnContract.__subclasses__()} == own
