"""The block of black spots of a page: which spots, their numbers, their outlines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from .shapes import SPOT_QUANTUM_PER_DEGREE, encode_spots

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

SPOT_UNITS = {"pop": 10, "area": 100, "distance": 10}
"""Units per person, per square kilometre and per kilometre."""

UNITS_PER_DEGREE = 100_000
"""Units of the points; 180 and 90 degrees are added so that none is negative."""


_DISTANCE = re.compile(r"distance_to_(?P<service>[a-z0-9]+)_(?:(?P<operator>.+)_)?km")


class SpotsBlock(NamedTuple):
    """The black spots of a page.

    ``content`` are the outlines and numbers, ``ids`` the id of each spot without its commune's code, ``places`` the names
    of the places that spots lie near, ``facts`` what the page needs to read the content.
    """

    content: bytes
    ids: list[str]
    places: list[str]
    facts: dict[str, Any]


class SpotTable:
    """The black spots of a run, made ready once for all its pages.

    Parameters
    ----------
    spots
        The black spots of the run.
    """

    def __init__(self, spots: gpd.GeoDataFrame) -> None:
        self.code: list[object] = spots["code"].to_numpy(dtype=object).tolist()
        self.people = spots["pop"].to_numpy(dtype=np.float64)
        self.outlines = spots.geometry.to_numpy()
        self.missing = [[one for one in str(text).split(",") if one] for text in spots["missing"]]
        named = "place_name" in spots
        self.place = np.array(
            spots["place_name"].fillna("").astype(str).tolist() if named else [""] * len(spots), dtype=object
        )
        self.spot_id = [str(one) for one in spots["spot_id"]]
        cluster = spots["cluster_id" if "cluster_id" in spots else "spot_id"].to_numpy(dtype=str)
        self.cluster = np.unique(cluster, return_inverse=True)[1]
        distances = _distances(spots)
        self.distances = list(distances.values())
        far = spots["place_distance_km"] if "place_distance_km" in spots else spots["pop"] * np.nan
        self.numbers = [
            _units(spots["pop"], SPOT_UNITS["pop"]),
            _units(spots["area_km2"], SPOT_UNITS["area"]),
            _units(spots["lon"] + 180.0, UNITS_PER_DEGREE),
            _units(spots["lat"] + 90.0, UNITS_PER_DEGREE),
        ]
        self.rank = (
            _units_or_none(spots["rank"], 1) if "rank" in spots else np.zeros(len(spots), dtype=np.int64)
        )
        self.far = [
            _units_or_none(far, SPOT_UNITS["distance"]),
            *(_units_or_none(spots[column], SPOT_UNITS["distance"]) for column in distances),
        ]

    def in_order(self, codes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give the places of the spots of a page's communes, in their order and then most people first; and the communes' rows."""
        return _in_order(self.code, self.people, codes)


def spots_block(
    spots: SpotTable, codes: NDArray[np.object_], *, outlines: bool, tolerance_deg: float = 0.0
) -> SpotsBlock:
    """Encode the black spots of some communes.

    Parameters
    ----------
    spots
        The black spots of the run.
    codes
        Codes of the communes of the page, in its order.
    outlines
        Whether the outlines are kept; without, a spot is its point.
    tolerance_deg
        How far an outline may be drawn beside its course.

    Returns
    -------
    SpotsBlock
        Its number columns are people, area, longitude, latitude, bits of the missing services, rank (0 for none,
        else plus 1), how many spots before it the first of its cluster stands, place (0 for none, else its number
        plus 1), distance to it (0 for none, else plus 1) and the distances of ``facts["distances"]`` (likewise):
        to each operator's coverage of each service, or to that of any where the operators' are not known.
    """
    order, commune = spots.in_order(codes)
    missing = [spots.missing[at] for at in order.tolist()]
    names = sorted({one for listed in missing for one in listed})
    bit = {name: 1 << at for at, name in enumerate(names)}
    place = spots.place[order].tolist()
    places = sorted(set(place) - {""})
    number_of = {name: at + 1 for at, name in enumerate(places)}
    numbers = [
        *(column[order] for column in spots.numbers),
        np.array([sum(bit[one] for one in listed) for listed in missing], dtype=np.int64),
        spots.rank[order],
        _after_first(spots.cluster[order]),
        np.array([number_of.get(name, 0) for name in place], dtype=np.int64),
        *(column[order] for column in spots.far),
    ]
    shapes = spots.outlines[order] if outlines else np.full(len(order), None, dtype=object)
    if outlines and tolerance_deg:
        shapes = shapely.simplify(shapes, tolerance_deg)
    ids = [
        spots.spot_id[at].removeprefix(f"{codes[row]}-")
        for at, row in zip(order.tolist(), commune.tolist(), strict=True)
    ]
    facts = {
        "count": len(order),
        "quantum": SPOT_QUANTUM_PER_DEGREE,
        "units": SPOT_UNITS,
        "missing": names,
        "places": len(places),
        "distances": spots.distances,
        "outlines": outlines,
    }
    return SpotsBlock(encode_spots(shapes, commune, numbers), ids, places, facts)


