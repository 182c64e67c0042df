"""How fast the program is, as ratios to bare Python, stock TinyDB and plain vobject in the same run.

`python -m tests.bench` makes the data, runs each measure beside its reference several times, and prints a table with
the verdicts. Nothing here is a test of pytest's: a machine's mood must not fail one.
"""
