"""What a project names beside communes, people and submissions: lists, figures, land and lines, settlements, context."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .context import read as context
from .country import lists, places, totals
from .country.overrides import read_overrides
from .country.population import open_population
from .settlements.of_project import read_settlements

if TYPE_CHECKING:
    from .country.communes import Communes
    from .findings.collector import Findings
    from .project.models import Project
    from .read_before import ReadBefore


def read_surroundings(
    project: Project, communes: Communes | None, findings: Findings, read_before: ReadBefore
) -> dict[str, object]:
    """Read what stands beside communes, people and submissions.

    Parameters
    ----------
    project
        The project file.
    communes
        Those of the country; None leaves codes unchecked.
    findings
        Told every problem.
    read_before
        Has what an earlier run read of the same bytes.

    Returns
    -------
    dict
        The fields of :class:`blackspot.data.reading.Inputs` beside communes, population and submissions; None, or empty,
        where the project names no such file.
    """
    expected, overrides = read_before.expected, project.population.overrides
    others = [
        open_population(raster, findings, expected=expected) for raster in project.population.alternatives
    ]
    return {
        "totals": _totals(project, communes, findings, read_before),
        "overrides": {} if overrides is None else read_overrides(overrides, communes, findings, expected),
        "alternatives": tuple(raster for raster in others if raster is not None),
        **lists.read_legal_lists(project, communes, findings, expected),
        **_around(project, findings, read_before),
        **read_settlements(project, communes, findings, read_before),
    }


def _totals(
    project: Project, communes: Communes | None, findings: Findings, read_before: ReadBefore
) -> totals.OfficialTotals | None:
    """Read the official figures; their codes must be those of the communes."""
    source = project.population.totals
    if source is None:
        return None

    def make(told: Findings) -> totals.OfficialTotals | None:
        return totals.read_totals(source, communes, told, read_before.expected)

    if communes is None:
        return make(findings)
    files, content = project.country_files
    content = (source.model_dump_json(), *content)
    return read_before.read("totals", [source.path, *files], content, make, findings, totals.CLASSES)


def _around(project: Project, findings: Findings, read_before: ReadBefore) -> dict[str, object]:
    """Read lines, land, named places and context: nothing but their own files decides them."""
    expected = read_before.expected
    drawn = partial(lists.read_lines, expected=expected)
    setting = project.setting
    named = partial(read_before.source, findings=findings)
    lines = partial(named, classes=lists.CLASSES)
    layers = [
        named(f"context-{number}", source, partial(context.read_context, expected=expected), context.CLASSES)
        for number, source in enumerate(project.map.context)
    ]
    return {
        "land_border": lines("land-border", setting.border.land_border, drawn),
        "neighbours": lines("neighbours", project.map.neighbours, drawn),
        "land": lines("land", project.population.land, partial(drawn, kinds=("polygon",))),
        "fixed_links": lines("fixed-links", setting.island.fixed_links, partial(drawn, kinds=("line",))),
        "places": named(
            "places", project.places, partial(places.read_places, expected=expected), places.CLASSES
        ),
        "context": tuple(layer for layer in layers if layer is not None),
    }
