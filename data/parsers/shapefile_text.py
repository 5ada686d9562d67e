"""Text of Shapefiles: GDAL hands over the bytes, this module finds out what they say.

GDAL's own decoding loses the last letter of Vietnamese names in the code page 1258, and reads names without a
stated encoding as Latin letters without a word. The attributes are therefore read as ISO-8859-1, which maps
every byte to one character and back, and are decoded here.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from ..readers.encodings import ask_for_bytes, converted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import FileFindings

RAW_ENCODING = "ISO-8859-1"
LONGEST_BYTES = 1_000_000
"""Of one cell: names have tens, remarks thousands; more is a mistake, or meant to exhaust whoever reads it."""

_ALIASES = {"utf8": "utf-8", "65001": "utf-8", "88591": "iso8859-1", "ansi": "cp1252"}
_NUMBER = re.compile(r"(?:ansi|cp|windows|win|oem|ibm)?[ _-]?(\d{3,5})")


class ShapefileText:
    """The names and texts of one Shapefile, read as :data:`RAW_ENCODING`.

    Parameters
    ----------
    path
        The ``.shp`` file; a ``.cpg`` file beside it states the encoding.

    Raises
    ------
    OSError
        The ``.cpg`` file is there but cannot be read.
    """

    def __init__(self, path: Path) -> None:
        companion = path.with_suffix(".cpg")
        self.stated = companion.read_text(encoding="latin-1")[:100].strip() if companion.exists() else ""
        self._codec = _codec(self.stated) if self.stated else "utf-8"

    def names(self, raw: Sequence[str]) -> list[str]:
        """Decode column names as far as possible; a name may be cut inside a letter after ten bytes."""
        return [_decode(name, self._codec or "utf-8", errors="replace") for name in raw]

    def decoded(
        self, names: Sequence[str], columns: Sequence[pa.ChunkedArray], about: FileFindings
    ) -> list[pa.ChunkedArray] | None:
        """Decode the texts of columns.

        Parameters
        ----------
        names
            Their raw names.
        columns
            Their values; those that are no text stay as they are.
        about
            Told when the encoding was guessed, is unknown or is wrong.

        Returns
        -------
        list of pyarrow.ChunkedArray or None
            None after an error finding.
        """
        texts = [text for column in columns if _is_text(column) for text in column.to_pylist() if text]
        if all(text.isascii() for text in (*names, *texts)):  # the same in every encoding
            return list(columns)
        readable = self._codec is not None and _decodes(texts, self._codec)
        old: str | None = ""
        if not readable or (self._codec != "utf-8" and _decodes(texts, "utf-8")):
            old = ask_for_bytes(texts, about)
        if not readable and not old:
            about.add("text.encoding-wrong" if self.stated else "text.encoding-unknown", stated=self.stated)
        if old is None or not (old or readable):
            return None
        if not self.stated and not old:
            about.add("text.encoding-guessed")
        return [self._column(column, old) if _is_text(column) else column for column in columns]

    def _column(self, column: pa.ChunkedArray, old: str) -> pa.ChunkedArray:
        codec = self._codec or "utf-8"
        given = column.to_pylist()
        texts = [text and (converted(text, old) if old else _decode(text, codec)) for text in given]
        return pa.chunked_array([pa.array(texts, type=pa.string())])


def are_short(columns: Sequence[pa.ChunkedArray], about: FileFindings) -> bool:
    """Check that no cell holds more than a text of its kind can need.

    Parameters
    ----------
    columns
        Columns of any type.
    about
        Told when a text is longer than :data:`LONGEST_BYTES`.

    Returns
    -------
    bool
        False after an error finding.
    """
    long = [length for column in columns for length in _lengths(column) if length > LONGEST_BYTES]
    if long:
        about.add("text.too-long", count=len(long), longest=max(long), limit=LONGEST_BYTES)
    return not long


def _lengths(column: pa.ChunkedArray) -> list[int]:
    if not (_is_text(column) or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        return []
    lengths = pc.binary_length(column)
    return [length for length in pc.unique(lengths).to_pylist() if length]


def is_utf8(columns: Sequence[pa.ChunkedArray], about: FileFindings) -> bool:
    """Check that the texts of a format that is UTF-8 by its standard are that.

    Parameters
    ----------
    columns
        Columns of any type.
    about
        Told when a text is something else.

    Returns
    -------
    bool
        False after an error finding.
    """
    try:
        for column in columns:
            column.validate(full=True)
    except pa.ArrowInvalid:
        about.add("text.encoding-wrong", stated="UTF-8")
        return False
    return True


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _decode(text: str, codec: str, errors: str = "strict") -> str:
    # NFC: code page 1258 keeps tone marks as letters of their own.
    return unicodedata.normalize("NFC", text.encode(RAW_ENCODING).decode(codec, errors))


def _codec(stated: str) -> str | None:
    word = stated.lower()
    number = _NUMBER.fullmatch(word)
    name = _ALIASES.get(number[1] if number else word, f"cp{number[1]}" if number else word)
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # codecs that are not for text, such as rot13 or zip, refuse
    except LookupError:
        return None
    return found.name


def _decodes(texts: Sequence[str], codec: str) -> bool:
    try:
        for text in texts:
            text.encode(RAW_ENCODING).decode(codec)
    except UnicodeDecodeError:
        return False
    return True
