"""Checking one file: what is found is true, is measured, and is what the command says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot import cli
from blackspot.data.checking.request import KINDS, CheckRequest
from blackspot.errors import ProjectError
from blackspot.pipeline.check import check
from cases import TODAY, check_made
from paths import MADE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made communes, coverage and tables, written once."""
    folder = tmp_path_factory.mktemp("fixtures")
    subprocess.run([sys.executable, MADE / "make_fixtures.py", folder, "3"], check=True)
    return folder


def test_an_accepted_question_becomes_a_note_that_says_so(fixtures: Path) -> None:
    """Losing more than half must be accepted; then the file is used and the note tells who decided."""
    asked = check_made(fixtures, "coverage", "least.gpkg", previous="5g.gpkg")
    accept: Any = ("plausibility.collapsed",)
    answered = check_made(fixtures, "coverage", "least.gpkg", previous="5g.gpkg", accept=accept)
    assert (False, True) == (asked.used, answered.used)
    (finding,) = [item for item in answered.findings if item.code == "plausibility.collapsed"]
    assert finding.severity == "note"
    assert finding.message_en.endswith("This was accepted.")
    assert finding.message_vi.endswith("Điều này đã được chấp nhận.")


@pytest.mark.parametrize("code", ["file.missing", "no.such-code", "plausibility.grew"])
def test_only_questions_can_be_accepted(fixtures: Path, code: str) -> None:
    """Errors, warnings and words nobody knows are a wrong command line."""
    accept: Any = (code,)
    with pytest.raises(ProjectError, match=code):
        check_made(fixtures, "coverage", "5g.gpkg", accept=accept)


def test_the_project_file_can_accept(fixtures: Path, tmp_path: Path) -> None:
    """What ``[checks] accept`` names needs no option."""
    project = tmp_path / "blackspot.toml"
    project.write_text(
        f"""
        [communes]
        path = "{fixtures / "xa.gpkg"}"
        [population]
        path = "{fixtures / "people.tif"}"
        [[submissions]]
        operator = "Sao Mai"
        service = "5g"
        path = "{fixtures / "least.gpkg"}"
        [profile]
        services = ["5g"]
        [checks]
        accept = ["plausibility.collapsed"]
        """
    )
    request = CheckRequest.of(
        fixtures / "least.gpkg", "coverage", project=project, previous=fixtures / "5g.gpkg"
    )
    report = check(request, today=TODAY)
    assert report.used
    assert {"plausibility.collapsed", "plausibility.commune-lost"} <= set(report.codes)


def test_facts_are_measured(fixtures: Path) -> None:
    """Rows, ground that counts once, people and joins."""
    box = check_made(fixtures, "coverage", "coarse.gpkg", communes="xa.gpkg").facts
    # Two tenths of a degree around 21 degrees north: 20.80 km by 22.14 km.
    assert 460.6 == pytest.approx(box.union_km2, rel=2e-3)
    assert (1, 1) == (box.rows, box.rows_counted)
    table = check_made(fixtures, "table", "people.csv", communes="xa.gpkg").facts
    assert (16, 16 * 10_000 + 500 * 120, 16) == (table.rows, table.pop_total, table.joins)
    assert 220_000 == pytest.approx(check_made(fixtures, "population", "people.tif").facts.pop_total)
    assert 16 == check_made(fixtures, "communes", "xa.gpkg").facts.rows


def test_exactly_the_lost_digits_are_found(fixtures: Path) -> None:
    """Four of sixteen communes at one tenth, told by their codes."""
    report = check_made(fixtures, "table", "lost.csv", communes="xa.gpkg", other="people.tif")
    (finding,) = [item for item in report.findings if item.code == "totals.digits-lost"]
    assert finding.count == 4
    assert "00001, 00002, 00003, 00004)" in finding.message_en


def test_a_shift_is_measured_and_named(fixtures: Path) -> None:
    """0.00185 degrees east and 0.001 south are 192 m and 111 m, as VN-2000 read as WGS 84 gives."""
    report = check_made(fixtures, "coverage", "moved.gpkg", previous="5g.gpkg")
    (finding,) = [item for item in report.findings if item.code == "plausibility.displaced"]
    east, north = (float(found) for found in re.findall(r"([+-][\d,]+) m", finding.message_en))
    assert 192 == pytest.approx(east, abs=15)
    assert -111 == pytest.approx(north, abs=15)
    assert "VN-2000 / WGS 84" in finding.message_en


