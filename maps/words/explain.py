"""One commune in words: everything the run knows about it, in Vietnamese or English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ...coverage.people.columns import operator_columns, services_in
from ...coverage.ranking.reasons import unit
from ...data.text.wording import (
    kilometres,
    listed,
    number,
    people,
    percent,
    sentence,
    service_name,
    square_kilometres,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.text.wording import Language

_ONE_PERSON = 0.5
_MOST_SPOTS = 5  # black spots told one by one

_TEXTS: Final = {
    "title": {"vi": "{type} {name} ({code}), {province}", "en": "{name} ({code}), {type} of {province}"},
    "province_code": {"vi": "tỉnh {code}", "en": "province {code}"},
    "ranked": {"vi": "Xếp hạng {rank}, nhóm {tier}", "en": "Rank {rank}, tier {tier}"},
    "no_tier": {"vi": "Xếp hạng {rank}, không thuộc nhóm ưu tiên nào", "en": "Rank {rank}, in no tier"},
    "rural": {"vi": "nông thôn", "en": "rural"},
    "not_rural": {"vi": "thành thị", "en": "urban"},
    "border_near": {"vi": "cách biên giới đất liền {distance}", "en": "{distance} from the land border"},
    "people": {
        "vi": "{people} trên {area}; nguồn dân số: {source}",
        "en": "{people} on {area}; population source: {source}",
    },
    "figures": {
        "vi": "Lưới dân số {raster}, số liệu chính thức {official}; dùng {basis}",
        "en": "the raster has {raster}, the official figure is {official}; {basis} counts",
    },
    "disputed": {
        "vi": "; hai số liệu chưa thống nhất, cần kiểm tra",
        "en": "; the two are disputed and to be verified",
    },
    "spread": {
        "vi": "; các lưới dân số khác nhau từ {low} đến {high}",
        "en": "; the rasters range from {low} to {high}",
    },
    "people_unknown": {
        "vi": "{area}; chưa có số liệu dân số",
        "en": "{area}; the population is not known",
    },
    "service": {
        "vi": "{service}: {covered} có ({share}), {uncovered} không có",
        "en": "{service}: {covered} with it ({share}), {uncovered} without",
    },
    "service_silent": {"vi": ", {silent} chưa có dữ liệu", "en": ", no data for {silent}"},
    "operators": {"vi": "; từng nhà mạng: {each}", "en": "; by operator: {each}"},
    "planned": {
        "vi": "; kế hoạch sẽ phủ thêm {planned}, còn lại {residual}",
        "en": "; plans would reach {planned} of them, {residual} remain",
    },
    "all": {"vi": "; mọi nhà mạng: {share}", "en": "; every operator: {share}"},
    "not_spots": {
        "vi": "vùng trắng sóng {service}: {total}; chỉ một số nhà mạng phủ sóng: {partial}",
        "en": "total not-spot of {service}: {total}; partial not-spot: {partial}",
    },
    "double_gap": {
        "vi": "trắng cả di động và cáp quang: {both}",
        "en": "neither mobile nor fibre: {both}",
    },
    "no_spots": {"vi": "không có điểm đen số", "en": "no black spot"},
    "spots": {"vi": "{count} điểm đen số, {people}", "en": "black spots: {count}, with {people}"},
    "spot": {
        "vi": "  {spot}: {people} trên {area}, tại {place}{near}, thiếu {missing}{distances}",
        "en": "  {spot}: {people} on {area}, at {place}{near}, without {missing}{distances}",
    },
    "near": {"vi": " (cách {name} {distance})", "en": " ({distance} from {name})"},
    "failing": {
        "vi": "không đạt bộ tiêu chí: {low}; kể cả nơi chưa có dữ liệu thì nhiều nhất là {high}",
        "en": "failing the profile: {low}; at most {high} with those of whom it is not known",
    },
    "failing_known": {"vi": "không đạt bộ tiêu chí: {low}", "en": "failing the profile: {low}"},
    "before": {
        "vi": "kỳ trước ({period}): {then} không đạt bộ tiêu chí; nay {now}. Khác biệt có thể do dữ liệu, ranh giới hoặc quy tắc thay đổi",
        "en": "before ({period}): {then} failed the profile; now {now}. Other data, boundaries or rules may be the reason",
    },
    "nearest": {"vi": "; {service} gần nhất {distance}", "en": "; nearest {service} {distance}"},
    "more": {"vi": "  và {count} điểm nhỏ hơn", "en": "  and {count} more, smaller"},
}
_BASES: Final = {
    "legal_type": {"vi": "theo loại hình pháp lý", "en": "by legal type"},
    "legal_list": {"vi": "theo danh sách pháp lý", "en": "by legal list"},
    "land_border_distance": {
        "vi": "theo khoảng cách tới biên giới đất liền",
        "en": "by distance to the land border",
    },
    "not_connected_by_people": {
        "vi": "phần lớn dân ở ngoài đất liền",
        "en": "most people live off the mainland",
    },
    "not_connected_by_area": {
        "vi": "phần lớn diện tích ở ngoài đất liền",
        "en": "most of its area is off the mainland",
    },
}
_FIGURES: Final = {
    "raster": {"vi": "số của lưới", "en": "the raster's"},
    "official": {"vi": "số chính thức", "en": "the official one"},
    "override": {"vi": "quyết định riêng cho xã này", "en": "a decision for this commune"},
    "unknown": {"vi": "không số nào", "en": "neither"},
}
_SOURCES: Final = {
    "raster": {"vi": "lưới dân số", "en": "population grid"},
    "raster_calibrated": {
        "vi": "lưới dân số hiệu chỉnh theo số liệu chính thức",
        "en": "population grid scaled to the official total",
    },
    "official_spread_evenly": {
        "vi": "số liệu chính thức, phân bố đều theo diện tích",
        "en": "official total, spread evenly over the area",
    },
}


def explain(
    row: Mapping[str, object],
    black_spots: Sequence[Mapping[str, object]],
    language: Language,
    *,
    operators: Mapping[str, str] | None = None,
    before: Mapping[str, object] | None = None,
    period: str = "",
) -> list[str]:
    """Tell everything about one commune in words.

    Parameters
    ----------
    row
        Its row of the commune table, as a run computed or stored it.
    black_spots
        The black spots of this commune, as rows of the table of black spots.
    language
        vi or en.
    operators
        Names of operators by the word their columns end with; without one that word is written.
    before
        Its row in the run before, None where there is none.
    period
        What that run calls its period.

    Returns
    -------
    list
        Lines of text: who and where, rank and reason, setting with its basis, people and whether they are disputed, who
        fails, each service, not-spots, black spots with their distances, what was different before.
    """
    lines = [_title(row, language), *_rank(row, language), _setting(row, language), _people(row, language)]
    lines += _figures(row, language)
    if _known(row.get("pop_total")):
        lines += [_service(row, service, language, operators or {}) for service in services_in(row)]
        lines += _gaps(row, language)
        lines += _spots(black_spots, language, operators or {})
        lines += _change(row, before, period, language)
    return lines


def _title(row: Mapping[str, object], language: Language) -> str:
    kind, name = type_name(row.get("type"), language), str(row["name"])
    if language == "vi" and name.casefold().startswith(f"{kind} "):
        name = name[len(kind) + 1 :]  # some sources write the type into the name
    code = _TEXTS["province_code"][language].format(code=row.get("province_code", ""))
    province = str(row.get("province_name") or code)
    text = _TEXTS["title"][language].format(type=kind, name=name, code=row["code"], province=province)
    return text[:1].upper() + text[1:]


def _rank(row: Mapping[str, object], language: Language) -> list[str]:
    if not _known(row.get("rank")):
        return []
    tier = row.get("tier")
    text = _TEXTS["ranked" if _known(tier) else "no_tier"][language]
    place = text.format(
        rank=number(_real(row["rank"]), language), tier=int(_real(tier)) if _known(tier) else ""
    )
    return [f"{place}. {row.get(f'reason_{language}', '')}".strip()]


def _setting(row: Mapping[str, object], language: Language) -> str:
    """Say what the commune is and by which rule, naming only the flags that are set."""
    parts = [unit(row, language)]
    if _known(row.get("is_rural")) and row.get("is_rural_basis") != "none":
        parts.append(_TEXTS["rural" if row["is_rural"] else "not_rural"][language])
    for flag in ("is_border", "is_island"):
        basis = str(row.get(f"{flag}_basis", ""))
        if row.get(flag) and basis in _BASES:
            parts.append(f"{_name_of(flag, language)} {_BASES[basis][language]}")
    distance = row.get("border_distance_km")
    if _known(distance):
        parts.append(_TEXTS["border_near"][language].format(distance=kilometres(_real(distance), language)))
    return sentence("; ".join(parts))


def _name_of(flag: str, language: Language) -> str:
    names = {
        "is_border": {"vi": "biên giới", "en": "on the border"},
        "is_island": {"vi": "hải đảo:", "en": "an island:"},
    }
    return names[flag][language]


def _people(row: Mapping[str, object], language: Language) -> str:
    area = square_kilometres(_real(row["area_km2"]), language)
    if not _known(row.get("pop_total")):
        return sentence(_TEXTS["people_unknown"][language].format(area=area))
    source = str(row.get("pop_source", ""))
    words = {
        "people": people(_real(row["pop_total"]), language),
        "area": area,
        "source": _SOURCES.get(source, {}).get(language, source),
    }
    return sentence(_TEXTS["people"][language].format_map(words))


def _figures(row: Mapping[str, object], language: Language) -> list[str]:
    """Put the raster's and the official figure beside each other, where there is an official one."""
    if not _known(row.get("pop_official")):
        return []
    words = {
        name: people(_real(row[f"pop_{name}"]), language) if _known(row.get(f"pop_{name}")) else "-"
        for name in ("raster", "official")
    }
    basis = str(row.get("pop_basis", ""))
    text = _TEXTS["figures"][language].format(**words, basis=_FIGURES.get(basis, {}).get(language, basis))
    if row.get("pop_disputed"):
        text += _TEXTS["disputed"][language]
    if _known(row.get("pop_raster_min")):
        low, high = (number(_real(row[f"pop_raster_{end}"]), language) for end in ("min", "max"))
        text += _TEXTS["spread"][language].format(low=low, high=high)
    return [sentence(text)]


