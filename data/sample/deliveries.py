"""What the made-up operators deliver, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import rasterio.transform
from scipy import ndimage

from .country import random_for
from .coverage import smooth_shapes, staircases, wedges
from .fibre import OPERATIONAL, lay_routes
from .names import PROVINCES
from .sites import Plan, build_sites
from .text import FIBRE_REACH_M, LEFT_OUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .country import SampleCountry
    from .fibre import Routes
    from .sites import Sites

MONTHS = {1: "2026-10-31", 2: "2026-11-30"}
"""The deliveries there are, and the day each speaks of."""

_STAR_4G, _STAR_5G, _WAVE_4G, _WAVE_5G = range(4)
_PLANS = (
    Plan(town_km=2.6, country_km=4.6, people_share=0.87, whim=0.6),
    Plan(town_km=1.3, country_km=2.0, people_share=0.37, whim=0.6),
    Plan(town_km=2.8, country_km=4.0, people_share=0.74, whim=0.9),
    Plan(town_km=1.5, country_km=2.2, people_share=0.34, whim=0.5),
)
_BUILT_ON = {_STAR_5G: _STAR_4G, _WAVE_5G: _WAVE_4G}
_OUT_AT_SEA_KM = 1.0
_GROWTH = 0.02  # more people covered in a month, as a share of all
_LOST_KM = 9.0
_CLOSED = 2
_CLOSING_KM = 3.0  # reach of a site that closes a black spot; the spot lies well within it
_SPOT_CELLS = 13  # a spot that is to be closed is at most this wide, in terrain cells (2.4 km)
_SPOTS_APART = 80  # terrain cells (15 km)
_SPOT_PEOPLE = (250.0, 4_000.0)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The shapes of a month, each in the system its format is written in.

    ``star_4g`` and ``star_5g`` hold polygons; ``wave_4g`` and ``wave_5g`` a multipolygon per province, None
    where nothing was delivered.
    """

    star_4g: NDArray[np.object_]
    star_5g: NDArray[np.object_]
    wave_4g: NDArray[np.object_]
    wave_5g: NDArray[np.object_]
    fibre: Routes


def make_deliveries(seed: int, country: SampleCountry, month: int) -> Deliveries:
    """Make up what the operators deliver for a month.

    Parameters
    ----------
    seed
        Same seed, same deliveries.
    country
        The land and its people.
    month
        1, or 2 for a month later: coverage has grown, two lonely black spots have got a site of their own,
        some planned fibre works, and the second operator has lost the capital of the middle province.

    Returns
    -------
    Deliveries
        In the same order of features every time.
    """
    terrain = country.terrain
    built = [_build(seed, country, operator, month) for operator in range(len(_PLANS))]
    star_5g, closing = built[_STAR_5G][0], 0
    if month > 1:
        for row, col in _spots_to_close(seed, country):
            star_5g, closing = star_5g.and_at(row, col, _CLOSING_KM), closing + 1
    wave = [
        smooth_shapes(
            random_for(seed, "shapes", operator),
            terrain,
            built[operator][0],
            _province_drawn(country, built[operator][0], month),
            len(PROVINCES),
        )
        for operator in (_WAVE_4G, _WAVE_5G)
    ]
    return Deliveries(
        staircases(built[_STAR_4G][1], terrain.frame),
        wedges(random_for(seed, "shapes", _STAR_5G), star_5g, terrain.frame, whole=closing),
        wave[0],
        wave[1],
        lay_routes(random_for(seed, "fibre"), terrain, country.places, month),
    )


def _build(seed: int, country: SampleCountry, operator: int, month: int) -> tuple[Sites, NDArray[np.bool_]]:
    """Build an operator's network as far as it has come by a month."""
    plan = _PLANS[operator]
    if month > 1:
        plan = Plan(plan.town_km, plan.country_km, plan.people_share + _GROWTH, plan.whim)
    allowed = country.terrain.home
    if operator == _WAVE_5G:
        allowed = allowed & ~_left_out(country)
    if operator in _BUILT_ON:  # 5G is hung on masts that carry 4G, so it begins where there is some
        allowed = allowed & _build(seed, country, _BUILT_ON[operator], month)[1]
    sites, covered = build_sites(
        random_for(seed, "sites", operator), country.terrain, country.people, plan, allowed
    )
    return sites, covered & _near_land(country)


