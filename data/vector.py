"""Vector files into geometries and columns, by one door, whatever their format.

A file goes through these steps, each of which may refuse it with a finding:

1. staging (:mod:`.vector_staging`): is it a file, which format by content, a name of our own;
2. checks by ourselves (:mod:`.vector_checks`): whole, and nothing in it that makes a reader act;
3. reading: GDAL (through pyogrio, locked down) or pyarrow, as Arrow columns and well-known binary;
4. text (:mod:`.vector_text`), coordinates (:mod:`.crs`) and geometries (:mod:`.vector_geometry`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from .crs import check_coordinates, check_operation, settle_crs
from .gdal_environment import lock_down
from .vector_geometry import KINDS, Kind, Named, from_wkb, usable
from .vector_reading import Raw, read_layer
from .vector_staging import staged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from .findings import Findings

_STRICT_ROLES = frozenset({"communes", "provinces"})


@dataclass(frozen=True, slots=True)
class VectorTable:
    """The features of one layer that can be used, in the order of the file.

    Attributes
    ----------
    path
        The input as it was named.
    layer
        The layer that was read.
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

    path: Path
    layer: str
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
    role: str,
    kinds: Sequence[Kind] = KINDS,
    required: bool = False,
) -> VectorTable | None:
    """Read one layer of a vector file, or say why not.

    GeoPackage, Shapefile (plain or zipped), GeoJSON (a file, or a folder of them), GeoJSONSeq, FlatGeobuf
    and GeoParquet are read. The network is never asked, whatever the file says.

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
    role
        What the file is used as. For ``communes`` and ``provinces`` a place outside the area of use of the
        coordinate reference system is refused more strictly.
    kinds
        The kinds of geometry that can be used; a feature of another kind is an error.
    required
        A feature without geometry is an error; otherwise it is left out and reported.

    Returns
    -------
    VectorTable or None
        None after an error finding.
    """
    lock_down()
    with staged(path, layer, findings) as source:
        raw = None if source is None else read_layer(source, layer, columns, findings)
        if source is None or raw is None:
            return None
        names = np.array(source.rows or raw.feature_id, dtype=object)
    found = from_wkb(raw.wkb, names, raw.about)
    kept = usable(found, kinds, raw.about, required=required)
    settled = _settled_crs(found, raw, crs, strict=role in _STRICT_ROLES)
    if kept is None or settled is None or not raw.whole:
        return None
    geometry, here = kept
    return VectorTable(
        path=path,
        layer=raw.layer,
        crs=settled,
        geometry=geometry[here],
        columns=_frame(raw, here),
        feature_id=raw.feature_id[here],
    )


def _settled_crs(found: Named, raw: Raw, project: str, *, strict: bool) -> pyproj.CRS | None:
    bounds = shapely.bounds(found.geometry)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    crs = settle_crs(raw.crs, project or ("" if raw.crs else raw.usual_crs), bounds, raw.about)
    if crs is None or not check_coordinates(bounds, crs, raw.about, strict=strict):
        return None
    check_operation(crs, bounds, raw.about)
    return crs


def _frame(raw: Raw, here: NDArray[np.bool_]) -> pd.DataFrame:
    whole_numbers = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
    # A whole number stays whole although other rows are empty: it may be a code.
    columns = {
        name: column.to_pandas(types_mapper=whole_numbers.get if column.null_count else None)
        for name, column in zip(raw.picked, raw.columns, strict=True)
    }
    return pd.DataFrame(columns, index=range(len(here)))[here].reset_index(drop=True)
