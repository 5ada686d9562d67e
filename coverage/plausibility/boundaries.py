"""Whether communes fit together: ground that several claim, and holes that belong to none, in one pass of burning."""

# ruff: noqa: PLC0415 - the library of graphs waits for boundaries with holes between them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ...data.text.sentences import phrase
from ..burn.claims import contested_pieces
from ..burn.polygons import burn_claims, claims_by_band
from ..burn.spans import CELL_UNITS, Spans, empty_spans, merge, stacked
from .footprint import equal_area_grid

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.project.limits import CheckRules
    from ..burn.claims import ClaimedPieces
    from ..burn.grid import Grid

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Contest:
    """Ground that the same communes claim.

    Attributes
    ----------
    rows
        Rows of the communes, ascending.
    area_km2
        Square kilometres; each place counts once, however many claim it.
    """

    rows: tuple[int, ...]
    area_km2: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How communes fit together.

    Attributes
    ----------
    contests
        Largest first; each set of communes once.
    excess_km2
        What the sum of the communes' areas counts too often: a place that three claim counts twice here.
    holes_km2
        Area of every hole between communes, square kilometres, largest first.
    """

    contests: tuple[Contest, ...]
    excess_km2: float
    holes_km2: NDArray[np.float64]

    @property
    def contested_km2(self) -> float:
        """Ground that more than one commune claims; each place counts once."""
        return sum(contest.area_km2 for contest in self.contests)


def check_boundaries(frame: geopandas.GeoDataFrame, rules: CheckRules, about: FileFindings) -> float:
    """Check communes for ground they claim twice and ground they leave open between them, and report both.

    Parameters
    ----------
    frame
        ``code``, ``name``, ``area_km2`` and geometry in EPSG:4326.
    rules
        The share of the ground from which either is a warning.
    about
        Told what was found.

    Returns
    -------
    float
        Ground of all communes together, square kilometres.
    """
    fit = measure_fit(frame)
    total = float(frame["area_km2"].sum())
    if fit.contests:
        shown = [
            phrase("contest", codes=codes_of(frame, contest), ground=contest.area_km2)
            for contest in fit.contests[:_SHOWN]
        ]
        rest = len(fit.contests) - len(shown)
        contests = [*shown, phrase("more", count=rest)] if rest else shown
        words: dict[str, Any] = {"area": fit.contested_km2, "contests": contests}
        codes = sorted({str(frame["code"].iat[row]) for contest in fit.contests for row in contest.rows})
        if fit.contested_km2 > rules.overlap_share * total:
            share = 100 * fit.contested_km2 / total
            about.add(
                "communes.boundary-overlap-large", count=len(codes), share_pct=share, codes=codes, **words
            )
        else:
            about.add("communes.boundary-overlap", count=len(codes), codes=codes, **words)
    open_km2 = float(fit.holes_km2.sum())
    if open_km2 > rules.overlap_share * total:
        about.add("communes.boundary-gap", area_km2=open_km2, count=len(fit.holes_km2))
    return total - fit.excess_km2


def codes_of(frame: geopandas.GeoDataFrame, contest: Contest) -> str:
    """Name the communes of a contest by their codes.

    Parameters
    ----------
    frame
        The communes.
    contest
        Some ground.
    """
    return "/".join(str(frame["code"].iat[row]) for row in contest.rows)


def measure_fit(frame: geopandas.GeoDataFrame) -> Fit:
    """Burn communes once, and see which ground several of them claim and which holes they leave.

    Measured along parallels that lie 1 to 55 m apart, for a small place or a country: nothing that such a
    line crosses is missed, and neighbours that share a border exactly never contest it.

    Parameters
    ----------
    frame
        Geometry in a CRS that leads to longitude and latitude; the row's position names a commune.

    Returns
    -------
    Fit
        What was measured.
    """
    parts = shapely.bounds(shapely.get_parts(frame.geometry.to_numpy()))
    grid = equal_area_grid(frame.total_bounds.tolist(), float((parts[:, 3] - parts[:, 1]).sum()))
    claims = burn_claims(frame, grid)
    if not claims:
        return Fit((), 0.0, np.zeros(0))
    merged: list[Spans] = []
    found: list[ClaimedPieces] = []
    for line, x0, x1, owner in claims_by_band(claims):
        merged.append(merge(line, x0, x1))
        found.append(contested_pieces(line, x0, x1, owner))
    contests, excess_km2 = _contests(found, grid)
    return Fit(contests, excess_km2, _holes_km2(stacked(merged) if merged else empty_spans(), grid))


def _km2_per_unit(grid: Grid) -> float:
    return float(grid.transform.a**2 / CELL_UNITS / 1e6)


def _contests(found: list[ClaimedPieces], grid: Grid) -> tuple[tuple[Contest, ...], float]:
    """Add up the ground of every set of communes, and what a plain sum counts too often."""
    rows = np.concatenate([pieces.claimant for pieces in found])
    lengths = [np.diff(pieces.cuts)[np.unique(pieces.piece)] for pieces in found]
    counts = [np.unique(pieces.piece, return_counts=True)[1] for pieces in found]
    length, count = np.concatenate(lengths), np.concatenate(counts)
    if not len(rows):
        return (), 0.0
    begins = np.cumsum(count) - count
    # Sets of rows are told apart by the sums of two random numbers for each row, not one by one.
    signs = np.random.default_rng(0).integers(1 << 62, size=(int(rows.max()) + 1, 2), dtype=np.uint64)
    keys = np.add.reduceat(signs[rows], begins, axis=0)
    several = count > 1
    _, first, which = np.unique(keys[several], axis=0, return_index=True, return_inverse=True)
    area = np.bincount(which.ravel(), length[several]) * _km2_per_unit(grid)
    at = np.flatnonzero(several)[first]
    sets = [tuple(rows[begins[one] : begins[one] + count[one]].tolist()) for one in at]
    contests = [Contest(here, float(km2)) for here, km2 in zip(sets, area, strict=True)]
    excess_km2 = float((length * (count - 1)).sum()) * _km2_per_unit(grid)
    return tuple(sorted(contests, key=lambda contest: (-contest.area_km2, contest.rows))), excess_km2


def _holes_km2(ground: Spans, grid: Grid) -> NDArray[np.float64]:
    """Find the open stretches that no way leads out of, and add them up hole by hole.

    Open stretches of neighbouring lines belong together where they lie side by side.
    """
    line, x0, x1 = (values.astype(np.int64) for values in (ground.line, ground.x0, ground.x1))
    inner = np.flatnonzero(line[1:] == line[:-1])
    if not len(inner):
        return np.zeros(0)
    stride = (grid.width + 1) * CELL_UNITS
    row, west, east = line[inner], x1[inner], x0[inner + 1]
    start, end = row * stride + west, row * stride + east
    lines, begins = np.unique(line, return_index=True)
    first = np.full(grid.height + 2, stride)  # without ground, all of a line is outside
    last = np.full(grid.height + 2, -1)
    first[lines + 1], last[lines + 1] = x0[begins], x1[np.append(begins[1:], len(line)) - 1]
    outside = np.zeros(len(inner), bool)
    one: list[NDArray[np.int64]] = []
    other: list[NDArray[np.int64]] = []
    for step in (-1, 1):
        beside = row + 1 + step
        outside |= (west < first[beside]) | (east > last[beside])
        from_, to = (
            np.searchsorted(end, start + step * stride, side="right"),
            np.searchsorted(start, end + step * stride, side="left"),
        )
        count = np.maximum(to - from_, 0)
        one.append(np.repeat(np.arange(len(inner)), count))
        other.append(np.arange(int(count.sum())) + np.repeat(from_ - np.cumsum(count) + count, count))
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = (np.concatenate(one), np.concatenate(other))
    graph = coo_array((np.ones(len(pairs[0]), np.int8), pairs), shape=(len(inner),) * 2)
    hole = connected_components(graph, directed=False)[1]
    open_ = np.bincount(hole, outside) > 0
    area = np.bincount(hole, east - west) * _km2_per_unit(grid)
    return np.sort(area[~open_])[::-1]
