"""Made files that want more than a reader may use, and one whose reader is ended from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pandas as pd

from fixture_tables import SHEET, replaced, workbook

if TYPE_CHECKING:
    from fixture_country import Writer

_ROWS = 400_000
_COLUMNS = 5_001
_BLANK_BYTES = 24_000_000


def write_limits(to: Writer) -> None:
    """Files with the limits under which their reader comes to no end.

    The limits are those that every reader has, only lower, so that the files can be small.
    """
    row = b"<row><c t='inlineStr'><is><t>00001</t></is></c><c><v>5</v></c></row>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b"<row><c t='inlineStr'><is><t>code</t></is></c><c t='inlineStr'><is><t>population</t></is></c></row>"
        + row * _ROWS
        + b"</sheetData></worksheet>"
    )
    slow = replaced(to, workbook(to, "slow.xlsx", [("code", "population")]), {SHEET: sheet})
    to.case("file.reader-time", "table", slow)
    to.cases[-1]["limits"] = {"seconds": 1}
    to.case("file.reader-failed", "table", slow)
    to.cases[-1]["signal"] = "SIGSEGV"
    features = geopandas.GeoSeries(to.blobs(2), crs=4326).to_json()
    padded = to.text("padded.geojson", features.replace('"features"', " " * _BLANK_BYTES + '"features"'))
    to.case("file.reader-memory", "coverage", padded)
    to.cases[-1]["limits"] = {"memory_mb": 8}
    _write_wide(to)
    cell = b"<row><c t='inlineStr'><is><t>" + b"x" * _BLANK_BYTES + b"</t></is></c></row>"
    large = sheet.replace(row * _ROWS, cell)
    to.case("file.reader-memory", "table", replaced(to, workbook(to, "large.xlsx", [()]), {SHEET: large}))
    to.cases[-1]["limits"] = {"memory_mb": 8}


def _write_wide(to: Writer) -> None:
    """Write files with more columns than anybody has, of each kind that is read in its own way."""
    names = [f"c{number}" for number in range(_COLUMNS)]
    to.case("file.too-many-columns", "table", to.text("columns.csv", f"{','.join(names)}\n"))
    to.case("file.too-many-columns", "table", workbook(to, "columns.xlsx", [names]))
    frame = geopandas.GeoDataFrame(geometry=to.blobs(1), crs=4326)
    properties = ",".join(f'"{name}":1' for name in names)
    text = frame.to_json().replace('"properties": {}', '"properties": {' + properties + "}")
    to.case("file.too-many-columns", "coverage", to.text("columns.geojson", text))
    wide = pd.DataFrame({name: [1] for name in names}, index=frame.index)
    frame = geopandas.GeoDataFrame(wide, geometry=frame.geometry, crs=4326)
    frame.to_parquet(to.folder / "columns.parquet")
    to.case("file.too-many-columns", "coverage", "columns.parquet")
