"""What a run says about itself, and its folder being filled: tables, cells, pages, and last its manifest."""

# ruff: noqa: PLC0415 - whether anything is new is known before the libraries for the rest are loaded

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final, cast

from ..data.disk.atomic import write_atomically
from ..data.project.effective import EFFECTIVE, claims_of, effective_toml, rules_of
from ..data.runs.listing import next_run_id
from ..data.runs.manifest import RunFacts, build_manifest, canonical_json, write_manifest
from ..data.submissions.records import record
from ..maps.words.labels import in_language
from ..maps.words.refused import with_old_data
from ..progress import in_turn
from .received import Received, all_findings, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ..coverage.analysis import Analysis
    from ..coverage.burn.grid import Grid
    from ..data.columns.register import Table
    from ..data.disk.kept import KeptResults
    from ..data.project.models import Project
    from ..data.project.sections.values import Pages
    from ..data.reading import Inputs
    from ..data.runs.listing import Run
    from ..data.runs.variants import Variant
    from ..data.worker.worker import Worker
    from ..progress import Progress

_OF_A_CELL = 10
"""Outlines for looking at lie within this part of a population cell of the true ones: nothing is known in more detail."""


# How long the steps take with the whole of Viet Nam (3,321 communes, 1 km grid, seven submissions) on two cores. Only
# their proportions count, for the progress, and a smaller country keeps them roughly.
_FIRST: Final = {"hashing": 2.2, "reading": 10.0, "ground": 2.0, "judging": 9.0, "analysis": 31.6}
_AGAIN: Final = {"hashing": 2.2, "reading": 10.0, "ground": 0.3, "judging": 2.0, "analysis": 15.0}
"""The same where the polygons and the bands of an earlier run are kept, and a part of them is of use."""

_TABLES_AND_CELLS: Final = {"tables": 3.0, "cells": 0.7}
_MAPS: Final[dict[Pages, float]] = {"all": 27.5, "national": 22.5, "provinces": 27.5, "none": 0.0}
_FOR_PEOPLE: Final = 7.5
"""Of what people open; of that only the end is waited for where a worker writes it."""

_PUBLISHING: Final = 0.7


def outline_tolerance_deg(grid: Grid) -> float:
    """Say how far outlines for looking at may lie from the true ones, in degrees."""
    return grid.cell_deg / _OF_A_CELL


def run_facts(
    out: Path, project: Project, received: Received, inputs: Inputs, analysis: Analysis
) -> RunFacts:
    """Put together what the run says about itself; its name comes from all that decided its result."""
    from ..data.isolation.client import isolation_report
    from ..data.runs.libraries import library_versions

    records = [record(item, "", project.folder) for item in inputs.deliveries]
    digest = digest_of(project, received.files, records)
    run_id = next_run_id(out, digest)
    submissions = tuple(record(item, run_id, project.folder) for item in inputs.deliveries)
    facts = RunFacts(
        run_id=run_id,
        inputs_digest=digest,
        inputs=received.files,
        layers=inputs.facts_of(received.files),
        project_file=project.path,
        project_digest=project.digest(),
        profile=project.profile.model_dump(mode="json") | {"digest": project.profile.digest()},
        versions=library_versions() | {"isolation": isolation_report().level},
        findings=all_findings(received),
        figures=analysis.figures,
        title=project.project.title.model_dump(),
        notice=with_old_data(project.project.notice.model_dump(), submissions),
        submissions=submissions,
        rules=rules_of(project),
        claims=claims_of(project),
    )
    return facts if received.variant is None else _labelled(facts, received.variant)


def _only_parquet(project: Project, facts: RunFacts) -> bool:
    """Say whether CSV, GeoPackage and workbook are left out: a variant without pages is there to be compared."""
    lean = bool(facts.variant) and project.map.pages == "none"
    return (project.project.tables or ("parquet" if lean else "all")) == "parquet"


def _labelled(facts: RunFacts, variant: Variant) -> RunFacts:
    """Put on every output that this is a variant, and in what it differs."""
    described = facts.described()
    label = variant.label(described)
    notice = {
        language: " ".join(filter(None, (label[language], in_language(facts.notice, language))))
        for language in label
    }
    return replace(facts, notice=notice, variant=variant.facts(described))


