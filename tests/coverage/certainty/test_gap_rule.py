"""The rules of masks for shares: at 0 and 1 they say what the rules of masks say, between them what chance says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.certainty.gap_rule import GapRule
from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.data.project.profile import Profile

LAYERS = LayerTable(
    tuple(
        OperatorService(operator, service, (number,), None)
        for number, (operator, service) in enumerate(
            [("A", "4g"), ("A", "5g"), ("B", "5g"), ("C", "5g"), ("A", "fibre"), ("B", "fibre")]
        )
    )
)
MASKS = np.arange(1 << 6, dtype=np.uint64)


def profile(**changes: object) -> Profile:
    facts: dict[str, object] = {"services": ("5g", "fibre"), "basic_services": ("4g", "5g"), "gap": "all"}
    return Profile.model_validate(facts | changes)


PROFILES = [
    profile(gap=gap, services=services, basic_services=basic, **rule)
    for gap in ("any", "all")
    for services in (("5g",), ("5g", "fibre"))
    for basic in ((), ("4g",), ("4g", "5g"), ("fibre",))
    for rule in (
        {"operator_rule": "any"},
        {"operator_rule": "all"},
        {"operator_rule": "at_least_k", "k": 2},
        {"operator_rule": "at_least_k", "k": 5},
    )
]


def uncovered(masks: np.ndarray) -> list[np.ndarray]:
    bits = [item.coverage_bits[0] for item in LAYERS.items]
    return [1.0 - ((masks >> np.uint64(bit)) & np.uint64(1)).astype(np.float32) for bit in bits]


@pytest.mark.parametrize("rules", PROFILES, ids=lambda rules: f"{rules.gap}-{rules.operator_rule}-{rules.k}")
def test_what_is_certain_is_what_the_masks_say(rules: Profile) -> None:
    found = GapRule.of(LAYERS, rules)(uncovered(MASKS))
    fails = np.broadcast_to(found.failing, MASKS.shape)
    severe = np.broadcast_to(found.severe, MASKS.shape)
    assert np.array_equal(LAYERS.fails(MASKS, rules).astype(float), fails)
    assert np.array_equal(LAYERS.no_basic_service(MASKS, rules).astype(float), severe)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(PROFILES), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_chances_are_those_of_all_combinations(rules: Profile, shares: list[float]) -> None:
    """Every mask with its probability, added up."""
    chance = np.ones(len(MASKS))
    for share, bits in zip(shares, uncovered(MASKS), strict=True):
        chance *= np.where(bits > 0, share, 1.0 - share)
    found = GapRule.of(LAYERS, rules)([np.array([share], np.float32) for share in shares])
    expected = float(chance[LAYERS.fails(MASKS, rules)].sum())
    severe = float(chance[LAYERS.no_basic_service(MASKS, rules)].sum())
    assert pytest.approx(expected, abs=1e-5) == float(np.ravel(found.failing)[0])
    assert pytest.approx(severe, abs=1e-5) == float(np.ravel(found.severe)[0])


def test_a_service_that_nobody_handed_in_is_never_missing() -> None:
    rules = profile(services=("fm",), basic_services=())
    rule = GapRule.of(LAYERS, rules)
    assert not rule(uncovered(MASKS)).failing.any()
    assert () == rule.layers


def test_only_layers_of_the_profile_decide() -> None:
    rule = GapRule.of(LAYERS, profile(services=("fibre",), basic_services=()))
    assert [LAYERS.items[at].service for at in rule.layers] == ["fibre"] * 2
    for one, other in itertools.pairwise(uncovered(MASKS)):
        assert one.shape == other.shape


@pytest.mark.parametrize("rules", PROFILES, ids=lambda rules: f"{rules.gap}-{rules.operator_rule}-{rules.k}")
def test_further_columns_are_what_the_masks_say(rules: Profile) -> None:
    named = rules.model_copy(update={"mobile_service": "5g", "fibre_service": "fibre"})
    found = GapRule.of(LAYERS, named, (("4g",), ("5g", "fibre")))(uncovered(MASKS))
    expected = (LAYERS.total_not_spot(MASKS, "4g"), LAYERS.double_gap(MASKS, named))
    for flags, share in zip(expected, found.others, strict=True):
        assert np.array_equal(flags.astype(float), np.broadcast_to(share, MASKS.shape))
