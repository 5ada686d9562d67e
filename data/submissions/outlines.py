"""The ground that the outlines of a coverage file mean, and what is doubtful about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from ..geodesy.area import area_km2
from ..geodesy.crs import to_lonlat
from ..geodesy.outlines import PartsInParts, clean_outlines, parts_in_parts
from ..geodesy.ring_ground import Tangled

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..geodesy.outlines import CleanOutlines


class MeantGround(NamedTuple):
    """Features with ground.

    Attributes
    ----------
    geometries
        Polygons and multipolygons in the system of the file, which the even-odd rule understands, (k,).
    kept
        Which features of those handed in they are, int64 (k,).
    doubtful
        Ground that depends on the rule by which crossing outlines are read, EPSG:4326.
    """

    geometries: NDArray[np.object_]
    kept: NDArray[np.intp]
    doubtful: NDArray[np.object_]


def meant_ground(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    feature_ids: NDArray[np.int64],
    about: FileFindings,
    *,
    is_shapefile: bool,
) -> MeantGround | None:
    """Find out which ground the outlines of features mean.

    Parameters
    ----------
    geometries
        Polygons and multipolygons in ``crs``, none missing or empty.
    crs
        Their coordinate reference system.
    feature_ids
        What the file calls each.
    about
        Told how many outlines cross themselves and how much ground depends on the rule, which features mean no
        ground, and where parts may be holes.
    is_shapefile
        Only the direction of rings says which are holes.

    Returns
    -------
    MeantGround or None
        None after an error finding, or a question that nobody has answered.
    """
    read = _taken_apart(geometries, is_shapefile=is_shapefile)
    if isinstance(read, Tangled):
        about.add("geometry.tangled", ids=[str(feature_ids[read.number])])
        return None
    clean, inner = read
    doubtful = _report_crossed(clean, crs, feature_ids, about)
    if clean.empty.all():
        about.add("coverage.no-ground", total=len(geometries))
        return None
    if clean.empty.any():
        ids = feature_ids[clean.empty].astype(str).tolist()
        about.add("coverage.features-without-ground", count=len(ids), ids=ids)
    kept = np.flatnonzero(~clean.empty)
    if len(inner.feature):
        ids = feature_ids[np.unique(inner.feature)].astype(str).tolist()
        change_km2 = area_km2(to_lonlat(inner.part, crs)).sum()
        if not is_shapefile:
            about.add("coverage.parts-inside-parts", count=len(ids), ids=ids, change=change_km2)
        elif not about.ask("coverage.holes-or-parts", count=len(ids), ids=ids, change=change_km2):
            return None
    return MeantGround(clean.geometries[kept], kept, doubtful)


def _taken_apart(
    geometries: NDArray[np.object_], *, is_shapefile: bool
) -> tuple[CleanOutlines, PartsInParts] | Tangled:
    """Find the ground that outlines mean, and the parts that may be holes."""
    clean = clean_outlines(geometries)
    if isinstance(clean, Tangled):
        return clean
    inner = parts_in_parts(clean.geometries)
    if isinstance(inner, Tangled):
        return inner
    return clean, _with_wound_otherwise(inner, geometries) if is_shapefile else inner


def _report_crossed(
    clean: CleanOutlines, crs: pyproj.CRS, feature_ids: NDArray[np.int64], about: FileFindings
) -> NDArray[np.object_]:
    """Count the features with a crossing outline, and give the ground that depends on how it is read, EPSG:4326."""
    doubtful = to_lonlat(clean.doubtful, crs)
    if clean.crossed.any():
        ids = feature_ids[clean.crossed].astype(str).tolist()
        about.add("coverage.invalid-rings", count=len(ids), ids=ids, change=area_km2(doubtful).sum())
    return doubtful


def _with_wound_otherwise(inner: PartsInParts, geometries: NDArray[np.object_]) -> PartsInParts:
    """Add the parts of a feature of a Shapefile that are wound the other way than the rest of it."""
    several = np.flatnonzero(shapely.get_num_geometries(geometries) > 1)
    parts, owner = shapely.get_parts(geometries[several], return_index=True)
    owner = several[owner]
    left, area = shapely.is_ccw(shapely.get_exterior_ring(parts)), shapely.area(parts)
    of_left, of_right = (
        np.bincount(owner[way], weights=area[way], minlength=len(geometries)) for way in (left, ~left)
    )
    mixed = (of_left > 0) & (of_right > 0)
    wound_otherwise = mixed[owner] & (left == (of_left < of_right)[owner])
    found = np.concatenate([inner.part, parts[wound_otherwise]])
    feature = np.concatenate([inner.feature, owner[wound_otherwise]])
    named = zip(feature.tolist(), shapely.to_wkb(found).tolist(), strict=True)
    once = list({name: at for at, name in enumerate(named)}.values())  # both at once: named once
    return PartsInParts(feature[once], found[once])
