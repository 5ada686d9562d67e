"""GeoParquet by pyarrow: only the columns that are asked for, the geometry as bytes."""

# ruff: noqa: PLC0415 - the library of outlines is loaded for a file whose geometry no other one reads

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from ..text.sentences import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

_ALWAYS_ALLOWED_BYTES, _LIMIT_BYTES, _LIMIT_RATIO = 256_000_000, 8_000_000_000, 200
_BATCH_BYTES, _BATCH_ROWS = 4_000_000, 1 << 20
_ALWAYS_ALLOWED_ROWS = 1_000_000  # above that, a row that takes less than a byte holds nothing


class NotGeoParquetError(ValueError):
    """The file is Parquet, but holds no geometry that it describes.

    Parameters
    ----------
    schema
        Its columns.
    """

    def __init__(self, schema: pa.Schema) -> None:
        super().__init__()
        self.names: tuple[str, ...] = tuple(schema.names)
        self.geometry: str = next((name for name in schema.names if _looks_drawn(schema.field(name))), "")


class BombError(ValueError):
    """The file unpacks to far more than its size lets expect.

    Parameters
    ----------
    size, limit
        How much that is, and how much would be read.
    """

    def __init__(self, size: Phrase, limit: Phrase) -> None:
        super().__init__(size, limit)
        self.size, self.limit = size, limit


class GeoParquetFile:
    """An open GeoParquet file; use it in a ``with`` block.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    names
        Columns without those of geometry.
    crs
        What the file states: PROJJSON, ``OGC:CRS84`` where the key is absent, as the format says, and None
        where it is null.

    Raises
    ------
    NotGeoParquetError
        There is no description of a geometry column.
    BombError
        It unpacks to far more than its size lets expect.
    pyarrow.ArrowException, OSError, ValueError
        The file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = pq.ParquetFile(path, memory_map=True)  # our own copy: nobody makes it shorter
        try:
            _look_for_bomb(self._file, path.stat().st_size)
        except BombError:
            self._file.close()
            raise
        schema = self._file.schema_arrow
        described: Any = json.loads((schema.metadata or {}).get(b"geo", b"null"))
        columns: Any = described.get("columns") if isinstance(described, dict) else None
        column: Any = columns.get(described.get("primary_column")) if isinstance(columns, dict) else None
        if not isinstance(column, dict) or described["primary_column"] not in schema.names:
            self._file.close()
            raise NotGeoParquetError(schema)
        self._geometry: str = described["primary_column"]
        self._is_wkb = str(column.get("encoding", "WKB")).upper() == "WKB"
        crs = column.get("crs", "OGC:CRS84")
        self.names: tuple[str, ...] = tuple(name for name in schema.names if name not in columns)
        self.crs: str | None = crs if crs is None or isinstance(crs, str) else json.dumps(crs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, names: Sequence[str]) -> tuple[list[pa.ChunkedArray], pa.ChunkedArray]:
        """Read columns and the geometry.

        Parameters
        ----------
        names
            Columns of the file.

        Returns
        -------
        tuple of (list of pyarrow.ChunkedArray, pyarrow.ChunkedArray)
            The columns in the order asked for, and the geometry as well-known binary.

        Raises
        ------
        pyarrow.ArrowException, OSError, ValueError
            The file is damaged.
        """
        wanted = [*names, self._geometry] if self._is_wkb else list(names)
        table = self._in_batches(wanted)
        if self._is_wkb:
            wkb = table.column(self._geometry).cast(pa.large_binary())
        else:  # a native encoding: nested lists of coordinates
            import geopandas

            shapes = geopandas.read_parquet(self._path, columns=[self._geometry]).geometry
            wkb = pa.chunked_array([pa.array(shapely.to_wkb(shapes.to_numpy()), type=pa.large_binary())])
        return [table.column(name) for name in names], wkb

    def _in_batches(self, columns: list[str]) -> pa.Table:
        """Read some megabytes at a time: in one go, Arrow would copy a large column again and again as it grows."""
        about = self._file.metadata
        unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
        rows = min(max(1, _BATCH_BYTES * about.num_rows // max(1, unpacked)), _BATCH_ROWS)
        batches = list(self._file.iter_batches(rows, columns=columns))
        if not batches:
            return self._file.read(columns=columns)
        return pa.Table.from_batches(batches).unify_dictionaries()


def _looks_drawn(column: pa.Field) -> bool:
    """Say whether a column holds geometry by its type or by its name."""
    kind, marks = column.type, column.metadata or {}
    extension = getattr(kind, "extension_name", marks.get(b"ARROW:extension:name", b"").decode("latin-1"))
    if str(extension).startswith("geoarrow."):
        return True
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return is_bytes and column.name.casefold() in {
        "geometry",
        "geom",
        "the_geom",
        "wkb",
        "wkb_geometry",
        "shape",
    }


def _look_for_bomb(file: pq.ParquetFile, size_bytes: int) -> None:
    """Compare what the metadata announce with the size of the file; nothing is unpacked for it."""
    about = file.metadata
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    limit = min(_LIMIT_BYTES, max(_ALWAYS_ALLOWED_BYTES, _LIMIT_RATIO * size_bytes))
    if unpacked > limit:
        raise BombError(
            phrase("megabytes", count=unpacked // 1_000_000), phrase("megabytes", count=limit // 1_000_000)
        )
    rows = max(about.num_rows, sum(group.num_rows for group in groups))
    most = max(_ALWAYS_ALLOWED_ROWS, size_bytes)
    if rows > most:
        raise BombError(phrase("rows", count=rows), phrase("rows", count=most))
