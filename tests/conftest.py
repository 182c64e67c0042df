"""Fixtures for all tests: those that plugin authors have too."""

from hypothesis import settings

pytest_plugins = ["crm_core.testing"]

# How long an example takes says something of the machine, nothing of the program.
settings.register_profile("no deadline", settings(), deadline=None)
settings.load_profile("no deadline")
