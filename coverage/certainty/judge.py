"""How sure a run is: the columns that say between which figures and ranks its communes and black spots lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from ...data.columns.register import ordered
from ..ranking.rank import affected_people
from .cells_of_run import cells_near_edges
from .gap_rule import GapRule
from .indicators import drawn_weights, indicators_are_drawn, moved_columns, still_columns
from .moved_people import moved_people
from .population import PeopleRange
from .ranks import Drawn, interval, rank_range, states
from .shifts import EdgeShifts

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.disk.kept import KeptResults
    from ...data.project.profile import Profile
    from ..blackspots.spots import SpotCells
    from ..overlay.join import EdgeCells as EdgeRule
    from ..people.cell_bits import CellLayers
    from ..ranking.order import Affected
    from .near_edges import NearEdges

    Floats = NDArray[np.float64]

_DRAWN: Final = ("mission", "people", "share", "pop_failing", "pop_no_basic_service")
"""Orders of which every number is drawn; of another column nobody could say how sure it is. A composite is another matter."""


class Certainty(NamedTuple):
    """What is to be added to the tables of a run, in the order of their rows, and to its figures."""

    communes: pd.DataFrame
    spots: pd.DataFrame
    country: dict[str, object]


class _Run(NamedTuple):
    """What is drawn from: tables, cells and rules."""

    table: pd.DataFrame
    black_spots: gpd.GeoDataFrame
    near: NearEdges
    rule: GapRule
    shifts: EdgeShifts
    profile: Profile
    kept: KeptResults


def with_certainty(
    ranked: pd.DataFrame,
    ranked_spots: gpd.GeoDataFrame,
    black_spots: gpd.GeoDataFrame,
    members: SpotCells,
    cells: CellLayers,
    profile: Profile,
    edge_cells: EdgeRule,
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, dict[str, object]]:
    """Add to the ranked communes and black spots how sure they are, where the profile asks for it.

    Parameters
    ----------
    ranked, ranked_spots
        What :func:`blackspot.coverage.ranking.rank.rank` returned.
    black_spots, members, cells, profile, edge_cells
        As :func:`certainty_of` takes them.

    Returns
    -------
    tuple
        Both tables with the columns of :func:`certainty_of`, and the figures of the country.
    """
    if not can_be_judged(profile):
        return ranked, ranked_spots, {}
    found = certainty_of(ranked, black_spots, members, cells, profile, edge_cells)
    communes = ranked.assign(**{str(name): found.communes[name] for name in found.communes.columns})
    by_id = found.spots.set_index(black_spots["spot_id"]).loc[ranked_spots["spot_id"]]
    spots = ranked_spots.assign(**{str(name): by_id[name].to_numpy() for name in by_id.columns})
    return (
        communes[ordered("communes", communes.columns)],
        spots[ordered("black_spots", spots.columns)],
        found.country,
    )


def can_be_judged(profile: Profile) -> bool:
    """Say whether a profile asks for certainty, and orders by what is drawn."""
    if profile.certainty.draws == 0:
        return False
    return indicators_are_drawn(profile) if profile.order.by == "composite" else profile.order.by in _DRAWN


def certainty_of(
    table: pd.DataFrame,
    black_spots: gpd.GeoDataFrame,
    members: SpotCells,
    cells: CellLayers,
    profile: Profile,
    edge_cells: EdgeRule,
) -> Certainty:
    """Say how sure the people, the ranks and the black spots of a run are.

    What is drawn is added to what was counted: a draw without any shift gives the published figures themselves. The
    published figure always lies in its range, as its rank does.

    Parameters
    ----------
    table
        The ranked communes.
    black_spots
        The black spots, in the order in which ``members`` counts them.
    members
        Their cells.
    cells
        The grid, the communes, the layers and the raster.
    profile
        The gap profile, see :class:`blackspot.data.project.sections.certainty.CertaintyRules`.
    edge_cells
        The rule for cells partly outside all communes.

    Returns
    -------
    Certainty
        For the communes ``pop_failing_low, pop_failing_high, rank_low, rank_high, top_probability, certainty``; for the
        black spots ``pop_low, pop_high, certainty``; for the country ``pop_failing_low, pop_failing_high``.
    """
    rules = profile.certainty
    moved = moved_columns(profile)
    shifts, rule = _shifts(cells, profile), GapRule.of(cells.layers, profile, tuple(moved.values()))
    reach = [shifts.reach_m(layer) for layer in range(len(shifts.names))]
    total = table["pop_total"].to_numpy(dtype=np.float64)
    near = cells_near_edges(cells, total, members, rule, reach, edge_cells)
    people = PeopleRange.of(table)
    factor = (
        people.factors(rules.draws, rules.seed) if rules.population else np.ones((len(table), rules.draws))
    )
    drawn = _still(table, affected_people(table, black_spots, profile), factor, profile)
    spots = _draw(_Run(table, black_spots, near, rule, shifts, profile, cells.kept), drawn)
    for values in (drawn.failing, *drawn.others.values()):
        np.clip(values, 0.0, total[:, np.newaxis], out=values)
    np.clip(drawn.severe, 0.0, drawn.failing, out=drawn.severe)
    for values in (drawn.failing, drawn.severe, *drawn.others.values()):
        np.multiply(values, factor, out=values)
    return Certainty(_communes(table, drawn, profile), spots, _country(drawn))


def _still(table: pd.DataFrame, known: Affected, factor: Floats, profile: Profile) -> Drawn:
    """Begin every draw with what was counted, before edges and people move it."""
    rules, order = profile.certainty, profile.order

    def each_draw(counted: Floats) -> Floats:
        return np.repeat(counted[:, np.newaxis], rules.draws, axis=1)

    others = {
        name: each_draw(table[name].to_numpy(dtype=np.float64))
        for name in (*moved_columns(profile), *still_columns(profile))
    }
    composite = order.by == "composite"
    weights = drawn_weights(order.composite, rules.draws, rules.seed) if composite else None
    return Drawn(known, factor, each_draw(known.failing), each_draw(known.severe), others, weights)


def _shifts(cells: CellLayers, profile: Profile) -> EdgeShifts:
    """Say by how much the edges of each layer are moved."""
    rules, items = profile.certainty, cells.layers.items
    bases = [frozenset(filter(None, tags["basis"].split(", "))) for tags in cells.tags[: len(items)]]
    return EdgeShifts(
        tuple(f"{item.operator}\n{item.service}" for item in items),
        tuple(rules.common_sd_m(item.service, known) for item, known in zip(items, bases, strict=True)),
        rules.local_sd_m,
        rules.draws,
        rules.seed,
    )


def _draw(run: _Run, drawn: Drawn) -> pd.DataFrame:
    """Add to the people of each commune, in place, what moved edges make of them; judge the black spots on the way."""
    codes = run.table["code"].astype(str).tolist()
    row_of = {code: row for row, code in enumerate(codes)}
    commune_of = np.array([row_of[str(code)] for code in run.black_spots["code"]], dtype=np.int64)
    spots = _SpotRanges(run.black_spots["pop"].to_numpy(dtype=np.float64), commune_of, run.profile.min_people)
    counted = (drawn.failing, drawn.severe, *(drawn.others[name] for name in moved_columns(run.profile)))
    for moved in moved_people(run.near, run.rule, run.shifts, codes, run.kept):
        for values, change in zip(counted, moved.people, strict=True):
            values[moved.row] += change
        spots.put(moved.row, moved.spot, moved.in_spot, drawn.factor[moved.row])
    spots.put_rest(drawn.factor)
    return spots.table(run.profile)


class _SpotRanges:
    """Between which figures the people of each black spot lie, filled in commune after commune."""

    def __init__(self, people: Floats, commune: NDArray[np.int64], min_people: float) -> None:
        self._people, self._min_people = people, min_people
        self._order = np.argsort(commune, kind="stable")
        self._commune = commune[self._order]
        self._low, self._high = people.copy(), people.copy()
        self._kept = np.ones(len(people))
        self._open = np.ones(len(people), np.bool_)

    def put(self, row: int, spot: NDArray[np.integer], moved: Floats, factor: Floats) -> None:
        """Take the spots of one commune: by how many people the edges of some of them change them in every draw."""
        first, last = np.searchsorted(self._commune, [row, row + 1])
        own = np.sort(self._order[first:last])
        people = np.repeat(self._people[own][:, np.newaxis], len(factor), axis=1)
        people[np.searchsorted(own, spot)] += moved
        np.clip(people, 0.0, None, out=people)
        self._judge(own, people * factor)

    def put_rest(self, factor: Floats) -> None:
        """Take the spots of all communes that no edge reaches."""
        for row in np.unique(self._commune[self._open[self._order]]).tolist():
            if np.ptp(factor[row]) > 0:
                self.put(row, np.zeros(0, np.int64), np.zeros((0, factor.shape[1])), factor[row])

    def _judge(self, own: NDArray[np.int64], people: Floats) -> None:
        if len(own):
            self._low[own], self._high[own] = interval(people)
            self._kept[own] = np.count_nonzero(people >= self._min_people, axis=1) / people.shape[1]
        self._open[own] = False

    def table(self, profile: Profile) -> pd.DataFrame:
        """Give the columns of the black spots."""
        everywhere = np.ones(len(self._people), np.bool_)
        rules = profile.certainty
        return pd.DataFrame(
            {
                "pop_low": np.minimum(self._low, self._people),
                "pop_high": np.maximum(self._high, self._people),
                "certainty": states(self._kept, everywhere, rules.certain_share, rules.likely_share),
            }
        )


def _communes(table: pd.DataFrame, drawn: Drawn, profile: Profile) -> pd.DataFrame:
    """Give the columns of the communes; where the population is not known, nothing can be said of their people."""
    rules, base = profile.certainty, table["rank"].to_numpy(dtype=np.int64)
    top = min(rules.top, len(table))
    ranks = rank_range(table, drawn, profile, base, top)
    low, high = interval(drawn.failing)
    failing = drawn.known.failing
    most = np.maximum(high, failing)
    words = states(ranks.top, base <= top, rules.certain_share, rules.likely_share)
    words[~(most >= 1.0)] = (
        ""  # a list of few communes ends with those where nobody fails, or nothing is known
    )
    return pd.DataFrame(
        {
            "pop_failing_low": np.minimum(low, failing),
            "pop_failing_high": most,
            "rank_low": pd.array(np.minimum(ranks.low, base), dtype="Int64"),
            "rank_high": pd.array(np.maximum(ranks.high, base), dtype="Int64"),
            "top_probability": ranks.top,
            "certainty": words,
        },
        index=table.index,
    )


def _country(drawn: Drawn) -> dict[str, object]:
    """Give the people of the country who fail, from low to high: sums of each draw, not of the communes' ranges."""
    known = ~np.isnan(drawn.known.failing)
    low, high = interval(drawn.failing[known].sum(axis=0)[np.newaxis])
    published = float(drawn.known.failing[known].sum())
    return {
        "pop_failing_low": min(float(low[0]), published),
        "pop_failing_high": max(float(high[0]), published),
    }
