"""Write a file for each code that there is, with what to ask of it: ``python make_fixtures.py DIR``.

Everything is drawn from one seed: the same files every time. ``cases.json`` lists them; the first case, with
an empty code, is a file nothing is wrong with.
"""

# ruff: noqa: RUF001 - old encodings look like other letters

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely

from fixture_country import NAMES, Writer, communes
from fixture_damage import write_contradictions, write_damage, write_rasters
from fixture_deliveries import write_deliveries
from fixture_formats import write_formats
from fixture_gaps import write_gaps
from fixture_inbox import write_inbox
from fixture_limits import write_limits
from fixture_outlines import write_outlines
from fixture_places import write_places
from fixture_runs import write_runs
from fixture_signal import write_signal
from fixture_systems import write_systems
from fixture_tables import workbook, write_tables_and_rasters
from fixture_words import write_words


def write_communes(to: Writer) -> None:
    """Communes: good ones, and everything that is wrong with others."""
    good = communes()
    good.to_file(to.folder / "xa.gpkg")
    to.case("", "communes", "xa.gpkg")
    to.case("register.partial", "communes", "xa.gpkg")

    def changed(name: str, code: str, frame: geopandas.GeoDataFrame, **options: str) -> None:
        frame.to_file(to.folder / name)
        to.case(code, "communes", name, **options)

    changed("cols.gpkg", "check.columns-guessed", good.rename(columns={"code": "ma_xa", "name": "ten_xa"}))
    changed("nocode.gpkg", "check.column-not-found", good.rename(columns={"code": "abc"}))
    changed("code-.gpkg", "communes.missing-code", good.assign(code=[None, *good["code"][1:]]))
    changed("code--.gpkg", "communes.no-code-at-all", good.assign(code=None))
    island = good.assign(code=["00002", *good["code"][1:]], name=[NAMES[1], *NAMES[1:]])
    changed("island.gpkg", "communes.parts-merged", island)
    changed("code9.gpkg", "communes.bad-code", good.assign(code=["123456", *good["code"][1:]]))
    changed("code0.gpkg", "communes.codes-padded", good.assign(code=[int(code) for code in good["code"]]))
    changed(
        "code1.gpkg", "communes.codes-short", good.assign(code=[code.lstrip("0") for code in good["code"]])
    )
    changed("code2.gpkg", "communes.duplicate-code", good.assign(code=["00002", *good["code"][1:]]))
    changed("name-.gpkg", "communes.missing-name", good.assign(name=[None, *NAMES[1:]]))
    changed("name_.gpkg", "communes.names-cleaned", good.assign(name=["Đồng  Văn ", *NAMES[1:]]))
    changed("prov-.gpkg", "communes.missing-province", good.assign(province_code=[None] + ["01"] * 15))
    changed("type9.gpkg", "communes.unknown-type", good.assign(type="huyện"))
    changed("type-.gpkg", "communes.type-from-name", good.drop(columns="type"))
    bow = shapely.Polygon([(105.0, 20.8), (105.1, 20.9), (105.1, 20.8), (105.0, 20.9)])
    changed("bow.gpkg", "communes.repaired", good.set_geometry([bow, *good.geometry[1:]], crs=4326))
    flat = shapely.Polygon([(105.0, 20.8), (105.1, 20.9), (105.0, 20.8)])
    changed("flat.gpkg", "communes.not-an-area", good.set_geometry([flat, *good.geometry[1:]], crs=4326))
    changed(
        "in.gpkg", "communes.overlap", good.set_geometry([good.geometry[1], *good.geometry[1:]], crs=4326)
    )
    wide = good.geometry[0].buffer(0.00001, join_style="mitre")
    changed("over.gpkg", "communes.boundary-overlap", good.set_geometry([wide, *good.geometry[1:]], crs=4326))
    wider = good.geometry[0].buffer(0.02, join_style="mitre")
    changed(
        "over2.gpkg",
        "communes.boundary-overlap-large",
        good.set_geometry([wider, *good.geometry[1:]], crs=4326),
    )
    changed("gap.gpkg", "communes.boundary-gap", good.drop(index=5))
    changed(
        "new.gpkg",
        "register.unknown-code",
        good.assign(code=["99999", *good["code"][1:]]),
        communes="xa.gpkg",
    )
    changed("few.gpkg", "register.missing-code", good[:12], communes="xa.gpkg")
    changed("rolled.gpkg", "register.name-differs", good.assign(name=np.roll(NAMES, 1)), communes="xa.gpkg")
    tones = ["Đồng Văn", "Hoà Bình", *NAMES[2:]]
    changed("tones.gpkg", "register.tone-placement", good.assign(name=tones), communes="xa.gpkg")
    old = ["§ång V¨n", "Hßa B×nh", "M\xadêng Kh\xad¬ng", "B¶o Th¾ng", "B¸t X¸t", *NAMES[5:]]
    changed("abc.gpkg", "text.tcvn3", good.assign(name=old), communes="xa.gpkg")
    vni = ["Ñoàng Vaên", "Hoøa Bình", "Möôøng Khöông", "Baûo Thaéng", "Baùt Xaùt", *NAMES[5:]]
    changed("vni.gpkg", "text.vni", good.assign(name=vni))
    latin = [name.encode().decode("latin-1") for name in NAMES]
    changed("latin.gpkg", "text.utf8", good.assign(name=latin))
    small = [
        shapely.box(105 + x / 500, 20 + y / 500, 105 + (x + 1) / 500, 20 + (y + 1) / 500)
        for y in range(70)
        for x in range(70)
    ]
    many = {"code": [f"{at:05d}" for at in range(4900)], "name": "X", "province_code": "01", "type": "xã"}
    changed("old.gpkg", "register.old-units", geopandas.GeoDataFrame(many, geometry=small, crs=4326))
    changed("point.gpkg", "geometry.wrong-type", good.set_geometry(good.geometry.centroid, crs=4326))


