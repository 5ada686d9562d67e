"""Which differences between two manifests can have moved a number."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from blackspot.coverage.change.causes import causes_of

A, B = ("Sao Mai", "5g"), ("Hải Đăng (1)", "5g")


def manifest() -> dict[str, Any]:
    """A run of two operators."""
    return {
        "rules": {
            "profile.services": ["5g", "fibre"],
            "profile.basic_services": [],
            "profile.gap": "all",
            "profile.operator_rule": "any",
            "profile.k": 1,
            "profile.counted_basis": ["declared"],
            "profile.min_people": 50.0,
            "population.edge_cells": "land",
        },
        "claims": {
            f"{operator} {service}": {"basis": "declared", "buffer_m": None, "extent": None}
            for operator, service in (A, B)
        },
        "inputs": [{"role": role, "sha256": role} for role in ("communes", "population", "coverage")],
        "submissions": [
            {
                "operator": operator,
                "service": service,
                "state": "delivered",
                "version": {"files": [{"sha256": operator}]},
            }
            for operator, service in (A, B)
        ],
    }


def test_nothing_differs() -> None:
    """Both are the same data; whatever moved would be called coverage."""
    found = causes_of(manifest(), manifest())
    assert found is not None
    assert (frozenset({A, B}), frozenset(), (), ("coverage",)) == (
        found.unchanged,
        found.may_cover_more,
        found.ground,
        found.possible,
    )


@pytest.mark.parametrize(
    ("path", "value", "possible"),
    [
        (("submissions", 0, "version"), {"files": [{"sha256": "x"}]}, ("coverage",)),
        (("submissions", 0, "state"), "no_data", ("coverage", "reported")),
        (("claims", "Sao Mai 5g", "extent"), {"provinces": ["01"]}, ("reported",)),
        (("claims", "Sao Mai 5g", "buffer_m"), 500.0, ("claims",)),
        (("claims", "Sao Mai 5g", "basis"), "planned", ("claims",)),
        (("inputs", 0, "sha256"), "x", ("boundaries",)),
        (("inputs", 1, "sha256"), "x", ("population",)),
        (("inputs", 2, "role"), "extent", ("reported",)),
        (("rules", "profile.gap"), "any", ("rules",)),
        (("rules", "population.edge_cells"), "share", ("rules",)),
        (("rules", "profile.counted_basis"), ["measured"], ("rules",)),
        (("rules", "profile.counted_environments"), ["indoor"], ("rules",)),
        (("rules", "profile.counted_environments"), ["outdoor"], ("coverage",)),
        (("rules", "profile.counted_service_classes"), ["1"], ("rules",)),
        (("rules", "profile.min_people"), 10.0, ("coverage",)),
        (("claims",), {"Sao Mai 5g": {"basis": "declared", "buffer_m": None, "extent": None}}, ("reported",)),
    ],
)
def test_each_cause(path: tuple[str | int, ...], value: object, possible: tuple[str, ...]) -> None:
    """One difference."""
    after = deepcopy(manifest())
    place: Any = after
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    found = causes_of(manifest(), after)
    assert found is not None
    assert possible == found.possible


def test_who_is_counted_where_is_one_cause() -> None:
    """Other boundaries and other people cannot be told apart; rules that follow from the cells can."""
    after = manifest()
    after["inputs"] = [{"role": role, "sha256": "x"} for role in ("communes", "population", "coverage")]
    after["rules"] |= {"profile.gap": "any", "population.edge_cells": "share"}
    found = causes_of(manifest(), after)
    assert found is not None
    assert ("population", "boundaries", "rules") == found.ground
    assert found.rules_differ


def test_several_files_of_one_operator() -> None:
    """The second is numbered, as in the manifest; an operator may have a number in its name."""
    before, after = manifest(), manifest()
    second = {"basis": "declared", "buffer_m": 10.0, "extent": None}
    before["claims"]["Sao Mai 5g (2)"], after["claims"]["Sao Mai 5g (2)"] = (
        second,
        {**second, "buffer_m": 20.0},
    )
    found = causes_of(before, after)
    assert found is not None
    assert (frozenset({A}), frozenset({B}), "claims", "coverage") == (
        found.claims,
        found.unchanged,
        found.of_layer(A),
        found.of_layer(B),
    )


def test_an_older_program_does_not_say() -> None:
    """Nothing can be told."""
    assert causes_of({"claims": {}}, manifest()) is None
