"""What the outputs say of each submission: its versions, files and what became of it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ...errors import DONE, PARTLY
from ..disk.hashing import InputFile
from ..project.models import SubmissionSource
from .versions import Delivery, Version, portable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# --- records of the manifest ---


def record(delivery: Delivery, run_id: str, folder: Path) -> dict[str, object]:
    """Write a delivery as plain values for the manifest.

    Parameters
    ----------
    delivery
        What became of a submission.
    run_id
        The run being published.
    folder
        Of the project file; paths are written from there.

    Returns
    -------
    dict
        ``state`` says what is used, ``file`` what was handed in, ``refused`` why that was refused, and
        ``version`` the version that is used or kept.
    """
    source, version = delivery.source, delivery.version
    return {
        "operator": source.operator,
        "service": source.service,
        "service_class": source.service_class,
        "environment": source.environment,
        "basis": source.basis,
        "state": delivery.state,
        "stale": delivery.state == "last_good",
        "file": None if delivery.file is None else _file_record(delivery.file, folder),
        "path": _relative(source.path, folder),
        "refused": list(delivery.refused),
        "version": None if version is None else _version_record(version, run_id, folder),
    }


def exit_code_of(records: Sequence[Mapping[str, object]]) -> int:
    """Tell a run that used everything as it was handed in from one that did not.

    Parameters
    ----------
    records
        Of a run.

    Returns
    -------
    int
        Exit code of the program: 0, or 3 where a submission was refused.
    """
    return int(PARTLY if any(entry["state"] != "delivered" for entry in records) else DONE)


def versions_in(records: object, folder: Path) -> tuple[Version, ...]:
    """Read the versions of a manifest back.

    Parameters
    ----------
    records
        What stands under ``submissions`` in a manifest, as far as there is any.
    folder
        Of the project file.

    Returns
    -------
    tuple of Version
        Those that can be understood; a record of somebody else's hand is none.
    """
    found = []
    for entry in records if isinstance(records, list | tuple) else ():
        version = entry.get("version") if isinstance(entry, dict) else None
        if isinstance(version, dict):
            try:
                found.append(_version_from(version, folder))
            except (KeyError, TypeError, ValidationError, ValueError):
                continue  # written by another version of the program, or by hand: nothing to fall back on
    return tuple(found)


def used_instead(records: object) -> list[list[str]]:
    """Name what a run used where it did not use what was handed in, for the digest of its inputs.

    Parameters
    ----------
    records
        Records of a manifest.

    Returns
    -------
    list
        Submission, state and hash of the version used, in alphabetical order.
    """
    named = []
    for entry in records if isinstance(records, list | tuple) else ():
        if isinstance(entry, dict) and entry.get("state") != "delivered":
            version = entry.get("version") if entry.get("state") == "last_good" else None
            files = version.get("files", []) if isinstance(version, dict) else []
            words = [
                entry.get(key) for key in ("operator", "service", "service_class", "environment", "basis")
            ]
            hashes = [file.get("sha256") for file in files if isinstance(file, dict)]
            named.append([str(word) for word in (*words, entry.get("path"), entry.get("state"), *hashes)])
    return sorted(named)


def _version_record(version: Version, run_id: str, folder: Path) -> dict[str, object]:
    return {
        "files": [_file_record(file, folder) for file in version.files],
        "read_as": portable(version.source),
        "accepted": list(version.accepted),
        "since": version.since or run_id,
    }


def _version_from(entry: Mapping[str, object], folder: Path) -> Version:
    read_as, listed = entry["read_as"], entry["files"]
    if not isinstance(read_as, dict) or not isinstance(listed, list) or not listed:
        raise TypeError("no version")
    files = tuple(
        InputFile(
            str(file["role"]),
            Path(os.path.normpath(folder / str(file["path"]))),
            str(file["sha256"]),
            int(file["size"]),
            str(file["vintage"]),
        )
        for file in listed
    )
    extent = read_as.get("extent")
    if isinstance(extent, dict) and extent.get("path"):
        read_as = read_as | {"extent": {**extent, "path": "."}}
    source = SubmissionSource.model_validate(read_as | {"path": "."})
    by_role = {file.role: file.path for file in files}
    version = Version(source, files, tuple(map(str, _listed(entry["accepted"]))), str(entry["since"]))
    return replace(version, source=version.at(by_role))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _file_record(file: InputFile, folder: Path) -> dict[str, object]:
    return {
        "role": file.role,
        "file": file.path.name,
        "path": _relative(file.path, folder),
        "sha256": file.sha256,
        "size": file.size,
        "vintage": file.vintage,
    }


def _relative(path: Path, folder: Path) -> str:
    return PurePath(os.path.relpath(path, folder)).as_posix()
