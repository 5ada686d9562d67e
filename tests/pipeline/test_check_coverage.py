"""One coverage file: read once, and judged as a run would judge it, beside files the project knows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.data.checking.request import CheckRequest
from blackspot.data.readers import vector
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check
from cases import TODAY
from small_country import box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.checking.request import CheckReport

FOUR = """[[submissions]]
operator = "Sao Mai"
service = "4g"
path = "four.gpkg"
extent = { provinces = ["01"] }
[profile]"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the small country."""
    return write_country(tmp_path)


def asked(folder: Path, file: str, **options: Any) -> CheckReport:
    """Check a file; paths among the options are names in the folder."""
    given = {
        name: folder / value if name in {"project", "communes", "previous", "other", "kit"} else value
        for name, value in options.items()
    }
    return check(CheckRequest.of(folder / file, "coverage", **given), today=TODAY)


def test_every_file_is_read_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file, the one before, the other one and the communes: with all that is asked of them, and a kit."""
    folder, read, real = project.parent, Counter[str](), vector.isolated
    write_coverage(folder / "before.gpkg", box(0, 0, 20, 5), box(0, 17, 3, 18))
    write_coverage(folder / "four.gpkg", box(0, 0, 5, 4))

    def counting(job: str, place: Any, about: Any, arguments: Any, *rest: Any) -> Any:
        read[f"{job} {arguments['source']['name']}"] += 1
        return real(job, place, about, arguments, *rest)

    monkeypatch.setattr(vector, "isolated", counting)
    report = asked(
        folder,
        "five.gpkg",
        communes="communes.gpkg",
        previous="before.gpkg",
        other="four.gpkg",
        service="5g",
        kit="kit",
    )
    assert {"plausibility.commune-lost", "submission.outside-4g"} <= set(report.codes)
    files = ("communes.gpkg", "five.gpkg", "before.gpkg", "four.gpkg")
    assert {f"vector {name}": 1 for name in files} == {
        name: times for name, times in read.items() if name.startswith("vector")
    }
    lost = gpd.read_file(folder / "kit" / "doi-tuong.gpkg")
    assert {"00201"} == set(lost["feature_id"])


def test_the_delivery_before_is_read_like_the_file(project: Path) -> None:
    """Rows of the second batch count in neither: nothing shrank."""
    folder = project.parent
    shapes, status = [box(0, 0, 20, 4), box(0, 10, 20, 20)], ["first", "second"]
    for name, plans in (("five.gpkg", 1), ("before.gpkg", 2)):
        (folder / name).unlink(missing_ok=True)
        gpd.GeoDataFrame({"batch": status[:plans]}, geometry=shapes[:plans], crs=4326).to_file(folder / name)
    change(
        project,
        'path = "five.gpkg"',
        'path = "five.gpkg"\nwhere = { column = "batch", values = ["first"] }',
    )
    report = asked(folder, "five.gpkg", project="blackspot.toml", previous="before.gpkg")
    assert [] == [code for code in report.codes if code in {"plausibility.shrank", "plausibility.collapsed"}]
    unfiltered = asked(folder, "five.gpkg", communes="communes.gpkg", previous="before.gpkg")
    assert "plausibility.collapsed" in unfiltered.codes


def test_the_other_file_speaks_for_what_the_project_says(project: Path) -> None:
    """The project knows the 4G: outside its provinces nobody is blamed, as in a run."""
    write_coverage(project.parent / "four.gpkg", box(0, 0, 10, 6))
    write_coverage(project.parent / "five.gpkg", box(0, 0, 10, 5), box(0, 12, 20, 17))
    options = {"project": "blackspot.toml", "other": "four.gpkg", "service": "5g", "operator": "Sao Mai"}
    assert "submission.outside-4g" in asked(project.parent, "five.gpkg", **options).codes
    change(project, "[profile]", FOUR)
    assert "submission.outside-4g" not in asked(project.parent, "five.gpkg", **options).codes


def test_ground_at_sea_is_outside_no_4g(project: Path) -> None:
    """Two thirds of the 5G lie in no commune, where a run does not ask either."""
    folder = project.parent
    write_coverage(folder / "four.gpkg", box(0, 0, 20, 8))
    write_coverage(folder / "five.gpkg", box(0, 0, 20, 5), box(0, -10, 20, -0.5))
    options = {"communes": "communes.gpkg", "other": "four.gpkg", "service": "5g"}
    report = asked(folder, "five.gpkg", **options)
    assert "plausibility.outside-communes" in report.codes
    assert "submission.outside-4g" not in report.codes


def test_a_strip_along_borders_copies_no_commune(project: Path) -> None:
    """A road along a border is served on both sides; only ground of whole communes is theirs."""
    folder, half = project.parent, 2e-4 / 0.01  # 20 m, in cells
    write_coverage(folder / "road.gpkg", box(0, 10 - half, 20, 10 + half))
    assert "plausibility.copies-communes" not in asked(folder, "road.gpkg", communes="communes.gpkg").codes
    write_coverage(folder / "whole.gpkg", box(0, 0, 10, 10))
    assert "plausibility.copies-communes" in asked(folder, "whole.gpkg", communes="communes.gpkg").codes


def test_the_same_file_beside_itself_is_the_same_file(project: Path) -> None:
    """Whatever filter the project names for it."""
    change(
        project,
        'path = "five.gpkg"',
        'path = "five.gpkg"\nwhere = { column = "kind", values = ["computed"] }',
    )
    for options in ({"project": "blackspot.toml"}, {"communes": "communes.gpkg"}):
        report = asked(project.parent, "five.gpkg", other="five.gpkg", previous="five.gpkg", **options)
        assert {"submission.same-file", "plausibility.unchanged"} <= set(report.codes)


def test_a_run_and_the_check_of_a_file_judge_alike(project: Path) -> None:
    """The same file, once in a run after another one, once beside that one: the same, but for overlaps, is said."""
    folder, rng = project.parent, np.random.default_rng(5)
    before = [shapely.Point(*rng.uniform((105.01, 21.01), (105.19, 21.19))).buffer(0.01) for _ in range(30)]
    write_coverage(folder / "five.gpkg", *before)
    write_coverage(folder / "before.gpkg", *before)
    pipeline.run(project, pages="none")
    write_coverage(folder / "five.gpkg", *before[:22], box(-3, 0, -1, 10))
    told = {item.code for item in pipeline.run(project, pages="none").findings if item.file == "five.gpkg"}
    report = asked(folder, "five.gpkg", project="blackspot.toml", previous="before.gpkg")
    judged = {code for code in told | set(report.codes) if code.startswith("plausibility.")}
    assert {"plausibility.outside-communes", "plausibility.overlapping"} < judged
    assert judged - {"plausibility.overlapping"} <= told
    assert judged <= set(report.codes)
