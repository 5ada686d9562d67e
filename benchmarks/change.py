"""What one changed layer costs when spans and bands are kept from the run before.

``python benchmarks/change.py DIR`` takes a folder made by ``workload.py``. Everything is measured from the
files on: hashing, reading vectors, burning, reading people, joining. The full overlay keeps nothing and
takes nothing from earlier runs.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from inputs import FileRaster, Inputs, read_communes, read_layer

from blackspot.coverage.band_store import BandStore
from blackspot.coverage.burn import burn, burn_communes
from blackspot.coverage.grid import Grid
from blackspot.coverage.overlay import Overlay, RasterPeople, overlay
from blackspot.coverage.span_store import SpanStore

if TYPE_CHECKING:
    import pyproj

    from blackspot.coverage.spans import Spans

Edit = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Country:
    """Inputs, the grid, and where spans and bands are kept."""

    inputs: Inputs
    raster: FileRaster
    grid: Grid
    spans: SpanStore
    bands: BandStore

    def full(self, changed: str = "", edit: Edit | None = None) -> Overlay:
        """Count everything anew."""
        frame = read_communes(self.inputs.communes)
        zones = burn_communes(frame, self.grid)
        layers = [
            burn(*_layer(path, edit if name == changed else None), self.grid)
            for name, path in self.inputs.layers.items()
        ]
        return self._count(zones, layers, len(frame), None)

    def again(self, changed: str = "", edit: Edit | None = None) -> Overlay:
        """Count with what is kept; the number of communes is kept with their spans."""
        zones = self._kept(
            self.inputs.communes,
            "communes",
            lambda: burn_communes(read_communes(self.inputs.communes), self.grid),
        )
        layers = []
        for name, path in self.inputs.layers.items():
            own = edit if name == changed else None

            def make(path: Path = path, own: Edit | None = own) -> Spans:
                return burn(*_layer(path, own), self.grid, store=self.spans)

            layers.append(make() if own is not None else self._kept(path, "layer", make))
        return self._count(zones, layers, int(zones.owner.max()) + 1, self.bands)

    def _kept(self, path: Path, kind: str, make: Callable[[], Spans]) -> Spans:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        return self.spans.get(self.spans.key(kind, content), make)

    def _count(self, zones: Spans, layers: list[Spans], count: int, store: BandStore | None) -> Overlay:
        people = RasterPeople(self.raster, self.grid)
        return overlay(
            people, self.grid, zones, layers, n_communes=count, edge_cells="land", groups=None, store=store
        )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    inputs = Inputs.of(options.inputs)
    raster = FileRaster(inputs.population)
    grid = Grid.around(raster, read_communes(inputs.communes).total_bounds)
    by_size = sorted(inputs.layers, key=lambda name: inputs.layers[name].stat().st_size)
    cases: list[tuple[str, str, Edit | None]] = [("nothing", "", None)]
    for name in (by_size[0], by_size[-1]):
        cases += [
            (f"{name}, a third of the features in a tenth of the country", name, _a_tenth),
            (f"{name}, a third of the features everywhere", name, _everywhere),
        ]
    with tempfile.TemporaryDirectory() as folder:
        spans = SpanStore(Path(folder) / "spans", grid)
        country = Country(inputs, raster, grid, spans, BandStore(Path(folder) / "bands", ("people",)))
        base = _median(country.full, options.runs)
        print("| changed | CPU s | wall s | of the full overlay (CPU) | same bytes |\n|---|---|---|---|---|")
        print(f"| full overlay, nothing kept | {base[0]:.2f} | {base[1]:.2f} | 1.00 | |", flush=True)
        for label, changed, edit in cases:
            took = []
            for _ in range(options.runs):
                country.again()  # back to the state before the change
                before = set(spans.folder.iterdir())
                took.append(_timed(lambda changed=changed, edit=edit: country.again(changed, edit)))
                for tile in set(spans.folder.iterdir()) - before:
                    tile.unlink()
            cpu, wall = (statistics.median(column) for column in zip(*took, strict=True))
            same = (
                country.again(changed, edit).people.tobytes() == country.full(changed, edit).people.tobytes()
            )
            print(f"| {label} | {cpu:.2f} | {wall:.2f} | {cpu / base[0]:.2f} | {same} |", flush=True)


def _layer(path: Path, edit: Edit | None) -> tuple[np.ndarray, pyproj.CRS]:
    geometries, crs = read_layer(path)
    return (geometries if edit is None else edit(geometries)), crs


def _everywhere(geometries: np.ndarray) -> np.ndarray:
    """Leave out every third feature."""
    return geometries[np.arange(len(geometries)) % 3 > 0]


def _a_tenth(geometries: np.ndarray) -> np.ndarray:
    """Leave out every third feature of the southernmost tenth of the layer's height."""
    box = shapely.bounds(geometries)
    south, north = box[:, 1].min(), box[:, 3].max()
    inside = box[:, 3] < south + (north - south) / 10
    return geometries[~inside | (np.arange(len(geometries)) % 3 > 0)]


def _median(do: Callable[[], Overlay], runs: int) -> tuple[float, float]:
    took = [_timed(do) for _ in range(runs)]
    return statistics.median(cpu for cpu, _ in took), statistics.median(wall for _, wall in took)


def _timed(do: Callable[[], Overlay]) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    do()
    return time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
