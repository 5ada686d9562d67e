"""How the layers of the GeoPackage look when QGIS opens them: rules, colours and legends as QML.

QGIS reads the default style of a layer from the table ``layer_styles`` inside the GeoPackage. The styles use
rules, because only rules can draw "population unknown" and "nobody uncovered" apart from the classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np

from ..text.words import beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

_CLASSES = 5
# Light to dark: five steps of ColorBrewer's YlOrRd, told apart by people who see colours differently and in
# grey. https://colorbrewer2.org
_RAMP = ("255,255,178", "254,204,92", "253,141,60", "240,59,32", "189,0,38")
# Okabe and Ito 2008, "Color Universal Design", without black.
_GROUPS = ("213,94,0", "0,114,178", "204,121,167", "230,159,0", "0,158,115", "86,180,233", "240,228,66")
_NOBODY = "255,255,255"
_UNKNOWN = "190,190,190"
_OUTLINE = "110,110,110"


class _Rule(NamedTuple):
    condition: str
    label: str
    fill: str
    opacity: int  # 0 to 255
    pattern: str = "solid"


def communes_style(communes: pd.DataFrame) -> str:
    """Colour communes by their people without coverage.

    Parameters
    ----------
    communes
        The published table; the column ``pop_failing`` is drawn, or else the first ``pop_uncovered_…``.

    Returns
    -------
    str
        QML. Communes with unknown population are hatched, those without such people white.
    """
    column = people_column(communes)
    field = _identifier(column)
    limits = class_limits(communes[column].to_numpy(dtype=np.float64, na_value=np.nan))
    rules = [
        _Rule(
            f"{field} IS NULL", beside("exports", "legend.population_unknown"), _UNKNOWN, 255, "b_diagonal"
        ),
        _Rule(f"{field} = 0", "0", _NOBODY, 255),
    ]
    for position, lower in enumerate(limits):
        last = position == len(limits) - 1
        upper = "" if last else f" AND {field} < {limits[position + 1]}"
        label = f"≥ {lower:,}" if last else f"{lower:,} - {limits[position + 1]:,}"
        start = f"{field} > 0" if position == 0 else f"{field} >= {lower}"
        colour = _RAMP[round(position * (len(_RAMP) - 1) / max(len(limits) - 1, 1))]
        rules.append(_Rule(start + upper, label.replace(",", "\u202f"), colour, 255))
    return _qml(rules, outline=_OUTLINE, width_mm=0.1)


def black_spots_style(black_spots: pd.DataFrame) -> str:
    """Colour black spots by what is missing there.

    Parameters
    ----------
    black_spots
        The published table; the column ``missing`` makes the groups when there is one.

    Returns
    -------
    str
        QML. More groups than colours share the last colours in turn.
    """
    groups = sorted(set(black_spots["missing"])) if "missing" in black_spots.columns else []
    missing = beside("exports", "legend.missing")
    rules = [
        _Rule(f"\"missing\" = '{_quoted(group)}'", f"{missing}: {group}", colour, 150)
        for group, colour in zip(groups, _GROUPS * (len(groups) // len(_GROUPS) + 1), strict=False)
    ]
    rules = rules or [_Rule("", beside("exports", "legend.black_spot"), _GROUPS[0], 150)]
    return _qml(rules, outline="120,0,0", width_mm=0.3)


def provinces_style() -> str:
    """Draw provinces as outlines, so that they can lie above the communes.

    Returns
    -------
    str
        QML.
    """
    rules = [_Rule("", beside("exports", "layer.provinces"), _NOBODY, 255, "no")]
    return _qml(rules, outline="60,60,60", width_mm=0.4)


def people_column(communes: pd.DataFrame) -> str:
    """Choose the column that says how many people lack coverage.

    Parameters
    ----------
    communes
        The commune table.

    Returns
    -------
    str
        ``pop_failing``, or else the first ``pop_uncovered_…``, or else ``pop_total``.

    Raises
    ------
    ValueError
        The table has no column of people.
    """
    names = [str(name) for name in communes.columns]
    wanted = ["pop_failing", *(name for name in names if name.startswith("pop_uncovered_")), "pop_total"]
    for name in wanted:
        if name in names:
            return name
    raise ValueError("the commune table has no column of people (pop_failing, pop_uncovered_…, pop_total)")


def class_limits(values: NDArray[np.float64]) -> list[int]:
    """Find round lower limits for classes of about equally many communes.

    Parameters
    ----------
    values
        People; NaN where unknown. Only positive values count.

    Returns
    -------
    list of int
        Up to five lower limits, rising, each 1, 2 or 5 times a power of ten; the first is 0 and means
        "more than nobody". Empty when nobody is concerned.
    """
    positive = np.sort(values[values > 0])
    if not len(positive):
        return []
    quantiles = np.quantile(positive, np.arange(1, _CLASSES) / _CLASSES, method="lower")
    return [0, *sorted({_round_down(float(value)) for value in quantiles if value >= 1})]


def _round_down(value: float) -> int:
    power = int(10 ** (len(str(int(value))) - 1))
    return max(step * power for step in (1, 2, 5) if step * power <= value)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")


def _qml(rules: Sequence[_Rule], *, outline: str, width_mm: float) -> str:
    root = ET.Element("qgis", version="3.28.0", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0", enableorderby="0"
    )
    listed = ET.SubElement(renderer, "rules", key="rules")
    symbols = ET.SubElement(renderer, "symbols")
    for position, rule in enumerate(rules):
        attributes = {"key": f"rule{position}", "symbol": str(position), "label": rule.label}
        if rule.condition:
            attributes["filter"] = rule.condition
        ET.SubElement(listed, "rule", attributes)
        symbol = ET.SubElement(
            symbols, "symbol", type="fill", name=str(position), alpha="1", clip_to_extent="1", force_rhr="0"
        )
        layer = {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"}
        options = ET.SubElement(ET.SubElement(symbol, "layer", layer), "Option", type="Map")
        for name, value in {
            "color": f"{rule.fill},{rule.opacity}",
            "style": rule.pattern,
            "outline_color": f"{outline},255",
            "outline_style": "solid",
            "outline_width": str(width_mm),
            "outline_width_unit": "MM",
        }.items():
            ET.SubElement(options, "Option", type="QString", name=name, value=value)
    ET.SubElement(root, "layerGeometryType").text = "2"
    ET.indent(root, " ")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{ET.tostring(root, encoding='unicode')}\n"
