"""folium elements through which data pass as they are.

folium and branca render what they are given as a template, and render the result as a template once more.
A commune's name must never come near that: it could run code on the machine that saves the map. So folium
stays the frame (map, figure, elements, ``add_to``, ``save``) and every byte of data goes through :class:`Raw`.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from ...data.text.words import LANGUAGES
from .seal import seal

if TYPE_CHECKING:
    from collections.abc import Mapping


class Raw(Element):
    """Text that is written as it stands; no template ever sees it.

    Parameters
    ----------
    text
        Markup. Whoever makes it has escaped the data in it.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Raw"
        self.text = text

    def render(self, **_kwargs: object) -> str:
        """Give the text."""
        return self.text


def script(code: str) -> Raw:
    """Make a script element of our own or vendored code.

    Raises
    ------
    ValueError
        The code would end its own element.
    """
    if "</script" in code.lower() or "<!--" in code:
        raise ValueError("this script would end its own element")
    return Raw(f"<script>{code}</script>\n")


def style(css: str) -> Raw:
    """Make a style element of our own or vendored rules.

    Raises
    ------
    ValueError
        The rules would end their own element, or load something.
    """
    if "</style" in css.lower() or "url(" in css.lower() or "@import" in css.lower():
        raise ValueError("this style would end its own element or load something")
    return Raw(f"<style>{css}</style>\n")


def json_block(name: str, value: Mapping[str, Any]) -> Raw:
    """Make an inert block of JSON; no text in it can close the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("<", "\\u003c")
    return Raw(f'<script type="application/json" id="{name}">{text}</script>\n')


def binary_block(name: str, content: bytes) -> Raw:
    """Make an inert block of bytes, written in base64."""
    text = base64.b64encode(content).decode("ascii")
    return Raw(f'<script type="application/octet-stream" id="{name}">{text}</script>\n')


class OfflineFigure(Figure):
    """A figure with a language, nothing loaded, and its scripts inside the body.

    Parameters
    ----------
    language
        vi or en.

    Raises
    ------
    ValueError
        The language is another.
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.language }}">\n<head>\n<meta charset="utf-8">\n'
        "{{ this.header.render(**kwargs) }}</head>\n<body>\n{{ this.html.render(**kwargs) }}"
        "<script>{{ this.script.render(**kwargs) }}</script>\n</body>\n</html>\n"
    )

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"a page is in one of {', '.join(LANGUAGES)}, not {language!r}")
        super().__init__()
        self.language = language
        self.header._children.clear()  # noqa: SLF001 - branca's own entry would be a second charset


class OfflineMap(folium.Map):
    """A folium map without tiles, without anything to load and with the same ids in every build.

    Parameters
    ----------
    language
        Of the page's ``lang`` attribute.
    options
        Options of the Leaflet map: numbers and flags of our own, never data.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    default_css: list[tuple[str, str]] = []  # noqa: RUF012 - folium declares it so
    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id="{{ this.get_name() }}"></div>\n'
        "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {{ this.leaflet_options }});\n'
        "{% endmacro %}"
    )

    def __init__(self, language: str, options: Mapping[str, float | bool]) -> None:
        super().__init__(location=[0.0, 0.0], tiles=None, zoom_control=False)
        self._id = "blackspot"
        self.leaflet_options = json.dumps(dict(options), sort_keys=True)
        self.figure = OfflineFigure(language)
        self.figure.add_child(self)

    def page(self) -> str:
        """Render the sealed page."""
        return seal(self.figure.render())

    def save(self, outfile: str | bytes | Path | BinaryIO, close_file: bool = True, **_kwargs: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - folium's own signature
        """Write the sealed page to a path or an open file."""
        content = self.page().encode()
        if isinstance(outfile, str | bytes | Path):
            Path(os.fsdecode(outfile)).write_bytes(content)
            return
        outfile.write(content)
        if close_file:
            outfile.close()


class Start(MacroElement):
    """The one line that hands the folium map to our own code."""

    _template = Template(
        "{% macro script(this, kwargs) %}BS.start({{ this._parent.get_name() }});{% endmacro %}"
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's
        self._name = "Start"
        self._id = "start"
