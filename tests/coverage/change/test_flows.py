"""People gained and lost between two runs, by hand and as identities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.change.flows import flows, totals
from kept_cells import kept, matched

if TYPE_CHECKING:
    from blackspot.coverage.change.matching import MatchedCells


def table(without: list[float], silent: list[float] | None = None) -> pd.DataFrame:
    """Communes 1, 2, … with people who lack 5g."""
    codes = [f"{at:05d}" for at in range(1, len(without) + 1)]
    none = silent or [0.0] * len(without)
    return pd.DataFrame({"code": codes, "pop_uncovered_5g": without, "pop_no_data_5g": none})


def cells(old: dict[tuple[str, int], float], new: dict[tuple[str, int], float]) -> MatchedCells:
    """People who lack 5g by commune and cell, in both runs."""
    return matched(*(kept(people, {"5g": list(people.values())}) for people in (old, new)))


def test_who_gains_and_who_loses_within_a_commune_are_told_apart() -> None:
    """One cell is covered, another is not any more: the balance alone would say 10 gained."""
    both = cells({("00001", 1): 30.0, ("00001", 2): 5.0}, {("00001", 2): 5.0, ("00001", 3): 20.0})
    (row,) = flows(table([35.0]), table([25.0]), "5g", both).to_dict("records")
    assert (30.0, 20.0, 5.0) == (row["gained"], row["lost"], row["still"])
    (balance,) = flows(table([35.0]), table([25.0]), "5g", None).to_dict("records")
    assert (10.0, 0.0, 25.0) == (balance["gained"], balance["lost"], balance["still"])


def test_a_first_report_is_no_loss() -> None:
    """Of 100 people nothing was known; 40 of them lack it. Nobody lost anything."""
    found = flows(table([0.0], [100.0]), table([40.0], [0.0]), "5g", cells({}, {("00001", 1): 40.0}))
    (row,) = found.to_dict("records")
    assert (0.0, 0.0, 100.0, 40.0) == (
        row["gained"],
        row["lost"],
        row["newly_reported"],
        row["newly_without"],
    )
    (back,) = flows(table([40.0], [0.0]), table([0.0], [100.0]), "5g", None).to_dict("records")
    assert (0.0, 100.0, 40.0) == (back["gained"], back["no_longer_reported"], back["no_longer_without"])


def test_by_other_rules_nobody_is_newly_reported() -> None:
    """What is not certain changes with the rules; that is no report."""
    found = flows(table([0.0], [100.0]), table([40.0], [0.0]), "5g", None, reports=False)
    assert (40.0, 0.0) == (found["lost"].iloc[0], found["newly_without"].iloc[0])


def test_a_commune_of_one_run_only_is_not_known() -> None:
    """Neither gained nor lost."""
    found = flows(table([1.0]), table([1.0, 2.0]), "5g", None)
    assert [False, True] == found["lost"].isna().tolist()


people = st.lists(st.floats(0, 1e5, width=32), min_size=3, max_size=3)


@given(old=people, new=people, silent=people, later=people)
def test_flows_add_up_to_the_published_change(
    old: list[float], new: list[float], silent: list[float], later: list[float]
) -> None:
    """In every commune and in the country, whatever cells say; no flow is negative."""
    both = cells(
        {(f"{at:05d}", at): value for at, value in enumerate(old, start=1)},
        {(f"{at:05d}", at + 7): value for at, value in enumerate(new, start=1)},
    )
    found = flows(table(old, silent), table(new, later), "5g", both)
    change = found["without_after"] - found["without_before"]
    parts = found["lost"] + found["newly_without"] - found["gained"] - found["no_longer_without"]
    np.testing.assert_allclose(parts, change, atol=1e-9, rtol=1e-12)
    assert (found[["gained", "lost", "newly_without", "no_longer_without"]] >= -1e-9).all(axis=None)
    country = totals(found).iloc[0]
    assert country["without_after"] == pytest.approx(sum(new))
