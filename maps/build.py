"""From a finished analysis to its map pages, and from a kept run to pages built again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from ..data.disk.kept import NOTHING_KEPT
from ..data.reference.facts import is_viet_nam, sea_names
from ..data.runs.series import Difference, differences
from ..data.text.sentences import say
from ..data.text.slug import slug
from ..data.text.words import LANGUAGES, texts
from ..progress import in_turn
from .ahead import drawn_coverage
from .pages.context import surroundings
from .pages.map_data import Changes, PreviousPeriod
from .pages.page import build_change_page, build_pages
from .pages.store import read_map_data, stored_period, stored_unsure, write_map_layers
from .summary.change_page import page_facts
from .words.labels import in_language
from .words.on_page import finding_text, not_compared_text
from .words.refused import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from ..coverage.analysis import Analysis
    from ..coverage.change.comparison import Comparison
    from ..data.disk.kept import KeptResults
    from ..data.project.models import Project, SubmissionSource
    from ..data.reading import Inputs
    from ..data.runs.listing import Run
    from ..data.runs.manifest import RunFacts
    from ..progress import Progress
    from .pages.page import Pages
    from .summary.change_tables import ChangeTables


def write_pages(
    folder: Path,
    project: Project,
    inputs: Inputs,
    analysis: Analysis,
    facts: RunFacts,
    previous: Run | None,
    *,
    kept: KeptResults = NOTHING_KEPT,
    progress: Progress = None,
) -> tuple[Path, ...]:
    """Write the map pages of a run, and what is needed to build them again.

    Parameters
    ----------
    folder
        The unfinished run folder, with its tables.
    project, inputs, analysis, facts
        The run; ``inputs`` are those that were analysed.
    previous
        The run before, for the change view; None for the first. One by other rules, people, boundaries or claims is
        not shown as change: the pages name what differs.
    kept
        Has the shapes of the pages, where they are made of the outlines and the coverage of an earlier run.
    progress
        Called with a fraction from 0 to 1 and the name of the step.
    """
    neighbours = None
    if inputs.neighbours is not None:
        neighbours = gpd.GeoDataFrame(geometry=inputs.neighbours.geometry, crs=inputs.communes.frame.crs)
    about = _about(project, inputs, analysis, facts)
    apart = () if previous is None else _apart(previous, facts)
    about["limits"] += [] if previous is None or not apart else [not_compared_text(previous.id, apart)]
    comparable = None if apart else previous
    parts = in_turn(progress, _seconds(project.map.pages))
    write_map_layers(
        folder,
        drawn_coverage(inputs.communes.frame, inputs.submissions, project.profile, kept, parts["layers"]),
        neighbours,
        about=about,
        previous=None if comparable is None else _period(comparable, str(about["period"])),
        unsure=analysis.unsure.assign(code=analysis.communes["code"].to_numpy()),
        former=inputs.former,
        context=surroundings(
            inputs.context, inputs.communes.frame, analysis.black_spots, 1000 * project.map.context_budget_kb
        ),
        kept=kept,
    )
    # The pages are built from the folder's own files, so that building them again gives the same bytes.
    return build_pages(
        replace(read_map_data(folder, analysis.communes.geometry), outlines=analysis.outlines),
        folder,
        pages=project.map.pages,
        language=project.map.language,
        kept=kept,
        progress=parts["pages"],
    )


def _seconds(pages: Pages) -> dict[str, float]:
    """Say how long the parts of the maps take, measured with the whole country."""
    return {"layers": 4.5, "pages": 18.0 if pages == "national" else 23.0}


def rebuild_pages(
    run_folder: Path, *, title: str = "", language: str = "", progress: Progress = None
) -> tuple[Path, ...]:
    """Build the pages of a kept run again, in a folder beside the runs.

    A published run never changes, so the new pages go to ``<out>/pages/<run>``.

    Parameters
    ----------
    run_folder
        A published run.
    title
        Title of the pages instead of the project's; empty keeps it.
    language
        Language the pages open in; empty keeps the project's.
    progress
        Called with a fraction from 0 to 1 and the name of the step.
    """
    run_folder = run_folder.resolve()  # out/latest is a link to the run
    data = read_map_data(run_folder)
    if title:
        data = data.with_title(title)
    opening = language or str(data.about.get("language", "vi"))
    target = run_folder.parent.parent / "pages" / run_folder.name
    target.mkdir(parents=True, exist_ok=True)
    kept = str(data.about.get("pages"))
    pages: Pages = "national" if kept == "national" else "provinces" if kept == "provinces" else "all"
    return build_pages(
        data, target, pages=pages, language="en" if opening == "en" else "vi", progress=progress
    )


def write_change_page(
    path: Path, found: Comparison, tables: ChangeTables, *, language: Literal["vi", "en"] = "vi"
) -> None:
    """Write the page of a comparison: the map of the later run, with what changed since the earlier one.

    Parameters
    ----------
    path
        The file.
    found
        The comparison.
    tables
        The same as tables.
    language
        Language the page opens in.

    Raises
    ------
    WorkplaceError
        The later run kept no map layers, as one without pages, or a file of a run is damaged.
    """
    data = read_map_data(found.after.folder)
    previous, now = _two_labels(found, str(data.about.get("period", "")))
    titles = {
        one: say(
            "compare",
            "page.title",
            one,
            before=previous.label,
            after=now,
            title=in_language(data.about.get("title", ""), one),
        )
        for one in LANGUAGES
    }
    shown = [event.what != "same" and not event.is_noise for event in found.events]
    events = tables.black_spots[np.array(shown, dtype=np.bool_)]
    page = replace(
        data,
        about={**data.about, "title": titles, "period": now},
        previous=previous if found.cause == "coverage" else replace(previous, run=""),
        changes=Changes(tables.communes, events, page_facts(found, tables)),
    )
    build_change_page(page, path, language=language)


def _two_labels(found: Comparison, now: str) -> tuple[PreviousPeriod, str]:
    """Give the earlier period, and what the later one is called: where both are of one date, their names are added."""
    previous = _period(found.before, "")
    if previous.label != now:
        return previous, now
    names = [_name(run) for run in (found.before, found.after)]
    return replace(previous, label=f"{previous.label} ({names[0]})"), f"{now} ({names[1]})"


def _name(run: Run) -> str:
    """Give the name of a variant, or the number of a run."""
    variant = cast("Mapping[str, object]", run.manifest.get("variant") or {})
    return str(variant.get("name") or run.id.partition("-")[0])


def _about(project: Project, inputs: Inputs, analysis: Analysis, facts: RunFacts) -> dict[str, Any]:
    """Say on the page what the run is made of."""
    profile, population = project.profile, project.population
    operators = cast("Mapping[str, str]", analysis.figures["operators"])
    vintages = sorted(item.vintage for item in inputs.submissions if item.vintage)
    return {
        "title": dict(facts.title),
        "notice": dict(facts.notice),
        "language": project.map.language,
        "pages": project.map.pages,
        "run": facts.run_id,
        "period": vintages[-1] if vintages else facts.run_id,
        "services": list(analysis.layers.services),
        "operators": [{"name": name, "slug": word} for word, name in operators.items()],
        "mobile_service": profile.mobile_service,
        "fibre_service": profile.fibre_service,
        "profile": dict(facts.profile),
        "population": {
            "source": population.source,
            "vintage": population.vintage,
            "edge_cells": population.edge_cells,
            "calibrate": "communes" if population.is_calibrated else "none",
        },
        "inputs": _inputs(project, facts),
        "figures": dict(analysis.figures),
        "refused": {language: list(sentences(facts.submissions, language)) for language in LANGUAGES},
        "findings": [
            {
                "severity": finding.severity,
                "message_vi": finding_text(finding, "vi"),
                "message_en": finding_text(finding, "en"),
                "count": finding.count,
            }
            for finding in facts.findings
        ],
        "versions": dict(facts.versions),
        **({"context_budget_kb": project.map.context_budget_kb} if project.map.context else {}),
        "limits": [text._asdict() for text in texts("limits")],
        "places": _names_on_the_sea(project, analysis),
    }


def _names_on_the_sea(project: Project, analysis: Analysis) -> list[dict[str, str | float]]:
    """List the project's own names; a map of Viet Nam also bears those of its sea and archipelagos."""
    named: list[dict[str, str | float]] = [
        {"vi": place.name.text("vi"), "en": place.name.text("en"), "lon": place.lon, "lat": place.lat}
        for place in project.map.places
    ]
    communes = analysis.communes
    provinces = zip(communes["province_code"].astype(str), communes["province_name"].astype(str), strict=True)
    if is_viet_nam(provinces):
        own = {slug(str(place["vi"])) for place in named}
        named += [name._asdict() for name in sea_names() if slug(name.vi) not in own]
    return named


