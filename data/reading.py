"""Everything a project file names, read and checked together, so that one report holds all problems."""

# ruff: noqa: PLC0415 - inputs are hashed before the libraries that read them are loaded

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ..progress import silent
from .disk.atomic import reason_of
from .disk.copying import NotRegularError, TooLargeError
from .disk.hashing import input_file
from .text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from ..progress import Progress
    from .context.read import ContextLayer
    from .country.communes import Communes
    from .country.lists import Lines
    from .country.overrides import Override
    from .country.places import NamedPlaces
    from .country.population import PopulationRaster
    from .country.totals import OfficialTotals
    from .disk.hashing import Expected, InputFile
    from .findings.collector import Findings
    from .project.models import Project
    from .project.population import PopulationSource
    from .project.profile import SettingRules
    from .readers.facts import LayerFacts
    from .settlements.read import Settlements
    from .submissions.intake import Intake
    from .submissions.reader import Submission
    from .submissions.versions import Delivery

_OF_SUBMISSIONS = frozenset({"coverage", "extent"})  # roles of inputs


class Refusal(NamedTuple):
    """A submission that was refused without a version to fall back on: whose it is, and what decides whether it would count."""

    operator: str
    service: str
    basis: str
    environment: str = ""
    service_class: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything a run has read and checked.

    ``border_codes`` and ``island_codes`` are the legal lists, None where the project names none that is in force;
    ``lists`` has the class of each commune of every further list in force, by the list's name;
    ``overrides`` holds the decisions about the people of single communes, ``alternatives`` the further rasters of people.
    ``land_border``, ``fixed_links``, ``neighbours``, ``land`` (which shares the people of edge cells) and ``places`` (settlements with
    names) are None where the project names no such file. ``refused`` names
    the submissions from which there is no data anywhere. ``villages`` and ``reported`` (villages without a signal by
    somebody's list) are None, ``facilities`` (by kind) empty where the project names none; ``former`` has the names before a reform, None without
    such a table; ``context`` what the map shows around black spots. ``deliveries`` says what became of each submission, in
    the order of the project file.
    """

    communes: Communes
    population: PopulationRaster
    totals: OfficialTotals | None
    submissions: tuple[Submission, ...]
    refused: tuple[Refusal, ...]
    border_codes: frozenset[str] | None
    island_codes: frozenset[str] | None
    land_border: Lines | None
    neighbours: Lines | None
    places: NamedPlaces | None = None
    deliveries: tuple[Delivery, ...] = ()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    alternatives: tuple[PopulationRaster, ...] = ()
    land: Lines | None = None
    fixed_links: Lines | None = None
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    villages: Settlements | None = None
    reported: pd.DataFrame | None = None
    facilities: Mapping[str, Settlements] = field(default_factory=dict)
    former: pd.DataFrame | None = None
    context: tuple[ContextLayer, ...] = ()

    def with_deliveries(self, deliveries: tuple[Delivery, ...]) -> Inputs:
        """Give the same inputs with other submissions."""
        return replace(self, deliveries=deliveries, **_split(deliveries))  # type: ignore[arg-type] # two fields

    @property
    def facts(self) -> Iterator[tuple[str, LayerFacts]]:
        """What is known of every layer and raster that was read, with its role, in the order of the project file.

        Of a submission that was refused these are the files handed in.
        """
        yield from _known("communes", self.communes.facts)
        yield from _known("provinces", self.communes.province_facts)
        for facts in self.population.facts:
            yield from _known("population", facts)
        for raster in self.alternatives:
            for facts in raster.facts:
                yield from _known("population alternative", facts)
        for delivery in self.deliveries:
            yield from _known("coverage", delivery.facts.coverage)
            yield from _known("extent", delivery.facts.extent)
        around = {
            "land": self.land,
            "land border": self.land_border,
            "fixed links": self.fixed_links,
            "places": self.places,
            "neighbours": self.neighbours,
        }
        for role, known in around.items():
            yield from _known(role, None if known is None else known.facts)
        yield from _known("villages", None if self.villages is None else self.villages.facts)
        for facilities in self.facilities.values():
            yield from _known("facilities", facilities.facts)
        for layer in self.context:
            yield from _known("context", layer.facts)

    @property
    def named_places(self) -> NamedPlaces | None:
        """What black spots are named after: the named places, else the villages, else those of the context; None without."""
        from .country.places import together

        if self.places is not None:
            return self.places
        if self.villages is not None:
            table = self.villages.table
            return together([(table["name"], table[["lon", "lat"]], self.villages.facts)])
        around = [layer for layer in self.context if layer.kind == "villages"]
        return together([(layer.name, layer.lonlat, layer.facts) for layer in around])

    def facts_of(self, files: Iterable[InputFile]) -> tuple[LayerFacts | None, ...]:
        """Say for every hashed input what is known of it since it was read.

        Parameters
        ----------
        files
            From :func:`hash_inputs`. A file that is used several times stands there as often.

        Returns
        -------
        tuple of LayerFacts or None
            In the order of ``files``; None for tables that have no coordinates.
        """
        read: defaultdict[tuple[str, Path], deque[LayerFacts]] = defaultdict(deque)
        for role, facts in self.facts:
            read[role, facts.path].append(facts)
        found = (read[file.role, file.path] for file in files)
        return tuple(uses.popleft() if uses else None for uses in found)


def _known(role: str, facts: LayerFacts | None) -> Iterator[tuple[str, LayerFacts]]:
    if facts is not None:
        yield role, facts


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
    from .country.communes import read_communes
    from .country.population import open_population
    from .country.repaired_ground import report_people
    from .readers.facts import Refused
    from .submissions.intake import Intake

    say = progress or silent
    say(0.0, told("progress", "communes", file=project.communes.path.name))
    intake = intake or Intake(project, (), refusals)
    expected = intake.expected
    read = read_communes(project.communes, project.provinces, findings, expected)
    communes = None if isinstance(read, Refused) else read
    say(0.4, told("progress", "population", file=project.population.named.name))
    population = open_population(project.population, findings, project.checks, expected)
    deliveries: list[Delivery] = []
    for number, source in enumerate(project.submissions):
        say(
            0.5 + 0.4 * number / len(project.submissions),
            told(
                "progress",
                "coverage",
                operator=source.operator,
                service=source.service,
                file=source.path.name,
            ),
        )
        deliveries.append(intake.take(source, communes))
    say(0.9, told("progress", "rest"))
    rest = _rest(project, communes, findings, expected)
    if communes is None or population is None:
        return None
    border = project.setting.border
    if border.list is None and border.land_border is None:
        findings.add("setting.no-border", file=project.path)
    _tell_what_does_not_count(project, findings)
    taken = tuple(deliveries)
    inputs = Inputs(communes, population, deliveries=taken, **_split(taken), **rest)  # type: ignore[arg-type] # each key has its own type
    for collector, theirs in ((findings, False), (refusals, True)):
        layers = (facts for role, facts in inputs.facts if (role in _OF_SUBMISSIONS) == theirs)
        report_people(population, layers, collector)
    return inputs


def _tell_what_does_not_count(project: Project, findings: Findings) -> None:
    """Name the submissions whose environment or class of service is not asked for: nobody may take them for counted."""
    for source in project.submissions:
        if source.basis in project.profile.counted_basis and not project.profile.counts(source):
            findings.add(
                "profile.not-counted",
                file=source.path,
                operator=source.operator,
                service=source.service,
                environment=source.environment or "-",
                service_class=source.service_class or "-",
                profile=project.profile.id,
            )


def _rest(
    project: Project, communes: Communes | None, findings: Findings, expected: Expected
) -> dict[str, object]:
    """Read what stands beside communes, people and submissions; None where the project names no such file."""
    from .context.read import read_context
    from .country.lists import read_legal_lists, read_lines
    from .country.overrides import read_overrides
    from .country.places import read_places
    from .country.population import open_population
    from .country.totals import read_totals
    from .settlements.of_project import read_settlements

    totals, overrides = project.population.totals, project.population.overrides
    others = [
        open_population(raster, findings, expected=expected) for raster in project.population.alternatives
    ]
    drawn = {"land_border": project.setting.border.land_border, "neighbours": project.map.neighbours}
    land, links = project.population.land, project.setting.island.fixed_links
    around = [read_context(source, findings, expected) for source in project.map.context]
    return {
        "totals": None if totals is None else read_totals(totals, communes, findings, expected),
        "places": None if project.places is None else read_places(project.places, findings, expected),
        "overrides": {} if overrides is None else read_overrides(overrides, communes, findings, expected),
        "alternatives": tuple(raster for raster in others if raster is not None),
        **read_legal_lists(project, communes, findings, expected),
        **{
            name: None if source is None else read_lines(source, findings, expected=expected)
            for name, source in drawn.items()
        },
        "land": None if land is None else read_lines(land, findings, kinds=("polygon",), expected=expected),
        "fixed_links": None
        if links is None
        else read_lines(links, findings, kinds=("line",), expected=expected),
        **read_settlements(project, communes, findings, expected),
        "context": tuple(layer for layer in around if layer is not None),
    }


def _split(deliveries: tuple[Delivery, ...]) -> dict[str, object]:
    """Tell what is used from whom there is no data."""
    return {
        "submissions": tuple(item.submission for item in deliveries if item.submission is not None),
        "refused": tuple(
            Refusal(one.operator, one.service, one.basis, one.environment, one.service_class)
            for one in (item.source for item in deliveries if item.submission is None)
        ),
    }
