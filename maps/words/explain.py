"""One commune in words: everything the run knows about it, in Vietnamese or English."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from ...coverage.ranking.composite import people_column
from ...coverage.ranking.reasons import unit
from ...data.columns.register import find, matching, operator_columns, services_in
from ...data.text.sentences import say
from ...data.text.wording import (
    capital,
    kilometres,
    listed,
    people_range,
    percent,
    percent_range,
    sentence,
    service_name,
    type_name,
)
from ...data.text.words import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.text.words import Language

_ONE_PERSON = 0.5
_MOST_SPOTS = 5  # black spots told one by one


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
        Lines of text: who and where, rank and reason, how sure the rank is, the parts of a composite score, setting with its basis, people and whether they are disputed, who
        fails, each service, not-spots, black spots with their distances, what was different before.
    """
    said = opening(row, language, operators or {})
    if _known(row.get("pop_total")):
        said += [
            *spots_head(black_spots, language, may_be_more=may_fail(row) > 0),
            *(spot(one, language, operators or {}) for one in first_spots(black_spots)),
            *spots_rest(black_spots, language),
            *change(row, before, period, language),
        ]
    return said


def opening(row: Mapping[str, object], language: Language, operators: Mapping[str, str]) -> list[str]:
    """Tell about the commune itself, before its black spots.

    Parameters
    ----------
    row, language, operators
        As in :func:`explain`.
    """
    lines = [_title(row, language), *_rank(row, language), *_sure(row, language), *_composite(row, language)]
    lines += [_setting(row, language), _people(row, language), *_figures(row, language)]
    if _known(row.get("pop_total")):
        lines += [_service(row, service, language, operators) for service in services_in(row)]
        lines += _gaps(row, language)
    return lines


def _title(row: Mapping[str, object], language: Language) -> str:
    kind, name = type_name(row.get("type"), language), str(row["name"])
    if language == "vi" and name.casefold().startswith(f"{kind} "):
        name = name[len(kind) + 1 :]  # some sources write the type into the name
    code = say("explain", "province_code", language, code=row.get("province_code", ""))
    province = str(row.get("province_name") or code)
    return capital(
        say("explain", "title", language, type=kind, name=name, code=row["code"], province=province)
    )


def _rank(row: Mapping[str, object], language: Language) -> list[str]:
    if not _known(row.get("rank")):
        return []
    rank, tier = _real(row["rank"]), row.get("tier")
    if _known(tier):
        place = say("explain", "ranked", language, rank=rank, tier=int(_real(tier)))
    else:
        place = say("explain", "no_tier", language, rank=rank)
    if may_fail(row):
        place += say("explain", "rank_open", language)
    return [f"{place}. {row.get(f'reason_{language}', '')}".strip()]


def _sure(row: Mapping[str, object], language: Language) -> list[str]:
    """Say between which ranks and people most draws lie, and how sure a place in the list is; nothing without draws."""
    names = ("rank_low", "rank_high", "pop_failing_low", "pop_failing_high")
    if not all(_known(row.get(name)) for name in names):
        return []
    best, worst, low, high = (_real(row[name]) for name in names)
    fixed = best == worst and high - low < _ONE_PERSON
    key = "sure_fixed" if fixed else "sure"
    text = say("explain", key, language, best=best, worst=worst, low=low, high=high)
    state = words("summary", language).get(f"sure.{row.get('certainty')}")
    if state:
        share = percent(_real(row["top_probability"]), 1.0, language)
        text += say("explain", "sure_state", language, state=state, share=share)
    return [sentence(text)]


def _composite(row: Mapping[str, object], language: Language) -> list[str]:
    """Say what a composite score is made of; nothing in another order, or where it is not known."""
    found = matching("communes", "contribution_<indicator>", row)
    if not found or not _known(row.get("score")):
        return []
    parts = []
    for name, slots in found:
        indicator = slots["indicator"]
        key = "part_share" if indicator.endswith("_share") else "part"
        label = _label(people_column(indicator), language)
        parts.append(say("explain", key, language, part=_real(row[name]), column=label))
    scores = {name: _real(row[f"score_{name}"]) for name in ("arithmetic", "geometric")}
    text = say("explain", "composite", language, score=_real(row["score"]), parts=" + ".join(parts), **scores)
    return [sentence(text)]


def _label(name: str, language: Language) -> str:
    """Name a column of the commune table in words, inside a sentence."""
    column, slots = find("communes", name)
    label = getattr(column.header(slots, {}), language)
    return f"“{label}”"


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


