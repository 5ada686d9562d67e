"""Blocks of cells, and how a raster is covered with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Window(NamedTuple):
    """A block of cells: first row and column, and how many of each."""

    row0: int
    rows: int
    col0: int
    cols: int


def windows(shape: tuple[int, int], blocks: tuple[int, int], cells: int) -> Iterator[Window]:
    """Cover a raster with windows that follow its blocks, north to south, then west to east.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    blocks
        Rows and columns of the blocks its file is packed in.
    cells
        About how many cells a window may have; never less than one block.

    Yields
    ------
    Window
        Windows that do not overlap and leave nothing out.
    """
    height, width = shape
    block_rows, block_cols = min(blocks[0], height), min(blocks[1], width)
    cols = min(width, block_cols * max(1, cells // (block_rows * block_cols)))
    rows = min(height, block_rows * max(1, cells // (block_rows * cols)))
    for row0 in range(0, height, rows):
        for col0 in range(0, width, cols):
            yield Window(row0, min(rows, height - row0), col0, min(cols, width - col0))
