"""From bytes to geometries that can be used: flat, whole, of the right kind, and none lost in silence."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from shapely import GeometryType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..readers.formats import Kind

_KIND_OF_TYPE: dict[int, Kind] = {
    GeometryType.POINT: "point",
    GeometryType.MULTIPOINT: "point",
    GeometryType.LINESTRING: "line",
    GeometryType.LINEARRING: "line",
    GeometryType.MULTILINESTRING: "line",
    GeometryType.POLYGON: "polygon",
    GeometryType.MULTIPOLYGON: "polygon",
}
_WORD = {"polygon": "Polygon", "line": "LineString", "point": "Point"}  # as GeoJSON and QGIS call them


@dataclass(frozen=True, slots=True)
class NamedGeometries:
    """Geometries with the names their features have in findings.

    Attributes
    ----------
    geometry
        Geometries, None where there is none; shape (n,).
    names
        Feature ids or file names; shape (n,).
    closed
        Those among the geometries that had an open ring.
    """

    geometry: NDArray[np.object_]
    names: NDArray[np.object_]
    closed: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))

    def which(self, chosen: NDArray[np.bool_]) -> list[str]:
        """Name the features of a mask, in their order."""
        return [str(name) for name in self.names[chosen]]


def from_wkb(wkb: NDArray[np.object_], names: NDArray[np.object_], about: FileFindings) -> NamedGeometries:
    """Parse well-known binary row by row, closing rings that were left open.

    Parameters
    ----------
    wkb
        Bytes, or None; shape (n,).
    names
        Feature names; shape (n,).
    about
        Told which rings were closed.

    Returns
    -------
    NamedGeometries
        None where there was nothing, or nothing that can be parsed.
    """
    geometry = _parsed(wkb)
    broken = shapely.is_missing(geometry) & np.array([bytes_ is not None for bytes_ in wkb], dtype=bool)
    if broken.any():
        geometry[broken] = _parsed(wkb[broken], on_invalid="fix")
        closed = broken & ~shapely.is_missing(geometry)
        if closed.any():
            ids = NamedGeometries(geometry, names).which(closed)
            about.add("geometry.closed", count=len(ids), ids=ids)
            return NamedGeometries(geometry, names, geometry[closed])
    return NamedGeometries(geometry, names)


def usable(
    found: NamedGeometries, kinds: Sequence[Kind], about: FileFindings, *, required: bool
) -> tuple[NDArray[np.object_], NDArray[np.bool_]] | None:
    """Flatten geometries, take collections apart, and tell which features can be used.

    Parameters
    ----------
    found
        Geometries as they were read.
    kinds
        The kinds that can be used; everything else is refused.
    about
        Told about every feature that is left out or changed.
    required
        A feature without geometry is an error, not something to leave out.

    Returns
    -------
    tuple of (ndarray of geometries, ndarray of bool) or None
        Flat geometries, and which of them to keep; None after an error finding.
    """
    geometry = _flat(found.geometry, about)
    geometry = _without_collections(NamedGeometries(geometry, found.names), kinds, about)
    here = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    here &= np.isfinite(shapely.bounds(geometry)).all(axis=1)  # NaN, infinite and missing ones drop out
    here &= np.isfinite(shapely.length(geometry))  # bounds pass over a vertex in between that is NaN
    missing = found.which(~here)
    wrong = here & ~_is_kind(geometry, kinds)
    if wrong.any():
        ids = found.which(wrong)
        types = sorted({shape.geom_type for shape in geometry[wrong]})
        wanted = [_WORD[kind] for kind in kinds]
        about.add("geometry.wrong-type", count=len(ids), ids=ids, found=types, wanted=wanted)
    if missing:
        code = "geometry.required" if required else "geometry.missing"
        about.add(code, count=len(missing), ids=missing)
    if not here.any():
        about.add("layer.no-features")
    if wrong.any() or not here.any() or (required and missing):
        return None
    return geometry, here


def _parsed(wkb: NDArray[np.object_], on_invalid: Literal["ignore", "fix"] = "ignore") -> NDArray[np.object_]:
    try:
        return np.asarray(shapely.from_wkb(wkb, on_invalid=on_invalid), dtype=object)
    except NotImplementedError:  # one geometry of a kind that shapely does not know fails them all
        geometry = np.full(len(wkb), None, dtype=object)
        for index, row in enumerate(wkb):
            with contextlib.suppress(NotImplementedError):  # it stays None and is counted as unusable
                geometry[index] = shapely.from_wkb(row, on_invalid=on_invalid)
        return geometry


def _flat(geometry: NDArray[np.object_], about: FileFindings) -> NDArray[np.object_]:
    high = shapely.has_z(geometry) | shapely.has_m(geometry)
    if not high.any():
        return geometry
    about.add("geometry.flattened", count=int(high.sum()))
    flat: NDArray[np.object_] = shapely.force_2d(geometry)
    return flat


def _without_collections(
    found: NamedGeometries, kinds: Sequence[Kind], about: FileFindings
) -> NDArray[np.object_]:
    """Replace each collection by a multi-geometry of its parts of the first kind that it holds."""
    collections = shapely.get_type_id(found.geometry) == GeometryType.GEOMETRYCOLLECTION
    if not collections.any():
        return found.geometry
    geometry = found.geometry.copy()
    lossy = np.zeros(len(geometry), dtype=bool)
    for index in np.flatnonzero(collections):
        try:
            parts = _leaves(geometry[index])
        except NotImplementedError:  # it holds a circular arc
            geometry[index] = None
            continue
        for kind in kinds:
            kept = parts[_is_kind(parts, (kind,))]
            if len(kept):
                geometry[index] = _multi(kept, kind)
                lossy[index] = len(kept) < len(parts)
                break
    if lossy.any():
        ids = found.which(lossy)
        about.add("geometry.collection", count=len(ids), ids=ids)
    return geometry


def _leaves(collection: shapely.Geometry) -> NDArray[np.object_]:
    parts: NDArray[np.object_] = shapely.get_parts(np.array([collection], dtype=object))
    while (shapely.get_num_geometries(parts) > 1).any() or (
        shapely.get_type_id(parts) >= GeometryType.MULTIPOINT
    ).any():
        parts = shapely.get_parts(parts)
    return parts[~shapely.is_empty(parts)]


def _multi(parts: NDArray[np.object_], kind: Kind) -> shapely.Geometry:
    match kind:
        case "polygon":
            return shapely.MultiPolygon(list(parts))
        case "line":
            return shapely.MultiLineString(list(parts))
        case "point":
            return shapely.MultiPoint(list(parts))


def _is_kind(geometry: NDArray[np.object_], kinds: Sequence[Kind]) -> NDArray[np.bool_]:
    types = [type_id for type_id, kind in _KIND_OF_TYPE.items() if kind in kinds]
    return np.isin(shapely.get_type_id(geometry), types)
