"""The whole job on a small country of real files: publish, publish nothing new, refuse, and never half."""

from __future__ import annotations

import fcntl
import json
import shutil
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from blackspot.coverage.burn.crossings import part_spans
from blackspot.coverage.people.cell_bits import CellBits
from blackspot.coverage.setting.classify import classify
from blackspot.errors import BusyError, InputError, RunNotFoundError
from blackspot.pipeline import past_runs
from blackspot.pipeline import run as pipeline
from small_country import CELLS, NORTH, WEST, box, frame, write_coverage, write_people

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from blackspot.coverage.burn.crossings import PartSpans
    from blackspot.coverage.burn.grid import Grid
    from blackspot.coverage.burn.rings import Rings

NAMES = ["Xã Núi Đá", "=HYPERLINK(1)", "{{ cycler }}</script>", "Phường Chợ"]

PROJECT = """
[project]
title = { vi = "Thử", en = "Trial" }
[communes]
path = "communes.gpkg"
[population]
path = "people.tif"
vintage = "2020"
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "five.gpkg"
vintage = 2026-10-31
[[submissions]]
operator = "Hải Đăng"
service = "5g"
path = "other.geojson"
extent = { except_provinces = ["02"] }
[[submissions]]
operator = "Sao Mai"
service = "fibre"
path = "fibre.fgb"
where = { column = "status", values = ["Operational"] }
buffer_m = 500
[setting.border]
land_border = { path = "border.geojson" }
[profile]
id = "trial"
services = ["5g", "fibre"]
mobile_service = "5g"
fibre_service = "fibre"
min_people = 10
[map]
pages = "national"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a small country and its project file."""
    squares = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(0, 10, 10, 20), box(10, 10, 20, 20)]
    communes = frame(
        squares,
        code=["00101", "00102", "00201", "00202"],
        name=NAMES,
        province_code=["01", "01", "02", "02"],
        type=["xã", "xã", "xã", "phường"],
    )
    communes.to_file(tmp_path / "communes.gpkg", layer="communes")
    write_people(tmp_path / "people.tif")
    frame([box(0, 0, 20, 4)], kind=["5G"]).to_crs(3405).to_file(tmp_path / "five.gpkg", layer="five")
    frame([box(2, 2, 6, 6)], kind=["5G"]).to_file(tmp_path / "other.geojson")
    routes = [
        shapely.LineString([(WEST, NORTH - 0.055), (WEST + 0.2, NORTH - 0.055)]),
        shapely.LineString([(WEST, NORTH - 0.155), (WEST + 0.2, NORTH - 0.155)]),
    ]
    frame(routes, status=["Operational", "Planned"]).to_file(tmp_path / "fibre.fgb")
    border = shapely.LineString([(WEST - 0.01, NORTH), (WEST - 0.01, NORTH - 0.2)])
    frame([border], name=["border"]).to_file(tmp_path / "border.geojson")
    path = tmp_path / "blackspot.toml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_publishes_every_output(project: Path) -> None:
    """All files of a run are there, verified, and the pointer leads to them."""
    report = pipeline.run(project)
    assert report.published
    assert 0 == report.exit_code
    names = set(files(report.folder))
    expected = {
        "communes.csv", "communes.parquet", "provinces.csv", "provinces.parquet",
        "black_spots.csv", "black_spots.parquet",
        "blackspot.gpkg", "blackspot.xlsx", "manifest.json", "findings.json", "map.html", "cell_bits.zip",
    }  # fmt: skip
    assert set() == expected - names
    latest = json.loads((project.parent / "out" / "latest.json").read_text(encoding="utf-8"))
    assert report.run_id == latest["run"]
    assert [report.run_id] == [record.id for record in past_runs.list_runs(project.parent / "out")]


def test_the_figures_are_those_worked_out_by_hand(project: Path) -> None:
    """Four of ten northern rows have 5G from one operator; the other adds a corner and leaves the south out."""
    communes = pipeline.run(project, pages="none").communes.set_index("code")
    np.testing.assert_allclose([500.0] * 4, communes["pop_total"].sort_index(), atol=1e-3)
    covered = communes["pop_covered_5g"].sort_index()
    np.testing.assert_allclose([240, 200, 0, 0], covered, atol=0.6)  # reprojected edges
    np.testing.assert_allclose([0, 0, 500, 500], communes["pop_no_data_5g"].sort_index(), atol=0.6)
    assert {"00101", "00201"} == set(communes.index[communes["is_border"]])
    assert {"00202"} == set(communes.index[~communes["is_rural"]])
    fibre = communes["pop_uncovered_fibre"].sort_index()
    assert 500 == pytest.approx(fibre["00201"], abs=1e-6)  # the route there is only planned
    assert 0 < fibre["00101"] < 500


