"""The named place nearest to each spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from ...data.geodesy.places import LonLat, earth_centred, geodesic_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...data.country.places import NamedPlaces


def nearest_place(at: LonLat, places: NamedPlaces) -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """Find the named place nearest to each of some points.

    Parameters
    ----------
    at
        Longitudes and latitudes in degrees, EPSG:4326.
    places
        The named places.

    Returns
    -------
    tuple of ndarray
        The name, and the geodesic distance in kilometres; empty and NaN where there is no named place at all. Of
        places equally near the first by name counts, whatever the order of the file.
    """
    names = np.full(len(at.lon), "", dtype=object)
    distance = np.full(len(at.lon), np.nan)
    if not len(places.name) or not len(at.lon):
        return names, distance
    order = np.argsort(places.name.astype(str), kind="stable")
    lonlat = LonLat(places.lonlat.lon[order], places.lonlat.lat[order])
    found = earth_centred(at)
    tree = cKDTree(earth_centred(lonlat))
    near, _ = tree.query(found)
    first = [min(around) for around in tree.query_ball_point(found, near * (1.0 + 1e-12) + 1e-6)]
    end = LonLat(lonlat.lon[first], lonlat.lat[first])
    return places.name[order][first], geodesic_km(at, end)
