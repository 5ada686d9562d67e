"""The use cases `run` and `demo`: read, check, judge, count, rank, write and publish."""

# ruff: noqa: PLC0415 - whether another run holds the folder, and whether anything is new, is known before the libraries for the rest are loaded

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..data.findings.collector import Findings
from ..data.project.accept import accepting
from ..data.project.load import load_project
from ..data.reading import read_inputs
from ..data.runs.attempts import note_failure, note_pending, note_start, note_success
from ..data.runs.kept import preceding
from ..data.runs.output_folder import OutputFolder
from ..data.runs.variants import variant_folder
from ..data.sharing.unchanged import earlier_runs, lend, share_unchanged
from ..data.submissions.intake import files_in_use, keep_all
from ..data.submissions.records import versions_in
from ..data.text.sentences import told
from ..data.worker.worker import Worker, processes_of
from ..errors import InputError, ProjectError, WorkplaceError
from ..maps.words.refused import sentences
from ..progress import in_turn, silent, stretch
from .received import Received, known_run, people_hash, receive, tell_what_came_back
from .unattended import RunObserver, take_inbox
from .upkeep import (
    gates_of,
    keep_to_retention,
    may_be_latest_again,
    publish_or_hold_back,
    still_waiting,
    through_gates,
    waiting,
)
from .writing import run_facts, seconds_of_steps, write_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..coverage.analysis import Analysis
    from ..coverage.cache import Keep
    from ..coverage.ground import Ground
    from ..data.project.models import Project
    from ..data.project.sections.values import Pages
    from ..data.reading import Inputs
    from ..data.runs.manifest import RunFacts
    from ..data.text.words import Both
    from ..maps.summary.report import RunReport
    from ..progress import Progress
    from .ahead.work import WorkAhead
    from .unattended import Taken


log = logging.getLogger("blackspot")

_SAMPLE_SHARE = 0.2
"""Of the time of a demonstration, as measured: making the sample country."""


def run(  # noqa: PLR0913 - everything that a command line can say
    project_path: Path,
    *,
    overrides: Sequence[str] = (),
    accept: Sequence[str] = (),
    pages: Pages | None = None,
    cluster: str = "",
    variant: str = "",
    fail_on: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress = None,
) -> RunReport:
    """Do the main job: read, check, count, rank, write, publish.

    Parameters
    ----------
    project_path
        The project file.
    overrides
        ``KEY=VALUE`` for keys of the project file.
    accept
        Codes of questions that are accepted, besides those of the project file.
    pages
        Map pages to write instead of those the project file names: all, national, provinces or none.
    cluster
        Where the overlay is computed: empty here, ``local`` by dask workers of this machine, or the
        address of a dask scheduler. The result has the same bytes.
    variant
        Name of a variant: it is kept beside the series, in ``variants`` of its output folder, is never the latest run
        and nobody's predecessor, and says on every output in what it differs. Empty for a run of the series.
    fail_on
        Gates besides those of the project file, see :func:`blackspot.data.project.sections.upkeep.parse_gate`: a run that does not
        pass one is published, and its exit code says so.
    threads
        How many processors are used at a time, at most 2: with 1 everything is done in this process. None for as many as
        this process may use. The result has the same bytes.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Raises
    ------
    ProjectError
        The project file, a gate, or the name of the variant is wrong.
    InputError
        Inputs were refused; nothing was published.
    BusyError
        Another run holds the output folder.
    WorkplaceError
        Disk, rights or memory do not suffice.
    """
    project = accepting(load_project(project_path, overrides), accept)
    if pages is not None:
        project = project.model_copy(update={"map": project.map.model_copy(update={"pages": pages})})
    gates = gates_of(project, fail_on)
    started = time.monotonic()
    with (
        RunObserver(project) as observer,
        _held(project.project.out, variant) as (output, series),
        observer.recording(output.path) as record,
        Worker(processes_of(threads)) as worker,
    ):
        try:
            note_start(output.path)
            taken = take_inbox(project, sweeping=output is series)
            report = _run_held(taken, output, series, started, cluster, worker, record.listening(progress))
        except BaseException as error:
            note_failure(output.path, error, time.monotonic() - started)
            raise
        report = through_gates(report, gates, output.path)
        _note(report, output, taken)
        taken.note_refused(report)
        report = taken.reported(report)
        observer.ended(report)
        if report.published and not variant:
            keep_to_retention(project, output)
    return report


