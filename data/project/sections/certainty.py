"""How sure a run is: how far edges of coverage may lie elsewhere, and from when on a place in the list counts as certain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from .values import Amount, Model, Service, Share

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_DRAWS = 20_000


class EdgeScatter(Model):
    """By how many metres all edges of one operator's service may lie elsewhere together: a standard deviation.

    The defaults are our assumptions, no measurements. Where the level of a signal falls by 38.6 dB for every tenfold
    distance (3GPP TR 38.901, rural, no line of sight), a model that is wrong by 4 dB everywhere moves an edge 2 km away
    by ln(10) · 4 / 38.6 · 2 km, which is about 500 m.
    """

    declared: Amount = Field(default=500.0, description="Coverage that is declared, in metres.")
    modelled: Amount = Field(default=300.0, description="Coverage from a model, in metres.")
    measured: Amount = Field(default=100.0, description="Coverage from measurements, in metres.")
    predicted: Amount = Field(default=1000.0, description="Coverage that is predicted, in metres.")
    planned: Amount = Field(
        default=1000.0, description="Planned coverage, where it counts as coverage, in metres."
    )


class CertaintyRules(Model):
    """How sure the figures and the ranking are; docs/method.md says how it is computed.

    The edges of each operator's service move together in every draw, and on top of that in each commune by an amount of
    its own; the people of a commune lie anywhere between their sources.
    """

    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = Field(
        default=500, description="How often everything is drawn and ranked anew; 0 states no certainty."
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=57, description="Where the draws begin: the same number gives the same bytes."
    )
    top: Annotated[int, Field(ge=1)] = Field(
        default=20,
        description="The list whose members are judged: the first so many communes of the ranking.",
    )
    certain_share: Share = Field(
        default=0.9, description="Share of the draws (0 to 1) from which a place in the list is certain."
    )
    likely_share: Share = Field(
        default=0.5,
        description="Share of the draws from which it is likely; below, it is to be verified first.",
    )
    edge_sd_m: EdgeScatter = Field(
        default=EdgeScatter(),
        description="Standard deviation by which all edges of one operator's service lie elsewhere together, by basis.",
    )
    service_sd_m: dict[Service, Amount] = Field(
        default={},
        description="The same for single services, whatever their basis, such as { fibre = 200 }, in metres.",
    )
    local_sd_m: Amount = Field(
        default=250.0,
        description="Standard deviation by which the edges in a commune lie elsewhere besides, in metres; our assumption.",
    )
    population: bool = Field(
        default=True,
        description="The people of a commune lie anywhere between the raster and the official figure where both are known.",
    )

    @model_validator(mode="after")
    def _certain_is_more_than_likely(self) -> Self:
        if self.likely_share > self.certain_share:
            msg = f"likely_share = {self.likely_share} is above certain_share = {self.certain_share}; exchange them"
            raise ValueError(msg)
        return self

    def common_sd_m(self, service: str, bases: Iterable[str]) -> float:
        """Give the standard deviation of a service in metres: its own, else the widest one of the bases it is known by."""
        own = self.service_sd_m.get(service)
        if own is not None:
            return own
        return max((float(getattr(self.edge_sd_m, basis)) for basis in bases), default=0.0)
