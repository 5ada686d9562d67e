"""Where on the earth a file lies: what it states, whether its numbers can mean that, and WGS 84."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError, ProjError

from ..project.countries.pack import shipped_pack
from .edges import metre_in, with_course
from .transformers import transformer_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONLAT = pyproj.CRS("EPSG:4326")
VIET_NAM = shipped_pack().outline_box_lonlat or (-180.0, -90.0, 180.0, 90.0)
"""Viet Nam with all its islands: west, south, east, north in degrees."""

VIET_NAM_MAINLAND = shipped_pack().mainland_box_lonlat or VIET_NAM
"""The part of it where population rasters have cells."""

VN2000_ZONES = shipped_pack().projected_epsg
"""EPSG codes of VN-2000 / UTM 48N, UTM 49N and all TM-3 zones."""
# Words with which a system names a file that PROJ would open, and more text than any system needs.
_OTHER_FILES = ("nadgrids", "geoidgrids", "parameterfile", "+init=", "+grids", "+file")
_LONGEST_TEXT = 100_000


def known_crs(text: str) -> pyproj.CRS | None:
    """Read a coordinate reference system from an EPSG code, WKT or PROJ text.

    Parameters
    ----------
    text
        Such as ``EPSG:3405``.

    Returns
    -------
    pyproj.CRS or None
        Two-dimensional: heights are taken off. None for what is unknown, cannot be placed on the earth
        (engineering, vertical and geocentric systems, unknown projections, the Moon) or names another file, such as a grid.
    """
    lowered = text.lower().replace(
        "+nadgrids=@null", ""
    )  # which stands in every Web Mercator, and names no file
    if len(text) > _LONGEST_TEXT or any(word in lowered for word in _OTHER_FILES):
        return None
    try:
        crs = pyproj.CRS.from_user_input(text)
    except CRSError:
        return None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    crs = crs.to_2d()
    return crs if (crs.is_geographic or crs.is_projected) and _is_computable(crs) else None


def _is_computable(crs: pyproj.CRS) -> bool:
    """Say whether PROJ can transform to WGS 84 and back; false for the Moon and for unknown projections."""
    try:
        transformer_between(crs, LONLAT)
    except ProjError:
        return False
    return True


def same_crs(one: pyproj.CRS, other: pyproj.CRS) -> bool:
    """Say whether two coordinate reference systems mean the same places.

    Parameters
    ----------
    one, other
        Two systems.

    Returns
    -------
    bool
        Names, axis order and spelling do not count.
    """
    if one.equals(other, ignore_axis_order=True):
        return True
    code = one.to_epsg(min_confidence=50)
    return code is not None and code == other.to_epsg(min_confidence=50)


def describe(crs: pyproj.CRS) -> str:
    """Name a coordinate reference system as people know it.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    str
        Such as ``EPSG:3405 (VN-2000 / UTM zone 48N)``.
    """
    authority = crs.to_authority(min_confidence=70)
    return f"{authority[0]}:{authority[1]} ({crs.name})" if authority else crs.name


def to_lonlat(
    geometries: NDArray[np.object_], crs: pyproj.CRS, *, on_course: bool = False
) -> NDArray[np.object_]:
    """Transform geometries to longitude and latitude on WGS 84.

    Parameters
    ----------
    geometries
        Geometries in ``crs``.
    crs
        Their system.
    on_course
        Edges are straight in ``crs``; give them vertices enough to stay on their course, within
        :data:`blackspot.data.geodesy.edges.TOLERANCE_M`. Otherwise only the vertices there are move, which is
        enough to look at shapes, and not to count on them.

    Returns
    -------
    ndarray of geometries
        In EPSG:4326, x = longitude. The same array where nothing has to change.

    Raises
    ------
    pyproj.exceptions.ProjError
        No transformation to WGS 84 is known.
    """
    if same_crs(crs, LONLAT):
        return geometries
    transformer = transformer_between(crs, LONLAT)

    def transform(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    if on_course:
        geometries = with_course(geometries, transform, metre_in(LONLAT))
    moved: NDArray[np.object_] = shapely.transform(geometries, transform)
    return moved
