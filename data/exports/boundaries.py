"""Outlines of communes in full, apart from the numbers of a run: they seldom change, so runs share the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

BOUNDARIES: Final = "boundaries.parquet"
"""Name of the file in a run folder: ``code`` and geometry of the communes, in the order of ``communes.parquet``."""


def read_communes(run_folder: Path) -> geopandas.GeoDataFrame:
    """Read the communes of a run with their outlines in full.

    Parameters
    ----------
    run_folder
        Folder of a published run. Those of older programs have the full outlines in ``communes.parquet``, later ones in
        ``boundaries.parquet``.

    Returns
    -------
    GeoDataFrame
        One row per commune, EPSG:4326; people are NaN where unknown.

    Raises
    ------
    OSError, ValueError
        A file is missing or damaged, or the two are not of the same communes.
    """
    path = run_folder / BOUNDARIES
    if not path.exists():
        return geopandas.read_parquet(run_folder / "communes.parquet")
    communes, full = pd.read_parquet(run_folder / "communes.parquet"), geopandas.read_parquet(path)
    if communes["code"].tolist() != full["code"].tolist():
        raise ValueError(f"{path}: has other communes than communes.parquet")
    return geopandas.GeoDataFrame(communes.drop(columns="geometry"), geometry=full.geometry)
