"""Staging: a file is checked, its format recognised, and it is copied with its companions for a reader.

Every file is copied under a name of our own into a folder of its own. Readers therefore never see a name that
somebody else chose (GDAL and pyogrio take some names for addresses, commands or archives), and nothing that
lies beside the file is found by accident.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..disk.atomic import reason_of
from ..disk.copying import MAX_BYTES, ChangedError, NotRegularError, TooLargeError, copy_regular
from ..disk.hashing import (
    ANYTHING,
    COMPANIONS,
    Expected,
    companions,
    input_file,
    sha256_of_parts,
)
from ..isolation.answers import MergedAnswer, UnpackedAnswer
from ..isolation.client import isolated
from ..isolation.reply import BadReplyError, take_over
from ..text.sentences import phrase
from .formats import FILE_GEODATABASE, GEOJSON_SEQUENCE, LAYER_FORMATS, ZIP, Format, Staged, known_format
from .geodatabase_folder import copy_members, is_geodatabase, take_members_over
from .geojson_folder import MERGED, copy_name, files_of, merged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..findings.collector import Findings
    from ..isolation.folder import ReadingFolder

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


def stage(
    path: Path, layer: str, folder: ReadingFolder, findings: Findings, expected: Expected = ANYTHING
) -> Staged | None:
    """Copy a file under a name of our own, so that its reader needs nothing else.

    A zip file is unpacked, and the files of a folder are laid end to end, by processes of their own.

    Parameters
    ----------
    path
        A file, a zip file with a layer in it, a File Geodatabase, or a folder of GeoJSON files.
    layer
        The layer that is meant, for zip files that hold several.
    folder
        An empty folder for one reading; ``inside`` takes the copy.
    findings
        Told why the file cannot be used.
    expected
        What it must be.

    Returns
    -------
    Staged or None
        None after an error finding.
    """
    if not exists(path, findings):
        return None
    hashes: dict[str, str] = {}
    try:
        staged = _stage(path, layer, folder, findings, hashes)
        sha256 = None if staged is None else sha256_as_expected(path, hashes, findings, expected)
        return None if staged is None or sha256 is None else replace(staged, sha256=sha256)
    except ChangedError as error:
        findings.add("file.changed", file=Path(error.filename))
    except NotRegularError as error:
        findings.add("file.not-regular", file=Path(error.filename))
    except TooLargeError as error:
        most_mb = MAX_BYTES // 1_000_000
        findings.add(
            "file.too-large",
            file=Path(error.filename),
            size=phrase("more-megabytes", count=most_mb),
            limit=phrase("megabytes", count=most_mb),
        )
    except OSError as error:
        findings.add("file.unreadable", file=path, reason=reason_of(path, error))
    return None


def exists(path: Path, findings: Findings) -> bool:
    """Check that a path names a file or folder that can be read, and nothing else.

    Parameters
    ----------
    path
        Any path.
    findings
        Told why not.

    Returns
    -------
    bool
        False after an error finding: nothing there, a link, a pipe, a device, an address, an empty file.
    """
    code = ""
    reason = ""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL byte in the name
        code = "file.remote" if _is_address(path) else "file.missing"
    except OSError as error:
        code, reason = "file.unreadable", reason_of(path, error)
    else:
        if stat.S_ISREG(found.st_mode):
            code = "" if found.st_size else "file.empty"
        elif not stat.S_ISDIR(found.st_mode):
            code = "file.not-regular"
    if code:
        findings.add(code, file=path, reason=reason)
    return not code


def sha256_as_expected(
    path: Path, hashes: Mapping[str, str], findings: Findings, expected: Expected
) -> str | None:
    """Sum up what was copied, and check that it is what the run saw when it began.

    Parameters
    ----------
    path
        The input.
    hashes
        SHA-256 of its copies: of a file with companions by ending, of another file a single one; empty for a folder.
    findings
        Told when it is something else.
    expected
        What it must be.

    Returns
    -------
    str or None
        SHA-256 of the input; None after an error finding.

    Raises
    ------
    OSError
        The input is a folder and cannot be read any more.
    """
    if path.is_dir():
        sha256 = input_file("", path).sha256
    else:
        single = len(hashes) == 1 and path.suffix.lower() not in COMPANIONS
        sha256 = next(iter(hashes.values())) if single else sha256_of_parts(hashes)
    if expected.is_met(path, sha256):
        return sha256
    findings.add("file.changed", file=path)
    return None


def _is_address(path: Path) -> bool:
    return path.parts[:2] == (os.sep, "vsi") or any(
        _ADDRESS.fullmatch(part) or part.startswith("vsi") for part in path.parts[:-1]
    )


def _stage(
    path: Path, layer: str, folder: ReadingFolder, findings: Findings, hashes: dict[str, str]
) -> Staged | None:
    if path.is_dir():
        return _stage_folder(path, folder, findings)
    copy = folder.inside / "copy"
    hashes[path.suffix.lower()] = copy_regular(path, copy)
    found = known_format(copy, path, findings)
    if found is ZIP:
        return _stage_archive(path, copy, layer, folder, findings)
    if found is None:
        return None
    main = copy.rename(folder.inside / f"layer{found.endings[0]}")
    beside = companions(path) if found.endings[0] in COMPANIONS else {}
    for ending, companion in beside.items():
        hashes[ending] = copy_regular(companion, main.with_suffix(ending))
    return Staged(path, main, found, path.stem)


def _stage_archive(
    path: Path, copy: Path, layer: str, folder: ReadingFolder, findings: Findings
) -> Staged | None:
    about = findings.about(path)
    arguments = {"file": copy.name, "name": path.name, "layer": layer}
    said = isolated("unpack", folder, about, arguments, UnpackedAnswer)
    copy.unlink()
    if said is None:
        return None
    try:
        found = _format(said)
        if found is FILE_GEODATABASE:
            take_members_over(folder)
        else:
            beside = COMPANIONS.get(found.endings[0], ())
            take_over(folder.outside, folder.inside, {said.main, *(f"layer{ending}" for ending in beside)})
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return None
    return Staged(path, folder.inside / said.main, found, said.stem)


def _format(said: UnpackedAnswer) -> Format:
    """Give the format that was unpacked, when its file has a name of ours that goes with it."""
    for found in LAYER_FORMATS:
        if found.name == said.format and said.main in {f"layer{ending}" for ending in found.endings}:
            return found
    raise BadReplyError("archive")


def _stage_folder(path: Path, folder: ReadingFolder, findings: Findings) -> Staged | None:
    if is_geodatabase(path):
        return Staged(path, copy_members(path, folder), FILE_GEODATABASE, path.stem)
    files = files_of(path)
    if not files:
        findings.add("file.is-folder", file=path)
        return None
    whole, left = True, MAX_BYTES
    for number, file in enumerate(files):
        copy = folder.inside / copy_name(number)
        try:
            copy_regular(file, copy, left)
        except NotRegularError:
            findings.add("file.not-regular", file=file)
            whole = False
        else:
            left -= copy.stat().st_size
    about = findings.about(path)
    said = isolated("merge", folder, about, {"count": len(files)}, MergedAnswer) if whole else None
    if said is None:
        return None
    try:
        found = merged(said, path, files, findings)
        take_over(folder.outside, folder.inside, {MERGED})
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return None
    for number in range(len(files)):
        (folder.inside / copy_name(number)).unlink()
    if found is None:
        return None
    return Staged(path, folder.inside / MERGED, GEOJSON_SEQUENCE, path.name, found.rows, found.crs)
