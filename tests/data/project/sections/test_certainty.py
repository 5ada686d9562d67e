"""The rules of how sure a run is."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from blackspot.data.project.sections.certainty import CertaintyRules, EdgeScatter


def test_the_widest_basis_of_a_layer_counts() -> None:
    rules = CertaintyRules(edge_sd_m=EdgeScatter(declared=500.0, measured=100.0))
    assert 100.0 == rules.common_sd_m("5g", frozenset({"measured"}))
    assert 500.0 == rules.common_sd_m("5g", frozenset({"measured", "declared"}))
    assert 0.0 == rules.common_sd_m("5g", frozenset())


def test_a_service_may_have_its_own() -> None:
    rules = CertaintyRules(service_sd_m={"fibre": 200.0})
    assert 200.0 == rules.common_sd_m("fibre", frozenset({"declared"}))
    assert 500.0 == rules.common_sd_m("5g", frozenset({"declared"}))


def test_certain_cannot_be_less_than_likely() -> None:
    with pytest.raises(ValidationError, match="exchange them"):
        CertaintyRules(certain_share=0.4, likely_share=0.6)


@pytest.mark.parametrize(
    "rules", [{"draws": -1}, {"draws": 30_000}, {"top": 0}, {"seed": -1}, {"local_sd_m": -5.0}]
)
def test_what_cannot_be_is_refused(rules: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        CertaintyRules.model_validate(rules)
