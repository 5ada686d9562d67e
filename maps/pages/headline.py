"""The numbers above the map: what they count, of how many, and how they read before any script runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from ...data.text.sentences import say
from ...data.text.wording import is_open
from ...data.text.words import LANGUAGES
from ..words.figures import ONE_PERSON, number, people_range, percent_range
from ..words.labels import in_language

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

SERVICES_SHOWN = 3
FAILS = "fails"
"""The tile of the people who fail the profile."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number: its label by language, the column it sums and the column it is a share of.

    ``kind`` is ``people`` (a count and its share of ``whole``) or ``spots`` (a count and the people in it).
    """

    id: str
    kind: str
    label: Mapping[str, str]
    column: str
    whole: str
    unsure: tuple[str, ...] = ()
    caps: tuple[tuple[str, str], ...] = ()


def tiles(listed: Sequence[Mapping[str, Any]], columns: Container[str]) -> tuple[Tile, ...]:
    """Choose the numbers above the map.

    Parameters
    ----------
    listed
        The indicators as the page has them: ``id``, ``kind``, ``lack``, ``label``.
    columns
        Of the commune table.
    """
    chosen = [item for item in listed if item["kind"] in {"fails", "basic", "double"}]
    chosen += [item for item in listed if item["kind"] == "service"][:SERVICES_SHOWN]
    found = [
        Tile(
            item["id"],
            "people",
            item["label"],
            item["lack"],
            "pop_total",
            tuple(item["unsure"]),
            tuple(item["caps"]),
        )
        for item in chosen
    ]
    if "black_spot_count" in columns:
        label: dict[str, str] = {language: say("map", "spots", language) for language in LANGUAGES}
        found.append(Tile("spots", "spots", label, "black_spot_count", "pop_in_black_spots"))
    return tuple(found)


def headline_html(shown: Sequence[Tile], figures: Mapping[str, Any], language: str) -> str:
    """Write the numbers as markup, for the moment before the scripts have read the data.

    Parameters
    ----------
    shown
        What :func:`tiles` chose.
    figures
        Sums by column name.
    language
        vi or en.
    """
    parts = []
    failing = next((people_bounds(tile, figures) for tile in shown if tile.id == FAILS), (0.0, 0.0))
    for tile in shown:
        big, *below = _reading(tile, figures, failing, language)
        label = in_language(tile.label, language)
        lines = "".join(f" <span>{escape(line)}</span>" for line in below)
        parts.append(f'<div class="tile"><dt>{escape(label)}</dt><dd><b>{escape(big)}</b>{lines}</dd></div>')
    return "".join(parts)


def people_bounds(tile: Tile, figures: Mapping[str, Any]) -> tuple[float, float]:
    """Give the people who certainly lack it and those who may; NaN where nothing is known.

    People without data may lack it too, but never more than are uncovered or without data for each service that
    must be missing.
    """
    low = float(figures.get(tile.column, math.nan))
    high = low + sum(float(figures.get(name, 0.0)) for name in tile.unsure)
    tops = [float(figures.get(tile.whole, math.inf))]
    tops += [sum(float(figures.get(name, 0.0)) for name in pair) for pair in tile.caps]
    return low, max(low, min([high, *tops]))


def places_of(
    shown: Sequence[Tile], provinces: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, int] | None]:
    """Give each province its place by the people who fail the profile, most people first.

    Where nothing is known of some people, one province stands surely before another only where its lower end is above
    the other's upper end; so each has a first and a last place that it may have.

    Parameters
    ----------
    shown
        What :func:`tiles` chose.
    provinces
        Sums by column name.

    Returns
    -------
    list
        First place, last place and number of provinces; None where the people are not known.
    """
    fails = next((tile for tile in shown if tile.id == FAILS), None)
    if fails is None:
        return [None] * len(provinces)
    ends = [people_bounds(fails, figures) for figures in provinces]
    return [
        None
        if math.isnan(low)
        else (
            1 + sum(other - high >= ONE_PERSON for other, _ in ends),
            sum(other - low > -ONE_PERSON for _, other in ends),
            len(provinces),
        )
        for low, high in ends
    ]


def _reading(
    tile: Tile, figures: Mapping[str, Any], failing: tuple[float, float], language: str
) -> list[str]:
    """Write the number and the line below it: from one end to the other where nothing is known of some people."""
    value, whole = figures.get(tile.column), figures.get(tile.whole)
    if tile.kind != "people":
        return _spots_reading(value, whole, failing, language)
    low, high = people_bounds(tile, figures)
    share = percent_range(low, high, whole, language)
    return [
        people_range(low, high, language),
        say("map", "tile.of", language, share=share, whole=number(whole, language)),
    ]


def _spots_reading(count: object, inside: object, failing: tuple[float, float], language: str) -> list[str]:
    """Write how many black spots there are, and the people in them; at least so many where more people may fail."""
    if not is_open(*failing):
        return [number(count, language), say("map", "tile.inside", language, people=number(inside, language))]
    known = say("map", "atLeast", language, count=number(count, language))
    return [known, say("map", "tile.inside", language, people=people_range(inside, failing[1], language))]


def plain_figures(figures: Mapping[str, Any]) -> dict[str, float]:
    """Keep the figures that are finite numbers."""
    kept = {}
    for name, value in figures.items():
        if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
            continue
        if math.isfinite(float(value)):
            kept[str(name)] = float(value)
    return kept