def test_the_bits_of_every_cell_are_kept_by_name(project: Path) -> None:
    """Four rows of twenty cells, sixteen cells of the corner, and the ten rows the second operator speaks for."""
    bits = CellBits.open(pipeline.run(project, pages="none").folder / "cell_bits.zip")
    populated = bits.populated(0, bits.height)
    inside = np.ix_(populated.any(axis=1), populated.any(axis=0))  # the grid may reach beyond the raster
    assert (CELLS, CELLS) == populated[inside].shape
    assert populated[inside].all()
    cells = {
        (bit.operator, bit.service, bit.kind): bits.layer(bit.number, 0, bits.height)[inside]
        for bit in bits.bits
    }
    assert 80 == int(cells["Sao Mai", "5g", "coverage"].sum())
    assert 16 == int(cells["Hải Đăng", "5g", "coverage"].sum())
    assert cells["Hải Đăng", "5g", "coverage"][2:6, 2:6].all()
    assert 200 == int(cells["Hải Đăng", "5g", "extent"].sum())
    assert {5} == set(np.flatnonzero(cells["Sao Mai", "fibre", "coverage"].any(axis=1)).tolist())


def test_the_same_inputs_publish_nothing_new(project: Path) -> None:
    """A second run writes nothing and reports the first one's figures."""
    first = pipeline.run(project)
    before = files(project.parent / "out" / "runs")
    second = pipeline.run(project)
    assert second.nothing_new
    assert not second.published
    assert first.run_id == second.run_id
    assert first.figures["pop_total"] == second.figures["pop_total"]
    assert first.communes["code"].tolist() == second.communes["code"].tolist()
    assert before == files(project.parent / "out" / "runs")