def test_the_command_ends_with_0_or_4_and_one_line_of_json(
    fixtures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line of stdout is the object; words go to stderr in the language asked for."""
    line = ["check", str(fixtures / "5g.gpkg"), "--as", "coverage", "--json", "--language", "vi"]
    assert 0 == cli.run_line(line)
    out, err = capsys.readouterr()
    found = json.loads(out.splitlines()[-1])
    assert {"used", "codes", "message", "facts", "findings"} == set(found)
    facts = (
        "operator",
        "service",
        "rows",
        "rows_counted",
        "union_km2",
        "people_covered",
        "pop_total",
        "joins",
        "bounds",
    )
    assert facts == tuple(found["facts"])
    assert (True, 6) == (found["used"], found["facts"]["rows"])
    assert "Dùng được." in err
    assert 4 == cli.run_line(["check", str(tmp_path / "no.gpkg"), "--as", "coverage", "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (False, ["file.missing"]) == (found["used"], found["codes"])
    (said,) = found["findings"]
    assert ("file.missing", "error", "no.gpkg", 1) == tuple(
        said[key] for key in ("code", "severity", "file", "count")
    )
    assert said["message"].startswith("there is no such file")
    assert said["cure"].startswith("Correct the path")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [0, 400])
def test_no_kind_breaks_on_nonsense(tmp_path: Path, kind: str, length: int) -> None:
    """Random bytes under any name are refused with a finding, never with a trace."""
    random = np.random.default_rng(length)
    for ending in (".gpkg", ".geojson", ".csv", ".tif"):
        path = tmp_path / f"x{ending}"
        path.write_bytes(random.bytes(length))
        report = check(CheckRequest.of(path, kind), today=TODAY)
        assert not report.used
        assert report.findings


@pytest.mark.parametrize(
    ("kind", "file", "layer"),
    [
        ("coverage", "scenario/saomai_4g.gpkg", ""),
        ("coverage", "scenario/saomai_5g.gpkg", ""),
        ("coverage", "scenario/haidang_5g.geojson", ""),
        ("coverage", "scenario/fibre_routes.gpkg", ""),
        ("population", "vietnam/vnm_ppp_2020_1km_Aggregated_UNadj.tif", ""),
        ("table", "vietnam/commune_population_2025-07.csv", ""),
        ("border", "vietnam/ne_10m_vietnam_region.gpkg", "ne_10m_admin_0_boundary_lines_land"),
    ],
)
def test_real_files_pass(realdata: Path, kind: str, file: str, layer: str) -> None:
    """What is found in real files is true and no more than a note."""
    report = check(CheckRequest.of(realdata / file, kind, layer=layer), today=TODAY)
    told = [finding.code for finding in report.findings if finding.severity != "note"]
    plans = (
        ["submission.rows-left-out"] if file.endswith("fibre_routes.gpkg") else []
    )  # a third is planned, it says
    assert plans == told


@pytest.mark.parametrize(
    ("kind", "file", "codes"),
    [
        ("coverage", "ibiza_4g/mobile-coverage.gpkg", {"coverage.outside-country"}),
        ("sites", "ibiza_4g/cell-sites.csv", {"sites.outside-country"}),
        ("sites", "ibiza_4g/points-of-interest.csv", {"sites.outside-country"}),
        ("border", "ibiza_4g/area.gpkg", {"coverage.outside-country"}),
        ("coverage", "fibre_west_africa/TGO_lines.geojson", {"coverage.outside-country"}),
        (
            "coverage",
            "fibre_west_africa/CIV_lines.geojson",
            {"coverage.outside-country", "geometry.missing", "submission.rows-left-out"},
        ),
        ("sites", "fibre_west_africa/CIV_nodes.geojson", {"sites.outside-country"}),
        ("sites", "fibre_west_africa/TGO_nodes.geojson", {"sites.outside-country"}),
        ("list", "vietnam/commune_crosswalk_old_to_2025.csv", {"check.column-not-found"}),
        ("border", "vietnam/provinces_2026-07_full.parquet", set()),
        ("population", "vietnam/vnm_ppp_2000_1km_Aggregated_UNadj.tif", set()),
    ],
)
def test_real_files_get_only_true_alarms(realdata: Path, kind: str, file: str, codes: set[str]) -> None:
    """Files of other countries lie elsewhere, one route has no line, a crosswalk has several code columns."""
    report = check(CheckRequest.of(realdata / file, kind), today=TODAY)
    assert codes == {finding.code for finding in report.findings if finding.severity != "note"}


def test_real_overlaps_are_named(realdata: Path) -> None:
    """Lào Cai, Bát Xát and Cốc San claim the same 3.5 km²; it counts once, not three times."""
    report = check(
        CheckRequest.of(realdata / "vietnam/communes_2026-07_light.parquet", "communes"), today=TODAY
    )
    (finding,) = report.findings
    assert "communes.boundary-overlap" == finding.code
    assert "3.774 km²" in finding.message_en
    assert "02647/02683/02746 3.454 km²" in finding.message_en
