"""What operators hand in: the specification, empty files to fill in, and a filled example that passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ..disk.atomic import write_atomically
from ..disk.fixed_time import fixed_time
from ..geodesy.crs import LONLAT
from ..text.words import words

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column of a file that operators hand in; what it holds stands in the catalogue of words."""

    name: str
    needed: bool
    example: str


COVERAGE = (
    TemplateColumn("operator", True, "Sao Mai"),
    TemplateColumn("service", True, "5g"),
    TemplateColumn("vintage", True, "2026-10-31"),
    TemplateColumn("basis", True, "modelled"),
    TemplateColumn("environment", False, "outdoor"),
    TemplateColumn("threshold", False, "RSRP>=-110"),
    TemplateColumn("status", False, "Operational"),
)
"""Columns of coverage polygons and fibre routes."""

SITES = (
    TemplateColumn("site_id", True, "HN0001"),
    TemplateColumn("operator", True, "Sao Mai"),
    TemplateColumn("technology", True, "5G"),
    TemplateColumn("longitude", True, "105.834200"),
    TemplateColumn("latitude", True, "21.027800"),
)
"""Columns of the list of cell sites."""

FIGURES = (
    TemplateColumn("code", True, "00004"),
    TemplateColumn("name", False, "Phường Ba Đình"),
    TemplateColumn("population", True, "65023"),
)
"""Columns of official figures per commune."""

_CENTRE = (105.8342, 21.0278)
_EXAMPLE_SITES = 6


def write_submission_template(folder: Path) -> list[Path]:
    """Write the empty files and the example.

    Parameters
    ----------
    folder
        Made where it does not exist. Files that are there already are replaced.

    Returns
    -------
    list of pathlib.Path
        What was written. The same bytes every time.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    example = folder / "vi-du"
    example.mkdir(parents=True, exist_ok=True)
    written = []
    for path, filled in ((folder / "vung-phu.gpkg", False), (example / "vung-phu.gpkg", True)):
        path.unlink(missing_ok=True)
        with fixed_time():
            _write_layers(path, filled=filled)
        written.append(path)
    for name, columns in (("tram.csv", SITES), ("so-lieu.csv", FIGURES)):
        header = ",".join(column.name for column in columns)
        write_atomically(folder / name, f"\ufeff{header}\r\n")
        rows = _site_rows() if columns is SITES else [[column.example for column in FIGURES]]
        text = "\r\n".join([header, *(",".join(row) for row in rows)])
        write_atomically(example / name, f"\ufeff{text}\r\n")
        written += [folder / name, example / name]
    return sorted(written)


def _write_layers(path: Path, *, filled: bool) -> None:
    """Write one layer of areas; an empty file also gets one of routes to fill in."""
    rows = [[column.example for column in COVERAGE]] * _EXAMPLE_SITES if filled else []
    table = pd.DataFrame(rows, columns=[column.name for column in COVERAGE], dtype="str")
    areas = _areas() if filled else np.empty(0, dtype=object)
    frame = geopandas.GeoDataFrame(table, geometry=areas, crs=LONLAT)
    pyogrio.write_dataframe(frame, path, layer="vung_phu", driver="GPKG", geometry_type="MultiPolygon")
    if not filled:
        pyogrio.write_dataframe(frame, path, layer="tuyen_cap", driver="GPKG", geometry_type="LineString")


def _areas() -> np.ndarray:
    """Draw coverage around six sites as a model would: uneven, each with lobes of its own."""
    angle = np.linspace(0.0, 2 * np.pi, 73)[:-1]
    shapes = []
    for number in range(_EXAMPLE_SITES):
        lon, lat = _CENTRE[0] + 0.03 * (number % 3), _CENTRE[1] + 0.03 * (number // 3)
        radius = 0.011 * (1.0 + 0.3 * np.sin(3 * angle + number) + 0.08 * np.sin(11 * angle - number))
        ring = np.column_stack(
            [lon + radius * np.cos(angle) / np.cos(np.radians(lat)), lat + radius * np.sin(angle)]
        )
        shapes.append(shapely.MultiPolygon([shapely.Polygon(ring.round(6))]))
    return np.array(shapes, dtype=object)


def _site_rows() -> list[list[str]]:
    rows = []
    for number in range(_EXAMPLE_SITES):
        lon, lat = _CENTRE[0] + 0.03 * (number % 3), _CENTRE[1] + 0.03 * (number // 3)
        rows.append([f"HN{number + 1:04d}", "Sao Mai", "5G", f"{lon:.6f}", f"{lat:.6f}"])
    return rows


def specification(language: str) -> str:
    """Write the specification as a part of a page.

    Parameters
    ----------
    language
        vi or en.

    Returns
    -------
    str
        Markdown, with headings of the second level.
    """
    names = words("template", language)
    heads = [names[f"head.{head}"] for head in ("column", "needed", "example", "meaning")]
    parts = []
    for title, columns in (("coverage", COVERAGE), ("sites", SITES), ("figures", FIGURES)):
        lines = [f"### {names[f'heading.{title}']}", "", f"| {' | '.join(heads)} |", "|---|---|---|---|"]
        lines += [
            f"| `{column.name}` | {names['yes' if column.needed else 'no']} | `{column.example}` | "
            f"{names[f'column.{column.name}']} |"
            for column in columns
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
