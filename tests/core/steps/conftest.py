"""A job search for each test."""

import pytest

from tests.core.steps.search import Search


@pytest.fixture
def search() -> Search:
    return Search()
