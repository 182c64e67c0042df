"""Plugins: finding them (`discovery`), which are switched off (`switches`), loading and asking them (`host`)."""
