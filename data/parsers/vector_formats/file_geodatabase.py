"""A File Geodatabase looked at before GDAL opens it: every table has its index, and is as long as it says."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...findings.collector import Findings
    from ...readers.formats import Staged

_HEADER = struct.Struct("<IIIIIIQ")  # version, rows, largest row, 5, 0, 0, bytes of the file


def is_sound_geodatabase(source: Staged, findings: Findings) -> bool:
    """Check a staged File Geodatabase.

    Parameters
    ----------
    source
        The folder.
    findings
        Told what is missing or cut off.

    Returns
    -------
    bool
        False after an error finding.

    Raises
    ------
    OSError
        A file cannot be read.
    """
    tables = sorted(source.path.glob("*.gdbtable"))
    missing = [
        table.with_suffix(".gdbtablx").name for table in tables if not table.with_suffix(".gdbtablx").exists()
    ]
    if not (source.path / "a00000001.gdbtable").exists():
        missing.append("a00000001.gdbtable")
    if missing:
        findings.add("file.sidecar-missing", file=source.original, missing=missing)
        return False
    for table in tables:
        with table.open("rb") as stream:
            header = stream.read(_HEADER.size)
        have = table.stat().st_size
        need = _HEADER.unpack(header)[-1] if len(header) == _HEADER.size else _HEADER.size
        if have < need:
            findings.add("file.truncated", file=source.original, layer=table.name, have=have, need=need)
            return False
    return True