def _inputs(project: Project, facts: RunFacts) -> list[dict[str, str | float]]:
    """List the inputs; a coverage file stands once for each submission that uses it.

    Of a refused submission the version that is used instead is listed; without one nothing was used.
    """
    listed: list[dict[str, str | float]] = [
        {"role": item.role, "file": item.path.name, "vintage": item.vintage, "sha256": item.sha256}
        for item in facts.inputs
        if item.role != "coverage"
    ]
    for source, entry in zip(project.submissions, facts.submissions, strict=True):
        if entry.used is not None:
            listed.append(
                {
                    "role": "coverage",
                    "file": entry.used.file,
                    "vintage": entry.used.vintage,
                    "sha256": entry.used.sha256,
                    "operator": source.operator,
                    "service": source.service,
                    "basis": source.basis,
                    **_read_as(source),
                }
            )
    return listed


def _read_as(source: SubmissionSource) -> dict[str, str | float]:
    """Say how a coverage file is read: what else decides which ground it covers, and for which it speaks."""
    extent = source.extent
    area = "country" if extent is None else "area" if extent.path else "provinces"
    given = {
        "buffer_m": source.buffer_m,
        "environment": source.environment,  # nobody may read a word that no operator wrote
        "service_class": source.service_class,
    }
    return {"extent": area, **{name: value for name, value in given.items() if value}}


def _apart(before: Run, facts: RunFacts) -> tuple[Difference, ...]:
    """Say in what the run before differs besides coverage."""
    return differences(before.manifest, facts.described())


def _period(run: Run, now: str) -> PreviousPeriod:
    """Take what the change view needs from the run before; two runs of one period are told apart by the number."""
    communes = pd.read_parquet(run.folder / "communes.parquet")
    spots = pd.read_parquet(run.folder / "black_spots.parquet")
    label = stored_period(run.folder) or run.id
    if label == now:
        label = f"{label} ({run.id.partition('-')[0]})"
    unsure = stored_unsure(run.folder)
    if unsure is not None:
        communes = communes.merge(unsure, on="code", how="left", validate="one_to_one")
    return PreviousPeriod(
        label,
        communes.drop(columns="geometry"),
        spots.drop(columns="geometry"),
        run.id,
    )
