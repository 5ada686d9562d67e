"""The use case `compare`: what changed between two runs, why, and what is no change at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

import geopandas as gpd
import pandas as pd

from ..coverage.change.flows import flows, totals
from ..coverage.change.lacking_cells import LACKING_CELLS, PROFILE, read_lacking_cells
from ..coverage.change.spot_events import SpotEvent, spot_events
from ..data.runs.listing import Run, open_run
from ..data.runs.series import Difference, differences
from ..data.runs.variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..coverage.change.lacking_cells import LackingCells

Cause = Literal["coverage", "rule", "people", "communes", "claim", "reported", "several", "unknown"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another.

    Attributes
    ----------
    before, after
        The two runs.
    differences
        In what they differ besides coverage; empty where one follows the other in a series.
    cause
        What the change comes from: ``coverage`` alone is progress; one other cause where nothing else differs;
        ``several`` where they cannot be told apart.
    is_by_cells
        People gained and lost are known cell by cell; otherwise only the balance of each commune is.
    flows
        By service, and for ``profile``: people of each commune, see :func:`blackspot.coverage.change.flows.flows`, with
        ``name``, ``province_code`` and ``province_name``.
    operators
        People covered by each operator: ``service``, ``operator``, ``before``, ``after``; NaN where one was not known.
    events
        What became of black spots.
    """

    before: Run
    after: Run
    differences: tuple[Difference, ...]
    cause: Cause
    is_by_cells: bool
    flows: Mapping[str, pd.DataFrame]
    operators: pd.DataFrame
    events: tuple[SpotEvent, ...]

    def country(self, group: str) -> dict[str, float]:
        """Add up the flows of the country."""
        summed = totals(self._numbers(group))
        return {str(name): float(value) for name, value in summed.iloc[0].items()} if len(summed) else {}

    def provinces(self, group: str) -> pd.DataFrame:
        """Add up the flows of each province: index ``province_code``, with ``province_name``."""
        table = self.flows[group]
        names = table.groupby("province_code")["province_name"].first()
        return totals(self._numbers(group), table["province_code"].to_numpy()).assign(province_name=names)

    def _numbers(self, group: str) -> pd.DataFrame:
        return self.flows[group].drop(columns=["name", "province_code", "province_name"])


def compare(out: Path, before: str, after: str) -> Comparison:
    """Compare two runs or variants of an output folder.

    Parameters
    ----------
    out
        The output folder.
    before, after
        A run by its id, number or ``latest``, or a variant by its name.

    Raises
    ------
    RunNotFoundError
        There is no such run.
    WorkplaceError
        A file of a run is missing or damaged.
    """
    runs = _find(out, before), _find(out, after)
    found = differences(runs[0].manifest, runs[1].manifest)
    tables = [pd.read_parquet(run.folder / "communes.parquet", columns=None) for run in runs]
    cells = _cells(runs, found)
    services = _services(tables[0]) & _services(tables[1])
    names = pd.concat(
        [table.set_index("code")[["name", "province_code", "province_name"]] for table in tables[::-1]]
    )
    names = names[~names.index.duplicated()]
    return Comparison(
        before=runs[0],
        after=runs[1],
        differences=found,
        cause=_cause(runs, found),
        is_by_cells=cells is not None,
        flows={
            group: flows(tables[0], tables[1], group, cells).join(names)
            for group in (PROFILE, *sorted(services))
        },
        operators=_operators(runs),
        events=tuple(spot_events(*(gpd.read_parquet(run.folder / "black_spots.parquet") for run in runs))),
    )


def _find(out: Path, name: str) -> Run:
    """Open a run of the series, or the latest run of a variant."""
    if name in variant_names(out):
        return open_run(variant_folder(out, name), "latest")
    return open_run(out, name)


def _cells(runs: tuple[Run, Run], found: tuple[Difference, ...]) -> tuple[LackingCells, LackingCells] | None:
    """Read the cells of both runs where they are of the same people on the same ground."""
    if any(one.what in {"people", "communes", "unknown"} for one in found):
        return None
    read = [read_lacking_cells(run.folder / LACKING_CELLS) for run in runs]
    old, new = read
    return None if old is None or new is None or old.grid != new.grid else (old, new)


def _cause(runs: tuple[Run, Run], found: tuple[Difference, ...]) -> Cause:
    if not found:
        return "coverage"
    kinds = {"reported" if one.what == "not-reported" else one.what for one in found}
    same_files = _handed_in(runs[0]) == _handed_in(runs[1]) or kinds == {"reported"}
    return cast("Cause", kinds.pop()) if len(kinds) == 1 and same_files else "several"


def _handed_in(run: Run) -> list[str]:
    inputs = cast("list[Mapping[str, str]]", run.manifest.get("inputs") or [])
    return sorted(item["sha256"] for item in inputs if item["role"] in {"coverage", "extent"})


def _services(table: pd.DataFrame) -> set[str]:
    start = "pop_uncovered_"
    return {str(name).removeprefix(start) for name in table.columns if str(name).startswith(start)}


def _operators(runs: tuple[Run, Run]) -> pd.DataFrame:
    """Put the people each operator covers beside each other, by service."""
    rows: dict[tuple[str, str], list[float]] = {}
    for at, run in enumerate(runs):
        names = cast("Mapping[str, str]", run.figures.get("operators") or {})
        for figure, value in run.figures.items():
            for word, operator in names.items():
                if figure.startswith("pop_covered_") and figure.endswith(f"_{word}"):
                    service = figure.removeprefix("pop_covered_").removesuffix(f"_{word}")
                    rows.setdefault((service, operator), [float("nan")] * 2)[at] = float(str(value))
    ordered = sorted(rows.items())
    return pd.DataFrame(
        [(*key, *values) for key, values in ordered], columns=["service", "operator", "before", "after"]
    )
