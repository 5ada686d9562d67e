"""The use cases: the only place where inputs, the computation and the maps meet."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from .coverage.analysis import analyse
from .coverage.cellbits import CELL_BITS, write_cell_bits
from .coverage.checking import check as check_file
from .coverage.cluster import connect
from .coverage.explain import explain as explain_commune
from .coverage.judging import Judge
from .coverage.keep import Keep
from .data.accepted import AcceptedFiles
from .data.answers import accepting
from .data.atomic import write_atomically
from .data.attempts import note_failure, note_success
from .data.deliveries import exit_code_of, record, used_instead, versions_in
from .data.export import write_outputs
from .data.findings import Findings
from .data.history import History, RunRecord
from .data.intake import Intake, files_in_use, is_kept, keep_all
from .data.isolation import isolation_report
from .data.manifest import RunFacts, build_manifest, canonical_json, damage, write_manifest
from .data.project import load_project
from .data.publish import OutputFolder
from .data.published import without_geometry
from .data.reading import hash_inputs, read_inputs
from .data.runs import inputs_digest, latest_run, next_run_id, open_run
from .data.sample import write_sample
from .data.versions import library_versions
from .errors import InputError, RunNotFoundError
from .maps.about import table_words
from .maps.build import rebuild_pages, write_pages
from .maps.labels import in_language
from .maps.old_data import sentences, with_old_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from .coverage.analysis import Analysis
    from .data.check_request import CheckReport, CheckRequest
    from .data.inputs import InputFile
    from .data.project import Project
    from .data.runs import Run
    from .errors import Finding

    Progress = Callable[[float, str], None] | None
    Records = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RunLabels:
    """What the project calls itself, in its own language."""

    notice: str
    title: str
    profile: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run has to say when it is done.

    ``figures`` are the country's; ``communes`` and ``provinces`` are the published tables without
    geometry. ``published`` is false and ``nothing_new`` true when the inputs are those of the latest run.
    ``submissions`` says what became of each submission, see ``deliveries.record``.
    """

    run_id: str
    folder: Path
    published: bool
    nothing_new: bool
    exit_code: int
    figures: Mapping[str, object]
    provinces: pd.DataFrame
    communes: pd.DataFrame
    black_spots_count: int
    findings: tuple[Finding, ...]
    submissions: Records
    map_path: Path | None
    seconds: float
    labels: RunLabels

    @property
    def notice(self) -> str:
        """Warning that stands on every output; empty where there is none."""
        return self.labels.notice

    @property
    def title(self) -> str:
        """Title of the project."""
        return self.labels.title

    @property
    def profile(self) -> str:
        """Name and version of the gap profile."""
        return self.labels.profile

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the run."""
        return self.labels.services


def check(request: CheckRequest, *, progress: Progress = None) -> CheckReport:
    """Check one file as the pipeline would, and whether it may be true; see :mod:`.coverage.checking`."""
    return check_file(request, progress=progress)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One commune in words, and the figures behind them."""

    text: str
    facts: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Checked:
    """The inputs of a run, hashed, what the checks said, and where the submissions came in."""

    files: tuple[InputFile, ...]
    findings: Findings
    refusals: Findings
    intake: Intake


