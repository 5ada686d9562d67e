"""Everything a project file names, read and checked together, so that one report holds all problems."""

# ruff: noqa: PLC0415 - a run without anything new never loads the libraries that read files

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..progress import silent
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
    from .disk.hashing import InputFile
    from .findings.collector import Findings
    from .project.models import Project
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


class ReadingListener(Protocol):
    """Is told what has been read while the rest is still being read."""

    def has_ground(self, communes: Communes, population: PopulationRaster) -> None:
        """Hear that communes and people have been read."""

    def has_delivery(self, delivery: Delivery) -> None:
        """Hear that a submission has been read; they come in the order of the project file."""


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


def read_inputs(
    project: Project,
    findings: Findings,
    refusals: Findings,
    *,
    intake: Intake | None = None,
    listener: ReadingListener | None = None,
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
        Takes the submissions in, and has what was read before; None for reading alone, without any version to fall back on.
    listener
        Told of communes and people together, and of each submission, as soon as they are read.
    progress
        Called with a fraction from 0 to 1 and the name of the file being read.

    Returns
    -------
    Inputs or None
        None when the communes or the population cannot be used. A submission that was refused, with error
        findings of its own, has been replaced as ``intake`` says.
    """
    from .country.communes import CLASSES, read_communes
    from .country.population import open_population
    from .country.repaired_ground import report_people
    from .read_before import NOT_BEFORE
    from .readers.facts import Refused
    from .submissions.intake import Intake
    from .surroundings import read_surroundings

    say = progress or silent
    say(0.0, told("progress", "communes", file=project.communes.path.name))
    intake = intake or Intake(project, (), refusals)
    expected, read_before = intake.expected, intake.read_before or NOT_BEFORE

    def country(told: Findings) -> Communes | Refused[LayerFacts]:
        return read_communes(project.communes, project.provinces, told, expected)

    files, content = project.country_files
    read = read_before.read("communes", files, content, country, findings, CLASSES)
    communes = None if isinstance(read, Refused) else read
    say(0.4, told("progress", "population", file=project.population.named.name))
    population = open_population(project.population, findings, project.checks, expected)
    if listener is not None and communes is not None and population is not None:
        listener.has_ground(communes, population)
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
        if listener is not None:
            listener.has_delivery(deliveries[-1])
    say(0.9, told("progress", "rest"))
    rest = read_surroundings(project, communes, findings, read_before)
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


def _split(deliveries: tuple[Delivery, ...]) -> dict[str, object]:
    """Tell what is used from whom there is no data."""
    return {
        "submissions": tuple(item.submission for item in deliveries if item.submission is not None),
        "refused": tuple(
            Refusal(one.operator, one.service, one.basis, one.environment, one.service_class)
            for one in (item.source for item in deliveries if item.submission is None)
        ),
    }
