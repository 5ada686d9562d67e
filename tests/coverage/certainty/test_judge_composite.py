"""A whole run in the order of a composite: parts, ranges of its ranks, and nothing open without scatter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from blackspot.pipeline.run import run
from four_communes import project  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from pathlib import Path

STILL = (
    "profile.certainty.edge_sd_m={declared=0, modelled=0, measured=0}",
    "profile.certainty.local_sd_m=0",
    "profile.certainty.population=false",
)
BY = ("profile.order.by=composite", "map.pages=none", "profile.certainty.top=1")
WEIGHTS = "profile.order.composite.weights={pop_failing=0.5, pop_uncovered_5g=0.25, failing_share=0.25}"


def communes(project: Path, name: str, *overrides: str) -> pd.DataFrame:  # noqa: F811
    report = run(project, overrides=("project.out=" + name, *BY, *overrides))
    return pd.read_parquet(report.folder / "communes.parquet")


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_published_parts_sum_to_the_published_score(project: Path, aggregate: str) -> None:  # noqa: F811
    found = communes(project, "out", WEIGHTS, f"profile.order.composite.aggregate={aggregate}")
    parts = found[[name for name in found.columns if name.startswith("contribution_")]]
    assert 3 == parts.shape[1]
    known = found["pop_total"].notna()
    assert np.allclose(parts.sum(axis=1)[known], found.loc[known, f"score_{aggregate}"], rtol=0, atol=1e-9)
    assert np.allclose(found["score"], found[f"score_{aggregate}"], rtol=0, atol=1e-6)
    ranked = found.sort_values("rank")
    assert ranked["score"].is_monotonic_decreasing
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()
    assert pytest.approx(1.0) == found["top_probability"].sum()


def test_without_uncertainty_every_rank_is_certain(project: Path) -> None:  # noqa: F811
    found = communes(project, "out", WEIGHTS, *STILL, "profile.order.composite.concentration=0")
    assert np.array_equal(found["rank"], found["rank_low"])
    assert np.array_equal(found["rank"], found["rank_high"])
    assert np.array_equal(found["rank"] == 1, found["top_probability"] == 1.0)
    assert np.array_equal(found["rank"] != 1, found["top_probability"] == 0.0)


def test_a_column_of_its_own_moves_as_those_who_fail_do(project: Path) -> None:  # noqa: F811
    """Where 5G is all that a profile asks for, those without it are those who fail: one ranking, draw by draw."""
    only = ("profile.services=['5g']", "profile.fibre_service=''")
    first = communes(project, "out", *only, "profile.order.composite.weights={pop_failing=1}")
    other = communes(project, "other", *only, "profile.order.composite.weights={pop_uncovered_5g=1}")
    assert (first["top_probability"] % 1.0 > 0).any()
    for name in ("rank", "rank_low", "rank_high", "top_probability"):
        assert np.array_equal(first[name], other[name]), name


def test_with_a_column_that_is_not_drawn_it_states_no_certainty(project: Path) -> None:  # noqa: F811
    found = communes(project, "out", "profile.order.composite.weights={pop_partial_not_spot_5g=1}")
    assert "score_geometric" in found
    assert "rank_low" not in found
