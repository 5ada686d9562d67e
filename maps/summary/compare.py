"""What changed between two runs: blocks of text for a person, one object for a machine."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from ...coverage.change.flows import LEAST_PEOPLE, NOISE_PEOPLE
from ...coverage.change.lacking_cells import PROFILE
from ...data.exports.published import DECIMALS
from ...data.runs.series import in_words
from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.wording import service_name
from ...data.text.words import words
from ..words.figures import number, signed
from .block import Block
from .change_causes import COVERAGE, cause_names, coverage_share, operator_cause
from .change_headlines import group_name, headlines
from .change_tables import PEOPLE, change_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ...coverage.change.comparison import Comparison
    from .change_tables import ChangeTables

EVENTS = ("new", "closed", "grown", "shrunk", "split", "merged", "complex", "same")
"""What can become of black spots, in the order in which it is told."""

_FLOWS = (
    "without_before",
    "lost",
    "gained",
    "more_otherwise",
    "fewer_otherwise",
    "newly_without",
    "no_longer_without",
    "without_after",
)
_ALWAYS = {"without_before", "lost", "gained", "without_after"}
_SHOWN = 10


def compare_blocks(found: Comparison, language: str = "en") -> tuple[Block, ...]:
    """Say what changed: why first, then the country, what was lost, operators, provinces and black spots.

    Parameters
    ----------
    found
        The comparison.
    language
        vi or en.

    Returns
    -------
    tuple of Block
        Every text is safe to print.
    """
    names, tables = words("compare", language), change_tables(found)
    blocks = (
        _country(found, tables, language),
        _parts(found, language),
        _regressions(tables, language),
        _operators(found, language),
        Block(title=names["provinces"], lines=tuple(_headlines(found, tables, language))),
        Block(lines=(_spots(found, language),)),
    )
    return tuple(block for block in blocks if block.rows or block.lines)


def _country(found: Comparison, tables: ChangeTables, language: str) -> Block:
    """Say the cause, and give a row for the profile and each service."""
    names = words("compare", language)
    rows = _records(tables.country)
    lines = [cause_sentence(found, tables, language)]
    if found.differences:
        lines.append(
            say("compare", "differs", language, differences=plain(in_words(found.differences, language)))
        )
    if not found.is_by_cells:
        lines.append(names["by_balance"])
    if found.crosswalk is not None:
        lines.append(say("compare", "carried", language, count=len(found.crosses_split)))
    shown = [
        name for name in _FLOWS if name in _ALWAYS or any(row[f"pop_{name}"] >= NOISE_PEOPLE for row in rows)
    ]
    cells = tuple(
        (
            group_name(row["service"], language),
            *(number(row[f"pop_{name}"], language) for name in shown),
        )
        for row in rows
    )
    return Block(
        title=say("compare", "title", language, before=plain(found.before.id), after=plain(found.after.id)),
        header=tuple(names[f"column.{name}"] for name in ("group", *shown)),
        rows=cells,
        lines=tuple(lines),
        numbers=frozenset(range(1, 1 + len(shown))),
    )


def cause_sentence(found: Comparison, tables: ChangeTables, language: str) -> str:
    """Say what the change comes from, and how much of it is progress."""
    (profile,) = (row for row in _records(tables.country) if row["service"] == PROFILE)
    told = _told(found)
    if told == COVERAGE and max(profile["pop_gained"], profile["pop_lost"]) < LEAST_PEOPLE:
        told = "unmoved"
    return say(
        "compare",
        f"cause.{told}",
        language,
        gained=number(profile["pop_gained"], language),
        lost=number(profile["pop_lost"], language),
        people=number(abs(found.progress_people), language),
    )


def _told(found: Comparison) -> str:
    """Choose what is said of the cause: of several, whether coverage alone makes fewer or more people fail."""
    if all(coverage_share(found, group) == "all" for group in found.flows):
        return COVERAGE  # what else differs moved nobody
    if found.cause != "several" or math.isnan(found.progress_people):
        return found.cause
    if all(one.is_noise for one in found.parts if one.service == PROFILE and one.causes == (COVERAGE,)):
        return "none"
    return "fewer" if found.progress_people > 0 else "more"


def country_headlines(tables: ChangeTables, language: str) -> list[str]:
    """Say what changed in the country, for the profile and each service."""
    place = words("compare", language)["country"]
    return [
        sentence
        for row in _records(tables.country)
        for sentence in headlines(
            place, row["service"], {name: row[name] for name in PEOPLE}, row["cause"], language
        )
    ]


def _parts(found: Comparison, language: str) -> Block:
    """Put each cause beside each number, where there is more than coverage to tell."""
    names = words("compare", language)
    rows = tuple(
        (
            group_name(part.service, language),
            cause_names(part.cause, language),
            signed(part.people, language),
        )
        for part in found.parts
        if not part.is_noise
    )
    return Block(
        title=names["parts"],
        header=tuple(names[f"column.{name}"] for name in ("group", "cause", "change")),
        rows=rows if any(part.causes != (COVERAGE,) for part in found.parts) else (),
        numbers=frozenset({2}),
    )


def _regressions(tables: ChangeTables, language: str) -> Block:
    """Name the communes in which most people lost something, for each service."""
    names = words("compare", language)
    lost = tables.communes[tables.communes["pop_lost"] >= NOISE_PEOPLE]
    rows = []
    for group in tables.country["service"]:
        for row in _records(lost[lost["service"] == group].head(_SHOWN if group == PROFILE else _SHOWN // 2)):
            where = f"{plain(row['name'])}, {plain(row['province_name'] or row['province_code'])}"
            people = number(row["pop_lost"], language)
            rows.append((group_name(group, language), plain(row["code"]), where, people))
    return Block(
        title=names["regressions"],
        header=tuple(names[f"column.{name}"] for name in ("group", "code", "commune", "lost")),
        rows=tuple(rows),
        numbers=frozenset({3}),
    )


def _operators(found: Comparison, language: str) -> Block:
    names = words("compare", language)
    table = found.operators
    moved = table[~((table["after"] - table["before"]).abs() < NOISE_PEOPLE)]
    rows = tuple(
        (
            plain(service_name(row["service"], language)),
            plain(row["operator"]),
            number(row["before"], language),
            number(row["after"], language),
            signed(row["after"] - row["before"], language),
            cause_names(operator_cause(found, str(row["operator"]), str(row["service"])), language),
        )
        for row in moved.to_dict("records")
    )
    return Block(
        title=names["operators"],
        header=tuple(
            names[f"column.{name}"] for name in ("service", "operator", "before", "after", "change", "cause")
        ),
        rows=rows,
        numbers=frozenset({2, 3, 4}),
    )


def _headlines(found: Comparison, tables: ChangeTables, language: str) -> Iterator[str]:
    """Say one sentence for the country, then for each province and service in which anything changed."""
    said = [text for text in tables.provinces[f"headline_{language}"] if text]
    if not said and found.cause == "coverage":
        yield say("compare", "nothing", language)
    yield from country_headlines(tables, language)
    yield from said


def _spots(found: Comparison, language: str) -> str:
    counts = Counter("same" if event.is_noise else str(event.what) for event in found.events)
    return say("compare", "spots", language, **{what: counts[what] for what in EVENTS})


def compare_facts(found: Comparison) -> dict[str, object]:
    """Give a comparison as an object for machines; people that are not known are null.

    People are rounded as in every table, so that they are the same numbers there.
    """
    tables = change_tables(found)
    return {
        "before": found.before.id,
        "after": found.after.id,
        "cause": found.cause,
        "progress_people": found.progress_people,
        "differences": [
            {"what": one.what, "name": one.name, "before": one.before, "now": one.now}
            for one in found.differences
        ],
        "by_cells": found.is_by_cells,
        "crosses_split": sorted(found.crosses_split),
        "parts": [
            {"service": one.service, "cause": one.cause, "pop_change": round(one.people, DECIMALS["people"])}
            for one in found.parts
        ],
        "headlines": {language: country_headlines(tables, language) for language in ("vi", "en")},
        "country": _by_group(tables.country),
        "provinces": _by_group(tables.provinces, "province_code"),
        "communes": _by_group(_moved(tables.communes), "code"),
        "operators": _records(found.operators),
        "commune_operators": _records(tables.operators),
        "commune_causes": _records(tables.causes),
        "black_spots": [
            {
                **row,
                "before_ids": list(event.before),
                "after_ids": list(event.after),
                "origins": dict(event.origins),
            }
            for event, row in zip(found.events, _records(tables.black_spots), strict=True)
            if event.what != "same" and not event.is_noise
        ],
    }


def _by_group(table: pd.DataFrame, key: str = "") -> dict[str, Any]:
    """Give the rows by service, and inside it by code where the table has one."""
    grouped: dict[str, Any] = {}
    for row in _records(table):
        service = row.pop("service")
        if key:
            grouped.setdefault(service, {})[row.pop(key)] = row
        else:
            grouped[service] = row
    return grouped


def _moved(communes: pd.DataFrame) -> pd.DataFrame:
    """Leave out communes in which less than one person has to do with any change."""
    names = [name for name in PEOPLE if name not in _SAME]
    moved: pd.DataFrame = communes[(communes[names] >= NOISE_PEOPLE).any(axis="columns")]
    return moved


_SAME = {"pop_without_before", "pop_without_after", "pop_still_without"}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", table.to_dict("records"))
