"""What cards and headlines of a map page must say, worked out from the rows of ``communes.csv``."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from blackspot.data.text.wording import service_name
from blackspot.maps.words.i18n import page_words as words_of

if TYPE_CHECKING:
    from collections.abc import Collection

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
        "Có 5G nhưng chưa được mọi nhà mạng phủ",
        "With 5G, but not covered by every operator",
    ),
    "black_spot_count": ("Điểm đen", "Black spots"),
}
STATES = {"covered": "covered", "uncovered": "uncovered", "no_data": "noData"}
RULES = {
    "5g": {"max_operator": "max_operator", "all": "all"},
    "fibre": {"max_operator": "max_operator", "all": "all"},
    "4g": {"max_operator": "max_operator", "at_least": "at_least_2", "all": "all"},
}
UNSURE = {
    "pop_failing": "pop_may_fail",
    "pop_no_basic_service": "pop_unsure_basic",
    "pop_double_gap": "pop_unsure_double",
    "pop_partial_not_spot_5g": "pop_unsure_5g_partial",
    "pop_uncovered_5g": "pop_no_data_5g",
}
"""Of each figure of a gap: the people of whom it is not known whether they belong to it."""
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


def is_open(low: float, high: float) -> bool:
    """Whether two ends are shown as a range: half a person apart, or more."""
    return high - low >= 0.5


def people_range(low: float, high: float, language: str) -> str:
    """Write people, as a range where nothing is known of some."""
    ends = [written(low, language), written(high, language)]
    return "–".join(ends if is_open(low, high) else ends[:1])  # noqa: RUF001 - as printed


def share_range(low: float, high: float, whole: float, language: str) -> str:
    """Write per cent, as a range where nothing is known of some and the ends are written differently."""
    first, last = share_of(low, whole, language), share_of(high, whole, language)
    return f"{first.replace('%', '')}–{last}" if is_open(low, high) and first != last else first  # noqa: RUF001 - as printed


def people_and_share(low: float, open_to: float, whole: float, language: str) -> list[str]:
    """Give the two cells of a line: people, and per cent of the commune's."""
    high = min(low + open_to, max(low, whole))
    return [people_range(low, high, language), share_range(low, high, whole, language)]


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


def expected_card(row: Row, language: str, rows: Collection[Row]) -> dict[str, Any]:
    """Write the card of a row of ``communes.csv``, one of ``rows``."""
    words = words_of(language)
    kind = {"commune": 0, "ward": 1, "special_zone": 2}[row["type"]]
    known = row["pop_total"] != ""
    people = (
        words["card.people"].format(people=written(thousandths(row["pop_total"]), language))
        if known
        else words["unknown"]
    )
    ranked = written(sum(one["rank"] != "" for one in rows), language)
    return {
        "name": row["name"],
        "where": f"{words[f'type.{kind}']} · {row['province_name']} · {words['code']} {row['code']}",
        "people": people,
        "rank": words["rank.of"].format(rank=rank_range(row, rows, language), count=ranked)
        if row["rank"]
        else "",
        "reason": row[f"reason_{language}"] if row["rank"] else "",
        "tags": tags(row, language),
        "tables": tables(row, language) if known else [],
    }


def may_fail(row: Row) -> bool:
    """Whether so much is unknown of a commune that the people failing the profile are a range."""
    return is_open(0.0, figure(row, "pop_may_fail"))


def rank_range(row: Row, rows: Collection[Row], language: str) -> str:
    """Write a rank, or the places between which it lies: up to the first of the best tier that is possible, and where
    nine draws of ten end.
    """
    low = high = int(row["rank"])
    if not may_fail(row):
        return written(low, language)
    if row["rank_low"]:
        low, high = min(low, int(row["rank_low"])), max(high, int(row["rank_high"]))
    rural, special = row["is_rural"] == "true", "true" in (row["is_border"], row["is_island"])
    severe = figure(row, "pop_no_basic_service") + figure(row, "pop_unsure_basic") >= 0.5
    best = (1 if severe else 4) + (2 - rural - (rural and special))
    before = sum(one["tier"] != "" and int(one["tier"]) < best for one in rows)
    return people_range(min(low, before + 1), high, language)


def figure(row: Row, name: str) -> float:
    """Read a number of people as the page keeps it; 0 where the table has no such column."""
    return float(thousandths(row.get(name) or "0"))


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
    words, at, whole = words_of(language), 0 if language == "vi" else 1, figure(row, "pop_total")

    def line(label: str, column: str, open_to: float) -> list[str]:
        return [label, *people_and_share(figure(row, column), open_to, whole, language)]

    gaps = [line(LABELS[name][at], name, figure(row, unsure)) for name, unsure in UNSURE.items()][:4]
    found = [{"head": words["card.gaps"], "rows": [*gaps, spots_line(row, language)]}]
    for service in ("5g", "fibre", "4g"):
        silent = figure(row, f"pop_no_data_{service}")
        states = [
            line(words[word], f"pop_{state}_{service}", 0.0 if state == "no_data" else silent)
            for state, word in STATES.items()
        ]
        found.append({"head": SERVICES[service][at], "rows": states})
    rows = []
    for service, rules in RULES.items():
        name = service_name(service, language)
        for rule, column in rules.items():
            label = words[f"have.{rule}"].format(service=name, k=2)
            rows.append(
                line(label, f"pop_covered_{service}_{column}", figure(row, f"pop_unsure_{service}_{column}"))
            )
        for operator, slug in OPERATORS.items():
            label = words["have.operator"].format(operator=operator, service=name)
            column = f"pop_covered_{service}_{slug}"
            if column in row:
                rows.append(line(label, column, figure(row, f"pop_unsure_{service}_{slug}")))
    return [*found, {"head": words["card.coveredBy"], "rows": rows}]


def spots_line(row: Row, language: str) -> list[str]:
    """Write how many live in black spots; of people of whom nothing is known, some may live in one nobody knows of."""
    words, count = words_of(language), int(row["black_spot_count"])
    people, fails = figure(row, "pop_in_black_spots"), figure(row, "pop_failing")
    number = written(count, language)
    open_to = 0.0
    if may_fail(row):
        number, open_to = (
            words["atLeast"].format(count=number),
            fails + figure(row, "pop_may_fail") - people,
        )
    label = (
        words["card.spots"].format(count=number) if count or not may_fail(row) else words["card.spotsOpen"]
    )
    return [label, *people_and_share(people, open_to, figure(row, "pop_total"), language)]


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
    may = total(rows, "pop_may_fail", filtered=filtered)
    if name == "black_spot_count":
        inside = total(rows, "pop_in_black_spots", filtered=filtered)
        high = total(rows, "pop_failing", filtered=filtered) + may if is_open(0.0, may) else inside
        value = words["atLeast"].format(count=people(low)) if is_open(0.0, may) else people(low)
        inside_text = "-" if math.isnan(inside) else people_range(inside, high, language)
        return {"label": label, "value": value, "notes": [words["tile.inside"].format(people=inside_text)]}
    high = low + (total(rows, UNSURE[name], filtered=filtered) if name in UNSURE else 0.0)
    share = share_range(low, high, whole, language)
    return {
        "label": label,
        "value": "-" if math.isnan(low) else people_range(low, high, language),
        "notes": [words["tile.of"].format(share=share, whole=people(whole))],
    }
