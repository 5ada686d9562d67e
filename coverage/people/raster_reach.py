"""How much of each commune a raster of people reaches, and what follows where it ends inside one.

Beyond its edge a raster says nothing: a tile that ends inside a commune counts the people of a part and passes them
off as all. Such a commune has no figure of the raster's; its population is unknown unless another source states it.
Cells without data inside the raster are another thing: its maker looked there, and found sea or forest.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from ...data.text.sentences import phrase
from ..burn.spans import CELL_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.readers.raster_cells import RasterWindow
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.totals import Overlay

_SHOWN: Final = 10  # communes named in a finding


def reached_shares(
    zones: Spans, grid: Grid, tiles: Sequence[RasterWindow], communes: int
) -> NDArray[np.float64]:
    """Measure the share of each commune's ground that lies inside a raster.

    Parameters
    ----------
    zones
        Spans of the communes.
    grid
        The grid of the raster.
    tiles
        The parts the raster consists of, in its rows and columns; they may overlap.
    communes
        How many communes there are.

    Returns
    -------
    ndarray of float64, (communes,)
        0 to 1; 1 where a commune is too small to be measured.
    """
    whole = np.zeros(communes)
    inside = np.zeros(communes)
    if zones.owner is None or not len(zones):
        return np.ones(communes)
    whole += np.bincount(zones.owner, zones.x1 - zones.x0, communes)
    edges = sorted({edge for tile in tiles for edge in (tile.row0, tile.row0 + tile.rows)})
    for top, bottom in pairwise(edges):
        first, last = ((row - grid.raster_row0) * grid.sublines for row in (top, bottom))
        here = zones.rows(max(0, first), min(grid.lines, last))
        if here.owner is None:
            continue
        for left, right in _columns(tiles, top, bottom):
            x0, x1 = ((col - grid.raster_col0) * CELL_UNITS for col in (left, right))
            length = np.minimum(here.x1, x1) - np.maximum(here.x0, x0)
            inside += np.bincount(here.owner, np.maximum(length, 0), communes)
    return np.divide(inside, whole, out=np.ones(communes), where=whole > 0)


def _columns(tiles: Sequence[RasterWindow], top: int, bottom: int) -> list[tuple[int, int]]:
    """Join the columns of the tiles that have all of these rows."""
    joined: list[tuple[int, int]] = []
    for left, right in sorted(
        (tile.col0, tile.col0 + tile.cols)
        for tile in tiles
        if tile.row0 <= top and bottom <= tile.row0 + tile.rows
    ):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def ends_inside(reached: NDArray[np.float64], unreached_share: float) -> NDArray[np.bool_]:
    """Say in which communes the raster ends, so that its people there are not all.

    Parameters
    ----------
    reached
        From :func:`reached_shares`.
    unreached_share
        The share of a commune's ground that may lie beyond the raster.
    """
    ends: NDArray[np.bool_] = (reached > 0.0) & (reached < 1.0 - unreached_share)
    return ends


def without_figure(counted: Overlay, unknown: NDArray[np.bool_]) -> Overlay:
    """Take the figure from communes: nobody is counted in them, and nothing is known.

    Parameters
    ----------
    counted
        A count of the raster's people.
    unknown
        bool (communes,): those that lose theirs.
    """
    if not unknown.any():
        return counted
    people = np.where(unknown[:, np.newaxis], 0.0, counted.people)
    kept = ~unknown[counted.cells.commune]
    cells = counted.cells
    return replace(
        counted,
        people=people,
        has_population=counted.has_population & ~unknown,
        cells=replace(
            cells,
            commune=cells.commune[kept],
            row=cells.row[kept],
            col=cells.col[kept],
            people=cells.people[kept],
            failing=cells.failing[kept],
        ),
    )


def report_reach(
    communes: pd.DataFrame,
    reached: NDArray[np.float64],
    people: NDArray[np.float64],
    stated: NDArray[np.bool_],
    unreached_share: float,
    about: FileFindings,
) -> None:
    """Tell in which communes the raster ends, and which it does not reach at all.

    Parameters
    ----------
    communes
        ``code`` and ``name``.
    reached
        Share of the ground of each that the raster reaches.
    people
        People of the raster there.
    stated
        Whether another figure counts in the commune, such as the official one.
    unreached_share
        The share of a commune's ground that may lie beyond the raster.
    about
        Speaks of the raster.
    """
    part, beyond = ends_inside(reached, unreached_share), reached <= 0.0
    for code, chosen in (
        ("population.ends-inside", part & ~stated),
        ("population.spread-beyond", (part | beyond) & stated),
    ):
        if chosen.any():
            about.add(
                code,
                count=int(chosen.sum()),
                codes=communes["code"].to_numpy()[chosen].tolist(),
                communes=_named(communes, reached, people, chosen),
            )
    outside = beyond & ~stated
    if outside.any():
        codes = communes["code"].to_numpy()[outside].tolist()
        about.add("population.not-reached", count=len(codes), codes=codes)


def _named(
    communes: pd.DataFrame,
    reached: NDArray[np.float64],
    people: NDArray[np.float64],
    chosen: NDArray[np.bool_],
) -> list[object]:
    """Name the communes of which the most people are at stake, with the share of their ground that is known."""
    rows = np.flatnonzero(chosen)
    rows = rows[np.lexsort((communes["code"].to_numpy(dtype=str)[rows], -people[rows]))]
    named: list[object] = [
        phrase(
            "known-ground",
            code=str(communes["code"].iloc[row]),
            name=str(communes["name"].iloc[row]),
            share_pct=100.0 * reached[row],
            people=float(people[row]),
        )
        for row in rows[:_SHOWN].tolist()
    ]
    return named if len(rows) <= _SHOWN else [*named, f"… (+{len(rows) - _SHOWN})"]