def _figures(row: Mapping[str, object], language: Language) -> list[str]:
    """Put the raster's and the official figure beside each other, where there is an official one."""
    if not _known(row.get("pop_official")):
        return []
    key = "figures" if _known(row.get("pop_raster")) else "figures_no_raster"
    raster, official = (row.get(name) for name in ("pop_raster", "pop_official"))
    basis = str(row.get("pop_basis", ""))
    named = words("explain", language).get(f"figure.{basis}", basis)
    text = say("explain", key, language, raster=raster, official=official, basis=named)
    if row.get("pop_disputed"):
        text += say("explain", "disputed", language)
    if _known(row.get("pop_raster_min")):
        low, high = _real(row["pop_raster_min"]), _real(row["pop_raster_max"])
        text += say("explain", "spread", language, low=low, high=high)
    return [sentence(text)]


def _service(
    row: Mapping[str, object], service: str, language: Language, operators: Mapping[str, str]
) -> str:
    """Say how many people have a service, and by how many each operator and all of them reach."""
    total = _real(row["pop_total"])

    def share(column: str) -> str:
        return percent(_real(row[column]), total, language)

    covered = f"pop_covered_{service}"
    text = _states(row, service, language)
    if _known(row.get(f"pop_planned_{service}")):
        planned, residual = _real(row[f"pop_planned_{service}"]), _real(row[f"pop_residual_{service}"])
        text += say("explain", "planned", language, planned=planned, residual=residual)
    columns = operator_columns(row, service)
    if len(columns) > 1 and total:
        ends = [column.removeprefix(f"{covered}_") for column in columns]
        each = [
            f"{operators.get(end, end)} {share(column)}" for end, column in zip(ends, columns, strict=True)
        ]
        least = "_least" if _some_are_silent(row, service) else ""
        text += say("explain", f"operators{least}", language, each=", ".join(each))
        text += say("explain", f"all{least}", language, share=share(f"{covered}_all"))
    return sentence(text)


def _states(row: Mapping[str, object], service: str, language: Language) -> str:
    """Say how many people have a service and how many have not: from one number to another where there are no data."""
    total, silent = _real(row["pop_total"]), _real(row[f"pop_no_data_{service}"])
    covered, uncovered = (_real(row[f"pop_{state}_{service}"]) for state in ("covered", "uncovered"))
    named = {"service": service_name(service, language)}
    if silent < _ONE_PERSON:
        share = percent(covered, total, language)
        said = named | {"covered": covered, "share": share, "uncovered": uncovered}
        return say("explain", "service", language, **said)
    return say(
        "explain",
        "service_open",
        language,
        **named,
        covered=people_range(covered, covered + silent, language),
        share=percent_range(covered, covered + silent, total, language),
        uncovered=people_range(uncovered, uncovered + silent, language),
        silent=silent,
    )


def _some_are_silent(row: Mapping[str, object], service: str) -> bool:
    """Say whether some operator certainly says nothing of some people: then what each covers is the least it may be."""
    covered, every = (_real(row[f"pop_covered_{service}{end}"]) for end in ("", "_all"))
    partial = row.get(f"pop_partial_not_spot_{service}")
    undecided = covered - every - _real(partial) if _known(partial) else 0.0
    return _real(row[f"pop_no_data_{service}"]) >= _ONE_PERSON or undecided >= _ONE_PERSON


def may_fail(row: Mapping[str, object]) -> float:
    """Give the people of whom it is not known whether they fail the profile; 0 below one person."""
    people = row.get("pop_may_fail")
    return _real(people) if _known(people) and _real(people) >= _ONE_PERSON else 0.0


def _gaps(row: Mapping[str, object], language: Language) -> list[str]:
    """Say how many people live in not-spots and in the double gap."""
    prefix = "pop_total_not_spot_"
    services = [name.removeprefix(prefix) for name in row if name.startswith(prefix)]
    low = _real(row["pop_failing"])
    lines = [say("explain", "failing", language, people=people_range(low, low + may_fail(row), language))]
    lines += [_not_spots(row, service, language) for service in services]
    if _known(row.get("pop_double_gap")):
        silent = any(_real(row[f"pop_no_data_{service}"]) >= _ONE_PERSON for service in services_in(row))
        key = "double_gap_least" if silent and _real(row["pop_double_gap"]) >= _ONE_PERSON else "double_gap"
        key = "double_gap_open" if silent and key == "double_gap" else key
        lines.append(say("explain", key, language, both=_real(row["pop_double_gap"])))
    return [sentence(line) for line in lines]


