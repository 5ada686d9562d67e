"""Publish small runs as a run does, look at them as a reader does, and die at a chosen instant: ``python publishing.py``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blackspot.data.runs.listing import latest_id, list_runs, next_run_id
from blackspot.data.runs.manifest import damage, output_hashes, write_manifest
from blackspot.data.runs.output_folder import OutputFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


DEADLY_CALLS = ("open", "ftruncate", "pwrite", "fsync", "rename", "replace", "symlink")


def fill(folder: Path, run_id: str) -> None:
    (folder / "maps").mkdir()
    for name in ("communes.csv", "maps/02.html", "map.html"):
        (folder / name).write_text(f"{name} of {run_id}\n" * 100, encoding="utf-8")
    facts = {"run": run_id, "inputs_digest": run_id[-6:] * 2, "figures": {"pop_total": 7.0}, "findings": []}
    write_manifest(folder, facts | {"outputs": output_hashes(folder)})


def publish(out: Path, digest: str = "a" * 64) -> str:
    with OutputFolder(out) as folder:
        run_id = next_run_id(out, digest)
        temp = folder.begin(run_id)
        fill(temp, run_id)
        folder.publish(temp, run_id)
    return run_id


def check_view(out: Path, allowed: set[str]) -> None:
    """Look at the folder as a reader does, without the lock: pointers name a whole run."""
    assert latest_id(out) in allowed
    if latest_id(out):
        assert () == damage(out / "runs" / latest_id(out))
    if (out / "latest").is_symlink():
        assert () == damage(out / "latest")
        assert (out / "latest").resolve().name in allowed
    for run in list_runs(out):
        assert () == damage(run.folder)


def die_at(point: int, calls: Sequence[str] = DEADLY_CALLS) -> None:
    """Replace these system calls; called in the child, which the one with this number kills."""
    count = 0

    def deadly(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            nonlocal count
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            count += 1
            return real(*args, **options)

        return call

    for name in calls:
        setattr(os, name, deadly(getattr(os, name)))


def main(out: Path, point: str) -> None:
    """What the child processes do: publish one run, deadly or not, or run after run."""
    if point == "for ever":
        while True:
            print(publish(out, "b" * 64), flush=True)  # noqa: T201 - the parent waits for the first line
    if int(point) >= 0:
        die_at(int(point))
    publish(out, "b" * 64)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
