"""Rows of a sheet written as the XML that openpyxl writes, without an object for every cell.

A country has hundreds of thousands of cells, and a row is all alike: openpyxl took a quarter of a whole run for
them. Everything else of the workbook, also the styles, stays openpyxl's.
"""

from __future__ import annotations

import functools
import math
import tempfile
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import IO, Self

    from openpyxl.cell.cell import Cell

    from .published import Kind

_TEXTS_AT_HAND = 4096  # the same words stand in most rows
_END = b"</sheetData>"


class Column(NamedTuple):
    """One column of a sheet: its name, its kind, and for each row the value and whether it is missing."""

    name: str
    kind: Kind
    content: Sequence[str | float]
    missing: Sequence[bool]


class SheetRows:
    """The rows of one sheet, kept in a file without a name until the workbook is put together.

    Use it in a ``with`` block.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(
        self,
        first_row: int,
        count: int,
        columns: Sequence[Column],
        texts: Callable[[str], Cell | None],
        numbers: Callable[[Column], Cell],
    ) -> None:
        """Add rows.

        Parameters
        ----------
        first_row
            Number of the first of them in the sheet, from 1.
        count
            How many.
        columns
            What they hold.
        texts
            Gives the cell for a text, with its style; None for a text that needs no cell.
        numbers
            Gives a cell with the style of a column of numbers or flags.
        """

        @functools.lru_cache(_TEXTS_AT_HAND)
        def text(value: str) -> str:
            cell = texts(value)
            return "" if cell is None else _text(cell)

        @functools.cache
        def styled(number: int) -> str:
            return _style(numbers(columns[number])) + f' t="{"b" if columns[number].kind == "flag" else "n"}"'

        letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        for row in range(count):
            name = first_row + row
            self._file.write(f'<row r="{name}">'.encode())
            cells = []
            for number, column in enumerate(columns):
                if column.missing[row]:
                    continue
                value = column.content[row]
                if column.kind != "text":
                    cells.append(f'<c r="{letters[number]}{name}"{styled(number)}>{_number(value)}</c>')
                elif said := text(str(value)):
                    cells.append(f'<c r="{letters[number]}{name}"{said}</c>')
            self._file.write("".join([*cells, "</row>"]).encode())

    def put_into(self, sheet: bytes) -> tuple[bytes, IO[bytes], bytes]:
        """Give a sheet with these rows at its end, in three pieces.

        Parameters
        ----------
        sheet
            The sheet as openpyxl wrote it.

        Returns
        -------
        tuple of (bytes, binary file, bytes)
            What comes before the rows, the rows, and what comes after them.
        """
        before, _, after = sheet.rpartition(_END)
        self._file.seek(0)
        return before, self._file, _END + after


def _style(cell: Cell) -> str:
    return f' s="{cell.style_id}"' if cell.has_style else ""


def _text(cell: Cell) -> str:
    value = str(cell.value)
    stripped = value.strip()
    keep = ' xml:space="preserve"' if stripped and stripped != value else ""
    return f'{_style(cell)} t="inlineStr"><is><t{keep}>{escape(value)}</t></is>'


def _number(value: str | float) -> str:
    number = float(value)
    return f"<v>{value:.16g}</v>" if math.isfinite(number) else "<v />"