def _service(
    row: Mapping[str, object], service: str, language: Language, operators: Mapping[str, str]
) -> str:
    """Say how many people have a service, and by how many each operator and all of them reach."""
    total = _real(row["pop_total"])

    def share(column: str) -> str:
        return percent(_real(row[column]), total, language)

    covered = f"pop_covered_{service}"
    silent = _real(row[f"pop_no_data_{service}"])
    text = _TEXTS["service"][language].format(
        service=service_name(service, language),
        covered=people(_real(row[covered]), language),
        share=share(covered),
        uncovered=people(_real(row[f"pop_uncovered_{service}"]), language),
    )
    if silent > 0:
        text += _TEXTS["service_silent"][language].format(silent=people(silent, language))
    if _known(row.get(f"pop_planned_{service}")):
        text += _TEXTS["planned"][language].format(
            planned=people(_real(row[f"pop_planned_{service}"]), language),
            residual=people(_real(row[f"pop_residual_{service}"]), language),
        )
    columns = operator_columns(row, service)
    if len(columns) > 1 and total:
        words = [column.removeprefix(f"{covered}_") for column in columns]
        each = [
            f"{operators.get(word, word)} {share(column)}"
            for word, column in zip(words, columns, strict=True)
        ]
        text += _TEXTS["operators"][language].format(each=", ".join(each))
        text += _TEXTS["all"][language].format(share=share(f"{covered}_all"))
    return sentence(text)


