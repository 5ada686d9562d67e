"""Why a commune or a black spot stands where it stands, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from ...data.text.wording import (
    figure,
    kilometres,
    listed,
    people,
    percent,
    sentence,
    service_name,
    type_name,
)
from .order import FEW, NO_DATA, NOBODY, SEVERE_TIERS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.project.profile import Profile
    from ...data.text.wording import Language

_FAR_KM = 1.0  # nearer than this, a distance says nothing to a reader
_WHOLE_PERSON = 0.5  # two counts that differ by less are the same people

_TEXTS: Final = {
    "unknown": {"vi": "chưa có số liệu dân số", "en": "the population is not known"},
    "empty": {"vi": "không có người theo dữ liệu dân số", "en": "the population data shows nobody here"},
    "severe_all": {
        "vi": "không ai trong {everyone} có sóng {basic_or}",
        "en": "none of {everyone} has {basic_or}",
    },
    "severe": {
        "vi": "{severe} trong {everyone} ({severe_share}) không có sóng {basic_or}",
        "en": "{severe} of {everyone} ({severe_share}) have no {basic_or}",
    },
    "isolated": {
        "vi": ", nơi có sóng gần nhất cách {distance}",
        "en": ", the nearest signal is {distance} away",
    },
    "also_failing": {
        "vi": "; tổng cộng {failing} người ({failing_share}) không đạt bộ tiêu chí",
        "en": "; in all {failing} ({failing_share}) fail the profile",
    },
    "failing_all": {"vi": "cả {everyone} {gap}", "en": "all {everyone} {gap}"},
    "failing": {
        "vi": "{failing} trong {everyone} ({failing_share}) {gap}",
        "en": "{failing} of {everyone} ({failing_share}) {gap}",
    },
    "also_severe": {
        "vi": "; {severe_people} không có sóng {basic_or} nào",
        "en": "; {severe_people} {have} no {basic_or} at all",
    },
    "few": {
        "vi": "số người chưa đạt còn ít so với ngưỡng của nhóm ưu tiên: {failing_people} trong {everyone} ({failing_share})",
        "en": "few people fail the profile, too few for a tier: {failing} of {everyone} ({failing_share})",
    },
    "silent": {
        "vi": "chưa có đủ dữ liệu cho {silent} trong {everyone}",
        "en": "not enough is known for {silent} of {everyone}",
    },
    "nobody": {"vi": "cả {everyone} đều đạt bộ tiêu chí", "en": "all {everyone} meet the profile"},
    "also_silent": {
        "vi": "; chưa có đủ dữ liệu cho {silent_people}",
        "en": "; not enough is known for {silent_people}",
    },
    "also_disputed": {
        "vi": "; dân số chưa thống nhất: lưới dân số {raster}, số liệu chính thức {official}",
        "en": "; the population is disputed: {raster} by the raster, {official} officially",
    },
    "fails": {"vi": "không đạt bộ tiêu chí {profile}", "en": "fail the profile {profile}"},
    "spot": {"vi": "{total} thiếu {services}", "en": "{services} {verb} missing for {total}"},
    "spot_profile": {
        "vi": "{total} không đạt bộ tiêu chí {profile}",
        "en": "{total} without what the profile {profile} asks for",
    },
    "near": {"vi": "{service} gần nhất cách {distance}", "en": "the nearest {service} is {distance} away"},
    "nowhere": {"vi": "chưa nơi nào có {service}", "en": "{service} is nowhere yet"},
}


class Commune(NamedTuple):
    """What a sentence says about one commune; people are NaN where the population is not known.

    ``standing`` is that of :mod:`.order`. ``without_services`` counts the people who lack the profile's services by its
    rule, NaN where the run did not count them apart from those without any basic service. ``distance_km`` is the way to
    the nearest basic service, NaN where there is none or it is not known. ``raster`` and ``official`` are the two figures of
    a disputed population.
    """

    legal_type: str | None
    is_rural: bool
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
    word = type_name(row.get("type"), language)
    border, island = bool(row.get("is_border", False)), bool(row.get("is_island", False))
    if language == "vi":
        sea = " đảo" if row.get("type") in {"commune", "ward"} else " hải đảo"
        return f"{word}{sea * island}{' biên giới' * border}"
    setting = " and ".join(["border"] * border + ["island"] * island)
    return f"{setting} {word}".strip()


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
    words = {} if commune.standing == UNKNOWN else _words(commune, profile, language)
    text = "".join(_TEXTS[part][language] for part in parts).format_map(words)
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
    else:
        main = ["failing_all" if _same(commune.failing, commune.everyone) else "failing"]
    if commune.standing not in SEVERE_TIERS and commune.severe >= _WHOLE_PERSON:
        main.append("also_severe")
    return [*main, *["also_silent"] * (commune.silent >= _WHOLE_PERSON), *doubt]


def _same(one: float, other: float) -> bool:
    """Say whether two counts are the same people."""
    return abs(one - other) < _WHOLE_PERSON


def _counted(people_: float, language: Language) -> str:
    """Write a number of people that may not be known."""
    return figure(people_, language) if math.isfinite(people_) else "-"


def _words(commune: Commune, profile: Profile, language: Language) -> dict[str, str]:
    """Write the figures and names a commune's sentence may need."""
    everyone, failing, severe = commune.everyone, commune.failing, commune.severe
    basic = [service_name(name, language) for name in profile.basic_services]
    return {
        "everyone": people(everyone, language),
        "failing": figure(failing, language),
        "failing_people": people(failing, language),
        "failing_share": percent(failing, everyone, language),
        "severe": figure(severe, language),
        "severe_people": people(severe, language),
        "severe_share": percent(severe, everyone, language),
        "have": "has" if figure(severe, language) in {"1", "under 1"} else "have",
        "silent": figure(commune.silent, language),
        "silent_people": people(commune.silent, language),
        "distance": kilometres(commune.distance_km, language) if commune.distance_km >= _FAR_KM else "",
        "raster": _counted(commune.raster, language),
        "official": _counted(commune.official, language),
        "basic_or": listed(basic, language, either=True),
        "gap": _gap(commune, profile, language),
    }


def _gap(commune: Commune, profile: Profile, language: Language) -> str:
    """Say what those who fail lack, in the words of the services where these are exactly the same people."""
    if not _same(commune.without_services, commune.failing):
        return _TEXTS["fails"][language].format(profile=profile.id)
    names = [service_name(name, language) for name in profile.services]
    if language == "vi":
        if profile.gap == "any" and len(names) > 1:
            return f"thiếu {listed(names, language, either=True)}"
        return (
            f"không có {names[0]}"
            if len(names) == 1
            else f"không có cả {', '.join(names[:-1])} lẫn {names[-1]}"
        )
    if profile.gap == "any" and len(names) > 1:
        return f"lack {listed(names, language, either=True)}"
    if len(names) == 1:
        return f"have no {names[0]}"
    both = len(names) == 2
    return f"have neither {' nor '.join(names)}" if both else f"have none of {listed(names, language)}"
