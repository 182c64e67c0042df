"""How these tests hand tables to the readers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TypeAlias

import pytest

import crm_csv
from crm_core import Candidate, Contact, Importer, Problem

Reader: TypeAlias = Callable[[str | bytes], list[Candidate | Problem]]


@pytest.fixture
def importers() -> dict[str, Importer]:
    """The plugin's importers by name."""
    return {importer.name: importer for importer in crm_csv.crm_importers()}


@pytest.fixture
def told(importers: dict[str, Importer]) -> Callable[[str | bytes], str]:
    """The name of the importer that knows a file by its beginning; empty if none does."""

    def name_of(file: str | bytes) -> str:
        head = (file.encode() if isinstance(file, str) else file)[:4096]
        return next((name for name, importer in importers.items() if importer.sniff(head)), "")

    return name_of


@pytest.fixture
def read(importers: dict[str, Importer], told: Callable[[str | bytes], str]) -> Reader:
    """Read a whole file by the importer that knows it."""

    def read_all(file: str | bytes) -> list[Candidate | Problem]:
        data = file.encode() if isinstance(file, str) else file
        return list(importers[told(data)].read(io.BytesIO(data)))

    return read_all


@pytest.fixture
def people(read: Reader) -> Callable[[str | bytes], list[Contact]]:
    """The contacts of a file in which every row is one."""

    def contacts(file: str | bytes) -> list[Contact]:
        found = read(file)
        assert not [entry for entry in found if isinstance(entry, Problem)]
        return [entry.contact for entry in found if isinstance(entry, Candidate)]

    return contacts
