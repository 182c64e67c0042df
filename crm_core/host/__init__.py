"""Plugins: finding them (`discovery`, `folder`), loading and calling them (`gates`), asking them (`host`)."""
