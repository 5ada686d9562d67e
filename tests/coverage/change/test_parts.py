"""Why a number moved, by hand: each cause alone, two at once, and what must hold whatever happened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.change.causes import Causes, GapRules
from blackspot.coverage.change.parts import divide, why
from kept_cells import communes, kept, matched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackspot.coverage.change.comparison import PartCause
    from blackspot.coverage.change.lacking_cells import LackingCells

A, B = ("A", "5g"), ("B", "5g")
RULES = GapRules(("5g",), (), "all", "any", 1)
BOTH = frozenset({A, B})
COVERAGE = Causes((), (RULES, RULES), frozenset(), BOTH, frozenset(), frozenset(), ("coverage",))


def one_cell(without: float, covers: Sequence[float], people: float = 100.0) -> LackingCells:
    """One cell of one commune, covered by A and B in part."""
    shares = dict(zip((A, B), ([one] for one in covers), strict=True))
    return kept({("1", 1): people}, {"5g": [without], "profile": [without]}, shares)


def parts(old: LackingCells, new: LackingCells, causes: Causes, group: str = "5g") -> dict[str, float]:
    """By cause."""
    found, _ = why((communes(old), communes(new)), [group], matched(old, new), causes)
    return {one.cause: one.people for one in found}


def test_coverage_alone() -> None:
    """All of it."""
    assert {"coverage": -60.0} == parts(one_cell(100, (0, 0)), one_cell(40, (0.6, 0)), COVERAGE)


def test_two_causes_halve_what_either_would_have_brought() -> None:
    """Both cover the cell, one by new sites and one by another buffer."""
    causes = replace(COVERAGE, claims=frozenset({B}))
    expected = {"coverage": -50.0, "claims": -50.0}
    assert expected == parts(one_cell(100, (0, 0)), one_cell(0, (1, 1)), causes)


def test_nested_parts_of_a_cell() -> None:
    """New sites reach 60 %, the buffer 20 % of it, which lie within: the buffer's own part is half of the 20 shared."""
    causes = replace(COVERAGE, claims=frozenset({B}))
    found = parts(one_cell(100, (0, 0)), one_cell(40, (0.6, 0.2)), causes)
    assert pytest.approx({"coverage": -50.0, "claims": -10.0}) == found


def test_what_was_counted_counts() -> None:
    """The two lie beside each other: 80 were reached, not 60; the rest is halved."""
    causes = replace(COVERAGE, claims=frozenset({B}))
    found = parts(one_cell(100, (0, 0)), one_cell(20, (0.6, 0.2)), causes)
    assert pytest.approx({"coverage": -60.0, "claims": -20.0}) == found


def test_a_first_report_is_none_of_coverage() -> None:
    """Nothing was known of B in the cell; with it, all are certainly without."""
    old = kept({("1", 1): 100.0}, {"5g": [0.0]}, {A: [0.0], B: ([0.0], [0.0])})
    new = kept({("1", 1): 100.0}, {"5g": [100.0]}, {A: [0.0], B: ([0.0], [1.0])})
    causes = replace(COVERAGE, may_cover_more=frozenset({A}), possible=("coverage", "reported"))
    assert {"coverage": 0.0, "reported": 100.0} == parts(old, new, causes)


def test_an_operator_that_was_not_there() -> None:
    """What it covers is newly reported."""
    old = kept({("1", 1): 100.0}, {"5g": [100.0]}, {A: [0.0]})
    new = kept({("1", 1): 100.0}, {"5g": [30.0]}, {A: [0.0], B: [0.7]})
    causes = replace(COVERAGE, may_cover_more=frozenset({A}))
    assert {"coverage": 0.0, "reported": -70.0} == parts(old, new, causes)


def test_more_people_and_more_coverage() -> None:
    """100 without become 200 by people alone, 0 by coverage alone."""
    causes = replace(COVERAGE, ground=("population",))
    found = parts(one_cell(100, (0, 0)), one_cell(50, (0.75, 0), people=200.0), causes)
    assert {"coverage": -112.5, "population": 62.5} == found
    joint = replace(COVERAGE, ground=("population", "boundaries"))
    assert {"coverage", "population+boundaries"} == set(
        parts(one_cell(100, (0, 0)), one_cell(50, (0.75, 0), people=200.0), joint)
    )


def test_other_rules() -> None:
    """By gap = any whoever lacks fibre fails; all have 5G."""
    layers = {A: [1.0], ("A", "fibre"): [0.0]}
    old, new = (kept({("1", 1): 10.0}, {"profile": [failing]}, layers) for failing in (0.0, 10.0))
    rules = replace(RULES, services=("5g", "fibre"))
    causes = replace(
        COVERAGE,
        rules=(rules, replace(rules, gap="any")),
        unchanged=frozenset(layers),
        may_cover_more=frozenset(),
        possible=("rules",),
    )
    assert {"rules": 10.0} == parts(old, new, causes, "profile")


