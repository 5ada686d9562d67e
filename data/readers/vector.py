"""Vector files of every format, read into geometries and columns.

A file goes through these steps, each of which may refuse it with a finding:

1. staging (:mod:`.staging`): is it a file, which format by content, a copy under a name of our own;
2. in a child process (:mod:`blackspot.data.isolation`): checks by ourselves (whole, and nothing
   in it that makes a reader act), reading by GDAL or pyarrow, text and geometries, all in the room
   ``data/parsers``;
3. here: whether what came back is what it should be, and coordinates (:mod:`blackspot.data.geodesy.crs`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.area import area_km2
from ..geodesy.crs import to_lonlat
from ..geodesy.crs_choice import check_coordinates, check_operation, choose_crs
from ..geodesy.crs_text import is_plain_crs
from ..isolation.answers import LayerAnswer, NamesAnswer
from ..isolation.client import isolated
from ..isolation.folder import ReadingFolder
from ..isolation.gdal import lock_down
from ..isolation.reply import BadReplyError, load_table, map_rows
from ..isolation.wkb import parse_wkb
from .facts import LayerFacts, Refused
from .formats import ANY_FEATURE, BY_NAME, SHAPEFILE, Requirements
from .staging import stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings, Findings
    from ..geodesy.operation import Placed
    from .formats import PlaceColumns, Staged


@dataclass(frozen=True, slots=True)
class VectorTable:
    """The features of one layer that can be used, in the order of the file.

    Attributes
    ----------
    facts
        What is known of the layer; its repaired ground is what closed rings and straightened arcs concern.
    crs
        Coordinate reference system of ``geometry``.
    geometry
        Flat geometries, none missing or empty, coordinates finite, x before y; shape (n,). They may be
        invalid or overlap.
    columns
        The columns that were asked for, under the names they were asked by; index 0 to n - 1.
    feature_id
        What the file calls each feature: its feature id, or its position from 0; shape (n,).
    """

    facts: LayerFacts
    crs: pyproj.CRS
    geometry: NDArray[np.object_]
    columns: pd.DataFrame
    feature_id: NDArray[np.int64]


def read_vector(
    path: Path,
    *,
    layer: str = "",
    crs: str = "",
    columns: Sequence[str] | None = (),
    findings: Findings,
    requirements: Requirements = ANY_FEATURE,
    expected: Expected = ANYTHING,
    places: PlaceColumns = BY_NAME,
) -> VectorTable | Refused[LayerFacts]:
    """Read one layer of a vector file, or say why not.

    GeoPackage, Shapefile, GeoJSON (a file, or a folder of them), GeoJSONSeq, FlatGeobuf, GeoParquet, KML, MapInfo
    TAB and MIF, File Geodatabase (a folder) and CSV with places are read, most of them zipped, too. The network is never asked, whatever the file says.

    Parameters
    ----------
    path
        The file or folder.
    layer
        The layer; may be empty where the file holds one.
    crs
        The coordinate reference system, for files that state none. For others it must agree. GeoJSON
        without it and without a ``crs`` member is in longitude and latitude, as its standard says.
    columns
        Columns to read besides the geometry; None reads all.
    findings
        Told everything there is to say. Nothing is left out or changed without a finding.
    requirements
        What its features must be.
    expected
        What the file must be.
    places
        Which columns of a table say where its rows lie; left out, they are found by their names.

    Returns
    -------
    VectorTable or Refused
        Refused after an error finding.
    """
    lock_down()  # for what this process does with the coordinates, and writes later
    facts = LayerFacts(path, layer)
    with ReadingFolder() as folder:
        source = stage(path, layer, folder, findings, expected)
        if source is None:
            return Refused(facts)
        facts = replace(facts, sha256=source.sha256, is_shapefile=source.format is SHAPEFILE)
        arguments = _arguments(replace(source, places=places), layer) | {
            "columns": None if columns is None else list(columns),
            "kinds": list(requirements.kinds),
            "required": requirements.complete,
        }
        about = findings.about(path)
        said = isolated("vector", folder, about, arguments, LayerAnswer)
        if said is None:
            return Refused(facts)
        facts = replace(facts, layer=said.layer, rows=said.features)
        try:
            return _table(facts, said, folder, crs, findings, strict=requirements.strict_place)
        except BadReplyError as bad:
            about.add("file.reader-failed", reason=bad)
            return Refused(facts)


def read_column_names(path: Path, *, layer: str = "", findings: Findings) -> list[str] | None:
    """Read the names of the columns of one layer, without its features.

    Parameters
    ----------
    path
        The file or folder.
    layer
        The layer; may be empty where the file holds one.
    findings
        Told why they cannot be read.

    Returns
    -------
    list of str or None
        None after an error finding.
    """
    with ReadingFolder() as folder:
        source = stage(path, layer, folder, findings)
        if source is None:
            return None
        said = isolated("names", folder, findings.about(path), _arguments(source, layer), NamesAnswer)
        return None if said is None else said.names


def _arguments(source: Staged, layer: str) -> dict[str, Any]:
    """Say what a reader must know of a staged file."""
    said = {
        "name": source.original.name,
        "file": source.path.name,
        "format": source.format.name,
        "stem": source.stem,
        "rows": source.rows,
        "crs": source.crs,
        "places": asdict(source.places),
    }
    return {"source": said, "layer": layer}


def _table(
    facts: LayerFacts, said: LayerAnswer, folder: ReadingFolder, crs: str, findings: Findings, *, strict: bool
) -> VectorTable | Refused[LayerFacts]:
    table = _features(said, folder) if said.plain or said.usable else None
    geometry = parse_wkb(table.column("wkb")) if said.plain and table is not None else None
    if geometry is None:
        bounds = map_rows(folder.outside / "bounds.npy", 4, said.features)
    else:
        bounds = np.asarray(shapely.bounds(geometry))
    if not np.isfinite(bounds).all():
        raise BadReplyError("bounds")
    about = findings.about(facts.path, said.named)
    placed = place_layer(said, bounds, crs, about, strict=strict)
    if placed is not None:
        facts = replace(facts, operation=placed.operation)
    if placed is None or table is None or not said.usable:
        return Refused(facts)
    if said.mended:
        facts = facts.with_repaired(mended_ground(folder.outside / "mended.arrow", placed.crs, about))
    return VectorTable(
        facts=facts,
        crs=placed.crs,
        geometry=parse_wkb(table.column("wkb")) if geometry is None else geometry,
        columns=frame_of(said.picked, table.columns, table.num_rows),
        feature_id=table.column("feature_id").to_numpy().astype(np.int64),
    )


def _features(said: LayerAnswer, folder: ReadingFolder) -> pa.Table:
    names = [*map(str, range(len(said.picked))), "feature_id", "wkb"]
    table = load_table(folder.outside / "features.arrow", names)
    if table.column("feature_id").type != pa.int64() or not table.num_rows:
        raise BadReplyError("columns")
    return table


def place_layer(
    said: LayerAnswer, bounds: NDArray[np.float64], project: str, about: FileFindings, *, strict: bool
) -> Placed | None:
    """Choose the coordinate reference system of a layer, and the operation that brings it to WGS 84.

    Parameters
    ----------
    said
        What the layer says.
    bounds
        Of its features, finite; shape (n, 4).
    project
        The system that the project file names; may be empty.
    about
        Told everything that is doubtful.
    strict
        Refuse coordinates outside the area of use of the system more strictly.

    Returns
    -------
    Placed or None
        None after an error finding.
    """
    if said.crs and not is_plain_crs(said.crs):
        about.add("crs.unusable", stated=said.crs)
        return None
    crs = choose_crs(said.crs, project or ("" if said.crs else said.usual_crs), bounds, about)
    if crs is None or not check_coordinates(bounds, crs, about, strict=strict):
        return None
    return check_operation(crs, bounds, about)


def frame_of(names: Sequence[str], columns: Sequence[pa.ChunkedArray], rows: int) -> pd.DataFrame:
    """Give columns as the rest of the program takes them.

    Parameters
    ----------
    names
        What they were asked by.
    columns
        Their values, and perhaps others after them.
    rows
        How many there are, also where no column was asked for.

    Returns
    -------
    pandas.DataFrame
        A whole number stays whole although other rows are empty: it may be a code.
    """
    whole_numbers = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
    values = {
        name: column.to_pandas(types_mapper=whole_numbers.get if column.null_count else None)
        for name, column in zip(names, columns[: len(names)], strict=True)
    }
    return pd.DataFrame(values, index=range(rows))


def mended_ground(left: Path, crs: pyproj.CRS, about: FileFindings) -> NDArray[np.object_]:
    """Measure what the process that read a file has closed and straightened.

    Parameters
    ----------
    left
        Ground that the process left, with whether an arc or a closed ring is meant.
    crs
        System of the input.
    about
        Told how much ground it is.

    Returns
    -------
    ndarray of geometries
        The ground, in EPSG:4326.

    Raises
    ------
    BadReplyError
        What was left is not what it should be.
    """
    table = load_table(left, ["is_arc", "wkb"])
    if table.column("is_arc").type != pa.bool_() or table.column("is_arc").null_count:
        raise BadReplyError("columns")
    is_arc = table.column("is_arc").to_numpy()
    ground = to_lonlat(parse_wkb(table.column("wkb")), crs)
    found_km2 = area_km2(ground)
    about.add(
        "repair.ground",
        closed=found_km2[~is_arc].sum(),
        arcs=found_km2[is_arc].sum(),
    )
    return ground
