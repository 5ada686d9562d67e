"""Which delivery of the archive each submission of a project uses: the one of the latest day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..submissions.versions import identity
from .naming import submission_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..findings.collector import Findings
    from ..project.models import Project, SubmissionSource
    from .archive import Archive, Archived


@dataclass(frozen=True, slots=True)
class Resolved:
    """A project whose submissions name their newest deliveries.

    Attributes
    ----------
    project
        The project; what the archive has nothing newer for is as the project file says it.
    doubts
        Path of a submission's file to the codes for which it may not be used.
    """

    project: Project
    doubts: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)


def with_newest(project: Project, archive: Archive, findings: Findings) -> Resolved:
    """Let the submissions of a project name their newest deliveries.

    Parameters
    ----------
    project
        The project file.
    archive
        All deliveries.
    findings
        Told about deliveries of one day that differ, and about damaged ones.

    Returns
    -------
    Resolved
        Path and day of a submission are those of its newest delivery, unless the project file names a file of a
        later day.
    """
    sources, doubts = [], {}
    for source in project.submissions:
        newest = newest_of(source, project, archive)
        damaged = _damaged_of(source, archive)
        used = source
        if newest is not None:
            used = source.model_copy(update={"path": newest.path, "vintage": newest.record.date})
        codes = _doubts(used, newest, damaged, archive, findings)
        if codes:
            doubts[used.path] = codes
        sources.append(used)
    return Resolved(project.model_copy(update={"submissions": tuple(sources)}), doubts)


def newest_of(source: SubmissionSource, project: Project, archive: Archive) -> Archived | None:
    """Give the delivery that a submission uses.

    Parameters
    ----------
    source
        The submission, as the project file names it.
    project
        The project file.
    archive
        All deliveries.

    Returns
    -------
    Archived or None
        Of the latest day, one that no run has refused before others, and of these the one that came last. None where
        there is none, where the project file names a file of a later day, or where it does not tell its submissions
        apart.
    """
    if len([other for other in project.submissions if identity(other) == identity(source)]) > 1:
        return None
    mine = [kept for kept in archive.deliveries if kept.record.of == identity(source)]
    newest = max(
        mine, key=lambda kept: (kept.record.date, not kept.is_refused, kept.record.number), default=None
    )
    if newest is None or (source.vintage is not None and source.vintage > newest.record.date):
        return None
    return newest


def _damaged_of(source: SubmissionSource, archive: Archive) -> list[Path]:
    """Give the folders of deliveries of a submission whose records are lost: one of them may be the newest."""
    name = submission_folder(identity(source))
    return [place for place in archive.damaged if place.parent.name == name]


def _doubts(
    source: SubmissionSource,
    newest: Archived | None,
    damaged: list[Path],
    archive: Archive,
    findings: Findings,
) -> tuple[str, ...]:
    """Say why the newest delivery may not be used as it is."""
    spoilt = [*damaged, *([newest.path] if newest is not None and not newest.is_whole() else [])]
    said = [
        findings.add("inbox.archive-damaged", file=path, operator=source.operator, service=source.service)
        for path in spoilt
    ]
    rivals = [] if newest is None else _rivals(newest, archive)
    if newest is not None and rivals:
        said.append(
            findings.add(
                "inbox.same-date",
                file=newest.path,
                operator=source.operator,
                service=source.service,
                date=newest.record.date.isoformat(),
                names=[kept.record.file for kept in rivals],
            )
        )
    return tuple(dict.fromkeys(finding.code for finding in said if finding.stops))


def _rivals(newest: Archived, archive: Archive) -> list[Archived]:
    """Give the deliveries of the same submission and day with another content that no run has refused."""
    if newest.is_refused:
        return []
    return [
        kept
        for kept in archive.deliveries
        if (kept.record.of, kept.record.date) == (newest.record.of, newest.record.date)
        and kept.record.sha256 != newest.record.sha256
        and not kept.is_refused
    ]
