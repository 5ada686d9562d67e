"""One commune in words: everything the run knows about it, in Vietnamese or English."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ...coverage.ranking.composite import people_column
from ...coverage.ranking.reasons import unit
from ...data.columns.register import find, matching, operator_columns, services_in
from ...data.text.said import Amount, Said, joined, plain_template, template
from ...data.text.wording import (
    RANGE,
    capital,
    is_open,
    percent_range,
    sentence,
    type_name,
)
from ...data.text.words import LANGUAGES, Both, both, words
from .cells import OF_OPERATOR, known, real, service_names, tell, tell_sentence
from .explain_spots import first_spots, spot, spots_head, spots_rest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.text.words import Language

    Row = Mapping[str, object]

_ONE_PERSON = 0.5
_RANKED = plain_template(Both("{place}. {reason}", "{place}. {reason}"))
_FROM_TO = plain_template(
    Both(f"{{low:number}}{RANGE}{{high:number}}", f"{{low:number}}{RANGE}{{high:number}}")
)


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
    said = opening(row, operators or {})
    if known(row.get("pop_total")):
        said += [
            *spots_head(black_spots, may_be_more=may_fail(row) > 0),
            *(spot(one, operators or {}) for one in first_spots(black_spots)),
            *spots_rest(black_spots),
            *change(row, before, period),
        ]
    return [line.text(language) for line in said]


def opening(row: Row, operators: Mapping[str, str]) -> list[Said]:
    """Tell about the commune itself, before its black spots.

    Parameters
    ----------
    row, operators
        As in :func:`explain`.
    """
    lines = [
        _title(row),
        *_rank(row),
        *_sure(row),
        *_composite(row),
        _setting(row),
        _people(row),
        *_figures(row),
    ]
    if known(row.get("pop_total")):
        lines += [_service(row, service, operators) for service in services_in(row)]
        lines += _gaps(row)
    return lines


def _title(row: Row) -> Said:
    legal_type, name = row.get("type"), str(row["name"])
    code = row.get("province_code", "")
    province = row.get("province_name")
    return Said(
        template("explain", "title"),
        {
            "type": _type(legal_type),
            "name": _name(name, type_name(legal_type, "vi")),
            "code": row["code"],
            "province": str(province) if province else tell("province_code", code=code),
        },
        capital,
    )


def _name(name: str, kind: str) -> str | Both:
    """Leave out the Vietnamese type before a name: some sources write it into that."""
    return Both(name[len(kind) + 1 :], name) if name.casefold().startswith(f"{kind} ") else name


@lru_cache(maxsize=256)
def _type(legal_type: object) -> Both:
    return Both(type_name(legal_type, "vi"), type_name(legal_type, "en"))


def _rank(row: Row) -> list[Said]:
    if not known(row.get("rank")):
        return []
    rank, tier = real(row["rank"]), row.get("tier")
    ranked = known(tier)
    place = tell("ranked", rank=rank, tier=int(real(tier))) if ranked else tell("no_tier", rank=rank)
    if may_fail(row):
        place = joined([place, tell("rank_open")])
    reason = Both(str(row.get("reason_vi", "")), str(row.get("reason_en", "")))
    return [Said(_RANKED, {"place": place, "reason": reason}, str.strip)]


def _sure(row: Row) -> list[Said]:
    """Say between which ranks and people most draws lie, and how sure a place in the list is; nothing without draws."""
    names = ("rank_low", "rank_high", "pop_failing_low", "pop_failing_high")
    if not all(known(row.get(name)) for name in names):
        return []
    best, worst, low, high = (real(row[name]) for name in names)
    key = "sure" if best < worst else "sure_rank" if high - low >= _ONE_PERSON else "sure_fixed"
    parts = [tell(key, best=best, worst=worst, low=low, high=high)]
    state = _named("summary", f"sure.{row.get('certainty')}")
    if state:
        share = Amount("percent", real(row["top_probability"]), 1.0)
        parts.append(tell("sure_state", state=state, share=share))
    return [joined(parts, finish=sentence)]


@lru_cache(maxsize=256)
def _named(subject: str, key: str) -> Both | None:
    """Give a text by a word of a table; None for a word that has none."""
    return both(subject, key) if key in words(subject, "vi") else None


def _composite(row: Row) -> list[Said]:
    """Say what a composite score is made of; nothing in another order, or where it is not known."""
    found = _contributions(tuple(row))
    if not found or not known(row.get("score")):
        return []
    parts = []
    for name, indicator in found:
        key = "part_share" if indicator.endswith("_share") else "part"
        parts.append(tell(key, part=real(row[name]), column=_label(people_column(indicator))))
    scores = {name: real(row[f"score_{name}"]) for name in ("arithmetic", "geometric")}
    return [tell_sentence("composite", score=real(row["score"]), parts=joined(parts, " + "), **scores)]


@lru_cache(maxsize=16)  # asked again for every commune of a table
def _contributions(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Give the columns of the parts of a composite score, each with its indicator."""
    found = matching("communes", "contribution_<indicator>", names)
    return tuple((name, slots["indicator"]) for name, slots in found)