def _note(report: RunReport, output: OutputFolder, taken: Taken) -> None:
    """Put a run that ended as it should into status and history."""
    if report.pending:
        note_pending(output.path, report.run_id, [*(reason.en for reason in report.pending), *taken.messages])
        return
    note_success(
        output.path,
        run_id=report.run_id,
        published=report.published,
        code=report.exit_code,
        seconds=report.seconds,
        findings=report.findings,
        submissions=report.submissions,
        messages=[*(gate.en for gate in report.gates), *sentences(report.submissions, "en"), *taken.messages],
    )


def demo(folder: Path, *, threads: int | None = None, progress: Progress = None) -> RunReport:
    """Write the sample project into a folder and run it, see :func:`run`."""
    from ..data.sample.write import write_sample

    path = write_sample(folder, progress=stretch(progress, 0.0, _SAMPLE_SHARE))
    return run(path, threads=threads, progress=stretch(progress, _SAMPLE_SHARE, 1.0))


@contextmanager
def _held(out: Path, variant: str) -> Iterator[tuple[OutputFolder, OutputFolder]]:
    """Hold the folder to publish in and that of the series: the same one, or for a variant one inside the other."""
    with OutputFolder(out) as series:
        if not variant:
            yield series, series
            return
        with OutputFolder(variant_folder(out, variant)) as output:
            yield output, series


def _run_held(
    taken: Taken,
    output: OutputFolder,
    series: OutputFolder,
    started: float,
    cluster: str,
    worker: Worker,
    progress: Progress,
) -> RunReport:
    """Run while the output folder is held: read, lay on the ground, judge, analyse, write, publish."""
    say = progress or silent
    say(0.0, told("progress", "hashing"))
    project, received = taken.project, receive(taken, output, series)
    known = known_run(project, received)
    again = known is not None and known is not received.latest
    if known is not None and (not again or may_be_latest_again(project, received, known)):
        from .report import nothing_new

        if again:  # what the run between was made of is not in force any more
            output.point_back_to(known.id)
            tell_what_came_back(known, received.latest)
        before = None if received.variant else preceding(output.path, known)
        return nothing_new(project, known, before, time.monotonic() - started, again=again)
    report = still_waiting(project, received, output, started)
    if report is not None:
        return report
    return _run_anew(project, output, received, started, cluster, worker, progress)


def _run_anew(
    project: Project,
    output: OutputFolder,
    received: Received,
    started: float,
    cluster: str,
    worker: Worker,
    progress: Progress,
) -> RunReport:
    """Do everything that a run of new inputs does."""
    from ..data.isolation.client import start_reading_process

    start_reading_process()
    from ..coverage.ground import lay_ground
    from ..data.isolation.level import ensure_isolation
    from .ahead.work import WorkAhead
    from .judge import in_service, judge, report_communes
    from .report import finished

    cache = _cache_of(received)
    is_again = cache.is_filled
    parts = in_turn(
        progress, seconds_of_steps(project.map.pages, is_again=is_again, has_worker=worker.has_process)
    )
    ensure_isolation(project.project.isolation)
    received = replace(received, intake=received.intake.with_readings(cache.readings))
    ahead = WorkAhead(project, cache, worker)
    inputs = _read(project, received, ahead, parts["reading"])
    ahead.wait_for_communes()
    ground = lay_ground(inputs, project, cache=cache, progress=parts["ground"])
    inputs = judge(
        inputs,
        ground,
        received.intake,
        received.findings,
        wait_for=ahead.wait_for_delivery,
        progress=parts["judging"],
    )
    inputs = in_service(inputs, project, received.findings)
    _stop_on_errors(project, received)
    ahead.draw(inputs, ground)
    analysis = _analysed(inputs, ground, project, cache, cluster, parts["analysis"], is_again=is_again)
    report_communes(analysis, project, received.findings)
    facts = run_facts(output.path, project, received, inputs, analysis)
    ahead.wait_for_drawings()
    with _draft(output, facts.run_id, ahead.worker) as draft:
        before = None if received.variant else received.compared
        kept = replace(cache.results, lend=partial(lend, earlier_runs(received.series)))
        write_run(
            draft,
            project,
            inputs,
            analysis,
            facts,
            before,
            kept,
            worker=ahead.worker,
            progress=parts["writing"],
        )
        (parts["publishing"] or silent)(0.0, told("progress", "publishing"))
        folder, reasons = _publish(draft, output, project, received, inputs, facts, started)
    report = finished(project, facts, folder, analysis, before, time.monotonic() - started)
    return waiting(report, reasons)


