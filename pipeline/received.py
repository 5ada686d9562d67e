"""What a run begins with: its hashed inputs, the run before, and the submissions' earlier versions."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..data.disk.hashing import sha256_of_parts
from ..data.findings.collector import Findings
from ..data.input_files import hash_inputs
from ..data.runs.libraries import KEPT_VERSIONS, library_versions, versions_to_compare
from ..data.runs.listing import inputs_digest, latest_run, list_runs
from ..data.runs.manifest import added, damage
from ..data.runs.variants import Variant
from ..data.submissions.intake import Intake, is_kept
from ..data.submissions.kept_copies import AcceptedFiles
from ..data.submissions.records import used_instead, versions_in
from ..data.text.safe import plain
from ..data.text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..data.disk.hashing import InputFile
    from ..data.project.models import Project
    from ..data.runs.listing import Run
    from ..data.runs.output_folder import OutputFolder
    from ..data.submissions.records import SubmissionRecord
    from ..errors import Finding
    from .unattended import Taken

log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class Received:
    """What a run begins with.

    Attributes
    ----------
    files
        The inputs, hashed.
    findings, refusals
        What the checks say of everything but the submissions, and of these.
    latest
        The run before; None for the first.
    compared
        The same, where its results are as they were published; None otherwise.
    kept
        The kept copies of submissions.
    intake
        Where the submissions come in.
    cache
        The folder of the series that keeps burned polygons and counted bands.
    versions
        Those of the libraries, to compare with earlier runs.
    variant
        What it is a variant of; None for a run of the series.
    """

    files: tuple[InputFile, ...]
    findings: Findings
    refusals: Findings
    latest: Run | None
    compared: Run | None
    kept: AcceptedFiles
    intake: Intake
    cache: Path
    versions: Mapping[str, str]
    variant: Variant | None = None

    @property
    def series(self) -> Path:
        """The output folder of the series."""
        return self.cache.parent


def receive(taken: Taken, output: OutputFolder, series: OutputFolder) -> Received:
    """Hash the inputs, and look up what the run before used; a variant takes that from its series."""
    project = taken.project
    findings = Findings(project.folder, project.checks.accept)
    refusals = findings.fresh()
    refusals.extend(taken.doubted)
    files = hash_inputs(project, findings, refusals)
    kept, base = AcceptedFiles(series.path), latest_run(series.path)
    versions = () if base is None else versions_in(base.submissions, project.folder)
    intake = Intake(project, files, refusals, kept, versions, doubts=taken.doubts)
    cache = series.path / "cache"
    variant = None if output is series else Variant(output.path.name, base)
    latest = base if variant is None else latest_run(output.path)
    return Received(
        files,
        findings,
        refusals,
        latest,
        _whole(latest, findings),
        kept,
        intake,
        cache,
        versions_to_compare(cache / KEPT_VERSIONS),
        variant,
    )


def _whole(latest: Run | None, findings: Findings) -> Run | None:
    """Give a run whose results are as they were published; what became of others is told."""
    if latest is None:
        return None
    strange = added(latest.folder)
    if strange:
        log.warning(told("errors", "warning.strangers", path=latest.folder, names=plain(", ".join(strange))))
    spoilt = damage(latest.folder)
    if not spoilt:
        return latest
    findings.add(
        "run.damaged", file=latest.folder, files=[problem.partition(" is ")[0] for problem in spoilt]
    )
    return None


def known_run(project: Project, received: Received) -> Run | None:
    """Give the run that was published of these inputs, and is whole together with the versions it used.

    It is the latest or, in a series, any earlier one: the last that fits. An earlier one counts only if it used
    everything as it was handed in: what would be used today in place of a refused file may be another version.
    """
    if received.latest is not None and is_known(received.latest, project, received):
        return received.latest
    if received.variant is not None:
        return None
    digest = digest_of(project, received.files, (), received.versions)
    for run in reversed(list_runs(received.series)):
        if run.inputs_digest != digest or used_instead(run.submissions) or run.id == _id(received.latest):
            continue
        spoilt = damage(run.folder)
        if spoilt:
            log.warning("%s: %s; it is made anew.", run.folder, plain("; ".join(spoilt)))
        elif is_kept(run.submissions, project.folder, received.kept):
            return run
    return None


def tell_what_came_back(run: Run, latest: Run | None) -> None:
    """Name the submissions that were something else in the run between: nobody judges them a second time."""
    between = _contents(latest) if latest is not None else set()
    back = sorted({name for name, content in _contents(run) - between})
    if back:
        names = ", ".join(back)
        log.warning("%s: an earlier delivery is in force again: %s.", run.id, plain(names))


def _contents(run: Run) -> set[tuple[str, str]]:
    """Give operator and service of each submission, and what was used of it."""
    return {
        (f"{entry.operator} {entry.service}", "" if entry.used is None else entry.used.sha256)
        for entry in run.submissions
    }


def _id(run: Run | None) -> str:
    return "" if run is None else run.id


def is_known(latest: Run, project: Project, received: Received) -> bool:
    """Say whether the latest run is of these inputs, and is whole together with the versions it used."""
    digest = digest_of(project, received.files, latest.submissions, received.versions)
    return (
        latest.inputs_digest == digest
        and received.compared is latest
        and (received.variant is not None or is_kept(latest.submissions, project.folder, received.kept))
    )


def digest_of(
    project: Project,
    files: tuple[InputFile, ...],
    submissions: Sequence[SubmissionRecord],
    versions: Mapping[str, str] | None = None,
) -> str:
    """Sum up all that decides the result of a run, with the versions used instead of refused submissions.

    The versions of libraries may be given where they are known already; else the libraries are asked.
    """
    known = library_versions() if versions is None else dict(versions)
    return inputs_digest(files, project.digest(), json.dumps(known), used_instead(submissions))


def people_hash(files: tuple[InputFile, ...]) -> str:
    """Give the hash of the population raster, of all its tiles."""
    hashes = [item.sha256 for item in files if item.role == "population"]
    if len(hashes) == 1:
        return hashes[0]
    return sha256_of_parts({f"{number:06d}": sha256 for number, sha256 in enumerate(hashes)})


def all_findings(received: Received) -> tuple[Finding, ...]:
    """Give what the checks said about everything, worst first."""
    everything = Findings()
    everything.extend(received.findings)
    everything.extend(received.refusals)
    return everything.items
