"""Nobody watches: whatever stops a run, what is published stays whole, and somebody can read what happened."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs.kept import list_kept
from blackspot.data.runs.listing import latest_id, list_runs
from blackspot.data.runs.output_folder import is_held
from blackspot.data.runs.status import read_status
from blackspot.data.upkeep.verify import verify_all
from failed_attempts import failed_attempts
from machine_trouble import small_disk, write_protected
from many_runs import ManyRuns, of_session
from small_country import box, write_country, write_coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blackspot.data.runs.kept import KeptRun


_FEW = 20


@pytest.fixture(scope="module")
def many_runs() -> Iterator[ManyRuns]:
    """Runs that begin at once."""
    with ManyRuns() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country, and further deliveries of its first operator, each a little larger."""
    path = write_country(tmp_path)
    for number in range(4):
        write_coverage(tmp_path / f"delivery{number}.gpkg", box(0, 0, 20, 4 + number / 10))
    return path


def line(project: Path, *more: str) -> list[str]:
    """The command line of a run without pages."""
    return ["run", str(project), "--map", "none", "-q", *more]


def deliver(project: Path, number: int) -> None:
    """Hand in another delivery: never the one before, and back to the first after the last."""
    source = project.with_name(f"delivery{number % 4}.gpkg")
    shutil.copy(source, project.with_name("new"))
    project.with_name("new").replace(project.with_name("five.gpkg"))


def stopped(out: Path) -> list[KeptRun]:
    """Interruptions in the list of runs."""
    return [one for one in list_kept(out) if one.kind == "interruption"]


def check_in_order(out: Path) -> None:
    """Every run that can be seen is whole, and the status speaks of runs that are there."""
    assert () == verify_all(out).damage
    assert latest_id(out)
    status: Any = read_status(out)
    assert status["last_success"]["run"] in {run.id for run in list_runs(out)}
    assert status["last_published"]["run"] <= latest_id(out)


def kill_again_and_again(project: Path, many_runs: ManyRuns, times: int) -> None:
    """Kill a run at a random moment, look at what it left, and let the next one come to its end."""
    out, chance = project.parent / "out", random.Random(times)  # noqa: S311 - no secret
    words = line(project, "--set", "retention.keep_runs=1")
    assert 0 == many_runs.run(words)[0]
    deliver(project, 0)
    code, seconds = many_runs.run(words)
    assert 0 == code
    killed = 0
    for number in range(1, times + 1):
        deliver(project, number)
        before = latest_id(out)
        (process,) = many_runs.start(words)
        time.sleep(chance.random() * seconds)
        alive = of_session(process)
        os.kill(process, signal.SIGKILL)
        ended = many_runs.wait()[0]
        killed += ended == -signal.SIGKILL
        check_in_order(out)
        assert latest_id(out) >= before
        assert is_free(out)
        assert [] == wait_until_gone([one for one in alive if one != process])
        assert 0 == many_runs.run(words)[0]
        check_in_order(out)
        assert "success" == read_status(out)["last"]
        assert [] == list((out / "runs").glob(".*"))
        published = int(latest_id(out)[:6]) - int(before[:6])
        assert 1 == published  # by the run that was killed, or the one after it
        assert 2 >= len(list_runs(out))
    noted = failed_attempts(out)
    assert {137} >= {one.exit_code for one in noted}
    assert killed >= len(noted)  # the others had not begun, or had published their run
    if times > _FEW:  # of a few, chance may miss most
        assert killed > times // 2
        assert len(noted) > killed // 3


def is_free(out: Path) -> bool:
    """Say whether the folder is free at once: a reader that was just being started holds the lock until it is another program."""
    for _ in range(200):
        if not is_held(out):
            return True
        time.sleep(0.025)
    return False


def wait_until_gone(processes: list[int]) -> list[int]:
    """Give readers of a killed run a moment to notice; gives those that stay."""
    for _ in range(1200):
        processes = [number for number in processes if os.path.exists(f"/proc/{number}")]  # noqa: PTH110 - no path of ours
        if not processes:
            break
        time.sleep(0.05)
    return processes


def test_kill_9_at_random_moments(project: Path, many_runs: ManyRuns) -> None:
    """Five times; a hundred times in the slow test below."""
    kill_again_and_again(project, many_runs, 5)


@pytest.mark.soak
def test_kill_9_at_a_hundred_random_moments(project: Path, many_runs: ManyRuns) -> None:
    """No bad state in any of them."""
    kill_again_and_again(project, many_runs, 100)


def test_of_eight_at_once_one_publishes(project: Path, many_runs: ManyRuns) -> None:
    """Seven leave with 6 and note nothing."""
    out = project.parent / "out"
    many_runs.start(line(project), count=8)
    assert [0] + [6] * 7 == sorted(many_runs.wait())
    assert 1 == len(list_runs(out))
    assert ("success", ()) == (read_status(out)["last"], failed_attempts(out))
    check_in_order(out)


