"""`python -m tests.bench [--only NAME] [--runs N] [--json]`: measure, print a table, exit 1 if something got slower.

That is said of a measure which is more than a quarter above its bar, or above what is known of it where that is over
the bar: so much do ratios of processor times vary on a machine that others use, too.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from pathlib import Path

from crm_core.cli.main import YOUNG_OBJECTS
from tests.bench.measures import MEASURES, Ground, Measure
from tests.bench.timing import Ratios

RUNS = 5
TRIES = 3
NOISE = 1.25


def main(argv: list[str]) -> int:
    """Measure what was asked for; 0 if nothing got slower."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = [measure.name for measure in MEASURES]
    parser.add_argument("--only", action="append", choices=names, help="a measure; repeatable")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each, in turn with its reference")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args(argv)
    gc.set_threshold(YOUNG_OBJECTS)  # as the program does
    wanted = [measure for measure in MEASURES if not given.only or measure.name in given.only]
    with tempfile.TemporaryDirectory(prefix="crm-bench-") as folder:
        ground = Ground(Path(folder))
        rows = []
        for measure in wanted:
            ratios = measured(measure, ground, given.runs)
            rows.append((measure, ratios))
            if not given.json:
                print(line(measure, ratios), flush=True)
    if given.json:
        print(json.dumps([as_json(measure, ratios) for measure, ratios in rows], indent=2))
    slower = [measure.name for measure, ratios in rows if verdict(measure, ratios) == "SLOWER"]
    if slower and not given.json:
        print(f"\nSlower than it was: {', '.join(slower)}")
    return 1 if slower else 0


def measured(measure: Measure, ground: Ground, runs: int) -> Ratios:
    """The ratios; of up to three tries the first that is as good as known, else the best: the machine may be busy."""
    tries = []
    for _ in range(TRIES):
        tries.append(measure.run(ground, runs))
        if best(tries[-1]) <= measure.known:
            break
    return min(tries, key=lambda ratios: ratios.median)


def best(ratios: Ratios) -> float:
    """What counts: the median, or the two shortest times if something else kept the machine busy."""
    return min(ratios.median, ratios.shortest)


def verdict(measure: Measure, ratios: Ratios) -> str:
    """`kept`; `over` the bar, as is known or as a busy machine may make it; or `SLOWER`."""
    if best(ratios) <= measure.bar:
        return "kept"
    return "over" if best(ratios) <= measure.known * NOISE else "SLOWER"


def line(measure: Measure, ratios: Ratios) -> str:
    """A measure for people: ratio, spread, bar, verdict."""
    spread = f"{min(ratios.each):.3g} to {max(ratios.each):.3g}"
    return (
        f"{measure.name:<13} {ratios.median:7.3g}  ({spread}){'':<{max(0, 18 - len(spread))}}"
        f" bar {measure.bar:<6.3g} {verdict(measure, ratios):<6}  {measure.what} / {measure.reference}"
    )


def as_json(measure: Measure, ratios: Ratios) -> dict[str, object]:
    """A measure for programs."""
    return {
        "name": measure.name,
        "what": measure.what,
        "reference": measure.reference,
        "ratio": ratios.median,
        "shortest": ratios.shortest,
        "each": ratios.each,
        "bar": measure.bar,
        "known": measure.known,
        "verdict": verdict(measure, ratios),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
