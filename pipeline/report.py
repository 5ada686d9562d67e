"""Putting together what a run says at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..data.columns.plain_table import read_plain
from ..data.exports.published import without_geometry
from ..data.exports.stored import read_provinces
from ..data.runs.series import differences, not_compared
from ..data.settlements.write import read_counts
from ..data.submissions.records import exit_code_of
from ..data.text.words import LANGUAGES
from ..maps.summary.report import RunReport
from ..maps.words.gap import who_fails
from ..maps.words.labels import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..coverage.analysis import Analysis
    from ..data.project.models import Project
    from ..data.runs.listing import Run
    from ..data.runs.manifest import RunFacts


def finished(
    project: Project,
    facts: RunFacts,
    folder: Path,
    analysis: Analysis,
    before: Run | None,
    seconds: float,
) -> RunReport:
    """Report the run that has just been published, and whether the run before may be put beside it."""
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
        black_spots=without_geometry(analysis.black_spots).sort_values("rank", ignore_index=True),
        black_spots_count=len(analysis.black_spots),
        findings=tuple(facts.findings),
        submissions=facts.submissions,
        map_path=page if page.exists() else None,
        seconds=seconds,
        notice=_by_language(facts.notice),
        title=_by_language(project.project.title.model_dump()),
        profile=f"{project.profile.id} {project.profile.version}",
        fails={language: who_fails(project.profile.model_dump(), language) for language in LANGUAGES},
        services=analysis.layers.services,
        not_compared=_why_apart(before, facts.described()),
        settlements=read_counts(folder),
    )


def nothing_new(
    project: Project, latest: Run, before: Run | None, seconds: float, *, again: bool = False
) -> RunReport:
    """Report a run again whose inputs are the same: the latest, or an earlier one that is the latest again."""
    page = latest.folder / "map.html"
    communes, spots = (read_plain(latest.folder, name) for name in ("communes", "black_spots"))
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
        black_spots=spots.sort_values("rank", ignore_index=True),
        black_spots_count=len(spots),
        findings=latest.findings,
        submissions=latest.submissions,
        map_path=page if page.exists() else None,
        seconds=seconds,
        notice=_by_language(latest.notice),
        title=_by_language(project.project.title.model_dump()),
        profile=f"{project.profile.id} {project.profile.version}",
        fails={language: who_fails(project.profile.model_dump(), language) for language in LANGUAGES},
        services=project.services,
        not_compared=_why_apart(before, latest.manifest),
        settlements=read_counts(latest.folder),
    )


def _by_language(texts: object) -> dict[str, str]:
    """Give a text of the project in both languages; where one is missing the other stands for it."""
    return {language: in_language(texts, language) for language in LANGUAGES}


def _why_apart(before: Run | None, now: Mapping[str, object]) -> dict[str, str]:
    """Say why the run before is not put beside this one; empty where it is, or where there is none."""
    return {} if before is None else not_compared(before.id, differences(before.manifest, now))