def _gaps(row: Mapping[str, object], language: Language) -> list[str]:
    """Say how many people live in not-spots and in the double gap."""
    prefix = "pop_total_not_spot_"
    lines = [
        _TEXTS["not_spots"][language].format(
            service=service_name(name.removeprefix(prefix), language),
            total=people(_real(row[name]), language),
            partial=people(_real(row[f"pop_partial_not_spot_{name.removeprefix(prefix)}"]), language),
        )
        for name in row
        if name.startswith(prefix)
    ]
    low, open_to = _real(row["pop_failing"]), row.get("pop_may_fail")
    more = _real(open_to) if _known(open_to) else 0.0
    text = _TEXTS["failing" if more >= _ONE_PERSON else "failing_known"][language]
    lines.insert(0, text.format(low=people(low, language), high=people(low + more, language)))
    if _known(row.get("pop_double_gap")):
        both = people(_real(row["pop_double_gap"]), language)
        lines.append(_TEXTS["double_gap"][language].format(both=both))
    return [sentence(line) for line in lines]


def _spots(
    spots: Sequence[Mapping[str, object]], language: Language, operators: Mapping[str, str]
) -> list[str]:
    """List the black spots, those with most people first."""
    if not spots:
        return [sentence(_TEXTS["no_spots"][language])]
    everyone = people(math.fsum(_real(spot["pop"]) for spot in spots), language)
    head = _TEXTS["spots"][language].format(count=number(len(spots), language), people=everyone)
    told = sorted(spots, key=lambda spot: (-_real(spot["pop"]), str(spot["spot_id"])))[:_MOST_SPOTS]
    lines = [sentence(head), *(_spot(spot, language, operators) for spot in told)]
    if len(spots) > len(told):
        more = number(len(spots) - len(told), language)
        lines.append(_TEXTS["more"][language].format(count=more))
    return lines


