"""What the outputs say of each submission: its versions, files and what became of it.

Inside the program this is a :class:`SubmissionRecord`. It is JSON only where it is written and read back: in the
manifest, in the status and on the screen of a machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping  # noqa: TC003 - pydantic looks at the types of the records
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, ValidationError

from ...errors import DONE, PARTLY
from ..disk.hashing import InputFile
from ..project.models import SubmissionSource
from .versions import Delivery, State, Version, portable

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file of a submission, by content.

    Attributes
    ----------
    role
        ``coverage`` or ``extent``.
    file, path
        Its name, and its path from the folder of the project file, with slashes.
    sha256, size, vintage
        As in :class:`blackspot.data.disk.hashing.InputFile`.
    """

    role: str
    file: str
    path: str
    sha256: str
    size: int
    vintage: str = ""

    @classmethod
    def of(cls, file: InputFile, folder: Path) -> FileRecord:
        """Describe a file by its path from the folder of the project file."""
        return cls(
            role=file.role,
            file=file.path.name,
            path=_relative(file.path, folder),
            sha256=file.sha256,
            size=file.size,
            vintage=file.vintage,
        )

    def to_json(self) -> dict[str, object]:
        """Write the record in types of JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRecord:
    """One version of a submission with which a run was published.

    Attributes
    ----------
    files
        The coverage file and, where there is one, the file of its extent.
    read_as
        How the project file described it, in types of JSON, see :func:`.versions.portable`.
    accepted
        Codes of the questions that were accepted.
    since
        The run that used it first.
    """

    files: Annotated[tuple[FileRecord, ...], Field(min_length=1)]
    read_as: Mapping[str, object] = field(default_factory=dict)
    accepted: tuple[str, ...] = ()
    since: str = ""

    @property
    def coverage(self) -> FileRecord:
        """The coverage file."""
        return self.files[0]

    def to_json(self) -> dict[str, object]:
        """Write the record in types of JSON."""
        return {
            "files": [file.to_json() for file in self.files],
            "read_as": dict(self.read_as),
            "accepted": list(self.accepted),
            "since": self.since,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRecord:
    """What became of one submission in a run.

    Attributes
    ----------
    operator, service, service_class, environment, basis
        Whose it is and what it speaks of.
    state
        What is used: the file ``delivered``, the ``last_good`` version, or ``no_data``.
    path
        Of the file handed in, from the folder of the project file, with slashes.
    file
        What was handed in; None where there was no such file.
    refused
        Codes of the findings for which that was refused; empty for a file that is used.
    version
        The version used; of a refused submission the last good one even where it is not used, None where
        there is none.
    """

    operator: str
    service: str
    basis: str
    state: State
    path: str
    service_class: str = ""
    environment: str = ""
    file: FileRecord | None = None
    refused: tuple[str, ...] = ()
    version: VersionRecord | None = None

    @property
    def stale(self) -> bool:
        """Older data are used."""
        return self.state == "last_good"

    @property
    def used(self) -> FileRecord | None:
        """The coverage file whose content is used; None for no data."""
        return None if self.version is None or self.state == "no_data" else self.version.coverage

    def to_json(self) -> dict[str, object]:
        """Write the record in types of JSON, as it stands in a manifest."""
        return {
            "operator": self.operator,
            "service": self.service,
            "service_class": self.service_class,
            "environment": self.environment,
            "basis": self.basis,
            "state": self.state,
            "stale": self.stale,
            "file": None if self.file is None else self.file.to_json(),
            "path": self.path,
            "refused": list(self.refused),
            "version": None if self.version is None else self.version.to_json(),
        }

    @classmethod
    def from_json(cls, entry: object) -> SubmissionRecord:
        """Read a record back.

        Parameters
        ----------
        entry
            From a manifest, also of another version of the program: what it lacks has its default, and keys
            that nobody knows are left alone.

        Raises
        ------
        ValueError
            It is no record.
        """
        return _RECORD.validate_python(entry)


_RECORD = TypeAdapter(SubmissionRecord)


def record(delivery: Delivery, run_id: str, folder: Path) -> SubmissionRecord:
    """Say what became of a submission.

    Parameters
    ----------
    delivery
        What became of it.
    run_id
        The run being published.
    folder
        Of the project file; paths are written from there.
    """
    source, version = delivery.source, delivery.version
    return SubmissionRecord(
        operator=source.operator,
        service=source.service,
        service_class=source.service_class,
        environment=source.environment,
        basis=source.basis,
        state=delivery.state,
        path=_relative(source.path, folder),
        file=None if delivery.file is None else FileRecord.of(delivery.file, folder),
        refused=delivery.refused,
        version=None if version is None else _version_record(version, run_id, folder),
    )


def read_records(entries: object) -> tuple[SubmissionRecord, ...]:
    """Read the records of a manifest.

    Parameters
    ----------
    entries
        What stands under ``submissions``, as far as there is any.

    Returns
    -------
    tuple of SubmissionRecord
        Those that can be read; records changed by hand are left out.
    """
    found = []
    for entry in entries if isinstance(entries, list | tuple) else ():
        try:
            found.append(SubmissionRecord.from_json(entry))
        except ValidationError:
            continue  # written by hand: nothing to report, and nothing to fall back on
    return tuple(found)


def exit_code_of(records: Iterable[SubmissionRecord]) -> int:
    """Give the exit code of a run: whether it used everything as it was handed in.

    Parameters
    ----------
    records
        Of a run.

    Returns
    -------
    int
        Exit code of the program: 0, or 3 where a submission was refused.
    """
    return int(PARTLY if any(entry.state != "delivered" for entry in records) else DONE)


def versions_in(records: Iterable[SubmissionRecord], folder: Path) -> tuple[Version, ...]:
    """Read the versions of a run back.

    Parameters
    ----------
    records
        Of the run.
    folder
        Of the project file.

    Returns
    -------
    tuple of Version
        Those that this program can read again.
    """
    found = []
    for entry in records:
        if entry.version is not None:
            try:
                found.append(_version_from(entry.version, folder))
            except (KeyError, ValueError):
                continue  # written by another version of the program, or by hand: nothing to fall back on
    return tuple(found)


def used_instead(records: Iterable[SubmissionRecord]) -> list[list[str]]:
    """Name what a run used where it did not use what was handed in, for the digest of its inputs.

    Parameters
    ----------
    records
        Of the run.

    Returns
    -------
    list
        Submission, state and hashes of the version used, in alphabetical order.
    """
    named = []
    for entry in records:
        if entry.state != "delivered":
            files = entry.version.files if entry.stale and entry.version is not None else ()
            named.append(
                [
                    entry.operator,
                    entry.service,
                    entry.service_class,
                    entry.environment,
                    entry.basis,
                    entry.path,
                    entry.state,
                    *(file.sha256 for file in files),
                ]
            )
    return sorted(named)


def _version_record(version: Version, run_id: str, folder: Path) -> VersionRecord:
    return VersionRecord(
        files=tuple(FileRecord.of(file, folder) for file in version.files),
        read_as=portable(version.source),
        accepted=version.accepted,
        since=version.since or run_id,
    )


def _version_from(kept: VersionRecord, folder: Path) -> Version:
    files = tuple(
        InputFile(file.role, Path(os.path.normpath(folder / file.path)), file.sha256, file.size, file.vintage)
        for file in kept.files
    )
    read_as = {**kept.read_as, "path": "."}
    extent = read_as.get("extent")
    if isinstance(extent, dict) and extent.get("path"):
        read_as["extent"] = {**extent, "path": "."}
    source = SubmissionSource.model_validate(read_as)
    by_role = {file.role: file.path for file in files}
    version = Version(source, files, kept.accepted, kept.since)
    return replace(version, source=version.at(by_role))


def _relative(path: Path, folder: Path) -> str:
    return PurePath(os.path.relpath(path, folder)).as_posix()