def write_coverage(to: Writer) -> None:
    """Coverage: good, and every way to look wrong beside communes, the delivery before, and others."""
    blobs = to.blobs()
    to.layer("5g.gpkg", blobs, operator="Sao Mai", tech="5G", vintage="2026-10-31")
    to.case(
        "", "coverage", "5g.gpkg", communes="xa.gpkg", operator="Sao Mai", service="5g", date="2026-11-01"
    )
    to.case("submission.other-operator", "coverage", "5g.gpkg", operator="Hải Đăng")
    to.case("submission.other-service", "coverage", "5g.gpkg", service="fibre")
    to.layer("nr.gpkg", blobs, tech=["5G", "NR", "5G NSA", "5g", "5G", "NR"])
    to.case("submission.spelt-differently", "coverage", "nr.gpkg", service="5g")
    to.layer("days.gpkg", blobs, ngay=["03/04/2026", *["05/04/2026"] * 5])
    to.case("submission.ambiguous-date", "coverage", "days.gpkg")
    to.case("plausibility.stale", "coverage", "5g.gpkg", date="2028-01-01")
    to.case("plausibility.date-future", "coverage", "5g.gpkg", date="2026-10-01")
    to.case("plausibility.unchanged", "coverage", "5g.gpkg", previous="5g.gpkg")
    copy = to.folder / "5g-copy.gpkg"
    copy.write_bytes((to.folder / "5g.gpkg").read_bytes())
    to.case("submission.same-file", "coverage", "5g.gpkg", other="5g-copy.gpkg")
    to.layer("jitter.gpkg", [shapely.transform(b, lambda at: at + 1e-6) for b in blobs])
    to.case("submission.same-shape", "coverage", "5g.gpkg", other="jitter.gpkg")
    to.layer("4g.gpkg", to.blobs(2), tech="LTE")
    to.case("submission.outside-4g", "coverage", "5g.gpkg", other="4g.gpkg", service="5g")
    to.case("check.comparison-unusable", "coverage", "5g.gpkg", other="cases.txt")
    to.text("cases.txt", "no map")
    to.case(
        "check.distance-assumed",
        "coverage",
        to.layer("route.gpkg", [shapely.LineString([(105, 21), (105.2, 21.1)])]),
    )
    to.case(
        "coverage.invalid-rings",
        "coverage",
        to.layer("bow5.gpkg", [shapely.Polygon([(105, 21), (105.01, 21.01), (105.01, 21), (105, 21.01)])]),
    )
    to.case("coverage.outside-country", "coverage", to.layer("paris.gpkg", to.blobs(3, lon=2.3, lat=48.8)))
    to.case(
        "coverage.partly-outside",
        "coverage",
        to.layer("partly.gpkg", [*blobs, *to.blobs(1, lon=2.3, lat=48.8)]),
    )
    to.layer("sea.gpkg", [*blobs, *to.blobs(4, 0.04, 105.35, 21.0)])
    to.case("plausibility.outside-communes", "coverage", "sea.gpkg", communes="xa.gpkg")
    everything = [shapely.box(104.9, 20.7, 105.5, 21.3)]
    to.case(
        "plausibility.covers-everything", "coverage", to.layer("all.gpkg", everything), communes="xa.gpkg"
    )
    chosen = communes().geometry[[0, 1, 6, 11]]
    to.case("plausibility.copies-communes", "coverage", to.layer("copy.gpkg", chosen), communes="xa.gpkg")
    moved = [shapely.transform(blob, lambda at: at + np.array([0.00185, -0.001])) for blob in blobs]
    to.case("plausibility.displaced", "coverage", to.layer("moved.gpkg", moved), previous="5g.gpkg")
    to.case("plausibility.shrank", "coverage", to.layer("less.gpkg", blobs[:5]), previous="5g.gpkg")
    to.case("plausibility.commune-lost", "coverage", "less.gpkg", previous="5g.gpkg", communes="xa.gpkg")
    to.case("plausibility.collapsed", "coverage", to.layer("least.gpkg", blobs[:2]), previous="5g.gpkg")
    to.case("plausibility.grew", "coverage", to.layer("more.gpkg", to.blobs(9)), previous="5g.gpkg")
    discs = [shapely.Point(105.05 + 0.1 * at, 21).buffer(0.02, quad_segs=16) for at in range(3)]
    discs = [
        shapely.transform(
            d, lambda c: np.column_stack([105 + (c[:, 0] - 105) / np.cos(np.radians(21)), c[:, 1]])
        )
        for d in discs
    ]
    to.case("plausibility.discs", "coverage", to.layer("discs.gpkg", discs))
    to.case("plausibility.coarse", "coverage", to.layer("coarse.gpkg", [shapely.box(105, 20.9, 105.2, 21.1)]))
    to.case(
        "plausibility.overlapping", "coverage", to.layer("overlap.gpkg", [blobs[0], blobs[0].buffer(0.001)])
    )
    to.case("plausibility.repeated-features", "coverage", to.layer("twice.gpkg", [*blobs, blobs[0]]))
    ring = np.repeat(shapely.get_coordinates(blobs[0]), 2, axis=0)
    to.case(
        "plausibility.repeated-vertices",
        "coverage",
        to.layer("repeat.gpkg", [shapely.Polygon(ring), *blobs[1:]]),
    )
    to.layer("masts.gpkg", [shapely.Point(108, 12), shapely.Point(108.1, 12)])
    to.case("plausibility.far-from-sites", "coverage", "5g.gpkg", other="masts.gpkg")
    to.case("coverage.threshold-missing", "coverage", to.raster("signal.tif", np.full((4, 4), -90.0)))


