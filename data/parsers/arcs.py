"""What straight edges change about circular arcs, found in the reader by drawing the arcs more finely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import pyogrio
import shapely

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..readers.formats import Staged

_FINE_DEG = "1"  # a quarter of GDAL's own step: what is left of the change is a sixteenth of it


_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def straight(source: Staged, layer: str) -> NDArray[np.object_]:
    """Read well-known binary in which GDAL has drawn arcs with edges of 4 degrees each.

    Parameters
    ----------
    source
        The staged file.
    layer
        Its layer.

    Returns
    -------
    ndarray of bytes or None
    """
    return np.asarray(pyogrio.raw.read(source.path, layer=layer, columns=[])[2], dtype=object)


def ground_of_arcs(
    source: Staged, layer: str, coarse: NDArray[np.object_], curved: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Find the ground between arcs and the straight edges that replace them.

    Parameters
    ----------
    source
        The staged file.
    layer
        Its layer.
    coarse
        From :func:`straight`, shape (n,).
    curved
        The features that have arcs, shape (n,).

    Returns
    -------
    ndarray of geometries
        Polygons in the system of the file; none for lines.
    """
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": _FINE_DEG})
    fine = straight(source, layer)
    pyogrio.set_gdal_config_options({"OGR_ARC_STEPSIZE": None})
    drawn = [shapely.force_2d(shapely.from_wkb(wkb[curved], on_invalid="ignore")) for wkb in (coarse, fine)]
    areas = np.ones(len(drawn[0]), dtype=bool)
    for shapes in drawn:
        areas &= np.isin(shapely.get_type_id(shapes), _AREAS) & np.isfinite(shapely.length(shapes))
    one, other = (shapely.make_valid(shapes[areas]) for shapes in drawn)
    parts = shapely.get_parts(shapely.get_parts(shapely.symmetric_difference(one, other)))
    found: NDArray[np.object_] = parts[shapely.area(parts) > 0]
    return found


_HEAD_BYTES = 5  # of a geometry: the order of its bytes, its type
_TYPE_BITS = 0x1FFFFFFF  # the upper bits are flags of PostGIS


def is_curved(wkb: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Find geometries with circular arcs, which only GDAL can turn into straight edges.

    Parameters
    ----------
    wkb
        Large binary; shape (n,).

    Returns
    -------
    ndarray of bool, shape (n,)
        True for the types 8 to 14 of ISO 13249-3 (from CircularString to Surface), also with Z and M.
    """
    found = [np.zeros(0, dtype=bool)]
    for chunk in wkb.chunks:
        heads = pc.fill_null(pc.binary_slice(chunk, 0, _HEAD_BYTES), b"").to_pylist()
        types = [
            int.from_bytes(head[1:], "little" if head[0] else "big") if len(head) == _HEAD_BYTES else 0
            for head in heads
        ]
        found.append(np.array([8 <= (kind & _TYPE_BITS) % 1000 <= 14 for kind in types], dtype=bool))
    return np.concatenate(found)
