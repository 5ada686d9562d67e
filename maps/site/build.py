"""A run as a folder for a web server: pages that share their code, and files to download."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, Literal

import geopandas as gpd

from ...data.text.sentences import say
from ...data.text.words import LANGUAGES
from ...progress import in_turn
from ..pages.page import build_pages
from ..pages.seal import PageForm
from ..pages.store import read_map_data
from .data_page import data_page, withheld_lines
from .downloads import FOLDER, tables_of, write_downloads
from .linked import SharedFiles
from .reduced import reduced

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...data.project.sections.publish import Publish
    from ...progress import Progress

INDEX: Final = "index.html"
_SECONDS: Final = {"pages": 23.0, "data": 44.0}


def build_site(
    run_folder: Path,
    folder: Path,
    rules: Publish,
    *,
    variant: Mapping[str, str] | None = None,
    progress: Progress = None,
) -> None:
    """Write a site.

    Parameters
    ----------
    run_folder
        A published run that kept its map layers.
    folder
        An empty folder. Gets ``index.html`` (the national page), ``maps/`` with a page for each province and their
        list, ``assets/`` with what pages share, and ``data/``.
    rules
        What the project publishes. Pages and files are made of the same reduced tables: no page holds what no file
        does, but for the ranges that pages show where nothing is known.
    variant
        Of a variant, in what it differs, by language: the words with which its notice begins.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Raises
    ------
    WorkplaceError
        A file of the run is missing or damaged, an older program made it, vector tiles cannot be written here, or the
        disk is full or read-only.
    """
    data = reduced(read_map_data(run_folder), rules, variant)
    outlines = gpd.read_parquet(run_folder / "communes.parquet", columns=["geometry"]).geometry
    parts = in_turn(progress, _SECONDS)
    shared = SharedFiles(_footer(rules))
    language: Literal["vi", "en"] = "en" if data.about.get("language") == "en" else "vi"
    form = PageForm(INDEX, shared.finish)
    build_pages(data, folder, language=language, form=form, progress=parts["pages"])
    files = folder / FOLDER
    files.mkdir()
    tables = tables_of(data, outlines)
    names = write_downloads(files, tables, data, rules, parts["data"])
    sizes = {name: (files / name).stat().st_size for name in names}
    listed = shared.finish(data_page(data, rules, sizes, tables, language), f"{FOLDER}/{INDEX}")
    (files / INDEX).write_text(listed, encoding="utf-8", newline="\n")
    for path, content in shared.files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def _footer(rules: Publish) -> str:
    """Say on every map page, in both languages, what was kept back and where the files are."""
    said = []
    for language in LANGUAGES:
        link = f'<a href="{{root}}{FOLDER}/{INDEX}">{escape(say("site", "data", language))}</a>'
        lines = escape(" ".join(withheld_lines(rules, language)))
        said.append(f'<span lang="{language}">{" ".join(filter(None, (link, lines)))}</span>')
    return f'<p id="published">{"".join(said)}</p>'
