"""The use case `compare`: what changed between two runs, why, and what is no change at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from ...coverage.change.causes import causes_of
from ...coverage.change.comparison import OPERATOR_COLUMNS, PART_COLUMNS, Cause, Comparison
from ...coverage.change.crosswalk import carried_table, crosswalk_of, on_newer_communes
from ...coverage.change.flows import flows
from ...coverage.change.lacking_cells import LACKING_CELLS, PROFILE, read_lacking_cells
from ...coverage.change.matching import match
from ...coverage.change.operator_flows import operator_flows
from ...coverage.change.parts import why
from ...coverage.change.spot_cells import cluster_cells
from ...coverage.change.spot_events import spot_events
from ...data.runs.listing import Run, ensure_whole, open_run
from ...data.runs.series import differences
from ...data.runs.variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...coverage.change.causes import Causes
    from ...coverage.change.lacking_cells import LackingCells
    from ...coverage.change.matching import MatchedCells
    from ...coverage.change.spot_events import SpotEvent
    from ...data.runs.series import Difference

SPOTS = "black_spots.parquet"
"""Name of the file in a run folder."""
_NAMES = ("code", "name", "province_code", "province_name")


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
    manifests = runs[0].manifest, runs[1].manifest
    found, causes = differences(*manifests), causes_of(*manifests)
    tables = _communes(runs[0]), _communes(runs[1])
    names = _names_of(tables)
    kept = (
        read_lacking_cells(runs[0].folder / LACKING_CELLS),
        read_lacking_cells(runs[1].folder / LACKING_CELLS),
    )
    cells = _matched(kept, causes, names.index)
    ground = _Ground.of(tables, cells, causes)
    services = sorted(_services(tables[0]) & _services(tables[1]))
    groups = (PROFILE, *services)
    parts, commune_parts = why(tables, groups, cells, causes)
    by_operator = operator_flows(*ground.tables, ground.layers, ground.cells)
    return Comparison(
        before=runs[0],
        after=runs[1],
        differences=found,
        cause=_cause(found, causes),
        is_by_cells=ground.cells is not None,
        flows={
            group: flows(*ground.tables, group, ground.cells, reports=_reports(causes, group)).join(names)
            for group in groups
        },
        operators=_operators(runs),
        events=_events(runs, kept, causes),
        spots=(_places(runs[0]), _places(runs[1])),
        parts=parts,
        commune_parts=_named(commune_parts, names)[[*PART_COLUMNS]],
        operator_flows=_named(by_operator, names)[[*OPERATOR_COLUMNS]],
        crosswalk=ground.crosswalk,
        crosses_split=ground.crosses_split,
    )


class _Ground(NamedTuple):
    """What flows are counted on: communes that both runs have, and the cells of both where the same people live there.

    Where the boundaries differ, the older figures are carried over to the newer communes, see ``crosswalk``.
    """

    tables: tuple[pd.DataFrame, pd.DataFrame]
    cells: MatchedCells | None
    layers: tuple[tuple[str, str], ...]
    crosswalk: pd.DataFrame | None
    crosses_split: frozenset[str]

    @classmethod
    def of(
        cls, tables: tuple[pd.DataFrame, pd.DataFrame], cells: MatchedCells | None, causes: Causes | None
    ) -> _Ground:
        if cells is None or causes is None:
            return cls(tables, None, (), None, frozenset())
        layers = tuple((cells.before.layers.keys() | cells.after.layers.keys()) - causes.unchanged)
        if "boundaries" not in causes.ground:
            return cls(tables, None if causes.ground else cells, layers, None, frozenset())
        weights, newer = crosswalk_of(cells), on_newer_communes(cells)
        older = carried_table(tables[0], weights, newer)
        alike = newer if causes.ground == ("boundaries",) else None
        splits = frozenset(older.loc[older["crosses_split"], "code"])
        return cls((older, tables[1]), alike, layers, weights, splits)


def _matched(
    kept: tuple[LackingCells | None, LackingCells | None], causes: Causes | None, codes: pd.Index
) -> MatchedCells | None:
    old, new = kept
    if old is None or new is None or causes is None:
        return None
    same = "boundaries" not in causes.ground
    return match(old, new, codes.to_numpy(object), same_boundaries=same)


def _events(
    runs: tuple[Run, Run], kept: tuple[LackingCells | None, LackingCells | None], causes: Causes | None
) -> tuple[SpotEvent, ...]:
    """Follow the black spots by their cells where both runs have the same ones in the same communes."""
    columns = ["code", "cluster_id", "pop", "lon", "lat"]
    old, new = kept
    if causes is not None and old is not None and new is not None and "boundaries" not in causes.ground:
        spots = [pd.read_parquet(run.folder / "black_spots.parquet", columns=columns) for run in runs]
        cells = [
            cluster_cells(one, table, float(str(_rules(run)["profile.min_cell_share"])))
            for one, table, run in zip((old, new), spots, runs, strict=True)
        ]
        offset = old.grid.offset_to(new.grid)
        if cells[0] is not None and cells[1] is not None and offset is not None:
            return tuple(spot_events(spots[0], spots[1], (cells[0].shifted(*offset), cells[1])))
    outlines = [gpd.read_parquet(run.folder / "black_spots.parquet") for run in runs]
    return tuple(spot_events(outlines[0], outlines[1]))


def _rules(run: Run) -> Mapping[str, object]:
    return cast("Mapping[str, object]", run.manifest["rules"])


def _names_of(tables: tuple[pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    """Give the names of all communes of either run, by code, ascending; the newer ones where both have one."""
    every = pd.concat([table.set_index("code")[list(_NAMES[1:])] for table in tables[::-1]])
    return every[~every.index.duplicated()].sort_index()


def _named(table: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    return table.join(names, on="code")


def _find(out: Path, name: str) -> Run:
    """Open a run of the series, or the latest run of a variant."""
    if name in variant_names(out):
        return open_run(variant_folder(out, name), "latest")
    return open_run(out, name)


def _places(run: Run) -> pd.DataFrame:
    """Read where the black spots of a run are, without their outlines."""
    path = run.folder / SPOTS
    names = [name for name in pq.read_schema(path).names if name != "geometry"]
    return pd.read_parquet(path, columns=names)


def _communes(run: Run) -> pd.DataFrame:
    """Read the people of the communes of a run; outlines, by far the largest part, stay where they are."""
    path = run.folder / "communes.parquet"
    names = [name for name in pq.read_schema(path).names if name in _NAMES or name.startswith("pop_")]
    return pd.read_parquet(path, columns=names)


def _cause(found: tuple[Difference, ...], causes: Causes | None) -> Cause:
    """Say what the change comes from, in one word."""
    if not found or causes is None:
        return "unknown" if found else "coverage"
    kinds = {_kind(one) for one in found}
    return cast("Cause", kinds.pop()) if len(kinds) == 1 and "coverage" not in causes.possible else "several"


def _kind(one: Difference) -> str:
    """Say what kind of cause a difference is; whatever decides the setting is a rule."""
    if _is_report(one):
        return "reported"
    return "rule" if one.what == "setting" else one.what


def _is_report(one: Difference) -> bool:
    """Say whether a difference means no more than ground that comes to be known, or is not any more."""
    return one.what == "not-reported" or (one.what == "claim" and one.name.endswith(", extent"))


def _reports(causes: Causes | None, group: str) -> bool:
    """Say whether people can be reported for the first time: not where other rules make them doubtful."""
    if causes is None:
        return True
    return "reported" in causes.possible and not (group == PROFILE and causes.rules_differ)


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
