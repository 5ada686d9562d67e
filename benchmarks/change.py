"""What one changed layer costs when spans and bands are kept from the run before.

``python benchmarks/change.py DIR`` takes a folder made by ``workload.py``. Every layer in turn is changed in
two ways: a third of its features is left out everywhere, or in a tenth of the country only. Everything is
measured from the files on: hashing, reading vectors, burning, reading people, joining, writing what is kept.
The full overlay keeps nothing and takes nothing from earlier runs; a run that starts with nothing does the
same and keeps everything, so every change is compared with both.

``--cells`` keeps failing cells for black spots as well, as a run does.
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

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.store import SpanStore
from blackspot.coverage.overlay.bands import overlay
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.overlay.store import BandStore

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from blackspot.coverage.burn.spans import Spans
    from blackspot.coverage.overlay.totals import Overlay

Edit = Callable[["NDArray[np.object_]"], "NDArray[np.object_]"]


@dataclass(frozen=True)
class Lacking:
    """Groups of failing people: without a layer of each technology, then of each alone."""

    names: tuple[str, ...]

    def __call__(self, masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Give bool (1 + technologies, m)."""
        technologies = sorted({name.rpartition("_")[2] for name in self.names})
        missing = []
        for technology in technologies:
            bits = sum(1 << bit for bit, name in enumerate(self.names) if name.endswith(technology))
            missing.append((masks & np.uint64(bits)) == 0)
        return np.stack([np.all(missing, axis=0), *missing])


@dataclass(frozen=True)
class PreparedCountry:
    """Inputs, the grid, and where spans and bands are kept."""

    inputs: Inputs
    raster: FileRaster
    grid: Grid
    folder: Path
    cells: bool

    @property
    def spans(self) -> SpanStore:
        """Kept spans."""
        return SpanStore(self.folder / "spans", self.grid)

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
        store = self.spans
        zones = _kept(
            store,
            self.inputs.communes,
            "communes",
            lambda: burn_communes(read_communes(self.inputs.communes), self.grid),
        )
        layers = []
        for name, path in self.inputs.layers.items():
            own = edit if name == changed else None

            def make(name: str = name, path: Path = path, own: Edit | None = own) -> Spans:
                return burn(*_layer(path, own), self.grid, store=store, name=name)

            key = (
                "layer" if own is None else f"layer {own.__name__}"
            )  # as another file would have another hash
            layers.append(_kept(store, path, key, make))
        people = _hash(self.inputs.population)
        owner = zones.owner
        count = 0 if owner is None else int(owner.max()) + 1
        return self._count(zones, layers, count, BandStore(self.folder / "bands", (people,)))

    def _count(self, zones: Spans, layers: list[Spans], count: int, store: BandStore | None) -> Overlay:
        return overlay(
            RasterPeople(self.raster, self.grid),
            self.grid,
            zones,
            layers,
            n_communes=count,
            edge_cells="land",
            groups=Lacking(tuple(self.inputs.layers)) if self.cells else None,
            store=store,
        )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cells", action="store_true", help="keep failing cells too")
    parser.add_argument("--layers", nargs="*", default=None, help="only these layers")
    parser.add_argument("--edits", nargs="*", default=list(EDITS), choices=list(EDITS))
    options = parser.parse_args()
    inputs = Inputs.of(options.inputs)
    raster = FileRaster(inputs.population)
    grid = Grid.around(raster, read_communes(inputs.communes).total_bounds.tolist())
    with tempfile.TemporaryDirectory() as folder:
        country = PreparedCountry(inputs, raster, grid, Path(folder), options.cells)
        print("| changed | CPU s | wall s | of the full overlay (CPU) | of one that keeps | same bytes |")
        print("|---|---|---|---|---|---|")
        full = _median([_timed(country.full) for _ in range(options.runs)])
        first = _timed(country.again)
        base = (full[0], first[0])
        _say("full overlay, nothing kept", full, base, "")
        _say("the same, and keep everything", first, base, "")
        sizes = [path.stat().st_size for path in Path(folder).rglob("*.*")]
        again = _median([_timed(country.again) for _ in range(options.runs)])
        _say("nothing", again, base, _same(country, "", None))
        for edit in options.edits:
            for name in options.layers or inputs.layers:
                took = [_change(country, name, EDITS[edit]) for _ in range(options.runs)]
                _say(f"{name}, {edit}", _median(took), base, _same(country, name, EDITS[edit]))
        print(f"\nKept: {sum(sizes) / 2**20:.0f} MiB in {len(sizes)} files.")


def _change(country: PreparedCountry, name: str, edit: Edit) -> tuple[float, float]:
    """Time a change after a run without it; what it adds is taken away again."""
    country.again()
    before = set(country.spans.folder.iterdir())
    took = _timed(lambda: country.again(name, edit))
    for path in set(country.spans.folder.iterdir()) - before:
        path.unlink()
    return took


def _same(country: PreparedCountry, name: str, edit: Edit | None) -> str:
    """Say whether a change counted with what is kept has the bytes of a full overlay."""
    kept, full = country.again(name, edit), country.full(name, edit)
    for one, other in (
        (kept.masks, full.masks),
        (kept.people, full.people),
        (kept.has_population, full.has_population),
        (kept.cells.people, full.cells.people),
        (kept.cells.failing, full.cells.failing),
        (kept.cells.col, full.cells.col),
    ):
        if one.tobytes() != other.tobytes():
            return "no"
    outside = (kept.people_outside, kept.people_raster) == (full.people_outside, full.people_raster)
    return "yes" if outside else "no"


def _kept(store: SpanStore, path: Path, kind: str, make: Callable[[], Spans]) -> Spans:
    return store.get(store.key(kind, _hash(path)), make)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _layer(path: Path, edit: Edit | None) -> tuple[NDArray[np.object_], pyproj.CRS]:
    geometries, crs = read_layer(path)
    return (geometries if edit is None else edit(geometries)), crs


def _everywhere(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out every third feature."""
    return geometries[np.arange(len(geometries)) % 3 > 0]


def _a_tenth(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Leave out every third feature of the southernmost tenth of the layer's height."""
    box = shapely.bounds(geometries)
    south, north = box[:, 1].min(), box[:, 3].max()
    inside = box[:, 3] < south + (north - south) / 10
    kept: NDArray[np.object_] = geometries[~inside | (np.arange(len(geometries)) % 3 > 0)]
    return kept


EDITS: dict[str, Edit] = {"everywhere": _everywhere, "a tenth": _a_tenth}


def _median(took: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(cpu for cpu, _ in took), statistics.median(wall for _, wall in took)


def _timed(do: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    do()
    return time.process_time() - cpu, time.perf_counter() - wall


def _say(label: str, took: tuple[float, float], base_cpu: tuple[float, float], same: str) -> None:
    cpu, wall = took
    ratios = " | ".join(f"{cpu / base:.2f}" for base in base_cpu)
    print(f"| {label} | {cpu:.2f} | {wall:.2f} | {ratios} | {same} |", flush=True)


if __name__ == "__main__":
    main()
