"""One commune in words: everything the run knows about it, in Vietnamese or English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...coverage.ranking.reasons import unit
from ...data.columns.register import operator_columns, services_in
from ...data.text.sentences import say
from ...data.text.wording import capital, listed, percent, sentence, service_name, type_name
from ...data.text.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ...data.text.words import Language

_MOST_SPOTS = 5  # black spots told one by one


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
    code = say("explain", "province_code", language, code=row.get("province_code", ""))
    province = str(row.get("province_name") or code)
    text = say("explain", "title", language, type=kind, name=name, code=row["code"], province=province)
    return capital(text)


def _rank(row: Mapping[str, object], language: Language) -> list[str]:
    if not _known(row.get("rank")):
        return []
    rank, tier = _real(row["rank"]), row.get("tier")
    if _known(tier):
        place = say("explain", "ranked", language, rank=rank, tier=int(_real(tier)))
    else:
        place = say("explain", "no_tier", language, rank=rank)
    return [f"{place}. {row.get(f'reason_{language}', '')}".strip()]


def _setting(row: Mapping[str, object], language: Language) -> str:
    """Say what the commune is and by which rule, naming only the flags that are set."""
    parts = [unit(row, language)]
    names = words("explain", language)
    if _known(row.get("is_rural")) and row.get("is_rural_basis") != "none":
        parts.append(names["setting.rural" if row["is_rural"] else "setting.urban"])
    for flag in ("border", "island"):
        basis = names.get(f"basis.{row.get(f'is_{flag}_basis', '')}")
        if row.get(f"is_{flag}") and basis:
            parts.append(f"{names[f'setting.{flag}']} {basis}")
    distance = row.get("border_distance_km")
    if _known(distance):
        parts.append(say("explain", "border_near", language, distance_km=_real(distance)))
    return sentence("; ".join(parts))


def _people(row: Mapping[str, object], language: Language) -> str:
    area_km2 = _real(row["area_km2"])
    if not _known(row.get("pop_total")):
        return sentence(say("explain", "people_unknown", language, area_km2=area_km2))
    source = str(row.get("pop_source", ""))
    named = words("explain", language).get(f"source.{source}", source)
    people = _real(row["pop_total"])
    return sentence(say("explain", "people", language, people=people, area_km2=area_km2, source=named))


def _service(
    row: Mapping[str, object], service: str, language: Language, operators: Mapping[str, str]
) -> str:
    """Say how many people have a service, and by how many each operator and all of them reach."""
    total = _real(row["pop_total"])

    def share(column: str) -> str:
        return percent(_real(row[column]), total, language)

    covered = f"pop_covered_{service}"
    silent = _real(row[f"pop_no_data_{service}"])
    text = say(
        "explain",
        "service",
        language,
        service=service_name(service, language),
        covered=_real(row[covered]),
        share=share(covered),
        uncovered=_real(row[f"pop_uncovered_{service}"]),
    )
    if silent > 0:
        text += say("explain", "service_silent", language, silent=silent)
    columns = operator_columns(row, service)
    if len(columns) > 1 and total:
        ends = [column.removeprefix(f"{covered}_") for column in columns]
        each = [
            f"{operators.get(end, end)} {share(column)}" for end, column in zip(ends, columns, strict=True)
        ]
        text += say("explain", "operators", language, each=", ".join(each))
        text += say("explain", "all", language, share=share(f"{covered}_all"))
    return sentence(text)


def _gaps(row: Mapping[str, object], language: Language) -> list[str]:
    """Say how many people live in not-spots and in the double gap."""
    prefix = "pop_total_not_spot_"
    lines = [
        say(
            "explain",
            "not_spots",
            language,
            service=service_name(name.removeprefix(prefix), language),
            total=_real(row[name]),
            partial=_real(row[f"pop_partial_not_spot_{name.removeprefix(prefix)}"]),
        )
        for name in row
        if name.startswith(prefix)
    ]
    lines.append(say("explain", "double_gap", language, both=_real(row["pop_double_gap"])))
    return [sentence(line) for line in lines]


def _spots(spots: pd.DataFrame, language: Language) -> list[str]:
    """List the black spots, those with most people first."""
    if not len(spots):
        return [sentence(say("explain", "no_spots", language))]
    head = say("explain", "spots", language, count=len(spots), people=float(spots["pop"].sum()))
    told = spots.sort_values(["pop", "spot_id"], ascending=[False, True]).head(_MOST_SPOTS)
    lines = [sentence(head), *(_spot(row, language) for row in told.to_dict("records"))]
    if len(spots) > len(told):
        lines.append(say("explain", "more", language, count=len(spots) - len(told)))
    return lines


def _spot(spot: Mapping[object, object], language: Language) -> str:
    """Tell one black spot."""
    missing = [name for name in str(spot["missing"]).split(",") if name]
    distances = ""
    for service in missing:
        distance = spot.get(f"distance_to_{service}_km")
        if _known(distance):
            name = service_name(service, language)
            distances += say("explain", "nearest", language, service=name, distance_km=_real(distance))
    return say(
        "explain",
        "spot",
        language,
        spot=str(spot["spot_id"]),
        people=_real(spot["pop"]),
        area_km2=_real(spot["area_km2"]),
        place=f"{_real(spot['lat']):.4f}, {_real(spot['lon']):.4f}",
        missing=listed([service_name(name, language) for name in missing], language) or "-",
        distances=distances,
    )


def _known(value: object) -> bool:
    """Say whether a cell of a table holds something: not None, not NaN, not NA."""
    if value is None or str(value) == "<NA>":
        return False
    return not (isinstance(value, float) and math.isnan(value))


def _real(value: object) -> float:
    """Take a cell of a table as a number."""
    return float(str(value))
