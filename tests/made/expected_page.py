"""What cards and headlines of a map page must say, worked out from the rows of ``communes.csv``."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from blackspot.data.text.wording import service_name
from blackspot.maps.words.i18n import page_words as words_of

Row = dict[str, str]
SERVICES = {"4g": ("4G", "4G"), "5g": ("5G", "5G"), "fibre": ("Cáp quang", "Fibre")}
OPERATORS = {"Biển Xanh": "bien_xanh", "Hải Đăng": "hai_dang", "Sao Mai": "sao_mai"}
LABELS = {
    "pop_failing": (
        "Chưa có cả 5G lẫn cáp quang, hoặc không có sóng 4G hoặc 5G nào",
        "With neither 5G nor fibre, or without any 4G or 5G",
    ),
    "pop_no_basic_service": ("Không có sóng 4G hoặc 5G nào", "Without any 4G or 5G"),
    "pop_double_gap": ("Chưa có cả 5G lẫn cáp quang", "With neither 5G nor fibre"),
    "pop_uncovered_4g": ("Chưa có 4G", "Without 4G"),
    "pop_uncovered_5g": ("Chưa có 5G", "Without 5G"),
    "pop_uncovered_fibre": ("Chưa có cáp quang", "Without fibre"),
    "pop_partial_not_spot_5g": (
        "Có 5G nhưng thiếu ít nhất một nhà mạng",
        "With 5G, but not from every operator",
    ),
    "black_spot_count": ("Điểm đen", "Black spots"),
}
STATES = {"covered": "covered", "uncovered": "uncovered", "no_data": "noData"}
RULES = {
    "5g": {"max_operator": "max_operator", "all": "all"},
    "fibre": {"max_operator": "max_operator", "all": "all"},
    "4g": {"max_operator": "max_operator", "at_least": "at_least_2", "all": "all"},
}
GAPS_OF = ("pop_failing", "pop_double_gap", "pop_partial_not_spot_5g")
TILES_OF = (
    "pop_failing",
    "pop_no_basic_service",
    "pop_double_gap",
    "pop_uncovered_5g",
    "pop_uncovered_fibre",
    "pop_uncovered_4g",
    "black_spot_count",
)
SETTINGS = {0: (), 1: ("is_rural",), 2: ("is_border",), 4: ("is_island",), 3: ("is_rural", "is_border")}


def written(value: Decimal | float, language: str, decimals: int = 0) -> str:
    """Write a number as the language does, halves upwards."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{exact:,}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def people_and_share(part: str, total: str, language: str) -> list[str]:
    """Give the two cells of a line: people, and per cent of the commune's."""
    people, everybody = thousandths(part), float(thousandths(total))
    return [written(people, language), share_of(float(people), everybody, language)]


def share_of(part: float, whole: float, language: str) -> str:
    """Write per cent with one decimal; only nobody is 0%, only everybody (but for noise of sums) 100%."""
    if not whole > 0:
        return "-"
    share = 100 * part / whole
    if min(abs(share), abs(share - 100)) <= 1e-7:
        return f"{share:.0f}%"
    rounded = written(share, language, 1)
    ends = {written(end, language, 1): said for end, said in ((0, "<0.1%"), (100, ">99.9%"))}
    said = ends.get(rounded, "")
    return (said.replace(".", ",") if language == "vi" else said) or f"{rounded}%"


def expected_card(row: Row, language: str, ranked: int) -> dict[str, Any]:
    """Write the card of a row of ``communes.csv``."""
    words, vi = words_of(language), language == "vi"
    kind = {"commune": 0, "ward": 1, "special_zone": 2}[row["type"]]
    known = row["pop_total"] != ""
    people = (
        words["card.people"].format(people=written(thousandths(row["pop_total"]), language))
        if known
        else words["unknown"]
    )
    return {
        "name": row["name"],
        "where": f"{words[f'type.{kind}']} · {row['province_name']} · {words['code']} {row['code']}",
        "people": people,
        "rank": f"{'Hạng' if vi else 'Rank'} {written(int(row['rank']), language)} {'trên' if vi else 'of'} {written(ranked, language)}"
        if row["rank"]
        else "",
        "reason": row[f"reason_{language}"] if row["rank"] else "",
        "tags": tags(row, language),
        "tables": tables(row, language) if known else [],
    }


