pytest_plugins = ["crm_core.testing"]
