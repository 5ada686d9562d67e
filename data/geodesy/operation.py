"""The transformation of coordinates to WGS 84: which operation, how exactly, and what is done where PROJ would do nothing.

Between datums PROJ shifts nothing at all (a "ballpark" operation) where it knows no parameters for a place, and
says so only when asked. Here it is asked, and a known operation is preferred to none.
"""

from __future__ import annotations

import contextlib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pyproj
from pyproj.crs import BoundCRS
from pyproj.crs.coordinate_operation import ToWGS84Transformation
from pyproj.exceptions import CRSError, ProjError

from .transformers import transformer_between

if TYPE_CHECKING:
    from ..findings.collector import FileFindings

_LONLAT = pyproj.CRS("EPSG:4326")
_VN2000 = pyproj.CRS("EPSG:4756")
_COARSE_M = 10.0  # stated accuracy above which somebody should look
_SAME_M = 2.0  # two sets of VN-2000 parameters differ by 0.8 m
_NO_DATUM = ("unknown", "not specified", "not_specified", "d_unknown", "unnamed")
_NAMES_OF_VN2000 = re.compile(r"(?:d|datum|gcs)?_?(?:vn|vietnam|viet_nam)_?2000(?:_.*)?")
_TM3_SCALE = 0.9999  # which Viet Nam's 3-degree zones have, and hardly anything else
_SIGNS = {"Coordinate Frame": -1.0, "Position Vector": 1.0}  # of the rotations, in the words of PROJ
_HELMERT = ("X-axis translation", "Y-axis translation", "Z-axis translation")
_ROTATIONS = ("X-axis rotation", "Y-axis rotation", "Z-axis rotation")
_METHOD_3 = "Geocentric translations"


@dataclass(frozen=True, slots=True)
class Operation:
    """The operation that brings the coordinates of an input to WGS 84.

    Attributes
    ----------
    crs
        The coordinate reference system, as people know it.
    name
        What PROJ calls the operation between the datums; empty where none is needed.
    code
        Its code such as ``EPSG:6960``; empty where it has none.
    accuracy_m
        Stated accuracy in metres; None where nobody states one.
    ballpark
        Nothing is shifted, because nobody knows by how much.
    grids
        Names of the grid files it uses; none for all systems of Viet Nam.
    area
        Where the operation is made for; empty where it is made for the whole earth.
    elsewhere
        The data lie outside that area.
    """

    crs: str
    name: str = ""
    code: str = ""
    accuracy_m: float | None = None
    ballpark: bool = False
    grids: tuple[str, ...] = ()
    area: str = ""
    elsewhere: bool = False


class Placed(NamedTuple):
    """The system to use for the coordinates of an input, and the operation that brings them to WGS 84."""

    crs: pyproj.CRS
    operation: Operation


def operation_at(crs: pyproj.CRS, x: float, y: float, *, called: str = "") -> Operation:
    """Find the operation that brings a place to WGS 84.

    Parameters
    ----------
    crs
        The system.
    x, y
        A place in it; the operation depends on where one is.
    called
        What the system is called in findings.

    Returns
    -------
    Operation
        What PROJ uses for this place, without the network.
    """
    transformer, longitude, latitude = _used(crs, x, y, ballpark=True)
    return _described(transformer, longitude, latitude, called or crs.name)


def with_datum_shift(crs: pyproj.CRS, x: float, y: float) -> pyproj.CRS:
    """Give a system for which every library uses the best known datum shift.

    Parameters
    ----------
    crs
        The system of a file.
    x, y
        A place of the file.

    Returns
    -------
    pyproj.CRS
        The same system; with VN-2000's datum where the file means it and PROJ does not know the name; bound to
        the parameters of a known operation where PROJ would shift nothing.
    """
    crs = _with_datum_of_vn2000(crs) or crs
    if not operation_at(crs, x, y).ballpark:
        return crs
    try:
        known, _, _ = _used(crs, x, y, ballpark=False)
    except ProjError:  # nothing is known, and nothing can be done
        return crs
    parameters = _parameters(known)
    if parameters is None or crs.geodetic_crs is None:
        return crs
    shift = ToWGS84Transformation(crs.geodetic_crs, *parameters)
    bound = BoundCRS(source_crs=crs, target_crs=_LONLAT, transformation=shift)
    return pyproj.CRS(bound.to_wkt())


