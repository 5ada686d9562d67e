"""The use cases `verify`, `prune` and `approve`, and what a run does for them: gates, approval, retention."""

# ruff: noqa: PLC0415 - whether anything is new is known before the libraries for the rest are loaded

from __future__ import annotations

import logging
import math
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..data.project.sections.upkeep import Gate, Retention, parse_gate, unknown_gates
from ..data.runs.attempts import note_success
from ..data.runs.kept import KeptRun
from ..data.runs.listing import Run, open_run, run_before
from ..data.runs.manifest import added, damage, read_manifest
from ..data.runs.output_folder import OutputFolder
from ..data.runs.variants import variant_folder
from ..data.submissions.records import exit_code_of
from ..data.text.sentences import told
from ..data.text.slug import slug
from ..data.upkeep.pending import approve as approve_pending
from ..data.upkeep.pending import find_waiting, hold_back, supersede, waiting_run, waiting_runs
from ..data.upkeep.retention import removable, remove_runs, remove_variant, variant_to_remove
from ..data.upkeep.verify import verify_all, verify_run
from ..errors import GATED, NOT_PUBLISHED, ProjectError, RunNotFoundError, WorkplaceError
from ..maps.words.refused import sentences
from .received import is_known

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..data.project.models import Project
    from ..data.text.words import Both
    from ..data.upkeep.pending import PendingRun
    from ..data.upkeep.retention import Removable
    from ..data.upkeep.verify import Proof
    from ..maps.summary.report import RunReport
    from .received import Received

