"""The contract's assertions are explained like those of a test file."""

import pytest

pytest.register_assert_rewrite("tests.core.store.contract")
