"""The list of the province pages: plain markup, no script."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ...data.text.sentences import say
from ...data.text.wording import is_open
from ...data.text.words import words
from ..words.figures import number, people_range, percent_range
from ..words.labels import in_language
from . import assets
from .headline import FAILS, people_bounds, tiles
from .shared import page_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .headline import Tile
    from .shared import Shared


def index_page(shared: Shared, language: str, *, national: str) -> str:
    """Write the list of the province pages, not yet sealed.

    Parameters
    ----------
    shared
        The run.
    language
        vi or en.
    national
        Name of the national page beside the folder; empty where there is none.
    """
    text = words("map", language)
    about = shared.data.about
    title = html.escape(in_language(about.get("title", ""), language) or text["title"])
    notice = html.escape(in_language(about.get("notice", ""), language))
    people = [tile for tile in tiles(shared.indicators, shared.data.communes) if tile.kind == "people"]
    heads = [
        text["province"],
        text["people"],
        *(in_language(tile.label, language) for tile in people),
        text["spots"],
    ]
    rows = []
    for (code, name), figures in zip(shared.provinces, shared.province_figures, strict=True):
        cells = [number(figures.get("pop_total"), language)]
        for tile in people:
            low, high = people_bounds(tile, figures)
            share = percent_range(low, high, figures.get(tile.whole), language)
            cells.append(f"{people_range(low, high, language)} ({share})")
        cells.append(_spots(figures, people, language))
        numbers = "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        link = f'<a href="{page_name(code)}.html">{html.escape(name)}</a>'
        rows.append(f'<tr><th scope="row">{link}</th>{numbers}</tr>')
    back = f'<p><a href="../{national}">{html.escape(text["national"])}</a></p>' if national else ""
    banner = f'<p class="notice"><strong>{notice}</strong></p>' if notice else ""
    header = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in heads)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title} · {html.escape(text['provinces'])}</title>\n<style>{assets.static('index.css')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n{banner}{back}"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(text["provinces"])}">'
        f"<table>\n<caption>{html.escape(text['provinces'])}</caption>\n"
        f"<thead><tr>{header}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody>\n</table></div>\n"
        "</main>\n</body>\n</html>\n"
    )


def _spots(figures: Mapping[str, float], shown: Sequence[Tile], language: str) -> str:
    """Count the black spots of a province; where more people may fail, there are at least so many."""
    count = number(figures.get("black_spot_count"), language)
    may_be_more = any(tile.id == FAILS and is_open(*people_bounds(tile, figures)) for tile in shown)
    return say("map", "atLeast", language, count=count) if may_be_more else count
