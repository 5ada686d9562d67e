"""Judging the submissions of a run: what the rules say of each, and what is used instead of one they refuse.

The rules only measure and return their verdict; the files of earlier versions are read here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ..coverage.analysis import chosen_figures
from ..coverage.people.figures import report_disputed, report_unknown_land
from ..coverage.people.raster_reach import ends_inside, report_reach
from ..coverage.plausibility.judge import judge_submission, judge_together
from ..coverage.plausibility.measure import MeasuredSubmission, ReferenceCountry
from ..coverage.plausibility.official_totals import compare_totals
from ..coverage.plausibility.raster_people import people_on
from ..coverage.plausibility.sampled_ground import SampledCoverage, SampledGround
from ..coverage.setting.report import report_border, report_disagreement, report_special_zones
from ..data.project.effective import newest_day
from ..data.submissions.switched_off import days_of, without_switched_off
from ..data.submissions.versions import rows_of
from ..data.text.sentences import told
from ..progress import silent, stretch

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ..coverage.analysis import Analysis
    from ..coverage.ground import Ground
    from ..data.findings.collector import Findings
    from ..data.project.models import Project
    from ..data.reading import Inputs
    from ..data.submissions.intake import Intake
    from ..data.submissions.versions import Delivery
    from ..progress import Progress

    Measured = MeasuredSubmission[SampledCoverage]
    RasterPeople = Callable[[], NDArray[np.float64]]


def judge(
    inputs: Inputs,
    ground: Ground,
    intake: Intake,
    findings: Findings,
    *,
    wait_for: Callable[[int], None] | None = None,
    progress: Progress = None,
) -> Inputs:
    """Judge every submission by itself and beside the version before, then all of them together.

    Parameters
    ----------
    inputs
        What the readers returned.
    ground
        The grid and the communes of the run.
    intake
        Where the submissions came in: it has their earlier versions, and is told everything about them.
    findings
        Told about population and official figures.
    wait_for
        Called with the place of a submission in the project file before it is measured: somebody else may be burning it.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    Inputs
        With the last good version, or no data, for each submission that was refused here.
    """
    country = ReferenceCountry(inputs.communes)
    sampled = SampledGround(ground, len(inputs.communes.frame))
    deliveries, used = [], []
    steps = len(inputs.deliveries) + 1
    for number, delivery in enumerate(inputs.deliveries):
        source = delivery.source
        name = told("progress", "judging", operator=source.operator, service=source.service)
        part = stretch(progress, number / steps, (number + 1) / steps, name)
        if wait_for is not None:
            wait_for(number)
        kept, measured = _judged(delivery, country, sampled, intake, part)
        deliveries.append(kept)
        used += [measured] if measured is not None else []
    judge_together(used, country, intake.project.checks, intake.refusals)
    on_raster = raster_people(inputs, ground)
    judge_reach(inputs, ground, intake.project, findings, on_raster)
    _judge_totals(inputs, ground, intake, findings, on_raster)
    return inputs.with_deliveries(tuple(deliveries))


def _judged(
    delivery: Delivery,
    country: ReferenceCountry,
    sampled: SampledGround,
    intake: Intake,
    progress: Progress,
) -> tuple[Delivery, Measured | None]:
    """Judge one submission; one that is refused is replaced."""
    (progress or silent)(0.0, "")
    now = _measured(delivery, sampled, progress)
    if now is None or delivery.state != "delivered":
        return delivery, now
    before = _before(delivery, now, country, sampled, intake)
    verdict = judge_submission(now, before, country, intake.project.checks, intake.refusals)
    if not verdict.refused:
        return delivery, now
    replaced = intake.refuse(delivery, verdict.refused, country.communes)
    return replaced, _measured(replaced, sampled)


def _measured(delivery: Delivery, sampled: SampledGround, progress: Progress = None) -> Measured | None:
    """Measure what is used of a submission; None where there is no data."""
    submission = delivery.submission
    if submission is None:
        return None
    return MeasuredSubmission(delivery.source, submission, sampled.measure(submission, progress))


def _before(
    delivery: Delivery, now: Measured, country: ReferenceCountry, sampled: SampledGround, intake: Intake
) -> Measured | None:
    """Read and measure the version before; None where there is none, or this very version was published before."""
    before, version = intake.before(delivery.source), delivery.version
    if before is None or version is None or before.same_content(version):
        return None
    if rows_of(before.source, before.coverage) == rows_of(version.source, version.coverage):
        return now  # only its description changed: there is nothing to read again
    submission = intake.read_kept(delivery.source, country.communes)
    if submission is None:
        return None
    return MeasuredSubmission(before.source, submission, sampled.measure(submission))


def raster_people(inputs: Inputs, ground: Ground) -> RasterPeople:
    """Count the people of each commune by the raster, when that is asked for, and once."""
    count = len(inputs.communes.frame)
    return cache(lambda: people_on(ground.zones, ground.grid, inputs.population, count))


def judge_reach(
    inputs: Inputs, ground: Ground, project: Project, findings: Findings, on_raster: RasterPeople
) -> None:
    """Tell of the communes in which the raster of people ends, and of those that it does not reach.

    Parameters
    ----------
    inputs
        What the readers returned.
    ground
        The communes on the grid of the raster.
    project
        The project file: what else says how many people there are, and how much may be missing.
    findings
        Told about them; asked where the raster ends inside a commune.
    on_raster
        Counts the people of each commune by the raster.
    """
    frame = inputs.communes.frame
    if (ground.reached >= 1.0 - project.checks.unreached_share).all():
        return
    about = findings.about(project.population.named)
    stated = np.isfinite(chosen_figures(inputs, project).target)
    report_reach(frame, ground.reached, on_raster(), stated, project.checks.unreached_share, about)


def _judge_totals(
    inputs: Inputs, ground: Ground, intake: Intake, findings: Findings, on_raster: RasterPeople
) -> None:
    """Compare the official figures with the raster of people."""
    source, frame = intake.project.population.totals, inputs.communes.frame
    if inputs.totals is None or source is None:
        return
    codes = [str(code) for code in frame["code"]]
    official = np.array([inputs.totals.people.get(code, np.nan) for code in codes], dtype=np.float64)
    people = on_raster().copy()
    people[ends_inside(ground.reached, intake.project.checks.unreached_share)] = (
        0.0  # not all of their people
    )
    provinces = frame["province_code"].to_numpy()
    about = findings.about(source.path, source.sheet)
    compare_totals(official, people, codes, provinces, intake.project.checks, about)


def in_service(inputs: Inputs, project: Project, findings: Findings) -> Inputs:
    """Let the coverage of services that are switched off cover nobody.

    Parameters
    ----------
    inputs
        Judged.
    project
        The project file: the days and the newest delivery.
    findings
        Told which services are switched off.
    """
    days = days_of(project.profile, inputs.communes)
    return inputs.with_deliveries(
        without_switched_off(inputs.deliveries, days, newest_day(project), findings)
    )


def report_communes(analysis: Analysis, project: Project, findings: Findings) -> None:
    """Tell what the figures and the setting of the communes show.

    Parameters
    ----------
    analysis
        The result of the run.
    project
        The project file.
    findings
        Told about communes, people and rules.
    """
    about, stated = findings.about(project.population.named), findings.about(project.path)
    report_disputed(analysis.communes, about)
    report_border(analysis.communes, project.setting, stated)
    report_disagreement(analysis.communes, stated)
    report_special_zones(analysis.communes, findings.about(project.communes.path))
    if not project.population.is_calibrated:  # official figures are nobody else's
        report_unknown_land(analysis.figures, analysis.communes, analysis.beside_unknown, about)
