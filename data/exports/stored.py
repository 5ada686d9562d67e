"""Tables of a published run, read back; one place knows which files the runs of older programs have."""

# ruff: noqa: PLC0415 - what only shows tables loads no library of geometries

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ..columns.plain_table import read_plain
from .csv_file import ENCODING, remove_guards
from .published import NOTICE_COLUMN

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

BOUNDARIES: Final = "boundaries.parquet"
"""Name of the file in a run folder: ``code`` and geometry of the communes, in the order of ``communes.parquet``."""

_TEXTS = ("province_code", "province_name", NOTICE_COLUMN)


def read_provinces(run_folder: Path) -> pd.DataFrame:
    """Read the provinces of a run.

    Parameters
    ----------
    run_folder
        Folder of a published run. Runs of older programs have no ``provinces.parquet``; theirs are read from
        ``provinces.csv``.

    Returns
    -------
    DataFrame
        One row per province; people are NaN where unknown, a missing text is empty.

    Raises
    ------
    OSError, ValueError
        The file is missing or damaged.
    """
    path = run_folder / "provinces.parquet"
    return pd.read_parquet(path) if path.exists() else _from_csv(run_folder / "provinces.csv")


def read_communes(run_folder: Path, outlines: geopandas.GeoSeries | None = None) -> geopandas.GeoDataFrame:
    """Read the communes of a run with their outlines in full.

    Parameters
    ----------
    run_folder
        Folder of a published run. Those of older programs have the full outlines in ``communes.parquet``, later ones in
        ``boundaries.parquet``.
    outlines
        The full outlines in the order of the communes, EPSG:4326, where whoever wrote the run still has them; the file
        has the same ones to the last bit, and is not read then.

    Returns
    -------
    GeoDataFrame
        One row per commune, EPSG:4326; people are NaN where unknown.

    Raises
    ------
    OSError, ValueError
        A file is missing or damaged, or the two are not of the same communes.
    """
    import geopandas

    path = run_folder / BOUNDARIES
    if outlines is not None:
        table = read_plain(run_folder, "communes")
        return geopandas.GeoDataFrame(table, geometry=outlines.reset_index(drop=True))
    if not path.exists():
        return geopandas.read_parquet(run_folder / "communes.parquet")
    communes, full = pd.read_parquet(run_folder / "communes.parquet"), geopandas.read_parquet(path)
    if communes["code"].tolist() != full["code"].tolist():
        raise ValueError(f"{path}: has other communes than communes.parquet")
    return geopandas.GeoDataFrame(communes.drop(columns="geometry"), geometry=full.geometry)


def _from_csv(path: Path) -> pd.DataFrame:
    """Read the table for people: only numbers can be missing, and text has no guards against spreadsheets."""
    header = pd.read_csv(path, nrows=0, encoding=ENCODING).columns
    frame = pd.read_csv(
        path,
        dtype=dict.fromkeys(_TEXTS, "str"),
        encoding=ENCODING,
        keep_default_na=False,
        na_values={name: [""] for name in header if name not in _TEXTS},
    )
    texts = {name: frame[name].map(remove_guards) for name in _TEXTS if name in frame}
    return frame.assign(**texts)
