"""Why a commune or a black spot stands where it stands, in words."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ...data.text.sentences import fill, say, verbatim
from ...data.text.wording import listed, percent, sentence, service_name, type_name
from .order import FEW, NO_DATA, NOBODY, RANKED, SEVERE_TIERS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.project.profile import Profile
    from ...data.text.words import Language

_FAR_KM = 1.0  # nearer than this, a distance says nothing to a reader
_WHOLE_PERSON = 0.5  # two counts that differ by less are the same people
_SEVERAL = 1.5  # people; fewer are one


class Commune(NamedTuple):
    """What a sentence says about one commune; people are NaN where the population is not known.

    ``standing`` is that of :mod:`.order`. ``without_services`` counts the people who lack the profile's services by its
    rule, NaN where the run did not count them apart from those without any basic service. ``distance_km`` is the way to
    the nearest basic service, NaN where there is none or it is not known. ``raster`` and ``official`` are the two figures of
    a disputed population.
    """

    legal_type: str | None
    is_border: bool
    is_island: bool
    standing: int
    everyone: float
    failing: float
    severe: float
    without_services: float
    silent: float
    distance_km: float
    disputed: bool = False
    raster: float = math.nan
    official: float = math.nan


def unit(row: Mapping[str, object], language: Language) -> str:
    """Name the kind of commune with its setting, such as "border commune" or "xã đảo biên giới".

    Parameters
    ----------
    row
        ``type, is_border, is_island``; a flag that is missing counts as no.
    language
        vi or en.
    """
    setting = "_".join(word for word in ("border", "island") if row.get(f"is_{word}", False))
    zone = "island" in setting and row.get("type") not in {"commune", "ward"}
    key = f"{setting or 'plain'}{'_zone' if zone else ''}"
    return say("reasons", f"unit.{key}", language, type=type_name(row.get("type"), language))


def commune_reason(commune: Commune, profile: Profile, language: Language) -> str:
    """Say in one sentence why a commune stands where it stands.

    Parameters
    ----------
    commune
        Its people, its setting and its standing.
    profile
        The gap profile.
    language
        vi or en.
    """
    parts = _parts(commune)
    values = {} if commune.standing == UNKNOWN else _values(commune, profile, language)
    text = "".join(say("reasons", part, language, **values) for part in parts)
    row = {"type": commune.legal_type, "is_border": commune.is_border, "is_island": commune.is_island}
    return sentence(f"{unit(row, language)}: {text}")


def spot_reason(
    people_in_spot: float,
    missing: Sequence[str],
    distance_km: Mapping[str, float],
    profile: Profile,
    language: Language,
) -> str:
    """Say in one sentence what a black spot is.

    Parameters
    ----------
    people_in_spot
        Failing people.
    missing
        The services that miss; empty where none misses for half of the people.
    distance_km
        Kilometres to the nearest coverage of each service; NaN where there is none at all.
    profile
        The gap profile.
    language
        vi or en.
    """
    far_km = [distance_km.get(service, math.nan) for service in missing]
    is_somewhere = tuple(not math.isnan(km) for km in far_km)
    text = _spot_text(tuple(missing), is_somewhere, profile.id, language)
    values = {f"km{at}": km for at, km in enumerate(far_km)}
    return sentence(fill(text, language, {"total": people_in_spot, **values}))


@cache
def _spot_text(
    missing: tuple[str, ...], is_somewhere: tuple[bool, ...], profile_id: str, language: Language
) -> str:
    """Put a black spot's sentence together, with slots for its numbers only: a text stands in a slot as it is."""
    names = [verbatim(service_name(service, language)) for service in missing]
    key = ("spot_one" if len(names) == 1 else "spot_several") if names else "spot_profile"
    services, profile = listed(names, language), verbatim(profile_id)
    parts = [say("reasons", key, language, total="{total:people}", services=services, profile=profile)]
    for at, (name, somewhere) in enumerate(zip(names, is_somewhere, strict=True)):
        near = "near" if somewhere else "nowhere"
        parts.append(say("reasons", near, language, service=name, distance_km=f"{{km{at}:km}}"))
    return "; ".join(parts)


def _parts(commune: Commune) -> list[str]:
    """Choose the pieces of a commune's sentence."""
    if commune.standing == UNKNOWN:
        return ["unknown"]
    if commune.everyone == 0:
        return ["empty"]
    doubt = ["also_disputed"] * commune.disputed
    if commune.standing in {NO_DATA, NOBODY}:
        return ["silent" if commune.standing == NO_DATA else "nobody", *doubt]
    if commune.standing == FEW:
        main = ["few"]
    elif commune.standing in SEVERE_TIERS:
        everybody = _same(commune.severe, commune.everyone)
        far = ["isolated"] * (commune.distance_km >= _FAR_KM)  # false where it is NaN
        more = ["also_failing"] * (not _same(commune.severe, commune.failing))
        main = ["severe_all" if everybody else "severe", *far, *more]
    elif commune.standing == RANKED and commune.failing == 0:  # by a column of other people
        main = ["nobody"]
    else:
        main = ["failing_all" if _same(commune.failing, commune.everyone) else "failing"]
    if commune.standing not in SEVERE_TIERS and commune.severe >= _WHOLE_PERSON:
        main.append("also_severe" if commune.severe >= _SEVERAL else "also_severe_one")
    return [*main, *["also_silent"] * (commune.silent >= _WHOLE_PERSON), *doubt]


def _same(one: float, other: float) -> bool:
    """Say whether two counts are the same people."""
    return abs(one - other) < _WHOLE_PERSON


def _values(commune: Commune, profile: Profile, language: Language) -> dict[str, object]:
    """Give the figures and names a commune's sentence may need."""
    everyone, failing, severe = commune.everyone, commune.failing, commune.severe
    basic = [service_name(name, language) for name in profile.basic_services]
    return {
        "everyone": everyone,
        "failing": failing,
        "failing_share": percent(failing, everyone, language),
        "severe": severe,
        "severe_share": percent(severe, everyone, language),
        "silent": commune.silent,
        "distance_km": commune.distance_km,
        "raster": commune.raster if math.isfinite(commune.raster) else say("reasons", "no_figure", language),
        "official": commune.official
        if math.isfinite(commune.official)
        else say("reasons", "no_figure", language),
        "basic_or": listed(basic, language, either=True),
        "gap": _gap(commune, profile, language),
    }


def _gap(commune: Commune, profile: Profile, language: Language) -> str:
    """Say what those who fail lack, in the words of the services where these are exactly the same people."""
    if not _same(commune.without_services, commune.failing):
        return say("reasons", "lacks.profile", language, profile=profile.id)
    names = [service_name(name, language) for name in profile.services]
    if len(names) == 1:
        return say("reasons", "lacks.one", language, services=names[0])
    if profile.gap == "any":
        return say("reasons", "lacks.any", language, services=listed(names, language, either=True))
    *others, last = names
    key = "lacks.all" if len(others) > 1 else "lacks.both"
    return say("reasons", key, language, first=", ".join(others), last=last)
