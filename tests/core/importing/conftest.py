"""An empty book in memory."""

import pytest

from tests.core.store.memory import Shelf


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()
