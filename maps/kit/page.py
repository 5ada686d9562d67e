"""The page of a kit, in Vietnamese and in English."""

from __future__ import annotations

import html
from dataclasses import fields
from typing import TYPE_CHECKING

from ...data.geodesy.places import Bounds
from ...data.text.safe import clean_text
from ...data.text.sentences import say
from ...data.text.wording import localized, severity_name
from ...data.text.words import words
from ...errors import SEVERITIES
from .picture import draw_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas
    import numpy as np
    from numpy.typing import NDArray

    from ...data.checking.request import CheckReport
    from ...errors import Finding


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{margin-top:2rem}li{margin:.6rem 0}code{background:#eee;padding:0 .3rem}.error,.ask{color:#a00}"
    "svg{max-width:100%;height:auto;border:1px solid #9ab}"
)
_THOUSAND = 1000
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def kit_page(
    report: CheckReport,
    features: geopandas.GeoDataFrame | None,
    around: NDArray[np.object_],
    files: Mapping[str, str],
    language: str,
) -> str:
    """Write the page.

    Parameters
    ----------
    report
        The check.
    features
        What findings name; None where they name nothing that has a place.
    around
        Outlines to draw beneath the features, EPSG:4326.
    files
        Names of the ``table`` and the ``features``.
    language
        vi or en.
    """
    names, request = words("kit", language), report.request
    facts = [
        f"<li>{names[f'fact.{field.name}']}: {_fact(value, language)}</li>"
        for field in fields(report.facts)
        if (value := getattr(report.facts, field.name)) is not None
    ]
    drawn = "" if features is None else draw_map(features, around, language)
    lines = [
        "<!doctype html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{names['title']}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{names['title']}: {names[f'kind.{request.kind}']}</h1>",
        f"<p>{names['file']}: <code>{_shown(request.path.name)}</code>"
        + (f", {names['operator']}: {_shown(request.operator)}" if request.operator else "")
        + (f", {names['service']}: {_shown(request.service)}" if request.service else "")
        + "</p>",
        f"<p><strong>{names['usable' if report.used else 'unusable']}</strong></p>",
        *(["<ul>", *facts, "</ul>"] if facts else []),
        *_findings(report.findings, language),
        *([f"<h2>{names['map']}</h2>", drawn, f"<p>{names['map_note']}</p>"] if drawn else []),
        f"<p>{names['table']}: <code>{files['table']}</code>"
        + (f"; {names['features']}: <code>{files['features']}</code>" if features is not None else "")
        + ".</p>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _findings(findings: tuple[Finding, ...], language: str) -> list[str]:
    if not findings:
        return [f"<p>{say('kit', 'nothing', language)}</p>"]
    lines = []
    for severity in SEVERITIES:
        same = [item for item in findings if item.severity == severity]
        if same:
            items = [
                f'<li class="{severity}">{html.escape(item.sentence(language))} <code>{item.code}</code></li>'
                for item in same
            ]
            heading = severity_name(severity, language, heading=True)
            lines += [f"<h2>{heading}</h2>", "<ul>", *items, "</ul>"]
    return lines


def _shown(text: str) -> str:
    return html.escape(clean_text(text))


def _fact(value: float | str | Bounds, language: str) -> str:
    """Write a fact: whole from a thousand up, with the digits it has below; a text of the file made safe."""
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, Bounds):
        return say("check", "bounds", language, **value._asdict())
    return localized(f"{value:,.0f}" if value >= _THOUSAND else f"{value:g}", language)
