"""Tables of a published run without their outlines: neither read nor unpacked, and no library of geometries is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path

_GEOMETRY = "geometry"


def read_plain(run_folder: Path, name: str) -> pd.DataFrame:
    """Read a table of a run without its outlines.

    Parameters
    ----------
    run_folder
        Folder of a published run.
    name
        Of the table: communes or black_spots.

    Raises
    ------
    OSError, ValueError
        The file is missing or damaged.
    """
    path = run_folder / f"{name}.parquet"
    return pd.read_parquet(
        path, columns=[column for column in parquet.read_schema(path).names if column != _GEOMETRY]
    )
