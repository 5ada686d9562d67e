"""The run before is not believed: what became of its files since is found, told, and compared with nothing."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from blackspot.errors import WorkplaceError
from blackspot.maps.pages.store import read_map_data
from blackspot.pipeline import past_runs
from blackspot.pipeline import run as pipeline
from small_country import CODES, box, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.summary.report import RunReport


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country with a published run, and another delivery."""
    path = write_country(tmp_path)
    assert pipeline.run(path, pages="national").published
    write_coverage(tmp_path / "five.gpkg", box(0, 0, 12, 12))
    return path


def spoil(path: Path, how: str) -> None:
    """Change a published file, as a person or a disk may."""
    content = bytearray(path.read_bytes())
    path.unlink()
    if how == "lost":
        return
    if how == "cut":
        content = content[: len(content) // 2]
    elif how == "flipped":
        content[len(content) // 2] ^= 1
    path.write_bytes(content if how != "edited" else content + b"\n")


def told(report: RunReport) -> list[str]:
    return [item.message_en for item in report.findings if item.code == "run.damaged"]


@pytest.mark.parametrize("how", ["cut", "flipped", "lost", "edited"])
@pytest.mark.parametrize(
    "name", ["communes.parquet", "boundaries.parquet", "black_spots.parquet", "map_layers.zip"]
)
def test_damaged_results_are_told_and_not_compared_with(project: Path, how: str, name: str) -> None:
    """The run goes on without a change view; the one after it has nothing to say any more."""
    first = project.parent / "out" / "latest"
    spoil(first.resolve() / name, how)
    report = pipeline.run(project, pages="national")
    assert (True, 0) == (report.published, report.exit_code)
    (sentence,) = told(report)
    assert name in sentence
    assert read_map_data(report.folder).previous is None
    assert pipeline.run(project, pages="national").nothing_new
    write_coverage(project.parent / "five.gpkg", box(0, 0, 14, 12))
    third = pipeline.run(project, pages="national")
    assert [] == told(third)
    assert read_map_data(third.folder).previous is not None


def test_the_same_inputs_are_computed_again_where_their_results_are_damaged(project: Path) -> None:
    """Whoever asks for them gets them whole."""
    report = pipeline.run(project, pages="none")
    spoil(report.folder / "communes.csv", "cut")
    again = pipeline.run(project, pages="none")
    assert (True, 1) == (again.published, len(told(again)))
    assert pipeline.run(project, pages="none").nothing_new


def test_what_others_put_into_the_folder_of_a_run_changes_nothing(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A lock file of an office program, a thumbnail, a link: ignored, and the log says so."""
    report = pipeline.run(project, pages="none")
    (report.folder / ".~lock.communes.csv#").write_text("an office", encoding="utf-8")
    (report.folder / "link").symlink_to("/")
    (report.folder / "notes").mkdir()
    assert pipeline.run(project, pages="none").nothing_new
    assert "not of the run and ignored: .~lock.communes.csv#, link" in caplog.text


def test_published_files_are_written_to_by_nobody(project: Path) -> None:
    """The folders stay as they are, so that a whole run is deleted as easily as before."""
    folder = pipeline.run(project, pages="national").folder
    modes = [path.stat().st_mode for path in folder.rglob("*") if path.is_file()]
    assert len(modes) > 5
    assert {0} == {mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for mode in modes}
    assert folder.stat().st_mode & stat.S_IWUSR


def test_explaining_reads_whole_results_only(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without the run before where that one is damaged, and not at all from a damaged one."""
    out = project.parent / "out"
    first = (out / "latest").resolve()
    second = pipeline.run(project, pages="national")
    whole = past_runs.explain(out, CODES[0], language="en").text
    assert first.name in whole
    spoil(first / "communes.parquet", "flipped")
    assert first.name not in past_runs.explain(out, CODES[0], language="en").text
    assert "nothing is compared with it" in caplog.text
    with pytest.raises(WorkplaceError, match=r"communes\.parquet is not the file"):
        past_runs.explain(out, CODES[0], run="1", language="en")
    for name in ("map_layers.zip", "boundaries.parquet"):
        spoil(second.folder / name, "edited")
        with pytest.raises(WorkplaceError, match=rf"{name} is not the file"):
            past_runs.rebuild_map(second.folder)
