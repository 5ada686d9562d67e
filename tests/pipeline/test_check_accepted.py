"""Questions: each stops its input until its own code is accepted, and then does what its words say."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot import cli
from blackspot.data.checking.request import CheckRequest
from blackspot.data.country.lists import read_code_list
from blackspot.data.country.population import open_population
from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules import RULES
from blackspot.data.project.population import PopulationSource
from blackspot.data.project.profile import CodeList
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 25)
BOXES = [shapely.box(105 + at / 10, 20, 105.1 + at / 10, 20.1) for at in range(3)]
QUESTIONS = sorted(code for code, rule in RULES.items() if rule.severity == "ask")


def _checked(path: Path, kind: str, *accept: str, **options: Any) -> Any:
    return check(CheckRequest.of(path, kind, accept=accept, **options), today=TODAY)


def _communes(folder: Path, **columns: Any) -> Path:
    path = folder / "xa.gpkg"
    whole: dict[str, Any] = {
        "code": ["00001", "00002", "00003"], "name": ["A", "B", "C"], "province_code": "01", "type": "xã"
    }  # fmt: skip
    geopandas.GeoDataFrame(whole | columns, geometry=BOXES, crs=4326).to_file(path)
    return path


def _layers(folder: Path) -> Path:
    path = folder / "two.gpkg"
    for name in ("a", "b"):
        geopandas.GeoDataFrame({"id": [1]}, geometry=BOXES[:1], crs=4326).to_file(path, layer=name)
    return path


def _csv(folder: Path, *lines: str) -> Path:
    path = folder / "x.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _sheets(folder: Path) -> Path:
    path = folder / "x.xlsx"
    with pd.ExcelWriter(path) as book:
        for sheet, people in (("a", 5), ("b", 7)):
            table = pd.DataFrame({"code": ["00001"], "population": [people]})
            table.to_excel(book, sheet_name=sheet, index=False)
    return path


def _without_system(folder: Path) -> Path:
    path = folder / "x.shp"
    geopandas.GeoDataFrame({"id": [1]}, geometry=BOXES[:1], crs=4326).to_file(path)
    path.with_suffix(".prj").unlink()
    return path


def _dates(folder: Path) -> Path:
    path = folder / "x.gpkg"
    frame = geopandas.GeoDataFrame({"ngay": ["03/04/2026"] * 3}, geometry=BOXES, crs=4326)
    frame.to_file(path)
    return path


CASES = {
    "layer.several": (_layers, "coverage"),
    "crs.missing-degrees": (_without_system, "coverage"),
    "submission.ambiguous-date": (_dates, "coverage"),
    "communes.codes-short": (lambda folder: _communes(folder, code=["1", "2", "3"]), "communes"),
    "totals.codes-short": (lambda folder: _csv(folder, "code,population", "1,5"), "table"),
    "totals.ambiguous-number": (lambda folder: _csv(folder, "code,population", "00001,3.412"), "table"),
    "table.header-below": (lambda folder: _csv(folder, "Dân số,", "code,population", "00001,5"), "table"),
    "table.several-sheets": (_sheets, "table"),
    "list.codes-short": (lambda folder: _csv(folder, "code", "1", "2"), "list"),
}


@pytest.mark.parametrize("code", CASES)
def test_a_question_stops_its_input_until_it_is_accepted(code: str, tmp_path: Path) -> None:
    """Once by ``--accept``, which reaches the process that reads; the finding stays, as a note."""
    make, kind = CASES[code]
    path = make(tmp_path)
    asked = _checked(path, kind)
    assert not asked.used
    assert code in asked.codes
    accepted = _checked(path, kind, code)
    assert accepted.used, [item.sentence() for item in accepted.findings]
    (finding,) = [item for item in accepted.findings if item.code == code]
    assert "note" == finding.severity


def test_an_accepted_question_does_what_its_words_say(tmp_path: Path) -> None:
    """Points separate thousands, the first sheet and layer are read, rows above the header are left out."""
    figures = _checked(_csv(tmp_path, "code,population", "00001,3.412"), "table", "totals.ambiguous-number")
    assert 3412 == figures.facts.pop_total
    assert 5 == _checked(_sheets(tmp_path), "table", "table.several-sheets").facts.pop_total
    titled = _csv(tmp_path, "Dân số năm 2025,", ",", "code,population", "00001,5", "00002,6")
    assert (2, 11) == (
        (found := _checked(titled, "table", "table.header-below").facts).rows,
        found.pop_total,
    )
    codes = Findings(accept=["list.codes-short"])
    source = CodeList(path=_csv(tmp_path, "code", "1", "2"), column="code")
    assert frozenset({"00001", "00002"}) == read_code_list(source, None, codes)


def test_numbers_and_known_codes_need_no_answer(tmp_path: Path) -> None:
    """A number cannot hold zeros, and a register shows which codes are meant: repaired, and told as a warning."""
    numbers = _checked(_communes(tmp_path, code=[1, 2, 3]), "communes")
    assert numbers.used
    assert "communes.codes-padded" in numbers.codes
    table = _csv(tmp_path, "code,population", "2,5000")
    known = _checked(table, "table", communes=_communes(tmp_path))
    assert known.used
    assert "totals.codes-padded" in known.codes


def test_padding_never_makes_two_communes_one(tmp_path: Path) -> None:
    """1 and 00001 would be the same code."""
    report = _checked(_communes(tmp_path, code=["1", "00001", "00003"]), "communes", "communes.codes-short")
    assert not report.used
    assert "communes.duplicate-code" in report.codes


def test_the_first_band_is_read_when_that_is_accepted(tmp_path: Path) -> None:
    """A picture of three bands is no population raster, unless somebody says so."""
    path = tmp_path / "x.tif"
    bands = np.stack([np.full((4, 4), people, np.float32) for people in (5, 7, 9)])
    bands[:, 0, 0] = -1.0
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=4, count=3, dtype="float32", nodata=-1.0,
        crs="EPSG:4326", transform=Affine(0.01, 0, 105, 0, -0.01, 21),
    ) as file:  # fmt: skip
        file.write(bands)
    asked = Findings()
    assert open_population(PopulationSource(path=path), asked) is None
    assert ["raster.several-bands"] == [item.code for item in asked.errors]
    raster = open_population(PopulationSource(path=path), Findings(accept=["raster.several-bands"]))
    assert raster is not None
    assert 75.0 == raster.total()


@pytest.mark.parametrize("code", QUESTIONS)
def test_every_question_says_how_it_is_answered(code: str) -> None:
    """Its own code stands in the cure, in both languages."""
    assert f"--accept {code}" in RULES[code].cure.en or f'accept = ["{code}"]' in RULES[code].cure.en
    assert code in RULES[code].cure.vi


def test_run_knows_the_same_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``run --set checks.accept`` and ``[checks] accept`` mean what ``check --accept`` means."""
    project = tmp_path / "blackspot.toml"
    people = tmp_path / "people.tif"
    cells = np.full((10, 40), 5.0, np.float32)
    cells[0, 0] = -1.0
    with rasterio.open(
        people, "w", driver="GTiff", width=40, height=10, count=1, dtype="float32", nodata=-1.0,
        crs="EPSG:4326", transform=Affine(0.01, 0, 105, 0, -0.01, 20.1),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    geopandas.read_file(_communes(tmp_path)).to_crs(3405).to_file(tmp_path / "vn2000.gpkg")
    _layers(tmp_path)
    project.write_text(
        '[communes]\npath = "vn2000.gpkg"\n[population]\npath = "people.tif"\n'
        '[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "two.gpkg"\n'
        '[profile]\nservices = ["5g"]\n',
        encoding="utf-8",
    )
    line = ["run", str(project), "--map", "none"]
    assert 3 == cli.run_line(line)
    assert "layer.several" in "".join(capsys.readouterr())
    command = [sys.executable, "-m", "blackspot.cli", *line, "--accept", "layer.several"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    manifest = max((tmp_path / "out" / "runs").glob("*/manifest.json"))
    inputs = {item["role"]: item for item in json.loads(manifest.read_text(encoding="utf-8"))["inputs"]}
    assert "EPSG:3405 (VN-2000 / UTM zone 48N)" == inputs["communes"]["coordinates"]["crs"]
    assert "EPSG:6960" == inputs["communes"]["coordinates"]["code"]
    assert (0.0, "") == (
        inputs["coverage"]["coordinates"]["accuracy_m"],
        inputs["coverage"]["coordinates"]["name"],
    )
