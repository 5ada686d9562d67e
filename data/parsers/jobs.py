"""What the child process does with a staged file. Nothing here runs in the program itself.

Every job takes the folder it reads, the folder it writes and its arguments, and gives a reply, see
:mod:`blackspot.data.isolation.answers`. Names of files that it knows are those of the staged copies.
"""

# ruff: noqa: PLC0415 - the library of rasters is loaded for the first of them

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely

from ..geodesy.crs_text import try_crs
from ..isolation.answers import LayerAnswer, NamesAnswer, UnpackedAnswer, reply_of
from ..isolation.recorded import RecordedFindings
from ..isolation.reply import save_table
from ..isolation.wkb import is_whole
from ..isolation.wkb_outlines import are_plain
from ..readers import formats as vector_formats
from ..readers.formats import FILE_GEODATABASE, PlaceColumns, Staged, known_format
from .archive import unpack
from .geojson import merge_copies
from .geometry import from_wkb, usable
from .table import parse_table
from .vector import RawLayer, read_layer, read_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ..readers.formats import Format, Kind

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
    """Read a layer and leave ``features.arrow``; also ``bounds.npy``, where it had to look at geometries."""
    findings = RecordedFindings(accept)
    staged = _staged(inside, source)
    raw = read_layer(staged, layer, columns, findings)
    if raw is None:
        return reply_of(findings.recorded, None)
    try_crs(raw.crs)
    plain = raw.whole and "polygon" in kinds and len(raw.wkb) > 0 and are_plain(raw.wkb)
    if plain:
        _save(outside, raw.columns, raw.feature_id, raw.wkb)
    usable_, closed = (True, raw.arcs[:0]) if plain else _look(outside, staged, raw, kinds, required=required)
    answer = LayerAnswer(
        layer=raw.layer,
        named=raw.about.layer,
        crs=raw.crs,
        usual_crs=raw.usual_crs,
        picked=list(raw.picked),
        plain=plain,
        usable=usable_ and raw.whole,
        mended=_has_mended(outside, closed, raw.arcs),
        features=len(raw.wkb),
    )
    return reply_of(findings.recorded, answer)


def _staged(inside: Path, source: Mapping[str, Any]) -> Staged:
    return Staged(
        original=Path(source["name"]),
        path=inside / source["file"],
        format=_FORMATS[source["format"]],
        stem=source["stem"],
        rows=tuple(source["rows"]),
        crs=source["crs"],
        places=PlaceColumns(**source["places"]),
    )


def _names(
    inside: Path, _outside: Path, *, source: Mapping[str, Any], layer: str, accept: Sequence[str]
) -> dict[str, Any]:
    """Read the names of a layer's columns."""
    findings = RecordedFindings(accept)
    names = read_names(_staged(inside, source), layer, findings)
    return reply_of(findings.recorded, None if names is None else NamesAnswer(names=names))


def _unpack(
    inside: Path, outside: Path, *, file: str, name: str, layer: str, accept: Sequence[str]
) -> dict[str, Any]:
    """Unpack the layer that is meant out of a zip file."""
    findings = RecordedFindings(accept)
    unpacked = unpack(inside / file, outside, Path(name), layer, findings)
    main, stem = unpacked or (None, "")
    if main is not None and main.suffix in FILE_GEODATABASE.endings:  # a folder; its name tells
        found: Format | None = FILE_GEODATABASE
    else:
        found = None if main is None else known_format(main, Path(name), findings, main.suffix)
    if main is None or found is None:
        return reply_of(findings.recorded, None)
    return reply_of(findings.recorded, UnpackedAnswer(main=main.name, stem=stem, format=found.name))


def _merge(inside: Path, outside: Path, *, count: int, accept: Sequence[str]) -> dict[str, Any]:
    """Lay the files of a folder end to end."""
    findings = RecordedFindings(accept)
    answer = merge_copies(inside, outside, count, findings.about(""))
    return reply_of(findings.recorded, answer)


