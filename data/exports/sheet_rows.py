"""The rows of large tables in a workbook, column by column: the library that writes workbooks takes cell by cell.

The library writes the workbook with a few of the cells, the first of each look and the last of the table, so that it
numbers the looks and measures the sheet. Then all rows take their place in its file, byte for byte as it would have
written them (ECMA-376, part 1, 18.3.1), in a quarter of the time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.utility import xl_col_to_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_BLOCK: Final = 4096  # rows whose text is in memory at a time
_CELL: Final = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"')
_END: Final = "</sheetData>"
# What XML cannot hold, and what a spreadsheet would take for the sign that stands for it.
_UNWRITABLE: Final = re.compile("_x[0-9a-fA-F]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class RowsColumn(NamedTuple):
    """One column of the rows of a sheet.

    Attributes
    ----------
    values
        Numbers, flags or texts; None leaves a cell out. Texts are as long as a cell may be.
    look
        The look of its cells.
    marked
        Which texts look otherwise, and how; None where none does.
    """

    values: Sequence[float | bool | str | None]
    look: Format
    marked: tuple[Sequence[bool], Format] | None = None

    def look_of(self, row: int) -> Format:
        """Give the look of one cell."""
        return self.marked[1] if self.marked is not None and self.marked[0][row] else self.look

    def first_rows(self) -> list[int]:
        """Find the first cell of either look."""
        if self.marked is None:
            found = [next((row for row, value in enumerate(self.values) if value is not None), None)]
        else:
            cells = list(enumerate(zip(self.values, self.marked[0], strict=True)))
            found = [
                next((row for row, (value, mark) in cells if value is not None and mark is marked), None)
                for marked in (False, True)
            ]
        return [row for row in found if row is not None]

    def last_row(self) -> int | None:
        """Find the last cell."""
        backwards = range(len(self.values) - 1, -1, -1)
        return next((row for row in backwards if self.values[row] is not None), None)


class SheetRows(NamedTuple):
    """The rows of a sheet below its heads: the number of the first row as the sheet counts it, and their columns."""

    first_row: int
    columns: Sequence[RowsColumn]

    def samples(self) -> list[tuple[int, int]]:
        """Find the first cell of each look, and the last cell: row and column of each, in the order of reading."""
        first: dict[Format, tuple[int, int]] = {}
        last: list[tuple[int, int]] = []
        for position, column in enumerate(self.columns):
            for row in column.first_rows():
                look = column.look_of(row)
                first[look] = min(first.get(look, (row, position)), (row, position))
            end = column.last_row()
            last += [] if end is None else [(end, position)]
        return sorted({*first.values(), *([max(last)] if last else [])})


def write_samples(sheet: Worksheet, rows: SheetRows) -> None:
    """Write the cells that tell the library which looks there are, and how large the sheet is."""
    for row, position in rows.samples():
        column = rows.columns[position]
        value, look = column.values[row], column.look_of(row)
        place = (rows.first_row + row, position)
        if isinstance(value, str):
            sheet.write_string(*place, "x", look)  # the library takes some texts for XML
        elif isinstance(value, bool):
            sheet.write_boolean(*place, value, look)
        else:
            sheet.write_number(*place, value, look)


def fill_sheets(given: Path, made: Path, rows_of: Mapping[str, SheetRows]) -> None:
    """Write a workbook again, with all rows in the place of the few that tell their looks.

    Parameters
    ----------
    given
        The workbook that the library has written.
    made
        The file to write.
    rows_of
        The rows, by the name of the member of the file that holds their sheet.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    with ZipFile(given) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for member in source.infolist():
            alike = ZipInfo(member.filename, member.date_time)
            alike.compress_type, alike.external_attr = member.compress_type, member.external_attr
            content, rows = source.read(member), rows_of.get(member.filename)
            with target.open(alike, "w") as stream:
                for piece in [content] if rows is None else _filled(content.decode("utf-8"), rows):
                    stream.write(piece)


def _filled(content: str, rows: SheetRows) -> Iterator[bytes]:
    """Give a sheet with all rows in the place of the few."""
    end = content.index(_END)
    begin = min(
        (
            found
            for row, _ in rows.samples()
            if (found := content.find(f'<row r="{rows.first_row + row + 1}">')) >= 0
        ),
        default=end,
    )
    numbers = dict(_CELL.findall(content, begin, end))
    looks: dict[Format, str] = {}
    for row, position in rows.samples():
        looks[rows.columns[position].look_of(row)] = numbers[_place(rows, row, position)]
    yield content[:begin].encode("utf-8")
    count = max((len(column.values) for column in rows.columns), default=0)
    for start in range(0, count, _BLOCK):
        yield _block(rows, looks, range(start, min(start + _BLOCK, count))).encode("utf-8")
    yield content[end:].encode("utf-8")


def _place(rows: SheetRows, row: int, position: int) -> str:
    return f"{xl_col_to_name(position)}{rows.first_row + row + 1}"


def _block(rows: SheetRows, looks: Mapping[Format, str], block: range) -> str:
    """Write some rows."""
    texts: dict[str, str] = {}
    columns = [
        _cells(rows, position, column, looks, block, texts) for position, column in enumerate(rows.columns)
    ]
    lines = map("".join, zip(*columns, strict=True))
    numbered = enumerate(lines, rows.first_row + block.start + 1)
    return "".join(f'<row r="{number}">{cells}</row>' for number, cells in numbered if cells)


def _cells(
    rows: SheetRows,
    position: int,
    column: RowsColumn,
    looks: Mapping[Format, str],
    block: range,
    texts: dict[str, str],
) -> list[str]:
    """Write the cells of one column; those that are left out are empty."""
    begin, look = f'<c r="{xl_col_to_name(position)}', f'" s="{looks.get(column.look, "")}"'
    values = column.values[block.start : block.stop]
    numbered = list(enumerate(values, rows.first_row + block.start + 1))
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, bool):
        return [
            "" if value is None else f'{begin}{number}{look} t="b"><v>{value:d}</v></c>'
            for number, value in numbered
        ]
    if not isinstance(sample, str):
        return [
            "" if value is None else f"{begin}{number}{look}><v>{value:.16G}</v></c>"
            for number, value in numbered
        ]
    for value in set(values) - texts.keys() - {None}:
        texts[str(value)] = f' t="inlineStr"><is>{_text(str(value))}</is></c>'
    cells = [
        "" if value is None else f"{begin}{number}{look}{texts[str(value)]}" for number, value in numbered
    ]
    if column.marked is not None:
        marks, other = column.marked
        for at in [at for at, row in enumerate(block) if marks[row] and cells[at]]:
            number, value = numbered[at]
            cells[at] = f'{begin}{number}" s="{looks[other]}"{texts[str(value)]}'
    return cells


def _text(text: str) -> str:
    """Write a text as XML, blanks at its ends and signs that XML lacks included."""
    escaped = _UNWRITABLE.sub(lambda found: _sign(found.group()), text)
    kept = ' xml:space="preserve"' if escaped.strip() != escaped else ""
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<t{kept}>{escaped}</t>"


def _sign(found: str) -> str:
    """Write a sign that XML lacks by its number, and a text that looks like that so that it stays a text."""
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"
