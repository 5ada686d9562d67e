"""Trouble of the machine, made for real: a disk of a few pages, and readers that somebody kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blackspot.data.isolation.client import isolation_report

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Lay a disk of this size on a folder; skips the test where that is not allowed."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=1777", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only root may mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(path: Path) -> None:
    """Write a file until its disk has no room left."""
    with path.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 512, 1):
            try:
                while stream.write(b"x" * size) == size:
                    continue
            except OSError:
                continue


def write_protected(disk: Path) -> None:
    """Let nobody write on a disk of ``small_disk`` any more."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


@contextmanager
def killed_readers(times: int, number: int = signal.SIGKILL) -> Iterator[list[int]]:
    """Kill this many children of the reading process as soon as they are there; gives those that were killed."""
    if sys.platform != "linux":
        pytest.skip("finds the children in /proc")
    from blackspot.data.isolation import client  # noqa: PLC0415 - the list of running processes is looked at anew

    isolation_report()  # starts the reading process, whose first child only looks at the machine
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while not over.is_set() and len(killed) < times:
            for server in client._running:
                number_of = server._process.pid
                try:
                    children = Path(f"/proc/{number_of}/task/{number_of}/children").read_text().split()
                    for child in children:
                        if int(child) not in killed and len(killed) < times:
                            os.kill(int(child), number)
                            killed.append(int(child))
                except (FileNotFoundError, ProcessLookupError):
                    continue
            time.sleep(0.0005)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        over.set()
        killer.join()
