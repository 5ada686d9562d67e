"""People each operator gained and lost, by hand and as an identity."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.change.operator_flows import FLOWS, operator_flows
from kept_cells import kept, matched

A = ("Sao Mai", "5g")


def table(**covered: float) -> pd.DataFrame:
    """Communes and the people that Sao Mai covers."""
    return pd.DataFrame({"code": list(covered), "pop_covered_5g_sao_mai": list(covered.values())})


def test_gained_and_lost_are_told_apart() -> None:
    """One cell comes, one goes; the published balance is kept, the part of an edge that was drawn anew is none of it."""
    people = {("c", 1): 100.0, ("c", 2): 40.0}
    both = matched(kept(people, {}, {A: [0.0, 1.0]}), kept(people, {}, {A: [1.0, 0.0]}))
    (row,) = operator_flows(table(c=40.0), table(c=99.0), [A], both).to_dict("records")
    assert ("Sao Mai", "5g", 40.0, 99.0) == (
        row["operator"], row["service"], row["covered_before"], row["covered_after"],
    )  # fmt: skip
    assert [99.0, 40.0, 0.0, 0.0] == [row[flow] for flow in FLOWS]
    (balance,) = operator_flows(table(c=40.0), table(c=99.0), [A], None).to_dict("records")
    assert [59.0, 0.0, 0.0, 0.0] == [balance[flow] for flow in FLOWS]


def test_a_first_report_is_not_gained() -> None:
    """Half of the cell was known and covered in part; the other half is reported, and covered."""
    people = {("c", 1): 100.0}
    both = matched(kept(people, {}, {A: ([0.2], [0.5])}), kept(people, {}, {A: [1.0]}))
    (row,) = operator_flows(table(c=20.0), table(c=100.0), [A], both).to_dict("records")
    assert [30.0, 0.0, 50.0, 0.0] == [row[flow] for flow in FLOWS]


def test_an_operator_that_is_new_or_gone() -> None:
    """All of it is reported, or is not any more, as published."""
    people = {("c", 1): 100.0}
    none, some = kept(people, {}, {}), kept(people, {}, {A: [0.7]})
    nothing = pd.DataFrame({"code": ["c"]})
    (new,) = operator_flows(nothing, table(c=69.0), [A], matched(none, some)).to_dict("records")
    assert [0.0, 0.0, 69.0, 0.0] == [new[flow] for flow in FLOWS]
    (gone,) = operator_flows(table(c=69.0), nothing, [A], matched(some, none)).to_dict("records")
    assert [0.0, 0.0, 0.0, 69.0] == [gone[flow] for flow in FLOWS]


def test_nothing_to_tell() -> None:
    """Less than half a person, and no operators."""
    assert 0 == len(operator_flows(table(c=40.0), table(c=40.4), [A], None))
    assert ["code", "service", "operator", "covered_before", "covered_after", *FLOWS] == list(
        operator_flows(table(c=1.0), table(c=9.0), [], None).columns
    )


part = st.sampled_from([0.0, 0.3, 1.0])


@given(st.lists(st.tuples(st.floats(0, 1e5), part, part, part, part), min_size=1, max_size=5))
def test_flows_add_up_to_the_published_change(rows: list[tuple[float, float, float, float, float]]) -> None:
    """Whatever the cells say; no flow is negative."""
    people = {("c", at): row[0] for at, row in enumerate(rows)}
    old, new = (
        kept(people, {}, {A: ([row[at] for row in rows], [row[at + 1] for row in rows])}) for at in (1, 3)
    )
    found = operator_flows(table(c=40.0), table(c=99.0), [A], matched(old, new))
    change = found["gained"] + found["newly_reported"] - found["lost"] - found["no_longer_reported"]
    assert [59.0] == pytest.approx(change.tolist())
    assert (found[list(FLOWS)] >= 0).all(axis=None)
