"""How much of a cell is land: cells that lie partly outside every commune, and where their people live."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..burn.cells import cell_runs, single_cells, span_steps
from ..burn.spans import CELL_UNITS, Spans, empty_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.cells import CellRuns, Cells

LEAST_LAND_SHARE = 1 / 256
"""Share of a cell below which its people fade out with its land, so that slivers decide nothing."""


class Window(NamedTuple):
    """Cells of a band: its first row and column in the grid, its size, and the sub-lines per row."""

    row0: int
    col0: int
    rows: int
    cols: int
    sublines: int


def land_runs(communes: Spans, window: Window) -> CellRuns:
    """Say how much of the cells of a window lies inside any commune, in units of :func:`full_cell`.

    Parameters
    ----------
    communes
        Spans of these rows.
    window
        Where the cells lie; its rows are the strips.
    """
    outline = outline_of(communes)
    shift = window.col0 * CELL_UNITS
    row = outline.line // window.sublines - window.row0
    return cell_runs(span_steps(row, outline.x0 - shift, outline.x1 - shift), 1)


def outline_of(communes: Spans) -> Spans:
    """Join touching spans, whoever owns them; they are sorted and disjoint, so nothing needs sorting."""
    if not len(communes):
        return empty_spans()
    fresh = np.ones(len(communes) + 1, bool)
    np.not_equal(communes.line[1:], communes.line[:-1], out=fresh[1:-1])
    fresh[1:-1] |= communes.x0[1:] != communes.x1[:-1]
    first, last = fresh[:-1], fresh[1:]
    return Spans(communes.line[first], communes.x0[first], communes.x1[last])


def cut_cells(runs: CellRuns, sublines: int) -> Cells:
    """Find the cells that lie partly inside and partly outside of all communes."""
    return single_cells(runs, runs.units[:, 0] < full_cell(sublines))


def full_cell(sublines: int) -> int:
    """Give the units that a whole cell has on all its lines."""
    return CELL_UNITS * sublines


def gather_on_land(people: NDArray[np.float64], cut: Cells, sublines: int) -> None:
    """Scale up, in place, the people of cells that lie partly outside every commune."""
    full = full_cell(sublines)
    people[cut.strip, cut.col] *= full / np.maximum(cut.units[:, 0], full * LEAST_LAND_SHARE)
