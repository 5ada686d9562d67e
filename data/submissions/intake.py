"""Receiving the submissions of a run: each is used, or refused and replaced by its last good version.

A submission is refused for any finding that stops a run. Then, as the project file says, the version with which
a run was published last is read again, through the same isolated reader as any file, or there is no data.
"""

# ruff: noqa: PLC0415 - what the run before used is looked up before the libraries that read files are loaded

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..disk.hashing import Expected, InputFile
from .records import versions_in
from .versions import Delivery, Version, last_good, portable, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ...errors import Finding
    from ..country.communes import Communes
    from ..disk.kept import KeptResults
    from ..findings.collector import Findings
    from ..project.models import Project, SubmissionSource
    from ..read_before import ReadBefore
    from ..readers.facts import Refused
    from .kept_copies import AcceptedFiles
    from .reader import Submission, SubmissionFacts
    from .records import SubmissionRecord

PROJECT_MISTAKES = frozenset(
    {
        "column.missing",
        "coverage.distance-for-areas",
        "coverage.distance-missing",
        "coverage.empty-extent",
        "coverage.filter-keeps-nothing",
        "coverage.not-for-rasters",
        "coverage.not-for-vectors",
        "coverage.threshold-missing",
        "coverage.threshold-sign",
        "crs.contradicts",
        "crs.project-unusable",
    }
)
"""Codes that say that the project file describes a file as something else than it is."""

# Nothing may depend on the day of the machine: the same inputs give the same run. What lies in the future of
# the clock is told by the check of a single file.
_NO_CLOCK = dt.date.max