def choose_operation(
    stated: pyproj.CRS, x: float, y: float, about: FileFindings, *, called: str = ""
) -> Placed:
    """Choose the operation that brings a file to WGS 84, and report it.

    Parameters
    ----------
    stated
        The system of the file.
    x, y
        A place of the file.
    about
        Told the operation, and everything that makes it doubtful.
    called
        What the system is called in findings.

    Returns
    -------
    Placed
        The system to use (see :func:`with_datum_shift`), and the operation.
    """
    called = called or stated.name
    renamed = _with_datum_of_vn2000(stated)
    crs = with_datum_shift(stated, x, y)
    # What a bound system uses has lost its name; it is that of the operation its parameters come from.
    source = renamed or stated
    transformer, longitude, latitude = _used(source, x, y, ballpark=crs is source or renamed is not None)
    operation = _described(transformer, longitude, latitude, called)
    if renamed is not None:
        about.add("crs.vn2000-parameters-missing", stated=_datum_name(stated), operation=operation.name)
    elif not stated.is_bound and _datum_name(stated).lower().startswith(_NO_DATUM):
        about.add("crs.no-datum")
    elif operation.ballpark:
        about.add("crs.ballpark", stated=called)
    elif stated.is_bound:
        _report_bound(stated, x, y, about, called)
    elif looks_like_vn2000(stated):
        about.add("crs.vn2000-without-shift", stated=called)
    else:
        _report_accuracy(operation, about)
    return Placed(crs, operation)


def looks_like_vn2000(crs: pyproj.CRS) -> bool:
    """Say whether a system has the name or the scale of VN-2000, but the datum of WGS 84.

    Parameters
    ----------
    crs
        Any system.

    Returns
    -------
    bool
        Such files were made by typing the parameters of a zone and leaving the datum as it was.
    """
    if not _datum_name(crs).lower().startswith(("world geodetic system 1984", "wgs_1984", "wgs 84")):
        return False
    words = re.sub(r"[^a-z0-9]", "", crs.name.lower())
    return "vn2000" in words or "vietnam2000" in words or abs(_scale(crs) - _TM3_SCALE) < 1e-9


def _report_accuracy(operation: Operation, about: FileFindings) -> None:
    accuracy = operation.accuracy_m
    words: dict[str, Any] = {
        "stated": operation.crs,
        "operation": f"{operation.name} ({operation.code})" if operation.code else operation.name,
        "accuracy_m": "?" if accuracy is None else accuracy,
    }
    if not operation.name:
        return
    if accuracy is None:
        about.add("crs.unknown-accuracy", distance_m="?", **words)
    elif accuracy > _COARSE_M or (operation.elsewhere and not operation.name.startswith("VN-2000")):
        about.add("crs.low-accuracy", area=operation.area or "-", **words)
    else:
        about.add("crs.operation", **words)


def _report_bound(crs: pyproj.CRS, x: float, y: float, about: FileFindings, called: str) -> None:
    """Judge parameters that the file itself states, against the official ones of VN-2000."""
    operation = crs.coordinate_operation
    values = [] if operation is None else [float(one.value) for one in operation.params]
    if not any(values) and not _is_wgs84_grid(crs):
        about.add("crs.zero-shift", stated=called)
        return
    name = "" if operation is None else operation.name
    off_m = _metres_from_vn2000(crs, x, y)
    if off_m is not None and off_m <= _SAME_M:
        about.add("crs.operation", stated=called, operation=name, accuracy_m=_SAME_M)
    else:
        distance = "?" if off_m is None else off_m
        about.add("crs.unknown-accuracy", stated=called, operation=name, distance_m=distance)


def _is_wgs84_grid(crs: pyproj.CRS) -> bool:
    """Web Mercator in its old words is bound to nothing, and rightly so."""
    source = crs.source_crs
    return source is not None and source.to_epsg(min_confidence=50) == 3857


def _metres_from_vn2000(crs: pyproj.CRS, x: float, y: float) -> float | None:
    """Measure how far the stated parameters put a place from where the official ones put it."""
    source = crs.source_crs
    if source is None:
        return None
    official = _on_datum(source, _VN2000)
    if official is None:
        return None
    _, lon, lat = _used(crs, x, y, ballpark=True)
    _, lon_official, lat_official = _used(official, x, y, ballpark=True)
    if not all(map(math.isfinite, (lon, lat, lon_official, lat_official))):
        return None
    return float(pyproj.Geod(ellps="WGS84").inv(lon, lat, lon_official, lat_official)[2])


