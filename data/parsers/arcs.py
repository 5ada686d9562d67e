"""What straight edges change about circular arcs, found in the reader by drawing the arcs more finely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .vector_staged import Staged

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
