"""Calendars as another program reads them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import icalendar
import pytest

from crm_core.testing import Crm


def read(data: bytes | str | Path) -> icalendar.Calendar:
    """A calendar that the icalendar library has nothing to say against."""
    data = data.read_bytes() if isinstance(data, Path) else data
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    assert [error for part in calendar.walk() for error in part.errors] == []
    return calendar


def titled(calendar: icalendar.Calendar, title: str) -> icalendar.Component:
    """The one component of that title."""
    (found,) = [part for part in calendar.walk() if str(part.get("SUMMARY", "")) == title and part.name != "VALARM"]
    return found


def of_id(calendar: icalendar.Calendar, id_: str) -> icalendar.Component:
    """The one component of that record."""
    (found,) = [part for part in calendar.walk() if str(part.get("UID", "")).endswith(f"-{id_}")]
    return found


def at(part: icalendar.Component, *names: str) -> tuple[date, ...]:
    """The dates that it has under these names."""
    return tuple(part[name].dt for name in names)


def triggers(part: icalendar.Component) -> list[object]:
    """When its alarms ring."""
    return [alarm["TRIGGER"].dt for alarm in part.walk("VALARM")]


def blocks(path: Path) -> dict[str, str]:
    """The components of a file by UID, byte for byte."""
    text = path.read_bytes().decode()
    found = re.findall(r"^BEGIN:(VEVENT|VTODO)\r\nUID:(.*?)\r\n(.*?)^END:\1\r\n", text, re.DOTALL | re.MULTILINE)
    return {uid: body for _, uid, body in found}


@pytest.fixture
def search(crm: Crm) -> Crm:
    """An interview yesterday, of which little was done, and one ahead."""
    crm.only("crm_calendar", "crm_thankyou", "crm_promises")
    crm.ok("interview log Acme --at 'yesterday 14:00' --role Engineer --with 'Ana Silva' --with 'Ben Carter'")
    crm.ok("interview log Acme --at 'in 3 days 10:00' --round 2 --kind video --with 'Ben Carter'")
    crm.ok("promise add 'send the references' --to Ana --by 'in 2 days' --interview i1")
    return crm
