"""The pages of a run: the whole country, each province, and a list of them."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...data.disk.kept import NOTHING_KEPT
from ...data.text.sentences import told
from ...data.text.wording import service_name
from ...data.text.words import LANGUAGES
from ...progress import in_turn, silent, stretch
from ..words.i18n import page_words
from ..words.labels import in_language
from . import assets
from .changes import change_meta, change_words
from .context import context_words
from .elements import OfflineMap, Raw, Start, binary_block, json_block, script, style
from .headline import headline_html, places_of, tiles
from .index_page import index_page
from .indicators import CLASSES, ordered_services
from .payload import Detail, as_table, build_payload
from .seal import OFFLINE
from .shared import Shared, page_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Literal

    from numpy.typing import NDArray

    from ...data.disk.kept import KeptResults
    from ...progress import Progress
    from .context import Surroundings
    from .map_data import Changes, MapData
    from .payload import Payload
    from .seal import PageForm

    Pages = Literal["all", "national", "provinces", "none"]

NATIONAL_BYTES = 5_000_000
PROVINCE_BYTES = 3_000_000
"""Most bytes of a page; what makes it larger is left out, step by step, and the page says so."""

WITH_CONTEXT_BYTES = 2_500_000
"""Most bytes of a page with what lies around black spots: that gives way first."""

MOST_OUTLINES = 40_000
"""Black spots above this number are shown by their centre."""

FRAME_BYTES = 500_000
"""Room kept for code, style, words and markup."""

NATIONAL_STEPS = (  # outlines of black spots within a third of a cell of 1 km
    Detail(50, 10, spot_tolerance=250),
    Detail(50, 9, spot_tolerance=250),
    Detail(50, 9, outlines=False),
    Detail(100, 9, outlines=False),
    Detail(200, 8, outlines=False),
    Detail(400, 7, outlines=False),
)
PROVINCE_STEPS = (
    Detail(0, 11),
    Detail(0, 10),
    Detail(0, 10, outlines=False),
    Detail(5, 10, outlines=False),
    Detail(20, 9, outlines=False),
    Detail(100, 8, outlines=False),
)
_OPTIONS = {
    "attributionControl": False,
    "bounceAtZoomLimits": False,
    "fadeAnimation": False,
    "keyboardPanDelta": 100,
    "maxZoom": 14,
    "minZoom": 4,
    "wheelPxPerZoomLevel": 90,
    "zoomControl": False,
    "zoomDelta": 0.5,
    "zoomSnap": 0.25,
}
_INDEX = "maps/index.html"
_NATIONAL_S, _PROVINCE_S = 17.0, 0.16
"""How long a page takes, measured with the whole country: the first one makes what all have in common."""

_OF_THE_RUN = [
    "profile",
    "population",
    "inputs",
    "findings",
    "versions",
    "limits",
    "places",
    "refused",
    "run",
    "withheld",
]
_SLOT = re.compile(r"<!--slot:([a-z]+)-->")


def build_pages(
    data: MapData,
    folder: Path,
    *,
    pages: Pages = "all",
    language: Literal["vi", "en"] = "vi",
    form: PageForm = OFFLINE,
    kept: KeptResults = NOTHING_KEPT,
    progress: Progress = None,
) -> tuple[Path, ...]:
    """Write the map pages of a run.

    Parameters
    ----------
    data
        What they show.
    folder
        Gets ``map.html`` (or as ``form`` calls it), ``maps/<province code>.html`` and ``maps/index.html``, as far as they are wanted.
    pages
        ``national`` is ``map.html`` alone, ``provinces`` the others.
    language
        Language a page opens in; every page has both.
    form
        What the national page is called, and what becomes of each page before it is written.
    kept
        Has shapes of the same outlines that earlier pages showed.
    progress
        Told the share done and a word, from 0 to 1.

    Returns
    -------
    tuple of Path
        The files written. The same data give the same bytes.

    Raises
    ------
    ValueError
        A page has no communes.
    """
    if pages == "none":
        return ()
    if not len(data.communes):
        raise ValueError("a map needs at least one commune")
    shared = Shared(data, kept)
    provinces = shared.provinces if pages in {"all", "provinces"} else ()
    names = [f"maps/{page_name(code)}.html" for code, _ in provinces]
    whole = form.national
    first = {whole: _NATIONAL_S} if pages in {"all", "national"} else {}
    parts = in_turn(progress, first | dict.fromkeys(names, _PROVINCE_S) | {_INDEX: 0.0})
    written = []
    if first:
        page = _Page(shared, np.arange(len(data.communes)), -1, language, pages == "all")
        written.append(_write(folder, page, whole, form, parts))
    if provinces:
        (folder / "maps").mkdir(exist_ok=True)
    for at, name in enumerate(names):
        rows = np.flatnonzero(shared.province_of == at)
        page = _Page(shared, rows, at, language, with_others=pages == "all")
        written.append(_write(folder, page, name, form, parts))
    if provinces:
        index = index_page(shared, language, national=whole if pages == "all" else "")
        written.append(_write_text(folder / _INDEX, form.finish(index, _INDEX)))
    shared.blocks.keep()
    (parts[_INDEX] or silent)(1.0, told("progress", "page", page=_INDEX if provinces else whole))
    return tuple(written)


def build_change_page(data: MapData, path: Path, *, language: Literal["vi", "en"] = "vi") -> None:
    """Write the page of a comparison: the map of the later run, with what changed since the earlier one.

    Parameters
    ----------
    data
        The later run with ``previous`` and ``changes``.
    path
        The file.
    language
        Language the page opens in; it has both.

    Raises
    ------
    ValueError
        There are no communes.
    """
    if not len(data.communes):
        raise ValueError("a map needs at least one commune")
    page = _Page(Shared(data), np.arange(len(data.communes)), -1, language, with_others=False)
    _write(path.parent, page, path.name, OFFLINE, {path.name: None})


class _Page:
    """One map page in the making; ``province`` is -1 for the whole country."""

    def __init__(
        self,
        shared: Shared,
        rows: NDArray[np.int64],
        province: int,
        language: str,
        with_others: bool,  # noqa: FBT001
    ) -> None:
        self.shared, self.rows, self.province, self.language = shared, rows, province, language
        self.with_others = with_others
        self.national = province < 0
        self.reduced: list[str] = []

    def html(self, progress: Progress = None) -> str:
        """Render the page, not yet sealed."""
        payload = self._payload(progress)
        page = OfflineMap(self.language, _OPTIONS)
        figure = page.figure
        for name, element in self._head():
            figure.header.add_child(element, name=name)
        for name, element in self._body(payload):
            figure.html.add_child(element, name=name)
        page.add_child(Start(), name="start")
        return page.figure.render()

    def _payload(self, progress: Progress) -> Payload:
        """Encode the data, in less and less detail until the page is small enough."""
        steps = NATIONAL_STEPS if self.national else PROVINCE_STEPS
        most = (NATIONAL_BYTES if self.national else PROVINCE_BYTES) - FRAME_BYTES
        few = len(self.shared.data.black_spots) <= MOST_OUTLINES or not self.national
        for at, step in enumerate(steps):
            detail = replace(step, outlines=step.outlines and few)
            payload = build_payload(
                self.shared, self.rows, detail, whole=self.national, progress=None if at else progress
            )
            if payload.size <= most or at == len(steps) - 1:
                break
        self.reduced = [
            name
            for name, is_less in (
                ("coverage", detail.zoom < steps[0].zoom),
                ("outlines", not detail.outlines),
                ("shapes", detail.tolerance > steps[0].tolerance),
                ("size", payload.size > most),
            )
            if is_less
        ]
        return self._with_context(payload)

    def _with_context(self, payload: Payload) -> Payload:
        """Add what lies around the black spots of a province, as much of it as has room."""
        if self._around is None:
            return payload
        room = max(WITH_CONTEXT_BYTES - FRAME_BYTES - payload.size, 0)
        content, kinds = self._around.fitted(room)
        facts = {"kinds": kinds, "budget": self.shared.data.about.get("context_budget_kb", 0)}
        blocks = {"bs-context": content} if content else {}
        return replace(payload, blocks=payload.blocks | blocks, facts=payload.facts | {"context": facts})

    def _head(self) -> Iterator[tuple[str, Raw]]:
        yield "viewport", Raw('<meta name="viewport" content="width=device-width, initial-scale=1">\n')
        yield "title", Raw(f"<title>{html.escape(self._title(self.language))}</title>\n")
        yield "leaflet_css", style(assets.leaflet_style())
        for name in (*assets.STYLES, *(assets.CHANGE_STYLES if self._changes else ())):
            yield name, style(assets.static(name))

    def _body(self, payload: Payload) -> Iterator[tuple[str, Raw]]:
        yield "shell", Raw(self._shell())
        yield "bs-meta", json_block("bs-meta", self._meta(payload))
        for name, content in payload.blocks.items():
            yield name, binary_block(name, content)
        yield "guard", script(assets.static("map/guard.js"))
        yield "leaflet", script(assets.leaflet_script())
        yield "inflate", script(assets.inflate_script())
        more = assets.CHANGE_SCRIPTS if self._changes else assets.CONTEXT_SCRIPTS if self._around else ()
        named = assets.SETTLEMENT_SCRIPTS if payload.facts["spots"]["places"] else ()
        for name in (*assets.SCRIPTS, *named, *more):
            yield name, script(assets.static(name))

    def _title(self, language: str) -> str:
        title = (
            in_language(self.shared.data.about.get("title", ""), language) or page_words(language)["title"]
        )
        return title if self.national else f"{self.shared.provinces[self.province][1]} · {title}"

    def _figures(self) -> dict[str, float]:
        return self.shared.figures if self.national else self.shared.province_figures[self.province]

    def _shell(self) -> str:
        """Fill the static markup with what must be there before any script runs."""
        notice = in_language(self.shared.data.about.get("notice", ""), self.language)
        shown = tiles(self.shared.indicators, self.shared.data.communes)
        values = {
            "title": html.escape(self._title(self.language)),
            "notice": f"<strong>{html.escape(notice)}</strong>" if notice else "",
            "tiles": headline_html(shown, self._figures(), self.language),
            "loading": html.escape(page_words(self.language)["loading"]),
        }
        return _SLOT.sub(lambda slot: values[slot[1]], assets.static("shell.html"))

    def _meta(self, payload: Payload) -> dict[str, Any]:
        """Everything small the page must know; the large things are in the blocks."""
        shared, about = self.shared, self.shared.data.about
        row_of = {int(row): at for at, row in enumerate(self.rows)}
        local = [
            {**item, "silent": [row_of[row] for row in item["silent"] if row in row_of]}
            for item in shared.indicators
        ]
        previous = shared.data.previous
        provinces = [{"code": code, "name": name, "page": page_name(code)} for code, name in shared.provinces]
        told = [
            figures if self.national or at == self.province else {}
            for at, figures in enumerate(shared.province_figures)
        ]
        return {
            "kind": "national" if self.national else "province",
            "province": self.province,
            "language": self.language,
            "title": {language: self._title(language) for language in LANGUAGES},
            "notice": {language: in_language(about.get("notice", ""), language) for language in LANGUAGES},
            "period": in_language(about.get("period", ""), "vi"),
            "previousPeriod": previous.label if previous is not None else "",
            "services": self._services(),
            "operators": [dict(item) for item in about.get("operators", ())],
            **{key: about[key] for key in _OF_THE_RUN if key in about},
            "figures": self._figures(),
            "provinces": provinces,
            "provinceFigures": as_table(told),
            "indicators": local,
            "tiles": [
                {"id": one.id, "kind": one.kind, "label": one.label, "column": one.column, "whole": one.whole}
                for one in tiles(shared.indicators, shared.data.communes)
            ],
            "classes": CLASSES,
            "ranked": shared.ranked,
            "tiers": shared.tiers,
            "reduced": self.reduced,
            "linked": self.with_others,
            "words": {
                language: {**page_words(language), **(context_words()[language] if self._around else {})}
                for language in LANGUAGES
            },
            **payload.facts,
            **self._of_changes(local),
            **({} if self.national else {"place": self._place()}),
        }

    def _place(self) -> tuple[int, int, int] | None:
        """Give the place of the province among all of them, which only the page of the country can count."""
        shown = tiles(self.shared.indicators, self.shared.data.communes)
        return places_of(shown, self.shared.province_figures)[self.province]

    @property
    def _changes(self) -> Changes | None:
        return self.shared.data.changes

    @property
    def _around(self) -> Surroundings | None:
        """What lies around the black spots of the page's province; only pages of provinces have it."""
        if self.national:
            return None
        return self.shared.data.context.get(self.shared.provinces[self.province][0])

    def _of_changes(self, listed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Give what only the page of a comparison must know."""
        if self._changes is None:
            return {}
        codes = [code for code, _ in self.shared.provinces]
        said = change_words()
        return {
            "changes": change_meta(self._changes, codes, listed),
            "words": {language: {**page_words(language), **said[language]} for language in LANGUAGES},
        }

    def _services(self) -> list[dict[str, Any]]:
        return [
            {"id": name, "label": {language: service_name(name, language) for language in LANGUAGES}}
            for name in ordered_services(self.shared.data.about)
        ]


def _write(folder: Path, page: _Page, name: str, form: PageForm, parts: Mapping[str, Progress]) -> Path:
    """Write a page, and tell on its part of the line how far it is."""
    part = stretch(parts[name], 0.0, 1.0, told("progress", "page", page=name))
    (part or silent)(0.0, name)
    return _write_text(folder / name, form.finish(page.html(part), name))


def _write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
