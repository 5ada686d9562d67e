"""People and coverage, cell by cell, as a run keeps them for later comparison.

In most cells all people lack a service or nobody does. So a flag says where all do, and a number is there only for the
rest: a third of the room.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...data.text.sentences import told
from ...data.text.slug import slug
from ...errors import WorkplaceError
from .cell_shares import LayerShares

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..overlay.totals import FailingCells

LACKING_CELLS: Final = "lacking_cells.parquet"
"""Name of the file in a run folder."""
PROFILE: Final = "profile"
"""Name of the group that fails the profile; the others are services."""
_GRID: Final = b"grid"
_LAYERS: Final = b"layers"
_ALL, _SOME = "all_lack_", "some_lack_"
_EITHER = "lacks_"  # of older programs: one column of people
_NEAR: Final = 1e-6  # of a cell: transforms that were computed in another order


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Where the cells of a run lie.

    Attributes
    ----------
    crs
        Reference system, as WKT.
    transform
        From column and row to coordinates: width of a cell, 0, left edge, 0, minus height of a cell, top edge.
    width, height
        Columns and rows.
    """

    crs: str
    transform: tuple[float, ...]
    width: int
    height: int

    def offset_to(self, other: CellGrid) -> tuple[int, int] | None:
        """Say how many rows and columns lie between two grids of the same cells; None where the cells differ.

        Parameters
        ----------
        other
            Another grid. Row and column of a cell here, plus what is returned, are those of the cell there.
        """
        step_x, _, left, _, step_y, top = self.transform
        if self.crs != other.crs or not np.allclose(
            (step_x, step_y), (other.transform[0], other.transform[4]), rtol=_NEAR / other.width, atol=0
        ):
            return None
        rows, cols = (top - other.transform[5]) / step_y, (left - other.transform[2]) / step_x
        if max(abs(rows - round(rows)), abs(cols - round(cols))) > _NEAR * max(self.width, self.height):
            return None
        return round(rows), round(cols)


@dataclass(frozen=True, slots=True)
class LackingCells:
    """People per commune and cell: all of them, and those who lack something.

    Attributes
    ----------
    grid
        Where the cells lie.
    code
        Code of the commune, shape (k,).
    row, col
        int64 (k,): which cell of the grid.
    everybody
        float64 (k,): all people of the commune in the cell.
    people
        Float64 by group, each of shape (k,): how many of the people there lack it; ``profile`` or a service.
    layers
        What each operator's coverage of each service is worth there; None in runs of older programs, which also have no
        cells in which nobody lacks anything.
    """

    grid: CellGrid
    code: NDArray[np.object_]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    everybody: NDArray[np.float64]
    people: dict[str, NDArray[np.float64]]
    layers: tuple[LayerShares, ...] | None


def write_lacking_cells(
    path: Path,
    cells: FailingCells,
    codes: Sequence[str],
    services: Sequence[str],
    layers: Iterable[LayerShares],
    grid: Grid,
) -> None:
    """Keep the people of each cell, how many of them fail the profile or lack a service, and what covers the cell.

    Parameters
    ----------
    path
        The file to write: GeoParquet's plain cousin, one row per commune and cell in which anybody lives.
    cells
        As counted: the groups are everybody, the profile, and ``services``.
    codes
        Codes of the communes, in their order.
    services
        In the order of the groups.
    layers
        Of each operator and service, in the order of the cells.
    grid
        The grid of the cells.

    Raises
    ------
    OSError
        The disk is full or read-only.
    """
    dictionary = pa.DictionaryArray.from_arrays(pa.array(cells.commune), pa.array(list(codes)))
    columns = {
        "code": dictionary,
        "row": pa.array(cells.row),
        "col": pa.array(cells.col),
        "people": pa.array(cells.people),
    }
    for at, group in enumerate((PROFILE, *services), start=1):
        lacking = cells.failing[:, at]
        all_lack = lacking == cells.people
        columns[f"{_ALL}{group}"] = pa.array(all_lack)
        columns[f"{_SOME}{group}"] = pa.array(np.where(all_lack, np.float32(0), lacking))
    described = []
    for layer in layers:
        names = _layer_columns(layer)
        columns |= {name: pa.array(values) for name, values in names.items()}
        described.append({"operator": layer.operator, "service": layer.service, "columns": list(names)})
    place = {
        "crs": grid.crs.to_wkt(),
        "transform": list(grid.transform)[:6],
        "width": grid.width,
        "height": grid.height,
    }
    table = pa.table(columns).replace_schema_metadata({_GRID: _json(place), _LAYERS: _json(described)})
    packed = pa.BufferOutputStream()
    pq.write_table(table, packed, compression="zstd", compression_level=9, use_dictionary=["code"])
    path.write_bytes(packed.getvalue())


def _layer_columns(layer: LayerShares) -> dict[str, NDArray[np.uint8]]:
    """Name the columns of a layer: what it covers, and, where that is not everything, what it speaks for."""
    named = f"{layer.service}_{slug(layer.operator)}"
    columns = {f"covered_{named}": layer.covered}
    return columns if layer.known is None else columns | {f"known_{named}": layer.known}


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


def read_lacking_cells(path: Path) -> LackingCells | None:
    """Read what a run kept; None where it kept none, as runs of older programs.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    WorkplaceError
        The file is damaged.
    """
    if not path.exists():
        return None
    try:
        table = pq.read_table(path)
        metadata = table.schema.metadata or {}
        grid = _read_grid(json.loads(metadata[_GRID]))
        people = _groups(table)
        layers = None
        if _LAYERS in metadata:
            layers = tuple(_read_layers(table, json.loads(metadata[_LAYERS])))
    except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise WorkplaceError(told("errors", "cells_damaged", path=path, words=error)) from error
    row, col = (table[name].to_numpy().astype(np.int64) for name in ("row", "col"))
    return LackingCells(
        grid=grid,
        code=np.asarray(table["code"].to_pandas().astype(object)),
        row=row,
        col=col,
        everybody=table["people"].to_numpy().astype(np.float64),
        people=people,
        layers=layers,
    )


def _read_grid(place: Mapping[str, object]) -> CellGrid:
    transform = place["transform"]
    if not isinstance(transform, list) or len(transform) != 6:
        raise ValueError("the grid has no transform")
    steps = tuple(float(step) for step in transform)
    return CellGrid(str(place["crs"]), steps, int(str(place["width"])), int(str(place["height"])))


def _read_layers(table: pa.Table, described: Sequence[Mapping[str, object]]) -> Iterator[LayerShares]:
    for layer in described:
        names = layer["columns"]
        if not isinstance(names, list):
            raise TypeError("a layer has no columns")
        covered, *known = (table[name].to_numpy() for name in names)
        yield LayerShares(str(layer["operator"]), str(layer["service"]), covered, known[0] if known else None)


def _groups(table: pa.Table) -> dict[str, NDArray[np.float64]]:
    """Give the people of each group that lacks something, in the order of the columns."""
    found: dict[str, NDArray[np.float64]] = {}
    for name in table.column_names:
        if name.startswith(_EITHER):
            found[name.removeprefix(_EITHER)] = table[name].to_numpy().astype(np.float64)
        elif name.startswith(_ALL):
            group = name.removeprefix(_ALL)
            some = table[f"{_SOME}{group}"].to_numpy()
            found[group] = np.where(table[name].to_numpy(), table["people"].to_numpy(), some).astype(
                np.float64
            )
    return found
