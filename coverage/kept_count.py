"""How many people each combination of layers covers, kept between runs by everything that was counted.

Limits, weights and orders of a profile decide nothing here: after such a change nobody is counted anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .overlay.store import grid_content, spans_digest
from .overlay.totals import CellShares, FailingCells
from .people.headcount import Headcount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from ..data.disk.kept import KeptResults
    from .burn.grid import Grid
    from .people.assembly import Layers
    from .people.counted_ground import CountedGround

_HEADCOUNT: Final = "headcount"
_FINE_SHARES: Final = "fine-cell-shares"
_CELLS: Final = "cells_"
_NUMBERS: Final = ("people_raster", "people_outside", "people_in_unknown")
_MOST_BYTES: Final = 1 << 26
"""Kept of a count; the cells of a country of 100 m take a gigabyte, and its bands are kept anyhow."""


def ground_content(ground: CountedGround, grid: Grid) -> tuple[str, ...]:
    """Say all that decides whose each piece of ground is, and how densely its people live.

    Parameters
    ----------
    ground
        What people are counted on.
    grid
        The grid it is on.
    """
    plain = (ground.fine.cell, ground.factors, ground.edge_cell, ground.edge_factor, *ground.fine_edges)
    return (*grid_content(grid), spans_digest(ground.zones), _digest(plain))


def layers_content(layers: Layers) -> tuple[str, ...]:
    """Say all that decides what each layer covers."""
    whole = map(spans_digest, layers.spans)
    return (*whole, *(_digest(edges) for edges in layers.fine))


def figures_content(*figures: NDArray[Any] | None) -> tuple[str, ...]:
    """Say which figure, or which state, each commune has; None where there is none of a kind."""
    return tuple("" if each is None else _digest([each]) for each in figures)


def kept_headcount(kept: KeptResults, content: Iterable[str], count: Callable[[], Headcount]) -> Headcount:
    """Take a count of an earlier run, or count and keep it where it is not too large.

    Parameters
    ----------
    kept
        Where it is kept.
    content
        Everything that decides it, in order.
    count
        Counts.

    Returns
    -------
    Headcount
        The same whether it was kept or not, to the order of its numbers in memory: sums of them are, too.
    """
    decided_by = tuple(content)
    found = kept.find(_HEADCOUNT, decided_by)
    if found is None:
        found = _arrays(count())
        if sum(values.nbytes for values in found.values()) <= _MOST_BYTES:
            kept.keep(_HEADCOUNT, decided_by, found)
    return _headcount(found)


def kept_fine_shares(
    kept: KeptResults, content: Iterable[str], measure: Callable[[], CellShares]
) -> CellShares:
    """Take the communes' shares of fine cells from an earlier run, or measure and keep them.

    Parameters
    ----------
    kept
        Where they are kept.
    content
        Everything that decides them, in order.
    measure
        Measures.
    """
    found = kept.arrays(_FINE_SHARES, tuple(content), lambda: measure()._asdict())
    return CellShares(*(found[name] for name in CellShares._fields))


def _digest(several: Iterable[NDArray[Any]]) -> str:
    """Hash numbers, or the lack of them, array by array (SHA-256, hex)."""
    digest = hashlib.sha256()
    for values in several:
        digest.update(f"{values.dtype.str}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()


def _arrays(found: Headcount) -> dict[str, NDArray[Any]]:
    """Give a count by name, to be kept, every array row by row."""
    arrays = {
        name: np.ascontiguousarray(getattr(found, name)) for name in ("people", "masks", "known", "raster")
    }
    arrays["source"] = found.source.astype("S")
    arrays |= {name: np.array(getattr(found, name), dtype=np.float64) for name in _NUMBERS}
    cells = {field.name: getattr(found.cells, field.name) for field in fields(FailingCells)}
    return arrays | {f"{_CELLS}{name}": np.ascontiguousarray(values) for name, values in cells.items()}


def _headcount(arrays: Mapping[str, NDArray[Any]]) -> Headcount:
    """Take back what ``_arrays`` gave."""
    return Headcount(
        people=arrays["people"],
        masks=arrays["masks"],
        known=arrays["known"],
        source=arrays["source"].astype(str).astype(object),
        cells=FailingCells(*(arrays[f"{_CELLS}{field.name}"] for field in fields(FailingCells))),
        raster=arrays["raster"],
        **{name: float(arrays[name]) for name in _NUMBERS},
    )
