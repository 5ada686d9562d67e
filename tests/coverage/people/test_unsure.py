"""People who may lack something besides those who certainly do, counted by hand and against brute force."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.coverage.people.unsure import unsure_people
from blackspot.data.project.profile import Profile

if TYPE_CHECKING:
    import pandas as pd

OPERATORS = ("A", "B", "C")
COVERAGE = {("5g", name): bit for bit, name in enumerate(OPERATORS)} | {("fibre", "A"): 3, ("fibre", "B"): 4}
EXTENTS = {("5g", "B"): 5, ("5g", "C"): 6, ("fibre", "B"): 7}
ALL_MASKS = np.arange(256, dtype=np.uint64)


def table() -> LayerTable:
    """Three operators of 5G, two of them silent outside an extent; two of fibre, one of them silent outside."""
    return LayerTable(
        tuple(
            OperatorService(
                operator,
                service,
                (bit,),
                (EXTENTS[service, operator],) if (service, operator) in EXTENTS else None,
            )
            for (service, operator), bit in COVERAGE.items()
        )
    )


def profile(
    gap: Literal["any", "all"] = "all", rule: Literal["any", "all", "at_least_k"] = "any", k: int = 1
) -> Profile:
    """Ask for 5G and fibre."""
    return Profile(
        id="p",
        services=("5g", "fibre"),
        mobile_service="5g",
        fibre_service="fibre",
        gap=gap,
        operator_rule=rule,
        k=k,
    )


def counted(asked: Profile, masks: np.ndarray = ALL_MASKS) -> pd.DataFrame:
    """Put one person of each mask into a commune of its own."""
    return unsure_people(np.eye(len(masks)), masks, table(), asked, np.ones(len(masks), dtype=np.bool_))


def worlds(mask: int, service: str) -> list[int]:
    """Give every number of covering operators that is possible where some are silent."""
    open_ended = []
    for (of, operator), bit in COVERAGE.items():
        if of != service:
            continue
        covers = mask >> bit & 1
        extent = EXTENTS.get((service, operator))
        silent = extent is not None and not mask >> extent & 1 and not covers
        open_ended.append((0, 1) if silent else (covers,))
    return [sum(choice) for choice in product(*open_ended)]


def expected(mask: int, asked: Profile, *, both: bool = False) -> float:
    """Say by trying every possible world whether it is open if a person fails."""
    needed = {
        service: {"any": 1, "all": count, "at_least_k": asked.k}[asked.operator_rule]
        for service, count in (("5g", 3), ("fibre", 2))
    }
    verdicts = set()
    for mobile, fibre in product(worlds(mask, "5g"), worlds(mask, "fibre")):
        missing = (mobile < needed["5g"], fibre < needed["fibre"])
        verdicts.add(all(missing) if both or asked.gap == "all" else any(missing))
    return float(verdicts == {True, False})


@pytest.mark.parametrize("gap", ["any", "all"])
@pytest.mark.parametrize(("rule", "k"), [("any", 1), ("all", 1), ("at_least_k", 2), ("at_least_k", 3)])
def test_who_may_fail_is_found_by_trying_every_world(
    gap: Literal["any", "all"], rule: Literal["any", "all", "at_least_k"], k: int
) -> None:
    """For every combination of coverage and silence, every operator rule and both kinds of gap."""
    asked = profile(gap, rule, k)
    may_fail = table().may_fail(ALL_MASKS, asked)
    assert [expected(int(mask), asked) for mask in ALL_MASKS] == may_fail.astype(np.float64).tolist()
    both = counted(asked)["pop_unsure_double"].tolist()
    assert [expected(int(mask), asked, both=True) for mask in ALL_MASKS] == both


def test_who_may_have_no_basic_service_is_found_by_trying_every_world() -> None:
    """Fails with both missing, or without the basic service whatever the operator rule says."""
    asked = profile("all", "at_least_k", 2).model_copy(update={"basic_services": ("5g",)})
    none = counted(asked)["pop_unsure_basic"].to_numpy()
    fails = table().may_fail(ALL_MASKS, asked).astype(np.float64)
    for found, verdict in (
        (none, lambda mobile, _fibre: mobile == 0),
        (fails, lambda mobile, fibre: mobile == 0 or (mobile < 2 and fibre < 2)),
    ):
        open_ = [
            float(
                {verdict(*world) for world in product(worlds(int(mask), "5g"), worlds(int(mask), "fibre"))}
                == {True, False}
            )
            for mask in ALL_MASKS
        ]
        assert open_ == found.tolist()


def test_operators_and_numbers_of_them_by_trying_every_world() -> None:
    """Whether all, at least two or only some of the three operators of 5G cover."""
    found = counted(profile())
    checks = {
        "pop_unsure_5g_all": lambda count: count == 3,
        "pop_unsure_5g_at_least_2": lambda count: count >= 2,
        "pop_unsure_5g_partial": lambda count: 0 < count < 3,
    }
    for name, holds in checks.items():
        answers = [float(len({holds(count) for count in worlds(int(mask), "5g")}) == 2) for mask in ALL_MASKS]
        assert answers == found[name].tolist(), name


def test_an_operator_is_open_only_where_it_is_silent() -> None:
    """A speaks for the whole country; B neither covers nor speaks outside its extent."""
    found = counted(profile())
    assert not found["pop_unsure_5g_a"].any()
    silent = [float(not mask >> 1 & 1 and not mask >> 5 & 1) for mask in range(256)]
    assert silent == found["pop_unsure_5g_b"].tolist()


def test_the_largest_operator_may_be_larger() -> None:
    """A covers 60 of 100; B covers 30 and is silent of 50, so the largest may cover up to 80: 20 more."""
    covered_by_a, covered_by_b, b_speaks, c_speaks = 1, 2, 1 << 5, 1 << 6
    masks = np.array(
        [covered_by_a | b_speaks | c_speaks, covered_by_b | c_speaks, covered_by_a | c_speaks, c_speaks],
        dtype=np.uint64,
    )
    people = np.array([[20.0, 30.0, 40.0, 10.0]])
    found = unsure_people(people, masks, table(), profile(), np.array([True]))
    assert [20.0] == found["pop_unsure_5g_max_operator"].tolist()


def test_an_unknown_population_stays_unknown() -> None:
    """No number is made up where the grid has no people."""
    masks = np.zeros(1, dtype=np.uint64)
    found = unsure_people(np.zeros((1, 1)), masks, table(), profile(), np.array([False]))
    assert found.isna().all(axis=None)
