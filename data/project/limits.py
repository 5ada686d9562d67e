"""The limits of the plausibility checks: every number has a name, a default and its reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .sections.values import Amount, Model, Name

Share = Annotated[float, Field(ge=0, le=1)]


class CheckRules(Model):
    """The limits of the plausibility checks. The descriptions give the reasons."""

    accept: tuple[Name, ...] = Field(
        default=(),
        description="Codes of questions (severity ask) that were looked at and are accepted; each becomes a "
        "note that says so.",
    )
    outside_communes_share: Share = Field(
        default=0.2,
        description="Share of the covered ground outside every commune that is still usual: signals reach out "
        "to sea, and borders are drawn roughly.",
    )
    full_commune_share: Share = Field(
        default=0.999,
        description="A commune covered by more than this is covered whole: valleys and forests leave holes in "
        "every computed coverage.",
    )
    full_communes: Share = Field(
        default=0.8,
        description="Share of the communes touched that may be covered whole before the file counts as one "
        "that covers everything.",
    )
    everywhere_share: Share = Field(
        default=0.95,
        description="Share of the bounding box of the country, and of the sea and the neighbours inside it, above "
        "which a file covers everything; a box drawn by hand leaves some hundredths open, all land is a quarter.",
    )
    border_distance_m: Amount = Field(
        default=30.0,
        description="An outline this close to a commune border runs along it: digitising differs by less, "
        "radio waves do not follow borders.",
    )
    border_share: Share = Field(
        default=0.5,
        description="Share of an outline that may run along commune borders; computed coverage shows about "
        "one hundredth.",
    )
    shift_gain: Share = Field(
        default=0.05,
        description="A file is displaced when moving it raises its agreement with the previous delivery by "
        "more than this; other changes gain less.",
    )
    shift_agreement: Share = Field(
        default=0.9,
        description="Agreement (shared over united ground) that the moved file must reach; networks that "
        "really changed stay below.",
    )
    moved_km: Amount = Field(
        default=5.0,
        description="Distance from the place of the same shape in the previous delivery that is told: sites are "
        "put right by less, and another sheet or zone is off by more.",
    )
    change_share: Share = Field(
        default=0.1,
        description="Growth or shrinkage since the previous delivery that is told; a quarter of building adds "
        "a few hundredths.",
    )
    collapse_share: Share = Field(
        default=0.5,
        description="Loss of ground since the previous delivery that somebody must accept: no network loses "
        "half of itself, files do.",
    )
    lost_commune_share: Share = Field(
        default=0.01,
        description="A commune counts as served before, when the previous delivery covered more than this; "
        "slivers at borders come and go.",
    )
    stale_days: Amount = Field(
        default=365.0,
        description="Days a file may be older than the day asked for; yearly reports are the slowest ones.",
    )
    same_shape: Share = Field(
        default=0.98,
        description="Agreement with another operator's file that no two networks reach by themselves; copies "
        "with jitter stay above.",
    )
    outside_other_share: Share = Field(
        default=0.3,
        description="Share of the 5G ground that may lie outside the same operator's 4G: 5G stands on 4G "
        "sites and reaches less far, but thresholds and smoothing differ.",
    )
    disc_roundness: Share = Field(
        default=0.985,
        description="Roundness (4 pi area / perimeter squared) above which a shape is a drawn circle; a "
        "circle of 32 corners has 0.987.",
    )
    disc_share: Share = Field(
        default=0.5,
        description="Share of the shapes that may be circles before the file counts as drawn, not computed.",
    )
    site_distance_km: Amount = Field(
        default=15.0,
        description="Distance from the nearest cell site within which coverage is usual; few cells reach farther.",
    )
    site_share: Share = Field(
        default=0.1,
        description="Share of the shapes that may lie farther from every site: lists of sites are rarely complete.",
    )
    coarse_edge_m: Amount = Field(
        default=2000.0,
        description="Typical length of the edges above which an outline is too coarse for communes of some "
        "kilometres; computed coverage has 100 to 800 m.",
    )
    service_distance_m: Amount = Field(
        default=3000.0,
        description="Distance that lines and points serve when nobody states one (only in `blackspot check`).",
    )
    digit_ratio: Share = Field(
        default=0.28,
        description="Official people below this share of what the raster leads to expect: the middle, in "
        "orders of magnitude, between one tenth and the usual scatter.",
    )
    digit_cluster: Share = Field(
        default=0.005,
        description="Share of communes near one tenth from which they are a mistake of the table; single "
        "communes are mistakes of the raster.",
    )
    total_ratio: Annotated[float, Field(ge=1, le=10)] = Field(
        default=1.3,
        description="Largest ratio between two sources of the country's population; registered people exceed "
        "resident ones by up to a fifth.",
    )
    sparse_per_km2: Amount = Field(
        default=100.0,
        description="People per square kilometre that the most crowded hundredth of the people of a raster must "
        "exceed: more than 1,000 in every province, in thousands at most 73 (WorldPop 2000 and 2020, 1 km).",
    )
    sparse_area_km2: Amount = Field(
        default=2500.0,
        description="Populated ground from which that is asked: the smallest province has as much; a smaller "
        "piece of forest may hold no town.",
    )
    unreached_share: Share = Field(
        default=0.05,
        description="Share of a commune's ground that may lie beyond the edge of the population raster: a raster "
        "clipped along a border or a coast ends up to a cell short of it (WorldPop 1 km: 2 to 3 hundredths of the "
        "southernmost commune). Where more is missing, the people counted "
        "in the commune are not all of its people, and its population is not known.",
    )
    overlap_share: Share = Field(
        default=0.001,
        description="Share of the ground that communes may claim twice, or leave open between them, before "
        "it is a warning: drawn borders never meet exactly.",
    )