@dataclass(frozen=True, slots=True)
class Intake:
    """Where the submissions of one run come in.

    Attributes
    ----------
    project
        The project file.
    files
        The inputs as they were hashed when the run began.
    refusals
        Told everything about submissions.
    kept
        The kept copies; None for a run that neither keeps nor reuses anything.
    versions
        The versions of the latest published run.
    mistakes
        Told what the project file says wrongly about a submission.
    doubts
        Path of a submission's file to the codes for which it was refused before it was read; who says so has told it.
    read_before
        Has what an earlier run read of the same bytes; None reads everything anew.
    """

    project: Project
    files: Sequence[InputFile]
    refusals: Findings
    kept: AcceptedFiles | None = None
    versions: Sequence[Version] = ()
    mistakes: list[Finding] = field(default_factory=list)
    doubts: Mapping[Path, tuple[str, ...]] = field(default_factory=dict)
    read_before: ReadBefore | None = None

    @property
    def expected(self) -> Expected:
        """What the inputs must be: what they were when the run began."""
        return Expected.of(self.files)

    def with_readings(self, kept: KeptResults) -> Intake:
        """Give the same, which reads nothing again whose bytes and description have not changed since it was kept."""
        from ..read_before import ReadBefore

        return replace(self, read_before=ReadBefore(kept, self.expected))

    def take(self, source: SubmissionSource, communes: Communes | None) -> Delivery:
        """Read a submission; a refused one is replaced as the project file says.

        Parameters
        ----------
        source
            The submission, one of the project's.
        communes
            The country; None when the communes were refused themselves.

        Returns
        -------
        Delivery
            What became of it.
        """
        from ..readers.facts import Refused

        findings = self.refusals.fresh()
        read = self._read(source, communes, findings)
        submission = None if isinstance(read, Refused) else read
        file = self._hashed(source)
        version = version_of(source, self.files, self.project.checks.accept)
        delivery = Delivery(source, file, submission, self._dated(version), facts=read.facts)
        self.refusals.extend(findings)
        doubts = self.doubts.get(source.path, ())
        codes = tuple(dict.fromkeys([*doubts, *(item.code for item in findings.errors)]))
        if not self._worked_before(source, file):
            self.mistakes.extend(item for item in findings.errors if item.code in PROJECT_MISTAKES)
        if codes or submission is None:
            return self.refuse(delivery, codes, communes)
        return delivery

    def _read(
        self, source: SubmissionSource, communes: Communes | None, findings: Findings
    ) -> Submission | Refused[SubmissionFacts]:
        """Read a submission, or give what an earlier run read of the same bytes for the same communes."""
        from .reader import CLASSES, read_submission

        def make(told: Findings) -> Submission | Refused[SubmissionFacts]:
            rules, expected = self.project.checks, self.expected
            return read_submission(source, communes, told, rules=rules, today=_NO_CLOCK, expected=expected)

        if communes is None or self.read_before is None:
            return make(findings)
        files, content = self.project.country_files
        extent = None if source.extent is None else source.extent.path
        return self.read_before.read(
            f"submission-{self.project.submissions.index(source)}",
            [source.path, *([] if extent is None else [extent]), *files],
            [source.model_dump_json(), self.project.checks.model_dump_json(), *content],
            make,
            findings,
            CLASSES,
        )

    def refuse(self, delivery: Delivery, codes: tuple[str, ...], communes: Communes | None) -> Delivery:
        """Replace a submission that was handed in by its last good version, or by no data.

        Parameters
        ----------
        delivery
            As it was taken.
        codes
            Why it is refused.
        communes
            The country.

        Returns
        -------
        Delivery
            With the findings that say what is used instead.
        """
        source = delivery.source
        before = self.before(source)
        refused = Delivery(
            source, delivery.file, None, before, codes or ("file.unreadable",), facts=delivery.facts
        )
        about = self.refusals.about(source.path, source.layer)
        words: dict[str, Any] = {
            "operator": source.operator,
            "service": source.service,
            "codes": refused.refused,
        }
        wanted = self.project.project.refused_submissions == "last_good"
        submission = self.read_kept(source, communes, tell=True) if wanted and before is not None else None
        if submission is None or before is None:
            about.add("submission.no-last-good", **words)
            return refused
        used = before.coverage
        about.add(
            "submission.last-good-used",
            **words,
            used=used.path.name,
            vintage=used.vintage or "-",
            since=before.since,
        )
        return replace(refused, submission=submission)

    def _worked_before(self, source: SubmissionSource, file: InputFile | None) -> bool:
        """Say whether a run was published with this entry of the project file and another file: the file is at fault.

        A new file usually comes with a new day, which says nothing about how it is read.
        """
        before = self.before(source)
        if before is None:
            return False
        then, now = ({**portable(one), "vintage": None} for one in (before.source, source))
        return then == now and (file is None or before.coverage.sha256 != file.sha256)

    def before(self, source: SubmissionSource) -> Version | None:
        """Give the version of a submission with which a run was published last."""
        return last_good(source, self.versions, self.project.submissions)

    def read_kept(
        self, source: SubmissionSource, communes: Communes | None, *, tell: bool = False
    ) -> Submission | None:
        """Read the last good version of a submission from its kept copies.

        Parameters
        ----------
        source
            The submission.
        communes
            The country.
        tell
            Repeat what the checks said about the version when it was accepted: it is used again.

        Returns
        -------
        Submission or None
            None where there is no version, or, after a finding, where its copies cannot be used.
        """
        from ..readers.facts import Refused
        from .reader import read_submission

        version = self.before(source)
        if version is None or self.kept is None:
            return None
        about = self.refusals.about(source.path, source.layer)
        words: dict[str, Any] = {
            "operator": source.operator,
            "service": source.service,
            "used": version.coverage.path.name,
            "since": version.since,
        }
        copies = {file.role: self.kept.find(file) for file in version.files}
        found = {role: path for role, path in copies.items() if path is not None}
        if len(found) < len(copies):
            about.add("submission.kept-damaged", **words)
            return None
        findings = self.refusals.fresh(*version.accepted)
        submission = read_submission(version.at(found), communes, findings)
        if (
            isinstance(submission, Refused)
            or findings.errors
            or submission.source.sha256 != version.coverage.sha256
        ):
            codes = [item.code for item in findings.errors] or ["file.changed"]
            about.add("submission.kept-unusable", **words, codes=codes)
            return None
        if tell:
            name = f"{version.coverage.path.name} ({version.since})"
            self.refusals.extend(replace(item, file=name) for item in findings.items)
        return replace(submission, source=version.coverage)

    def _hashed(self, source: SubmissionSource) -> InputFile | None:
        """Find what was handed in; of several submissions of one file each has its own day."""
        for file in self.files:
            if (file.role, file.path) == ("coverage", source.path):
                return replace(file, vintage=source.vintage_text)
        return None

    def _dated(self, version: Version | None) -> Version | None:
        """Say since when a version is in use, where it is the one of the run before."""
        if version is None:
            return None
        before = self.before(version.source)
        return replace(version, since=before.since) if before and before.same_content(version) else version


def keep_all(deliveries: Sequence[Delivery], kept: AcceptedFiles) -> tuple[Path, ...]:
    """Keep a copy of every file that is used, before the run that uses it is published.

    Parameters
    ----------
    deliveries
        Of the run.
    kept
        The kept copies.

    Returns
    -------
    tuple of Path
        Files that changed since they were read, so that no copy could be made.
    """
    return tuple(
        file.path
        for delivery in deliveries
        if delivery.state == "delivered" and delivery.version is not None
        for file in delivery.version.files
        if not kept.keep(file)
    )


def is_kept(records: Iterable[SubmissionRecord], folder: Path, kept: AcceptedFiles) -> bool:
    """Make sure that the versions a published run used are still kept.

    A copy of a file that still lies where it was handed in is made again.

    Parameters
    ----------
    records
        What became of each submission of the run.
    folder
        Of the project file.
    kept
        The kept copies.

    Returns
    -------
    bool
        False where a version that is used instead of a refused submission is lost: the run must be made anew.
    """
    whole = True
    for entry in records:
        for file in files_in_use(versions_in([entry], folder)):
            if entry.state == "delivered":
                kept.keep(file)
            elif entry.state == "last_good":
                whole = whole and kept.find(file) is not None
    return whole


def files_in_use(versions: Sequence[Version]) -> tuple[InputFile, ...]:
    """Give every file of some versions."""
    return tuple(file for version in versions for file in version.files)