@lru_cache(maxsize=256)
def _label(name: str) -> Both:
    """Name a column of the commune table in words, inside a sentence."""
    column, slots = find("communes", name)
    label = column.header(slots, {})
    return Both(f"“{label.vi}”", f"“{label.en}”")


def _setting(row: Row) -> Said:
    """Say what the commune is and by which rule, naming only the flags that are set."""
    parts: list[object] = [
        _unit(row.get("type"), *(bool(row.get(f"is_{flag}", False)) for flag in ("border", "island")))
    ]
    if known(row.get("is_rural")) and row.get("is_rural_basis") != "none":
        parts.append(both("explain", "setting.rural" if row["is_rural"] else "setting.urban"))
    for flag in ("border", "island"):
        basis = _named("explain", f"basis.{row.get(f'is_{flag}_basis', '')}")
        if row.get(f"is_{flag}") and basis:
            parts.append(joined([both("explain", f"setting.{flag}"), basis], " "))
    distance = row.get("border_distance_km")
    if known(distance):
        parts.append(tell("border_near", distance_km=real(distance)))
    return joined(parts, "; ", sentence)


@lru_cache(maxsize=256)
def _unit(legal_type: object, is_border: bool, is_island: bool) -> Both:  # noqa: FBT001 - two flags of a row
    row = {"type": legal_type, "is_border": is_border, "is_island": is_island}
    return Both(unit(row, "vi"), unit(row, "en"))


def _people(row: Row) -> Said:
    area_km2 = real(row["area_km2"])
    if not known(row.get("pop_total")):
        return tell_sentence("people_unknown", area_km2=area_km2)
    source = str(row.get("pop_source", ""))
    named = _named("explain", f"source.{source}") or source
    return tell_sentence("people", people=real(row["pop_total"]), area_km2=area_km2, source=named)


def _figures(row: Row) -> list[Said]:
    """Put the raster's and the official figure beside each other, where there is an official one."""
    if not known(row.get("pop_official")):
        return []
    key = "figures" if known(row.get("pop_raster")) else "figures_no_raster"
    raster, official = (row.get(name) for name in ("pop_raster", "pop_official"))
    basis = str(row.get("pop_basis", ""))
    named = _named("explain", f"figure.{basis}") or basis
    parts = [tell(key, raster=raster, official=official, basis=named)]
    if row.get("pop_disputed"):
        parts.append(tell("disputed"))
    if known(row.get("pop_raster_min")):
        low, high = real(row["pop_raster_min"]), real(row["pop_raster_max"])
        parts.append(tell("spread", low=low, high=high))
    return [joined(parts, finish=sentence)]


def _service(row: Row, service: str, operators: Mapping[str, str]) -> Said:
    """Say how many people have a service, and by how many each operator and all of them reach."""
    total = real(row["pop_total"])

    def share(column: str) -> Amount:
        return Amount("percent", real(row[column]), total)

    covered = f"pop_covered_{service}"
    parts = [_states(row, service)]
    if known(row.get(f"pop_planned_{service}")):
        planned, residual = real(row[f"pop_planned_{service}"]), real(row[f"pop_residual_{service}"])
        parts.append(tell("planned", planned=planned, residual=residual))
    columns = operator_columns(row, service)
    if len(columns) > 1 and total:
        ends = [column.removeprefix(f"{covered}_") for column in columns]
        each = [
            Said(OF_OPERATOR, {"name": operators.get(end, end), "figure": share(column)})
            for end, column in zip(ends, columns, strict=True)
        ]
        least = "_least" if _some_are_silent(row, service) else ""
        parts.append(tell(f"operators{least}", each=joined(each, ", ")))
        parts.append(tell(f"all{least}", share=share(f"{covered}_all")))
    return joined(parts, finish=sentence)


