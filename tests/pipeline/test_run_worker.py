"""A run with a worker beside it: the same bytes, and nothing is published where either of the two fails."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

import worker_jobs as jobs
from blackspot.coverage import ground
from blackspot.coverage.people import assembly
from blackspot.data.exports import for_people
from blackspot.data.exports import write as export
from blackspot.data.runs.listing import latest_id, list_runs
from blackspot.data.upkeep.verify import verify_all
from blackspot.data.worker import worker as worker_module
from blackspot.errors import INTERRUPTED, TERMINATED, WORKPLACE, WorkplaceError, exit_code
from blackspot.maps import build
from blackspot.maps.encoding import pixel_rows
from blackspot.maps.pages import shared
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.ahead import work

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def _small_countries_have_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "COMMUNES_OF_A_WORKER", 0)


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a run."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def drafts_of(project: Path) -> list[str]:
    """Name what unfinished runs have left."""
    return [path.name for path in (project.parent / "out" / "runs").glob(".*")]


def refuse(*_arguments: object, **_named: object) -> None:
    """Stand in for what must not happen in this process."""
    raise AssertionError


def test_both_numbers_of_processes_give_the_same_bytes(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run, and one after a rule has changed, for which outlines were kept; the manifest included.

    Outlines and coverage are laid on the grid, and shapes and pixels that no count decides are drawn, by the worker.
    """
    found = []
    for threads in (1, 2):
        if threads == 2:
            monkeypatch.setattr(for_people, "write_csv", refuse)
            monkeypatch.setattr(for_people, "dissolve", refuse)
            monkeypatch.setattr(shared, "build_topology", refuse)
            monkeypatch.setattr(pixel_rows, "_pixels", refuse)
            monkeypatch.setattr(ground, "burn_communes", refuse)
            monkeypatch.setattr(assembly, "burn", refuse)
            monkeypatch.setattr(export, "without_vertices", refuse)
        out = tmp_path_factory.mktemp("runs") / "out"
        for rule in ("profile.min_people=10", "profile.min_people=20"):
            report = pipeline.run(project, overrides=[f"project.out={out}", rule], threads=threads)
            assert report.published
            found.append(files_of(report.folder))
    alone, beside = found[:2], found[2:]
    for first, second in zip(alone, beside, strict=True):
        assert sorted(first) == sorted(second)
        paths = {"project.toml", "manifest.json"}  # where the runs are kept
        assert [] == [name for name in first if first[name] != second[name] and name not in paths]


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_only_goes_forwards(project: Path, threads: int) -> None:
    """Whoever writes, and whatever is waited for."""
    heard: list[float] = []
    pipeline.run(project, threads=threads, progress=lambda share, _text: heard.append(share))
    assert sorted(heard) == heard
    assert 0.9 < heard[-1]


def test_few_communes_need_no_worker(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting a process takes longer than what it would do; the same where nothing is new."""
    monkeypatch.setattr(worker_module, "_Process", refuse)
    with pytest.raises(AssertionError):
        pipeline.run(project, threads=2)
    monkeypatch.setattr(work, "COMMUNES_OF_A_WORKER", 5)
    assert pipeline.run(project, threads=2).published
    monkeypatch.setattr(work, "COMMUNES_OF_A_WORKER", 0)
    assert pipeline.run(project, threads=2).nothing_new


@pytest.mark.parametrize(
    ("job", "words"), [(jobs.killed_while_writing, "SIGKILL"), (jobs.failing_while_writing, "disk failed")]
)
def test_a_worker_that_fails_stops_the_run(
    project: Path, monkeypatch: pytest.MonkeyPatch, job: Callable[..., None], words: str
) -> None:
    """In one sentence, as the fault of the machine; nothing is published, and the next run is."""
    with monkeypatch.context() as patch:
        patch.setattr(export, "write_for_people", job)
        with pytest.raises(WorkplaceError, match=words) as raised:
            pipeline.run(project, threads=2)
    assert WORKPLACE == exit_code(raised.value)
    assert [] == drafts_of(project)
    assert () == list_runs(project.parent / "out")
    assert pipeline.run(project, threads=2).published


def test_a_run_that_fails_leaves_no_worker_behind(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker was writing goes with the rest, however long that would have taken."""
    seen: list[Path] = []

    def draw(folder: Path, *_arguments: object, **_named: object) -> None:
        written = folder / "communes.csv"
        until = time.monotonic() + 60
        while not written.exists() and time.monotonic() < until:
            time.sleep(0.02)
        seen.append(written)
        raise KeyboardInterrupt

    monkeypatch.setattr(export, "write_for_people", jobs.write_for_a_minute)
    monkeypatch.setattr(build, "write_pages", draw)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(project, threads=2)
    assert 1 == len(seen)
    assert not seen[0].parent.exists()
    assert [] == drafts_of(project)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, TERMINATED), (signal.SIGINT, INTERRUPTED), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_whatever_stops_a_run_stops_its_worker(project: Path, number: signal.Signals, code: int) -> None:
    """In the middle of a file: nothing is written afterwards, nothing is published, and the next run is in order."""
    out = project.parent / "out"
    with jobs.unending_run(project) as process:
        try:
            until = time.monotonic() + 120
            while not (written := list(out.glob("runs/.*/communes.csv"))) and time.monotonic() < until:
                time.sleep(0.02)
            process.send_signal(number)
            assert code == process.wait(60)
        finally:
            process.kill()
    assert 1 == len(written)
    if number == signal.SIGKILL:  # nobody could tidy up
        size = written[0].stat().st_size
        time.sleep(0.3)
        assert size == written[0].stat().st_size
    else:
        assert [] == drafts_of(project)
    assert () == list_runs(out)
    report = pipeline.run(project, threads=2)
    assert report.run_id == latest_id(out)
    assert [] == drafts_of(project)
    assert () == verify_all(out).damage