def write_run(  # noqa: PLR0913 - a run, and all that helps to write it
    folder: Path,
    project: Project,
    inputs: Inputs,
    analysis: Analysis,
    facts: RunFacts,
    latest: Run | None,
    kept: KeptResults,
    *,
    worker: Worker,
    progress: Progress,
) -> None:
    """Fill the folder of a run; its manifest comes last. A worker writes what people open while pages are drawn."""
    from ..coverage.change.cell_shares import layer_shares
    from ..coverage.change.lacking_cells import LACKING_CELLS, write_lacking_cells
    from ..coverage.people.cell_bits import CELL_BITS, write_cell_bits
    from ..data.exports.for_people import TableWords
    from ..data.exports.write import TableForm, begin_outputs
    from ..data.settlements.write import write_settlements
    from ..maps.words.about import table_words

    parts = in_turn(progress, seconds_of_writing(project.map.pages, has_worker=worker.has_process))
    notice = in_language(facts.notice, project.map.language)
    operators = cast("Mapping[str, str]", analysis.figures["operators"])
    outputs = begin_outputs(
        folder,
        communes=analysis.communes,
        provinces=analysis.provinces,
        black_spots=analysis.black_spots,
        words=TableWords(notice, table_words(project, facts), operators),
        form=TableForm(outline_tolerance_deg(analysis.cells.grid), _only_parquet(project, facts)),
        outlines_digest=analysis.outlines,
        kept=kept,
        worker=worker,
        progress=parts["tables"],
        progress_beside=parts["for_people"],
    )
    write_settlements(folder, _settlement_tables(inputs, project, analysis), notice)
    write_cell_bits(folder / CELL_BITS, analysis.cells, progress=parts["cells"])
    codes, services = analysis.communes["code"].tolist(), analysis.layers.services
    lacking, cells = analysis.lacking, analysis.cells
    shares = layer_shares(cells, lacking.row, lacking.col)
    write_lacking_cells(folder / LACKING_CELLS, lacking, codes, services, shares, cells.grid)
    if project.map.pages != "none":
        from ..maps.build import write_pages

        write_pages(folder, project, inputs, analysis, facts, latest, kept=kept, progress=parts["maps"])
    outputs.finish()
    write_atomically(folder / EFFECTIVE, effective_toml(project))
    write_atomically(folder / "findings.json", canonical_json([asdict(item) for item in facts.findings]))
    write_manifest(folder, build_manifest(folder, facts))


def _settlement_tables(inputs: Inputs, project: Project, analysis: Analysis) -> dict[Table, pd.DataFrame]:
    """Look at villages and facilities on the ground of the run; empty where the project names none."""
    from ..coverage.settlements.tables import facility_counts, facility_table, village_counts, village_table

    profile = project.profile
    found: dict[Table, pd.DataFrame] = {}
    services = profile.basic_services or (profile.mobile_service,)
    if inputs.villages is not None and project.villages is not None:
        found["villages"] = village_table(
            inputs.villages,
            project.villages.radius_m,
            inputs.reported,
            analysis.communes,
            analysis.cells,
            services,
        )
        found["village_counts"] = village_counts(found["villages"])
    if inputs.facilities:
        found["facilities"] = facility_table(inputs.facilities, analysis.communes, analysis.cells, services)
        found["facility_counts"] = facility_counts(found["facilities"])
    return found


def seconds_of_steps(pages: Pages, *, is_again: bool, has_worker: bool = False) -> dict[str, float]:
    """Say how long each step of a run takes.

    Parameters
    ----------
    pages
        The map pages that are written.
    is_again
        Whether an earlier run kept burned polygons and counted bands.
    has_worker
        Whether what people open is written beside the pages.
    """
    steps: dict[str, float] = _AGAIN if is_again else _FIRST
    writing = sum(seconds_of_writing(pages, has_worker=has_worker).values())
    return steps | {"writing": writing, "publishing": _PUBLISHING}


def seconds_of_writing(pages: Pages, *, has_worker: bool = False) -> dict[str, float]:
    """Say how long each part of filling the folder of a run takes."""
    beside = _MAPS[pages] if has_worker else 0.0
    return _TABLES_AND_CELLS | {"maps": _MAPS[pages], "for_people": max(0.0, _FOR_PEOPLE - beside)}