def _states(row: Row, service: str) -> Said:
    """Say how many people have a service and how many have not: from one number to another where there are no data."""
    total, silent = real(row["pop_total"]), real(row[f"pop_no_data_{service}"])
    covered, uncovered = (real(row[f"pop_{state}_{service}"]) for state in ("covered", "uncovered"))
    name = service_names(service)
    if silent < _ONE_PERSON:
        share = Amount("percent", covered, total)
        return tell("service", service=name, covered=covered, share=share, uncovered=uncovered)
    shares = Both(*(percent_range(covered, covered + silent, total, language) for language in LANGUAGES))
    return tell(
        "service_open",
        service=name,
        covered=_range(covered, covered + silent),
        share=shares,
        uncovered=_range(uncovered, uncovered + silent),
        silent=silent,
    )


def _range(low: float, high: float) -> Amount | Said:
    """Say how many people lie between two ends, as :func:`~blackspot.data.text.wording.people_range` writes it."""
    return Said(_FROM_TO, {"low": low, "high": high}) if is_open(low, high) else Amount("number", low)


def _some_are_silent(row: Row, service: str) -> bool:
    """Say whether some operator certainly says nothing of some people: then what each covers is the least it may be."""
    covered, every = (real(row[f"pop_covered_{service}{end}"]) for end in ("", "_all"))
    partial = row.get(f"pop_partial_not_spot_{service}")
    undecided = covered - every - real(partial) if known(partial) else 0.0
    return real(row[f"pop_no_data_{service}"]) >= _ONE_PERSON or undecided >= _ONE_PERSON


def may_fail(row: Row) -> float:
    """Give the people of whom it is not known whether they fail the profile; 0 below one person."""
    people = row.get("pop_may_fail")
    return real(people) if known(people) and real(people) >= _ONE_PERSON else 0.0


def _gaps(row: Row) -> list[Said]:
    """Say how many people live in not-spots and in the double gap."""
    low = real(row["pop_failing"])
    lines = [tell_sentence("failing", people=_range(low, low + may_fail(row)))]
    lines += [_not_spots(row, service) for service in _of_not_spots(tuple(row))]
    if known(row.get("pop_double_gap")):
        silent = any(real(row[f"pop_no_data_{service}"]) >= _ONE_PERSON for service in services_in(row))
        key = "double_gap_least" if silent and real(row["pop_double_gap"]) >= _ONE_PERSON else "double_gap"
        key = "double_gap_open" if silent and key == "double_gap" else key
        lines.append(tell_sentence(key, both=real(row["pop_double_gap"])))
    return lines


@lru_cache(maxsize=16)  # asked again for every commune of a table
def _of_not_spots(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the services of which a table counts not-spots."""
    prefix = "pop_total_not_spot_"
    return tuple(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def _not_spots(row: Row, service: str) -> Said:
    """Say how many people no operator reaches, and how many some but not all; what is open lies between two numbers.

    Whom neither every operator certainly covers nor none does, may have some operators and lack others.
    """
    total, partial = (real(row[f"pop_{kind}_not_spot_{service}"]) for kind in ("total", "partial"))
    most_total, most_partial = total, partial
    if _some_are_silent(row, service):
        most_total = total + real(row[f"pop_no_data_{service}"])
        every = row.get(f"pop_covered_{service}_all")
        most_partial = real(row["pop_total"]) - total - (real(every) if known(every) else 0.0)
    return tell_sentence(
        "not_spots",
        service=service_names(service),
        total=_range(total, most_total),
        partial=_range(partial, most_partial),
    )


def change(row: Row, before: Row | None, period: str) -> list[Said]:
    """Say how many people failed the profile in the run before."""
    if before is None or not known(before.get("pop_failing")):
        return []
    now, then = real(row["pop_failing"]), real(before["pop_failing"])
    return [tell_sentence("before", period=period, then=then, now=now)]
