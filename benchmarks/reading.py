"""What keeping files apart costs: the national scenario read as it is, and read as a run reads it.

Every file is read plainly (geopandas and rasterio, in this process) and then through the door of the project:
copied and hashed, read by a process of its own that has given up its rights, checked, taken over. Both give all
columns that a run needs and all geometries as objects. The process that readers are forked from starts once
for a program; its start is told apart.

Run ``python benchmarks/reading.py``; it prints a table with the median of every reading and the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import rasterio
from inputs import REALDATA, Inputs

from blackspot.data.findings import Findings
from blackspot.data.isolation import isolation_report
from blackspot.data.raster import RasterCells, open_raster
from blackspot.data.vector import read_vector

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMUNE_COLUMNS = ["code", "name", "province_code", "type"]


def plain_vector(path: Path, columns: list[str]) -> None:
    """Read a vector file as anybody would, by the fastest way there is."""
    if path.suffix == ".parquet":
        gpd.read_parquet(path, columns=[*columns, "geometry"])
    else:
        pyogrio.read_dataframe(path, columns=columns, use_arrow=True)


def apart_vector(path: Path, columns: list[str]) -> None:
    """Read a vector file as a run does."""
    if read_vector(path, columns=columns, findings=Findings(), role="coverage") is None:
        raise SystemExit(f"{path}: refused")


def plain_raster(path: Path) -> None:
    """Read all cells as anybody would."""
    with rasterio.open(path) as dataset:
        dataset.read(1, masked=True).astype("float64").filled(float("nan"))


def apart_raster(path: Path) -> None:
    """Read all cells as a run does."""
    raster = open_raster(path, findings=Findings())
    if raster is None:
        raise SystemExit(f"{path}: refused")
    cells = RasterCells(raster)
    for window in raster.windows():
        cells.read(window)


def seconds(read: Callable[[], None]) -> float:
    """Measure one reading."""
    started = time.perf_counter()
    read()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--times", type=int, default=3, help="how often every file is read; the median counts"
    )
    inputs = Inputs.of(REALDATA)
    times = parser.parse_args().times
    started = time.perf_counter()
    report = isolation_report()
    print(f"isolation {report.level}, started in {time.perf_counter() - started:.2f} s\n")
    jobs: dict[Path, tuple[Callable[[], None], Callable[[], None]]] = {
        inputs.population: (lambda: plain_raster(inputs.population), lambda: apart_raster(inputs.population))
    }
    for path in (inputs.communes, *inputs.layers.values()):
        columns = COMMUNE_COLUMNS if path == inputs.communes else []
        jobs[path] = (
            lambda path=path, columns=columns: plain_vector(path, columns),
            lambda path=path, columns=columns: apart_vector(path, columns),
        )
    print("| file | plain s | apart s | ratio |\n|---|---|---|---|")
    total = [0.0, 0.0]
    for path, (plain, apart) in jobs.items():
        pairs = [(seconds(plain), seconds(apart)) for _ in range(times)]
        one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
        total = [total[0] + one, total[1] + other]
        print(f"| {path.name} | {one:.2f} | {other:.2f} | {other / one:.2f} |", flush=True)
    print(f"| all | {total[0]:.2f} | {total[1]:.2f} | {total[1] / total[0]:.2f} |")


if __name__ == "__main__":
    main()
