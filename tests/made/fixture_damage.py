"""Made files that contradict themselves, are damaged, or are rasters, for the codes that say so."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zipfile
from typing import Any

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine

from fixture_country import NAMES, WEST, Writer, communes


def write_contradictions(to: Writer) -> None:
    """Files that the register, their own columns or the country contradict."""
    good, blobs = communes(), to.blobs()

    def register(name: str, code: str, frame: geopandas.GeoDataFrame) -> None:
        frame.to_file(to.folder / name)
        to.case(code, "communes", name, communes="xa.gpkg")

    register("prov2.gpkg", "register.province-differs", good.assign(province_code=["02"] + ["01"] * 15))
    moved = good.set_geometry(good.translate(0.00186, -0.001), crs=4326)  # the datum of VN-2000
    register("datum.gpkg", "register.displaced", moved)
    exchanged = [good.geometry[1], good.geometry[0], *good.geometry[2:]]
    register("placed.gpkg", "register.place-differs", good.set_geometry(exchanged, crs=4326))
    full = good.assign(full_name=[f"Xã {name}" for name in NAMES])
    full.drop(columns="type").to_file(to.folder / "full.gpkg")  # the type stands in the full names
    to.case("", "communes", "full.gpkg")
    good.drop(columns="province_code").to_file(to.folder / "noprov.gpkg")
    to.case("check.no-province-code", "communes", "noprov.gpkg")
    to.case("", "coverage", "5g.gpkg", communes="noprov.gpkg")
    good.to_file(to.folder / "short-names.shp", encoding="UTF-8")  # a Shapefile keeps ten letters: province_c
    to.case("", "communes", "short-names.shp", communes="xa.gpkg")

    to.case("submission.unreadable-date", "coverage", to.layer("noday.gpkg", blobs, ngay=["30/02/2026"] * 6))
    to.case("", "coverage", to.layer("year.gpkg", blobs, ngay=["2026", "20261031"] * 3), date="2026-11-01")
    to.layer("beyond.gpkg", [*blobs, *to.blobs(1, lon=105.45)])
    to.case("coverage.beyond-border", "coverage", "beyond.gpkg", communes="xa.gpkg")
    to.case("text.too-long", "coverage", to.layer("long.gpkg", blobs, remark=["x" * 1_000_001, *"abcde"]))
    frame = geopandas.GeoDataFrame({"name": ["\xd0i\xea\xf2n"] * 6}, geometry=blobs, crs=4326)
    frame.to_file(to.folder / "latin.shp", encoding="ISO-8859-1")
    (to.folder / "latin.cpg").unlink()
    to.case("check.columns-unread", "coverage", "latin.shp")
    people = 10_000 + 500 * np.arange(16)
    more = people * np.where(np.arange(16) < 4, 10, 1)
    rows = [f"{code},{count}" for code, count in zip(good["code"], more, strict=True)]
    to.case(
        "totals.digits-gained",
        "table",
        to.table("gained.csv", rows),
        communes="xa.gpkg",
        previous="people.csv",
    )
    # Many parts in one feature are looked at like many features.
    ring = np.repeat(shapely.get_coordinates(blobs[0]), 2, axis=0)
    several = shapely.MultiPolygon([shapely.Polygon(ring), *blobs[1:]])
    to.case("plausibility.repeated-vertices", "coverage", to.layer("repeat2.gpkg", [several]))
    boxes = shapely.MultiPolygon([shapely.box(105, 20.9, 105.2, 21.0), shapely.box(105, 21.01, 105.2, 21.1)])
    to.case("plausibility.coarse", "coverage", to.layer("coarse2.gpkg", [boxes]))
    chosen = shapely.MultiPolygon(list(good.geometry[[0, 2, 8, 10]]))
    to.case("plausibility.copies-communes", "coverage", to.layer("copy2.gpkg", [chosen]), communes="xa.gpkg")
    to.layer("blobs.gpkg", blobs)
    far = to.table("far.csv", ["S1,108,12", "S2,108.1,12"], "site_id,longitude,latitude")
    to.case("plausibility.far-from-sites", "coverage", "blobs.gpkg", other=far)
    middles = [f"S{at},{blob.centroid.x:.4f},{blob.centroid.y:.4f}" for at, blob in enumerate(blobs)]
    near = to.table("near.csv", middles, "site_id,longitude,latitude")
    to.case("", "coverage", "blobs.gpkg", other=near)


def write_damage(to: Writer) -> None:
    """Damaged, incomplete and unsafe files, and shapes that need a word."""
    blobs = to.blobs(3)
    frame = geopandas.GeoDataFrame({"name": list("abc")}, geometry=blobs, crs=4326)
    frame.to_file(to.folder / "whole.shp")
    parts = {
        ending: (to.folder / f"whole{ending}").read_bytes() for ending in (".shp", ".shx", ".dbf", ".prj")
    }
    for name, left_out in (("lonely", ".dbf"), ("cutoff", "")):
        for ending, content in parts.items():
            if ending != left_out:
                (to.folder / f"{name}{ending}").write_bytes(content)
    to.case("file.sidecar-missing", "coverage", "lonely.shp")
    (to.folder / "cutoff.shp").write_bytes(parts[".shp"][:400])
    to.case("file.truncated", "coverage", "cutoff.shp")

    def archive(name: str, code: str, members: dict[str, bytes]) -> None:
        with zipfile.ZipFile(to.folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for member, content in members.items():
                file.writestr(zipfile.ZipInfo(member), content, zipfile.ZIP_DEFLATED)
        to.case(code, "coverage", name)

    layer = {f"layer{ending}": content for ending, content in parts.items()}
    archive("layer.zip", "", layer)
    archive("leaving.zip", "archive.unsafe-name", layer | {"../out.shp": b"x"})
    archive("hollow.zip", "archive.without-layer", {"readme.txt": b"nothing"})
    archive("bomb.zip", "archive.too-large", layer | {"layer.shp": bytes(300_000_000)})
    whole = bytearray((to.folder / "layer.zip").read_bytes())
    whole[200] ^= 255
    (to.folder / "damaged.zip").write_bytes(whole)
    to.case("archive.damaged", "coverage", "damaged.zip")

    view = to.folder / "view.gpkg"
    view.write_bytes((to.folder / "5g.gpkg").read_bytes())
    with contextlib.closing(sqlite3.connect(view)) as database:
        database.execute("CREATE VIEW spy AS SELECT 1")
        database.commit()
    to.case("file.unsafe-content", "coverage", "view.gpkg")
    (to.folder / "link.gpkg").symlink_to("5g.gpkg")
    to.case("file.not-regular", "coverage", "link.gpkg")

    high = [shapely.force_3d(blob, 12.0) for blob in blobs]
    to.case("geometry.flattened", "coverage", to.layer("high.gpkg", high))
    both = shapely.GeometryCollection([blobs[0], shapely.Point(105, 21)])
    to.case("geometry.collection", "coverage", to.layer("both.gpkg", [both, *blobs[1:]]))
    collection = json.loads(geopandas.GeoSeries(blobs, crs=4326).to_json())
    del collection["features"][0]["geometry"]["coordinates"][0][-1]
    to.case("geometry.closed", "coverage", to.text("open.geojson", json.dumps(collection)))
    collection["crs"] = {"type": "name", "properties": {"name": "EPSG:4326"}}
    two = json.dumps(collection)[:-1] + ', "crs": {"type": "name", "properties": {"name": "EPSG:3405"}}}'
    to.case("crs.several", "coverage", to.text("two-crs.geojson", two))
    inner = json.loads(geopandas.GeoSeries(blobs, crs=4326).to_json())
    inner["features"][1]["geometry"]["crs"] = {"type": "name", "properties": {"name": "EPSG:3405"}}
    to.case("crs.several", "coverage", to.text("inner-crs.geojson", json.dumps(inner)))
    single = json.dumps(json.loads(geopandas.GeoSeries(blobs[:1], crs=4326).to_json())["features"][0])
    to.case("", "coverage", to.text("single.geojsonl", single + "\n"))
    (to.folder / "one-file").mkdir()
    row = json.loads(communes()[:1].to_json())
    (to.folder / "one-file" / "a.geojson").write_text(json.dumps(row), encoding="utf-8")
    to.case("", "communes", "one-file")


def write_rasters(to: Writer) -> None:
    """Rasters that are not what is needed."""
    values = np.full((20, 20), 5.0, np.float32)
    values[0] = -1.0

    def raster(name: str, code: str, cells: Any, **changes: Any) -> None:
        profile = {
            "driver": "GTiff",
            "width": 20,
            "height": 20,
            "count": 1,
            "dtype": cells.dtype,
            "crs": "EPSG:4326",
            "nodata": -1.0,
            "transform": Affine(0.01, 0, WEST, 0, -0.01, 21.2),
        } | changes
        with rasterio.open(to.folder / name, "w", **profile) as file:
            for band in range(profile["count"]):
                file.write(cells, band + 1)
            if code == "raster.scaled":
                file.scales = (0.1,)
        to.case(code, "population", name)

    raster("turned.tif", "raster.rotated", values, transform=Affine(0.01, 0.002, WEST, 0.002, -0.01, 21.2))
    raster("bands.tif", "raster.several-bands", values, count=2)
    raster("complex.tif", "raster.not-numbers", values.astype(np.complex64), nodata=None)
    raster("scaled.tif", "raster.scaled", values.astype(np.int16))
    raster("nonodata.tif", "population.no-nodata", np.abs(values), nodata=None)
    marked = np.abs(values)
    marked[0] = marked[-1] = marked[:, 0] = 9999.0
    raster("marked.tif", "population.mark", marked, nodata=None)
    (to.folder / "cut.tif").write_bytes((to.folder / "turned.tif").read_bytes()[:300])
    to.case("raster.unreadable", "population", "cut.tif")
