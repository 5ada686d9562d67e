"""The rules of a project file: what is rural, border or island, and what counts as a gap."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Literal, Protocol, Self

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from ..text.sentences import told
from .sections.certainty import CertaintyRules
from .sections.composite import CompositeRules
from .sections.values import (
    CRS_NOTE,
    OUTDOOR,
    Amount,
    Basis,
    CommuneType,
    Day,
    Environment,
    FilePath,
    Model,
    Name,
    OperatorRule,
    Service,
    Share,
    Text,
    VectorSource,
    Vintage,
)

if TYPE_CHECKING:
    import datetime as dt

RuralRule = Literal["legal_type", "degree_of_urbanisation", "either", "both"]
ListName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]


class CodeList(Model):
    """A table that lists communes by code."""

    path: FilePath = Field(description="A CSV or XLSX table (its first sheet).")
    column: Name = Field(default="code", description="Column that holds the codes of the communes.")


class LegalList(CodeList):
    """A table that lists communes by code, and the decree that says so."""

    decree: Text = Field(default="", description="Number of the decree, such as 299/2025/NĐ-CP.")
    date: Day | None = Field(default=None, description="Day of the decree.")
    valid_from: Day | None = Field(default=None, description="First day on which the list is in force.")
    valid_to: Day | None = Field(
        default=None,
        description="Last day on which it is in force. A list that is not in force on the day of the newest coverage "
        "does not count, and that is told.",
    )

    def in_force(self, day: dt.date | None) -> bool:
        """Say whether the list is in force on a day; on no known day everything is."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @model_validator(mode="after")
    def _from_before_to(self) -> Self:
        if self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from:
            msg = "valid_to lies before valid_from"
            raise ValueError(msg)
        return self


class ClassList(LegalList):
    """A further legal list, such as that of areas I to III: a column of the commune table."""

    value: Text = Field(
        default="",
        description="Column that holds the class of a commune, such as its area; empty for a list without classes.",
    )


class PlacesSource(VectorSource):
    """Names of settlements."""

    crs: Text = Field(default="", description=CRS_NOTE)
    column: Name = Field(default="name", description="Column that holds the names.")


class BorderRules(Model):
    """What makes a border commune: the legal list, else the distance to the land border."""

    list: LegalList | None = Field(default=None, description="Legal list of border communes, optional.")
    land_border: VectorSource | None = Field(
        default=None,
        description="The land border, optional: lines, or areas of countries. Of areas the outline of the neighbours "
        "counts where it comes near the mainland, never a coast; where they show the country alone, map.neighbours "
        "says who lies beside it.",
    )
    rule: Literal["distance", "touch"] = Field(
        default="distance",
        description="Without a list: distance counts communes within distance_km of the land border; touch those a part "
        "of whose own outline is the border, as Decree 34/2014 and its successors define them.",
    )
    distance_km: Amount = Field(
        default=5.0,
        description="Without a list: communes within this distance of the land border, in km.",
    )
    touch_km: Amount = Field(
        default=10.0,
        description="How far a drawn line of the border may lie from the outline of the country, in km: outlines that no "
        "other commune shares touch the border within this distance.",
    )
    belt_km: Amount = Field(
        default=10.0, description="Width of the belt along the border whose people are counted, in km."
    )
    most_share: Share = Field(
        default=0.3,
        description="Share of the communes from which so many border communes are told: 7 % lie on the land border of "
        "Viet Nam, and a coast that is taken for one makes it half of them. A border province may have more.",
    )


class IslandRules(Model):
    """What makes an island commune: the legal list, else parts not connected to the mainland."""

    list: LegalList | None = Field(default=None, description="Legal list of island communes, optional.")
    gap_m: Amount = Field(
        default=200.0,
        description="Land parts closer than this count as connected, in metres (rivers, drawing gaps).",
    )
    fixed_links: VectorSource | None = Field(
        default=None,
        description="Bridges and causeways as lines, optional: they connect the parts that their ends lie on or near. "
        "A commune that hangs on the mainland only by them is no island, and marked as bridged.",
    )


