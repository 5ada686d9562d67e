"""Formats that are known but not read: the command that converts such a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ...findings.collector import Findings


def ask_to_convert(named: Path, found: str, findings: Findings) -> None:
    """Say what a file is, and the command that makes a GeoPackage of it.

    Parameters
    ----------
    named
        The input.
    found
        What its format is called.
    findings
        Told.
    """
    findings.add(
        "file.convert", file=named, found=found, command=f'ogr2ogr -f GPKG "{named.stem}.gpkg" "{named.name}"'
    )
