"""What a commune can be coloured by: people who lack something, with what is not known about them.

An indicator is a pair of bounds: the people who certainly lack it and those who may. A page colours a
commune only where both bounds fall into one class; elsewhere it is hatched as "not enough data".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ...coverage.people.unsure import PREFIX
from ...data.text.sentences import say
from ...data.text.wording import service_name
from ..words.gap import either, lacking, who_fails

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..encoding.pixel_rows import CoverageRows

SHARE_CLASSES_PCT = (10.0, 30.0, 50.0, 80.0)
"""Lower edges of the second to the last class of shares, per cent."""

PEOPLE_CLASSES = (100.0, 1_000.0, 5_000.0, 20_000.0)
"""Lower edges of the second to the last class of people."""

PROVINCE_PEOPLE_CLASSES = (50_000.0, 200_000.0, 500_000.0, 1_000_000.0)
"""The same for whole provinces, which have about a hundred times as many people as a commune."""

CHANGE_CLASSES_PCT = (-20.0, -5.0, -0.05, 0.05, 5.0, 20.0)
"""Edges of the classes of change, percentage points."""

CHANGE_CLASSES_PEOPLE = (-5_000.0, -500.0, -0.5, 0.5, 500.0, 5_000.0)
"""Edges of the classes of change, people."""

CLASSES: Final[Mapping[str, tuple[float, ...]]] = {
    "share": SHARE_CLASSES_PCT,
    "people": PEOPLE_CLASSES,
    "provincePeople": PROVINCE_PEOPLE_CLASSES,
    "changeShare": CHANGE_CLASSES_PCT,
    "changePeople": CHANGE_CLASSES_PEOPLE,
}
"""All of them by the word that a page has for them."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """People who lack something, as columns of the commune table.

    Attributes
    ----------
    id
        Stands in addresses, so it never changes for the same thing.
    kind
        ``fails``, ``basic``, ``double``, ``service``, ``operator``, ``max_operator``, ``at_least``, ``all`` or ``partial``.
    service, operator, k
        What it is about; empty or 0 where the kind needs none.
    lack
        Column of the people who certainly lack it; empty where ``have`` says who has it.
    have
        Column of the people who have it; all others lack it.
    unsure
        Columns of people of whom it is not known; they may lack it too.
    caps
        Pairs of columns whose sum nobody can exceed.
    silent
        Codes of communes of which an operator said nothing, where the run did not count the people.
    """

    id: str
    kind: str
    service: str = ""
    operator: str = ""
    k: int = 0
    lack: str = ""
    have: str = ""
    unsure: tuple[str, ...] = ()
    caps: tuple[tuple[str, str], ...] = ()
    silent: frozenset[str] = field(default=frozenset())


def ordered_services(about: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the services of a run, those of its profile first."""
    services = list(about.get("services", ()))
    first = [service for service in about.get("profile", {}).get("services", ()) if service in services]
    return tuple(dict.fromkeys([*first, *services]))


def indicators(
    columns: Iterable[str], about: Mapping[str, Any], coverage: Sequence[CoverageRows]
) -> tuple[Indicator, ...]:
    """List the indicators a run has columns for, the profile's own first.

    Parameters
    ----------
    columns
        Of the commune table.
    about
        As in :class:`~blackspot.maps.pages.map_data.MapData`.
    coverage
        The layers; they say of which communes an operator is silent.
    """
    names = set(columns)
    services = [service for service in ordered_services(about) if f"pop_uncovered_{service}" in names]
    silent = {(rows.service, rows.operator): frozenset(rows.no_data_codes) for rows in coverage}
    found = _of_profile(names, about, services, silent)
    for service in services:
        found += _of_service(names, about, service, silent)
    return tuple(found)


def _of_profile(
    names: set[str],
    about: Mapping[str, Any],
    services: Sequence[str],
    silent: Mapping[tuple[str, str], frozenset[str]],
) -> list[Indicator]:
    profile = about.get("profile", {})
    wanted = [service for service in profile.get("services", services) if service in services]
    gap, rule = profile.get("gap", "all"), profile.get("operator_rule", "any")
    found = []
    if "pop_failing" in names:
        open_to = _doubt(names, "pop_may_fail", wanted, silent, capped=gap == "all", rule=rule)
        found.append(Indicator("fails", "fails", lack="pop_failing", **open_to))
    pair = [about.get("mobile_service", ""), about.get("fibre_service", "")]
    basic = [service for service in profile.get("basic_services", ()) if service in services]
    if basic and "pop_no_basic_service" in names:
        open_to = _doubt(names, f"{PREFIX}basic", basic, silent, capped=True, rule="any")
        found.append(Indicator("basic", "basic", lack="pop_no_basic_service", **open_to))
    same = gap == "all" and set(pair) == set(wanted) and not basic
    if "pop_double_gap" in names and all(service in services for service in pair) and not same:
        open_to = _doubt(names, f"{PREFIX}double", pair, silent, capped=True, rule=rule)
        found.append(Indicator("double", "double", lack="pop_double_gap", **open_to))
    return found


