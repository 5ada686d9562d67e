"""Why a commune or a black spot stands where it stands, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ...data.text.sentences import say
from ...data.text.wording import listed, percent, sentence, service_name, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.project.profile import Profile
    from ...data.text.words import Language

TOTAL, PARTIAL = 2, 3  # tiers; tier 1 is a total not-spot in a border or island commune
FEW, NO_DATA, UNKNOWN, NOBODY = 4, 5, 6, 7  # standings of communes without a tier, after the tiers


class Affected(NamedTuple):
    """The people of one commune by whom it is ranked; NaN where the population is not known.

    ``total``: certainly without the mobile service of any operator (or, where the profile names no
    mobile service, people who fail the profile); ``partial``: served by some operators but certainly not
    by all; ``both``: without mobile and fibre; ``silent``: mobile service not known; ``everyone``: all.
    """

    total: float
    partial: float
    both: float
    silent: float
    everyone: float


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


def commune_reason(
    row: Mapping[str, object], standing: int, affected: Affected, profile: Profile, language: Language
) -> str:
    """Say in one sentence why a commune stands where it stands.

    Parameters
    ----------
    row
        Its ``type, is_border, is_island``.
    standing
        1 to 3 for the tiers, then FEW, NO_DATA, UNKNOWN, NOBODY.
    affected
        Its people.
    profile
        The gap profile.
    language
        vi or en.
    """
    parts = _parts(standing, affected, profile)
    values = {} if standing == UNKNOWN else _values(standing, affected, profile, language)
    text = "".join(say("reasons", part, language, **values) for part in parts)
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
    names = [service_name(service, language) for service in missing]
    key = ("spot_one" if len(names) == 1 else "spot_several") if names else "spot_profile"
    services = listed(names, language)
    parts = [say("reasons", key, language, total=people_in_spot, services=services, profile=profile.id)]
    for service, name in zip(missing, names, strict=True):
        distance = distance_km.get(service, math.nan)
        near = "nowhere" if math.isnan(distance) else "near"
        parts.append(say("reasons", near, language, service=name, distance_km=distance))
    return sentence("; ".join(parts))


def _parts(standing: int, affected: Affected, profile: Profile) -> list[str]:
    """Choose the pieces of a commune's sentence."""
    if standing == UNKNOWN:
        return ["unknown"]
    if affected.everyone == 0:
        return ["empty"]
    mobile = bool(profile.mobile_service)
    if standing == NO_DATA:
        return ["silent"]
    if standing == NOBODY:
        return ["nobody" if mobile else "no_gap"]
    if standing == FEW:
        main = "few" if mobile else "few_gap"
    elif mobile:
        main = "partial" if standing == PARTIAL else "total"
    else:
        main = "gap"
    extra = {
        "also_total": standing == PARTIAL and affected.total > 0,
        "also_both": standing <= TOTAL and affected.both > 0 and profile.operator_rule == "any",
        "rule_both": standing <= PARTIAL and affected.both > 0 and profile.operator_rule != "any",
        "also_silent": affected.silent > 0,
    }
    return [main, *(part for part, wanted in extra.items() if wanted)]


def _values(standing: int, affected: Affected, profile: Profile, language: Language) -> dict[str, object]:
    """Give the figures and names a commune's sentence may need."""
    main = affected.partial if standing == PARTIAL else affected.total
    return {
        **affected._asdict(),
        "affected": main,
        "share": percent(main, affected.everyone, language),
        "threshold": profile.min_people,
        "service": service_name(profile.mobile_service, language),
        "fibre": service_name(profile.fibre_service, language),
        "gap": _gap(profile, language),
    }


def _gap(profile: Profile, language: Language) -> str:
    """Name what a person who fails the profile lacks."""
    either = profile.gap == "any"
    services = listed([service_name(name, language) for name in profile.services], language, either=either)
    one = either or len(profile.services) == 1
    return say("reasons", "lacks.one" if one else "lacks.all", language, services=services)