def _spot(spot: Mapping[str, object], language: Language, operators: Mapping[str, str]) -> str:
    """Tell one black spot."""
    missing = [name for name in str(spot["missing"]).split(",") if name]
    words = {
        "spot": str(spot["spot_id"]),
        "people": people(_real(spot["pop"]), language),
        "area": square_kilometres(_real(spot["area_km2"]), language),
        "place": f"{_real(spot['lat']):.4f}, {_real(spot['lon']):.4f}",
        "near": _near(spot, language),
        "missing": listed([service_name(name, language) for name in missing], language) or "-",
        "distances": "".join(_distance(spot, service, language, operators) for service in missing),
    }
    return _TEXTS["spot"][language].format_map(words)


def _near(spot: Mapping[str, object], language: Language) -> str:
    """Name the place it lies near, where the run knows places."""
    if not (spot.get("place_name") and _known(spot.get("place_distance_km"))):
        return ""
    distance = kilometres(_real(spot["place_distance_km"]), language)
    return _TEXTS["near"][language].format(name=spot["place_name"], distance=distance)


def _distance(
    spot: Mapping[str, object], service: str, language: Language, operators: Mapping[str, str]
) -> str:
    """Say how far the nearest coverage of a service is, of any operator and of each."""
    distance = spot.get(f"distance_to_{service}_km")
    if not _known(distance):
        return ""
    text = _TEXTS["nearest"][language].format(
        service=service_name(service, language), distance=kilometres(_real(distance), language)
    )
    prefix = f"distance_to_{service}_"
    each = [
        f"{operators.get(word, word)} {kilometres(_real(value), language)}"
        for name, value in spot.items()
        if name.startswith(prefix)
        and (word := name.removeprefix(prefix).removesuffix("_km")) != "km"
        and _known(value)
    ]
    return f"{text} ({', '.join(each)})" if len(each) > 1 else text


def _change(
    row: Mapping[str, object], before: Mapping[str, object] | None, period: str, language: Language
) -> list[str]:
    """Say how many people failed the profile in the run before."""
    if before is None or not _known(before.get("pop_failing")):
        return []
    now, then = _real(row["pop_failing"]), _real(before["pop_failing"])
    words = {
        "period": period,
        "then": people(then, language),
        "now": people(now, language),
    }
    return [sentence(_TEXTS["before"][language].format_map(words))]


def _known(value: object) -> bool:
    """Say whether a cell of a table holds something: not None, not NaN, not NA."""
    if value is None or str(value) == "<NA>":
        return False
    return not (isinstance(value, float) and math.isnan(value))


def _real(value: object) -> float:
    """Take a cell of a table as a number."""
    return float(str(value))
