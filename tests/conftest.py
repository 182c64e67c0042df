"""Fixtures for all tests: those that plugin authors have too."""

pytest_plugins = ["crm_core.testing"]
