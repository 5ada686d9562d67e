"""How much the shapes of some rows measure, in the words of a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from ..geodesy.area import WGS84, area_km2
from ..geodesy.crs import to_lonlat
from ..text.sentences import Phrase, phrase

if TYPE_CHECKING:
    import numpy as np
    import pyproj
    from numpy.typing import NDArray


def size_of(geometries: NDArray[np.object_], crs: pyproj.CRS) -> Phrase:
    """Measure shapes on the ellipsoid.

    Parameters
    ----------
    geometries
        Of one layer, shape (n,), in ``crs``.
    crs
        Their coordinate reference system.

    Returns
    -------
    Phrase
        Square kilometres where any of them is an area (what overlaps counts as often), else kilometres where any is a
        line, else the number of points.
    """
    shapes = to_lonlat(geometries, crs)
    dimensions = shapely.get_dimensions(shapes)
    if (dimensions == 2).any():
        return phrase("size-areas", km2=float(area_km2(shapes).sum()))
    if (dimensions == 1).any():
        return phrase("size-routes", km=sum(WGS84.geometry_length(shape) for shape in shapes) / 1000)
    return phrase("size-places", count=int(shapely.get_num_geometries(shapes).sum()))
