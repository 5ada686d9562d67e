"""Putting together what a run says at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..data.exports.published import without_geometry
from ..data.exports.stored import read_provinces
from ..data.submissions.records import exit_code_of
from ..maps.summary.report import RunReport
from ..maps.words.labels import in_language

if TYPE_CHECKING:
    from pathlib import Path

    from ..coverage.analysis import Analysis
    from ..data.project.models import Project
    from ..data.runs.listing import Run
    from ..data.runs.manifest import RunFacts


def finished(
    project: Project, facts: RunFacts, folder: Path, analysis: Analysis, seconds: float
) -> RunReport:
    """Report the run that has just been published."""
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
        notice=in_language(facts.notice, project.map.language),
        title=project.project.title.text(project.map.language),
        profile=f"{project.profile.id} {project.profile.version}",
        services=analysis.layers.services,
    )


def nothing_new(project: Project, latest: Run, seconds: float, *, again: bool = False) -> RunReport:
    """Report a run again whose inputs are the same: the latest, or an earlier one that is the latest again."""
    page = latest.folder / "map.html"
    communes = pd.read_parquet(latest.folder / "communes.parquet").drop(columns="geometry")
    spots = pd.read_parquet(latest.folder / "black_spots.parquet", columns=["spot_id"])
    return RunReport(
        run_id=latest.id,
        folder=latest.folder,
        published=False,
        nothing_new=True,
        latest_again=again,
        exit_code=exit_code_of(latest.submissions),
        figures=latest.figures,
        provinces=read_provinces(latest.folder),
        communes=communes.sort_values("rank", ignore_index=True),
        black_spots_count=len(spots),
        findings=latest.findings,
        submissions=latest.submissions,
        map_path=page if page.exists() else None,
        seconds=seconds,
        notice=in_language(latest.notice, project.map.language),
        title=project.project.title.text(project.map.language),
        profile=f"{project.profile.id} {project.profile.version}",
        services=project.services,
    )
