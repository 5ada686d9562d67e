"""A CSV file whose rows have a place: well-known text, longitude and latitude, cells of H3 or of a metric grid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import shapely

from ...text.slug import slug
from .features import Features, point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from ...findings.collector import FileFindings
    from ...readers.formats import PlaceColumns

    Drawn = tuple[list[bytes | None], str | None, str]

_WKT = ("wkt", "geom", "geometry", "the_geom", "geom_wkt", "wkt_geom", "geometry_wkt", "hinh_hoc")
_LON = ("lon", "lng", "long", "longitude", "kinh_do", "kinhdo")
_LAT = ("lat", "latitude", "vi_do", "vido")
_H3 = ("h3", "h3_index", "h3index", "h3_cell", "h3_id", "hex_id", "h3_address")
_EWKT = re.compile(r"SRID=(\d{1,6});", re.IGNORECASE)
_H3_INDEX = re.compile(r"8[0-9a-f]{14}", re.IGNORECASE)
# A cell of a metric grid by INSPIRE's code (D2.8.I.2, "Geographical Grid Systems", 4.2): the size, then the lower left corner,
# in cells (100mN26840E43341) or, with its reference system, in metres (CRS3035RES100mN2684000E4334100).
_GRID_CELL = re.compile(r"(?:CRS(\d{4,5})RES)?(\d{1,4})(km|m)N(\d{1,8})E(\d{1,8})", re.IGNORECASE)
_GRID_OF_EUROPE = "EPSG:3035"
_SHOWN = 80
T = TypeVar("T")


def with_places(frame: pd.DataFrame, stated: PlaceColumns, about: FileFindings) -> Features | None:
    """Draw the rows of a table.

    Parameters
    ----------
    frame
        Every cell as text, empty where there is nothing; the index is the number of the row in the file.
    stated
        Which columns say where rows lie; where none is stated, they are found by their names.
    about
        Told why they cannot be drawn.

    Returns
    -------
    Features or None
        None after an error finding. Every cell is text; the columns of the place are among them.
    """
    drawn = _drawn(frame, stated, about)
    if drawn is None:
        return None
    wkb, crs, usual = drawn
    cells = {str(name): [cell or None for cell in frame[name]] for name in frame.columns}
    return Features(cells, wkb, frame.index.to_numpy(dtype=np.int64), crs, usual)


def _drawn(frame: pd.DataFrame, stated: PlaceColumns, about: FileFindings) -> Drawn | None:
    """Find the columns that hold places, and draw them."""
    names = [str(name) for name in frame.columns]
    given = (stated.wkt, stated.lon, stated.lat, stated.h3, stated.grid)
    missing = [name for name in given if name and name not in names]
    for name in missing:
        about.add("column.missing", column=name, columns=names)
    if missing:
        return None
    alone = not any(given)
    wkt = stated.wkt or (_named(names, _WKT) if alone else "")
    h3 = stated.h3 or (_named(names, _H3) if alone else "")
    lon = stated.lon or (_named(names, _LON) if alone else "")
    lat = stated.lat or (_named(names, _LAT) if alone else "")
    if wkt:
        return _from_wkt(frame[wkt], about)
    if h3:
        return _from_h3(frame[h3], about)
    grid = stated.grid or (_of_grid_cells(frame) if alone and not (lon and lat) else "")
    if grid:
        return _from_grid(frame[grid], about)
    usual = "EPSG:4326"
    if not (lon and lat) and alone and {"x", "y"} <= {slug(name) for name in names}:
        lon, lat, usual = _named(names, ("x",)), _named(names, ("y",)), ""
    if lon and lat:
        return _from_numbers(frame, lon, lat, usual, about)
    about.add("layer.no-place-columns", columns=names)
    return None


def _named(names: Sequence[str], known: Iterable[str]) -> str:
    by_slug = {slug(name): name for name in reversed(names)}
    return next((by_slug[one] for one in known if one in by_slug), "")


def _from_wkt(cells: pd.Series[str], about: FileFindings) -> Drawn | None:
    texts = [cell or None for cell in cells]
    stated = [_EWKT.match(text) for text in texts if text]
    numbers = {match[1] if match else "" for match in stated}
    if len(numbers) > 1:
        about.add("crs.several", stated=sorted(f"EPSG:{number}" if number else "-" for number in numbers))
        return None

    def parsed(text: str) -> bytes:
        match = _EWKT.match(text)
        drawn = shapely.from_wkt(text[match.end() :] if match else text)
        return bytes(shapely.to_wkb(shapely.force_2d(drawn), byte_order=1, flavor="iso"))

    wkb = _each(cells, parsed, about)
    number = next(iter(numbers), "")
    return None if wkb is None else (wkb, f"EPSG:{number}" if number else None, "EPSG:4326")


def _from_numbers(frame: pd.DataFrame, lon: str, lat: str, usual: str, about: FileFindings) -> Drawn | None:
    east, north = (_each(frame[name], _number, about) for name in (lon, lat))
    if east is None or north is None:
        return None
    pairs = zip(east, north, strict=True)
    wkb = [None if x is None or y is None else point(np.array([[x, y]])) for x, y in pairs]
    return wkb, None, usual


def _number(text: str) -> float:
    if "_" in text:  # which Python takes for a number
        raise ValueError(text)
    return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)


def _from_h3(cells: pd.Series[str], about: FileFindings) -> Drawn | None:
    try:
        import h3  # type: ignore[import-not-found, import-untyped, unused-ignore] # noqa: PLC0415 - an extra
    except ImportError:
        about.add("layer.needs-h3", column=str(cells.name))
        return None

    def parsed(text: str) -> bytes:
        if not _H3_INDEX.fullmatch(text) or not h3.is_valid_cell(text.lower()):
            raise ValueError(text)
        outline = [(lon, lat) for lat, lon in h3.cell_to_boundary(text.lower())]
        return bytes(shapely.to_wkb(shapely.Polygon(outline), byte_order=1, flavor="iso"))

    wkb = _each(cells, parsed, about)
    return None if wkb is None else (wkb, None, "EPSG:4326")


def _of_grid_cells(frame: pd.DataFrame) -> str:
    """Find the column in which every cell that holds anything is the code of a cell of a metric grid."""
    for name in frame.columns:
        held = [cell for cell in frame[name] if cell]
        if held and all(_GRID_CELL.fullmatch(cell) for cell in held):
            return str(name)
    return ""


def _from_grid(cells: pd.Series[str], about: FileFindings) -> Drawn | None:
    stated = {f"EPSG:{match[1]}" if match[1] else "" for match in map(_GRID_CELL.fullmatch, cells) if match}
    if len(stated) > 1:
        about.add("crs.several", stated=sorted(one or "-" for one in stated))
        return None

    def parsed(text: str) -> bytes:
        match = _GRID_CELL.fullmatch(text)
        if match is None:
            raise ValueError(text)
        side = int(match[2]) * (1000 if match[3].lower() == "km" else 1)
        north, east = (int(number) * (1 if match[1] else side) for number in (match[4], match[5]))
        square = shapely.box(east, north, east + side, north + side)
        return bytes(shapely.to_wkb(square, byte_order=1, flavor="iso"))

    wkb = _each(cells, parsed, about)
    number = next(iter(stated), "")
    return None if wkb is None else (wkb, number or None, _GRID_OF_EUROPE)


def _each(cells: pd.Series[str], parsed: Callable[[str], T], about: FileFindings) -> list[T | None] | None:
    """Parse every cell that holds anything; None after a finding about those that cannot be parsed."""
    found: list[T | None] = []
    broken: list[tuple[int, str]] = []
    for row, cell in cells.items():
        try:
            found.append(parsed(cell) if cell else None)
        except (ValueError, shapely.errors.ShapelyError):
            broken.append((int(str(row)), cell))
    if broken:
        row, cell = broken[0]
        rows = [number for number, _ in broken]
        about.add(
            "layer.bad-place",
            column=str(cells.name),
            row=str(row),
            rows=rows,
            count=len(rows),
            cell=cell[:_SHOWN],
        )
    return None if broken else found
