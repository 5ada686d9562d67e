"""Made files in coordinate reference systems as they come: official, old, typed by hand, or of no use."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import geopandas
import pyarrow as pa
import pyarrow.parquet
import rasterio
import shapely

if TYPE_CHECKING:
    from fixture_country import Writer

TM3 = (
    'PROJCS["{name}",GEOGCS["x",DATUM["{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]{shift}],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
    'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
_OFFICIAL_SHIFT = "-191.90441429,-39.30318279,-111.45032835,-0.00928836,0.01975479,-0.00427372,0.252906278"
_METHOD = (
    'PROJCRS["x",BASEGEODCRS["WGS 84",DATUM["W",ELLIPSOID["WGS 84",6378137,298.257223563]]],'
    'CONVERSION["x",METHOD["a projection of our own"],PARAMETER["q",1]],'
    'CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]'
)


def write_systems(to: Writer) -> None:
    """Coordinate reference systems as they come: official ones, old datums, and those typed by hand."""
    frame = geopandas.GeoDataFrame({"id": range(6)}, geometry=to.blobs(), crs=4326)

    def case(code: str, name: str, wkt: str, place: Any = 9210, **options: str) -> None:
        frame.to_crs(place).to_file(to.folder / f"{name}.shp")
        if wkt:
            (to.folder / f"{name}.prj").write_text(wkt)
        to.case(code, "coverage", f"{name}.shp", **options)

    case("crs.operation", "tm3", "")
    to.case("", "coverage", "tm3.shp", communes="xa.gpkg")
    case("crs.low-accuracy", "indian", "", 3148)
    words = {"name": "VN2000_105_45", "meridian": 105.75, "shift": ""}
    case("crs.vn2000-parameters-missing", "named", TM3.format(datum="VN2000", **words))
    case("crs.vn2000-without-shift", "wgs", TM3.format(datum="D_WGS_1984", **words))
    case("crs.no-datum", "unknown", TM3.format(datum="D_unknown", **words))
    words["shift"] = ",TOWGS84[0,0,0,0,0,0,0]"
    case("crs.zero-shift", "zero", TM3.format(datum="x", **words))
    words["shift"] = ",TOWGS84[25,-141,-78,0,0,0,0]"
    case("crs.unknown-accuracy", "own", TM3.format(datum="x", **words))
    krassowsky = TM3.format(datum="x", **words | {"shift": ""}).replace("WGS_1984", "Krassowsky_1940")
    case("crs.ballpark", "krass", krassowsky.replace("6378137.0,298.257223563", "6378245.0,298.3"))
    words |= {"shift": "", "meridian": 106.0}
    case("crs.other-meridian", "meridian", TM3.format(datum="D_Vietnam_2000", **words), communes="xa.gpkg")
    moved = frame.to_crs(9210).set_crs(9211, allow_override=True).to_crs(4326)
    moved.to_file(to.folder / "moved26.gpkg")
    to.case("crs.misplaced", "coverage", "moved26.gpkg", communes="xa.gpkg")
    _write_bound(to, frame)
    _write_unusable(to)


def _write_bound(to: Writer, frame: geopandas.GeoDataFrame) -> None:
    """Parameters in the file that are the official ones."""
    frame.to_crs(9210).to_file(to.folder / "bound.shp")
    (to.folder / "bound.prj").write_text(
        TM3.format(name="TM-3", datum="x", meridian=105.75, shift=f",TOWGS84[{_OFFICIAL_SHIFT}]")
    )
    to.case("crs.operation", "coverage", "bound.shp")


def _write_unusable(to: Writer) -> None:
    """Systems that name another file, or that nobody can compute."""
    grid = {"type": "GeographicCRS", "name": "x", "datum": {"type": "x", "parameterfile": "/x.gsb"}}
    column = {"encoding": "WKB", "geometry_types": [], "crs": grid}
    geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
    table = pa.table({"geometry": shapely.to_wkb(to.blobs(2))})
    pyarrow.parquet.write_table(
        table.replace_schema_metadata({"geo": json.dumps(geo)}), to.folder / "grid.parquet"
    )
    to.case("crs.unusable", "coverage", "grid.parquet")
    to.layer("method.gpkg", to.blobs(2))
    with contextlib.closing(sqlite3.connect(to.folder / "method.gpkg")) as database:
        database.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 9, 'NONE', 9, ?, '')", (_METHOD,))
        for table_name in ("gpkg_contents", "gpkg_geometry_columns"):
            database.execute(f"UPDATE {table_name} SET srs_id = 9")  # noqa: S608 - our own names
        database.commit()
    to.case("crs.unusable", "coverage", "method.gpkg")
    with rasterio.open(to.folder / "people.tif") as file:
        profile, people = file.profile, file.read(1)
    named = TM3.format(name="nadgrids", datum="x", meridian=105.75, shift=",TOWGS84[1,2,3,0,0,0,0]")
    with rasterio.open(to.folder / "site.tif", "w", **profile | {"crs": named}) as file:
        file.write(people, 1)
    to.case("crs.unusable", "population", "site.tif")