def test_the_same_inputs_give_the_same_bytes_anywhere(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two copies of a project in two folders give byte-identical runs."""
    other = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(project.parent, other)
    here, there = pipeline.run(project), pipeline.run(other / project.name)
    assert files(here.folder) == files(there.folder)


def test_dask_workers_give_the_same_bytes(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A run whose overlay was computed by workers differs in nothing."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra: cluster)")
    other = tmp_path_factory.mktemp("workers") / "copy"
    shutil.copytree(project.parent, other)
    here = pipeline.run(project, pages="none")
    there = pipeline.run(other / project.name, pages="none", cluster="local")
    assert files(here.folder) == files(there.folder)


def rewrite(project: Path, rows: int) -> None:
    """Let the first operator cover so many rows from the north."""
    frame([box(0, 0, 20, rows)], kind=["5G"]).to_crs(3405).to_file(
        project.parent / "five.gpkg", layer="five", mode="w"
    )


def test_what_was_kept_gives_the_same_bytes(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of one submission only its tiles are burned; the run differs in nothing from a fresh one."""
    pipeline.run(project, pages="none")
    rewrite(project, 8)
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    burned = []

    def watched(rings: Rings, grid: Grid) -> Iterator[PartSpans]:
        burned.append(len(rings.feature))
        return part_spans(rings, grid)

    monkeypatch.setattr("blackspot.coverage.burn.polygons.part_spans", watched)
    kept = pipeline.run(project, pages="none")
    assert [1] == burned
    burned.clear()
    anew = pipeline.run(fresh / project.name, pages="none")
    assert len(burned) > 1
    assert files(anew.folder) == files(kept.folder)
    bands = [files(path.parent / "out" / "cache" / "bands") for path in (project, fresh / project.name)]
    results = [{name: kept for name, kept in found.items() if name.endswith(".kept")} for found in bands]
    assert results[0] == results[1] != {}


def test_an_unchanged_count_reads_no_people(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another title makes a new run, but people and coverage are as before: all bands are taken from the last."""
    first = pipeline.run(project, pages="none")

    def unwanted(*_: object) -> None:
        raise AssertionError("a band was joined")

    monkeypatch.setattr("blackspot.coverage.overlay.bands.join_band", unwanted)
    second = pipeline.run(project, pages="none", overrides=['project.title.en="Again"'])
    assert first.run_id != second.run_id
    assert (first.folder / "communes.csv").read_bytes() == (second.folder / "communes.csv").read_bytes()


def test_the_setting_of_the_same_communes_is_not_found_out_again(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another profile takes the setting from the run before, to the byte; other rules do not."""
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    asked = []

    def watched(*arguments: Any, **named: Any) -> pd.DataFrame:
        asked.append(len(arguments[0]))
        return classify(*arguments, **named)

    monkeypatch.setattr("blackspot.coverage.analysis.classify", watched)
    overrides = ["profile.min_people=7"]
    first = pipeline.run(project, pages="none")
    kept = pipeline.run(project, pages="none", overrides=overrides)
    assert 1 == len(asked)
    anew = pipeline.run(fresh / project.name, pages="none", overrides=overrides)
    assert (anew.folder / "communes.parquet").read_bytes() == (kept.folder / "communes.parquet").read_bytes()
    other = pipeline.run(project, pages="none", overrides=['setting.rural_types=["ward"]'])
    assert 3 == len(asked)
    rural, others = (run.communes.set_index("code")["is_rural"].sort_index() for run in (first, other))
    assert (~rural).tolist() == others.tolist()


@pytest.mark.parametrize("override", ['profile.operator_rule="all"', 'population.kind="density"'])
def test_another_question_is_not_answered_from_what_was_kept(
    project: Path, tmp_path_factory: pytest.TempPathFactory, override: str
) -> None:
    """The rules of the profile and the way the raster is read decide: the same bytes as without a cache."""
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    before = pipeline.run(project, pages="none")
    kept = pipeline.run(project, pages="none", overrides=[override])
    anew = pipeline.run(fresh / project.name, pages="none", overrides=[override])
    assert before.figures["pop_failing"] != kept.figures["pop_failing"]
    assert (anew.folder / "communes.parquet").read_bytes() == (kept.folder / "communes.parquet").read_bytes()
    assert (anew.folder / "black_spots.csv").read_bytes() == (kept.folder / "black_spots.csv").read_bytes()


@pytest.mark.parametrize("damage", [b"", b"rubbish " * 40, None])
def test_a_damaged_cache_is_harmless(
    project: Path, tmp_path_factory: pytest.TempPathFactory, damage: bytes | None
) -> None:
    """Every file of the cache emptied, replaced or cut in half: the next run is right, and mends them."""
    pipeline.run(project, pages="none")
    cache = project.parent / "out" / "cache"
    rewrite(project, 8)
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    damaged = [path for path in cache.rglob("*") if path.is_file()]
    assert len(damaged) > 5
    for path in damaged:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if damage is None else damage)
    kept = pipeline.run(project, pages="none")
    anew = pipeline.run(fresh / project.name, pages="none")
    assert files(anew.folder) == files(kept.folder)
    sound = files(fresh / "out" / "cache")
    assert sound == {name: content for name, content in files(cache).items() if name in sound}


def test_the_cache_does_not_grow_from_run_to_run(project: Path) -> None:
    """After six variants it holds at most twice the spans of one, and the same files for bands."""
    sizes, bands = [], set()
    for rows in range(3, 9):
        rewrite(project, rows)
        pipeline.run(project, pages="none")
        cache = project.parent / "out" / "cache"
        sizes.append(sum(path.stat().st_size for path in (cache / "spans").iterdir()))
        bands.add(tuple(sorted(files(cache / "bands"))))
    assert 1 == len(bands)
    assert max(sizes[1:]) <= 2 * sizes[0] * 1.2  # layers differ a little in size
    assert sizes[-1] < 6 * sizes[0] / 2


def test_a_changed_input_is_a_new_run_that_knows_the_last(project: Path) -> None:
    """New coverage makes a new run; the old one stays as it was."""
    first = pipeline.run(project)
    before = files(first.folder)
    frame([box(0, 0, 20, 8)], kind=["5G"]).to_crs(3405).to_file(project.parent / "five.gpkg", layer="five")
    second = pipeline.run(project)
    assert second.published
    assert first.run_id != second.run_id
    assert second.figures["pop_covered_5g"] > first.figures["pop_covered_5g"]
    assert before == files(first.folder)


def test_every_problem_is_told_at_once_and_nothing_is_published(project: Path) -> None:
    """A missing file, an unknown province and an empty filter stop the run together."""
    (project.parent / "border.geojson").unlink()
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace('["02"]', '["77"]').replace('"Operational"', '"Built"'), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        pipeline.run(project)
    told = str(refused.value)
    assert "border.geojson" in told
    assert "77" in told
    assert "Planned" in told
    assert not (project.parent / "out" / "latest.json").exists()
    assert [] == list((project.parent / "out" / "runs").iterdir())
    status = json.loads((project.parent / "out" / "status.json").read_text(encoding="utf-8"))
    assert 4 == status["last_failure"]["exit_code"]


def test_refused_communes_do_not_hide_other_problems(project: Path) -> None:
    """Two communes with one code, negative people and a broken coverage file are told together."""
    communes = gpd.read_file(project.parent / "communes.gpkg")
    communes["code"] = "00101"
    communes.to_file(project.parent / "communes.gpkg", layer="communes")
    (project.parent / "other.geojson").write_text("{ broken", encoding="utf-8")
    with rasterio.open(project.parent / "people.tif", "r+") as raster:
        raster.write(np.full((CELLS, CELLS), -5, dtype="float32"), 1)
    with pytest.raises(InputError) as refused:
        pipeline.run(project)
    files_named = {finding.file for finding in refused.value.findings}
    assert {"communes.gpkg", "other.geojson", "people.tif"} == files_named


def test_a_refused_submission_may_become_no_data(project: Path) -> None:
    """With refused_submissions = "no_data" the run goes on, visibly, and never calls people uncovered."""
    (project.parent / "other.geojson").write_text("{ broken", encoding="utf-8")
    report = pipeline.run(project, overrides=['project.refused_submissions="no_data"'], pages="none")
    assert 3 == report.exit_code
    assert report.published
    assert 0 == report.figures["pop_uncovered_5g"]
    assert report.figures["pop_no_data_5g"] > 0
    assert any(finding.severity == "error" for finding in report.findings)
    manifest = json.loads((report.folder / "manifest.json").read_text(encoding="utf-8"))
    assert any(finding["severity"] == "error" for finding in manifest["findings"])


def test_a_busy_folder_is_left_alone(project: Path) -> None:
    """While another run holds the folder, nothing is read or written."""
    out = project.parent / "out"
    out.mkdir()
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(BusyError):
            pipeline.run(project)
    assert not (out / "latest.json").exists()


def test_a_commune_is_explained_in_both_languages(project: Path) -> None:
    """The words carry the operator's own name and the commune's, and an unknown code says so."""
    report = pipeline.run(project, pages="none")
    out = project.parent / "out"
    vietnamese = past_runs.explain(out, "00101")
    assert "Núi Đá" in vietnamese.text
    assert "Hải Đăng" in vietnamese.text
    assert "people" in past_runs.explain(out, "00101", run=report.run_id, language="en").text
    assert vietnamese.text == past_runs.explain(out, "nui da").text
    with pytest.raises(RunNotFoundError):
        past_runs.explain(out, "99999")


def test_a_black_spot_is_explained_alone(project: Path) -> None:
    """By its id: its commune, and this spot only."""
    report = pipeline.run(project, pages="none")
    spots = pd.read_parquet(report.folder / "black_spots.parquet")
    told = past_runs.explain(project.parent / "out", spots["spot_id"].iloc[0], language="en").text
    assert [spots["spot_id"].iloc[0]] == [name for name in spots["spot_id"] if name in told]


def test_a_run_by_another_profile_is_no_run_before(project: Path) -> None:
    """People who failed something else are not compared with; the same rules are, whatever the inputs."""
    out = project.parent / "out"
    pipeline.run(project, pages="none", overrides=["profile.min_people=11"])
    pipeline.run(project, pages="none")
    assert "Before (" not in past_runs.explain(out, "00101", language="en").text
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 5))
    pipeline.run(project, pages="none")
    assert "Before (000002-" in past_runs.explain(out, "00101", language="en").text