def _near_land(country: SampleCountry) -> NDArray[np.bool_]:
    """Mark the country and what lies close to it: planning tools stop computing some way out at sea."""
    away_km = ndimage.distance_transform_edt(~country.terrain.home) * country.terrain.frame.cell_km
    return np.asarray(away_km <= _OUT_AT_SEA_KM, dtype=np.bool_)


def _left_out(country: SampleCountry) -> NDArray[np.bool_]:
    """Mark the terrain cells of the province that the second operator's 5G says nothing about."""
    rows, cols = np.nonzero(country.label >= 0)
    marked = np.zeros(country.label.shape, dtype=np.bool_)
    marked[rows, cols] = country.province_of(rows, cols) == PROVINCES.index(LEFT_OUT)
    return marked


def _province_drawn(country: SampleCountry, sites: Sites, month: int) -> NDArray[np.int64]:
    """Give the province each site is delivered with, -1 for sites that are out of service."""
    province = country.province_of(sites.row, sites.col)
    if month > 1:
        capital = int(np.flatnonzero(country.places.rank == 0)[1])
        row, col = int(country.places.row[capital]), int(country.places.col[capital])
        province = np.where(sites.away_km(row, col, country.terrain) < _LOST_KM, -1, province)
    return province


def _spots_to_close(seed: int, country: SampleCountry) -> list[tuple[int, int]]:
    """Find the centres of black spots of the first month that one site can close, most people first."""
    terrain = country.terrain
    served = _build(seed, country, _STAR_5G, 1)[1] | _build(seed, country, _WAVE_5G, 1)[1]
    routes = lay_routes(random_for(seed, "fibre"), terrain, country.places, 1)
    served |= _near_fibre(country, routes)
    served |= _left_out(country)  # no data there, so no black spot either
    missing = (country.people > 0) & ~served
    # a village between empty fields: wide joins it with what lies close by, so that it stands alone
    parts, _ = ndimage.label(ndimage.binary_dilation(missing, iterations=2), structure=np.ones((3, 3)))
    parts = np.where(missing, parts, 0)
    count = int(parts.max()) + 1
    crowd = np.bincount(parts.ravel(), weights=country.people.ravel(), minlength=count)
    touched = np.unique(parts[ndimage.binary_dilation(served, iterations=3)])
    chosen: list[tuple[int, int]] = []
    boxes = ndimage.find_objects(parts)
    for part in np.argsort(-crowd, kind="stable").tolist():
        if part == 0 or part in touched or not _SPOT_PEOPLE[0] <= crowd[part] <= _SPOT_PEOPLE[1]:
            continue
        down, right = boxes[part - 1]
        middle = (down.start + down.stop) // 2, (right.start + right.stop) // 2
        fits = max(down.stop - down.start, right.stop - right.start) <= _SPOT_CELLS
        fits &= len(np.unique(country.label[parts == part])) == 1
        if fits and all(np.hypot(middle[0] - row, middle[1] - col) > _SPOTS_APART for row, col in chosen):
            chosen.append(middle)
        if len(chosen) == _CLOSED:
            break
    return chosen


def _near_fibre(country: SampleCountry, routes: Routes) -> NDArray[np.bool_]:
    """Mark the terrain cells within the service distance of working routes."""
    frame = country.terrain.frame
    works = routes.line[np.asarray(routes.status) == OPERATIONAL]
    marked = rasterio.features.rasterize(
        list(works),
        out_shape=frame.shape,
        transform=rasterio.transform.from_origin(
            frame.west, frame.north, 1.0 / frame.cells_per_degree, 1.0 / frame.cells_per_degree
        ),
    )
    away_km = ndimage.distance_transform_edt(marked == 0) * frame.cell_km
    return np.asarray(away_km * 1000.0 <= FIBRE_REACH_M, dtype=np.bool_)
