"""People who lack something, cell by cell, as a run keeps them for later comparison.

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

from ...errors import WorkplaceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..overlay.totals import FailingCells

LACKING_CELLS: Final = "lacking_cells.parquet"
"""Name of the file in a run folder."""
PROFILE: Final = "profile"
"""Name of the group that fails the profile; the others are services."""
_GRID: Final = b"grid"
_ALL, _SOME = "all_lack_", "some_lack_"
_EITHER = "lacks_"  # of older programs: one column of people


@dataclass(frozen=True, slots=True)
class LackingCells:
    """People who lack something, per commune and cell.

    Attributes
    ----------
    grid
        Text that tells one grid from another: reference system, place and size of its cells.
    code
        Code of the commune, shape (k,).
    cell
        int64 (k,): which cell of the grid.
    people
        Float64 by group, each of shape (k,): how many of the people there lack it; ``profile`` or a service.
    """

    grid: str
    code: NDArray[np.object_]
    cell: NDArray[np.int64]
    people: dict[str, NDArray[np.float64]]


def write_lacking_cells(
    path: Path, cells: FailingCells, codes: Sequence[str], services: Sequence[str], grid: Grid
) -> None:
    """Keep the people of each cell who fail the profile or lack a service.

    Parameters
    ----------
    path
        The file to write: GeoParquet's plain cousin, one row per commune and cell in which anybody lacks anything.
    cells
        As counted: the groups are anything, the profile, and ``services``.
    codes
        Codes of the communes, in their order.
    services
        In the order of the groups.
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
    described = json.dumps(
        {
            "crs": grid.crs.to_wkt(),
            "transform": list(grid.transform)[:6],
            "width": grid.width,
            "height": grid.height,
        },
        sort_keys=True,
    )
    table = pa.table(columns).replace_schema_metadata({_GRID: described.encode()})
    packed = pa.BufferOutputStream()
    pq.write_table(table, packed, compression="zstd", compression_level=9, use_dictionary=["code"])
    path.write_bytes(packed.getvalue())


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
        described = metadata[_GRID].decode()
        width = int(json.loads(described)["width"])
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise WorkplaceError(f"{path}: is damaged ({error}); restore the run.") from error
    row, col = (table[name].to_numpy().astype(np.int64) for name in ("row", "col"))
    return LackingCells(
        grid=described,
        code=np.asarray(table["code"].to_pandas().astype(object)),
        cell=row * width + col,
        people=_groups(table),
    )


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
