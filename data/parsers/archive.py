"""A layer out of a zip file: looked at first, unpacked by ourselves, counted while unpacking.

It runs where files are read (:mod:`blackspot.data.parsers.jobs`), not in the program itself.
"""

from __future__ import annotations

import errno
import shutil
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..disk.hashing import COMPANIONS
from ..readers.formats import CSV, FILE_GEODATABASE, LAYER_FORMATS
from ..readers.geodatabase_folder import is_member

if TYPE_CHECKING:
    from ..findings.collector import Findings

_LIMIT_BYTES = 4_000_000_000
_LIMIT_RATIO = 200  # real layers shrink three- to fiftyfold
_ALWAYS_ALLOWED_BYTES = 100_000_000
_ENDINGS = tuple(
    ending
    for found in LAYER_FORMATS
    if found is not FILE_GEODATABASE
    for ending in found.endings
    if ending != ".txt"
)
_ENCRYPTED = 0x1
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # no fault of the file
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # zipfile raises it for a compression it cannot undo
    OSError,
    RuntimeError,  # a member that says only in its own header that it is encrypted
    UnicodeDecodeError,  # of a name
)


def unpack(copy: Path, outside: Path, path: Path, layer: str, findings: Findings) -> tuple[Path, str] | None:
    """Unpack the one layer file of a zip, or the one that ``layer`` names, under a name of our own.

    Parameters
    ----------
    copy
        A copy of the zip file.
    outside
        An empty folder that takes what is unpacked.
    path
        The zip file as it was named, for findings.
    layer
        Stem of the member that is meant, where the zip holds several.
    findings
        Told why nothing is unpacked.

    Returns
    -------
    tuple of (Path, str) or None
        The unpacked main file and the stem it had in the zip; None after an error finding.

    Raises
    ------
    OSError
        There is no space for what is unpacked.
    """
    try:
        with zipfile.ZipFile(copy) as archive:
            members = _members(archive)
            if not _is_safe(path, copy.stat().st_size, members, findings):
                return None
            chosen = _choose(path, members, layer, findings)
            if chosen is None:
                return None
            for target, member in chosen.files.items():
                _extract(archive, member, outside / target)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno in _NO_SPACE:
            raise
        findings.add("archive.damaged", file=path, reason=error)
        return None
    return outside / f"layer{chosen.ending}", chosen.stem


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not member.filename.endswith("/")]
    return [member for member in members if not _is_junk(PurePosixPath(member.filename))]


def _is_junk(name: PurePosixPath) -> bool:
    """Say whether a file manager left this behind, not the maker of the layer."""
    return "__MACOSX" in name.parts or name.name.startswith(".") or name.name in {"Thumbs.db", "desktop.ini"}


def _is_safe(path: Path, packed_bytes: int, members: list[zipfile.ZipInfo], findings: Findings) -> bool:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        findings.add("archive.encrypted", file=path)
        return False
    seen: set[str] = set()
    unsafe = []
    for member in members:
        name = member.filename
        leads_out = (
            not name
            or name.startswith("/")
            or "\\" in name
            or ":" in name
            or ".." in PurePosixPath(name).parts
        )
        if leads_out or stat.S_ISLNK(member.external_attr >> 16) or name.casefold() in seen:
            unsafe.append(name)
        seen.add(name.casefold())
    if unsafe:
        findings.add("archive.unsafe-name", file=path, names=unsafe)
        return False
    size = sum(member.file_size for member in members)
    if size > min(_LIMIT_BYTES, max(_ALWAYS_ALLOWED_BYTES, _LIMIT_RATIO * packed_bytes)):
        findings.add(
            "archive.too-large",
            file=path,
            size_mb=size // 1_000_000,
            limit_mb=_LIMIT_BYTES // 1_000_000,
            ratio=_LIMIT_RATIO,
        )
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A layer file, or a File Geodatabase, in an archive: its name, and its members by the names they get."""

    stem: str
    ending: str
    files: dict[str, zipfile.ZipInfo]


def _choose(path: Path, members: list[zipfile.ZipInfo], layer: str, findings: Findings) -> _Candidate | None:
    layers = _candidates(members)
    stems = [found.stem for found in layers]
    if not layers:
        findings.add("archive.without-layer", file=path, names=sorted(m.filename for m in members))
        return None
    if len(layers) == 1:
        return layers[0]
    if stems.count(layer) == 1:
        return layers[stems.index(layer)]
    if layer:
        findings.add("layer.missing", file=path, layer=layer, wanted=layer, layers=stems)
    elif findings.about(path).ask("layer.several", layers=stems, used=stems[0]):
        return layers[0]
    return None


def _candidates(members: list[zipfile.ZipInfo]) -> list[_Candidate]:
    """Find the layers of an archive, in order of names; a table counts only where there is nothing else."""
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
    mains: list[zipfile.ZipInfo] = []
    for member in sorted(members, key=lambda member: member.filename):
        name = PurePosixPath(member.filename)
        if name.parent.suffix.lower() in FILE_GEODATABASE.endings:
            if is_member(name.name):
                folders.setdefault(name.parent, {})[name.name.lower()] = member
        elif _ending(member) in _ENDINGS:
            mains.append(member)
    tables = [member for member in mains if _ending(member) in CSV.endings]
    mains = [member for member in mains if member not in tables] or ([] if folders else tables)
    found = [_Candidate(folder.stem, folder.suffix.lower(), files) for folder, files in folders.items()]
    for main in mains:
        files = {f"layer{_ending(one)}": one for one in (main, *_companions(main, members))}
        found.append(_Candidate(PurePosixPath(main.filename).stem, _ending(main), files))
    return found


def _companions(main: zipfile.ZipInfo, members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    wanted = COMPANIONS.get(_ending(main), ())
    name = PurePosixPath(main.filename)
    return [
        member
        for member in members
        if _ending(member) in wanted
        and PurePosixPath(member.filename).parent == name.parent
        and PurePosixPath(member.filename).stem.casefold() == name.stem.casefold()
    ]


def _ending(member: zipfile.ZipInfo) -> str:
    return PurePosixPath(member.filename).suffix.lower()


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    # zipfile stops at the announced size and checks the CRC, so the limit above holds while unpacking.
    with archive.open(member) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink)