def write_projects(to: Writer) -> None:
    """What a project file says of a submission, and cannot mean."""
    signal = np.full((20, 20), -90.0)
    signal[0, 0] = -99999.0
    to.raster("signal2.tif", signal)
    with rasterio.open(to.folder / "signal2.tif") as file:
        profile = file.profile | {"nodata": None}
    with rasterio.open(to.folder / "full.tif", "w", **profile) as file:
        file.write(np.full((20, 20), -90.0, np.float32), 1)
    for code, file, lines in (
        ("coverage.distance-missing", "route.gpkg", ""),
        ("coverage.distance-for-areas", "5g.gpkg", "buffer_m = 3000"),
        ("coverage.not-for-rasters", "signal2.tif", 'threshold = -110\nlayer = "x"'),
        ("coverage.not-for-vectors", "5g.gpkg", "threshold = -110"),
        ("coverage.no-nodata", "full.tif", "threshold = -400"),
        ("coverage.nothing-reaches-threshold", "signal2.tif", "threshold = 0"),
        ("coverage.all-reaches-threshold", "signal2.tif", "threshold = -110"),
        ("coverage.filter-keeps-nothing", "5g.gpkg", 'where = { column = "tech", values = ["9G"] }'),
        ("coverage.unknown-province", "5g.gpkg", 'extent = { provinces = ["77"] }'),
        ("coverage.empty-extent", "5g.gpkg", 'extent = { except_provinces = ["01"] }'),
    ):
        to.project(code, "coverage", file, lines)