def test_pages_of_a_kept_run_are_built_again(project: Path) -> None:
    """Rebuilding gives the published page byte for byte, and a new title where one is asked for."""
    report = pipeline.run(project)
    before = files(report.folder)
    pages = {path.name: path for path in past_runs.rebuild_map(report.folder.parent.parent / "latest")}
    assert project.parent / "out" / "pages" / report.run_id / "map.html" == pages["map.html"]
    assert (report.folder / "map.html").read_bytes() == pages["map.html"].read_bytes()
    renamed = {path.name: path for path in past_runs.rebuild_map(report.folder, title="Khác & <b>")}
    assert "Khác &amp; &lt;b&gt;" in renamed["map.html"].read_text(encoding="utf-8")
    assert before == files(report.folder)


def test_hostile_names_stay_text(project: Path) -> None:
    """A formula in a name is neutralised in CSV; a template in a name reaches the page as text only."""
    report = pipeline.run(project)
    raw = (report.folder / "communes.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK(1)" in raw
    page = (report.folder / "map.html").read_text(encoding="utf-8")
    assert "{{ cycler" not in page.replace("\\u007b", "")
    assert "cycler }}</script>" not in page
    kept = pd.read_parquet(report.folder / "communes.parquet", columns=["name"])["name"].tolist()
    assert NAMES == kept
