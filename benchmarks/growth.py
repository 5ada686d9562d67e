"""How the cost grows: layers, cells, and workers of a cluster.

``python benchmarks/growth.py DIR`` takes a folder made by ``workload.py``. Times are CPU seconds of this
process unless said otherwise; reading the vector files is left out. ``--only cluster`` measures one part.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from affine import Affine
from inputs import FileRaster, Inputs, read_communes, read_layer

from blackspot.coverage.burn.grid import Grid, Raster
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.overlay.bands import overlay
from blackspot.coverage.overlay.distributed import connect, overlay_on
from blackspot.coverage.overlay.sources import RasterPeople

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import numpy as np
    import pyproj
    from numpy.typing import NDArray

    from blackspot.coverage.burn.spans import Spans
    from blackspot.coverage.overlay.totals import Overlay

    Layers = list[tuple[NDArray[np.object_], pyproj.CRS]]

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
        return int(self.coarse.width * self.factor)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.coarse.height * self.factor)

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People of a window."""
        top, left = row0 // self.factor, col0 // self.factor
        bottom, right = -(-(row0 + rows) // self.factor), -(-(col0 + cols) // self.factor)
        people = self.coarse.read(top, bottom - top, left, right - left) / self.factor**2
        people = people.repeat(self.factor, axis=0).repeat(self.factor, axis=1)
        down, across = row0 - top * self.factor, col0 - left * self.factor
        return people[down : down + rows, across : across + cols]


@dataclass(frozen=True)
class BurnedCountry:
    """A country, burned."""

    raster: Raster
    grid: Grid
    zones: Spans
    spans: list[Spans]
    communes: int

    def join(self, used: list[Spans]) -> Overlay:
        """Count with some layers."""
        return overlay(
            RasterPeople(self.raster, self.grid),
            self.grid,
            self.zones,
            used,
            n_communes=self.communes,
            edge_cells="land",
            groups=None,
        )


def main() -> None:
    """Measure everything and print lines of markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--only", choices=["cells", "layers", "cluster"], default="")
    options = parser.parse_args()
    inputs = Inputs.of(options.inputs)
    frame = read_communes(inputs.communes)
    layers = [read_layer(path) for path in inputs.layers.values()]
    raster = FileRaster(inputs.population)
    if options.only in {"", "cells"}:
        _cells(frame, layers, raster)
    grid = Grid.around(raster, frame.total_bounds.tolist())
    zones = burn_communes(frame, grid)
    spans = _burned(layers, grid)
    country = BurnedCountry(raster, grid, zones, spans, len(frame))
    if options.only in {"", "layers"}:
        for number in (1, 2, 4, 8):
            used = [index % len(layers) for index in range(number)]
            _, burning = _timed(partial(_burned, [layers[index] for index in used], grid))
            _, joining = _timed(partial(country.join, [spans[index] for index in used]))
            _say(f"{number} layers: burn {burning:.2f} s, join {joining:.2f} s")
    if options.only in {"", "cluster"}:
        _cluster(country)


def _cells(frame: gpd.GeoDataFrame, layers: Layers, raster: FileRaster) -> None:
    """Count the same country on grids of 1, 4 and 9 times as many cells."""
    for factor in (1, 2, 3):
        finer = FinerRaster(raster, factor)
        grid = Grid.around(finer, frame.total_bounds.tolist())
        zones, burning_zones = _timed(partial(burn_communes, frame, grid))
        spans, burning = _timed(partial(_burned, layers, grid))
        country = BurnedCountry(finer, grid, zones, spans, len(frame))
        result, joining = _timed(partial(country.join, spans))
        cells = grid.width * grid.height / 1e6
        _say(
            f"{cells:.0f} million cells, {grid.sublines} sub-lines: burn {burning + burning_zones:.2f} s, "
            f"join {joining:.2f} s, {result.people.sum():.0f} people, peak {_peak_mib():.0f} MiB"
        )


def _cluster(country: BurnedCountry) -> None:
    """Wall seconds with one and two workers, and with one of two killed, against none."""
    start = time.perf_counter()
    alone = country.join(country.spans)
    _say(f"no cluster: join {time.perf_counter() - start:.2f} s wall")
    for workers, kill in ((1, False), (2, False), (2, True)):
        client = connect(workers=workers)
        victims = list(client.run(os.getpid).values()) if kill else []

        def progress(share: float, _: str, victims: list[int] = victims) -> None:
            if share > 0.2 and victims:
                os.kill(victims[0], signal.SIGKILL)
                victims.clear()

        start = time.perf_counter()
        result = overlay_on(
            client,
            RasterPeople(country.raster, country.grid),
            country.grid,
            country.zones,
            country.spans,
            n_communes=country.communes,
            edge_cells="land",
            groups=None,
            progress=progress,
        )
        wall = time.perf_counter() - start
        client.cluster.close()
        client.close()
        same = alone.people.tobytes() == result.people.tobytes()
        fate = ", one killed on the way" if kill else ""
        _say(f"{workers} dask workers{fate}: join {wall:.2f} s wall, same bytes: {same}")


def _burned(layers: Layers, grid: Grid) -> list[Spans]:
    return [burn(geometries, crs, grid) for geometries, crs in layers]


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
