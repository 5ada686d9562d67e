"""What changed between two runs: blocks of text for a person, one object for a machine, rows for a table."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from ...coverage.change.flows import NOISE_PEOPLE
from ...coverage.change.lacking_cells import PROFILE
from ...data.runs.series import in_words
from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.wording import service_name
from ...data.text.words import words
from ..words.figures import number
from .block import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...coverage.change.comparison import Comparison
    from ...coverage.change.spot_events import SpotEvent

_FLOWS = ("without_before", "gained", "lost", "newly_without", "no_longer_without", "without_after")
_EVENTS = ("new", "closed", "grown", "shrunk", "split", "merged", "complex", "same")
_SHOWN = 10
_MAY_BE_PROGRESS = {"coverage", "several", "unknown"}


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
    names = words("compare", language)
    blocks = (
        _country(found, language),
        _parts(found, language),
        _regressions(found, language),
        _operators(found, language),
        Block(title=names["provinces"], lines=tuple(_headlines(found, language))),
        Block(lines=(_spots(found.events, language),)),
    )
    return tuple(block for block in blocks if block.rows or block.lines)


def _country(found: Comparison, language: str) -> Block:
    """Say the cause, and give a row for the profile and each service."""
    names = words("compare", language)
    profile = found.country(PROFILE)
    lines = [
        say(
            "compare",
            f"cause.{_told(found)}",
            language,
            gained=number(profile.get("gained"), language),
            lost=number(profile.get("lost"), language),
            people=number(abs(found.progress_people), language),
        )
    ]
    if found.differences:
        lines.append(
            say("compare", "differs", language, differences=plain(in_words(found.differences, language)))
        )
    if not found.is_by_cells:
        lines.append(names["by_balance"])
    if found.crosswalk is not None:
        lines.append(say("compare", "carried", language, count=len(found.crosses_split)))
    rows = []
    for group in found.flows:
        summed = found.country(group)
        rows.append((_group(group, language), *(number(summed.get(flow), language) for flow in _FLOWS)))
    return Block(
        title=say("compare", "title", language, before=plain(found.before.id), after=plain(found.after.id)),
        header=tuple(names[f"column.{_heading(name, found)}"] for name in ("group", *_FLOWS)),
        rows=tuple(rows),
        lines=tuple(lines),
        numbers=frozenset(range(1, 1 + len(_FLOWS))),
    )


def _told(found: Comparison) -> str:
    """Choose what is said of the cause: of several, whether coverage alone makes fewer or more people fail."""
    if found.cause != "several" or math.isnan(found.progress_people):
        return found.cause
    if all(one.is_noise for one in found.parts if one.service == PROFILE and one.causes == ("coverage",)):
        return "none"
    return "fewer" if found.progress_people > 0 else "more"


def _parts(found: Comparison, language: str) -> Block:
    """Say what each cause has to do with the change of each number; of one cause alone everything is said already."""
    told = [one for one in found.parts if not one.is_noise]
    if len({one.causes for one in told}) < 2:
        return Block()
    names = words("compare", language)
    rows = tuple(
        (
            _group(one.service, language),
            " + ".join(names[f"part.{cause}"] for cause in one.causes),
            number(one.people, language),
        )
        for one in told
    )
    return Block(
        title=names["parts"],
        header=tuple(names[f"column.{name}"] for name in ("group", "cause", "more_without")),
        rows=rows,
        numbers=frozenset({2}),
    )


def _heading(name: str, found: Comparison) -> str:
    """Speak of gained and lost only where the change is one of coverage."""
    return {"gained": "fewer", "lost": "more"}.get(name, name) if found.cause != "coverage" else name


def _regressions(found: Comparison, language: str) -> Block:
    """Name the communes in which most people lost something, for each service."""
    if found.cause not in _MAY_BE_PROGRESS:
        return Block()
    names = words("compare", language)
    moved = {one.service for one in found.parts if not one.is_noise}
    rows = []
    for group in found.flows:
        lost = _lost(found, group) if group in moved or found.cause == "coverage" else {}
        worst = sorted(lost.items(), key=lambda one: (-one[1], one[0]))
        for code, people in worst[: _SHOWN if group == PROFILE else _SHOWN // 2]:
            row = found.flows[group].loc[code]
            where = f"{plain(row['name'])}, {plain(row['province_name'] or row['province_code'])}"
            rows.append((_group(group, language), plain(code), where, number(people, language)))
    return Block(
        title=names["regressions"],
        header=tuple(names[f"column.{name}"] for name in ("group", "code", "commune", "lost")),
        rows=tuple(rows),
        numbers=frozenset({3}),
    )


def _lost(found: Comparison, group: str) -> dict[str, float]:
    """Give the people who lost coverage, by commune; where there are several causes, what coverage alone has to do with it."""
    if found.cause == "coverage":
        people = found.flows[group]["lost"]
    else:
        table = found.commune_parts
        mine = table[(table["service"] == group) & (table["cause"] == "coverage")]
        people = mine.set_index("code")["people"]
    return {str(code): float(value) for code, value in people.items() if value >= NOISE_PEOPLE}


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
            number(row["after"] - row["before"], language),
        )
        for row in moved.to_dict("records")
    )
    return Block(
        title=names["operators"],
        header=tuple(
            names[f"column.{name}"] for name in ("service", "operator", "before", "after", "change")
        ),
        rows=rows,
        numbers=frozenset({2, 3, 4}),
    )


def _headlines(found: Comparison, language: str) -> Iterator[str]:
    """Say one sentence for each province and service in which anything changed; most people lost first."""
    said = []
    for group in found.flows:
        for code, row in found.provinces(group).iterrows():
            values = {"province": plain(row["province_name"] or code), "group": _group(group, language)}
            moved = max(row["gained"], row["lost"])
            if moved >= NOISE_PEOPLE and found.cause == "coverage":
                key = "headline_profile" if group == PROFILE else "headline"
                values |= {name: number(row[name], language) for name in ("gained", "lost")}
                values["without"] = number(row["without_after"], language)
                said.append((-row["lost"], say("compare", key, language, **values)))
            if row["newly_reported"] >= NOISE_PEOPLE and group != PROFILE:
                values |= {
                    "reported": number(row["newly_reported"], language),
                    "without": number(row["newly_without"], language),
                }
                said.append((0.0, say("compare", "headline_reported", language, **values)))
    if not said and found.cause == "coverage":
        yield say("compare", "nothing", language)
    for _, sentence in sorted(said, key=lambda one: one[0]):
        yield sentence


def _spots(events: tuple[SpotEvent, ...], language: str) -> str:
    counts = Counter("same" if event.is_noise else str(event.what) for event in events)
    return say("compare", "spots", language, **{what: counts[what] for what in _EVENTS})


def _group(group: str, language: str) -> str:
    return words("compare", language)["profile"] if group == PROFILE else plain(service_name(group, language))


def compare_facts(found: Comparison) -> dict[str, object]:
    """Give a comparison as an object for machines; people that are not known are null."""
    return {
        "before": found.before.id,
        "after": found.after.id,
        "cause": found.cause,
        "progress_people": found.progress_people,
        "parts": [
            {"service": one.service, "causes": list(one.causes), "people": one.people} for one in found.parts
        ],
        "differences": [
            {"what": one.what, "name": one.name, "before": one.before, "now": one.now}
            for one in found.differences
        ],
        "by_cells": found.is_by_cells,
        "crosses_split": sorted(found.crosses_split),
        "country": {group: found.country(group) for group in found.flows},
        "provinces": {
            group: {str(code): dict(row) for code, row in found.provinces(group).iterrows()}
            for group in found.flows
        },
        "communes": {
            group: {
                str(code): {str(name): value for name, value in row.items()}
                for code, row in table.iterrows()
                if _moved({str(name): value for name, value in row.items()})
            }
            for group, table in found.flows.items()
        },
        "operators": found.operators.to_dict("records"),
        "spots": [
            {
                "what": one.what,
                "before": list(one.before),
                "after": list(one.after),
                "people_before": one.people_before,
                "people_after": one.people_after,
                "lineage": one.lineage,
                "origins": dict(one.origins),
            }
            for one in found.events
            if one.what != "same" and not one.is_noise
        ],
    }


def _moved(row: dict[str, object]) -> bool:
    values = (float(str(row[name])) for name in ("gained", "lost", "newly_reported", "no_longer_reported"))
    return any(value >= NOISE_PEOPLE for value in values if not math.isnan(value))
