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

from blackspot.data.runs import libraries
from blackspot.errors import BusyError, InputError, ProjectError
from blackspot.maps.pages.store import read_map_data
from blackspot.pipeline import past_runs
from blackspot.pipeline import run as pipeline
from small_country import CELLS, NORTH, WEST, box, frame

if TYPE_CHECKING:
    from pathlib import Path


from four_communes import NAMES, files


def test_a_run_publishes_every_output(project: Path) -> None:
    """All files of a run are there, verified, and the pointer leads to them."""
    report = pipeline.run(project)
    assert report.published
    assert 0 == report.exit_code
    names = set(files(report.folder))
    expected = {
        "communes.csv", "communes.parquet", "provinces.csv", "provinces.parquet",
        "black_spots.csv", "black_spots.parquet",
        "blackspot.gpkg", "blackspot.xlsx", "manifest.json", "findings.json", "map.html", "cell_bits.tif",
    }  # fmt: skip
    assert set() == expected - names
    latest = json.loads((project.parent / "out" / "latest.json").read_text(encoding="utf-8"))
    assert report.run_id == latest["run"]
    assert [report.run_id] == [
        one.record.id for one in past_runs.list_runs(project.parent / "out") if one.record
    ]


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


def test_the_state_of_every_cell_is_kept_by_name(project: Path) -> None:
    """Four rows of twenty cells, sixteen cells of the corner, and ten rows the second operator does not speak for."""
    with rasterio.open(pipeline.run(project, pages="none").folder / "cell_bits.tif") as raster:
        bands = dict(zip(raster.descriptions, raster.read(), strict=True))
    populated = bands["populated"] == 1
    inside = np.ix_(populated.any(axis=1), populated.any(axis=0))  # the grid may reach beyond the raster
    assert (CELLS, CELLS) == populated[inside].shape
    assert populated[inside].all()
    cells = {name: band[inside] for name, band in bands.items()}
    assert 80 == int((cells["Sao Mai 5g"] == 1).sum())
    assert 320 == int((cells["Sao Mai 5g"] == 0).sum())
    assert 16 == int((cells["Hải Đăng 5g"] == 1).sum())
    assert (cells["Hải Đăng 5g"][2:6, 2:6] == 1).all()
    assert 200 == int((cells["Hải Đăng 5g"] == 255).sum())
    assert {5} == set(np.flatnonzero((cells["Sao Mai fibre"] == 1).any(axis=1)).tolist())


@pytest.mark.parametrize(
    ("options", "everything"),
    [
        ({"pages": "none"}, True),
        ({"pages": "none", "variant": "other"}, False),
        ({"pages": "national", "variant": "other"}, True),
        ({"pages": "none", "variant": "other", "overrides": ['project.tables="all"']}, True),
        ({"pages": "none", "overrides": ['project.tables="parquet"']}, False),
    ],
)
def test_a_variant_without_pages_has_its_tables_once(
    project: Path,
    options: dict[str, Any],
    everything: bool,  # noqa: FBT001 - a case
) -> None:
    """It is there to be compared; whoever wants to hand it out, or the opposite, says so."""
    folder = pipeline.run(project, **options).folder
    others = {"communes.csv", "provinces.csv", "black_spots.csv", "blackspot.gpkg", "blackspot.xlsx"}
    tables = {"communes.parquet", "provinces.parquet", "black_spots.parquet", "boundaries.parquet"}
    names = set(files(folder))
    assert tables <= names
    assert (others if everything else set()) == others & names


