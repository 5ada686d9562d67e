"""MapInfo files looked at before GDAL opens them: a table of their own, complete, and no word that names another file."""

from __future__ import annotations

import csv
import re
import struct
from typing import TYPE_CHECKING

from ...readers.formats import MAPINFO_TAB

if TYPE_CHECKING:
    from pathlib import Path

    from ...findings.collector import Findings
    from ...readers.formats import Staged

_MAX_TAB_BYTES = 1_000_000
_TYPE = re.compile(r'^\s*Type\s+"?([A-Za-z]+)', re.IGNORECASE | re.MULTILINE)
_FIELDS = re.compile(r"^\s*Fields\s+(\d{1,4})\s*\n", re.IGNORECASE | re.MULTILINE)
_ANYWHERE = re.compile(r'^\s*(Create\s+View\b|"\\IsSeamless"\s*=\s*"TRUE")', re.IGNORECASE | re.MULTILINE)
_ELSEWHERE = re.compile(r"^\s*(File\b|Open\s+Table\b)[^\n]*", re.IGNORECASE | re.MULTILINE)
_DAT_HEADER_BYTES, _MAP_BLOCK_BYTES = 32, 512
_DAT = struct.Struct("<IHH")  # rows, bytes of the header, bytes of a row: as in dBASE


def rows_of_mapinfo(source: Staged, findings: Findings) -> int | None:
    """Check a staged MapInfo file and count its rows.

    Parameters
    ----------
    source
        The file.
    findings
        Told what is missing, cut off or unsafe.

    Returns
    -------
    int or None
        How many rows it announces; None after an error finding.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    if source.format is not MAPINFO_TAB:
        return _rows_of_mif(source, findings)
    companions = {ending: source.path.with_suffix(ending) for ending in (".dat", ".map", ".id")}
    if not _is_own_table(source, findings):
        return None
    missing = [ending for ending, path in companions.items() if not path.exists()]
    if missing:
        findings.add("file.sidecar-missing", file=source.original, missing=missing)
        return None
    rows, deleted, need = _rows_of_dat(companions[".dat"])
    sizes = {".dat": need, ".id": 4 * rows, ".map": _MAP_BLOCK_BYTES}
    for ending, least in sizes.items():
        have = companions[ending].stat().st_size
        if have < least:
            findings.add("file.truncated", file=source.original, layer=ending, have=have, need=least)
            return None
    return rows - deleted


def _is_own_table(source: Staged, findings: Findings) -> bool:
    """Make sure that a ``.tab`` describes a table of its own, not a view, a link, a picture or other files."""
    with source.path.open("rb") as stream:
        text = stream.read(_MAX_TAB_BYTES + 1).decode("latin-1")
    described = _without_fields(text.replace("\r\n", "\n"))
    kinds = {kind.upper() for kind in _TYPE.findall(described)}
    elsewhere = _ANYWHERE.search(text) or _ELSEWHERE.search(described)
    if len(text) > _MAX_TAB_BYTES or "\0" in text or elsewhere or kinds != {"NATIVE"}:
        found = (
            " ".join(elsewhere[0].split())[:80] if elsewhere else f"Type {', '.join(sorted(kinds)) or '-'}"
        )
        findings.add("file.refers-elsewhere", file=source.original, what=found)
        return False
    return True


def _without_fields(text: str) -> str:
    """Leave the lines that name columns out: a column may be called Type or File."""
    head = _FIELDS.search(text)
    if head is None:
        return text
    return text[: head.start()] + "\n".join(text[head.end() :].split("\n")[int(head[1]) :])


def _rows_of_dat(path: Path) -> tuple[int, int, int]:
    """Read how many rows a ``.dat`` has, how many of them are deleted, and how many bytes it must have."""
    with path.open("rb") as stream:
        header = stream.read(_DAT_HEADER_BYTES)
        if len(header) < _DAT_HEADER_BYTES:
            return 0, 0, _DAT_HEADER_BYTES
        rows, header_bytes, row_bytes = _DAT.unpack(header[4:12])
        need = int(header_bytes + rows * row_bytes)
        if path.stat().st_size < need:
            return rows, 0, need
        stream.seek(header_bytes)
        table = stream.read(rows * row_bytes)
    return rows, table[::row_bytes].count(b"*") if row_bytes else 0, need


_OBJECT = re.compile(
    rb"^[ \t]*(?:none|point|line|pline|region|arc|text|rect|roundrect|ellipse|multipoint|collection)\b",
    re.IGNORECASE | re.MULTILINE,
)
_COLLECTION = re.compile(rb"^[ \t]*collection\b", re.IGNORECASE | re.MULTILINE)


def _rows_of_mif(source: Staged, findings: Findings) -> int | None:
    """Compare the objects of a ``.mif`` with the rows of its ``.mid``."""
    rows = source.path.with_suffix(".mid")
    if not rows.exists():
        findings.add("file.sidecar-missing", file=source.original, missing=[".mid"])
        return None
    text = source.path.read_bytes()
    data = re.search(rb"^[ \t]*data[ \t]*\r?$", text, re.IGNORECASE | re.MULTILINE)
    if data is None:
        findings.add("file.truncated", file=source.original, layer=".mif", have=len(text), need=len(text) + 1)
        return None
    with rows.open(newline="", encoding="latin-1") as stream:
        records = sum(1 for line in csv.reader(stream, delimiter=_delimiter(text)) if line)
    if _COLLECTION.search(text, data.end()):  # the parts of a collection look like objects
        return records
    return max(records, len(_OBJECT.findall(text, data.end())))


def _delimiter(text: bytes) -> str:
    stated = re.search(rb'^[ \t]*delimiter[ \t]+"(.)"', text, re.IGNORECASE | re.MULTILINE)
    return stated[1].decode("latin-1") if stated else "\t"
