"""Black spots in words: how many a commune has, and each one."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from ...data.text.said import Amount, Said, joined, plain_template, template
from ...data.text.wording import listed, service_name
from ...data.text.words import LANGUAGES, Both
from .cells import OF_OPERATOR, known, real, service_names, tell, tell_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, object]

_MOST_SPOTS = 5  # black spots told one by one
_OF_EACH = plain_template(Both("{nearest} ({each})", "{nearest} ({each})"))


def first_spots(spots: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Choose the black spots that are told one by one: those with most people, in their order."""
    return sorted(spots, key=lambda one: (-real(one["pop"]), str(one["spot_id"])))[:_MOST_SPOTS]


def spots_head(spots: Sequence[Row], *, may_be_more: bool = False) -> list[Said]:
    """Say how many black spots are known, and with how many people; whether there may be more of them."""
    if not spots:
        return [tell_sentence("no_spots_known" if may_be_more else "no_spots")]
    everyone = math.fsum(real(one["pop"]) for one in spots)
    return [tell_sentence("spots_least" if may_be_more else "spots", count=len(spots), people=everyone)]


def spots_rest(spots: Sequence[Row]) -> list[Said]:
    """Say how many black spots are not told one by one; nothing where all are."""
    rest = len(spots) - _MOST_SPOTS
    return [tell("more", count=rest)] if rest > 0 else []


def spot(one: Row, operators: Mapping[str, str]) -> Said:
    """Tell one black spot."""
    missing, lacking = _missing(str(one["missing"]))
    values = {
        "spot": str(one["spot_id"]),
        "people": real(one["pop"]),
        "area_km2": real(one["area_km2"]),
        "place": joined([Amount("degrees", real(one["lat"])), Amount("degrees", real(one["lon"]))], ", "),
        "near": _near(one),
        "missing": lacking,
        "distances": joined([_distance(one, service, operators) for service in missing]),
    }
    return Said(template("explain", "spot"), values)


@lru_cache(maxsize=256)
def _missing(text: str) -> tuple[tuple[str, ...], Both | str]:
    """Give the services that a black spot lacks, and their names in a row."""
    services = tuple(name for name in text.split(",") if name)
    listing = (
        listed([service_name(name, language) for name in services], language) for language in LANGUAGES
    )
    return services, Both(*listing) if services else "-"


def _near(spot: Row) -> Said | str:
    """Name the place it lies near, where the run knows places."""
    if not (spot.get("place_name") and known(spot.get("place_distance_km"))):
        return ""
    return tell("near", name=spot["place_name"], distance_km=real(spot["place_distance_km"]))


def _distance(spot: Row, service: str, operators: Mapping[str, str]) -> Said | str:
    """Say how far the nearest coverage of a service is, of any operator and of each."""
    distance = spot.get(f"distance_to_{service}_km")
    if not known(distance):
        return ""
    nearest = tell("nearest", service=service_names(service), distance_km=real(distance))
    each = [
        Said(OF_OPERATOR, {"name": operators.get(word, word), "figure": Amount("km", real(spot[column]))})
        for column, word in _distance_columns(tuple(spot), service)
        if known(spot[column])
    ]
    return Said(_OF_EACH, {"nearest": nearest, "each": joined(each, ", ")}) if len(each) > 1 else nearest


@lru_cache(maxsize=64)  # asked again for every black spot of a table
def _distance_columns(names: tuple[str, ...], service: str) -> tuple[tuple[str, str], ...]:
    """Give the columns of distances to single operators' coverage of a service, each with the operator's word."""
    prefix = f"distance_to_{service}_"
    found = (
        (name, name.removeprefix(prefix).removesuffix("_km")) for name in names if name.startswith(prefix)
    )
    return tuple((name, word) for name, word in found if word != "km")