def thousandths(text: str) -> Decimal:
    """Round as the page keeps people."""
    return Decimal(text).quantize(Decimal("0.001"))


def tags(row: Row, language: str) -> list[str]:
    """Write the settings of a commune and their basis."""
    words = words_of(language)
    found = []
    for name in ("rural", "border", "island"):
        if row[f"is_{name}"] != "true":
            continue
        text = words[name] + words[f"basis.{row[f'is_{name}_basis']}"]
        if name == "border" and row["border_distance_km"]:
            text += f" ({written(float(row['border_distance_km']), language, 1)} km)"
        found.append(text)
    return found


def tables(row: Row, language: str) -> list[dict[str, Any]]:
    """Write the tables of a card: the gaps, each service, each operator and rule."""
    words, at = words_of(language), 0 if language == "vi" else 1

    def line(label: str, column: str) -> list[str]:
        return [label, *people_and_share(row[column], row["pop_total"], language)]

    spots = words["card.spots"].format(count=written(int(row["black_spot_count"]), language))
    gaps = [line(LABELS[name][at], name) for name in GAPS_OF]
    found = [{"head": words["card.gaps"], "rows": [*gaps, line(spots, "pop_in_black_spots")]}]
    for service in ("5g", "fibre", "4g"):
        states = [line(words[word], f"pop_{state}_{service}") for state, word in STATES.items()]
        found.append({"head": SERVICES[service][at], "rows": states})
    rows = []
    for service, rules in RULES.items():
        name = service_name(service, language)
        for rule, column in rules.items():
            rows.append(
                covered_line(row, language, words[f"have.{rule}"].format(service=name, k=2), service, column)
            )
        for operator, slug in OPERATORS.items():
            label = words["have.operator"].format(operator=operator, service=name)
            if f"pop_covered_{service}_{slug}" in row:
                rows.append(covered_line(row, language, label, service, slug))
    return [*found, {"head": words["card.coveredBy"], "rows": rows}]


def covered_line(row: Row, language: str, label: str, service: str, what: str) -> list[str]:
    """Write who is covered by an operator or a rule: for certain, and at most where data are missing."""
    words, have = words_of(language), float(thousandths(row[f"pop_covered_{service}_{what}"]))
    everybody = float(thousandths(row["pop_total"]))
    open_to = min(float(row[f"pop_unsure_{service}_{what}"]), everybody - have)
    if open_to >= 0.5 > have:
        return [label, words["noData"]]
    people, share = people_and_share(row[f"pop_covered_{service}_{what}"], row["pop_total"], language)
    if open_to >= 0.5:
        people += " " + words["tile.upto"].format(high=written(have + open_to, language))
    return [label, people, share]


def total(rows: list[Row], name: str, *, filtered: bool) -> float:
    """Add up a column, of chosen communes to the thousandth the page keeps; NaN where nothing is known."""
    values = [round(float(row[name]), 3 if filtered else 9) for row in rows if row[name]]
    return math.fsum(values) if values else math.nan


def expected_tile(name: str, rows: list[Row], language: str, *, filtered: bool) -> dict[str, Any]:
    """Write a number above the map and the lines below it."""
    words, at = words_of(language), 0 if language == "vi" else 1

    def people(value: float) -> str:
        return "-" if math.isnan(value) else written(value, language)

    low, whole = (total(rows, column, filtered=filtered) for column in (name, "pop_total"))
    label = LABELS[name][at]
    if name == "black_spot_count":
        return {
            "label": label,
            "value": people(low),
            "notes": [
                words["tile.inside"].format(
                    people=people(total(rows, "pop_in_black_spots", filtered=filtered))
                )
            ],
        }
    unsure = {
        "pop_uncovered_5g": "pop_no_data_5g",
        "pop_failing": "pop_may_fail",
        "pop_no_basic_service": "pop_unsure_basic",
        "pop_double_gap": "pop_unsure_double",
    }
    high = low + (total(rows, unsure[name], filtered=filtered) if name in unsure else 0.0)
    if high - low >= 0.5 > low:
        return {
            "label": label,
            "value": words["noData"],
            "notes": [words["tile.range"].format(high=people(high), whole=people(whole))],
        }
    notes = [words["tile.of"].format(share=share_of(low, whole, language), whole=people(whole))]
    if high - low >= 0.5:
        notes.append(words["tile.upto"].format(high=people(high)))
    return {"label": label, "value": people(low), "notes": notes}
