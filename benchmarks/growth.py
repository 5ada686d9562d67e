"""How the cost grows: layers, cells, and workers of a cluster.

``python benchmarks/growth.py DIR`` takes a folder made by ``workload.py``. Times are CPU seconds of this
process unless said otherwise; reading the vector files is left out.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from affine import Affine
from inputs import FileRaster, Inputs, read_communes, read_layer

from blackspot.coverage.burn import burn, burn_communes
from blackspot.coverage.cluster import connect, overlay_on
from blackspot.coverage.grid import Grid
from blackspot.coverage.overlay import Overlay, RasterPeople, overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyproj

T = TypeVar("T")


@dataclass(frozen=True)
class FinerRaster:
    """A raster with every cell cut into ``factor`` x ``factor`` equal ones."""

    coarse: FileRaster
    factor: int

    @property
    def crs(self) -> pyproj.CRS:
        """As the coarse raster's."""
        return self.coarse.crs

    @property
    def transform(self) -> Affine:
        """The same corner, smaller steps."""
        return self.coarse.transform @ Affine.scale(1 / self.factor)

    @property
    def width(self) -> int:
        """Columns."""
        return self.coarse.width * self.factor

    @property
    def height(self) -> int:
        """Rows."""
        return self.coarse.height * self.factor

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        """People of a window."""
        top, left = row0 // self.factor, col0 // self.factor
        bottom, right = -(-(row0 + rows) // self.factor), -(-(col0 + cols) // self.factor)
        people = self.coarse.read(top, bottom - top, left, right - left) / self.factor**2
        people = people.repeat(self.factor, axis=0).repeat(self.factor, axis=1)
        down, across = row0 - top * self.factor, col0 - left * self.factor
        return people[down : down + rows, across : across + cols]


def main() -> None:
    """Measure everything and print lines of markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--skip-cluster", action="store_true")
    options = parser.parse_args()
    inputs = Inputs.of(options.inputs)
    frame = read_communes(inputs.communes)
    layers = [read_layer(path) for path in inputs.layers.values()]
    raster = FileRaster(inputs.population)
    _cells(frame, layers, raster)
    grid = Grid.around(raster, frame.total_bounds)
    zones = burn_communes(frame, grid)
    spans = [burn(geometries, crs, grid) for geometries, crs in layers]

    def count(used: list) -> Overlay:
        return overlay(
            RasterPeople(raster, grid),
            grid,
            zones,
            used,
            n_communes=len(frame),
            edge_cells="land",
            groups=None,
        )

    for number in (1, 2, 4, 8):
        used = [number % len(layers) for number in range(number)]
        _, burning = _timed(lambda used=used: [burn(*layers[index], grid) for index in used])
        _, joining = _timed(lambda used=used: count([spans[index] for index in used]))
        _say(f"{number} layers: burn {burning:.2f} s, join {joining:.2f} s")
    if not options.skip_cluster:
        _cluster(raster, grid, zones, spans, len(frame))


def _cells(frame: object, layers: list, raster: FileRaster) -> None:
    """Count the same country on grids of 1, 4 and 9 times as many cells."""
    for factor in (1, 2, 3):
        finer = FinerRaster(raster, factor)
        grid = Grid.around(finer, frame.total_bounds)
        (zones, spans), burning = _timed(
            lambda grid=grid: (burn_communes(frame, grid), [burn(*layer, grid) for layer in layers])
        )
        people = RasterPeople(finer, grid)
        result, joining = _timed(
            lambda grid=grid, people=people, zones=zones, spans=spans: overlay(
                people, grid, zones, spans, n_communes=len(frame), edge_cells="land", groups=None
            )
        )
        cells = grid.width * grid.height / 1e6
        _say(
            f"{cells:.0f} million cells, {grid.sublines} sub-lines: burn {burning:.2f} s, "
            f"join {joining:.2f} s, {result.people.sum():.0f} people, peak {_peak_mib():.0f} MiB"
        )


def _cluster(raster: FileRaster, grid: Grid, zones: object, spans: list, count: int) -> None:
    """Wall seconds with one and two workers, against none."""
    arguments = {"n_communes": count, "edge_cells": "land", "groups": None}
    people = RasterPeople(raster, grid)
    start = time.perf_counter()
    alone = overlay(people, grid, zones, spans, **arguments)
    _say(f"no cluster: join {time.perf_counter() - start:.2f} s wall")
    for workers in (1, 2):
        client = connect(workers=workers)
        start = time.perf_counter()
        result = overlay_on(client, people, grid, zones, spans, **arguments)
        wall = time.perf_counter() - start
        client.cluster.close()
        client.close()
        same = alone.people.tobytes() == result.people.tobytes()
        _say(f"{workers} dask workers: join {wall:.2f} s wall, same bytes: {same}")


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    result = do()
    return result, time.process_time() - start


def _peak_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _say(line: str) -> None:
    print(f"- {line}", flush=True)


if __name__ == "__main__":
    main()
