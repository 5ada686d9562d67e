"""What the bits of a mask mean: states, operator rules, not-spots, the double gap."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.people.layers import LayerTable, OperatorService, Planned
from blackspot.data.project.profile import Profile

U, C, N = LayerTable.UNCOVERED, LayerTable.COVERED, LayerTable.NO_DATA


def masks_of(*bits: tuple[int, ...]) -> np.ndarray:
    return np.array([sum(1 << bit for bit in chosen) for chosen in bits], dtype=np.uint64)


def two_operators() -> LayerTable:
    """Ha speaks for the whole country (bit 0 covers), Bo only for bit 2 (bit 1 covers)."""
    return LayerTable((OperatorService("Ha", "5g", (0,), None), OperatorService("Bo", "5g", (1,), (2,))))


def profile(**rules: object) -> Profile:
    return Profile.model_validate({"services": ("5g", "fibre"), **rules})


def with_fibre() -> LayerTable:
    """5G of two national operators (bits 0, 1) and fibre of one (bit 2)."""
    return LayerTable(
        (
            OperatorService("Ha", "5g", (0,), None),
            OperatorService("Bo", "5g", (1,), None),
            OperatorService("Ha", "fibre", (2,), None),
        )
    )


def test_items_are_sorted_by_service_and_operator() -> None:
    """The order of the columns does not depend on the order of the project file."""
    table = LayerTable(tuple(reversed(with_fibre().items)))
    assert with_fibre() == table
    assert table.services == ("5g", "fibre")
    assert table.operators_of("5g") == ("Bo", "Ha")
    assert table.operators_of("4g") == ()


@pytest.mark.parametrize("other", ["Sao Mai", "Sao-Mai", "sáo mài"])
def test_two_operators_of_one_column_are_refused(other: str) -> None:
    """Two operators whose names make one column would silently add up."""
    items = (OperatorService("Sao Mai", "5g", (0,), None), OperatorService(other, "5g", (1,), None))
    with pytest.raises(ValueError, match="sao_mai"):
        LayerTable(items)


def test_unknown_operator_is_a_key_error() -> None:
    """Asking for a layer nobody handed in is a mistake of the caller."""
    with pytest.raises(KeyError, match="Ha handed in no 4g"):
        two_operators().covered(masks_of((0,)), "4g", "Ha")


def test_each_operator_is_covered_by_any_of_its_bits() -> None:
    """An operator that hands in two files is covered where either lies."""
    table = LayerTable((OperatorService("Ha", "5g", (0, 3), None),))
    assert table.covered(masks_of((0,), (3,), (0, 3), (1,)), "5g", "Ha").tolist() == [True, True, True, False]


def test_no_data_is_outside_the_extent_and_not_covered() -> None:
    """Coverage outside the operator's own extent is still coverage."""
    masks = masks_of((), (2,), (1,), (1, 2))
    assert two_operators().no_data(masks, "5g", "Bo").tolist() == [True, False, False, False]
    assert two_operators().no_data(masks, "5g", "Ha").tolist() == [False] * 4


def test_refused_operator_has_no_data_everywhere() -> None:
    """An operator without any usable file must not look like an operator without coverage."""
    table = LayerTable((OperatorService("Ha", "5g", (), ()),))
    masks = masks_of((), (0,))
    assert table.no_data(masks, "5g", "Ha").tolist() == [True, True]
    assert table.state(masks, "5g").tolist() == [N, N]


def test_highest_bit_is_usable() -> None:
    """All 64 bits of a mask count."""
    table = LayerTable((OperatorService("Ha", "5g", (63,), None),))
    assert table.state(masks_of((63,), (0,)), "5g").tolist() == [C, U]


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        # nothing, Bo's extent, Ha, Ha + Bo's extent, Bo, both
        (1, [N, U, C, C, C, C]),
        (2, [U, U, N, U, U, C]),
        (3, [U, U, U, U, U, U]),
    ],
)
def test_state_by_hand(k: int, expected: list[int]) -> None:
    """Covered when k cover, no data when the silent operators could make it k, else uncovered."""
    masks = masks_of((), (2,), (0,), (0, 2), (1, 2), (0, 1, 2))
    assert expected == two_operators().state(masks, "5g", k).tolist()


def test_service_nobody_handed_in_is_no_data() -> None:
    """Without a submission nothing is known, for any number of operators asked for."""
    assert two_operators().state(masks_of((), (0,)), "4g").tolist() == [N, N]


def test_asking_for_no_operator_is_refused() -> None:
    """With k = 0 everybody would be covered."""
    with pytest.raises(ValueError, match="at least one operator"):
        two_operators().state(masks_of(()), "5g", 0)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"operator_rule": "any"}, [True, False, False]),
        ({"operator_rule": "all"}, [True, True, False]),
        ({"operator_rule": "at_least_k", "k": 2}, [True, True, False]),
        ({"operator_rule": "at_least_k", "k": 1}, [True, False, False]),
    ],
)
def test_operator_rule_decides_what_is_missing(rule: dict[str, object], expected: list[bool]) -> None:
    """Any needs one operator, all needs every one, at_least_k needs k."""
    missing = with_fibre().missing(masks_of((), (0,), (0, 1)), "5g", profile(**rule))
    assert expected == missing.tolist()


@pytest.mark.parametrize(
    ("gap", "expected"), [("any", [True, True, True, False]), ("all", [True, False, False, False])]
)
def test_gap_any_or_all(gap: str, expected: list[bool]) -> None:
    """One missing service is enough with any; with all everything must be missing."""
    masks = masks_of((), (0,), (2,), (1, 2))
    assert expected == with_fibre().fails(masks, profile(gap=gap)).tolist()


