"""A worker does jobs in a process of its own, which never outlives whoever started it."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import worker_jobs as jobs
from blackspot.data.text.sentences import spoken, told
from blackspot.data.worker import worker as worker_module
from blackspot.data.worker.worker import Worker, processes_of
from blackspot.errors import WORKPLACE, WorkplaceError, exit_code
from blackspot.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker with a process of its own."""
    with Worker(2) as made:
        yield made


def eventually(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not condition():
        time.sleep(0.02)
    return condition()


def has_stopped(path: Path) -> bool:
    """Say whether a file does not grow any more."""
    before = path.stat().st_size
    time.sleep(0.3)
    return before == path.stat().st_size


def is_begun(path: Path) -> bool:
    """Say whether a worker writes into a file."""
    return path.exists() and path.stat().st_size > 0


def test_jobs_are_done_in_one_other_process(worker: Worker) -> None:
    """They are done one after the other, and their results can be asked for in any order."""
    first, second = worker.start(jobs.process_number), worker.start(jobs.process_number)
    assert second.result() == first.result() != os.getpid()


def test_with_one_process_jobs_are_done_here() -> None:
    """Nothing is started, and nothing is done before the result is asked for."""
    with Worker(1) as worker:
        worker.prepare("no.such.module")
        begun = worker.start(jobs.full_disk)
        assert os.getpid() == worker.start(jobs.process_number).result()
        with pytest.raises(WorkplaceError):
            begun.result()


def test_a_process_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that starts no process gets the same results, and so does one whose process ends before it begins."""
    for executable in ("/no/such/program", "/bin/false"):
        monkeypatch.setattr(sys, "executable", executable)
        with Worker(2) as worker:
            worker.prepare("blackspot.data.text.sentences")
            assert os.getpid() == worker.start(jobs.process_number).result()


def test_a_function_of_the_main_program_is_done_here(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that was started as a program is never run once more."""
    monkeypatch.setattr(jobs.process_number, "__module__", "__main__")
    assert os.getpid() == worker.start(jobs.process_number).result()


@pytest.mark.parametrize("processes", [1, 2])
def test_arguments_and_results_come_as_they_are(processes: int) -> None:
    """Large arrays too, several of them before anybody asks for a result."""
    large = np.arange(3_000_000, dtype=np.float64)
    with Worker(processes) as worker:
        begun = [worker.start(jobs.doubled, large, times=number) for number in range(4)]
        for number, job in enumerate(begun):
            np.testing.assert_array_equal(large * number, job.result())
        assert "abab" == worker.start(jobs.doubled, "ab").result()


def test_the_other_process_imports_from_the_same_places(worker: Worker) -> None:
    """Also where these were only said in this process."""
    paths, folder = worker.start(jobs.where_from).result()
    assert [str(Path(entry).resolve()) for entry in sys.path] == paths
    assert str(Path.cwd()) == folder


def test_modules_are_loaded_ahead(worker: Worker) -> None:
    """A worker loads what it is told to and nothing of the kind by itself."""
    assert not worker.start(jobs.loaded, "xlsxwriter").result()
    assert not worker.start(jobs.loaded, "geopandas").result()
    worker.prepare("xlsxwriter")
    assert worker.start(jobs.loaded, "xlsxwriter").result()


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_is_raised_where_the_result_is_asked_for(processes: int) -> None:
    """With its words in both languages, and the worker goes on."""
    with Worker(processes) as worker:
        failing, other = worker.start(jobs.full_disk), worker.start(jobs.doubled, 2)
        with pytest.raises(WorkplaceError) as raised:
            failing.result()
        assert spoken(told("errors", "broken_disk"), "vi") == spoken(raised.value.args[0], "vi")
        assert 4 == other.result()


def test_an_error_says_where_it_was_raised(worker: Worker) -> None:
    """The trace of the other process stands in its notes."""
    with pytest.raises(WorkplaceError) as raised:
        worker.start(jobs.full_disk).result()
    assert "in full_disk" in "".join(raised.value.__notes__)


def test_an_error_that_cannot_be_handed_over_is_told_in_its_words(worker: Worker) -> None:
    """So is a result; and what cannot be handed over from here is refused at once."""
    with pytest.raises(RuntimeError, match="PickyError: this and that"):
        worker.start(jobs.picky).result()
    with pytest.raises(RuntimeError, match="cannot be handed over"):
        worker.start(jobs.not_to_be_handed_over).result()
    with pytest.raises((pickle.PicklingError, AttributeError)):
        worker.start(jobs.doubled, lambda: None)
    assert 4 == worker.start(jobs.doubled, 2).result()


def test_memory_that_does_not_suffice_is_the_fault_of_the_machine(worker: Worker) -> None:
    """As it is in this process."""
    with pytest.raises(MemoryError) as raised:
        worker.start(jobs.exhausted).result()
    assert WORKPLACE == exit_code(raised.value)


def test_a_killed_worker_is_the_fault_of_the_machine(worker: Worker) -> None:
    """Every job that it has not ended says so, and so does one that is handed to it afterwards."""
    done = worker.start(jobs.doubled, 1)
    begun = [worker.start(jobs.killed_by, signal.SIGKILL), worker.start(jobs.doubled, 2)]
    assert 2 == done.result()
    for job in (*begun, worker.start(jobs.doubled, 2)):
        with pytest.raises(WorkplaceError, match=r"SIGKILL.*--threads 1") as raised:
            job.result()
        assert WORKPLACE == exit_code(raised.value)


def test_signals_that_stop_a_run_are_left_to_it(worker: Worker) -> None:
    """A service manager sends them to all processes; the run decides what becomes of the worker."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        worker.start(jobs.killed_by, number).result()
    assert 4 == worker.start(jobs.doubled, 2).result()


def test_progress_is_told_here_while_it_waits(worker: Worker) -> None:
    """It goes forwards; what lies behind when somebody asks is left out."""
    for processes in (1, 2):
        heard: list[tuple[float, str]] = []
        with Worker(processes) as some:
            job = some.start(jobs.told_steps, 4, progress=lambda share, text: heard.append((share, text)))  # noqa: B023 - asked for in the same turn
            assert 4 == job.result()
        assert sorted(heard) == heard
        assert {(0.0, "step 0"), (0.25, "step 1"), (0.5, "step 2"), (0.75, "step 3")} >= set(heard)
        assert processes == 2 or 4 == len(heard)
    assert 4 == worker.start(jobs.told_steps, 4, progress=silent).result()
    assert 4 == worker.start(jobs.told_steps, 4).result()


def test_messages_of_the_log_arrive_in_both_languages(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    """At the level that this process keeps; traces as text."""
    with caplog.at_level(logging.INFO, "blackspot"), Worker(2) as other:
        with pytest.warns(UserWarning, match="xyz"):
            other.start(jobs.chatty, "xyz").result()
        other.start(jobs.failing_in_log).result()
    first, last = caplog.records
    assert spoken(told("errors", "broken_disk"), "vi") == spoken(first.msg, "vi")
    assert "it failed" == last.getMessage()
    assert "in full_disk" in str(last.exc_text)
    assert 4 == worker.start(jobs.doubled, 2).result()


def test_warnings_arrive_under_the_filters_of_this_process(worker: Worker) -> None:
    """As errors where these say so, which they do in tests."""
    with pytest.raises(UserWarning, match="aloud"):
        worker.start(jobs.chatty, "aloud").result()


def test_nothing_is_printed_on_standard_output(tmp_path: Path) -> None:
    """A program may print its result there, such as a line of JSON."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import worker_jobs as jobs\n"
        "from blackspot.data.worker.worker import Worker\n"
        "with Worker(2) as worker:\n"
        "    worker.start(jobs.chatty, 'xyz').result()\n"
        "    print(worker.start(jobs.process_number).result())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert found.stdout.strip().isdigit()
    assert "xyz" in found.stderr


@pytest.mark.parametrize("how", ["leave", "stop"])
def test_leaving_the_block_ends_the_worker(tmp_path: Path, how: str) -> None:
    """In the middle of a job, and before the next line of the program; so does stopping it, after which it may go on."""
    written = tmp_path / "written"
    with Worker(2) as worker:
        number = worker.start(jobs.process_number).result()
        worker.start(jobs.beat, written)
        assert eventually(lambda: is_begun(written))
        if how == "stop":
            worker.stop()
            assert has_stopped(written)
            assert number != worker.start(jobs.process_number).result() != os.getpid()
    assert has_stopped(written)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@contextmanager
def held(tmp_path: Path, how: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process whose worker writes into a file."""
    written = tmp_path / "written"
    with jobs.holder(written, how) as process:
        try:
            assert eventually(lambda: is_begun(written))
            yield process, written
        finally:
            process.kill()


@pytest.mark.parametrize("how", ["wait", "pause"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_worker_dies_with_whoever_started_it(tmp_path: Path, how: str, number: signal.Signals) -> None:
    """Whatever ended that, and whatever both were doing."""
    with held(tmp_path, how) as (process, written):
        process.send_signal(number)
        assert process.wait(30) != 0
        assert has_stopped(written)


def test_a_worker_ends_where_nobody_can_ask_it_any_more(tmp_path: Path) -> None:
    """The end of its standard input suffices, on systems whose kernel does not look after it."""
    written = tmp_path / "written"
    with Worker(2) as worker:
        job = worker.start(jobs.beat, written)
        assert eventually(lambda: is_begun(written))
        assert worker._process is not None
        worker._process._requests.close()
        with pytest.raises(WorkplaceError, match="exit code 1"):
            job.result()
    assert has_stopped(written)


def test_as_many_processes_as_processors_but_no_more_than_there_is_work_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is asked for wins; at least one is always there."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    assert 1 == processes_of(None)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 3})
    assert [2, 1, 2, 2] == [processes_of(threads) for threads in (None, 1, 2, 8)]
    assert worker_module.MOST_PROCESSES == processes_of(None)
