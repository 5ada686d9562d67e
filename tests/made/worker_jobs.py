"""Jobs for a worker process: what a run does there, one property at a time."""

# ruff: noqa: PLC0415 - a worker loads little by itself, and a test looks at that

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from blackspot.data.text.sentences import told
from blackspot.data.worker.worker import Worker
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from blackspot.progress import Progress


def process_number() -> int:
    """Say which process does the job."""
    return os.getpid()


def doubled(values: object, *, times: int = 2) -> object:
    """Give something back, several times as long."""
    return values * times  # type: ignore[operator] # whatever can be multiplied


def where_from() -> tuple[list[str], str]:
    """Say what the process imports from, and its working folder."""
    return sys.path, str(Path.cwd())


def loaded(name: str) -> bool:
    """Say whether a module is loaded already."""
    return name in sys.modules


def full_disk() -> None:
    """Fail as a full disk makes a job fail."""
    raise WorkplaceError(told("errors", "broken_disk"))


class PickyError(Exception):
    """An error that is made of more than its words."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def picky() -> None:
    """Raise an error that cannot be handed over."""
    raise PickyError("this", "that")


def exhausted() -> None:
    """Run out of memory."""
    raise MemoryError


def not_to_be_handed_over() -> object:
    """Give something that stays in its process."""
    return lambda: None


def killed_by(number: int) -> None:
    """Be ended from outside; a signal that is ignored does nothing."""
    os.kill(os.getpid(), number)


def told_steps(count: int, progress: Progress = None) -> int:
    """Tell of some steps."""
    for step in range(count):
        if progress is not None:
            progress(step / count, f"step {step}")
    return count


def chatty(words: str) -> None:
    """Say something in the log, on standard output, and as a warning."""
    logging.getLogger("blackspot").warning(told("errors", "broken_disk"))
    logging.getLogger("blackspot").debug(words)
    sys.stdout.write(words)
    sys.stdout.flush()
    warnings.warn(words, UserWarning, stacklevel=1)


def failing_in_log() -> None:
    """Log an error with its trace."""
    try:
        full_disk()
    except WorkplaceError:
        logging.getLogger("blackspot").exception("it failed")


def beat(path: Path) -> None:
    """Write into a file for a minute."""
    with path.open("wb", buffering=0) as stream:
        for _ in range(6000):
            stream.write(b".")
            time.sleep(0.01)


def hold_forever(path: str, how: str) -> None:
    """Let a worker write into a file, and wait for it, or for a signal."""
    with Worker(2) as worker:
        job = worker.start(beat, Path(path))
        if how == "wait":
            job.result()
        signal.pause()


def holder(path: Path, how: str = "wait") -> subprocess.Popen[bytes]:
    """Start a process that lets a worker write into a file."""
    code = f"import sys; sys.path[:] = {sys.path!r}; import worker_jobs; worker_jobs.hold_forever({str(path)!r}, {how!r})"
    return subprocess.Popen([sys.executable, "-c", code])


def write_for_a_minute(folder: Path, *_tables: object, progress: Progress = None) -> None:
    """Stand in for the files that people open: written for so long that nobody sees their end."""
    assert progress is not None
    beat(folder / "communes.csv")


def killed_while_writing(folder: Path, *_tables: object, progress: Progress = None) -> None:
    """Stand in for the same on a machine without memory left, which kills the process."""
    assert progress is not None
    (folder / "communes.csv").write_text("half a", encoding="utf-8")
    killed_by(signal.SIGKILL)


def failing_while_writing(folder: Path, *_tables: object, progress: Progress = None) -> None:
    """Stand in for the same on a full disk."""
    assert progress is not None
    (folder / "communes.csv").write_text("half a", encoding="utf-8")
    full_disk()


def run_that_writes_for_a_minute(project: str) -> None:
    """Be a run whose worker writes for a minute."""
    from blackspot import cli
    from blackspot.data.exports import write
    from blackspot.pipeline.ahead import work

    work.COMMUNES_OF_A_WORKER = 0
    vars(write)["write_for_people"] = write_for_a_minute
    sys.argv = ["blackspot", "run", project, "--threads", "2", "-q"]
    cli.main()


def unending_run(project: Path) -> subprocess.Popen[bytes]:
    """Start a run whose worker writes for a minute."""
    code = f"import sys; sys.path[:] = {sys.path!r}; import worker_jobs; worker_jobs.run_that_writes_for_a_minute({str(project)!r})"
    return subprocess.Popen([sys.executable, "-c", code])