def wait_for(out: Path, process: int) -> None:
    """Wait until a run has begun."""
    for _ in range(2000):
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        if "running" in read_status(out) or state == "Z":  # it keeps its number until it is waited for
            return
        time.sleep(0.005)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_is_noted_as_an_interruption(
    project: Path, many_runs: ManyRuns, number: int, code: int
) -> None:
    """Exit code, status and list say so; the run before stays, nothing unfinished does, and the next one publishes."""
    out = project.parent / "out"
    assert 0 == many_runs.run(line(project))[0]
    before = latest_id(out)
    for delivery in range(2):
        deliver(project, delivery)
        (process,) = many_runs.start(line(project))
        wait_for(out, process)
        time.sleep(0.3 * delivery)
        os.kill(process, number)
        assert [code] == many_runs.wait()
        status: Any = read_status(out)
        assert ("interruption", code, before) == (
            status["last"],
            status["last_interruption"]["exit_code"],
            latest_id(out),
        )
        assert [code] * (delivery + 1) == [one.failure.exit_code for one in stopped(out) if one.failure]
        assert [before] == [path.name for path in (out / "runs").iterdir()]
        check_in_order(out)
    assert 0 == many_runs.run(line(project))[0]
    assert before < latest_id(out)


def full_disk(project: Path, many_runs: ManyRuns, sizes: range) -> list[int]:
    """Make runs on a disk with so much room in kB beyond the first one; gives their exit codes."""
    codes = []
    for room in sizes:
        disk = project.parent / "disk"
        with small_disk(disk, 20_000):
            target = ("--set", f"project.out={json.dumps(str(disk / 'out'))}")
            shutil.copy(project.with_name("delivery3.gpkg"), project.with_name("five.gpkg"))
            assert 0 == many_runs.run(line(project, *target))[0]
            out, first = disk / "out", latest_id(disk / "out")
            used = shutil.disk_usage(disk).used // 1024
            subprocess.run(["mount", "-o", f"remount,size={used + room}k", str(disk)], check=True)
            deliver(project, room)
            code = many_runs.run(line(project, *target))[0]
            codes.append(code)
            status: Any = read_status(out)
            if code:
                assert (5, "failure", first) == (code, status["last"], latest_id(out)), room
                assert "full" in status["last_failure"]["messages"][0], room
                assert [5] == [one.exit_code for one in failed_attempts(out)], room
                assert [first] == [path.name for path in (out / "runs").iterdir()]
            check_in_order(out)
            subprocess.run(["mount", "-o", "remount,size=20000k", str(disk)], check=True)
            assert 0 == many_runs.run(line(project, *target))[0]
            check_in_order(out)
    return codes


def test_a_full_disk(project: Path, many_runs: ManyRuns) -> None:
    """Room for a part of the tables; every amount of it in the slow test below."""
    assert [5] == full_disk(project, many_runs, range(160, 161))


@pytest.mark.soak
def test_a_disk_that_is_full_at_any_moment(project: Path, many_runs: ManyRuns) -> None:
    """From no room at all to enough: told as documented, in status and history, and nothing else changes."""
    codes = full_disk(project, many_runs, range(0, 1200, 80))
    assert {0, 5} == set(codes)
    assert sorted(codes, reverse=True) == codes  # once there is room enough there is
    assert codes.count(5) > 5


def test_a_read_only_disk(project: Path, many_runs: ManyRuns) -> None:
    """Nothing can be written down either: the exit code says it, and the last success grows older."""
    disk = project.parent / "disk"
    with small_disk(disk, 20_000):
        target = ("--set", f"project.out={json.dumps(str(disk / 'out'))}")
        assert 0 == many_runs.run(line(project, *target))[0]
        before = read_status(disk / "out")
        deliver(project, 1)
        write_protected(disk)
        assert 5 == many_runs.run(line(project, *target))[0]
        assert before == read_status(disk / "out")
        check_in_order(disk / "out")


@pytest.mark.parametrize(
    "megabytes", [700, *(pytest.param(size, marks=pytest.mark.soak) for size in (450, 550, 850, 1000, 1050))]
)
def test_out_of_memory(project: Path, many_runs: ManyRuns, megabytes: int) -> None:
    """Whatever does not get the memory it asks for: exit 5, noted, and the run before untouched."""
    out = project.parent / "out"
    assert 0 == many_runs.run(line(project))[0]
    before = latest_id(out)
    deliver(project, 1)
    done = subprocess.run(
        [sys.executable, "-m", "blackspot.cli", *line(project, "--language", "en")],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1_000_000,) * 2),
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (5, "error: the memory does not suffice; close other programs or use a machine with more\n") == (
        done.returncode,
        done.stderr,
    )
    status: Any = read_status(out)
    assert ("failure", 5, before) == (status["last"], status["last_failure"]["exit_code"], latest_id(out))
    assert [5] == [one.exit_code for one in failed_attempts(out)]
    check_in_order(out)
