"""What a run would count of one coverage file: its people, by the run's own steps."""

# ruff: noqa: PLC0415 - what counts people, as a run does, waits for a check that has people to count

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from ..data.checking.subject import outline_box
from ..data.country.population import open_population
from ..data.findings.collector import Findings
from ..data.project.limits import CheckRules
from ..data.project.models import CommunesSource, Project
from ..data.project.population import PopulationSource
from ..data.project.profile import Profile
from ..data.submissions.intake import Intake
from ..data.submissions.versions import Delivery

_ANYWHERE = 1.0  # the outline box is no commune that a raster must fill
_UNREACHED = CheckRules().unreached_share

if TYPE_CHECKING:
    from ..data.checking.subject import Subject
    from ..data.country.communes import Communes
    from ..data.project.models import SubmissionSource
    from ..data.reading import Inputs
    from ..data.submissions.reader import Submission
    from ..progress import Progress


@dataclass(frozen=True, slots=True)
class _AlreadyRead(Intake):
    """Takes in one submission that was read before."""

    submission: Submission | None = None

    def take(self, source: SubmissionSource, communes: Communes | None) -> Delivery:  # noqa: ARG002 - it is read
        """Give what was read."""
        assert self.submission is not None  # noqa: S101 - the only way to make one
        return Delivery(source, None, self.submission, None, facts=self.submission.facts)


def people_covered(
    subject: Subject, source: SubmissionSource, submission: Submission, progress: Progress = None
) -> float | None:
    """Count the people whom a submission covers, as a run counts them for its operator and service.

    Parameters
    ----------
    subject
        The check: its project, or the raster of people it names.
    source
        The submission, described as the project does.
    submission
        What was read of it.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    float or None
        People in communes; in the outline box where no communes are given. None where no people are known, or the
        communes or people of the project cannot be used, which a check of those files tells.
    """
    project = _project(subject, source)
    if project is None:
        return None
    from ..coverage.analysis import count
    from ..coverage.ground import lay_ground
    from .judge import judge_reach, raster_people

    findings = Findings(project.folder, (*project.checks.accept, *subject.request.accept))
    inputs = _inputs(subject, project, submission, findings)
    ground = None if inputs is None else lay_ground(inputs, project)
    if inputs is not None and ground is not None:
        judge_reach(inputs, ground, project, findings, raster_people(inputs, ground))
    if inputs is None or ground is None or findings.errors:
        codes = [item.code for item in findings.errors]
        subject.about.add("check.comparison-unusable", other=project.population.named.name, codes=codes)
        return None
    found = count(inputs, ground, project, progress=progress)
    headcount, layers = found.headcount, found.layers.table
    if source.service not in layers.services:
        return None  # a basis that the profile does not count
    covered = layers.covered(headcount.masks, source.service, source.operator)
    return fsum(headcount.people[headcount.known][:, covered].sum(axis=1))


def _project(subject: Subject, source: SubmissionSource) -> Project | None:
    """Give the project of the check with this submission alone; else one of the raster that the check names."""
    raster = subject.request.population
    if subject.project is not None:
        changes: dict[str, object] = {"submissions": (source,)}
        if raster is not None:
            changes["population"] = PopulationSource(path=raster)
        return subject.project.model_copy(update=changes)
    if raster is None:
        return None
    return Project(
        communes=CommunesSource(path=subject.request.communes or subject.path),
        population=PopulationSource(path=raster),
        submissions=(source,),
        profile=Profile(id="check", version="1", services=(source.service,)),
        checks=CheckRules(unreached_share=_ANYWHERE if subject.communes is None else _UNREACHED),
    )


def _inputs(subject: Subject, project: Project, submission: Submission, findings: Findings) -> Inputs | None:
    """Read what the people are counted on; the submission itself is read already."""
    from ..data.reading import Inputs, read_inputs

    if subject.project is not None:
        intake = _AlreadyRead(project, (), findings.fresh(), submission=submission)
        return read_inputs(project, findings, findings.fresh(), intake=intake)
    population = open_population(project.population, findings)
    if population is None:
        return None
    return Inputs(
        communes=subject.communes or outline_box(),
        population=population,
        totals=None,
        submissions=(submission,),
        refused=(),
        border_codes=None,
        island_codes=None,
        land_border=None,
        neighbours=None,
    )