def _analysed(
    inputs: Inputs,
    ground: Ground,
    project: Project,
    cache: Keep,
    cluster: str,
    progress: Progress,
    *,
    is_again: bool,
) -> Analysis:
    """Count and rank, here or on the workers of a cluster."""
    from ..coverage.analysis import analyse

    with _connected(cluster) as client:
        return analyse(
            inputs, ground, project, cache=cache, client=client, is_again=is_again, progress=progress
        )


def _cache_of(received: Received) -> Keep:
    """Give the place where runs of the series keep what later ones use again."""
    from ..coverage.cache import Keep

    cache = Keep(received.cache, people_hash(received.files), slot="-variant" if received.variant else "")
    cache.forget_leftovers()
    return cache


def _read(project: Project, received: Received, ahead: WorkAhead, progress: Progress) -> Inputs:
    """Read and check all inputs, and stop on errors."""
    inputs = read_inputs(
        project,
        received.findings,
        received.refusals,
        intake=received.intake,
        listener=ahead,
        progress=progress,
    )
    _stop_on_mistakes(received)
    _stop_on_errors(project, received)
    if inputs is None:
        raise InputError(received.findings.items)
    return inputs


@contextmanager
def _draft(output: OutputFolder, run_id: str, worker: Worker) -> Iterator[Path]:
    """Give the folder of a run that is being written; it goes when anything fails before it is published, and no worker writes there then."""
    folder = output.begin(run_id)
    try:
        yield folder
    except BaseException:
        worker.stop()
        if folder.exists():
            output.discard(folder)
        raise


def _publish(
    draft: Path,
    output: OutputFolder,
    project: Project,
    received: Received,
    inputs: Inputs,
    facts: RunFacts,
    started: float,
) -> tuple[Path, tuple[Both, ...]]:
    """Publish a run, or let it wait for approval; what it used is kept before anybody can see it, what no run uses any more goes after."""
    changed = () if received.variant else keep_all(inputs.deliveries, received.kept)
    if changed:
        findings = received.refusals.fresh()
        for path in changed:
            findings.add("file.changed", file=path)
        raise InputError(findings.items)
    share_unchanged(draft, earlier_runs(received.series))
    seconds = time.monotonic() - started
    folder, reasons = publish_or_hold_back(draft, output, project, received, facts.run_id, seconds)
    if received.variant is not None or reasons:  # the kept copies are those of the series
        return folder, reasons
    versions = (*received.intake.versions, *versions_in(facts.submissions, project.folder))
    try:
        received.kept.prune(files_in_use(versions))
    except WorkplaceError as error:  # the run is published: nothing may fail any more
        log.warning(told("errors", "warning.old_copies", error=error.args[0]))
    return folder, ()


@contextmanager
def _connected(cluster: str) -> Iterator[Any]:
    """Connect to the workers for the time of one overlay; none are asked for where the address is empty."""
    if not cluster:
        yield None
        return
    from ..coverage.overlay.distributed import connect

    client = connect(cluster)
    workers = client.cluster  # None for a scheduler that somebody else started and will stop
    try:
        yield client
    finally:
        client.close()
        if workers is not None:
            workers.close()


def _stop_on_mistakes(received: Received) -> None:
    """Stop where the project file is wrong about a submission, with everything else that is wrong: nobody else is to blame."""
    mistakes = received.intake.mistakes
    if mistakes:
        others = [*received.findings.errors, *received.refusals.errors]
        told = tuple(dict.fromkeys([*mistakes, *others]))
        raise ProjectError(*([item.sentence(language) for item in told] for language in ("en", "vi")))


def _stop_on_errors(project: Project, received: Received) -> None:
    """Stop with every error of every input at once, unless the run goes on without refused submissions."""
    everything = Findings(project.folder)
    everything.extend(received.findings)
    everything.extend(received.refusals)
    goes_on = project.project.refused_submissions != "stop" and not received.findings.errors
    if not goes_on:
        everything.raise_if_errors()
