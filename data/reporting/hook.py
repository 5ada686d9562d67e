"""The command that is told the end of a run: what it gets, what it may see, and how it is ended.

It is started without a shell, in a session of its own, with nothing open but its three streams, and of the
environment it gets only what is listed here, so that no password or token that the program was started with reaches
it. What it prints is kept for the log; how it ends is told, and changes nothing.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

INSIDE = "BLACKSPOT_HOOK"
"""Set for the command and everything it starts: a run among these tells nobody, or it would never end."""

_HANDED_ON = ("PATH", "HOME", "LANG", "BLACKSPOT_LANGUAGE")
_MOST_OUTPUT_BYTES = 65_536
_TO_END_S = 5.0  # between the request to end and the end
_WAIT_S = 0.1


@dataclass(frozen=True, slots=True)
class HookResult:
    """What became of the command.

    Attributes
    ----------
    problem
        Why it did not do its work; empty where it ended with 0.
    output
        The beginning of what it printed, on both streams.
    seconds
        How long it took.
    """

    problem: str
    output: str
    seconds: float


def environment(words: Mapping[str, str]) -> dict[str, str]:
    """Give what the command sees of the environment.

    Parameters
    ----------
    words
        What is said about the run; the names begin with ``BLACKSPOT_``.
    """
    handed = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    return {"PATH": os.defpath} | handed | dict(words) | {INSIDE: "1"}


def tell(
    command: Sequence[str], told: str, words: Mapping[str, str], *, folder: Path, timeout_s: float
) -> HookResult:
    """Start the command, give it a text, and wait for its end.

    Parameters
    ----------
    command
        The program and its arguments.
    told
        What it finds on its standard input.
    words
        Variables of the environment about the run.
    folder
        Where it starts.
    timeout_s
        Seconds after which it is ended, together with everything it started.

    Returns
    -------
    HookResult
        Whatever the command did: nothing it does is an error of the run.
    """
    began = time.monotonic()
    output = bytearray()
    try:
        with tempfile.TemporaryFile() as given:  # a pipe would fill up where the command does not read
            given.write(told.encode("utf-8", "backslashreplace"))
            given.seek(0)
            process = subprocess.Popen(  # noqa: S603 - the owner of the project file names it
                list(command),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment(words),
                start_new_session=True,
            )
        problem = _wait(process, output, began + timeout_s)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        problem = f"cannot be started ({error})"
    text = output.decode("utf-8", "replace")
    return HookResult(problem, text, time.monotonic() - began)


def _wait(process: subprocess.Popen[bytes], output: bytearray, deadline: float) -> str:
    """Read what the command prints until it ends or its time is over; give what went wrong."""
    try:
        ended = _read_until_end(process, output, deadline)
    finally:  # also when somebody stops the program meanwhile
        if process.poll() is None:
            _end_group(process)
        if process.stdout is not None:
            process.stdout.close()
    if not ended:
        return "took too long and was ended"
    code = process.returncode
    if code < 0:
        return f"was ended by signal {-code}"
    return f"ended with {code}" if code else ""


def _read_until_end(process: subprocess.Popen[bytes], output: bytearray, deadline: float) -> bool:
    """Read until the command itself has ended; what it left running may hold its output open."""
    with selectors.DefaultSelector() as selector:
        if process.stdout is not None:
            selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            if selector.get_map() and selector.select(_WAIT_S):
                chunk = os.read(process.stdout.fileno(), _MOST_OUTPUT_BYTES) if process.stdout else b""
                output += chunk[: _MOST_OUTPUT_BYTES - len(output)]
                if not chunk and process.stdout is not None:
                    selector.unregister(process.stdout)
                continue
            with suppress(subprocess.TimeoutExpired):
                process.wait(0 if selector.get_map() else _WAIT_S)
            if process.returncode is not None:
                return True
    return process.poll() is not None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the command and everything it started to end, and end what does not."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_TO_END_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
