"""A worker process beside a run: started like any other program, asked for one job after the other.

It is neither forked, which a process with threads must not be, nor started by multiprocessing, which runs the file of
the main program once more: this works from a notebook as it does from a command. What it does is trusted work on what a
run has read; files of others are read elsewhere (:mod:`blackspot.data.isolation`).
"""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar, cast

from ...errors import WorkplaceError
from ..text.sentences import told
from .messages import Call, Ended, Logged, Progressed, Sender, Started, Warned, receive, unpacked
from .server import import_modules

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import BinaryIO

    from ...progress import Progress

T = TypeVar("T")

log = logging.getLogger("blackspot")

MOST_PROCESSES: Final = 2
"""A run and its worker: no step of a run has work for more."""

_BOOT: Final = """
import importlib.util, json, sys
said = json.loads(sys.argv[1])
sys.path[:] = said["path"]
root = said["root"]
spec = importlib.util.spec_from_file_location("blackspot", root + "/__init__.py", submodule_search_locations=[root])
sys.modules["blackspot"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["blackspot"])
from blackspot.data.worker.server import serve
serve(said["parent"], said["level"])
"""


_LEAN: Final = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 16),
}
"""Lets a process give back what it does not use any more: the run beside it needs the memory."""


def processes_of(threads: int | None) -> int:
    """Say how many processes a run may have.

    Parameters
    ----------
    threads
        What was asked for; None for as many as there are processors that this process may use.
    """
    if threads is None:
        may_use = getattr(os, "sched_getaffinity", None)
        threads = len(may_use(0)) if may_use else os.cpu_count() or 1
    return max(1, min(threads, MOST_PROCESSES))


class Worker:
    """Does jobs in a process of its own, or with one process in this one; leaving the block ends it.

    Parameters
    ----------
    processes
        With 2 or more there is a worker process, from the first job or :meth:`prepare` on. With 1, and where none can
        be started, every job is done in this process, when its result is asked for.
    """

    def __init__(self, processes: int = 1) -> None:
        self._is_alone = processes < MOST_PROCESSES
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def has_process(self) -> bool:
        """Whether jobs are done in a process of their own."""
        return not self._is_alone

    def prepare(self, *modules: str) -> None:
        """Let a worker process load modules by their names while this process does something else."""
        if not self._is_alone:
            self.start(import_modules, modules)

    def start(
        self,
        function: Callable[..., T],
        *arguments: object,
        progress: Progress = None,
        **named: object,
    ) -> Job[T]:
        """Begin a job.

        Parameters
        ----------
        function
            A function of a module, not of the file that was started as a program; that is done in this process.
        *arguments, **named
            What it is called with; handed over as a copy.
        progress
            Progressed by this process, while it waits for the result, how far the job is. The function gets a receiver as
            its argument ``progress``; without one it gets none.

        Raises
        ------
        pickle.PicklingError, TypeError, AttributeError
            Something cannot be handed over.
        WorkplaceError
            The worker has ended.
        """
        call = Call(function, arguments, named, progress is not None)
        process = None if getattr(function, "__module__", "") == "__main__" else self._running()
        return Job(call, progress, process, None if process is None else process.ask(call, progress))

    def stop(self) -> None:
        """End the worker process at once, whatever it is doing; when this returns it does nothing any more."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _running(self) -> _Process | None:
        if self._process is None and not self._is_alone:
            try:
                self._process = _Process()
            except OSError as error:
                log.debug("No worker process can be started (%s); its jobs are done in this one.", error)
                self._is_alone = True
        return self._process


class Job(Generic[T]):
    """Work that was begun."""

    def __init__(self, call: Call, progress: Progress, process: _Process | None, number: int | None) -> None:
        self._call, self._progress = call, progress
        self._process, self._number = process, number

    def result(self) -> T:
        """Wait for the end of the job and give what its function gave; to be asked once.

        Raises
        ------
        BaseException
            What the function raised.
        WorkplaceError
            The worker process was ended, by somebody or because the memory did not suffice.
        """
        process, number = self._process, self._number
        if process is None or number is None:
            return self._here()
        ended = process.wait_for(number)
        if ended is None:
            if process.has_started:
                raise WorkplaceError(told("errors", "worker_ended", how=process.how_it_ended()))
            log.debug("The worker process did not start (%s).", process.how_it_ended())
            return self._here()
        if ended.error is not None:
            raise ended.error
        return cast("T", ended.result)

    def _here(self) -> T:
        call = self._call
        told_to = {"progress": self._progress} if call.tells else {}
        return cast("T", call.function(*call.arguments, **call.named, **told_to))


class _Process:
    """The worker process, seen from the one that started it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this Python, with nothing from outside
            [sys.executable, "-I", "-S", "-c", _BOOT, json.dumps(_whereabouts())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_LEAN, **os.environ},
            start_new_session=True,  # Ctrl-C on a terminal is for the run, which then ends this
        )
        self._requests = cast("BinaryIO", self._process.stdin)
        self._answers = cast("BinaryIO", self._process.stdout)
        self._sender = Sender(self._requests)
        self._receivers: list[Progress] = []
        self._ended: dict[int, Ended] = {}
        self._arrived: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._once_each: dict[
            str | tuple[str, type[Warning], int], int
        ] = {}  # which warnings were shown, as Python keeps it
        self.has_started = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def ask(self, call: Call, progress: Progress) -> int:
        """Hand over a job and give its number."""
        with suppress(BrokenPipeError):  # told when the result is asked for
            self._sender.send(call)
        self._receivers.append(progress)
        return len(self._receivers) - 1

    def wait_for(self, number: int) -> Ended | None:
        """Wait for the end of a job; None where the process has ended before."""
        while number not in self._ended:
            content = self._arrived.get()
            if content is None:
                self._arrived.put(None)  # whoever asks next must know it as well
                return None
            self._take(unpacked(content))
        return self._ended.pop(number)

    def how_it_ended(self) -> str:
        """Say by which signal or with which exit code the process ended."""
        code = self._process.wait()
        if code < 0:
            with suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"

    def end(self) -> None:
        """Kill the process, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._requests, self._answers):
            with suppress(OSError):
                stream.close()

    def _listen(self) -> None:
        """Take in answers at once: a worker must not wait until somebody asks for them."""
        content: bytes | None = b""
        while content is not None:
            content = receive(self._answers)
            self._arrived.put(content)

    def _take(self, message: object) -> None:
        match message:
            case Started():
                self.has_started = True
            case Ended():
                self._ended[message.number] = message
            case Progressed():
                progress = self._receivers[message.number]
                if (
                    progress is not None and self._arrived.empty()
                ):  # of what lies behind only the end is of use
                    progress(message.share, message.text)
            case Logged():
                logger = logging.getLogger(message.record.name)
                if logger.isEnabledFor(message.record.levelno):
                    logger.handle(message.record)
            case Warned():
                warnings.warn_explicit(*message, registry=self._once_each)


def _whereabouts() -> dict[str, object]:
    return {
        "path": [str(Path(entry).resolve()) for entry in sys.path],
        "root": str(Path(__file__).resolve().parents[2]),
        "parent": os.getpid(),
        "level": log.getEffectiveLevel(),
    }
