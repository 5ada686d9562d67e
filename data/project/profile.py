"""The rules of a project file: what is rural, border or island, and what counts as a gap."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from .values import (
    CRS_NOTE,
    LAYER_NOTE,
    Amount,
    Basis,
    CommuneType,
    FilePath,
    Model,
    Name,
    OperatorRule,
    Service,
    Text,
    Vintage,
)


class CodeList(Model):
    """A table that lists communes by code."""

    path: FilePath = Field(description="A CSV or XLSX table (its first sheet).")
    column: Name = Field(default="code", description="Column that holds the codes of the communes.")


class VectorSource(Model):
    """A vector file."""

    path: FilePath = Field(description="A vector file.")
    layer: Text = Field(default="", description=LAYER_NOTE)


class PlacesSource(VectorSource):
    """Names of settlements."""

    crs: Text = Field(default="", description=CRS_NOTE)
    column: Name = Field(default="name", description="Column that holds the names.")


class BorderRules(Model):
    """What makes a border commune: the legal list, else the distance to the land border."""

    list: CodeList | None = Field(default=None, description="Legal list of border communes, optional.")
    land_border: VectorSource | None = Field(default=None, description="Lines of the land border, optional.")
    distance_km: Amount = Field(
        default=5.0,
        description="Without a list: communes within this distance of the land border, in km.",
    )


class IslandRules(Model):
    """What makes an island commune: the legal list, else parts not connected to the mainland."""

    list: CodeList | None = Field(default=None, description="Legal list of island communes, optional.")
    gap_m: Amount = Field(
        default=200.0,
        description="Land parts closer than this count as connected, in metres (rivers, drawing gaps).",
    )


class SettingRules(Model):
    """Rural, border and island: how each flag is decided."""

    rural_types: tuple[CommuneType, ...] = Field(
        default=("commune", "special_zone"),
        description="Legal types that count as rural.",
    )
    border: BorderRules = Field(default=BorderRules(), description="Border communes.")
    island: IslandRules = Field(default=IslandRules(), description="Island communes.")


class Profile(Model):
    """The gap profile: which services people need and what makes a black spot."""

    id: Name = Field(default="default", description="Name of the rule set, printed on every output.")
    version: Vintage = Field(default="1", description="Version of the rule set, printed on every output.")
    services: tuple[Service, ...] = Field(min_length=1, description="Services people need.")
    mobile_service: Service | Literal[""] = Field(
        default="",
        description="The mobile service of not-spots and of the double gap; empty counts neither.",
    )
    fibre_service: Service | Literal[""] = Field(
        default="",
        description="The fixed service of the double gap; empty counts none.",
    )
    gap: Literal["any", "all"] = Field(
        default="all",
        description="A person fails when any or when all of the services are missing.",
    )
    operator_rule: OperatorRule = Field(
        default="any",
        description="A service counts where any operator, all operators or at least k operators cover.",
    )
    k: Annotated[int, Field(ge=1)] = Field(default=1, description="Operators that at_least_k asks for.")
    counted_basis: tuple[Basis, ...] = Field(
        default=("declared", "modelled", "measured"),
        min_length=1,
        description="Only coverage known in these ways counts as coverage.",
    )
    min_people: Amount = Field(default=50.0, description="Smallest black spot that is kept, in people.")
    min_area_km2: Amount = Field(default=0.0, description="Smallest black spot that is kept, in km².")
    spot_people: Amount = Field(
        default=5000.0,
        description="Larger clusters of failing cells are divided into black spots of at most so many people; "
        "0 sets no limit. Only a single cell, or ground that cannot be divided without a part below min_people, "
        "stays larger.",
    )
    spot_area_km2: Amount = Field(
        default=25.0,
        description="Larger clusters of failing cells are divided into black spots of at most so many km²; "
        "0 sets no limit. With both limits 0 every cluster is one black spot.",
    )
    min_cell_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.5,
        description="A cell belongs to a black spot when at least this share of its people fail (0 to 1).",
    )

    @field_validator("services", "counted_basis")
    @classmethod
    def _once_each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({word for word in value if value.count(word) > 1})
        if twice:
            msg = f"{', '.join(twice)} stands twice; name each once"
            raise ValueError(msg)
        return value

    @field_validator("k")
    @classmethod
    def _k_has_a_meaning(cls, value: int, info: ValidationInfo) -> int:
        if value != 1 and info.data.get("operator_rule", "at_least_k") != "at_least_k":
            msg = f'k = {value} has a meaning only with operator_rule = "at_least_k"'
            raise ValueError(msg)
        return value

    def digest(self) -> str:
        """Give the sha256 (hex) of the profile's canonical JSON: same rules, same digest."""
        text = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()
