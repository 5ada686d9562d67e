"""The numbers above the map: what they count, of how many, and how they read before any script runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from .assets import words
from .labels import in_language
from .summary import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVICES_SHOWN = 3


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


def tiles(listed: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> tuple[Tile, ...]:
    """Choose the numbers above the map.

    Parameters
    ----------
    listed
        The indicators as the page has them: ``id``, ``kind``, ``lack``, ``label``.
    columns
        Of the commune table.
    """
    chosen = [item for item in listed if item["kind"] in {"fails", "double"}]
    chosen += [item for item in listed if item["kind"] == "service"][:SERVICES_SHOWN]
    found = [Tile(item["id"], "people", item["label"], item["lack"], "pop_total") for item in chosen]
    if "black_spot_count" in columns:
        label = {language: words(language)["spots"] for language in ("vi", "en")}
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
    text = words(language)
    parts = []
    for tile in shown:
        value = figures.get(tile.column)
        note = figures.get(tile.whole)
        if tile.kind == "people":
            below = text["tile.of"].format(share=percent(value, note, language), whole=number(note, language))
        else:
            below = text["tile.inside"].format(people=number(note, language))
        label = in_language(tile.label, language)
        parts.append(
            f'<div class="tile"><dt>{escape(label)}</dt>'
            f"<dd><b>{escape(number(value, language))}</b> <span>{escape(below)}</span></dd></div>"
        )
    return "".join(parts)


def plain_figures(figures: Mapping[str, Any]) -> dict[str, float]:
    """Keep the figures that are finite numbers."""
    kept = {}
    for name, value in figures.items():
        if isinstance(value, bool) or not hasattr(value, "__float__") or isinstance(value, str):
            continue
        if math.isfinite(float(value)):
            kept[str(name)] = float(value)
    return kept