def _in_order(
    code: Sequence[object], people: NDArray[np.float64], codes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    row_of = {code: at for at, code in enumerate(codes)}
    commune = np.array([row_of.get(one, -1) for one in code], dtype=np.int64)
    order = np.lexsort((-people, commune))
    order = order[commune[order] >= 0]
    return order, commune[order]


def page_numbers(spots: pd.DataFrame) -> NDArray[np.float64]:
    """Give what a page knows of black spots in numbers, rounded as it has them.

    Parameters
    ----------
    spots
        The black spots of the run.

    Returns
    -------
    ndarray of float64, (spots, columns)
        People, area, longitude, latitude, distance to the place, the distances of ``facts["distances"]``, and of each
        service the least of these; NaN where there is none. ``BS.spotNumbers`` gives the same.
    """
    far = spots["place_distance_km"] if "place_distance_km" in spots else spots["pop"] * np.nan
    kept = _distances(spots)
    distances = [_wholes(spots[name]) for name in kept]
    services = [service for service, _ in kept.values()]
    nearest = [
        np.fmin.reduce([one for one, of in zip(distances, services, strict=True) if of == service])
        for service in dict.fromkeys(services)
    ]
    points = [
        _units(spots[name] + offset, UNITS_PER_DEGREE) / UNITS_PER_DEGREE - offset
        for name, offset in (("lon", 180.0), ("lat", 90.0))
    ]
    people, area = (
        _units(spots[name], SPOT_UNITS[key]) / SPOT_UNITS[key]
        for name, key in (("pop", "pop"), ("area_km2", "area"))
    )
    return np.column_stack([people, area, *points, _wholes(far), *distances, *nearest])


def _wholes(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Kilometres as the page has them; NaN where there are none."""
    units = _units_or_none(column, SPOT_UNITS["distance"])
    return np.where(units > 0, (units - 1) / SPOT_UNITS["distance"], np.nan)


def _distances(spots: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Give the service and the operator of each column of distances that is kept; empty stands for any operator."""
    found = {str(name): _DISTANCE.fullmatch(str(name)) for name in spots.columns}
    known = {name: (match["service"], match["operator"] or "") for name, match in found.items() if match}
    by_operator = {service for service, operator in known.values() if operator}
    return {name: pair for name, pair in known.items() if pair[1] or pair[0] not in by_operator}


def _after_first(cluster: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say for each spot how many places before it the first of its cluster stands."""
    _, first, number = np.unique(cluster, return_index=True, return_inverse=True)
    return np.asarray(np.arange(len(number)) - first[number], dtype=np.int64)


def past_spots_block(spots: pd.DataFrame, codes: NDArray[np.object_]) -> tuple[bytes, dict[str, Any]]:
    """Encode the points of the black spots of the period before, for the past side of the map.

    Parameters
    ----------
    spots
        ``code``, ``pop``, ``lon``, ``lat`` of the run before.
    codes
        Codes of the communes of the page, in its order; spots of other communes are left out.

    Returns
    -------
    tuple
        The block, in the layout of :func:`spots_block` with the columns people, nothing, longitude and latitude; and
        how many there are.
    """
    code, people = spots["code"].to_numpy(dtype=object).tolist(), spots["pop"].to_numpy(dtype=np.float64)
    order, commune = _in_order(code, people, codes)
    here = spots.iloc[order]
    numbers = [
        _units(here["pop"], SPOT_UNITS["pop"]),
        np.zeros(len(here), dtype=np.int64),
        _units(here["lon"] + 180.0, UNITS_PER_DEGREE),
        _units(here["lat"] + 90.0, UNITS_PER_DEGREE),
    ]
    block = encode_spots(np.full(len(here), None, dtype=object), commune, numbers)
    return block, {"count": len(here), "quantum": SPOT_QUANTUM_PER_DEGREE}


def _units(column: pd.Series[float], per_unit: int) -> NDArray[np.int64]:
    return np.rint(column.to_numpy(dtype=np.float64) * per_unit).astype(np.int64)


def _units_or_none(column: pd.Series[Any], per_unit: int) -> NDArray[np.int64]:
    """0 where there is none, else the units plus 1."""
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(values)
    return np.where(known, np.rint(np.where(known, values, 0.0) * per_unit) + 1, 0).astype(np.int64)
