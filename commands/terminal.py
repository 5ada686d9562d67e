"""Tables and lines on a terminal or in a log."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..maps.summary.block import Block

WIDTH = 100  # columns of a log; a terminal has its own
MOST_COLUMNS = 34  # of one cell of a table, so that the last column keeps room


def console(*, stderr: bool) -> Console:
    """Open standard error or output; a log has a fixed width, a terminal its own."""
    stream = sys.stderr if stderr else sys.stdout
    terminal = (
        {"width": None}
        if stream.isatty()
        else {"width": WIDTH, "force_terminal": False, "color_system": None}
    )
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False, **terminal)


def print_blocks(screen: Console, blocks: Sequence[Block]) -> None:
    """Print tables and lines; every text was made safe where it was written."""
    with screen.capture() as captured:
        for position, block in enumerate(blocks):
            if position and not blocks[position - 1].is_warning:
                screen.print()
            if block.title:
                screen.print(block.title, style="bold")
            if block.rows:
                screen.print(_table(block, screen.width))
            for line in _wrapped(block.lines, screen.width):
                screen.print(
                    line, style="bold yellow" if block.is_warning else None, overflow="ignore", crop=False
                )
    for line in captured.get().splitlines():
        click.echo(line.rstrip(), err=screen.stderr, color=True)


def _wrapped(lines: Sequence[str], width: int) -> Iterator[str]:
    """Break lines between words; a path stays in one piece, however long, so that it can be copied."""
    for line in lines:
        yield from textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def _table(block: Block, width: int) -> Table:
    """Lay out a table: no cell above its share, one line per row, the last column cut at the edge."""
    table = Table(box=None, pad_edge=False, show_header=bool(block.header), header_style="dim")
    titles = block.header or ("",) * len(block.rows[0])
    for number, given in enumerate(_widths(block, titles, width)):
        table.add_column(
            titles[number],
            justify="right" if number in block.numbers else "left",
            overflow="ellipsis",
            no_wrap=True,
            width=given,
        )
    for row in block.rows:
        table.add_row(*row)
    return table


def _widths(block: Block, titles: Sequence[str], width: int) -> list[int]:
    """Give each column its width: where the screen is too narrow the widest texts are cut, never numbers."""
    columns = list(zip(titles, *block.rows, strict=True))
    wanted = [max(cell_len(cell) for cell in cells) for cells in columns]
    widths = [min(most, MOST_COLUMNS) for most in wanted[:-1]]
    room = width - sum(widths) - 2 * len(widths)  # a space on either side
    widths.append(min(wanted[-1], max(room, MOST_COLUMNS)))
    texts = [number for number in range(len(widths)) if number not in block.numbers]
    while sum(widths) + 2 * (len(widths) - 1) > width and texts:
        widest = max(texts, key=lambda number: widths[number])
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths
