"""What the tables of a run say about themselves, in Vietnamese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.words import LANGUAGES, beside
from .refused import sentences, title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...data.project.models import Project
    from ...data.runs.manifest import RunFacts


def table_words(project: Project, facts: RunFacts) -> dict[str, str]:
    """Say in the tables where their numbers come from."""
    profile, population = project.profile, project.population
    inputs = "; ".join(
        f"{role}: {name}{f' ({vintage})' if vintage else ''} sha256 {sha256[:12]}"
        for role, name, vintage, sha256 in _used(facts)
    )
    old = " ".join(said for language in LANGUAGES for said in sentences(facts.submissions, language))
    return {
        beside("about", "title"): f"{project.project.title.vi} / {project.project.title.en}".strip(" /"),
        beside("about", "profile"): f"{profile.id} {profile.version} (sha256 {profile.digest()[:12]})",
        beside("about", "population"): " ".join(
            part
            for part in (
                population.source,
                population.vintage,
                f"edge_cells={population.edge_cells}",
                f"subline_spacing_m={population.subline_spacing_m:g}",
                f"calibrate={'communes' if population.is_calibrated else 'none'}",
            )
            if part
        ),
        beside("about", "run"): facts.run_id,
        beside("about", "inputs"): inputs,
        **({f"{title('vi')} / {title('en')}": old} if old else {}),
        beside("about", "program"): f"blackspot {facts.versions['blackspot']}",
    }


def _used(facts: RunFacts) -> Iterator[tuple[str, str, str, str]]:
    """Go through the files that were used, each once: role, name, vintage, sha256.

    Of a refused submission that is the last good version, not the file handed in.
    """
    for item in facts.inputs:
        if item.role != "coverage":
            yield item.role, item.path.name, item.vintage, item.sha256
    coverage = [entry.used for entry in facts.submissions if entry.used is not None]
    yield from dict.fromkeys(("coverage", file.file, file.vintage, file.sha256) for file in coverage)