def run(
    project_path: Path,
    *,
    overrides: Sequence[str] = (),
    accept: Sequence[str] = (),
    pages: str | None = None,
    cluster: str = "",
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
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Raises
    ------
    ProjectError
        The project file is wrong.
    InputError
        Inputs were refused; nothing was published.
    BusyError
        Another run holds the output folder.
    WorkplaceError
        Disk, rights or memory do not suffice.
    """
    changes = [*overrides, *([f'map.pages="{pages}"'] if pages else [])]
    project = accepting(load_project(project_path, changes), accept)
    started = time.monotonic()
    with OutputFolder(project.project.out) as output:
        try:
            report = _run_held(project, output, started, cluster, progress)
        except BaseException as error:
            note_failure(output.path, error, time.monotonic() - started)
            raise
        note_success(
            output.path,
            run_id=report.run_id,
            published=report.published,
            code=report.exit_code,
            seconds=report.seconds,
            findings=report.findings,
            submissions=report.submissions,
            messages=sentences(report.submissions, "en"),
        )
    return report


def demo(folder: Path, *, progress: Progress = None) -> RunReport:
    """Write the sample project into a folder and run it."""
    return run(write_sample(folder), progress=progress)


def list_runs(out: Path) -> list[RunRecord]:
    """Give the history of an output folder, oldest first; empty where nothing was ever run."""
    if not out.is_dir():
        return []
    with History(out) as history:
        history.add_missing(out)
        return list(history.runs())


def explain(out: Path, code: str, *, run: str = "", language: str = "vi") -> Explanation:
    """Say everything about one commune of a run.

    Raises
    ------
    RunNotFoundError
        No such run, or no such commune in it.
    """
    chosen = open_run(out, run or "latest")
    communes = pd.read_parquet(chosen.folder / "communes.parquet").drop(columns="geometry")
    spots = pd.read_parquet(chosen.folder / "black_spots.parquet").drop(columns="geometry")
    found = communes[communes["code"] == code]
    if found.empty:
        raise RunNotFoundError(f"run {chosen.id} has no commune {code}; look the code up in communes.csv")
    row = {str(name): value for name, value in found.iloc[0].items()}
    operators = cast("Mapping[str, str]", chosen.figures.get("operators", {}))
    lines = explain_commune(row, spots[spots["code"] == code], "en" if language == "en" else "vi", operators)
    lines += sentences(chosen.submissions, "en" if language == "en" else "vi")
    return Explanation("\n".join(lines), row)


def rebuild_map(
    run_folder: Path, *, title: str = "", language: str = "", progress: Progress = None
) -> list[Path]:
    """Build the pages of an old run again, beside it: a published run is never changed."""
    return list(rebuild_pages(run_folder, title=title, language=language, progress=progress))


def _run_held(
    project: Project, output: OutputFolder, started: float, cluster: str, progress: Progress
) -> RunReport:
    """Run while the output folder is held."""
    say = progress or _silent
    say(0.0, "hash")
    accept = project.checks.accept
    findings = Findings(project.folder, accept)
    refusals = findings.fresh()
    files = hash_inputs(project, findings, refusals)
    latest, kept = latest_run(output.path), AcceptedFiles(output.path)
    if latest is not None and _is_known(latest, project, files, kept):
        return _nothing_new(project, latest, time.monotonic() - started)
    versions = () if latest is None else versions_in(latest.submissions, project.folder)
    intake = Intake(project, files, refusals, kept, versions)
    checked = _Checked(files, findings, refusals, intake)
    inputs = read_inputs(project, findings, refusals, intake=intake, progress=_stretch(progress, 0.02, 0.25))
    _stop_on_errors(project, checked)
    if inputs is None:
        raise InputError(findings.items)
    with _connected(cluster) as client:
        analysis = analyse(
            inputs,
            project,
            cache=Keep(output.path / "cache", {item.role: item.sha256 for item in files}["population"]),
            client=client,
            settle=Judge(intake, findings),
            progress=_stretch(progress, 0.25, 0.6),
        )
    _stop_on_errors(project, checked)
    facts = _facts(output.path, project, checked, analysis)
    folder = output.begin(facts.run_id)
    try:
        _write(folder, project, analysis, facts, latest, _stretch(progress, 0.6, 1.0))
        _keep(checked, analysis, kept)
        final = output.publish(folder, facts.run_id)
    except BaseException:
        if folder.exists():
            output.discard(folder)
        raise
    kept.prune(files_in_use((*versions, *versions_in(facts.submissions, project.folder))))
    return _report(project, facts, final, analysis, time.monotonic() - started)


def _is_known(latest: Run, project: Project, files: tuple[InputFile, ...], kept: AcceptedFiles) -> bool:
    """Say whether the latest run is of these inputs, and is whole together with the versions it used."""
    digest = _digest(project, files, latest.submissions)
    return (
        latest.inputs_digest == digest
        and not damage(latest.folder)
        and is_kept(latest.submissions, project.folder, kept)
    )


def _digest(project: Project, files: tuple[InputFile, ...], submissions: Records) -> str:
    versions = json.dumps(library_versions())
    return inputs_digest(files, project.digest(), versions, used_instead(submissions))


def _keep(checked: _Checked, analysis: Analysis, kept: AcceptedFiles) -> None:
    """Keep what the run used, before anybody can see the run."""
    changed = keep_all(analysis.inputs.deliveries, kept)
    if changed:
        findings = checked.refusals.fresh()
        for path in changed:
            findings.add("file.changed", file=path)
        raise InputError(findings.items)


@contextmanager
def _connected(cluster: str) -> Iterator[Any]:
    """Connect to the workers for the time of one overlay; none are asked for where the address is empty."""
    if not cluster:
        yield None
        return
    client = connect(cluster)
    workers = client.cluster  # None for a scheduler that somebody else started and will stop
    try:
        yield client
    finally:
        client.close()
        if workers is not None:
            workers.close()


def _stop_on_errors(project: Project, checked: _Checked) -> None:
    """Stop with every error of every input at once, unless the run goes on without refused submissions."""
    everything = Findings(project.folder)
    everything.extend(checked.findings)
    everything.extend(checked.refusals)
    goes_on = project.project.refused_submissions != "stop" and not checked.findings.errors
    if not goes_on:
        everything.raise_if_errors()


def _facts(out: Path, project: Project, checked: _Checked, analysis: Analysis) -> RunFacts:
    """Put together what the run says about itself; its name comes from all that decided its result."""
    deliveries = analysis.inputs.deliveries
    digest = _digest(project, checked.files, [record(item, "", project.folder) for item in deliveries])
    run_id = next_run_id(out, digest)
    submissions = tuple(record(item, run_id, project.folder) for item in deliveries)
    return RunFacts(
        run_id=run_id,
        inputs_digest=digest,
        inputs=checked.files,
        project_file=project.path,
        project_digest=project.digest(),
        profile=project.profile.model_dump(mode="json") | {"digest": project.profile.digest()},
        versions=library_versions() | {"isolation": isolation_report().level},
        findings=_all_findings(checked),
        figures=analysis.figures,
        title=project.project.title.model_dump(),
        notice=with_old_data(project.project.notice.model_dump(), submissions),
        submissions=submissions,
        operations=checked.findings.ledger.operations,
    )


def _write(
    folder: Path,
    project: Project,
    analysis: Analysis,
    facts: RunFacts,
    latest: Run | None,
    progress: Progress,
) -> None:
    """Fill the folder of a run; its manifest comes last."""
    write_outputs(
        folder,
        communes=analysis.communes,
        provinces=analysis.provinces,
        black_spots=analysis.black_spots,
        notice=in_language(facts.notice, project.map.language),
        about=table_words(project, facts),
        progress=_stretch(progress, 0.0, 0.35),
    )
    write_cell_bits(folder / CELL_BITS, analysis.cells, progress=_stretch(progress, 0.35, 0.4))
    write_pages(
        folder, project, analysis.inputs, analysis, facts, latest, progress=_stretch(progress, 0.4, 1.0)
    )
    write_atomically(folder / "findings.json", canonical_json([asdict(item) for item in facts.findings]))
    write_manifest(folder, build_manifest(folder, facts))


def _all_findings(checked: _Checked) -> tuple[Finding, ...]:
    """Give what the checks said about everything, worst first."""
    everything = Findings()
    everything.extend(checked.findings)
    everything.extend(checked.refusals)
    return everything.items


def _report(project: Project, facts: RunFacts, folder: Path, analysis: Analysis, seconds: float) -> RunReport:
    page = folder / "map.html"
    return RunReport(
        run_id=facts.run_id,
        folder=folder,
        published=True,
        nothing_new=False,
        exit_code=exit_code_of(facts.submissions),
        figures=analysis.figures,
        provinces=analysis.provinces,
        communes=without_geometry(analysis.communes).sort_values("rank", ignore_index=True),
        black_spots_count=len(analysis.black_spots),
        findings=tuple(facts.findings),
        submissions=facts.submissions,
        map_path=page if page.exists() else None,
        seconds=seconds,
        labels=_labels(project, facts.notice, analysis.layers.services),
    )


def _nothing_new(project: Project, latest: Run, seconds: float) -> RunReport:
    """Report the latest run again: its inputs are the same."""
    page = latest.folder / "map.html"
    communes = pd.read_parquet(latest.folder / "communes.parquet").drop(columns="geometry")
    spots = pd.read_parquet(latest.folder / "black_spots.parquet", columns=["spot_id"])
    text_columns = dict.fromkeys(("province_code", "province_name"), "str")
    return RunReport(
        run_id=latest.id,
        folder=latest.folder,
        published=False,
        nothing_new=True,
        exit_code=exit_code_of(latest.submissions),
        figures=latest.figures,
        provinces=pd.read_csv(latest.folder / "provinces.csv", dtype=text_columns, encoding="utf-8-sig"),
        communes=communes.sort_values("rank", ignore_index=True),
        black_spots_count=len(spots),
        findings=latest.findings,
        submissions=latest.submissions,
        map_path=page if page.exists() else None,
        seconds=seconds,
        labels=_labels(project, latest.notice, project.services),
    )


def _labels(project: Project, notice: Mapping[str, str], services: tuple[str, ...]) -> RunLabels:
    profile, language = project.profile, project.map.language
    title = project.project.title.text(language)
    return RunLabels(in_language(notice, language), title, f"{profile.id} {profile.version}", services)


def _stretch(progress: Progress, start: float, end: float) -> Progress:
    """Give a step its own stretch of the progress line."""
    if progress is None:
        return None
    return lambda fraction, text: progress(start + (end - start) * fraction, text)


def _silent(_fraction: float, _text: str) -> None:
    """Report to nobody."""
