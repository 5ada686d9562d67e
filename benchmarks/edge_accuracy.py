"""How far people and covered shares are from the truth, by the size of a commune, on countries whose truth is known.

``python benchmarks/edge_accuracy.py`` makes ten countries of each kind (``tests/made/exact_countries.py``), counts
them as a run does, and compares with polygons cut by polygons. It prints the table of docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

MADE = Path(__file__).resolve().parents[1] / "tests" / "made"
sys.path.insert(0, str(MADE))

from counted_countries import by_commune, headcount  # noqa: E402 - the folder of the made countries comes first
from exact_countries import KINDS, exactly, made_country  # noqa: E402

SIZES = (1.0, 100.0, 1_000.0, 10_000.0, np.inf)
NAMES = ("1 to 100", "100 to 1,000", "1,000 to 10,000", "more")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10, help="countries of each kind")
    parser.add_argument("--spacings", type=float, nargs="*", default=[20.0, 6.0], help="metres between lines")
    options = parser.parse_args()
    rows = [
        row
        for kind in KINDS
        for seed in range(1, options.seeds + 1)
        for rule in ("land", "share")
        for spacing_m in options.spacings
        for row in measure(kind, seed, rule, spacing_m)
    ]
    print(table(pd.DataFrame(rows, columns=["rule", "spacing", "people", "of_people", "of_share"])))


def measure(
    kind: str, seed: int, rule: str, spacing_m: float
) -> list[tuple[str, float, float, float, float]]:
    """Give people and errors of every commune with at least one person: in percent, and in points."""
    made = made_country(kind, seed)
    exact = exactly(made, rule)
    found = by_commune(headcount(made, rule, spacing_m=spacing_m), len(made.layers))
    some = exact.people >= SIZES[0]
    people, counted = exact.people[some], found.people[some]
    of_people = 100 * np.abs(counted / people - 1)
    shares = found.covered[some] / counted[:, None] - exact.covered[some] / people[:, None]
    of_share = 100 * np.abs(shares).max(axis=1)
    return [(rule, spacing_m, *values) for values in zip(people, of_people, of_share, strict=True)]


def table(errors: pd.DataFrame) -> str:
    """Markdown: one row for each rule, distance of lines and size."""
    lines = [
        "| rule | lines | people of the commune | communes | people, %: median / 99 % / worst | share, points: median / 99 % / worst |",
        "|---|---|---|---|---|---|",
    ]
    errors = errors.assign(size=pd.cut(errors["people"], SIZES, labels=NAMES, right=False))
    for (rule, spacing, size), group in errors.groupby(["rule", "spacing", "size"], observed=True, sort=True):
        each = [
            " / ".join(f"{group[column].quantile(at):.3f}" for at in (0.5, 0.99, 1.0))
            for column in ("of_people", "of_share")
        ]
        lines.append(f"| `{rule}` | {spacing:g} m | {size} | {len(group)} | {each[0]} | {each[1]} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
