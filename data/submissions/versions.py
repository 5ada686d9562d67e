"""What became of each submission of a run, and the versions with which runs were published.

The manifest of a run keeps one record for each submission. The next run finds in it the last good version of a
submission that is refused: the same operator, service, class of service, environment and basis; where several
submissions share these, the same path as well. A version is read as the project file described it when it was
accepted, since layer, filter or extent of the refused file may be others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from ..text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ..disk.hashing import InputFile
    from ..project.models import SubmissionSource
    from .reader import Submission, SubmissionFacts
State = Literal["delivered", "last_good", "no_data"]

_COVERAGE, _EXTENT = "coverage", "extent"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a submission with which a run was published.

    Attributes
    ----------
    source
        As the project file described it then.
    files
        The coverage file and, where the project names one, the file of its extent, by content.
    accepted
        Codes of the questions that were accepted then; they stay accepted for this version.
    since
        The run that used it first; empty while that run is not published.
    """

    source: SubmissionSource
    files: tuple[InputFile, ...]
    accepted: tuple[str, ...]
    since: str = ""

    @property
    def coverage(self) -> InputFile:
        """The coverage file."""
        return self.files[0]

    def same_content(self, other: Version) -> bool:
        """Say whether two versions are the same files, read the same way."""
        mine, theirs = ([(file.role, file.sha256) for file in one.files] for one in (self, other))
        return mine == theirs and portable(self.source) == portable(other.source)

    def at(self, copies: Mapping[str, Path]) -> SubmissionSource:
        """Describe the version with its kept copies (role to path) in place of the files of then."""
        changes: dict[str, object] = {"path": copies[_COVERAGE]}
        if self.source.extent is not None and _EXTENT in copies:
            changes["extent"] = self.source.extent.model_copy(update={"path": copies[_EXTENT]})
        return self.source.model_copy(update=changes)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one submission in a run.

    Attributes
    ----------
    source
        The submission as the project file names it.
    file
        What was handed in; None where there is no such file.
    submission
        What is used: of the file handed in, or of the last good version; None for no data.
    version
        The version used; of a refused submission, the last good one even where it is not used.
    refused
        Codes of the findings for which the file handed in was refused; empty for a file that is used.
    facts
        What is known of the files handed in, whether they are used or not.
    """

    source: SubmissionSource
    file: InputFile | None
    submission: Submission | None
    version: Version | None
    refused: tuple[str, ...] = ()
    facts: SubmissionFacts = field(kw_only=True)

    @property
    def state(self) -> State:
        """``delivered``, ``last_good`` or ``no_data``."""
        if not self.refused:
            return "delivered"
        return "no_data" if self.submission is None else "last_good"


def version_of(
    source: SubmissionSource, hashed: Iterable[InputFile], accepted: Sequence[str]
) -> Version | None:
    """Describe the version that a project file names now.

    Parameters
    ----------
    source
        The submission.
    hashed
        The inputs of the run.
    accepted
        Codes of the questions the project accepts.

    Returns
    -------
    Version or None
        None where one of its files could not be hashed.
    """
    wanted = [(_COVERAGE, source.path)]
    if source.extent is not None and source.extent.path is not None:
        wanted.append((_EXTENT, source.extent.path))
    known = {(file.role, file.path): file for file in hashed}
    files = tuple(replace(known[key], vintage=source.vintage_text) for key in wanted if key in known)
    return Version(source, files, tuple(sorted(accepted))) if len(files) == len(wanted) else None


def last_good(
    source: SubmissionSource, versions: Sequence[Version], project: Sequence[SubmissionSource]
) -> Version | None:
    """Find the version that a refused submission falls back on.

    Parameters
    ----------
    source
        The submission.
    versions
        Those of the latest published run.
    project
        All submissions of the project, to see which ones cannot be told apart.

    Returns
    -------
    Version or None
        None where there is none, or where it is not certain which one it is.
    """
    same = [version for version in versions if identity(version.source) == identity(source)]
    alike = [other for other in project if identity(other) == identity(source)]
    if len(same) == 1 and len(alike) == 1:
        return same[0]
    at_its_path = [version for version in same if version.source.path == source.path]
    return at_its_path[0] if len(at_its_path) == 1 else None


def rows_of(source: SubmissionSource, file: InputFile) -> tuple[object, ...]:
    """Say which rows a submission is made of: of which bytes, which layer, and kept by which filter."""
    return (file.sha256, source.layer, source.where)


def identity(source: SubmissionSource) -> tuple[str, ...]:
    """Say what makes two deliveries versions of one submission."""
    return (slug(source.operator), source.service, source.service_class, source.environment, source.basis)


def portable(source: SubmissionSource) -> dict[str, object]:
    """Describe how a submission is read, whatever its files are called and wherever they stand."""
    words = source.model_dump(mode="json", exclude={"path"}, exclude_defaults=True)
    extent = words.get("extent")
    if isinstance(extent, dict) and extent.get("path"):
        words["extent"] = {**extent, "path": "extent"}
    return words
