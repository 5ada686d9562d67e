"""Which provinces and operators moved by more than the limits from which on a run waits for approval."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, cast

from ..exports.stored import read_provinces
from ..runs.manifest import damage
from ..text.sentences import say
from ..text.wording import service_name
from ..text.words import LANGUAGES, Both

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..project.sections.upkeep import Approval
    from ..runs.listing import Run

SHOWN: Final = 10
"""Movements that are named one by one."""
_TABLES: Final = ("provinces.parquet", "provinces.csv")
_COVERED: Final = re.compile(r"pop_covered_(?P<service>[a-z0-9]+)")
_Key = tuple[str, str]  # code of the province or word of the operator, and service


@dataclass(frozen=True, slots=True)
class Totals:
    """The people covered in a run, by province and by operator.

    Attributes
    ----------
    provinces, operators
        People covered by a service, by code or word and service; without those of whom nothing is known.
    people
        All people of each province.
    names
        Of provinces and operators.
    """

    provinces: Mapping[_Key, float]
    operators: Mapping[_Key, float]
    people: Mapping[str, float]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """One province or operator whose people covered moved too far.

    Attributes
    ----------
    kind
        Which of them it is.
    name, service
        Of whom and of what.
    before, now
        People covered; NaN where there were, or are, no data.
    whole
        What a share is of: all people of the province, or those the operator covered before.
    """

    kind: Literal["province", "operator"]
    name: str
    service: str
    before: float
    now: float
    whole: float

    @property
    def people(self) -> float:
        """How many people more or fewer are covered; all of them where there were, or are, no data."""
        return abs(_known(self.now) - _known(self.before))

    @property
    def pct(self) -> float:
        """The same in per cent of ``whole``; infinite where that is nobody."""
        if not self.people:
            return 0.0
        return 100 * self.people / self.whole if self.whole > 0 else math.inf

    def sentence(self, language: str) -> str:
        """Say who moved by how much."""
        if math.isnan(self.before) or math.isnan(self.now):
            how = "appeared" if math.isnan(self.before) else "vanished"
        else:
            how = "more" if self.now > self.before else "fewer"
        return say(
            "upkeep",
            f"{self.kind}.{how}",
            language,
            name=self.name,
            service=service_name(self.service, language),
            people=self.people,
            before=_known(self.before),
            now=_known(self.now),
            pct=self.pct if math.isfinite(self.pct) else 0.0,
        )


def reasons_to_wait(limits: Approval, latest: Run, now: Run) -> tuple[Both, ...]:
    """Say why a run must wait for approval.

    Parameters
    ----------
    limits
        Of the project.
    latest
        The run that would be replaced.
    now
        The new one, finished.

    Returns
    -------
    tuple of Both
        One sentence each, the largest movement first; empty where the run may be published.
    """
    if not limits.is_on:
        return ()
    if damage(latest.folder, _TABLES):
        return (_both("not_comparable", run=latest.id),)
    found = beyond(limits, totals_of(latest), totals_of(now))
    sentences = [Both(*(one.sentence(language) for language in LANGUAGES)) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        sentences.append(_both("more_moved", count=len(found) - SHOWN))
    return tuple(sentences)


def beyond(limits: Approval, before: Totals, now: Totals) -> list[Moved]:
    """Find what moved by more than the limits allow, provinces first, the most people first.

    Parameters
    ----------
    limits
        Of the project.
    before, now
        Of two runs.
    """
    provinces = [
        one
        for one in _pairs("province", before, now)
        if _over(one.people, limits.province_people) or _over(one.pct, limits.province_pct)
    ]
    operators = [
        one
        for one in _pairs("operator", before, now)
        if _over(one.people, limits.operator_people) or _over(one.pct, limits.operator_pct)
    ]
    return [
        *sorted(provinces, key=lambda one: (-one.people, one.name, one.service)),
        *sorted(operators, key=lambda one: (-one.people, one.name, one.service)),
    ]


def totals_of(run: Run) -> Totals:
    """Read the people covered in a run, published or just finished."""
    figures = run.figures
    operators = cast("Mapping[str, str]", figures.get("operators") or {})
    services = {found["service"] for name in figures if (found := _COVERED.fullmatch(name))}
    by_operator = {
        (word, service): float(str(figures[name]))
        for word in operators
        for service in services
        if figures.get(name := f"pop_covered_{service}_{word}") is not None
    }
    heard = {(entry.operator, entry.service) for entry in run.submissions if entry.state != "no_data"}
    silent = {(entry.operator, entry.service) for entry in run.submissions} - heard
    table = read_provinces(run.folder)
    by_province: dict[_Key, float] = {}
    people, names = {}, dict(operators)
    for row in table.to_dict("records"):
        code = str(row["province_code"])
        people[code] = _known(float(row["pop_total"]))
        names[f"province {code}"] = str(row.get("province_name") or code)
        for service in services:
            value = float(row.get(f"pop_covered_{service}", math.nan))
            if not math.isnan(value):
                by_province[code, service] = value
    return Totals(
        by_province,
        {key: value for key, value in by_operator.items() if (operators[key[0]], key[1]) not in silent},
        people,
        names,
    )


def _pairs(kind: Literal["province", "operator"], before: Totals, now: Totals) -> Iterator[Moved]:
    """Put what was and what is beside each other."""
    is_province = kind == "province"
    old, new = (one.provinces if is_province else one.operators for one in (before, now))
    for word, service in sorted(old.keys() | new.keys()):
        was, is_now = old.get((word, service), math.nan), new.get((word, service), math.nan)
        people = now.people.get(word, before.people.get(word, math.nan))
        key = f"province {word}" if is_province else word
        name = now.names.get(key) or before.names.get(key) or word
        yield Moved(kind, name, service, was, is_now, _known(people if is_province else was))


def _over(value: float, limit: float | None) -> bool:
    return limit is not None and value > limit


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _both(key: str, **values: object) -> Both:
    return Both(*(say("upkeep", key, language, **values) for language in LANGUAGES))
