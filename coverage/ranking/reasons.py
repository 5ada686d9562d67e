"""Why a commune or a black spot stands where it stands, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from ...data.text.wording import (
    figure,
    kilometres,
    listed,
    number,
    people,
    percent,
    sentence,
    service_name,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.project.profile import Profile
    from ...data.text.words import Language

TOTAL, PARTIAL = 2, 3  # tiers; tier 1 is a total not-spot in a border or island commune
FEW, NO_DATA, UNKNOWN, NOBODY = 4, 5, 6, 7  # standings of communes without a tier, after the tiers

_TEXTS: Final = {
    "unknown": {"vi": "chưa có số liệu dân số", "en": "the population is not known"},
    "empty": {"vi": "không có người theo dữ liệu dân số", "en": "the population data shows nobody here"},
    "total": {
        "vi": "{affected} trong {everyone} ({share}) không có sóng {service} của bất kỳ nhà mạng nào",
        "en": "no operator's {service} reaches {affected} of {everyone} ({share})",
    },
    "partial": {
        "vi": "{affected} trong {everyone} ({share}) chỉ có sóng {service} của một số nhà mạng",
        "en": "only some operators' {service} reaches {affected} of {everyone} ({share})",
    },
    "few": {
        "vi": "chưa đủ người để xếp nhóm (ngưỡng {threshold}): {total} không có sóng {service}, "
        "{partial} chỉ có sóng của một số nhà mạng",
        "en": "too few people for a tier (threshold {threshold}): no operator's {service} reaches {total}, "
        "only some operators' {service} reaches {partial}",
    },
    "silent": {
        "vi": "chưa có dữ liệu {service} cho {silent} trong {everyone}",
        "en": "{service} is not known for {silent} of {everyone}",
    },
    "nobody": {
        "vi": "mọi nhà mạng có dữ liệu đều phủ sóng {service} tới cả {everyone}",
        "en": "every operator with data reaches all {everyone} with {service}",
    },
    "also_both": {
        "vi": "; trong đó {both} cũng không có {fibre}",
        "en": "; {fibre} does not reach {both_figure} of them either",
    },
    "rule_both": {
        "vi": "; theo quy tắc nhà mạng của bộ tiêu chí, {both} thiếu cả {service} và {fibre}",
        "en": "; by the profile's operator rule, {service} and {fibre} are both missing for {both}",
    },
    "also_total": {
        "vi": "; {total} không có sóng {service} nào",
        "en": "; no operator's {service} reaches {total}",
    },
    "also_silent": {
        "vi": "; chưa có dữ liệu {service} cho {silent_people}",
        "en": "; {service} is not known for {silent_people}",
    },
    "gap": {
        "vi": "{affected} trong {everyone} ({share}) {gap}",
        "en": "{gap} for {affected} of {everyone} ({share})",
    },
    "few_gap": {
        "vi": "chưa đủ người để xếp nhóm (ngưỡng {threshold}): {total} {gap}",
        "en": "too few people for a tier (threshold {threshold}): {gap} for {total}",
    },
    "no_gap": {
        "vi": "không ai trong {everyone} được xác định là {gap}",
        "en": "{gap} for nobody of {everyone}, as far as is known",
    },
    "spot": {"vi": "{total} thiếu {services}", "en": "{services} {verb} missing for {total}"},
    "spot_profile": {
        "vi": "{total} không đạt bộ tiêu chí {profile}",
        "en": "{total} without what the profile {profile} asks for",
    },
    "near": {"vi": "{service} gần nhất cách {distance}", "en": "the nearest {service} is {distance} away"},
    "nowhere": {"vi": "chưa nơi nào có {service}", "en": "{service} is nowhere yet"},
}


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
    word = type_name(row.get("type"), language)
    border, island = bool(row.get("is_border", False)), bool(row.get("is_island", False))
    if language == "vi":
        sea = " đảo" if row.get("type") in {"commune", "ward"} else " hải đảo"
        return f"{word}{sea * island}{' biên giới' * border}"
    setting = " and ".join(["border"] * border + ["island"] * island)
    return f"{setting} {word}".strip()


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
    words = {} if standing == UNKNOWN else _words(standing, affected, profile, language)
    text = "".join(_TEXTS[part][language] for part in parts).format_map(words)
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
    words = {
        "total": people(people_in_spot, language),
        "services": listed(names, language),
        "verb": "is" if len(names) == 1 else "are",
        "profile": profile.id,
    }
    parts = [_TEXTS["spot" if names else "spot_profile"][language].format_map(words)]
    for service, name in zip(missing, names, strict=True):
        distance = distance_km.get(service, math.nan)
        known = not math.isnan(distance)
        text = _TEXTS["near" if known else "nowhere"][language]
        parts.append(text.format(service=name, distance=kilometres(distance, language) if known else ""))
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


def _words(standing: int, affected: Affected, profile: Profile, language: Language) -> dict[str, str]:
    """Write the figures and names a commune's sentence may need."""
    main = affected.partial if standing == PARTIAL else affected.total
    everyone = affected.everyone
    return {
        "affected": figure(main, language),
        "share": percent(main, everyone, language),
        "everyone": people(everyone, language),
        "total": people(affected.total, language),
        "partial": people(affected.partial, language),
        "both": people(affected.both, language),
        "both_figure": figure(affected.both, language),
        "silent": figure(affected.silent, language),
        "silent_people": people(affected.silent, language),
        "threshold": number(profile.min_people, language),
        "service": service_name(profile.mobile_service, language),
        "fibre": service_name(profile.fibre_service, language),
        "gap": _gap(profile, language),
    }


def _gap(profile: Profile, language: Language) -> str:
    """Name what a person who fails the profile lacks."""
    either = profile.gap == "any"
    services = listed([service_name(name, language) for name in profile.services], language, either=either)
    one = either or len(profile.services) == 1
    if language == "vi":
        return f"thiếu {'' if one else 'cả '}{services}"
    return f"{services} {'is' if one else 'are'} missing"
