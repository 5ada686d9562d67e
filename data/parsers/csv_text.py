"""CSV files: the encoding and the delimiter found without guessing, rows counted as spreadsheets do."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import TYPE_CHECKING

from ..disk.atomic import reason_of
from ..readers.encodings import ask_for_bytes, converted
from .rows import MAX_CELLS, MAX_COLUMNS, RawTable, Row, clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import FileFindings

_WORDS = re.compile(r"[A-Za-z \x80-\xff]{2,60}")
_DELIMITERS = (",", ";", "\t")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_text(path: Path, columns: Sequence[str], about: FileFindings) -> RawTable | None:
    """Read a CSV file.

    Parameters
    ----------
    path
        The file.
    columns
        Columns the header should hold; they decide between delimiters.
    about
        Told why it cannot be read.

    Returns
    -------
    RawTable or None
        None after an error finding.
    """
    try:
        text = _decoded(path.read_bytes(), about)
    except OSError as error:
        about.add("table.unreadable", reason=reason_of(path, error))
        return None
    if text is None:
        return None
    if "\0" in text:
        about.add("table.unknown-format")
        return None
    skipped = 0
    first_line = text.partition("\n")[0].strip()
    if len(first_line) == 5 and first_line.lower().startswith("sep="):  # what Excel writes for itself
        delimiter = first_line[4]
        text, skipped = text.partition("\n")[2], 1
    else:
        delimiter = _delimiter(text, [clean(name) for name in columns])
    return _rows(text, delimiter, skipped, about)


def _decoded(content: bytes, about: FileFindings) -> str | None:
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raw = content.decode("latin-1")
        old = None if mark else ask_for_bytes(_WORDS.findall(raw), about)
        if old:
            return converted(raw, old)
        row = content[: len(mark) + error.start].count(b"\n") + 1
        about.add("table.not-utf8", row=str(row))
        return None
    if encoding != "utf-8":
        about.add("table.utf16")
    return text


def _delimiter(text: str, columns: Sequence[str]) -> str:
    """Choose the delimiter under which the header holds most of the wanted columns, then most columns."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            header = next((record for record in records if any(record)), [])
        except csv.Error:
            return (0, 0)
        names = {clean(name) for name in header}
        return (len(names & set(columns)), len(header))

    return max(_DELIMITERS, key=fit)  # the first one of equals


def _rows(text: str, delimiter: str, skipped: int, about: FileFindings) -> RawTable | None:
    rows = []
    cells = 0
    number = skipped
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            cells += len(record)
            if cells > MAX_CELLS:
                about.add("table.too-many-cells", limit=MAX_CELLS)
                return None
            if len(record) > MAX_COLUMNS:
                about.add("file.too-many-columns", found=len(record), limit=MAX_COLUMNS)
                return None
            row = Row(number, [clean(cell) for cell in record])
            if any(row.cells):
                rows.append(row)
    except csv.Error as error:
        about.add("table.broken-row", row=str(number + 1), reason=error)
        return None
    return RawTable(rows)
