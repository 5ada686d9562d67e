"""The use case `compare`: what changed between two runs, why, and what is no change at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from ..coverage.change.comparison import Cause, Comparison
from ..coverage.change.flows import flows
from ..coverage.change.lacking_cells import LACKING_CELLS, PROFILE, read_lacking_cells
from ..coverage.change.spot_events import spot_events
from ..data.runs.listing import Run, ensure_whole, open_run
from ..data.runs.series import Difference, differences
from ..data.runs.variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..coverage.change.lacking_cells import LackingCells


SPOTS = "black_spots.parquet"
"""Name of the file in a run folder."""
_NAMES = ("code", "name", "province_code", "province_name")
_NO_REPORTS = {"rule", "people", "communes"}


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
    for run in runs:
        ensure_whole(run, ("communes.parquet", SPOTS, LACKING_CELLS))
    found = differences(runs[0].manifest, runs[1].manifest)
    tables = [_communes(run) for run in runs]
    cells, cause = _cells(runs, found), _cause(runs, found)
    services = _services(tables[0]) & _services(tables[1])
    names = pd.concat(
        [table.set_index("code")[["name", "province_code", "province_name"]] for table in tables[::-1]]
    )
    names = names[~names.index.duplicated()]
    spots = gpd.read_parquet(runs[0].folder / SPOTS), gpd.read_parquet(runs[1].folder / SPOTS)
    return Comparison(
        before=runs[0],
        after=runs[1],
        differences=found,
        cause=cause,
        is_by_cells=cells is not None,
        flows={
            group: flows(tables[0], tables[1], group, cells, reports=cause not in _NO_REPORTS).join(names)
            for group in (PROFILE, *sorted(services))
        },
        operators=_operators(runs),
        events=tuple(spot_events(*spots)),
        spots=(_places(spots[0]), _places(spots[1])),
    )


def _find(out: Path, name: str) -> Run:
    """Open a run of the series, or the latest run of a variant."""
    if name in variant_names(out):
        return open_run(variant_folder(out, name), "latest")
    return open_run(out, name)


def _places(spots: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(spots.drop(columns="geometry"))


def _communes(run: Run) -> pd.DataFrame:
    """Read the people of the communes of a run; outlines, by far the largest part, stay where they are."""
    path = run.folder / "communes.parquet"
    names = [name for name in pq.read_schema(path).names if name in _NAMES or name.startswith("pop_")]
    return pd.read_parquet(path, columns=names)


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
