"""What the tables of a run say about themselves, in Vietnamese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..data.manifest import RunFacts
    from ..data.project import Project


def table_words(project: Project, facts: RunFacts) -> dict[str, str]:
    """Say in the tables where their numbers come from."""
    profile, population = project.profile, project.population
    inputs = "; ".join(
        f"{item.role}: {item.path.name}{f' ({item.vintage})' if item.vintage else ''} sha256 {item.sha256[:12]}"
        for item in facts.inputs
    )
    return {
        "Tên / Title": f"{project.project.title.vi} / {project.project.title.en}".strip(" /"),
        "Bộ tiêu chí / Gap profile": f"{profile.id} {profile.version} (sha256 {profile.digest()[:12]})",
        "Dân số / Population": " ".join(
            part
            for part in (
                population.source,
                population.vintage,
                f"edge_cells={population.edge_cells}",
                f"subline_spacing_m={population.subline_spacing_m:g}",
                f"calibrate={population.calibrate}",
            )
            if part
        ),
        "Lần chạy / Run": facts.run_id,
        "Dữ liệu vào / Inputs": inputs,
        "Chương trình / Program": f"blackspot {facts.versions['blackspot']}",
    }
