"""The files that a project names, hashed before any of them is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .disk.atomic import reason_of
from .disk.copying import NotRegularError, TooLargeError
from .disk.hashing import input_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .disk.hashing import InputFile
    from .findings.collector import Findings
    from .project.models import Project
    from .project.population import PopulationSource
    from .project.profile import SettingRules


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
        except (NotRegularError, TooLargeError):
            continue  # its reader says so, in the words of its kind
        except OSError as error:
            reason = reason_of(path, error)
            (refusals if role == "coverage" else findings).add("file.unreadable", file=path, reason=reason)
    return tuple(found)


def _named(project: Project) -> Iterator[tuple[str, Path, str]]:
    """Go through the inputs of a project: role, path, vintage."""
    yield "communes", project.communes.path, ""
    if project.communes.former is not None:
        yield "former names", project.communes.former.path, ""
    if project.provinces is not None:
        yield "provinces", project.provinces.path, ""
    yield from _population_files(project.population)
    for submission in project.submissions:
        vintage = submission.vintage_text
        yield "coverage", submission.path, vintage
        if submission.extent is not None and submission.extent.path is not None:
            yield "extent", submission.extent.path, vintage
    yield from _setting_files(project.setting)
    if project.places is not None:
        yield "places", project.places.path, ""
    if project.map.neighbours is not None:
        yield "neighbours", project.map.neighbours.path, ""
    yield from _settlement_files(project)
    for layer in project.map.context:
        yield "context", layer.path, ""


def _settlement_files(project: Project) -> Iterator[tuple[str, Path, str]]:
    """Go through the inputs that say where villages and facilities are."""
    if project.villages is not None:
        yield "villages", project.villages.path, ""
        if project.villages.reported is not None:
            yield "reported villages", project.villages.reported.path, ""
    for facilities in project.facilities:
        yield "facilities", facilities.path, ""


def _setting_files(rules: SettingRules) -> Iterator[tuple[str, Path, str]]:
    """Go through the inputs that say what is rural, border or island."""
    if rules.border.list is not None:
        yield "border list", rules.border.list.path, ""
    if rules.island.list is not None:
        yield "island list", rules.island.list.path, ""
    if rules.border.land_border is not None:
        yield "land border", rules.border.land_border.path, ""
    if rules.island.fixed_links is not None:
        yield "fixed links", rules.island.fixed_links.path, ""
    for name, source in sorted(rules.lists.items()):
        yield f"list {name}", source.path, ""


def _population_files(population: PopulationSource) -> Iterator[tuple[str, Path, str]]:
    """Go through the inputs that say where people live."""
    for path in population.files:
        yield "population", path, population.vintage
    if population.land is not None:
        yield "land", population.land.path, ""
    if population.totals is not None:
        yield "totals", population.totals.path, population.totals.vintage
    if population.overrides is not None:
        yield "overrides", population.overrides.path, ""
    for raster in population.alternatives:
        for path in raster.files:
            yield "population alternative", path, raster.vintage
