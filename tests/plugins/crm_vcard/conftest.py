"""How these tests hand cards to the reader."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from crm_core import Candidate, Problem
from crm_vcard.reader import read_cards

Reader = Callable[[str | bytes], list[Candidate | Problem]]


@pytest.fixture
def read() -> Reader:
    """Read a whole file, given as text or bytes."""

    def read_all(file: str | bytes) -> list[Candidate | Problem]:
        return list(read_cards(io.BytesIO(file.encode() if isinstance(file, str) else file)))

    return read_all


@pytest.fixture
def person(read: Reader) -> Callable[..., Candidate]:
    """Read one card of version 3.0 made of these lines; a line may be bytes."""

    def read_one(*lines: str | bytes, version: str = "3.0", name: str = "FN:Zoe Example") -> Candidate:
        body = [line.encode() if isinstance(line, str) else line for line in lines]
        head = [b"BEGIN:VCARD", f"VERSION:{version}".encode()] + ([name.encode()] if name else [])
        found = read(b"\r\n".join([*head, *body, b"END:VCARD", b""]))
        assert len(found) == 1
        assert isinstance(found[0], Candidate), found[0]
        return found[0]

    return read_one


@pytest.fixture
def apart() -> Callable[..., str]:
    """Run code in a new interpreter that is killed after 20 seconds, and give what it prints."""

    def run(code: str, given: bytes = b"") -> str:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], input=given, capture_output=True, check=True, env=environment, timeout=20
        )
        return done.stdout.decode().strip()

    return run
