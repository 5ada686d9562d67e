"""Reading a layer of context: lines or points with a name and a number that says how important each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs import to_lonlat
from ..geodesy.operation import Operation
from ..readers.facts import LayerFacts, Refused, tell_read
from ..readers.formats import Requirements
from ..readers.row_filter import chosen_rows, same_number
from ..readers.vector import read_vector
from ..text.cells import as_text, composed
from ..text.names import clean_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from ..project.sections.context import ContextKind, ContextRank, ContextSource
    from ..readers.formats import Kind

LINES: Final = frozenset({"roads", "rivers", "power_lines", "contours"})
"""Kinds that are lines; the others are points."""

LONGEST_NAME: Final = 80
"""Characters that are kept of a name; the map has room for half of them."""

_AREA = 2  # dimensions
_LAST = np.inf


@dataclass(frozen=True, slots=True)
class ContextLayer:
    """One layer of context.

    Attributes
    ----------
    kind
        What it holds.
    name
        Of each feature, in NFC, without control and direction characters; may be empty; shape (n,).
    importance
        The smaller, the more important; infinite where nothing is said; float64 (n,).
    geometry
        Lines (``LINES``), the outlines of areas among them, or points, EPSG:4326, none empty; shape (n,).
    facts
        What is known of the file.
    """

    kind: ContextKind
    name: NDArray[np.object_]
    importance: NDArray[np.float64]
    geometry: NDArray[np.object_]
    facts: LayerFacts

    @property
    def lonlat(self) -> NDArray[np.float64]:
        """Longitude and latitude of points, degrees, EPSG:4326; shape (n, 2)."""
        return np.asarray(shapely.get_coordinates(self.geometry))


CLASSES = (ContextLayer, LayerFacts, Operation)
"""All classes that a layer is made of."""


def read_context(
    source: ContextSource, findings: Findings, expected: Expected = ANYTHING
) -> ContextLayer | None:
    """Read a layer of context.

    Parameters
    ----------
    source
        The file, its columns and its filter.
    findings
        Told every problem, and which rows the filter left out.
    expected
        What the file must be.

    Returns
    -------
    ContextLayer or None
        None after an error finding.
    """
    kinds: tuple[Kind, ...] = ("line", "polygon") if source.kind in LINES else ("point", "polygon")
    rank = "" if source.rank is None else source.rank.column
    filters = [] if source.where is None else [rule.column for rule in source.where.every]
    table = read_vector(
        source.path,
        layer=source.layer,
        crs=source.crs,
        columns=[column for column in dict.fromkeys([source.name, rank, *filters]) if column],
        findings=findings,
        requirements=Requirements(kinds),
        expected=expected,
    )
    if isinstance(table, Refused):
        return None
    rows = chosen_rows(table.columns, source.where, findings.about(source.path, source.layer), area="context")
    if rows is None:
        return None
    cells = table.columns.iloc[rows]
    shapes = _drawn(to_lonlat(table.geometry[rows], table.crs), source.kind)
    names = _names(cells[source.name] if source.name else None, len(rows))
    importance = _importance(cells, source.rank)
    kept = ~shapely.is_empty(shapes) & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    tell_read(table.facts, int(kept.sum()), "lines")
    return ContextLayer(source.kind, names[kept], importance[kept], shapes[kept], table.facts)


def _drawn(shapes: NDArray[np.object_], kind: ContextKind) -> NDArray[np.object_]:
    """Turn areas into their outlines, or into a point inside."""
    if kind not in LINES:
        return np.asarray(shapely.point_on_surface(shapes), dtype=object)
    areas = shapely.get_dimensions(shapes) == _AREA
    return np.where(areas, shapely.boundary(shapes), shapes)


def _names(cells: pd.Series | None, count: int) -> NDArray[np.object_]:
    if cells is None:
        return np.full(count, "", dtype=object)
    texts = [clean_name(_whole(value))[:LONGEST_NAME].strip() for value in cells]
    return np.array(texts, dtype=object)


def _whole(value: object) -> object:
    """Write heights and other numbers without a useless decimal; of a text that never ends take what may be needed."""
    if isinstance(value, str):
        return value[: 4 * LONGEST_NAME]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _importance(cells: pd.DataFrame, rank: ContextRank | None) -> NDArray[np.float64]:
    """Give each feature a number, the most important the smallest; numbers of the file turn their sign."""
    if rank is None:
        return np.zeros(len(cells))
    if not rank.values:  # noqa: PD011 - the key of the project file, no frame
        numbers = pd.to_numeric(cells[rank.column], errors="coerce").to_numpy(dtype=np.float64)
        return np.where(np.isfinite(numbers), -numbers, _LAST)
    order: dict[str, float] = {}
    for at, value in enumerate(rank.values):
        order.setdefault(same_number(composed(value)), float(at))
    said = [as_text(value) for value in cells[rank.column]]
    return np.array([_LAST if one is None else order.get(same_number(one), _LAST) for one in said])
