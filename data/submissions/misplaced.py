"""Whether a file lies in the country, or beside the place it speaks of: read with another central meridian.

The provinces of Viet Nam map in zones of 3 degrees whose central meridians stand 15 minutes apart. A file read in
the zone of a neighbour lies 26 km beside its place, inside the country still, and nothing about its numbers is
wrong. What tells is how much of it lies on the ground it speaks of, there and in every other zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from ..geodesy.crs import LONLAT, VN2000_ZONES, describe, to_lonlat
from ..geodesy.transformers import transformer_between
from ..geodesy.units import METRES_PER_DEGREE
from ..text.sentences import phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings

_PLACES = 1000  # a share is known to some hundredths
_FEWEST = 5
_ENOUGH = (
    0.9  # share of the points inside from which the file is not doubted: coasts and borders are drawn roughly
)
_GAIN = 0.2  # by which another zone must be better
_FITTING = 0.95
_STEP_DEG = 0.25
_SPILL_DEG = 0.3  # some 30 km: as far as the signal of a site reaches over a border or out to sea
_MOST_STEPS = 8  # two degrees: farther, and nothing would be inside at all


def report_misplaced(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    communes: Communes,
    provinces: frozenset[str] | None,
    about: FileFindings,
) -> None:
    """Warn where a file would fit the ground it speaks of much better in another zone.

    Parameters
    ----------
    geometries
        Polygons in ``crs``.
    crs
        Their system.
    communes
        The country.
    provinces
        Codes of the provinces the file speaks for; None for the whole country.
    about
        Told the zone, or the shift for files in longitude and latitude, that fits.
    """
    points = _inner_points(geometries)
    if len(points) < _FEWEST:
        return
    ground = _ground(communes, provinces)
    as_it_is = _inside(_lonlat(points, crs), ground)
    if as_it_is >= _ENOUGH:
        return
    wanted = phrase("communes") if provinces is None else ", ".join(sorted(provinces))
    zone, share = _best_zone(points, ground) if _is_grid(crs) else (None, 0.0)
    if zone is not None and _is_better(share, as_it_is):
        about.add(
            "crs.other-meridian",
            stated=describe(crs),
            other=describe(zone),
            wanted=wanted,
            inside_pct=100 * as_it_is,
            other_pct=100 * share,
        )
        return
    at = _lonlat(points, crs)
    steps = [step for step in range(-_MOST_STEPS, _MOST_STEPS + 1) if step]
    shares = [_inside(np.add(at, (step * _STEP_DEG, 0.0)), ground) for step in steps]
    best = int(np.argmax(shares))
    if _is_better(shares[best], as_it_is):
        east_km = steps[best] * _STEP_DEG * METRES_PER_DEGREE * np.cos(np.radians(np.median(at[:, 1]))) / 1000
        about.add(
            "crs.misplaced",
            wanted=wanted,
            east_km=east_km,
            inside_pct=100 * as_it_is,
            other_pct=100 * shares[best],
        )


def _is_better(share: float, as_it_is: float) -> bool:
    return share >= _FITTING and share - as_it_is >= _GAIN


def _is_grid(crs: pyproj.CRS) -> bool:
    """Say whether a system is a transverse Mercator grid, such as UTM and TM-3 are."""
    source = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    operation = source.coordinate_operation
    return source.is_projected and operation is not None and operation.method_name == "Transverse Mercator"


def _inner_points(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    """Take one point inside each part, evenly over the file."""
    parts = shapely.get_parts(geometries)
    step = max(1, len(parts) // _PLACES)
    points: NDArray[np.float64] = shapely.get_coordinates(shapely.point_on_surface(parts[::step]))
    return points


def _ground(communes: Communes, provinces: frozenset[str] | None) -> shapely.STRtree:
    frame = communes.frame
    if provinces is not None:
        frame = frame[frame["province_code"].isin(provinces)]
    return shapely.STRtree(np.asarray(frame.geometry.array, dtype=object))


def _lonlat(points: NDArray[np.float64], crs: pyproj.CRS) -> NDArray[np.float64]:
    transformer = transformer_between(crs, LONLAT)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def _inside(at: NDArray[np.float64], ground: shapely.STRtree) -> float:
    known = np.isfinite(at).all(axis=1)
    found = ground.query(shapely.points(at[known]), predicate="intersects")[0]
    return len(np.unique(found)) / len(at)


def _best_zone(points: NDArray[np.float64], ground: shapely.STRtree) -> tuple[pyproj.CRS, float]:
    zones = [pyproj.CRS.from_epsg(code) for code in VN2000_ZONES]
    shares = [_inside(_lonlat(points, zone), ground) for zone in zones]
    best = int(np.argmax(shares))
    return zones[best], shares[best]


def lies_inside(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    feature_ids: NDArray[np.int64],
    communes: Communes,
    about: FileFindings,
    *,
    report_some: bool,
) -> bool:
    """Compare the bounding boxes of features with those of the communes.

    Parameters
    ----------
    geometries
        The features, in ``crs``.
    crs
        Their coordinate reference system.
    feature_ids
        What the file calls them.
    communes
        The country.
    about
        Told what lies outside; all of it outside is an error.
    report_some
        Report a part outside. A raster reaches over the sea and the border by its nature.

    Returns
    -------
    bool
        Any of them lies inside.
    """
    boxes = to_lonlat(_bounding_boxes(geometries), crs)
    country = shapely.STRtree(_bounding_boxes(np.asarray(communes.frame.geometry.array, dtype=object)))
    inside = np.zeros(len(boxes), dtype=bool)
    known = np.isfinite(shapely.bounds(boxes)).all(axis=1)
    inside[np.flatnonzero(known)[country.query(boxes[known])[0]]] = True
    outside = int((~inside).sum())
    if not outside or (inside.any() and not report_some):
        return True
    near = inside.copy()
    away = np.flatnonzero(known & ~inside)
    widened = shapely.bounds(boxes[away]) + _SPILL_DEG * np.array([-1, -1, 1, 1])
    near[away[country.query(np.asarray(shapely.box(*widened.T), dtype=object))[0]]] = True
    kinds = [("coverage.beyond-border", near & ~inside), ("coverage.partly-outside", ~near)]
    if not inside.any():
        kinds = [("coverage.outside-country", ~inside)]
    for code, chosen in kinds:
        if chosen.any():
            first = shapely.bounds(boxes[chosen][:1])[0]
            where = phrase("place", lat=first[1], lon=first[0])
            ids = [str(number) for number in feature_ids[chosen]]
            about.add(code, count=len(ids), total=len(boxes), where=where, ids=ids)
    return bool(inside.any())


def _bounding_boxes(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.box(*shapely.bounds(geometries).T), dtype=object)