class SettingRules(Model):
    """Rural, border and island: how each flag is decided."""

    rural_types: tuple[CommuneType, ...] = Field(
        default=("commune", "special_zone"),
        description="Legal types that count as rural.",
    )
    rural: RuralRule = Field(
        default="legal_type",
        description="What makes a commune rural: its legal type, its degree of urbanisation, either of them, or both.",
    )
    border: BorderRules = Field(default=BorderRules(), description="Border communes.")
    island: IslandRules = Field(default=IslandRules(), description="Island communes.")
    lists: dict[ListName, ClassList] = Field(
        default={},
        description="Further legal lists by names of your own, such as [setting.lists.area]; each is a column list_NAME.",
    )


class OrderRules(Model):
    """In which order communes stand; docs/method.md says why.

    "mission" has six tiers. Communes where people have no basic service at all come before those where people fail
    the profile otherwise; in both, rural communes on the border or an island come first, then other rural ones, then
    urban ones. Inside a tier those come first where most people are affected and those far from any signal, then
    the number of people decides.
    """

    by: Annotated[str, Field(pattern=r"^(mission|people|share|composite|pop_[a-z0-9_]+)$")] = Field(
        default="mission",
        description="mission: tiers by severity and setting, then people; people: people who fail the profile; "
        "share: their share of the commune's people; composite: several columns by weights; or a column of people of the "
        "commune table.",
    )
    serious_people: Amount = Field(
        default=1000.0, description="mission: so many affected people put a commune into a tier."
    )
    serious_share: Share = Field(
        default=0.1,
        description="mission: so does this share of its people (0 to 1), if they are at least min_people.",
    )
    least_share: Share = Field(
        default=0.01,
        description="mission: below this share (0 to 1) no number of people puts a commune into a tier.",
    )
    most_share: Share = Field(
        default=0.5,
        description="mission: from this share on (0 to 1) a commune stands in a tier however small it is, and first in it.",
    )
    isolated_km: Amount = Field(
        default=10.0,
        description="mission: where the nearest basic service is so far away, a commune comes first in its tier, in km.",
    )
    composite: CompositeRules = Field(
        default=CompositeRules(), description="composite: which columns weigh how much."
    )

    @model_validator(mode="after")
    def _composite_needs_weights(self) -> Self:
        if self.by == "composite" and not self.composite.weights:
            msg = 'by = "composite" needs columns and their weights in composite.weights'
            raise ValueError(msg)
        return self

    @model_serializer(mode="wrap")
    def _without_an_idle_composite(self, handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Write a composite only where the order is one: elsewhere it is no rule, and changes no digest."""
        content: dict[str, object] = handler(self)
        if self.by != "composite":
            content.pop("composite", None)
        return content


class PopulationLimits(Model):
    """From where on the raster and the official figure of a commune disagree."""

    factor: Annotated[float, Field(gt=1, allow_inf_nan=False)] = Field(
        default=2.0,
        description="A commune's population is disputed when the raster and the official figure differ by more than this "
        "factor, after the usual ratio of its province is taken out.",
    )
    area_factor: Annotated[float, Field(gt=1, allow_inf_nan=False)] = Field(
        default=2.0,
        description="It is disputed as well when its area on the map and its official area differ by more than this factor.",
    )


class Claim(Protocol):
    """Coverage as its submission states it; texts are empty where it does not say."""

    @property
    def basis(self) -> str:
        """How it is known."""

    @property
    def environment(self) -> str:
        """Where it reaches: outdoor, in_vehicle or indoor."""

    @property
    def service_class(self) -> str:
        """Class of the service."""


class Profile(Model):
    """The gap profile: which services people need and what makes a black spot."""

    base: Text = Field(
        default="",
        description="Profile to start from, optional: the name of one that ships (blackspot profiles lists them), or the "
        "path of a TOML file like theirs. Keys beside it replace its own, and the id then names what was replaced.",
    )
    id: Name = Field(default="default", description="Name of the rule set, printed on every output.")
    version: Vintage = Field(default="1", description="Version of the rule set, printed on every output.")
    services: tuple[Service, ...] = Field(
        default=(), description="Services people need; required where no base names them."
    )
    mobile_service: Service | Literal[""] = Field(
        default="",
        description="The mobile service of not-spots and of the double gap; empty counts neither.",
    )
    fibre_service: Service | Literal[""] = Field(
        default="",
        description="The fixed service of the double gap; empty counts none.",
    )
    basic_services: tuple[Service, ...] = Field(
        default=(),
        description="The services of which a person needs at least one to be reached at all, such as every mobile "
        "generation. Whoever certainly has none of them fails the profile and comes first; empty asks for none.",
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
    counted_environments: tuple[Environment, ...] = Field(
        default=(),
        description="Only coverage of these environments counts: outdoor, in_vehicle, indoor; empty counts all. A "
        "submission that does not say where it reaches counts as outdoor.",
    )
    counted_service_classes: tuple[Name, ...] = Field(
        default=(),
        description="Only coverage of these classes of service counts, written as in service_class, such as the zones 1 "
        "and 2 of QCVN 81; empty counts all. A submission that does not say its class then does not count.",
    )
    min_people: Amount = Field(default=50.0, description="Smallest black spot that is kept, in people.")
    min_area_km2: Amount = Field(default=0.0, description="Smallest black spot that is kept, in km².")
    spot_people: Amount = Field(
        default=5000.0,
        description="Larger clusters of failing cells are divided into black spots of at most so many people; "
        "0 sets no limit. Only a single cell stays larger, or ground so thinly peopled that parts above "
        "min_people were not found.",
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
    switched_off: dict[Service, Day] = Field(
        default={},
        description="Last day of a service, such as 2g = 2026-09-15: coverage of it closes no gap on a later day. Those "
        "of Viet Nam are known (docs/method.md); a day here replaces them.",
    )
    population: PopulationLimits = Field(
        default=PopulationLimits(), description="When the population of a commune is disputed."
    )
    order: OrderRules = Field(default=OrderRules(), description="The order of the communes.")
    certainty: CertaintyRules = Field(
        default=CertaintyRules(), description="How sure the figures and the ranking are."
    )

    @field_validator(
        "services", "basic_services", "counted_basis", "counted_environments", "counted_service_classes"
    )
    @classmethod
    def _once_each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({word for word in value if value.count(word) > 1})
        if twice:
            msg = told("project", "wrong.word_twice", words=", ".join(twice))
            raise ValueError(msg)
        return value

    @field_validator("services")
    @classmethod
    def _asks_for_something(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            msg = told("project", "wrong.no_services")
            raise ValueError(msg)
        return value

    @field_validator("k")
    @classmethod
    def _k_has_a_meaning(cls, value: int, info: ValidationInfo) -> int:
        if value != 1 and info.data.get("operator_rule", "at_least_k") != "at_least_k":
            msg = told("project", "wrong.k_alone", k=value)
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _at_least_needs_k(self) -> Self:
        if self.operator_rule == "at_least_k" and "k" not in self.model_fields_set:
            msg = told("project", "wrong.k_missing")
            raise ValueError(msg)
        return self

    def counts(self, claim: Claim) -> bool:
        """Say whether coverage counts: by how it is known, where it reaches, and the class of its service."""
        return (
            claim.basis in self.counted_basis
            and (not self.counted_environments or (claim.environment or OUTDOOR) in self.counted_environments)
            and (not self.counted_service_classes or claim.service_class in self.counted_service_classes)
        )

    def digest(self) -> str:
        """Give the sha256 (hex) of the profile's canonical JSON: same rules, same digest."""
        unsaid = {"base"} if self.switched_off else {"base", "switched_off"}
        text = json.dumps(
            self.model_dump(mode="json", exclude=unsaid),
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()
