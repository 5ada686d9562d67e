"""One commune in words: everything the run knows about it, in Vietnamese or English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ...coverage.ranking.reasons import unit
from ...data.columns.register import operator_columns, services_in
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
    from collections.abc import Mapping

    import pandas as pd

    from ...data.text.words import Language

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
        "vi": "  {spot}: {people} trên {area}, tại {place}, thiếu {missing}{distances}",
        "en": "  {spot}: {people} on {area}, at {place}, without {missing}{distances}",
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
    black_spots: pd.DataFrame,
    language: Language,
    operators: Mapping[str, str] | None = None,
) -> list[str]:
    """Tell everything about one commune in words.

    Parameters
    ----------
    row
        Its row of the commune table, as a run computed or stored it.
    black_spots
        The black spots of the run; only those of this commune are told.
    language
        vi or en.
    operators
        Names of operators by the word their columns end with; without one that word is written.

    Returns
    -------
    list
        Lines of text: who and where, rank and reason, people, each service, not-spots, black spots.
    """
    lines = [_title(row, language), *_rank(row, language), _setting(row, language), _people(row, language)]
    if _known(row.get("pop_total")):
        lines += [_service(row, service, language, operators or {}) for service in services_in(row)]
        lines += _gaps(row, language)
        lines += _spots(black_spots[black_spots["code"] == row["code"]], language)
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
    both = people(_real(row["pop_double_gap"]), language)
    lines.append(_TEXTS["double_gap"][language].format(both=both))
    return [sentence(line) for line in lines]


def _spots(spots: pd.DataFrame, language: Language) -> list[str]:
    """List the black spots, those with most people first."""
    if not len(spots):
        return [sentence(_TEXTS["no_spots"][language])]
    everyone = people(float(spots["pop"].sum()), language)
    head = _TEXTS["spots"][language].format(count=number(len(spots), language), people=everyone)
    told = spots.sort_values(["pop", "spot_id"], ascending=[False, True]).head(_MOST_SPOTS)
    lines = [sentence(head), *(_spot(row, language) for row in told.to_dict("records"))]
    if len(spots) > len(told):
        more = number(len(spots) - len(told), language)
        lines.append(_TEXTS["more"][language].format(count=more))
    return lines


def _spot(spot: Mapping[object, object], language: Language) -> str:
    """Tell one black spot."""
    missing = [name for name in str(spot["missing"]).split(",") if name]
    distances = ""
    for service in missing:
        distance = spot.get(f"distance_to_{service}_km")
        if _known(distance):
            far = kilometres(_real(distance), language)
            name = service_name(service, language)
            distances += _TEXTS["nearest"][language].format(service=name, distance=far)
    words = {
        "spot": str(spot["spot_id"]),
        "people": people(_real(spot["pop"]), language),
        "area": square_kilometres(_real(spot["area_km2"]), language),
        "place": f"{_real(spot['lat']):.4f}, {_real(spot['lon']):.4f}",
        "missing": listed([service_name(name, language) for name in missing], language) or "-",
        "distances": distances,
    }
    return _TEXTS["spot"][language].format_map(words)


def _known(value: object) -> bool:
    """Say whether a cell of a table holds something: not None, not NaN, not NA."""
    if value is None or str(value) == "<NA>":
        return False
    return not (isinstance(value, float) and math.isnan(value))


def _real(value: object) -> float:
    """Take a cell of a table as a number."""
    return float(str(value))
