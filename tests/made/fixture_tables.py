"""Made tables and rasters that nobody can read as they are, and those that need a second look."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning

from fixture_country import WEST, Writer, communes

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEET = "xl/worksheets/sheet1.xml"
_PROPERTIES = "docProps/core.xml"  # who wrote the workbook, and when


def write_tables_and_rasters(to: Writer) -> None:
    """Every family of this module."""
    _write_workbooks(to)
    _write_rasters(to)


def workbook(to: Writer, name: str, rows: Sequence[Sequence[Any]], sheets: int = 1) -> str:
    """Write a workbook of sheets that are alike, the same bytes every time."""
    book = openpyxl.Workbook()
    for number in range(sheets):
        sheet = book.create_sheet(f"sheet{number}")
        for row in rows:
            sheet.append(list(row))
    del book["Sheet"]
    book.save(to.folder / name)
    nobody = (
        b'<coreProperties xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    )
    return replaced(to, name, {_PROPERTIES: nobody})


def replaced(to: Writer, name: str, parts: dict[str, bytes]) -> str:
    """Write the zip file of a workbook again, with other parts and without the time of day."""
    with zipfile.ZipFile(to.folder / name) as archive:
        members = {member: archive.read(member) for member in archive.namelist()} | parts
    with zipfile.ZipFile(to.folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
    return name


def _write_workbooks(to: Writer) -> None:
    """Workbooks that are old, broken, enormous, or hold numbers and formulas where text belongs."""
    codes = list(communes()["code"])
    rows = [("code", "population"), *((code, 5) for code in codes)]
    (to.folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    to.case("table.old-excel", "table", "old.xls")
    to.case("table.sheet-missing", "table", workbook(to, "one-sheet.xlsx", rows), layer="July")
    numbers = [("code", "name"), *((int(code), "x") for code in codes)]
    to.case("table.numeric-cells", "list", workbook(to, "numeric.xlsx", numbers), communes="xa.gpkg")
    sums = [*rows[:-1], (codes[-1], "=B2+B3")]
    to.case("table.uncomputed", "table", workbook(to, "formula.xlsx", sums))
    cut = replaced(to, workbook(to, "cut.xlsx", rows), {SHEET: b"<worksheet><sheetData><row>"})
    to.case("table.unreadable", "table", cut)
    bomb = replaced(to, workbook(to, "bomb.xlsx", rows), {SHEET: bytes(51_000_000)})
    to.case("table.too-large", "table", bomb)
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData></worksheet>'
    )
    to.case("table.too-many-cells", "table", replaced(to, workbook(to, "far.xlsx", rows), {SHEET: far}))
    to.case("table.broken-row", "table", to.table("quote.csv", ['00001,"5', "00002,6"]))


def _write_rasters(to: Writer) -> None:
    """Rasters that lead elsewhere, unpack to too much, lie nowhere, or hold a crowd."""
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": 100,
        "height": 100,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "nodata": -1.0,
        "transform": Affine(1 / 1200, 0, WEST, 0, -1 / 1200, 21.2),
    }
    people = np.full((100, 100), 100.0, np.float32)
    people[3, 4], people[0, 0] = 9000, -1

    def raster(name: str, **changes: Any) -> str:
        with rasterio.open(to.folder / name, "w", **profile | changes) as file:
            file.write(people, 1)
        return name

    to.case("population.crowded", "population", raster("tower.tif"))
    with rasterio.open(to.folder / raster("pointer.tif"), "r+") as file:
        file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE="http://127.0.0.1:9/x.tif")
    to.case("raster.unsafe-content", "population", "pointer.tif")
    huge = profile | {
        "width": 60_000,
        "height": 60_000,
        "tiled": True,
        "blockxsize": 8192,
        "blockysize": 8192,
    }
    with rasterio.open(to.folder / "sparse.tif", "w", **huge, SPARSE_OK=True):
        pass
    to.case("raster.too-large", "population", "sparse.tif")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # that is what is wrong with it
        raster("nowhere.tif", transform=None)
    to.case("raster.not-georeferenced", "population", "nowhere.tif")
    to.project("raster.nodata-twice", "population", "people.tif", population="nodata = 0")
