"""The template: empty files with the right columns, and an example that passes the check it explains."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyogrio
import pytest

from blackspot import cli
from blackspot.data.checking.request import CheckRequest
from blackspot.data.submissions.template import (
    COVERAGE,
    FIGURES,
    SITES,
    specification,
    write_submission_template,
)
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("kind", "file", "options"),
    [
        ("coverage", "vung-phu.gpkg", {"operator": "Sao Mai", "service": "5g"}),
        ("sites", "tram.csv", {}),
        ("table", "so-lieu.csv", {}),
    ],
)
def test_the_example_passes_in_silence(tmp_path: Path, kind: str, file: str, options: dict[str, str]) -> None:
    """Nothing at all is found in the filled example, not even a note."""
    write_submission_template(tmp_path)
    report = check(CheckRequest.of(tmp_path / "vi-du" / file, kind, **options), today=TODAY)
    assert () == report.findings
    assert report.used


def test_the_empty_files_have_the_columns_of_the_specification(tmp_path: Path) -> None:
    """Two layers to fill in, and two tables."""
    write_submission_template(tmp_path)
    for layer in ("vung_phu", "tuyen_cap"):
        info = pyogrio.read_info(tmp_path / "vung-phu.gpkg", layer=layer)
        assert [column.name for column in COVERAGE] == list(info["fields"])
        assert (0, "EPSG:4326") == (info["features"], info["crs"])
    for name, columns in (("tram.csv", SITES), ("so-lieu.csv", FIGURES)):
        text = (tmp_path / name).read_text(encoding="utf-8-sig")
        assert [column.name for column in columns] == text.strip().split(",")


def test_the_template_is_the_same_every_time(tmp_path: Path) -> None:
    """Two calls write the same bytes; a second call into the same folder replaces the first one's."""
    first = write_submission_template(tmp_path / "a")
    write_submission_template(tmp_path / "b")
    write_submission_template(tmp_path / "b")
    for path in first:
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_specification_names_every_column(language: str) -> None:
    """Each column stands in the tables of both languages."""
    text = specification(language)
    assert all(f"| `{column.name}` |" in text for column in (*COVERAGE, *SITES, *FIGURES))


def test_the_command_lists_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One path a line, on stdout."""
    assert 0 == cli.run_line(["template", str(tmp_path / "mau")])
    lines = capsys.readouterr().out.splitlines()
    assert 6 == len(lines)
    assert all(line.startswith(str(tmp_path / "mau")) for line in lines)
