"""What keeping files apart costs: the national scenario read and checked here, and read as a run reads it.

Three ways, for every file: ``bare`` only decodes it (geopandas by Arrow, rasterio), without a single check;
``here`` reads it with all checks of the project, in this process and without a copy; ``apart`` is the project's
own door: copied and hashed, read and checked by a process that has given up its rights, taken over and looked
at once more. The ratio is ``apart`` to ``here``: what the isolation costs. The process that readers are forked
from starts once for a program; its start is told by itself.

Run ``python benchmarks/reading.py``; it prints a table of medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import rasterio
import shapely
from inputs import REALDATA, Inputs

from blackspot.data.crs import check_coordinates, check_operation, settle_crs
from blackspot.data.findings import Findings
from blackspot.data.isolation import isolation_report
from blackspot.data.raster import RasterCells, open_raster
from blackspot.data.vector import read_vector
from blackspot.data.vector_archive import unpack
from blackspot.data.vector_formats import known_format
from blackspot.data.vector_geometry import from_wkb, usable
from blackspot.data.vector_reading import read_layer
from blackspot.data.vector_staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable

COMMUNE_COLUMNS = ["code", "name", "province_code", "type"]


def bare_vector(path: Path, columns: list[str]) -> None:
    """Decode a vector file by the fastest way there is."""
    if path.suffix == ".parquet":
        gpd.read_parquet(path, columns=[*columns, "geometry"])
    else:
        pyogrio.read_dataframe(path, columns=columns, use_arrow=True)


def here_vector(path: Path, columns: list[str]) -> None:
    """Read a vector file with all checks, in this process."""
    findings = Findings()
    about = findings.about(path)
    with tempfile.TemporaryDirectory() as folder:
        file = path
        if path.suffix == ".zip":
            unpacked = unpack(path, Path(folder), path, "", findings)
            file = path if unpacked is None else unpacked[0]
        found = known_format(file, file, findings)
        raw = (
            None if found is None else read_layer(Staged(file, file, found, file.stem), "", columns, findings)
        )
    if raw is None:
        raise SystemExit(f"{path}: refused")
    parsed = from_wkb(raw.wkb, raw.feature_id.astype(object), raw.about)
    usable(parsed, ("polygon", "line", "point"), raw.about, required=False)
    bounds = shapely.bounds(parsed.geometry)
    crs = settle_crs(raw.crs, "" if raw.crs else raw.usual_crs, bounds, about)
    if crs is not None and check_coordinates(bounds, crs, about, strict=False):
        check_operation(crs, bounds, about)


def apart_vector(path: Path, columns: list[str]) -> None:
    """Read a vector file as a run does."""
    if read_vector(path, columns=columns, findings=Findings(), role="coverage") is None:
        raise SystemExit(f"{path}: refused")


def bare_raster(path: Path) -> None:
    """Decode all cells."""
    with rasterio.open(path) as dataset:
        dataset.read(1)


def here_raster(path: Path) -> None:
    """Decode all cells and give them the type and the missing values that a run works with."""
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
    rows: dict[Path, list[Callable[[], None]]] = {
        inputs.population: [
            partial(read, inputs.population) for read in (bare_raster, here_raster, apart_raster)
        ]
    }
    for path in (inputs.communes, *inputs.layers.values()):
        columns = COMMUNE_COLUMNS if path == inputs.communes else []
        rows[path] = [partial(read, path, columns) for read in (bare_vector, here_vector, apart_vector)]
    print("| file | bare s | here s | apart s | ratio |\n|---|---|---|---|---|")
    total = [0.0, 0.0, 0.0]
    for path, ways in rows.items():
        taken = zip(*([seconds(way) for way in ways] for _ in range(times)), strict=True)
        medians = [statistics.median(way) for way in taken]
        total = [before + more for before, more in zip(total, medians, strict=True)]
        print(_row(path.name, medians), flush=True)
    print(_row("all", total))


def _row(name: str, medians: list[float]) -> str:
    bare, here, apart = medians
    return f"| {name} | {bare:.2f} | {here:.2f} | {apart:.2f} | {apart / here:.2f} |"


if __name__ == "__main__":
    main()
