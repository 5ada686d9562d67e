"""Several submissions and several layers out of one file: each keeps what is known of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import mapping

from blackspot.pipeline import run as pipeline
from small_country import PROJECT, STEP, box, change, frame, write_country

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.errors import Finding
    from blackspot.maps.summary.report import RunReport

BOTH = """\
[[submissions]]
operator = "{operator}"
service = "5g"
path = "both.{ending}"
where = {{ column = "sender", values = ["{operator}"] }}
"""
PER_LAYER = (
    '[[submissions]]\noperator = "{operator}"\nservice = "5g"\npath = "both.gpkg"\nlayer = "{layer}"\n'
)
OPEN = {"type": "Polygon", "coordinates": [list(box(14, 2, 16, 4).exterior.coords)[:-1]]}
"""Two cells by two with a ring that does not close."""
SAO_MAI, HAI_DANG = "Sao Mai", "Hải Đăng"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the small country: five people in every cell."""
    return write_country(tmp_path)


def run(project: Path) -> RunReport:
    return pipeline.run(project, pages="none")


def inputs_of(report: RunReport) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((report.folder / "manifest.json").read_text("utf-8"))["inputs"]
    return found


def of(report: RunReport, code: str) -> list[Finding]:
    return [item for item in report.findings if item.code == code]


def submissions(*texts: str) -> str:
    """The project of the small country with other submissions."""
    head, tail = PROJECT.partition("[[submissions]]")[0], PROJECT.partition("[profile]")[2]
    return head + "".join(texts) + "[profile]" + tail


def twice(column: float, row: float, cells: float) -> shapely.Polygon:
    """Four cells by four whose ring runs twice around a square of so many cells in their lower left corner."""
    ring = [
        (0, 0),
        (4, 0),
        (4, 4),
        (0, 4),
        (0, 0),
        (-1, -1),
        (cells, -1),
        (cells, cells),
        (-1, cells),
        (-1, -1),
    ]
    west, south = box(column, row, column, row).bounds[:2]
    return shapely.Polygon([(west + x * STEP, south + y * STEP) for x, y in ring])


def test_two_submissions_of_one_file_count_the_people_on_the_repaired_ground_of_both(project: Path) -> None:
    """Four cells in doubt for one operator and one for the other: 25 people, in whatever order they are read."""
    shapes = frame([twice(2, 8, 2), twice(12, 8, 1)], sender=[SAO_MAI, HAI_DANG])
    shapes.to_file(project.parent / "both.gpkg")
    texts = [BOTH.format(operator=operator, ending="gpkg") for operator in (SAO_MAI, HAI_DANG)]
    for order in (texts, texts[::-1]):
        project.write_text(submissions(*order), encoding="utf-8")
        (told,) = of(run(project), "repair.people")
        assert "holds 25 people" in told.message_en
        assert ("both.gpkg", "") == (told.file, told.layer)