def _look(
    outside: Path,
    staged: Staged,
    raw: RawLayer,
    kinds: Sequence[Kind],
    *,
    required: bool,
) -> tuple[bool, NDArray[np.object_]]:
    """Build the geometries, put right what can be, leave those that can be used; false after an error.

    Also gives the geometries whose rings were closed.
    """
    wkb = raw.wkb.to_numpy()
    found = from_wkb(wkb, np.array(staged.rows or raw.feature_id, dtype=object), raw.about)
    kept = usable(found, kinds, raw.about, required=required)
    bounds = shapely.bounds(found.geometry)
    np.save(outside / "bounds.npy", bounds[np.isfinite(bounds).all(axis=1)])
    if kept is None:
        return False, found.closed
    geometry, here = kept
    as_read = geometry is found.geometry and not len(found.closed)
    packed = pa.array(_written(wkb[here], geometry[here], as_read=as_read), type=pa.large_binary())
    columns = [column.filter(pa.array(here)) for column in raw.columns]
    _save(outside, columns, raw.feature_id[here], pa.chunked_array([packed]))
    return True, found.closed


def _has_mended(outside: Path, closed: NDArray[np.object_], arcs: NDArray[np.object_]) -> bool:
    """Leave ``mended.arrow``, the ground that closed rings and straightened arcs concern, where there is some."""
    ground, owner = shapely.get_parts(np.concatenate([closed, arcs]), return_index=True)
    is_arc = owner >= len(closed)
    chosen = (shapely.area(ground) > 0) & np.isfinite(shapely.bounds(ground)).all(axis=1)
    chosen &= shapely.get_type_id(ground) == shapely.GeometryType.POLYGON
    if not chosen.any():
        return False
    wkb = shapely.to_wkb(ground[chosen], output_dimension=2, byte_order=1, flavor="iso")
    save_table(
        outside / "mended.arrow",
        {"is_arc": pa.array(is_arc[chosen]), "wkb": pa.array(wkb, type=pa.large_binary())},
    )
    return True


def _save(
    outside: Path,
    columns: Sequence[pa.ChunkedArray],
    feature_id: NDArray[np.int64],
    wkb: pa.ChunkedArray,
) -> None:
    named = {str(number): column for number, column in enumerate(columns)}
    ids = pa.chunked_array([pa.array(feature_id)])
    save_table(outside / "features.arrow", named | {"feature_id": ids, "wkb": wkb})


def _written(
    wkb: NDArray[np.object_], geometry: NDArray[np.object_], *, as_read: bool
) -> NDArray[np.object_]:
    """Give the bytes as they were read, where nothing was changed and they are plain; else write them anew."""
    if as_read and all(is_whole(memoryview(row)) for row in wkb):
        return wkb
    anew = shapely.to_wkb(geometry, output_dimension=2, byte_order=1, flavor="iso")
    return np.asarray(anew, dtype=object)


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
    if frame is None:
        return reply_of(findings.recorded, None)
    names = [str(name) for name in frame.columns]
    cells = {str(at): pa.array(frame[name].tolist(), type=pa.large_string()) for at, name in enumerate(names)}
    save_table(outside / "cells.arrow", cells | {"row": pa.array(frame.index.to_numpy(dtype=np.int64))})
    return reply_of(findings.recorded, NamesAnswer(names=names))


def _raster(inside: Path, outside: Path, *, file: str, name: str, accept: Sequence[str]) -> dict[str, Any]:
    """Decode a raster and leave ``cells.npy`` and, where there is a mask, ``mask.npy``."""
    from .raster import read_raster

    findings = RecordedFindings(accept)
    header = read_raster(inside / file, outside, findings.about(name))
    try_crs(None if header is None else header.crs)
    return reply_of(findings.recorded, header)


def _trace(
    _inside: Path,
    outside: Path,
    *,
    cells: Mapping[str, Any],
    lowest: float,
    highest: float | None,
    negated: bool,
    accept: Sequence[str],
) -> dict[str, Any]:
    """Trace the cells of an unpacked raster whose values lie in a range and leave ``outlines.arrow``."""
    from .raster import trace

    del accept  # there is nothing to ask
    return reply_of([], trace(outside, cells, lowest=lowest, highest=highest, negated=negated))


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "vector": _vector,
    "names": _names,
    "unpack": _unpack,
    "merge": _merge,
    "table": _table,
    "raster": _raster,
    "trace": _trace,
}
"""Name to job."""