def test_other_rules_and_new_coverage() -> None:
    """Fibre comes and the rule becomes stricter: without the rule nobody failed, without fibre everybody would."""
    fibre = ("A", "fibre")
    old = kept({("1", 1): 10.0}, {"profile": [0.0]}, {A: [1.0], fibre: [0.0]})
    new = kept({("1", 1): 10.0}, {"profile": [0.0]}, {A: [1.0], fibre: [1.0]})
    rules = replace(RULES, services=("5g", "fibre"))
    causes = replace(
        COVERAGE,
        rules=(rules, replace(rules, gap="any")),
        unchanged=frozenset({A}),
        may_cover_more=frozenset({fibre}),
        possible=("coverage", "rules"),
    )
    assert {"coverage": -5.0, "rules": 5.0} == parts(old, new, causes, "profile")


def test_all_operators_must_cover() -> None:
    """A service is published by any operator, the cells are kept by the rule: the layers decide."""
    rules = replace(RULES, operator_rule="all")
    causes = replace(COVERAGE, rules=(rules, rules), claims=frozenset({B}))
    old, new = one_cell(100, (0, 0)), one_cell(100, (1, 0))
    tables = communes(old), communes(new).assign(pop_uncovered_5g=[0.0])
    found, _ = why(tables, ["5g", "profile"], matched(old, new), causes)
    assert [("5g", "coverage", -100.0), ("5g", "claims", 0.0)] == [
        (one.service, one.cause, one.people) for one in found[:2]
    ]
    assert [0.0, 0.0] == [one.people for one in found[2:]]


def test_without_cells_all_causes_stand_together() -> None:
    """Only one that is possible at all is told alone."""
    tables = communes(one_cell(100, (0, 0))), communes(one_cell(40, (0, 0)))
    (part,), rows = why(tables, ["5g"], None, replace(COVERAGE, possible=("coverage", "claims")))
    assert (("coverage", "claims"), -60.0, "coverage+claims") == (part.causes, part.people, part.cause)
    assert [("1", "5g", "coverage+claims", -60.0)] == list(rows.itertuples(index=False, name=None))
    (unknown,), _ = why(tables, ["5g"], None, None)
    assert 6 == len(unknown.causes)


def test_small_parts_are_noise() -> None:
    """Less than a person, and less than one in a hundred thousand of those without."""
    small = parts_of(one_cell(100, (0, 0)), one_cell(99.5, (0.005, 0)))
    large = parts_of(one_cell(1e6, (0, 0), 1e6), one_cell(1e6 - 9, (0.00001, 0), 1e6))
    told = parts_of(one_cell(100, (0, 0)), one_cell(90, (0.1, 0)))
    assert (True, True, False) == (small, large, told)


def parts_of(old: LackingCells, new: LackingCells) -> bool:
    """Whether the one part is noise."""
    ((part,), _) = why((communes(old), communes(new)), ["5g"], matched(old, new), COVERAGE)
    return part.is_noise


shares = st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])
cells = st.lists(
    st.tuples(st.sampled_from("123"), st.floats(0, 1e5), shares, shares, shares, shares, st.floats(0, 1)),
    min_size=1,
    max_size=8,
)
CAUSES: list[PartCause] = ["population", "boundaries", "rules"]


@given(old=cells, new=cells, claims=st.sets(st.sampled_from([A, B])), ground=st.sets(st.sampled_from(CAUSES)))
def test_parts_add_up_to_the_published_change(
    old: list[tuple[str, float, float, float, float, float, float]],
    new: list[tuple[str, float, float, float, float, float, float]],
    claims: set[tuple[str, str]],
    ground: set[PartCause],
) -> None:
    """In every commune to 1e-9, whatever the cells say and whatever differs."""
    sides = [
        kept(
            {(code, at): people for at, (code, people, *_) in enumerate(rows)},
            {group: [row[1] * row[6] for row in rows] for group in ("5g", "profile")},
            {
                A: ([row[2] for row in rows], [row[3] for row in rows]),
                B: ([row[4] for row in rows], [row[5] for row in rows]),
            },
        )
        for rows in (old, new)
    ]
    rules = RULES, replace(RULES, services=("5g",), k=2, operator_rule="at_least_k")
    causes = replace(
        COVERAGE, rules=rules, claims=frozenset(claims), ground=tuple(one for one in CAUSES if one in ground)
    )
    both = matched(*sides, same_boundaries="boundaries" not in ground)
    for group in ("5g", "profile"):
        published = [
            table.set_index("code").reindex(both.codes, fill_value=0.0)[name].to_numpy()
            for table in map(communes, sides)
            for name in ["pop_failing" if group == "profile" else "pop_uncovered_5g"]
        ]
        found = divide(both, causes, group, (published[0], published[1]))
        assert found is not None
        np.testing.assert_allclose(
            published[1] - published[0], found.people.sum(axis=0), rtol=1e-9, atol=1e-9
        )