def _used(crs: pyproj.CRS, x: float, y: float, *, ballpark: bool) -> tuple[pyproj.Transformer, float, float]:
    """Transform a place, and give the transformer that was used for it."""
    transformer = transformer_between(crs, _LONLAT, ballpark=ballpark)
    longitude, latitude = transformer.transform(x, y)
    with contextlib.suppress(ProjError):  # where there is only one operation, it is the transformer itself
        transformer = transformer.get_last_used_operation()
    return transformer, float(longitude), float(latitude)


def _described(transformer: pyproj.Transformer, longitude: float, latitude: float, called: str) -> Operation:
    steps = transformer.operations or ()
    shifts = [(step, step.to_json_dict()) for step in steps]
    shifts = [(step, said) for step, said in shifts if said.get("type") == "Transformation"]
    shifts = [(step, said) for step, said in shifts if not step.name.startswith("Null geographic offset")]
    if not shifts:
        return Operation(called, accuracy_m=0.0)
    codes = [_code(said) for _, said in shifts]
    areas = [step.area_of_use for step, _ in shifts if step.area_of_use is not None]
    accuracies = [float(step.accuracy) for step, _ in shifts]
    ballpark = "ballpark" in transformer.description.lower()
    inside = all(
        area.west <= longitude <= area.east and area.south <= latitude <= area.north for area in areas
    )
    return Operation(
        crs=called,
        name=" + ".join(step.name for step, _ in shifts),
        code=" + ".join(code for code in codes if code),
        accuracy_m=None if ballpark or min(accuracies) < 0 else sum(accuracies),
        ballpark=ballpark,
        grids=tuple(grid.short_name for step, _ in shifts for grid in step.grids),
        area=areas[0].name.rstrip(".") if areas else "",
        elsewhere=not inside,
    )


def _code(said: dict[str, Any]) -> str:
    identity = said.get("id") or {}
    if not identity:
        return ""
    authority = re.sub(r"^(?:DERIVED_FROM|INVERSE)\((.+)\)$", r"\1", str(identity["authority"]))
    return f"{authority}:{identity['code']}"


def _parameters(transformer: pyproj.Transformer) -> list[float] | None:
    """Read seven parameters (position vector) of the one shift of a transformer; None for any other kind."""
    shifts = [
        step for step in transformer.operations or () if step.to_json_dict()["type"] == "Transformation"
    ]
    if len(shifts) != 1:
        return None
    values = {parameter.name: float(parameter.value) for parameter in shifts[0].params}
    method = str(shifts[0].method_name)
    moved = [values.get(name, 0.0) for name in _HELMERT]
    if method.startswith(_METHOD_3):
        return moved
    sign = next((sign for word, sign in _SIGNS.items() if method.startswith(word)), 0.0)
    if not sign:
        return None
    return [
        *moved,
        *(sign * values.get(name, 0.0) for name in _ROTATIONS),
        values.get("Scale difference", 0.0),
    ]


def _datum_name(crs: pyproj.CRS) -> str:
    datum = crs.datum if crs.datum is not None else crs.geodetic_crs and crs.geodetic_crs.datum
    return "unknown" if not datum else str(datum.name)


def _is_foreign_name(crs: pyproj.CRS) -> bool:
    """Say whether the datum is VN-2000 by its name, in a spelling that PROJ does not know."""
    word = re.sub(r"[^a-z0-9]+", "_", _datum_name(crs).lower()).strip("_")
    return _NAMES_OF_VN2000.fullmatch(word) is not None


def _with_datum_of_vn2000(crs: pyproj.CRS) -> pyproj.CRS | None:
    """Put VN-2000's datum under a system that names it in a spelling PROJ does not know."""
    if crs.is_bound or not _is_foreign_name(crs):
        return None
    official = _on_datum(crs, _VN2000)
    if official is None:
        return None
    transformer = transformer_between(crs, _LONLAT)
    return official if "ballpark" in transformer.description.lower() else None


def _on_datum(crs: pyproj.CRS, geographic: pyproj.CRS) -> pyproj.CRS | None:
    """Give the same projection on another datum; None where the system is of a kind that has none."""
    said = crs.to_json_dict()
    if crs.is_geographic:
        return geographic
    if said.get("type") != "ProjectedCRS":
        return None
    base = {key: value for key, value in geographic.to_json_dict().items() if key != "$schema"}
    said["base_crs"] = base
    said.pop("id", None)
    try:
        return pyproj.CRS.from_json_dict(said)
    except CRSError:
        return None


def _scale(crs: pyproj.CRS) -> float:
    conversion = crs.coordinate_operation
    values = {} if conversion is None else {one.name: one.value for one in conversion.params}
    return float(values.get("Scale factor at natural origin", 1.0))
