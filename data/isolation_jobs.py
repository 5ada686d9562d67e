"""What the child process does with a staged file. Nothing here runs in the program itself.

Every job takes the folder it reads, the folder it writes and its arguments, and gives an answer of JSON's
types. Names of files that it knows are those of the staged copies.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from . import vector_formats
from .isolation_reply import RecordedFindings, save_table
from .raster_reading import read_raster
from .table_parsing import parse_table
from .vector_geometry import Named, from_wkb, usable
from .vector_reading import Raw, read_layer
from .vector_staging import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from .vector_geometry import Kind

_FORMATS = {found.name: found for found in vector_formats.LAYER_FORMATS}


def _vector(
    inside: Path,
    outside: Path,
    *,
    source: Mapping[str, Any],
    layer: str,
    columns: Sequence[str] | None,
    kinds: Sequence[Kind],
    required: bool,
    accept: Sequence[str],
) -> dict[str, Any]:
    """Read a layer and leave ``features.arrow`` and ``bounds.npy``."""
    findings = RecordedFindings(accept)
    staged = Staged(
        original=Path(source["name"]),
        path=inside / source["file"],
        format=_FORMATS[source["format"]],
        stem=source["stem"],
        rows=tuple(source["rows"]),
        crs=source["crs"],
    )
    raw = read_layer(staged, layer, columns, findings)
    answer: dict[str, Any] = {"read": raw is not None}
    if raw is not None:
        names = np.array(staged.rows or raw.feature_id, dtype=object)
        found = from_wkb(raw.wkb, names, raw.about)
        kept = usable(found, kinds, raw.about, required=required)
        _leave(outside, raw, found, kept)
        answer |= {
            "layer": raw.layer,
            "named": raw.about.layer,
            "crs": raw.crs,
            "usual_crs": raw.usual_crs,
            "picked": list(raw.picked),
            "usable": kept is not None and raw.whole,
            "features": len(found.geometry),
        }
    return answer | {"findings": findings.recorded}


def _leave(
    outside: Path, raw: Raw, found: Named, kept: tuple[NDArray[np.object_], NDArray[np.bool_]] | None
) -> None:
    bounds = shapely.bounds(found.geometry)
    np.save(outside / "bounds.npy", bounds[np.isfinite(bounds).all(axis=1)])
    if kept is None:
        return
    geometry, here = kept
    wkb = shapely.to_wkb(geometry[here], output_dimension=2, byte_order=1, flavor="iso")
    columns = {str(number): column.filter(pa.array(here)) for number, column in enumerate(raw.columns)}
    columns["feature_id"] = pa.chunked_array([pa.array(raw.feature_id[here])])
    columns["wkb"] = pa.chunked_array([pa.array(wkb, type=pa.large_binary())])
    save_table(outside / "features.arrow", columns)


def _table(
    inside: Path,
    outside: Path,
    *,
    file: str,
    sheet: str,
    columns: Sequence[str] | None,
    numbers: Sequence[str],
    accept: Sequence[str],
) -> dict[str, Any]:
    """Read a table and leave ``cells.arrow``."""
    findings = RecordedFindings(accept)
    frame = parse_table(inside / file, sheet, columns, findings.about(file, sheet), numbers)
    names: list[str] = []
    if frame is not None:
        names = [str(name) for name in frame.columns]
        cells = {
            str(at): pa.array(frame[name].tolist(), type=pa.large_string()) for at, name in enumerate(names)
        }
        save_table(outside / "cells.arrow", cells | {"row": pa.array(frame.index.to_numpy(dtype=np.int64))})
    return {"read": frame is not None, "names": names, "findings": findings.recorded}


def _raster(inside: Path, outside: Path, *, file: str, name: str, accept: Sequence[str]) -> dict[str, Any]:
    """Decode a raster and leave ``cells.npy`` and, where there is a mask, ``mask.npy``."""
    findings = RecordedFindings(accept)
    header = read_raster(inside / file, outside, findings.about(name))
    return {"header": header, "findings": findings.recorded}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {"vector": _vector, "table": _table, "raster": _raster}
"""Name to job."""
