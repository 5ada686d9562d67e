"""People of older communes in newer ones, by hand and as identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.change.crosswalk import (
    carried,
    carried_table,
    crosswalk,
    crosswalk_of,
    on_newer_communes,
)
from blackspot.coverage.change.flows import flows
from kept_cells import communes, kept, matched


def weights(*pieces: tuple[str, str, float]) -> pd.DataFrame:
    """Of pieces of ground: older commune, newer commune, people."""
    old, new, people = zip(*pieces, strict=True)
    return crosswalk(np.array(old, object), np.array(new, object), np.array(people))


def test_a_merger_is_exact_and_a_split_is_flagged() -> None:
    """Two whole communes become one; a third is divided 3 to 1."""
    found = weights(("a", "x", 30.0), ("b", "x", 10.0), ("c", "y", 75.0), ("c", "x", 25.0))
    assert [
        ("a", "x", 1.0, False),
        ("b", "x", 1.0, False),
        ("c", "x", 0.25, True),
        ("c", "y", 0.75, True),
    ] == list(found[["old", "new", "share", "crosses_split"]].itertuples(index=False, name=None))
    table = pd.DataFrame({"code": ["a", "b", "c"], "pop": [3.0, 4.0, 8.0]})
    assert [("x", 9.0, True), ("y", 6.0, True)] == list(
        carried(table, found).itertuples(index=False, name=None)
    )


def test_a_border_that_was_drawn_again_is_no_split() -> None:
    """Of 100 people 4 lie on the other side: all belong where most are. Of 6 it is one."""
    found = weights(("a", "x", 96.0), ("a", "y", 4.0), ("b", "y", 10.0))
    assert [(1.0, False), (0.0, False), (1.0, False)] == list(
        found[["share", "crosses_split"]].itertuples(index=False, name=None)
    )
    assert [0.94, 0.06] == weights(("a", "x", 94.0), ("a", "y", 6.0))["share"].tolist()


def test_an_empty_commune_is_divided_evenly() -> None:
    """Nobody says where its figures belong; they are not lost."""
    found = weights(("a", "x", 0.0), ("a", "y", 0.0))
    assert [0.5, 0.5] == found["share"].tolist()
    assert [1.0, 1.0] == carried(pd.DataFrame({"code": ["a"], "pop": [2.0]}), found)["pop"].tolist()


def test_not_known_stays_not_known() -> None:
    """Where a part of it came from a commune of which nothing is known."""
    found = weights(("a", "x", 1.0), ("b", "x", 1.0), ("b", "y", 1.0))
    table = carried(pd.DataFrame({"code": ["a", "b"], "pop": [np.nan, 2.0]}), found)
    assert [True, False] == table["pop"].isna().tolist()


def test_a_commune_the_weights_do_not_know() -> None:
    """Its people would be lost."""
    with pytest.raises(ValueError, match="no newer commune is known for b"):
        carried(pd.DataFrame({"code": ["a", "b"], "pop": [1.0, 2.0]}), weights(("a", "x", 1.0)))


def test_boundaries_drawn_anew_change_nothing() -> None:
    """The same people in the same cells, half of which lack 5G, under other names and limits."""
    old = kept(
        {("a", 1): 10.0, ("a", 2): 6.0, ("b", 2): 4.0, ("b", 3): 5.0}, {"5g": [5.0, 4.0, 1.0, 2.0]}, {}
    )
    new = kept(
        {("x", 1): 10.0, ("x", 2): 3.0, ("y", 2): 7.0, ("y", 3): 5.0}, {"5g": [5.0, 1.0, 4.0, 2.0]}, {}
    )
    both = matched(old, new, same_boundaries=False)
    found, newer = crosswalk_of(both), on_newer_communes(both)
    assert [("a", "x", 11.8), ("a", "y", 4.2), ("b", "x", 1.2), ("b", "y", 7.8)] == [
        (one.old, one.new, pytest.approx(one.people)) for one in found.itertuples()
    ]
    before = carried_table(communes(old).assign(pop_no_data_5g=0.0), found, newer)
    table = flows(before, communes(new).assign(pop_no_data_5g=0.0), "5g", newer, reports=False)
    assert [6.0, 6.0] == pytest.approx(table["without_before"].tolist())
    assert [0.0] * 4 == pytest.approx(table[["gained", "lost"]].to_numpy().ravel().tolist())


def test_people_beyond_the_newer_communes_are_kept() -> None:
    """Under the empty code."""
    old, new = (
        kept({("a", 1): 10.0, ("a", 2): 6.0}, {"5g": [5.0, 6.0]}, {}),
        kept({("x", 1): 10.0}, {"5g": [5.0]}, {}),
    )
    both = matched(old, new, same_boundaries=False)
    table = carried_table(communes(old), crosswalk_of(both), on_newer_communes(both))
    assert [("", 6.0, 6.0), ("x", 10.0, 5.0)] == list(
        table[["code", "pop_total", "pop_uncovered_5g"]].itertuples(index=False, name=None)
    )


codes = st.sampled_from("abcde")
pieces = st.lists(st.tuples(codes, codes, st.floats(0, 1e6)), min_size=1, max_size=30)


@given(pieces)
def test_people_are_conserved(drawn: list[tuple[str, str, float]]) -> None:
    """Shares of an older commune add up to 1, so every figure of the country stays what it is."""
    found = weights(*drawn)
    assert [1.0] * found["old"].nunique() == pytest.approx(found.groupby("old")["share"].sum().tolist())
    table = pd.DataFrame({"code": sorted(set(found["old"]))}).assign(
        pop=lambda one: np.arange(1.0, len(one) + 1)
    )
    assert table["pop"].sum() == pytest.approx(carried(table, found)["pop"].sum())