def _not_spots(row: Mapping[str, object], service: str, language: Language) -> str:
    """Say how many people no operator reaches, and how many some but not all; what is open lies between two numbers.

    Whom neither every operator certainly covers nor none does, may have some operators and lack others.
    """
    total, partial = (_real(row[f"pop_{kind}_not_spot_{service}"]) for kind in ("total", "partial"))
    most_total, most_partial = total, partial
    if _some_are_silent(row, service):
        most_total = total + _real(row[f"pop_no_data_{service}"])
        every = row.get(f"pop_covered_{service}_all")
        most_partial = _real(row["pop_total"]) - total - (_real(every) if _known(every) else 0.0)
    return say(
        "explain",
        "not_spots",
        language,
        service=service_name(service, language),
        total=people_range(total, most_total, language),
        partial=people_range(partial, most_partial, language),
    )


def first_spots(spots: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Choose the black spots that are told one by one: those with most people, in their order."""
    return sorted(spots, key=lambda one: (-_real(one["pop"]), str(one["spot_id"])))[:_MOST_SPOTS]


def spots_head(
    spots: Sequence[Mapping[str, object]], language: Language, *, may_be_more: bool = False
) -> list[str]:
    """Say how many black spots are known, and with how many people; whether there may be more of them."""
    if not spots:
        return [sentence(say("explain", "no_spots_known" if may_be_more else "no_spots", language))]
    everyone = math.fsum(_real(one["pop"]) for one in spots)
    key = "spots_least" if may_be_more else "spots"
    return [sentence(say("explain", key, language, count=len(spots), people=everyone))]


def spots_rest(spots: Sequence[Mapping[str, object]], language: Language) -> list[str]:
    """Say how many black spots are not told one by one; nothing where all are."""
    rest = len(spots) - _MOST_SPOTS
    return [say("explain", "more", language, count=rest)] if rest > 0 else []


def spot(one: Mapping[str, object], language: Language, operators: Mapping[str, str]) -> str:
    """Tell one black spot."""
    missing = [name for name in str(one["missing"]).split(",") if name]
    return say(
        "explain",
        "spot",
        language,
        spot=str(one["spot_id"]),
        people=_real(one["pop"]),
        area_km2=_real(one["area_km2"]),
        place=f"{_real(one['lat']):.4f}, {_real(one['lon']):.4f}",
        near=_near(one, language),
        missing=listed([service_name(name, language) for name in missing], language) or "-",
        distances="".join(_distance(one, service, language, operators) for service in missing),
    )


def _near(spot: Mapping[str, object], language: Language) -> str:
    """Name the place it lies near, where the run knows places."""
    if not (spot.get("place_name") and _known(spot.get("place_distance_km"))):
        return ""
    distance_km = _real(spot["place_distance_km"])
    return say("explain", "near", language, name=spot["place_name"], distance_km=distance_km)


def _distance(
    spot: Mapping[str, object], service: str, language: Language, operators: Mapping[str, str]
) -> str:
    """Say how far the nearest coverage of a service is, of any operator and of each."""
    distance = spot.get(f"distance_to_{service}_km")
    if not _known(distance):
        return ""
    name = service_name(service, language)
    text = say("explain", "nearest", language, service=name, distance_km=_real(distance))
    each = [
        f"{operators.get(word, word)} {kilometres(_real(spot[column]), language)}"
        for column, word in _distance_columns(tuple(spot), service)
        if _known(spot[column])
    ]
    return f"{text} ({', '.join(each)})" if len(each) > 1 else text


@lru_cache(maxsize=64)  # asked again for every black spot of a table
def _distance_columns(names: tuple[str, ...], service: str) -> tuple[tuple[str, str], ...]:
    """Give the columns of distances to single operators' coverage of a service, each with the operator's word."""
    prefix = f"distance_to_{service}_"
    found = (
        (name, name.removeprefix(prefix).removesuffix("_km")) for name in names if name.startswith(prefix)
    )
    return tuple((name, word) for name, word in found if word != "km")


def change(
    row: Mapping[str, object], before: Mapping[str, object] | None, period: str, language: Language
) -> list[str]:
    """Say how many people failed the profile in the run before."""
    if before is None or not _known(before.get("pop_failing")):
        return []
    now, then = _real(row["pop_failing"]), _real(before["pop_failing"])
    return [sentence(say("explain", "before", language, period=period, then=then, now=now))]


def _known(value: object) -> bool:
    """Say whether a cell of a table holds something: not None, not NaN, not NA."""
    if isinstance(value, float):
        return not math.isnan(value)
    return value is not None and str(value) != "<NA>"


def _real(value: object) -> float:
    """Take a cell of a table as a number."""
    return value if type(value) is float else float(str(value))  # a narrow number of numpy as it is written
