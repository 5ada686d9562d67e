"""The page that lists the files to download: what they are, what their columns mean, what was kept back."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ...data.columns.register import find
from ...data.text.sentences import say
from ...data.text.words import words
from ..pages import assets
from ..words.labels import in_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ...data.columns.register import Table
    from ...data.project.sections.publish import Publish
    from ..pages.map_data import MapData

_KILOBYTE = 1000


def data_page(
    data: MapData,
    rules: Publish,
    files: Mapping[str, int],
    tables: Mapping[Table, pd.DataFrame],
    language: str,
) -> str:
    """Write the page, not yet sealed.

    Parameters
    ----------
    data
        What leaves the house of a run.
    rules
        What the project publishes.
    files
        Bytes of each file beside the page, in the order in which they are listed.
    tables
        The tables, whose columns are explained.
    language
        vi or en.
    """
    text, about = words("site", language), data.about
    title = html.escape(in_language(about.get("title", ""), language) or words("map", language)["title"])
    notice = html.escape(in_language(about.get("notice", ""), language))
    banner = f'<p class="notice"><strong>{notice}</strong></p>' if notice else ""
    kept = "".join(f"<li>{html.escape(line)}</li>" for line in withheld_lines(rules, language))
    rows = [[_link(name), _what(name, language), _size(size, language)] for name, size in files.items()]
    parts = [
        f'<p><a href="../index.html">{html.escape(words("map", language)["national"])}</a></p>',
        f"<p>{html.escape(say('site', 'of_run', language, run=str(about.get('run', ''))))}</p>",
        f"<ul>{kept}</ul>" if kept else "",
        _table(text["files"], [text["file"], text["holds"], text["size"]], rows),
        *(_columns(table, frame, data, language) for table, frame in tables.items()),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title} · {html.escape(text['data'])}</title>\n<style>{assets.static('index.css')}{assets.static('data.css')}</style>\n"
        f"</head>\n<body>\n<main>\n<h1>{title}</h1>\n{banner}{chr(10).join(filter(None, parts))}\n"
        "</main>\n</body>\n</html>\n"
    )


def withheld_lines(rules: Publish, language: str) -> list[str]:
    """Say what was kept back, one sentence each; nothing where all is published."""
    step = rules.people_rounding
    return [say("site", f"withheld.{name}", language, step=step) for name in rules.withheld]


def _columns(table: Table, frame: pd.DataFrame, data: MapData, language: str) -> str:
    """Explain the columns of a table as the register does."""
    operators = {str(one["slug"]): str(one["name"]) for one in data.about.get("operators", ())}
    rows = []
    for name in frame.columns.drop("geometry", errors="ignore"):
        column, slots = find(table, str(name))
        label = getattr(column.header(slots, operators), language)
        meaning = getattr(column.meaning, language).replace("`", "")
        rows.append([f"<code>{html.escape(str(name))}</code>", html.escape(label), html.escape(meaning)])
    text = words("site", language)
    caption = say("site", "columns_of", language, file=f"{table}.csv")
    return _table(caption, [text["column"], text["label"], text["meaning"]], rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; the cells are markup."""
    header = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in heads)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    said = html.escape(caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{said}"><table class="words">\n'
        f"<caption>{said}</caption>\n<thead><tr>{header}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table></div>"
    )


def _link(name: str) -> str:
    return f'<a href="{html.escape(name)}">{html.escape(name)}</a>'


def _what(name: str, language: str) -> str:
    stem, _, ending = name.partition(".")
    form, kind = (
        say("site", f"{group}.{word}", language) for group, word in (("form", ending), ("table", stem))
    )
    return html.escape(f"{kind}, {form}")


def _size(size: int, language: str) -> str:
    return html.escape(say("site", "kilobytes", language, size=max(1, round(size / _KILOBYTE))))
