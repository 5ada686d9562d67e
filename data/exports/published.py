"""What a published table looks like: the same rounded numbers and the same clean text in every file.

One place decides how many decimals a run publishes, so that a number in ``communes.csv`` is the number in the
GeoParquet, the GeoPackage and the workbook, and therefore the one a map shows:

===================================  ========  ===========================================================
column                               decimals  why
===================================  ========  ===========================================================
``pop…`` (people)                    8         covered + uncovered + no data still give the total to 1e-6
``…share…`` (0 to 1)                 6         a ten-thousandth of a per cent
``…_km2`` (km²)                      6         a square metre
``…_km`` (km)                        3         a metre
``lon``, ``lat`` (degrees)           6         a tenth of a metre
any other number                     6
===================================  ========  ===========================================================

Rounding at all, instead of all 17 digits, keeps the files the same where another processor adds in another
order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import geopandas
import numpy as np
import pandas as pd

from ..text.safe import clean_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind = Literal["flag", "count", "people", "share", "area", "distance", "degree", "number", "text"]

DECIMALS: dict[Kind, int] = {
    "people": 8,
    "share": 6,
    "area": 6,
    "distance": 3,
    "degree": 6,
    "number": 6,
}
"""Decimals of each kind of number; the table above says why."""

NOTICE_COLUMN = "notice"
"""Last column of every table of a run that carries a notice, such as SAMPLE DATA."""


def kind_of(name: str, column: pd.Series) -> Kind:
    """Tell what a column holds, by its type and, for numbers, by its name.

    Parameters
    ----------
    name
        Name of the column.
    column
        Its values.

    Returns
    -------
    str
        ``flag``, ``count`` (whole numbers), ``text``, or one of the keys of ``DECIMALS``.
    """
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return "flag"
    if pd.api.types.is_integer_dtype(dtype):
        return "count"
    return _kind_of_number(name) if pd.api.types.is_float_dtype(dtype) else "text"


def _kind_of_number(name: str) -> Kind:
    if name.startswith("pop"):
        return "people"
    if "share" in name.split("_"):
        return "share"
    if name in {"lon", "lat"}:
        return "degree"
    units: dict[str, Kind] = {"km2": "area", "km": "distance"}
    return units.get(name.rsplit("_", 1)[-1], "number")


def published(frame: pd.DataFrame, notice: str = "") -> pd.DataFrame:
    """Bring a table into the shape in which every file shows it.

    Parameters
    ----------
    frame
        Plain or with a geometry column.
    notice
        Text for the column ``notice``; when empty there is no such column.

    Returns
    -------
    DataFrame
        A copy with rows 0..n-1: numbers rounded (no negative zero, infinite becomes missing), text clean and
        never null (a missing text is empty), the geometry as the last column when there is one.
    """
    geometry = _geometry_name(frame)
    columns: dict[str, object] = {}
    for name in frame.columns:
        if name != geometry:
            columns[str(name)] = _published_column(str(name), frame[name])
    if notice:
        columns[NOTICE_COLUMN] = pd.Series([clean_text(notice)] * len(frame), dtype="str")
    plain = pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))
    if geometry is None:
        return plain
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
    return str(frame.geometry.name) if isinstance(frame, geopandas.GeoDataFrame) else None


def _published_column(name: str, column: pd.Series) -> pd.Series:
    kind = kind_of(name, column)
    if kind in DECIMALS:
        return pd.Series(_rounded(column.to_numpy(dtype=np.float64, na_value=np.nan), DECIMALS[kind]))
    if kind == "text":
        missing = column.isna().to_numpy()
        values = column.to_numpy(dtype=object)
        texts = ["" if gap else clean_text(str(value)) for value, gap in zip(values, missing, strict=True)]
        return pd.Series(texts, dtype="str")
    return column.reset_index(drop=True)


def _rounded(values: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    finite = np.where(np.isfinite(values), values, np.nan).astype(np.float64)
    return np.round(finite, decimals) + 0.0  # adding zero turns -0.0 into 0.0