def _doubt(
    names: set[str],
    exact: str,
    services: Sequence[str],
    silent: Mapping[tuple[str, str], frozenset[str]],
    *,
    capped: bool,
    rule: str,
) -> dict[str, Any]:
    """Say what is not known: the run's own count of it, else what its other columns allow."""
    if exact in names:
        return {"unsure": (exact,)}
    if rule == "any":
        return {
            "unsure": tuple(f"pop_no_data_{service}" for service in services),
            "caps": _caps(services) if capped else (),
        }
    return {"silent": frozenset().union(*(codes for (of, _), codes in silent.items() if of in services))}


def _caps(services: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((f"pop_uncovered_{service}", f"pop_no_data_{service}") for service in services)


def _of_service(
    names: set[str], about: Mapping[str, Any], service: str, silent: Mapping[tuple[str, str], frozenset[str]]
) -> list[Indicator]:
    covered, no_data = f"pop_covered_{service}", (f"pop_no_data_{service}",)
    any_operator = frozenset().union(*(codes for (of, _), codes in silent.items() if of == service))

    def doubt(what: str, silent_codes: frozenset[str], others: tuple[str, ...] = no_data) -> dict[str, Any]:
        exact = f"{PREFIX}{service}_{what}"
        return {"unsure": (exact,)} if exact in names else {"unsure": others, "silent": silent_codes}

    found = [Indicator(f"no.{service}", "service", service, lack=f"pop_uncovered_{service}", unsure=no_data)]
    partial = f"pop_partial_not_spot_{service}"
    if partial in names:
        open_to = doubt("partial", any_operator)
        found.append(Indicator(f"part.{service}", "partial", service, lack=partial, **open_to))
    operators = [item for item in about.get("operators", ()) if f"{covered}_{item['slug']}" in names]
    if len(operators) > 1:
        largest = f"{covered}_max_operator"
        open_to = doubt("max_operator", any_operator)
        found.append(Indicator(f"max.{service}", "max_operator", service, have=largest, **open_to))
        for k in sorted(_ks(names, covered)):
            open_to, have = doubt(f"at_least_{k}", any_operator), f"{covered}_at_least_{k}"
            found.append(Indicator(f"min{k}.{service}", "at_least", service, k=k, have=have, **open_to))
        count, open_to = len(operators), doubt("all", any_operator)
        found.append(Indicator(f"all.{service}", "all", service, k=count, have=f"{covered}_all", **open_to))
    for item in operators:
        name, word = item["name"], item["slug"]
        open_to = doubt(word, silent.get((service, name), frozenset()), ())
        found.append(
            Indicator(f"op.{service}.{word}", "operator", service, name, have=f"{covered}_{word}", **open_to)
        )
    return found


def _ks(names: set[str], covered: str) -> list[int]:
    """Find the numbers of operators the table counts people for."""
    pattern = re.compile(re.escape(covered) + r"_at_least_(\d+)")
    return [int(match[1]) for match in map(pattern.fullmatch, names) if match]


def indicator_label(indicator: Indicator, about: Mapping[str, Any], language: str) -> str:
    """Say who is counted: people without 5G, people without the 5G of an operator, ...

    Parameters
    ----------
    indicator
        What is counted.
    about
        As in :class:`~blackspot.maps.pages.map_data.MapData`.
    language
        vi or en.
    """
    if indicator.kind == "fails":
        return who_fails(about.get("profile", {}), language)
    if indicator.kind == "basic":
        names = either(about.get("profile", {}).get("basic_services", ()), language)
        return say("map", "indicator.basic", language, names=names)
    if indicator.kind == "double":
        return lacking([about.get("mobile_service", ""), about.get("fibre_service", "")], "all", language)
    return say(
        "map",
        f"indicator.{indicator.kind}",
        language,
        service=service_name(indicator.service, language),
        operator=indicator.operator,
        k=indicator.k,
    )
