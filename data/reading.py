"""Everything a project file names, read and checked together, so that one report holds all problems."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ..progress import silent
from .country.communes import read_communes
from .country.lists import read_code_list, read_lines
from .country.population import open_population
from .country.repaired_ground import tell_people
from .country.totals import read_totals
from .disk.hashing import input_file
from .submissions.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ..progress import Progress
    from .country.communes import Communes
    from .country.population import PopulationRaster
    from .country.totals import OfficialTotals
    from .disk.hashing import InputFile
    from .findings.collector import Findings
    from .project.models import Project
    from .submissions.reader import Submission
    from .submissions.versions import Delivery


class Refusal(NamedTuple):
    """A submission that was refused without a version to fall back on: whose it is, and its basis."""

    operator: str
    service: str
    basis: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run has read and checked.

    ``border_codes`` and ``island_codes`` are the legal lists, None where the project names none;
    ``land_border`` holds line geometries and ``neighbours`` polygons, both in EPSG:4326. ``refused`` names
    the submissions from which there is no data anywhere. ``deliveries`` says what became of each submission, in
    the order of the project file.
    """

    communes: Communes
    population: PopulationRaster
    totals: OfficialTotals | None
    submissions: tuple[Submission, ...]
    refused: tuple[Refusal, ...]
    border_codes: frozenset[str] | None
    island_codes: frozenset[str] | None
    land_border: NDArray[np.object_] | None
    neighbours: NDArray[np.object_] | None
    deliveries: tuple[Delivery, ...] = ()

    def with_deliveries(self, deliveries: tuple[Delivery, ...]) -> Inputs:
        """Give the same inputs with other submissions."""
        return replace(self, deliveries=deliveries, **_split(deliveries))  # type: ignore[arg-type] # two fields


def hash_inputs(project: Project, findings: Findings, refusals: Findings) -> tuple[InputFile, ...]:
    """Hash every file and folder the project names.

    Parameters
    ----------
    project
        The project file.
    findings
        Gets an error for each input that is missing or unreadable.
    refusals
        Gets it instead when the input is a coverage file.

    Returns
    -------
    tuple of InputFile
        In the order of the project file, without those that could not be read.
    """
    found = []
    for role, path, vintage in _named(project):
        try:
            found.append(input_file(role, path, vintage))
        except FileNotFoundError:
            (refusals if role == "coverage" else findings).add("file.missing", file=path)
        except OSError as error:
            reason = error.strerror or str(error)
            (refusals if role == "coverage" else findings).add("file.unreadable", file=path, reason=reason)
    for collector in (findings, refusals):
        collector.ledger.expected.update({file.path: file.sha256 for file in found})
    return tuple(found)


def _named(project: Project) -> Iterator[tuple[str, Path, str]]:
    """Go through the inputs of a project: role, path, vintage."""
    yield "communes", project.communes.path, ""
    if project.provinces is not None:
        yield "provinces", project.provinces.path, ""
    yield "population", project.population.path, project.population.vintage
    if project.population.totals is not None:
        yield "totals", project.population.totals.path, project.population.totals.vintage
    for submission in project.submissions:
        vintage = "" if submission.vintage is None else submission.vintage.isoformat()
        yield "coverage", submission.path, vintage
        if submission.extent is not None and submission.extent.path is not None:
            yield "extent", submission.extent.path, vintage
    for role, rules in (("border", project.setting.border), ("island", project.setting.island)):
        if rules.list is not None:
            yield f"{role} list", rules.list.path, ""
    if project.setting.border.land_border is not None:
        yield "land border", project.setting.border.land_border.path, ""
    if project.map.neighbours is not None:
        yield "neighbours", project.map.neighbours.path, ""


def read_inputs(
    project: Project,
    findings: Findings,
    refusals: Findings,
    *,
    intake: Intake | None = None,
    progress: Progress = None,
) -> Inputs | None:
    """Read and check all inputs of a project.

    Parameters
    ----------
    project
        The project file.
    findings
        Collects what the checks have to say about every input but the submissions.
    refusals
        Collects what they say about the submissions.
    intake
        Takes the submissions in; None for reading alone, without any version to fall back on.
    progress
        Called with a fraction from 0 to 1 and the name of the file being read.

    Returns
    -------
    Inputs or None
        None when the communes or the population cannot be used. A submission that was refused, with error
        findings of its own, has been replaced as ``intake`` says.
    """
    say = progress or silent
    say(0.0, project.communes.path.name)
    communes = read_communes(project.communes, project.provinces, findings)
    say(0.4, project.population.path.name)
    population = open_population(project.population, findings, project.checks)
    intake = intake or Intake(project, (), refusals)
    deliveries: list[Delivery] = []
    for number, source in enumerate(project.submissions):
        say(0.5 + 0.4 * number / len(project.submissions), source.path.name)
        deliveries.append(intake.take(source, communes))
    say(0.9, "setting")
    border, island = project.setting.border, project.setting.island
    totals = project.population.totals
    rest = {
        "totals": None if totals is None else read_totals(totals, communes, findings),
        "border_codes": None if border.list is None else read_code_list(border.list, communes, findings),
        "island_codes": None if island.list is None else read_code_list(island.list, communes, findings),
        "land_border": None if border.land_border is None else read_lines(border.land_border, findings),
        "neighbours": None
        if project.map.neighbours is None
        else read_lines(project.map.neighbours, findings),
    }
    if communes is None or population is None:
        return None
    tell_people(population, findings, refusals)
    taken = tuple(deliveries)
    return Inputs(communes, population, deliveries=taken, **_split(taken), **rest)  # type: ignore[arg-type] # each key has its own type


def _split(deliveries: tuple[Delivery, ...]) -> dict[str, object]:
    """Tell what is used from whom there is no data."""
    return {
        "submissions": tuple(item.submission for item in deliveries if item.submission is not None),
        "refused": tuple(
            Refusal(item.source.operator, item.source.service, item.source.basis)
            for item in deliveries
            if item.submission is None
        ),
    }
