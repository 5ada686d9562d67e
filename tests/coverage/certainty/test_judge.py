"""How sure a whole run is: published figures in their ranges, nothing open without scatter, the same bytes again."""

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
RANGES = ("pop_failing_low", "pop_failing_high", "rank_low", "rank_high", "top_probability", "certainty")


def tables(project: Path, name: str, *overrides: str) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, object]]:  # noqa: F811
    options = ("project.out=" + name, "map.pages=none", "profile.certainty.top=2", *overrides)
    report = run(project, overrides=options)
    spots = pd.read_parquet(report.folder / "black_spots.parquet")
    return pd.read_parquet(report.folder / "communes.parquet"), spots, dict(report.figures)


def test_published_figures_lie_in_their_ranges(project: Path) -> None:  # noqa: F811
    communes, spots, figures = tables(project, "out")
    known = communes[communes["pop_failing"].notna()]
    assert (known["pop_failing_low"] <= known["pop_failing"]).all()
    assert (known["pop_failing"] <= known["pop_failing_high"]).all()
    assert (known["pop_failing_high"] > known["pop_failing_low"]).any()
    assert (communes["rank_low"] <= communes["rank"]).all()
    assert (communes["rank"] <= communes["rank_high"]).all()
    assert pytest.approx(2.0) == communes["top_probability"].sum()
    assert (spots["pop_low"] <= spots["pop"]).all()
    assert (spots["pop"] <= spots["pop_high"]).all()
    assert figures["pop_failing_low"] <= figures["pop_failing"] <= figures["pop_failing_high"]  # type: ignore[operator]


def test_without_uncertainty_everything_stands_where_it_is(project: Path) -> None:  # noqa: F811
    communes, spots, figures = tables(project, "out", *STILL)
    listed = communes["rank"] <= 2
    assert np.array_equal(communes["rank"], communes["rank_low"])
    assert np.array_equal(communes["rank"], communes["rank_high"])
    assert np.array_equal(communes["pop_failing"], communes["pop_failing_low"], equal_nan=True)
    assert np.array_equal(communes["pop_failing"], communes["pop_failing_high"], equal_nan=True)
    assert np.array_equal(listed, communes["top_probability"] == 1.0)
    assert np.array_equal(~listed, communes["top_probability"] == 0.0)
    assert {"certain"} == set(communes.loc[listed, "certainty"])
    assert {""} == set(communes.loc[~listed, "certainty"])
    assert np.array_equal(spots["pop"], spots["pop_low"])
    assert np.array_equal(spots["pop"], spots["pop_high"])
    assert figures["pop_failing_low"] == figures["pop_failing_high"] == figures["pop_failing"]


def test_ranks_and_people_are_what_they_are_without_it(project: Path) -> None:  # noqa: F811
    with_it, spots, _ = tables(project, "out")
    without, plain_spots, figures = tables(project, "other", "profile.certainty.draws=0")
    assert not {*RANGES, "pop_low"} & {*without.columns, *plain_spots.columns}
    assert "pop_failing_low" not in figures
    pd.testing.assert_frame_equal(without, with_it[without.columns])
    pd.testing.assert_frame_equal(plain_spots, spots[plain_spots.columns])


def test_the_same_inputs_and_seed_give_the_same_ranges(project: Path) -> None:  # noqa: F811
    first, again = tables(project, "out")[0], tables(project, "other")[0]
    pd.testing.assert_frame_equal(first, again)
    other = tables(project, "third", "profile.certainty.seed=1")[0]
    assert not first["pop_failing_low"].equals(other["pop_failing_low"])


def test_an_order_by_a_column_that_is_not_drawn_states_no_certainty(project: Path) -> None:  # noqa: F811
    communes, _, _ = tables(project, "out", "profile.order.by=pop_uncovered_5g")
    assert "rank_low" not in communes


def test_where_nobody_fails_nothing_is_certain(project: Path) -> None:  # noqa: F811
    """A list of all four communes: only those with people who fail, or may in a draw, have a state."""
    communes, _, _ = tables(project, "out", *STILL, "profile.certainty.top=4")
    fails = communes["pop_failing"] >= 1
    assert {"certain"} == set(communes.loc[fails, "certainty"])
    assert set() == set(communes.loc[~fails, "certainty"]) - {""}
    assert fails.any()
