"""Made projects for what only a run can say: of provinces, repairs, changed files, and kept versions."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import geopandas
import rasterio
import shapely
from affine import Affine
from rasterio.windows import Window

from blackspot.data.text.words import words
from small_country import CODES, PROJECT, box, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from fixture_country import Writer

_BROKEN = "{ broken"
_COUNTRY = "country"
_COMMUNES = '[communes]\npath = "communes.gpkg"\n'
_COLUMNS = (
    'columns = { code = "code", name = "name", province_code = "province_code",'
    ' province_name = "province_name", type = "type" }\n'
)


def write_runs(to: Writer) -> None:
    """Write one country, and for each code the project file of it and the steps that provoke the code."""
    folder = to.folder / _COUNTRY
    folder.mkdir()
    write_country(folder)
    _write_provinces(to, folder)
    _write_versions(to, folder)
    _write_judgements(to, folder)
    _write_people(to, folder)
    _write_settlements(to, folder)
    _write_former(to, folder)
    _write_context(to, folder)


def _case(to: Writer, code: str, project: str, *steps: list[Any]) -> None:
    """Say that the last of these steps, a run of the project, tells ``code``."""
    case = {"code": code, "ask": "run", "folder": _COUNTRY, "project": project, "steps": steps}
    to.cases.append(case)


def _write_provinces(to: Writer, folder: Path) -> None:
    """Names of provinces in a table or in the communes, and an outline that a repair leaves in doubt."""

    def project(name: str, communes: str) -> str:
        assert _COMMUNES in PROJECT
        (folder / name).write_text(PROJECT.replace(_COMMUNES, communes), encoding="utf-8")
        return name

    def table(name: str, rows: str) -> str:
        (folder / f"{name}.csv").write_text(f"code,name\n{rows}", encoding="utf-8")
        return project(f"{name}.toml", f'{_COMMUNES}[provinces]\npath = "{name}.csv"\n')

    twice = table("provinces-twice", "01,Tỉnh Một\n01,Tỉnh Hai\n02,Tỉnh Ba\n")
    _case(to, "provinces.duplicate-code", twice, ["run"])
    nameless = table("provinces-nameless", "01,Tỉnh Một\n02,\n")
    lettered = table("provinces-lettered", "Hà Nội,Tỉnh Một\n02,Tỉnh Hai\n")
    _case(to, "communes.bad-code", lettered, ["run"])
    _case(to, "provinces.row-left-out", nameless, ["run"])
    _case(to, "provinces.missing-name", nameless, ["run"])
    communes = geopandas.read_file(folder / "communes.gpkg")
    names = ["Tỉnh Một", "Tỉnh Khác", "Tỉnh Hai", "Tỉnh Hai"]
    communes.assign(province_name=names).to_file(folder / "named.gpkg")
    named = project("named.toml", f'[communes]\npath = "named.gpkg"\n{_COLUMNS}')
    _case(to, "provinces.several-names", named, ["run"])
    communes.assign(km2="3.412").to_file(folder / "areas.gpkg")
    areas = _COLUMNS.replace('province_name = "province_name"', 'area_km2 = "km2"')
    unclear = project("areas.toml", f'[communes]\npath = "areas.gpkg"\n{areas}')
    _case(to, "communes.area-unclear", unclear, ["run"])
    kept = 'where = {{ column = "type", values = ["{}"] }}\n'
    for name, code, kind in (("kept", "filtered", "xã"), ("none", "filter-keeps-nothing", "huyện")):
        where = project(f"{name}.toml", f"{_COMMUNES}{kept.format(kind)}")
        _case(to, f"communes.{code}", where, ["run"])
    ring = list(box(0, 0, 10, 10).exterior.coords)
    x, y = ring[0]
    # The ring goes on into its inside, the same way round: some ground is enclosed twice.
    loop = [(x - 0.04, y + 0.02), (x - 0.04, y + 0.04), (x - 0.06, y + 0.04), ring[0]]
    around = [*ring, *loop]
    outlines = [shapely.Polygon(around), *communes.geometry[1:]]
    communes.set_geometry(outlines, crs=4326).to_file(folder / "around.gpkg")
    spots = geopandas.GeoDataFrame(
        {"name": ["Bản Một", None]}, geometry=shapely.points([[x, y]] * 2), crs=4326
    )
    spots.to_file(folder / "places.gpkg")
    _case(
        to, "places.no-name", project("places.toml", f'{_COMMUNES}[places]\npath = "places.gpkg"\n'), ["run"]
    )
    _case(to, "repair.people", project("around.toml", '[communes]\npath = "around.gpkg"\n'), ["run"])


def _write_versions(to: Writer, folder: Path) -> None:
    """Submissions that are refused, with and without a version to fall back on, and one that changes meanwhile."""
    project, other, kept = "blackspot.toml", "other.geojson", "out/accepted/*/other.geojson"
    refused = ["write", other, _BROKEN]
    _case(to, "submission.no-last-good", project, refused, ["run"])
    _case(to, "submission.last-good-used", project, ["run"], refused, ["run"])
    _case(to, "submission.kept-damaged", project, ["run"], refused, ["write", kept, _BROKEN], ["run"])
    communes = geopandas.read_file(folder / "communes.gpkg")
    communes.assign(province_code="03").to_file(folder / "renumbered.gpkg", layer="communes")
    renumbered = ["copy", "renumbered.gpkg", "communes.gpkg"]
    _case(to, "submission.kept-unusable", project, ["run"], refused, renumbered, ["run"])
    edited = ["write", "out/runs/*/communes.csv", "edited by somebody"]
    _case(to, "run.damaged", project, ["run"], edited, ["run"])
    meanwhile = ["when", "five.gpkg", "other.geojson", '{"type": "FeatureCollection", "features": []}']
    _case(to, "file.changed", project, meanwhile, ["run"])


def _write_judgements(to: Writer, folder: Path) -> None:
    """Submissions that are read and then doubted, beside the communes, the version before, or others."""

    def coverage(name: str, *shapes: Any) -> str:
        write_coverage(folder / name, *shapes)
        return name

    def project(name: str, old: str, new: str) -> str:
        assert old in PROJECT
        (folder / name).write_text(PROJECT.replace(old, new, 1), encoding="utf-8")
        return name

    usual, five, other = "blackspot.toml", "five.gpkg", "other.geojson"
    squares = coverage("squares.gpkg", box(0, 0, 10, 10))
    _case(to, "plausibility.copies-communes", usual, ["copy", squares, five], ["run"])
    later = project("later.toml", "vintage = 2026-08-31", "vintage = 2026-10-31")
    _case(to, "plausibility.unchanged", usual, ["run"], ["copy", later, usual], ["run"])
    west = coverage("west.gpkg", box(0, 0, 8, 4))
    _case(to, "plausibility.commune-lost", usual, ["run"], ["copy", west, five], ["run"])
    twin = project("twin.toml", 'path = "other.geojson"', 'path = "twin.gpkg"')
    _case(to, "submission.same-file", twin, ["copy", five, "twin.gpkg"], ["run"])
    near = coverage("near.gpkg", box(0, 0, 20, 4), box(0, 0, 1, 1))
    _case(to, "submission.same-shape", twin, ["copy", near, "twin.gpkg"], ["run"])
    small = coverage("four.gpkg", box(0, 0, 5, 4))
    wide = f'[[submissions]]\noperator = "Sao Mai"\nservice = "4g"\npath = "{small}"\n[profile]'
    _case(to, "submission.outside-4g", project("four.toml", "[profile]", wide), ["run"])
    gone = project("gone.toml", 'path = "communes.gpkg"', 'path = "gone.gpkg"')
    _case(to, "file.missing", gone, ["run"])
    long = project("long.toml", 'path = "communes.gpkg"', f'path = "{"x" * 300}.gpkg"')
    _case(to, "file.unreadable", long, ["run"])
    while_set = [
        "when",
        words("progress", "en")["setting"],
        other,
        '{"type": "FeatureCollection", "features": []}',
    ]
    _case(to, "file.changed", usual, while_set, ["run"])


def _write_people(to: Writer, folder: Path) -> None:
    """Official totals that disagree with the raster, and decisions about communes that cannot be used."""
    (folder / "official.csv").write_text("code,population\n00101,500\n00102,5000\n", encoding="utf-8")

    def project(name: str, more: str, raster: str = "people.tif") -> str:
        text = PROJECT.replace('vintage = "2020"\n', f'vintage = "2020"\n{more}\n', 1)
        text = text.replace("people.tif", raster)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        return f"{name}.toml"

    def decided(name: str, row: str) -> str:
        (folder / f"{name}.csv").write_text(f"code,basis,population,reason,date\n{row}\n", encoding="utf-8")
        return project(name, f'overrides = {{ path = "{name}.csv" }}')

    _case(to, "setting.no-border", project("no-border", 'kind = "count"'), ["run"])
    indoor = PROJECT.replace("[profile]", '[profile]\ncounted_environments = ["indoor"]')
    indoor = indoor.replace('service = "5g"\n', 'service = "5g"\nenvironment = "indoor"\n', 1)
    (folder / "indoor.toml").write_text(indoor, encoding="utf-8")
    _case(to, "profile.not-counted", "indoor.toml", ["run"])
    for name, code, shape in (
        ("country", "border-without-neighbours", box(0, 0, 20, 20)),
        (
            "middle",
            "much-border",
            shapely.LineString([box(0, 10, 20, 10).bounds[:2], box(0, 10, 20, 10).bounds[2:]]),
        ),
    ):
        geopandas.GeoDataFrame(geometry=[shape], crs=4326).to_file(folder / f"border-{name}.gpkg")
        land_border = f'[setting.border]\nland_border = {{ path = "border-{name}.gpkg" }}\n[profile]'
        (folder / f"border-{name}.toml").write_text(
            PROJECT.replace("[profile]", land_border), encoding="utf-8"
        )
        _case(to, f"setting.{code}", f"border-{name}.toml", ["run"])
    _case(to, "population.disputed", project("disputed", 'totals = { path = "official.csv" }'), ["run"])
    _case(to, "population.unknown-land", _cut_through(folder), ["run"])
    short = people_to(folder, "short.tif", 13)
    _case(to, "population.ends-inside", project("short", 'kind = "count"', short), ["run"])
    rows = "".join(f"{code},{people}\n" for code, people in zip(CODES, (500, 480, 510, 520), strict=True))
    (folder / "official-all.csv").write_text(f"code,population\n{rows}", encoding="utf-8")
    _write_tiles(to, folder)
    official = project("short-official", 'totals = { path = "official-all.csv" }', short)
    _case(to, "population.spread-beyond", official, ["run"])
    northern = people_to(folder, "northern.tif", 10)
    _case(to, "population.not-reached", project("northern", 'kind = "count"', northern), ["run"])
    _case(to, "overrides.bad-code", decided("unknown", "99999,raster,,why,2026-10-31"), ["run"])
    _case(to, "overrides.no-figure", decided("neither", "00101,,,why,2026-10-31"), ["run"])
    _case(to, "overrides.no-reason", decided("silent", "00101,raster,,,2026-10-31"), ["run"])


def _write_tiles(to: Writer, folder: Path) -> None:
    """Write tiles that do not belong together, and projects that name two of them."""
    with rasterio.open(folder / "people.tif") as whole:
        profile, cells = whole.profile, whole.read(1)
    there = profile["transform"]
    fine = there @ Affine.scale(0.01)
    for name, values, transform in (
        ("shifted", cells, there @ Affine.translation(0.4, 20)),
        ("others", cells + 1, there @ Affine.translation(10, 0)),
        ("near", cells, fine),
        ("far", cells, fine @ Affine.translation(80_000, 80_000)),
    ):
        with rasterio.open(folder / f"{name}.tif", "w", **profile | {"transform": transform}) as target:
            target.write(values, 1)
    for first, second, code in (
        ("people", "shifted", "tile-grid"),
        ("people", "others", "tiles-contradict"),
        ("near", "far", "tiles-apart"),
    ):
        text = PROJECT.replace('"people.tif"', f'["{first}.tif", "{second}.tif"]', 1)
        (folder / f"tiles-{second}.toml").write_text(text, encoding="utf-8")
        _case(to, f"population.{code}", f"tiles-{second}.toml", ["run"])
    (folder / "tiles").mkdir()
    shutil.copy(folder / "people.tif", folder / "tiles")
    text = PROJECT.replace('"people.tif"', '"tiles"', 1)
    (folder / "tiles.toml").write_text(text, encoding="utf-8")
    _case(to, "file.changed", "tiles.toml", ["when", "communes.gpkg", "tiles/late.tif", "late"], ["run"])


def people_to(folder: Path, name: str, rows: int) -> str:
    """Cut the raster of people off after so many rows from the north."""
    with rasterio.open(folder / "people.tif") as whole:
        profile = whole.profile | {"height": rows}
        cells = whole.read(1, window=Window(0, 0, whole.width, rows))
    with rasterio.open(folder / name, "w", **profile) as part:
        part.write(cells, 1)
    return name


def _cut_through(folder: Path) -> str:
    """Write a project of the northern communes alone, whose border runs through a row of cells with people."""
    communes = geopandas.read_file(folder / "communes.gpkg")[:2]
    north = [box(0, 0, 10, 9.5), box(10, 0, 20, 9.5)]
    communes.set_geometry(north, crs=4326).to_file(folder / "north.gpkg")
    (folder / "north.toml").write_text(PROJECT.replace("communes.gpkg", "north.gpkg"), encoding="utf-8")
    return "north.toml"


def _write_settlements(to: Writer, folder: Path) -> None:
    """One file of villages with everything that can be odd about them."""
    geopandas.GeoDataFrame(
        {
            "name": ["A", None, "C", "D", "E"],
            "code": ["00101", "00101", "99999", "00101", None],
            "power": ["yes", "no", "maybe", "yes", "no"],
            "homes": ["12", "7", "-3", "4", "1"],
        },
        geometry=[box(x, 1, x + 1, 2).centroid for x in (1, 2, 3, 12, 50)],
        crs=4326,
    ).to_file(folder / "villages.gpkg")
    section = (
        '[villages]\npath = "villages.gpkg"\n'
        'columns = { code = "code", has_grid_power = "power", households = "homes" }\n[profile]'
    )
    (folder / "villages.toml").write_text(PROJECT.replace("[profile]", section), encoding="utf-8")
    for name in (
        "no-name",
        "unknown-commune",
        "other-commune",
        "outside",
        "neither-yes-nor-no",
        "no-number",
    ):
        _case(to, f"settlements.{name}", "villages.toml", ["run"])
    (folder / "reported.csv").write_text("name,code\nA,00101\n,00101\nX,99999\n", encoding="utf-8")
    section = '[villages]\npath = "good.gpkg"\nreported = { path = "reported.csv" }\n[profile]'
    geopandas.GeoDataFrame(
        {"name": ["A"], "code": ["00101"]}, geometry=[box(1, 1, 2, 2).centroid], crs=4326
    ).to_file(folder / "good.gpkg")
    (folder / "reported.toml").write_text(PROJECT.replace("[profile]", section), encoding="utf-8")
    for name in ("no-name", "unknown-commune"):
        _case(to, f"settlements.{name}", "reported.toml", ["run"])


def _write_former(to: Writer, folder: Path) -> None:
    """Names of before, one without a name and one that leads to a code of nobody."""
    rows = "Xã Cũ,00101\n,00101\nXã Xưa,99999\n"
    (folder / "former.csv").write_text(f"name,code\n{rows}", encoding="utf-8")
    section = f'{_COMMUNES}former = {{ path = "former.csv" }}\n'
    (folder / "former.toml").write_text(PROJECT.replace(_COMMUNES, section), encoding="utf-8")
    for name in ("incomplete", "unknown-commune"):
        _case(to, f"former.{name}", "former.toml", ["run"])


def _write_context(to: Writer, folder: Path) -> None:
    """Roads, some of which a filter leaves out, and a filter that keeps none of them."""
    lines = [
        shapely.LineString([box(at, 1, at + 1, 2).centroid, box(9, 9, 10, 10).centroid]) for at in (1, 3)
    ]
    roads = geopandas.GeoDataFrame({"class": ["trunk", "path"]}, geometry=lines, crs=4326)
    roads.to_file(folder / "roads.gpkg")
    for name, code, kept in (
        ("roads", "filtered", "trunk"),
        ("no-roads", "filter-keeps-nothing", "motorway"),
    ):
        where = f'where = {{ column = "class", values = ["{kept}"] }}\n'
        section = f'[[map.context]]\nkind = "roads"\npath = "roads.gpkg"\n{where}[profile]'
        (folder / f"{name}.toml").write_text(PROJECT.replace("[profile]", section), encoding="utf-8")
        _case(to, f"context.{code}", f"{name}.toml", ["run"])