def test_a_plan_is_no_coverage() -> None:
    """It reaches those whom certainly nobody covers, and changes nothing else."""
    table = LayerTable(with_fibre().items, (Planned("Ha", "5g", (5,)),))
    masks = masks_of((), (0,), (5,), (0, 5))
    assert [False, False, True, False] == table.planned_for(masks, "5g").tolist()
    assert with_fibre().state(masks, "5g").tolist() == table.state(masks, "5g").tolist()
    assert ("5g",) == table.planned_services
    assert () == with_fibre().planned_services


def test_whom_no_basic_service_reaches_fails_whatever_else_is_there() -> None:
    """Fibre alone is no signal; with basic services named, a person without any of them fails."""
    masks = masks_of((), (0,), (2,), (1, 2))
    asked = profile(gap="all", basic_services=("5g",))
    assert [True, False, True, False] == with_fibre().no_basic_service(masks, asked).tolist()
    assert [True, False, True, False] == with_fibre().fails(masks, asked).tolist()
    assert not with_fibre().no_basic_service(masks, profile(gap="all")).any()


def test_a_basic_service_without_data_is_not_missing() -> None:
    """Nothing known of one of them: nobody can say that none reaches."""
    table = LayerTable((OperatorService("Ha", "4g", (0,), None), OperatorService("Ha", "5g", (1,), (2,))))
    masks = masks_of((), (2,), (0,))
    asked = profile(services=("5g",), mobile_service="5g", fibre_service="", basic_services=("4g", "5g"))
    assert [False, True, False] == table.no_basic_service(masks, asked).tolist()


def test_no_data_never_makes_a_person_fail() -> None:
    """Unknown fibre is not missing fibre: not alone, and not together with missing 5G."""
    table = LayerTable((OperatorService("Ha", "5g", (0,), None), OperatorService("Ha", "fibre", (1,), (2,))))
    masks = masks_of((), (0,), (2,))  # both unknown or missing; 5G only; fibre known and missing
    assert table.fails(masks, profile(gap="all")).tolist() == [False, False, True]
    assert table.fails(masks, profile(gap="any")).tolist() == [True, False, True]


def test_total_and_partial_not_spots() -> None:
    """Nobody covers; some cover and some certainly do not; silence is neither."""
    masks = masks_of((), (2,), (0,), (0, 2), (1,), (0, 1, 2))
    assert two_operators().total_not_spot(masks, "5g").tolist() == [False, True, False, False, False, False]
    assert two_operators().partial_not_spot(masks, "5g").tolist() == [False, False, False, True, True, False]


def test_double_gap_needs_both_services_named() -> None:
    """Without a mobile or a fibre service in the profile there is no double gap."""
    masks = masks_of((), (0,), (2,), (0, 2))
    both = profile(mobile_service="5g", fibre_service="fibre")
    assert with_fibre().double_gap(masks, both).tolist() == [True, False, False, False]
    assert with_fibre().double_gap(masks, profile(mobile_service="5g")).tolist() == [False] * 4


def test_double_gap_follows_the_operator_rule() -> None:
    """Where all operators are asked for, one operator's 5G does not close the gap."""
    rules = profile(mobile_service="5g", fibre_service="fibre", operator_rule="all")
    assert with_fibre().double_gap(masks_of((0,), (0, 1)), rules).tolist() == [True, False]


@st.composite
def tables(draw: st.DrawFn) -> LayerTable:
    """Draw one service of up to five operators with bits of their own."""
    items = []
    for number in range(draw(st.integers(1, 5))):
        coverage = tuple(draw(st.sets(st.integers(0, 15), max_size=3)))
        extent = draw(st.none() | st.sets(st.integers(16, 20), max_size=2).map(tuple))
        items.append(OperatorService(f"Op {number}", "5g", coverage, extent))
    return LayerTable(tuple(items))


MASKS = st.lists(st.integers(0, 2**21 - 1), min_size=1, max_size=30).map(lambda v: np.array(v, np.uint64))


@given(tables(), MASKS)
def test_any_each_all_are_nested(table: LayerTable, masks: np.ndarray) -> None:
    """All implies each, each implies any, and more operators are never easier to get."""
    operators = table.operators_of("5g")
    states = [table.state(masks, "5g", k) == C for k in range(1, len(operators) + 1)]
    each = [table.covered(masks, "5g", name) for name in operators]
    assert np.array_equal(states[0], np.any(each, axis=0))
    assert np.array_equal(states[-1], np.all(each, axis=0))
    assert all(not (harder & ~easier).any() for easier, harder in itertools.pairwise(states))


@given(tables(), MASKS, st.integers(1, 6))
def test_uncovered_stays_uncovered_when_more_is_asked(table: LayerTable, masks: np.ndarray, k: int) -> None:
    """Who certainly lacks k operators certainly lacks k + 1."""
    uncovered = table.state(masks, "5g", k) == U
    assert not (uncovered & (table.state(masks, "5g", k + 1) != U)).any()


@given(tables(), MASKS)
def test_total_partial_and_full_do_not_overlap(table: LayerTable, masks: np.ndarray) -> None:
    """A person is in a total not-spot, in a partial one, or in neither."""
    total, partial = table.total_not_spot(masks, "5g"), table.partial_not_spot(masks, "5g")
    everyone = table.count_covered(masks, "5g") == len(table.operators_of("5g"))
    assert not (total & partial).any()
    assert not (everyone & (total | partial)).any()
