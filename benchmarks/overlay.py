"""Measure the overlay beside the tools people would use instead, on the same inputs, in one run.

``python benchmarks/overlay.py`` takes the real inputs where they are present, else it makes a small
workload. ``--inputs DIR`` takes a folder made by ``workload.py``; ``--scale 0.05`` makes one. Every way
runs in its own process, several times, in turn; the table gives medians of wall time, CPU time and peak
memory, the ratio to merely reading the files, and the error of the covered share per commune against
exact polygon intersection.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from exact import Exact, exact
from inputs import REALDATA, Inputs
from ways import WAYS
from workload import write_workload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
HISTORY = HERE / "history.csv"
_STOPPED = "stopped"


@dataclass
class Measured:
    """Runs of one way: wall and CPU seconds, peak MiB, and what it counted."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)
    verdict: str = ""
    stopped_s: float = 0.0
    stopped_cpu_s: float = 0.0
    error: str = ""


def main() -> None:
    """Measure, print the table, write it, and add a line per way to the history."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=Path, help="workload folder, or the folder of the real inputs")
    parser.add_argument("--scale", type=float, help="make a workload of this scale (0.05 takes seconds)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit-s", type=float, default=1800.0, help="give up on a way after so long")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--sample", type=int, default=0, help="communes whose error is measured; 0: all")
    parser.add_argument("--label", default="", help="what the history calls this run, such as a version")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = _inputs_folder(options.inputs, options.scale, Path(scratch))
        inputs = Inputs.of(folder)
        truth = exact(inputs, folder if folder != REALDATA else RESULTS / "cache", sample=options.sample)
        measured = _measure(options.ways, folder, options.runs, options.limit_s, truth, Path(scratch))
    table = _table(measured)
    print(table)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{'_'.join(filter(None, (inputs.name, options.label)))}.md").write_text(
        table + "\n", encoding="utf-8"
    )
    _remember(measured, inputs.name, options.label)


def _inputs_folder(given: Path | None, scale: float | None, scratch: Path) -> Path:
    if given is not None:
        return given
    if scale is None and (REALDATA / "vietnam").is_dir():
        return REALDATA
    folder = scratch / f"made_{scale or 0.05}"
    write_workload(folder, scale=scale or 0.05)
    return folder


def _measure(
    ways: list[str], folder: Path, runs: int, limit_s: float, truth: Exact, scratch: Path
) -> dict[str, Measured]:
    """Run the ways in turn, so that a busy minute does not fall on one of them alone."""
    measured = {way: Measured() for way in ways}
    for _ in range(runs):
        for way, record in measured.items():
            if record.verdict or (record.wall_s and record.wall_s[0] > limit_s / 4):
                continue  # slow ways run once
            result = scratch / "result.npz"
            result.unlink(missing_ok=True)
            wall, cpu, record.verdict = _run(way, folder, result, limit_s)
            if record.verdict.startswith(_STOPPED):
                record.stopped_s, record.stopped_cpu_s = wall, cpu
            if not record.verdict:
                record.wall_s.append(wall)
                record.cpu_s.append(cpu)
                with np.load(result) as stored:
                    record.peak_mib.append(float(stored["peak_mib"]))
                    record.error = _error(stored, truth) if "people" in stored.files else ""
            print(f"{way}: {wall:.2f} s, CPU {cpu:.2f} s {record.verdict}", file=sys.stderr)
    return measured


def _run(way: str, folder: Path, result: Path, limit_s: float) -> tuple[float, float, str]:
    """Run one way in its own process: wall s, CPU s, and why it did not finish."""
    command = [sys.executable, str(HERE / "ways.py"), way, str(folder), str(result)]
    start = time.perf_counter()
    # every way reads each block of the raster once or twice: a large block cache would only blur the peaks
    environment = {**os.environ, "GDAL_CACHEMAX": "128"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - start
        if pid:
            break
        if wall > limit_s:
            process.kill()
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = -9
            return wall, usage.ru_utime + usage.ru_stime, f"{_STOPPED} after {limit_s:.0f} s"
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    verdict = "" if process.returncode == 0 else f"failed ({process.returncode})"
    return wall, usage.ru_utime + usage.ru_stime, verdict


def _error(stored: Mapping[str, NDArray[np.float64]], truth: Exact) -> str:
    """Difference of the covered share, in percentage points, over communes and layers."""
    people, covered = stored["people"][truth.commune], stored["covered"][truth.commune]
    known = (truth.people > 0) & (people > 0)
    error = 100 * np.abs(
        covered[known] / people[known, None] - truth.covered[known] / truth.people[known, None]
    )
    large = error[truth.area_km2[known] > 1]
    national = 100 * np.abs(covered.sum(0) / people.sum() - truth.covered.sum(0) / truth.people.sum()).max()
    median, p99 = np.quantile(error, [0.5, 0.99])
    return f"{median:.4f} / {p99:.3f} / {error.max():.2f} / {large.max(initial=0):.2f} / {national:.4f}"


def _table(measured: dict[str, Measured]) -> str:
    """Markdown table with ratios to the floor and to this package."""

    def middle(values: list[float]) -> float:
        return statistics.median(values) if values else float("nan")

    def against(way: str, record: Measured) -> str:
        """Ratios of wall and CPU time to another way; lower bounds for what was stopped."""
        if way not in measured or (record.verdict and not record.stopped_s):
            return ""
        other = measured[way]
        more = "> " if record.stopped_s else ""
        wall = (record.stopped_s or middle(record.wall_s)) / middle(other.wall_s)
        cpu = (record.stopped_cpu_s or middle(record.cpu_s)) / middle(other.cpu_s)
        return f"{more}{wall:.2f} / {more}{cpu:.2f}"

    lines = [
        "| way | runs | wall s | CPU s | peak MiB | x floor (wall / CPU) | x blackspot (wall / CPU) | error, points: median / p99 / max / max above 1 km² / national |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for way, record in measured.items():
        times = f"{middle(record.wall_s):.2f} | {middle(record.cpu_s):.2f} | {middle(record.peak_mib):.0f}"
        if not record.wall_s:
            times = f"{record.verdict} | {record.stopped_cpu_s:.0f} so far | "
        ratios = f"{against('floor', record)} | {against('blackspot', record)}"
        lines.append(f"| {way} | {len(record.wall_s)} | {times} | {ratios} | {record.error} |")
    return "\n".join(lines)


def _remember(measured: dict[str, Measured], name: str, label: str) -> None:
    """Add medians to the history, so that a slowdown shows."""
    new = not HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(["label", "inputs", "way", "runs", "wall_s", "cpu_s", "peak_mib", "error_points"])
        for way, record in measured.items():
            if record.wall_s:
                medians = [statistics.median(v) for v in (record.wall_s, record.cpu_s, record.peak_mib)]
                numbers = [f"{value:.3f}" for value in medians]
                writer.writerow([label, name, way, len(record.wall_s), *numbers, record.error])


if __name__ == "__main__":
    main()