log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, or would be.

    Attributes
    ----------
    removed
        Runs, oldest first, or the variant.
    is_limited
        Whether anything says how many runs are kept; without it all are.
    """

    removed: tuple[Removable, ...]
    is_limited: bool


def verify(out: Path, run: str = "") -> Proof:
    """Prove one run, or everything an output folder keeps.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough.
    run
        A run or a variant; empty for everything.

    Raises
    ------
    RunNotFoundError
        There is no such run.
    WorkplaceError
        The disk failed.
    """
    return verify_run(out, run) if run else verify_all(out)


def prune(out: Path, retention: Retention, *, dry_run: bool = False) -> Pruned:
    """Remove the runs that nothing keeps.

    Parameters
    ----------
    out
        The output folder.
    retention
        What keeps a run.
    dry_run
        Only say what would be removed; the right to read is enough.

    Raises
    ------
    BusyError
        A run holds the folder.
    WorkplaceError
        The rights do not suffice, or the disk failed.
    """
    limited = retention != Retention()
    if dry_run or not out.is_dir():
        return Pruned(removable(out, retention), limited)
    with OutputFolder(out) as output:
        return Pruned(remove_runs(output, removable(out, retention), "blackspot prune"), limited)


def prune_variant(out: Path, name: str, *, dry_run: bool = False) -> Pruned:
    """Remove a variant with all its runs; parameters and errors as for :func:`prune`.

    Raises
    ------
    RunNotFoundError
        There is no such variant.
    """
    variant = variant_to_remove(out, name)
    if not dry_run:
        with ExitStack() as held:
            held.enter_context(OutputFolder(out))
            held.enter_context(OutputFolder(variant_folder(out, name)))
            remove_variant(out, variant)
    return Pruned((variant,), is_limited=True)


def approve(out: Path, name: str, reason: str) -> PendingRun:
    """Publish a run that waits for approval.

    Parameters
    ----------
    out
        The output folder.
    name
        Of the run.
    reason
        Why it may be published; kept in the history.

    Raises
    ------
    ProjectError
        The reason is empty.
    RunNotFoundError
        No such run waits.
    ApprovalError
        It is damaged, or no longer compared with the latest run.
    BusyError
        A run holds the folder.
    WorkplaceError
        The rights do not suffice, or the disk failed.
    """
    words = " ".join(reason.split())
    if not words:
        raise ProjectError(
            "--reason is empty; say why the run may be published",
            ["--reason đang trống; hãy nêu lý do công bố lần chạy"],
        )
    if not out.is_dir():
        find_waiting(out, name)
    started = time.monotonic()
    with OutputFolder(out) as output:
        approved = approve_pending(output, name, words)
        run = approved.run
        note_success(
            out,
            run_id=run.id,
            published=True,
            code=exit_code_of(run.submissions),
            seconds=time.monotonic() - started if approved.seconds is None else approved.seconds,
            findings=run.findings,
            submissions=run.submissions,
            messages=[f"approved: {words}", *sentences(run.submissions, "en")],
        )
        _without_failing(lambda: supersede(output, run.id))
    return approved


def list_pending(out: Path) -> list[KeptRun]:
    """Give the runs that wait for approval, as the list of runs shows them."""
    return [KeptRun("pending", record=one.record(), reasons=one.reasons) for one in waiting_runs(out)]


def gates_of(project: Project, more: Sequence[str]) -> tuple[Gate, ...]:
    """Understand the gates of a project file and of a command line, before anything else is done.

    Raises
    ------
    ProjectError
        One of them is none, or is about a figure that no run of the project has.
    """
    gates, problems = [], []
    for text in dict.fromkeys((*project.project.fail_on, *more)):
        try:
            gates.append(parse_gate(text))
        except ValueError as error:
            problems.append(f"--fail-on: {error}")
    operators = {slug(source.operator) for source in project.submissions}
    problems += [f"--fail-on {problem}" for problem in unknown_gates(gates, project.services, operators)]
    if problems:
        raise ProjectError(problems)
    return tuple(gates)


def through_gates(report: RunReport, gates: Sequence[Gate], out: Path) -> RunReport:
    """Put into the end of a run which gates it does not pass; one that is not published meets none.

    Parameters
    ----------
    report
        As the run ended.
    gates
        As they were understood.
    out
        The output folder of the run, held.
    """
    if not gates or report.pending:
        return report
    from ..data.upkeep.gates import not_passed

    told = not_passed(
        gates,
        figures=report.figures,
        findings=report.findings,
        submissions=report.submissions,
        lost=lambda group: _lost(out, report.run_id, group),
    )
    return replace(report, gates=told, exit_code=GATED) if told else report


def _lost(out: Path, run_id: str, group: str) -> float | None:
    """Count the people who lost a service since the run before that may be compared; None without one, NaN if unknown."""
    from .comparing.compare import compare

    try:
        before = run_before(out, open_run(out, run_id))
        if before is None:
            return None
        return compare(out, before.id, run_id).country(group).get("lost", math.nan)
    except WorkplaceError as error:  # the run is published: that cannot fail any more
        log.warning(told("errors", "warning.unknown_loss", error=error.args[0]))
        return math.nan


def still_waiting(
    project: Project, received: Received, output: OutputFolder, started: float
) -> RunReport | None:
    """Report again a run of the same inputs that waits for approval; None where there is none, or nothing keeps it."""
    from .report import nothing_new

    pending = None if received.variant is not None else waiting_run(output.path)
    if pending is None or received.latest is None or damage(pending.run.folder) or added(pending.run.folder):
        return None
    if not is_known(pending.run, project, replace(received, latest=pending.run, compared=pending.run)):
        return None
    reasons = _reasons(project, received.latest, pending.run)
    return (
        waiting(nothing_new(project, pending.run, received.latest, time.monotonic() - started), reasons)
        if reasons
        else None
    )


def may_be_latest_again(project: Project, received: Received, run: Run) -> bool:
    """Say whether an earlier run may be the latest again: what the project wants to be asked about is run anew, and waits."""
    return not _reasons(project, received.latest, run)


def publish_or_hold_back(
    draft: Path, output: OutputFolder, project: Project, received: Received, run_id: str, seconds: float
) -> tuple[Path, tuple[Both, ...]]:
    """Publish a finished run, or let it wait where it changes more than the project allows without being asked.

    Returns
    -------
    tuple
        The folder of the run, and why it waits: nothing for one that is published.
    """
    run = Run(run_id, draft, read_manifest(draft))
    reasons = () if received.variant is not None else _reasons(project, received.latest, run)
    if reasons:
        code = exit_code_of(run.submissions)
        folder = hold_back(output, draft, run_id, reasons=reasons, exit_code=code, seconds=seconds)
    else:
        folder = output.publish(draft, run_id)
    if received.variant is None:
        _without_failing(lambda: supersede(output, run_id))
    return folder, reasons


def waiting(report: RunReport, reasons: tuple[Both, ...]) -> RunReport:
    """Say at the end of a run that it waits for approval; as it stands where there is no reason to."""
    if not reasons:
        return report
    return replace(report, published=False, nothing_new=False, exit_code=NOT_PUBLISHED, pending=reasons)


def keep_to_retention(project: Project, output: OutputFolder) -> None:
    """Remove the runs that nothing keeps after another one was published; that never makes a run fail."""
    _without_failing(lambda: remove_runs(output, removable(output.path, project.retention), "retention"))


def _reasons(project: Project, latest: Run | None, now: Run) -> tuple[Both, ...]:
    if latest is None or not project.approval.is_on:
        return ()
    from ..data.upkeep.moved import reasons_to_wait

    return reasons_to_wait(project.approval, latest, now)


def _without_failing(work: Callable[[], object]) -> None:
    """Do what may be done another day as well."""
    try:
        work()
    except (WorkplaceError, RunNotFoundError) as error:
        log.warning(told("errors", "warning.left_over", error=error.args[0]))
