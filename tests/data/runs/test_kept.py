"""What an output folder keeps, in the order it is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.attempts import note_failure, note_success
from blackspot.data.runs.kept import known_runs, list_kept
from blackspot.data.runs.variants import variant_folder
from blackspot.errors import ProjectError, WorkplaceError
from blackspot.maps.summary.history import runs_blocks
from blackspot.pipeline import run as pipeline
from four_communes import files, project
from machine_trouble import small_disk, write_protected
from publishing import publish

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["project"]


def test_runs_failures_and_variants(project: Path) -> None:
    """A variant is kept beside the series, labelled, and changes nothing in it; what failed stands among the runs."""
    out = project.parent / "out"
    assert [] == list_kept(out)
    first = pipeline.run(project, pages="none")
    before = files(first.folder), (out / "latest.json").read_bytes()
    variant = pipeline.run(project, variant="gap-any", overrides=['profile.gap="any"'])
    assert out / "variants" / "gap-any" / "runs" == variant.folder.parent
    assert before == (files(first.folder), (out / "latest.json").read_bytes())
    assert "VARIANT gap-any" in variant.notice["en"]
    assert "BIẾN THỂ gap-any" in variant.notice["vi"]
    assert pipeline.run(project, pages="none").nothing_new
    with pytest.raises(ProjectError):
        pipeline.run(project, pages="none", overrides=["submissions[0].buffer_m=5"])
    second = pipeline.run(project, pages="none", overrides=["profile.min_people=11"])
    kept = list_kept(out)
    assert ["failure", "run", "run", "variant"] == sorted(one.kind for one in kept)
    runs = [one for one in kept if one.kind == "run"]
    assert [first.run_id, second.run_id] == [one.record.id for one in runs if one.record]
    assert (
        "smallest black spot that is kept, in people (profile.min_people: 11, was 10)"
        == runs[1].differs["en"]
    )
    assert "(profile.gap: any, was all)" in kept[-1].differs["en"]
    assert [2] == [one.failure.exit_code for one in kept if one.failure]


def test_a_variant_falls_back_on_the_last_good_version_of_its_series(project: Path) -> None:
    """And keeps no copies of its own."""
    pipeline.run(project, pages="none")
    (project.parent / "other.geojson").write_text("{ broken", encoding="utf-8")
    variant = pipeline.run(project, pages="none", variant="late", overrides=["profile.min_people=5"])
    assert 3 == variant.exit_code
    assert ["last_good"] == [item.state for item in variant.submissions if item.state != "delivered"]
    assert not (project.parent / "out" / "variants" / "late" / "accepted").exists()


def test_attempts_at_a_variant_that_published_nothing_are_listed(tmp_path: Path) -> None:
    """With its name, also where the variant never had a run."""
    folder = variant_folder(tmp_path, "what-if")
    folder.mkdir(parents=True)
    note_failure(folder, WorkplaceError("full"), 1.0)
    (kept,) = list_kept(tmp_path)
    assert ("failure", "what-if") == (kept.kind, kept.name)
    (block,) = runs_blocks([kept])
    assert block.lines[0].endswith("exit code 5, what-if: full")


def noted(out: Path, digest: str = "a" * 64) -> str:
    """Publish a run that took 7 seconds, and note it."""
    run = publish(out, digest)
    facts = {"findings": [], "submissions": [], "messages": []}
    note_success(out, run_id=run, published=True, code=0, seconds=7.0, **facts)  # type: ignore[arg-type] # empty lists
    return run


def names(out: Path) -> dict[str, tuple[str, int]]:
    """Every file with its size and time, without what SQLite keeps beside a file that is being read."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {
        str(path): (str(path.stat().st_mtime_ns), path.stat().st_size)
        for path in files
        if not path.name.endswith(("-shm", "-wal"))
    }


def test_the_history_and_the_folders_together(tmp_path: Path) -> None:
    """A run that was published and not noted is there as well; nothing at all is no error, and nothing is written."""
    assert () == known_runs(tmp_path / "none")
    first = noted(tmp_path)
    second = publish(tmp_path, "b" * 64)
    before = names(tmp_path)
    found = known_runs(tmp_path)
    assert [(first, 7.0), (second, None)] == [(record.id, record.seconds) for record in found]
    assert before == names(tmp_path)


@pytest.mark.parametrize("harm", ["rubbish", "newer", "no JSON", "lost"])
def test_the_folders_alone(tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    """Where the history cannot be used, which is told."""
    run = noted(tmp_path)
    path = tmp_path / "history.sqlite"
    if harm == "rubbish":
        path.write_bytes(b"rubbish" * 1000)
    elif harm == "lost":
        path.unlink()
    else:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("DROP TABLE runs" if harm == "newer" else "UPDATE runs SET figures = '{'")
            database.execute("PRAGMA user_version = 99")
    assert [(run, None)] == [(record.id, record.seconds) for record in known_runs(tmp_path)]
    assert (harm == "lost") == (not caplog.messages)


def test_a_disk_without_the_right_to_write(tmp_path: Path) -> None:
    """As an archive is mounted, or a share of another office."""
    with small_disk(tmp_path / "disk", 1000) as disk:
        run = noted(disk)
        write_protected(disk)
        assert [(run, 7.0)] == [(record.id, record.seconds) for record in known_runs(disk)]