def write_files(to: Writer) -> None:
    """Files that cannot be read as what they are."""
    blobs = to.blobs(2)
    to.case("file.missing", "coverage", "nowhere.gpkg")
    to.case("file.empty", "coverage", to.text("empty.geojson", ""))
    to.case("file.is-folder", "communes", "folder")
    (to.folder / "folder").mkdir()
    to.case("file.unknown-format", "coverage", to.text("words.gpkg", "these are words"))
    (to.folder / "named.geojson").write_bytes((to.folder / "5g.gpkg").read_bytes())
    to.case("file.format-mismatch", "coverage", "named.geojson")
    good = json.loads(geopandas.GeoSeries(blobs, crs=4326).to_json())
    text = json.dumps(good)
    to.case("file.broken-json", "coverage", to.text("cut.geojson", text[: len(text) // 2]))
    to.case("layer.missing", "coverage", "5g.gpkg", layer="nothing")
    two = geopandas.GeoDataFrame({"id": [1]}, geometry=blobs[:1], crs=4326)
    two.to_file(to.folder / "two.gpkg", layer="a")
    two.to_file(to.folder / "two.gpkg", layer="b")
    to.case("layer.several", "coverage", "two.gpkg")
    to.case(
        "layer.no-features", "coverage", to.text("none.geojson", '{"type":"FeatureCollection","features":[]}')
    )
    link = good | {"crs": {"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}}}
    to.case("crs.link", "coverage", to.text("link.geojson", json.dumps(link)))
    named = good | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4756"}}}
    to.case("crs.legacy-member", "coverage", to.text("legacy.geojson", json.dumps(named)))
    frame = geopandas.GeoDataFrame({"id": [1]}, geometry=blobs[:1])
    frame.to_file(to.folder / "nocrs.shp")
    to.case("crs.missing-degrees", "coverage", "nocrs.shp")
    frame.set_crs(4326).to_crs(3405).set_crs(None, allow_override=True).to_file(to.folder / "nometres.shp")
    to.case("crs.missing", "coverage", "nometres.shp")
    to.case("crs.project-unusable", "coverage", "nocrs.shp", crs="EPSG:1")
    to.case("crs.contradicts", "coverage", "5g.gpkg", crs="EPSG:3405")
    metres = [shapely.transform(blob, lambda at: at * 5000) for blob in blobs]
    to.case("crs.out-of-range", "coverage", to.layer("metres.gpkg", metres))
    swapped = [shapely.transform(blob, lambda at: at[:, ::-1]) for blob in blobs]
    to.case("crs.axes-exchanged", "coverage", to.layer("swapped.gpkg", swapped))
    to.case("crs.degrees-for-metres", "coverage", to.layer("degrees.gpkg", blobs, crs=3405))
    (to.folder / "odd.gpkg").write_bytes((to.folder / "5g.gpkg").read_bytes())
    with contextlib.closing(sqlite3.connect(to.folder / "odd.gpkg")) as database:
        database.execute("PRAGMA user_version = 990000")
        database.commit()
    to.case("layer.reader-remarks", "coverage", "odd.gpkg")
    to.case("geometry.missing", "coverage", to.layer("null.gpkg", [blobs[0], None]))
    (to.folder / "abc.csv").write_bytes("code,name,population\n00001,\xa7\xe5ng V\xa8n,5\n".encode("latin-1"))
    to.case("table.not-utf8", "table", "abc.csv")
    to.case("text.decodings", "table", "abc.csv", communes="xa.gpkg")


def write_tables(to: Writer) -> None:
    """Tables, lists, sites and rasters."""
    codes = list(communes()["code"])
    people = 10_000 + 500 * np.arange(16)
    rows = [f"{code},{count}" for code, count in zip(codes, people, strict=True)]

    to.case("", "table", to.table("people.csv", rows), communes="xa.gpkg")
    share = np.repeat(np.repeat(people.reshape(4, 4)[::-1], 10, axis=0), 10, axis=1) / 100.0
    to.raster("people.tif", share)
    lost = [
        f"{code},{count // (10 if at < 4 else 1)}"
        for at, (code, count) in enumerate(zip(codes, people, strict=True))
    ]
    to.case("totals.digits-lost", "table", to.table("lost.csv", lost), communes="xa.gpkg", other="people.tif")
    one = [
        f"{code},{count // (10 if at < 1 else 1)}"
        for at, (code, count) in enumerate(zip(codes, people, strict=True))
    ]
    to.case(
        "totals.far-from-raster", "table", to.table("one.csv", one), communes="xa.gpkg", other="people.tif"
    )
    double = [f"{code},{2 * count}" for code, count in zip(codes, people, strict=True)]
    to.case(
        "totals.sum-differs", "table", to.table("double.csv", double), communes="xa.gpkg", other="people.tif"
    )
    to.case("totals.unknown-code", "table", to.table("unknown.csv", ["99999,5"]), communes="xa.gpkg")
    to.case("totals.duplicate-code", "table", to.table("dup.csv", [*rows, rows[0]]))
    to.case("totals.missing-code", "table", to.table("gone.csv", [*rows, ",7"]))
    to.table("pad.csv", [row.lstrip("0") for row in rows[1:]])  # 1 may be province 01
    to.case("totals.codes-padded", "table", "pad.csv", communes="xa.gpkg")
    to.case("totals.codes-short", "table", "pad.csv")
    to.case("totals.province-rows", "table", to.table("province.csv", ["01,5", *rows]), communes="xa.gpkg")
    to.case("totals.no-figure", "table", to.table("gap.csv", [*rows[:-1], f"{codes[-1]},"]))
    named = [f"{code},{name},5" for code, name in zip(codes, ["§ång V¨n", "Hßa B×nh"] * 8, strict=True)]
    to.case("text.old-font", "table", to.table("font.csv", named, "code,name,population"))
    to.case("table.header-below", "table", to.table("title.csv", ["code,population", *rows], "Dân số,"))
    to.text("utf16.csv", "\ufeffcode,population\n" + "\n".join(rows), "utf-16-le")
    to.case("table.utf16", "table", "utf16.csv")
    figures = [("code", "population"), *((code, 5) for code in codes)]
    to.case("table.several-sheets", "table", workbook(to, "sheets.xlsx", figures, sheets=2))
    to.case("totals.missing-commune", "table", to.table("short.csv", rows[:9]), communes="xa.gpkg")
    to.case("totals.not-a-number", "table", to.table("nan.csv", ["00001,many"]))
    to.raster("thousandfold.tif", share * 1000.0)
    to.case("totals.thousands", "table", "people.csv", communes="xa.gpkg", other="thousandfold.tif")
    few = [f"{code},{count / 1000:.1f}" for code, count in zip(codes, people, strict=True)]
    to.case("totals.thousands", "table", to.table("few.csv", few), communes="xa.gpkg")
    header = "code,dân số (nghìn người)"
    to.case("totals.thousands", "table", to.table("thousands.csv", ["00001,3412.5"], header))
    to.case("totals.ambiguous-number", "table", to.table("dot.csv", ["00001,3.412"]))
    to.case("totals.number-decided", "table", to.table("dots.csv", ["00001,3.412", "00002,1.234.567"]))
    to.case("totals.negative", "table", to.table("minus.csv", ["00001,-5"]))
    to.case("totals.nobody", "table", to.table("zero.csv", ["00001,0"]))
    to.case("table.no-rows", "table", to.table("head.csv", []))
    to.case("table.ragged-rows", "table", to.table("ragged.csv", ["00001"]))
    to.case(
        "table.duplicate-column", "table", to.table("col.csv", ["00001,5,6"], "code,population,population")
    )
    to.case("table.unknown-format", "table", to.text("data.xyz", "a,b"))
    write_lists(to)


def write_lists(to: Writer) -> None:
    """Lists of communes, and rasters of people."""
    to.case("list.missing-code", "list", to.table("list0.csv", [",x", "00001,y"], "code,name"))
    to.case("list.unknown-code", "list", to.table("list9.csv", ["99999"], "code"), communes="xa.gpkg")
    to.case("list.codes-padded", "list", to.table("list1.csv", ["2", "3"], "code"), communes="xa.gpkg")
    to.case("list.codes-short", "list", "list1.csv")
    to.case("list.province-rows", "list", to.table("list01.csv", ["01,Tỉnh A", "00001,x"], "code,ten"))
    to.case("list.repeated-code", "list", to.table("list2.csv", ["00001", "00001"], "code"))
    to.case("population.partial", "population", "people.tif")
    to.case("population.total-differs", "population", "people.tif", communes="xa.gpkg", other="double.csv")
    to.case("population.negative", "population", to.raster("neg.tif", np.full((4, 4), -5.0)))
    to.case(
        "population.nobody",
        "population",
        to.raster("nobody.tif", np.zeros((4, 4)) - [[99999], [0], [0], [0]]),
    )
    full = np.full((6, 6), 255, np.uint8)
    full[0] = 0
    with rasterio.open(to.folder / "people.tif") as file:
        profile = file.profile | {"dtype": "uint8", "nodata": 0, "width": 6, "height": 6}
    with rasterio.open(to.folder / "byte.tif", "w", **profile) as file:
        file.write(full, 1)
    to.case("population.saturated", "population", "byte.tif")
    to.case("population.impossible", "population", to.raster("huge.tif", np.full((4, 4), 1e30)))
    dense = np.full((4, 4), 5e6)
    dense[0, 0] = -99999.0
    to.case("population.wrong-unit", "population", to.raster("dense.tif", dense))
    to.case("raster.not-geotiff", "population", to.text("text.tif", "text"))


def write_sites(to: Writer) -> None:
    """Lists of cell sites, and a border."""
    head = "site_id,longitude,latitude"
    good = [f"S{at},{105.05 + at / 100:.4f},21.0" for at in range(5)]
    to.case("", "sites", to.table("sites.csv", good, head))
    to.case("sites.bad-coordinate", "sites", to.table("s1.csv", [*good, "S9,105°3',21"], head))
    to.case("sites.missing-coordinate", "sites", to.table("s2.csv", [*good, "S9,,"], head))
    to.case("sites.exchanged", "sites", to.table("s3.csv", good, "site_id,latitude,longitude"))
    to.case("sites.outside-country", "sites", to.table("s4.csv", ["S1,2.3,48.8"], head))
    to.case("sites.partly-outside", "sites", to.table("s5.csv", [*good, "S9,2.3,48.8"], head))
    to.case("sites.same-place", "sites", to.table("s6.csv", [*good, good[0]], head))
    to.layer("border.gpkg", [shapely.LineString([(104, 22.5), (105, 23.2)])])
    to.case("", "border", "border.gpkg")


FAMILIES = (
    write_communes,
    write_coverage,
    write_tables,
    write_projects,
    write_files,
    write_sites,
    write_systems,
    write_contradictions,
    write_words,
    write_damage,
    write_rasters,
    write_formats,
    write_deliveries,
    write_tables_and_rasters,
    write_limits,
    write_places,
    write_runs,
    write_inbox,
    write_gaps,
    write_outlines,
    write_signal,
)


def main() -> None:
    """Write everything, or as many of the first families as a number says, into the folder that is named first."""
    to = Writer(Path(sys.argv[1]))
    to.folder.mkdir(parents=True, exist_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-07-01T00:00:00Z"})  # GeoPackages tell the time
    for write in FAMILIES[: int(sys.argv[2]) if sys.argv[2:] else None]:
        write(to)
    (to.folder / "cases.json").write_text(json.dumps(to.cases, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
