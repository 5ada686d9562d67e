"""Which system a file's coordinates are in: what it states, what the project says, and whether the numbers fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from ..text.sentences import Phrase, phrase
from .crs import LONLAT, VIET_NAM, VN2000_ZONES, describe, known_crs, same_crs
from .operation import Operation, Placed, choose_operation
from .transformers import transformer_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings

_UNSTATED = ("undefined", "unknown engineering")  # how GeoPackage spells "nobody said"
_NO_DATUM = ("unknown", "not specified", "not_specified", "d_unknown", "unnamed")
_LARGEST_DEGREES = 360.0  # no projected file lies within 360 m of the origin of its coordinates
_BEYOND_WARNED_DEG = 2.0  # islands and neighbouring zones are commonly kept in the zone of the mainland
_BEYOND_REFUSED_DEG = 7.0  # one step of a UTM zone is 6 degrees, and far islands lie some 6 beyond theirs


def choose_crs(
    stated: str | None, project: str, coordinates: NDArray[np.float64], about: FileFindings
) -> pyproj.CRS | None:
    """Decide the coordinate reference system of a file from what it and the project file state.

    Parameters
    ----------
    stated
        What the file states, if anything.
    project
        What the project file states; counts only where the file states nothing.
    coordinates
        Bounds of the features, shape (n, 4), to show an example from.
    about
        Told when the system is missing, unusable or contradictory.

    Returns
    -------
    pyproj.CRS or None
        None after an error finding.
    """
    wanted = known_crs(project) if project else None
    if project and wanted is None:
        about.add("crs.project-unusable", stated=project)
        return None
    if not stated or _names_nothing(stated):
        return _unstated(coordinates, about) if wanted is None else wanted
    own = known_crs(stated)
    if own is None:
        about.add("crs.unusable", stated=stated)
        return None
    if wanted is not None and not same_crs(own, wanted):
        about.add(
            "crs.contradicts",
            stated=describe(own),
            project=describe(wanted),
        )
        return None
    return own


def _unstated(bounds: NDArray[np.float64], about: FileFindings) -> pyproj.CRS | None:
    """Ask where a file lies that does not say it; the answer may be the reading that is offered."""
    if len(bounds) and _is_degrees(bounds):
        accepted = about.ask("crs.missing-degrees", example=_example(bounds))
        return LONLAT if accepted else None
    centres = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
    zones = [pyproj.CRS.from_epsg(code) for code in VN2000_ZONES] if len(bounds) else []
    fitting = [describe(zone) for zone in zones if _beyond(centres, zone, VIET_NAM)[0] <= 0]
    about.add("crs.missing", example=_example(bounds), candidates=fitting or "-")
    return None


def check_coordinates(
    bounds: NDArray[np.float64], crs: pyproj.CRS, about: FileFindings, *, strict: bool
) -> bool:
    """Check that the numbers of a file can be coordinates of its system.

    Parameters
    ----------
    bounds
        Bounds of the features in ``crs``, shape (n, 4): xmin, ymin, xmax, ymax; all finite.
    crs
        The system they are said to be in.
    about
        Told what does not fit.
    strict
        Refuse a file whose typical feature lies more than 2 degrees outside the area the system is made for.
        Otherwise that is a warning up to 7 degrees, because islands are kept in the mainland's zone.

    Returns
    -------
    bool
        False after an error finding: metres said to be degrees, degrees said to be metres, x and y
        exchanged, or a place far away from where the system is used.
    """
    code = ""
    position: Phrase | str = "?"
    shown = bounds
    if len(bounds) and crs.is_geographic and not _is_degrees(bounds):
        shown = bounds[[not _is_degrees(bounds[row : row + 1]) for row in range(len(bounds))]]
        code = "crs.axes-exchanged" if _is_degrees(shown[:, [1, 0, 3, 2]]) else "crs.out-of-range"
    elif len(bounds) and crs.is_projected and np.abs(bounds).max() <= _LARGEST_DEGREES:
        code = "crs.degrees-for-metres"
    elif len(bounds) and crs.area_of_use is not None:
        centres = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
        beyond, position = _beyond(centres, crs, crs.area_of_use.bounds)
        if beyond > _BEYOND_WARNED_DEG:
            exchanged, _ = _beyond(centres[:, ::-1], crs, crs.area_of_use.bounds)
            refused = strict or beyond > _BEYOND_REFUSED_DEG
            code = "crs.outside-area" if refused else "crs.beyond-area"
            code = "crs.axes-exchanged" if exchanged <= 0 else code
    elif len(bounds) and crs.is_projected:  # typed by hand: only what Viet Nam makes of it can be judged
        centres = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
        beyond, position = _beyond(centres, crs, VIET_NAM)
        exchanged, _ = _beyond(centres[:, ::-1], crs, VIET_NAM)
        code = "crs.axes-exchanged" if exchanged <= 0 < beyond else ""
    if code:
        about.add(
            code,
            example=_example(shown),
            stated=describe(crs),
            place=position,
            area=crs.area_of_use.name if crs.area_of_use is not None else "?",
        )
    return code in {"", "crs.beyond-area"}


def check_operation(crs: pyproj.CRS, bounds: NDArray[np.float64], about: FileFindings) -> Placed:
    """Choose the operation that brings a file to WGS 84, and report what makes it doubtful.

    Parameters
    ----------
    crs
        The system of the file.
    bounds
        Bounds of the features in ``crs``, shape (n, 4).
    about
        Told about systems without a datum, old datums, coarse or unknown parameters and zero shifts.

    Returns
    -------
    Placed
        The system to use, see :func:`.operation.with_datum_shift`, and the operation.
    """
    called = describe(crs)
    if same_crs(crs, LONLAT) or not len(bounds):
        return Placed(crs, Operation(called, accuracy_m=0.0))
    x, y = np.median(bounds[:, :2], axis=0)
    return choose_operation(crs, float(x), float(y), about, called=called)


def _names_nothing(stated: str) -> bool:
    try:
        return pyproj.CRS.from_user_input(stated).name.lower().startswith(_UNSTATED)
    except CRSError:
        return False


def _is_degrees(bounds: NDArray[np.float64]) -> bool:
    longitudes, latitudes = bounds[:, [0, 2]], bounds[:, [1, 3]]
    return bool(np.abs(longitudes).max() <= _LARGEST_DEGREES and np.abs(latitudes).max() <= 90.0)


def _lonlat(points: NDArray[np.float64], crs: pyproj.CRS) -> NDArray[np.float64]:
    transformer = transformer_between(crs, LONLAT)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def _beyond(
    centres: NDArray[np.float64], crs: pyproj.CRS, area: tuple[float, float, float, float]
) -> tuple[float, Phrase | str]:
    """Give how many degrees the typical feature lies outside an area, and where it lies, in words."""
    try:
        longitude, latitude = np.median(_lonlat(centres, crs), axis=0)
    except ProjError:
        longitude = latitude = np.inf
    if not (np.isfinite(longitude) and np.isfinite(latitude)):
        return float("inf"), "?"
    west, south, east, north = area
    if east < west:  # an area across the date line
        east += 360.0
        longitude += 360.0 if longitude < west else 0.0
    beyond = max(west - longitude, longitude - east, south - latitude, latitude - north)
    return float(beyond), phrase("rough-place", lat=latitude, lon=longitude)


def _example(bounds: NDArray[np.float64]) -> Phrase | str:
    if not len(bounds):
        return "-"
    (west, south, east, north) = bounds[0]
    x, y = (max(pair, key=abs) for pair in ((west, east), (south, north)))
    return phrase("coordinates", x=x, y=y)