def test_what_two_runs_have_alike_is_one_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outlines do not change with a rule, nor which cells are covered; each run has all its files."""
    monkeypatch.setattr("blackspot.data.sharing.unchanged.SMALLEST", 1)
    first = pipeline.run(project, pages="none").folder
    second = pipeline.run(project, pages="none", variant="low", overrides=["profile.min_people=5"]).folder
    alike = {name for name, content in files(first).items() if files(second).get(name) == content}
    assert {"boundaries.parquet", "lacking_cells.parquet"} <= alike
    one_file = {name for name in files(second) if name in alike and (first / name).samefile(second / name)}
    assert alike == one_file


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


@pytest.mark.slow
def test_dask_workers_give_the_same_bytes(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A run whose overlay was computed by workers differs in nothing."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra: cluster)")
    other = tmp_path_factory.mktemp("workers") / "copy"
    shutil.copytree(project.parent, other)
    here = pipeline.run(project, pages="none")
    there = pipeline.run(other / project.name, pages="none", cluster="local")
    assert files(here.folder) == files(there.folder)


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
    with pytest.raises(ProjectError) as refused:
        pipeline.run(project)
    told = str(refused.value)
    assert "border.geojson" in told
    assert "77" in told
    assert "Planned" in told
    assert not (project.parent / "out" / "latest.json").exists()
    assert [] == list((project.parent / "out" / "runs").iterdir())
    status = json.loads((project.parent / "out" / "status.json").read_text(encoding="utf-8"))
    assert 2 == status["last_failure"]["exit_code"]


def test_an_entry_that_does_not_fit_its_file_is_the_projects_mistake(project: Path) -> None:
    """Wrong where, missing or needless distance, contradicted CRS: exit 2 in both languages, nothing published."""
    text = project.read_text(encoding="utf-8")
    for wrong, said in (
        (text.replace("buffer_m = 500\n", ""), ("buffer_m", "buffer_m")),
        (text.replace('column = "status"', 'column = "state"'), ("status", "status")),
        (text.replace('path = "five.gpkg"', 'path = "five.gpkg"\nbuffer_m = 9'), ("buffer_m", "buffer_m")),
        (
            text.replace('path = "five.gpkg"', 'path = "five.gpkg"\ncrs = "EPSG:9217"'),
            ("EPSG:9217", "EPSG:9217"),
        ),
    ):
        project.write_text(wrong, encoding="utf-8")
        with pytest.raises(ProjectError) as stopped:
            pipeline.run(project, pages="none")
        assert said[0] in stopped.value.problems[0]
        assert said[1] in stopped.value.vietnamese[0]
        assert stopped.value.problems != stopped.value.vietnamese
    assert not (project.parent / "out" / "latest.json").exists()


def test_a_file_that_changed_under_an_entry_that_worked_is_the_operators(project: Path) -> None:
    """Lines come where areas were: the last good version is used; the same bytes under a new entry are a mistake."""
    pipeline.run(project, pages="none")
    frame([shapely.LineString([(WEST, NORTH - 0.05), (WEST + 0.1, NORTH - 0.05)])], kind=["x"]).to_file(
        project.parent / "other.geojson"
    )
    report = pipeline.run(project, pages="none")
    assert 3 == report.exit_code
    assert ["last_good"] == [item.state for item in report.submissions if item.operator == "Hải Đăng"]
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("buffer_m = 500\n", ""), encoding="utf-8")
    with pytest.raises(ProjectError):
        pipeline.run(project, pages="none")


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


def test_other_rules_and_first_reports_are_no_change(project: Path) -> None:
    """A run by other rules, or with a first report, is published, but never shown as change since the run before."""
    pipeline.run(project)
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("min_people = 10", 'min_people = 10\ngap = "any"'), encoding="utf-8")
    other = pipeline.run(project)
    assert read_map_data(other.folder).previous is None
    (said,) = [
        one["en"]
        for one in read_map_data(other.folder).about["limits"]
        if "Not compared with run" in one["en"]
    ]
    assert "a gap counts where any service is missing" in said
    project.write_text(
        project.read_text(encoding="utf-8").replace('extent = { except_provinces = ["02"] }\n', ""), "utf-8"
    )
    first = pipeline.run(project)
    assert read_map_data(first.folder).previous is None
    frame([box(2, 2, 7, 7)], kind=["5G"]).to_file(project.parent / "other.geojson")
    later = read_map_data(pipeline.run(project).folder)
    assert later.previous is not None
    assert first.run_id == later.previous.run


def test_the_effective_project_file_stands_in_the_run(project: Path) -> None:
    """Carried out again it is the same run: there is nothing new."""
    report = pipeline.run(project, overrides=["profile.min_people=12"], pages="none")
    kept = report.folder / "project.toml"
    assert "min_people = 12" in kept.read_text(encoding="utf-8")
    (project.parent / "again.toml").write_bytes(kept.read_bytes())
    assert pipeline.run(project.parent / "again.toml").nothing_new


def test_corrected_code_is_not_nothing_new(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same inputs and the same version number, by code that is not the same."""
    pipeline.run(project, pages="none")
    assert pipeline.run(project, pages="none").nothing_new
    libraries._program.cache_clear()
    monkeypatch.setattr(libraries, "_code", lambda _: "0123456789abcdef")
    try:
        report = pipeline.run(project, pages="none")
        assert report.published
        assert pipeline.run(project, pages="none").nothing_new
    finally:
        libraries._program.cache_clear()
