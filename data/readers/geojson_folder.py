"""A folder of GeoJSON files with one commune each, laid end to end as one file; done where files are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..isolation.recorded import replay
from ..isolation.reply import BadReplyError
from .formats import GEOJSON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import Findings
    from ..isolation.answers import MergedAnswer

MERGED = "layer.geojsonl"
"""Name of the file that takes the features."""


def files_of(folder: Path) -> list[Path]:
    """List the GeoJSON files of a folder, in order of names; where it has none, those of the folders in it.

    Parameters
    ----------
    folder
        Files and folders whose name begins with a dot are left out.
    """
    for pattern in ("*", "**/*"):
        files = [
            file
            for file in folder.glob(pattern)
            if file.suffix.lower() in GEOJSON.endings
            and not any(part.startswith(".") for part in file.relative_to(folder).parts)
        ]
        if files:
            return sorted(files, key=lambda file: file.relative_to(folder).as_posix())
    return []


def copy_name(number: int) -> str:
    """Name the copy of a file of a folder.

    Parameters
    ----------
    number
        Its position in :func:`files_of`.
    """
    return f"{number}.geojson"


@dataclass(frozen=True, slots=True)
class Merged:
    """What the folder held.

    Attributes
    ----------
    rows
        The file each feature came from, in the order of the features.
    crs
        What the files state in their ``crs`` members; empty where they state nothing.
    """

    rows: tuple[str, ...]
    crs: str


def merged(said: MergedAnswer, folder: Path, files: Sequence[Path], findings: Findings) -> Merged | None:
    """Take over what :func:`merge_copies` says, when it speaks of these files.

    Parameters
    ----------
    said
        Its answer.
    folder
        The folder.
    files
        Its files.
    findings
        Told which files cannot be used.

    Returns
    -------
    Merged or None
        None after an error finding.

    Raises
    ------
    BadReplyError
        It speaks of other files than these.
    """
    numbered = {str(number): file for number, file in enumerate(files)}
    if len(said.stated) != len(files) or max(said.rows, default=-1) >= len(files):
        raise BadReplyError("folder")
    if not said.files.keys() <= numbered.keys():
        raise BadReplyError("folder")
    for number, recorded in said.files.items():
        replay(recorded, findings.about(numbered[number]))
    # of files that state the same, the first
    first = dict(reversed(list(zip(said.stated, files, strict=True))))
    if said.files:
        return None
    if len(first) > 1:
        names = [f"{name or '-'} ({first[name].name})" for name in sorted(first, reverse=True)]
        findings.add("crs.several", file=folder, stated=names)
        return None
    shown = [file.relative_to(folder).as_posix() for file in files]
    return Merged(tuple(shown[row] for row in said.rows), said.stated[0])
