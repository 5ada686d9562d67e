"""Before a reader sees a file: is it one, which format is it, and which companions come along.

Every file is copied under a name of our own into a folder of its own. Readers therefore never see a name that
somebody else chose (GDAL and pyogrio take some names for addresses, commands or archives), and nothing that
lies beside the file is found by accident.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .geojson_folder import merge_folder
from .inputs import input_file, sha256_of_parts, shapefile_companions
from .staging import MAX_BYTES, ChangedError, NotRegularError, TooLargeError, copy_regular
from .vector_archive import unpack
from .vector_formats import GEOJSON_SEQUENCE, SHAPEFILE, ZIP, Format, sniff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .findings import Findings

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that a reader may open.

    Attributes
    ----------
    original
        The input as it was named.
    path
        Where its copy lies, alone with its companions.
    format
        What it is.
    stem
        What its only layer is called, in formats that hold one.
    rows
        Names of the files that the features came from, one for each feature; empty except for folders.
    crs
        What the files of a folder state; elsewhere empty, since the reader will see.
    """

    original: Path
    path: Path
    format: Format
    stem: str
    rows: tuple[str, ...] = ()
    crs: str = ""


def stage(path: Path, layer: str, folder: Path, findings: Findings) -> Staged | None:
    """Copy a file under a name of our own, so that its reader needs nothing else.

    Parameters
    ----------
    path
        A file, a zip file with a layer in it, or a folder of GeoJSON files.
    layer
        The layer that is meant, for zip files that hold several.
    folder
        An empty folder that takes the copy.
    findings
        Told why the file cannot be used.

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
        if staged is None or is_as_before(path, hashes, findings):
            return staged
    except ChangedError as error:
        findings.add("file.changed", file=Path(error.filename))
    except NotRegularError as error:
        findings.add("file.not-regular", file=Path(error.filename))
    except TooLargeError as error:
        limit = f"{MAX_BYTES // 1_000_000:,} MB"
        findings.add("file.too-large", file=Path(error.filename), size=f"> {limit}", limit=limit)
    except OSError as error:
        findings.add("file.unreadable", file=path, reason=error.strerror or type(error).__name__)
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
        code, reason = "file.unreadable", error.strerror or type(error).__name__
    else:
        if stat.S_ISREG(found.st_mode):
            code = "" if found.st_size else "file.empty"
        elif not stat.S_ISDIR(found.st_mode):
            code = "file.not-regular"
    if code:
        findings.add(code, file=path, reason=reason)
    return not code


def is_as_before(path: Path, hashes: Mapping[str, str], findings: Findings) -> bool:
    """Note in the ledger what was read, and check that it is what the run saw when it began.

    Parameters
    ----------
    path
        The input.
    hashes
        SHA-256 of its copies: of a Shapefile by ending, of another file a single one; empty for a folder.
    findings
        Told when it is something else.

    Returns
    -------
    bool
        False after an error finding.
    """
    if path.is_dir():
        sha256 = input_file("", path).sha256
    else:
        single = len(hashes) == 1 and path.suffix.lower() != ".shp"
        sha256 = next(iter(hashes.values())) if single else sha256_of_parts(hashes)
    if findings.ledger.note_read(path, sha256):
        return True
    findings.add("file.changed", file=path)
    return False


def _is_address(path: Path) -> bool:
    return path.parts[:2] == (os.sep, "vsi") or any(
        _ADDRESS.fullmatch(part) or part.startswith("vsi") for part in path.parts[:-1]
    )


def _stage(path: Path, layer: str, folder: Path, findings: Findings, hashes: dict[str, str]) -> Staged | None:
    if path.is_dir():
        target = folder / "layer.geojsonl"
        merged = merge_folder(path, target, findings)
        if merged is None:
            return None
        return Staged(path, target, GEOJSON_SEQUENCE, path.name, merged.rows, merged.crs)
    copy = folder / "copy"
    hashes[path.suffix.lower()] = copy_regular(path, copy)
    found = _known(copy, path, findings)
    if found is ZIP:
        return _stage_archive(path, copy, layer, findings)
    if found is None:
        return None
    main = copy.rename(folder / f"layer{found.endings[0]}")
    companions = shapefile_companions(path) if found is SHAPEFILE else {}
    for ending, companion in companions.items():
        hashes[ending] = copy_regular(companion, main.with_suffix(ending))
    return Staged(path, main, found, path.stem)


def _stage_archive(path: Path, copy: Path, layer: str, findings: Findings) -> Staged | None:
    unpacked = unpack(copy, path, layer, findings)
    copy.unlink()
    if unpacked is None:
        return None
    main, stem = unpacked
    found = _known(main, path, findings, main.suffix)
    return None if found is None else Staged(path, main, found, stem)


def _known(copy: Path, named: Path, findings: Findings, ending: str = "") -> Format | None:
    ending = ending or named.suffix.lower()
    found = sniff(copy, ending)
    if found is None:
        findings.add("file.unknown-format", file=named)
    elif ending not in found.endings:
        findings.add("file.format-mismatch", file=named, found=found.name, endings=found.endings)
        return None
    return found