def test_ground_that_both_submissions_mended_is_counted_once(project: Path) -> None:
    """The closed ring concerns the layer, whoever reads it: its four cells and one in doubt for each, 30 people."""
    shapes = [(SAO_MAI, OPEN), (SAO_MAI, mapping(twice(2, 8, 1))), (HAI_DANG, mapping(twice(12, 8, 1)))]
    features = [
        {"type": "Feature", "properties": {"sender": operator}, "geometry": shape}
        for operator, shape in shapes
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (project.parent / "both.geojson").write_text(json.dumps(collection), encoding="utf-8")
    texts = [BOTH.format(operator=operator, ending="geojson") for operator in (SAO_MAI, HAI_DANG)]
    project.write_text(submissions(*texts), encoding="utf-8")
    (told,) = of(run(project), "repair.people")
    assert "holds 30 people" in told.message_en


def test_repaired_ground_of_two_layers_is_told_of_each(project: Path) -> None:
    """Whoever mends them must know which layer holds it."""
    for layer, shape in (("four", twice(2, 8, 2)), ("one", twice(12, 8, 1))):
        frame([shape]).to_file(project.parent / "both.gpkg", layer=layer)
    texts = [
        PER_LAYER.format(operator=operator, layer=layer)
        for operator, layer in ((SAO_MAI, "four"), (HAI_DANG, "one"))
    ]
    project.write_text(submissions(*texts), encoding="utf-8")
    told = {item.layer: item.message_en for item in of(run(project), "repair.people")}
    assert ["four", "one"] == sorted(told)
    assert "holds 20 people" in told["four"]
    assert "holds 5 people" in told["one"]


def test_the_manifest_states_the_way_to_wgs_84_of_every_layer(project: Path) -> None:
    """Two submissions and the extent of one come out of one GeoPackage, each layer in a system of its own."""
    path = project.parent / "both.gpkg"
    systems = {"degrees": 4326, "zone": 3405, "speaks for": 9210}
    for layer, epsg in systems.items():
        frame([box(0, 0, 20, 4)]).to_crs(epsg).to_file(path, layer=layer)
    extent = 'extent = { path = "both.gpkg", layer = "speaks for" }\n'
    texts = [
        PER_LAYER.format(operator=SAO_MAI, layer="zone"),
        PER_LAYER.format(operator=HAI_DANG, layer="degrees") + extent,
    ]
    project.write_text(submissions(*texts), encoding="utf-8")
    stated = [entry for entry in inputs_of(run(project)) if entry["file"] == "both.gpkg"]
    assert [("coverage", "zone"), ("coverage", "degrees"), ("extent", "speaks for")] == [
        (entry["role"], entry["layer"]) for entry in stated
    ]
    assert [("EPSG:6960", 1.0), ("", 0.0), ("EPSG:6960", 1.0)] == [
        (entry["coordinates"]["code"], entry["coordinates"]["accuracy_m"]) for entry in stated
    ]
    assert ["EPSG:3405", "EPSG:4326", "EPSG:9210"] == [
        entry["coordinates"]["crs"].partition(" ")[0] for entry in stated
    ]


def test_a_file_of_one_layer_is_stated_without_it(project: Path) -> None:
    """The layer stands in the manifest where it tells two entries apart, and nowhere else."""
    frame([box(0, 0, 20, 4), box(2, 2, 6, 6)], sender=[SAO_MAI, HAI_DANG]).to_file(
        project.parent / "both.gpkg"
    )
    texts = [BOTH.format(operator=operator, ending="gpkg") for operator in (SAO_MAI, HAI_DANG)]
    project.write_text(submissions(*texts), encoding="utf-8")
    entries = inputs_of(run(project))
    assert 2 == [entry["file"] for entry in entries].count("both.gpkg")
    assert all("coordinates" in entry and "layer" not in entry for entry in entries)


def test_communes_and_the_names_of_provinces_come_out_of_one_file(project: Path) -> None:
    """A layer that is read for its names alone does not say how the outlines of the other came to WGS 84."""
    path = project.parent / "communes.gpkg"
    communes = gpd.read_file(path)
    path.unlink()
    communes.to_crs(3405).to_file(path, layer="communes")
    frame([box(0, 0, 20, 20)] * 2, code=["01", "02"], name=["Một", "Hai"]).to_file(path, layer="provinces")
    change(
        project,
        'path = "communes.gpkg"',
        'path = "communes.gpkg"\nlayer = "communes"\n[provinces]\npath = "communes.gpkg"\nlayer = "provinces"',
    )
    stated = {entry["role"]: entry for entry in inputs_of(run(project))}
    assert ("communes", "EPSG:6960") == (
        stated["communes"]["layer"],
        stated["communes"]["coordinates"]["code"],
    )
    assert ("provinces", "") == (stated["provinces"]["layer"], stated["provinces"]["coordinates"]["code"])


def test_each_of_two_submissions_of_one_file_keeps_its_own_day(project: Path) -> None:
    """The file handed in is of the day that the project file states for the submission."""
    frame([box(0, 0, 20, 4), box(2, 2, 6, 6)], sender=[SAO_MAI, HAI_DANG]).to_file(
        project.parent / "both.gpkg"
    )
    days = ("2026-08-31", "2026-09-30")
    texts = [
        BOTH.format(operator=operator, ending="gpkg") + f"vintage = {day}\n"
        for operator, day in zip((SAO_MAI, HAI_DANG), days, strict=True)
    ]
    project.write_text(submissions(*texts), encoding="utf-8")
    stated = json.loads((run(project).folder / "manifest.json").read_text("utf-8"))["submissions"]
    assert [*days] == [entry["file"]["vintage"] for entry in stated]
    assert [*days] == [entry["version"]["files"][0]["vintage"] for entry in stated]
