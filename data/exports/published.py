"""What a published table looks like: the same rounded numbers and the same clean text in every file.

The register of columns says of what kind each column is, and one place decides how many decimals a run
publishes of it, so that a number in ``communes.csv`` is the number in the GeoParquet, the GeoPackage and the
workbook, and therefore the one a map shows:

=====================  ========  ===========================================================
kind                   decimals  why
=====================  ========  ===========================================================
people                 8         covered + uncovered + no data still give the total to 1e-6
share (0 to 1)         6         a ten-thousandth of a per cent
area (km²)             6         a square metre
distance (km)          3         a metre
degree                 6         a tenth of a metre
index (0 to 1)         12        the parts of a score still give it to 1e-9
any other number       6
=====================  ========  ===========================================================

Rounding at all, instead of all 17 digits, keeps the files the same where another processor adds in another
order.
"""

# ruff: noqa: PLC0415 - a table without outlines is written and read without the library of geometries

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from ..columns.register import find
from ..text.safe import clean_text

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    from ..columns.column import Kind
    from ..columns.register import Table

DECIMALS: dict[Kind, int] = {
    "people": 8,
    "share": 6,
    "area": 6,
    "distance": 3,
    "degree": 6,
    "index": 12,
    "number": 6,
}
"""Decimals of each kind of number; the table above says why."""

NOTICE_COLUMN = "notice"
"""Last column of every table of a run that carries a notice, such as SAMPLE DATA."""


def published(frame: pd.DataFrame, table: Table, notice: str = "") -> pd.DataFrame:
    """Bring a table into the shape in which every file shows it.

    Parameters
    ----------
    frame
        Plain or with a geometry column.
    table
        Which table of the register of columns it is.
    notice
        Text for the column ``notice``; when empty there is no such column.

    Returns
    -------
    DataFrame
        A copy with rows 0..n-1: numbers rounded (no negative zero, infinite becomes missing), text clean and
        never null (a missing text is empty), the geometry as the last column when there is one.

    Raises
    ------
    UnknownColumnError
        The register does not describe a column.
    """
    geometry = _geometry_name(frame)
    columns: dict[str, object] = {}
    for name in frame.columns:
        if name != geometry:
            column, _ = find(table, str(name))
            columns[str(name)] = _published_column(column.kind, frame[name])
    if notice:
        columns[NOTICE_COLUMN] = pd.Series([clean_text(notice)] * len(frame), dtype="str")
    plain = pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))
    if geometry is None:
        return plain
    import geopandas

    located = cast("geopandas.GeoDataFrame", frame)
    shapes = geopandas.GeoSeries(located.geometry.to_numpy(), crs=located.crs)
    return geopandas.GeoDataFrame(plain, geometry=shapes)


def without_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the plain columns of a table.

    Parameters
    ----------
    frame
        Plain or with a geometry column.

    Returns
    -------
    DataFrame
        The same without its geometry.
    """
    geometry = _geometry_name(frame)
    return frame if geometry is None else pd.DataFrame(frame.drop(columns=geometry))


def _geometry_name(frame: pd.DataFrame) -> str | None:
    import geopandas

    return str(frame.geometry.name) if isinstance(frame, geopandas.GeoDataFrame) else None


def _published_column(kind: Kind, column: pd.Series) -> pd.Series:
    """Give a column the type of its kind; whole numbers and flags are nullable where one may be missing."""
    if kind in DECIMALS:
        return pd.Series(_rounded(column.to_numpy(dtype=np.float64, na_value=np.nan), DECIMALS[kind]))
    if kind == "text":
        missing = column.isna().to_numpy()
        values = column.to_numpy(dtype=object)
        texts = ["" if gap else clean_text(str(value)) for value, gap in zip(values, missing, strict=True)]
        return pd.Series(texts, dtype="str")
    whole = column.reset_index(drop=True)
    if kind == "flag":
        return whole if pd.api.types.is_bool_dtype(whole.dtype) else whole.astype("boolean")
    return whole if pd.api.types.is_integer_dtype(whole.dtype) else whole.astype("Int64")


def _rounded(values: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    finite = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    return np.round(finite, decimals) + 0.0  # adding zero turns -0.0 into 0.0
