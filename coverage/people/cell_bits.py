"""What each operator's coverage of each service is worth in every cell of the population grid, as a GeoTIFF.

One band per operator and service says covered, uncovered or no data, further ones what is planned and which cells hold
people. A mask of 64
bits in one band would say the same, but no program shows it: QGIS reads such a band as floating point, which is exact
up to 53 bits only, and rasterio cannot set its "no data". And bits cannot say "no data" by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rasterio.io import MemoryFile
from rasterio.windows import Window

from ...data.disk.kept import NOTHING_KEPT
from ...data.text.sentences import told
from ..burn.spans import CELL_UNITS, FRACTION_BITS
from .assembly import PLANNED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from rasterio.io import DatasetWriter

    from ...data.disk.kept import KeptResults
    from ...data.project.profile import Profile
    from ...data.submissions.reader import Submission
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.sources import PeopleSource
    from .layers import LayerTable

CELL_BITS = "cell_bits.tif"
"""Name of the file in a run folder."""
NO, YES, UNKNOWN = 0, 1, 255
"""Values of cells; the last one is the "no data" of the file."""
POPULATED = "populated"
"""Name of the first band."""
TILE = 256  # columns and rows
_MEANING = (
    "populated: 1 where anybody lives, 0 where nobody does; coverage: 1 covered, 0 uncovered; planned: 1 where a plan "
    "reaches, 0 where none does; everywhere: no data where it is not known, and outside every commune. A cell is covered "
    "where at least half of what lies in communes is."
)


@dataclass(frozen=True, slots=True)
class CellLayers:
    """What the bands are made of.

    Attributes
    ----------
    people
        People per cell in grid coordinates.
    grid
        The grid.
    zones
        The communes, burned on the grid.
    spans
        Layers burned on the grid, in the order of their bits.
    layers
        Which bits are whose.
    tags
        What each band after the first one stands for, see :func:`layer_tags`.
    profile
        Which rules said which submissions count.
    kept, content
        Has what earlier runs found out about the same cells, and all that decides how many people live in one.
    """

    people: PeopleSource
    grid: Grid
    zones: Spans
    spans: Sequence[Spans]
    layers: LayerTable
    tags: Sequence[dict[str, str]]
    profile: Profile
    kept: KeptResults = NOTHING_KEPT
    content: tuple[str, ...] = ()


def layer_tags(
    layers: LayerTable, submissions: Iterable[Submission], profile: Profile
) -> list[dict[str, str]]:
    """Say of what the coverage and the plans of each operator and service are made.

    Parameters
    ----------
    layers
        Operators and services.
    submissions
        What was handed in; what is neither planned nor of a basis that the profile counts is in no layer.
    profile
        The gap profile.

    Returns
    -------
    list of dict
        First ``layers.items``, then ``layers.plans``: ``kind`` (coverage or planned), ``operator``, ``service``, and
        ``basis`` and ``environment`` with commas where several files differ; both empty where none could be used.
    """
    handed = list(submissions)
    counted = [item for item in handed if profile.counts(item)]
    plans = [item for item in handed if item.basis == PLANNED]
    return [
        *(_tags("coverage", item.operator, item.service, counted) for item in layers.items),
        *(_tags("planned", plan.operator, plan.service, plans) for plan in layers.plans),
    ]


def _tags(kind: str, operator: str, service: str, handed: Iterable[Submission]) -> dict[str, str]:
    own = [one for one in handed if (one.operator, one.service) == (operator, service)]
    return {
        "kind": kind,
        "operator": operator,
        "service": service,
        "basis": ", ".join(sorted({one.basis for one in own})),
        "environment": ", ".join(sorted({one.environment for one in own})),
    }


def write_cell_bits(path: Path, cells: CellLayers, *, progress: Progress = None) -> None:
    """Write for every cell whether anybody lives there, and what each operator's coverage of each service is there.

    The same inputs give the same bytes.

    Parameters
    ----------
    path
        The file to write.
    cells
        People, communes and layers.
    progress
        Told the share done and a word, from 0 to 1.

    Raises
    ------
    OSError
        The disk is full or read-only.
    """
    grid = cells.grid
    # Packed in memory, some megabytes for a whole country: Python says when the disk is full, GDAL may not.
    with MemoryFile() as packed:
        with packed.open(**_layout(grid, 1 + len(cells.tags))) as raster:
            profile = cells.profile
            raster.update_tags(
                meaning=_MEANING,
                profile=profile.id,
                profile_version=profile.version,
                profile_sha256=profile.digest(),
            )
            raster.set_band_description(1, POPULATED)
            for band, tags in enumerate(cells.tags, start=2):
                named = f"{tags['operator']} {tags['service']}"
                raster.set_band_description(band, f"{named} planned" if tags["kind"] == "planned" else named)
                raster.update_tags(band, **tags)
            for row0 in range(0, grid.height, TILE):
                _write_rows(raster, cells, row0, min(TILE, grid.height - row0))
                if progress is not None:
                    progress(min(1.0, (row0 + TILE) / grid.height), told("progress", "cells"))
        path.write_bytes(packed.getbuffer())


def _layout(grid: Grid, bands: int) -> dict[str, object]:
    """Say how the file is laid out; nothing of it depends on the machine."""
    return {
        "driver": "GTiff",
        "width": grid.width,
        "height": grid.height,
        "count": bands,
        "dtype": "uint8",
        "nodata": UNKNOWN,
        "crs": grid.crs.to_wkt(),
        "transform": grid.transform,
        "tiled": True,
        "blockxsize": TILE,
        "blockysize": TILE,
        "interleave": "band",  # whoever reads one layer leaves the others packed
        "photometric": "minisblack",  # three or four bands are no colours
        "alpha": "no",
        "compress": "deflate",
        "num_threads": 1,
        "sparse_ok": True,  # tiles of which nothing is known take no room
        "bigtiff": "if_safer",
    }


def _write_rows(raster: DatasetWriter, cells: CellLayers, row0: int, rows: int) -> None:
    """Write some rows of every band."""
    grid = cells.grid
    window = Window(0, row0, grid.width, rows)
    people = cells.people.read(row0, rows, 0, grid.width)
    raster.write(np.where(np.isnan(people), UNKNOWN, people > 0).astype(np.uint8), 1, window=window)
    country = cell_units(cells.zones, row0, rows, grid)
    elsewhere = country == 0
    enough = (country + 1) // 2  # half of what lies in communes
    enough[elsewhere] = np.iinfo(np.int32).max
    layers = [
        *((item.extent_bits, item.coverage_bits) for item in cells.layers.items),
        *((None, plan.bits) for plan in cells.layers.plans),  # whoever plans speaks for the whole country
    ]
    for band, (extent_bits, bits) in enumerate(layers, start=2):
        state = np.full(country.shape, NO if extent_bits is None else UNKNOWN, np.uint8)
        state[elsewhere] = UNKNOWN
        for where, value in ((extent_bits or (), NO), (bits, YES)):
            for bit in where:
                reached = cell_units(cells.spans[bit], row0, rows, grid) >= enough
                np.copyto(state, np.uint8(value), where=reached)
        raster.write(state, band, window=window)


def cell_units(spans: Spans, row0: int, rows: int, grid: Grid) -> NDArray[np.int32]:
    """Measure how much of each cell of some rows lies inside.

    Parameters
    ----------
    spans
        Spans of the grid.
    row0, rows
        The first row, and how many.
    grid
        The grid.

    Returns
    -------
    ndarray of int32, (rows, width)
        In 1/4096 cell of one sub-line: ``4096 * grid.sublines`` is a whole cell.
    """
    # A span that starts at share f of a cell fills 1 - f of it and every later cell wholly; its end takes the same away.
    here = spans.rows(row0 * grid.sublines, (row0 + rows) * grid.sublines)
    change = np.zeros(
        (rows, grid.width + 2), np.int32
    )  # a span may end at the edge, and change the cell after it
    row = (here.line // grid.sublines - row0) * change.shape[1]
    for x, sign in ((here.x0, 1), (here.x1, -1)):
        cell, beyond = row + (x >> FRACTION_BITS), x & (CELL_UNITS - 1)
        np.add.at(change.reshape(-1), cell, sign * (CELL_UNITS - beyond))
        np.add.at(change.reshape(-1), cell + 1, sign * beyond)
    return np.cumsum(change[:, : grid.width], axis=1, dtype=np.int32)
