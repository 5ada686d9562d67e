"""How far from the land border people live, and how many of them in the belt along it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...data.geodesy.places import LonLat
from .land_border import Border, places_to_border_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .equal_area_grid import OnSquares


class BorderPeople(NamedTuple):
    """The people of communes and the land border, float64 (communes,); NaN where nobody lives or nothing is known.

    Attributes
    ----------
    distance_km
        Mean distance of the people to the border.
    belt_share
        Share of the people within the belt, 0 to 1.
    """

    distance_km: NDArray[np.float64]
    belt_share: NDArray[np.float64]


def border_people(
    people: OnSquares, communes: int, border_lines: NDArray[np.object_] | None, belt_km: float
) -> BorderPeople:
    """Measure from where people live to the land border.

    Parameters
    ----------
    people
        By commune and square kilometre: people, and these times the longitude and the latitude (degrees) of the
        places they live in. The people of a commune in a square live at their mean place.
    communes
        How many communes there are.
    border_lines
        Lines in EPSG:4326; None or empty gives NaN everywhere.
    belt_km
        Width of the belt.
    """
    nothing = np.full(communes, np.nan)
    if border_lines is None or not len(border_lines) or not len(people.commune):
        return BorderPeople(nothing, nothing.copy())
    count = people.amount[:, 0]
    places = LonLat(people.amount[:, 1] / count, people.amount[:, 2] / count)
    away_km = places_to_border_km(places, Border.of(border_lines), people.commune)
    whole = np.bincount(people.commune, count, communes)
    lives = whole > 0
    sums = (np.bincount(people.commune, count * of, communes) for of in (away_km, away_km <= belt_km))
    mean, share = (np.divide(each, whole, out=np.full(communes, np.nan), where=lives) for each in sums)
    return BorderPeople(mean, share)
