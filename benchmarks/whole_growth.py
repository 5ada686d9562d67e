"""How the cost of a whole run grows with its inputs.

``python benchmarks/whole_growth.py DIR`` takes a folder made by ``workload.py`` and runs its country, without pages and
with nothing kept, as it is and made larger in one way after the other:

2 x communes
    Every commune is cut in two along its longer side.
2 x vertices
    A vertex in the middle of every edge, of communes and coverage; no outline moves.
4 x cells
    Every cell of the raster becomes four, with a quarter of its people each.
2 x operators
    Each coverage file is delivered once more, by another operator.

Every run is a process of its own. Wall time, CPU time and the peak of memory of all processes are medians of
``--calls`` rounds; ratios to the country as it is are taken within a round.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from affine import Affine
from whole_run import STAGES, Case, Measured, measured, workload_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

_ROWS = 512  # of the raster at a time


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workload", type=Path, help="a folder that workload.py wrote")
    parser.add_argument("--calls", type=int, default=3, help="rounds")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="overrides")
    chosen = parser.parse_args()
    rounds = []
    for number in range(chosen.calls):
        rounds.append({name: _run(chosen.workload, grow, chosen.overrides) for name, grow in GROWN.items()})
        print(f"round {number + 1} of {chosen.calls} is done", file=sys.stderr)
    print(_table(rounds))


def _run(workload: Path, grow: Callable[[Case], None], overrides: Sequence[str]) -> Measured:
    """Run the country once, made larger in one way."""
    with tempfile.TemporaryDirectory(prefix="whole-growth-") as name:
        folder = Path(name)
        case = workload_case(folder, workload)
        grow(case)
        asked = {
            "project": str(case.project),
            "pages": "none",
            "overrides": [f'project.out="{folder / "out"}"', *overrides],
            "stages": list(STAGES),
        }
        return measured("--one", asked, case.inputs)


def _as_it_is(case: Case) -> None:
    """Leave everything."""


def _more_communes(case: Case) -> None:
    """Cut every commune in two along its longer side, through the middle of its bounding box."""
    frame = pyogrio.read_dataframe(case.communes)
    west, south, east, north = shapely.bounds(frame.geometry.to_numpy()).T
    across, down = (west + east) / 2, (south + north) / 2
    is_wide = east - west > north - south
    halves = []
    for first in (True, False):
        limits = (
            np.where(is_wide & ~np.bool_(first), across, west),
            np.where(~is_wide & ~np.bool_(first), down, south),
            np.where(is_wide & np.bool_(first), across, east),
            np.where(~is_wide & np.bool_(first), down, north),
        )
        half = shapely.intersection(shapely.make_valid(frame.geometry.to_numpy()), shapely.box(*limits))
        halves.append(frame.assign(geometry=_polygons(half), name=frame["name"] + f" {1 + first}"))
    both = pd.concat(halves).sort_values(["code", "name"])
    both = both[~both.geometry.is_empty]
    both["code"] = [f"{number:05d}" for number in range(len(both))]
    case.communes.unlink()
    both.to_file(case.communes, layer="communes")


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Take the areas of shapes; a cut may leave lines."""
    parts, index = shapely.get_parts(shapes, return_index=True)
    polygons, of_part = shapely.get_parts(parts, return_index=True)  # of collections
    is_area = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    nothing = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    owner = index[of_part][is_area]
    return np.asarray(shapely.multipolygons(polygons[is_area], indices=owner, out=nothing), dtype=object)


def _more_vertices(case: Case) -> None:
    """Put a vertex in the middle of every edge."""
    for path in sorted(case.inputs.glob("*.gpkg")):
        frame, layer = pyogrio.read_dataframe(path), pyogrio.list_layers(path)[0][0]
        frame = frame.set_geometry(
            gpd.GeoSeries(_with_middles(frame.geometry.to_numpy()), index=frame.index, crs=frame.crs)
        )
        path.unlink()
        pyogrio.write_dataframe(frame, path, layer=layer)


def _with_middles(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Halve every edge of polygons; (n,) of Polygon or MultiPolygon."""
    kind, xy, offsets = shapely.to_ragged_array(shapes)
    rings = offsets[0]
    last = np.zeros(len(xy), bool)
    last[rings[1:] - 1] = True
    doubled = np.repeat(xy, 2, axis=0)
    doubled[1:-1:2] = (xy[:-1] + xy[1:]) / 2
    keep = np.ones(len(doubled), bool)
    keep[1::2] = ~last  # no middle between one ring and the next
    count = np.diff(rings) * 2 - 1
    return np.asarray(
        shapely.from_ragged_array(
            kind, doubled[keep], (np.concatenate([[0], np.cumsum(count)]), *offsets[1:])
        )
    )


def _more_cells(case: Case) -> None:
    """Give every cell four in its place."""
    path = case.inputs / "population.tif"
    before = path.with_name("before.tif")
    path.rename(before)
    with rasterio.open(before) as source:
        profile = source.profile | {
            "width": 2 * source.width,
            "height": 2 * source.height,
            "transform": source.transform @ Affine.scale(0.5),
        }
        with rasterio.open(path, "w", **profile) as target:
            for row in range(0, source.height, _ROWS):
                rows = min(_ROWS, source.height - row)
                people = source.read(1, window=((row, row + rows), (0, source.width)))
                quarter = np.where(people == source.nodata, source.nodata, people / 4)
                finer = quarter.repeat(2, axis=0).repeat(2, axis=1).astype(profile["dtype"])
                target.write(finer, 1, window=((2 * row, 2 * (row + rows)), (0, 2 * source.width)))
    before.unlink()


def _more_operators(case: Case) -> None:
    """Deliver every coverage file once more, by another operator."""
    project = case.project.read_text(encoding="utf-8")
    head, *submissions = project.split("[[submissions]]")
    again = [one.replace('operator = "Operator', 'operator = "Other') for one in submissions]
    for number, one in enumerate(again):
        name = one.partition('path = "')[2].partition('"')[0]
        copy = f"other-{name}"
        (case.inputs / copy).write_bytes((case.inputs / name).read_bytes())
        again[number] = one.replace(f'path = "{name}"', f'path = "{copy}"')
    case.project.write_text("[[submissions]]".join([head, *submissions, *again]), encoding="utf-8")


GROWN: Mapping[str, Callable[[Case], None]] = {
    "as it is": _as_it_is,
    "2 x communes": _more_communes,
    "2 x vertices": _more_vertices,
    "4 x cells": _more_cells,
    "2 x operators": _more_operators,
}
"""Ways in which a country becomes larger."""


def _table(rounds: Sequence[Mapping[str, Measured]]) -> str:
    """Put the medians into a table."""
    lines = [
        "| country | wall s | CPU s | x as it is (CPU) | peak MiB | x as it is |",
        "|---|---|---|---|---|---|",
    ]
    first = next(iter(GROWN))
    for name in GROWN:
        wall, cpu, peak = (
            statistics.median(getattr(one[name], of) for one in rounds) for of in Measured._fields[:3]
        )
        ratio, more = (
            statistics.median(getattr(one[name], of) / getattr(one[first], of) for one in rounds)
            for of in ("cpu_s", "peak_mib")
        )
        lines.append(f"| {name} | {wall:.1f} | {cpu:.1f} | {ratio:.2f} | {peak:,.0f} | {more:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
