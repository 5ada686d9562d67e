"""Why the numbers of the whole country moved: a second national count with other coverage and another rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from blackspot.coverage.analysis import analyse
from blackspot.coverage.change.causes import Causes, GapRules
from blackspot.coverage.change.cell_shares import layer_shares
from blackspot.coverage.change.flows import flows
from blackspot.coverage.change.lacking_cells import LACKING_CELLS, read_lacking_cells, write_lacking_cells
from blackspot.coverage.change.matching import match
from blackspot.coverage.change.parts import why
from blackspot.coverage.change.spot_cells import cluster_cells
from blackspot.coverage.change.spot_events import spot_events
from blackspot.coverage.ground import lay_ground

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import National

    from blackspot.coverage.analysis import Analysis
    from blackspot.coverage.change.lacking_cells import LackingCells

CHANGED = ("Sao Mai", "5g")


def kept(analysis: Analysis, folder: Path) -> LackingCells:
    """What a run keeps, read back."""
    folder.mkdir()
    shares = layer_shares(analysis.cells, analysis.lacking.row, analysis.lacking.col)
    codes, services = analysis.communes["code"].tolist(), analysis.layers.services
    write_lacking_cells(
        folder / LACKING_CELLS, analysis.lacking, codes, services, shares, analysis.cells.grid
    )
    found = read_lacking_cells(folder / LACKING_CELLS)
    assert found is not None
    return found


def rules(gap: str) -> GapRules:
    """Of the national example."""
    return GapRules(("5g", "fibre"), ("4g", "5g"), gap, "any", 1)


@pytest.mark.slow
def test_the_parts_of_the_country_add_up(national: National, tmp_path: Path) -> None:
    """One site in ten is gone and the rule is stricter: the parts to 1e-9, every spot in one event."""
    project, inputs, before = national
    every_tenth_gone = tuple(
        replace(one, geometries=one.geometries[np.arange(len(one.geometries)) % 10 > 0])
        if (one.operator, one.service) == CHANGED
        else one
        for one in inputs.submissions
    )
    stricter = project.model_copy(update={"profile": project.profile.model_copy(update={"gap": "any"})})
    changed = replace(inputs, submissions=every_tenth_gone)
    after = analyse(changed, lay_ground(changed, stricter), stricter)
    cells = kept(before, tmp_path / "before"), kept(after, tmp_path / "after")
    codes = np.array(sorted(before.communes["code"]), object)
    both = match(*cells, codes, same_boundaries=True)
    assert both is not None
    layers = frozenset(both.before.layers)
    causes = Causes(
        (), (rules("all"), rules("any")), layers - {CHANGED}, frozenset({CHANGED}), frozenset(), frozenset(), ("coverage", "rules")
    )  # fmt: skip
    tables = before.communes, after.communes
    parts, _ = why(tables, ["profile", "5g"], both, causes)
    for group, column in (("profile", "pop_failing"), ("5g", "pop_uncovered_5g")):
        change = after.communes[column].sum() - before.communes[column].sum()
        assert change == pytest.approx(sum(one.people for one in parts if one.service == group), rel=1e-9)
        found = flows(*tables, group, both, reports=False)
        np.testing.assert_allclose(
            found["without_after"] - found["without_before"], found["lost"] - found["gained"], atol=1e-6
        )
    by_cause = {(one.service, one.cause): one.people for one in parts}
    assert by_cause["5g", "coverage"] > 100_000
    assert {("profile", "coverage"), ("profile", "rules"), ("5g", "coverage")} == by_cause.keys()
    of_clusters = [
        cluster_cells(one, analysis.black_spots, 0.5)
        for one, analysis in zip(cells, (before, after), strict=True)
    ]
    assert of_clusters[0] is not None
    assert of_clusters[1] is not None
    events = spot_events(before.black_spots, after.black_spots, (of_clusters[0], of_clusters[1]))
    for side, spots in (("before", before.black_spots), ("after", after.black_spots)):
        named = [cluster for one in events for cluster in getattr(one, side)]
        assert sorted(spots["cluster_id"].unique()) == sorted(named)
        assert spots["pop"].sum() == pytest.approx(sum(getattr(one, f"people_{side}") for one in events))
    assert all(1 == len({cluster.split("-")[0] for cluster in (*one.before, *one.after)}) for one in events)
    assert {"new", "grown", "merged", "same"} <= {one.what for one in events}
