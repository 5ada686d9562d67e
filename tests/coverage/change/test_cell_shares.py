"""How much of single cells a layer reaches, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.change.cell_shares import layer_shares
from blackspot.coverage.people.cell_bits import CellLayers
from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.data.project.profile import Profile

if TYPE_CHECKING:
    from blackspot.coverage.burn.spans import Spans

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS = 300  # more than are measured together
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, ROWS), 4, ROWS, 4)


def ground(west: float, east: float) -> Spans:
    """All rows from west to east."""
    return burn(np.array([shapely.box(west, 0, east, ROWS)], object), UTM48, GRID)


def test_shares() -> None:
    """A commune up to the middle of the third column; coverage to a quarter of the second; known from its middle on."""
    spans = [ground(0, 1.25), ground(1.5, 4), ground(0, 2.3), ground(1.0, 1.0001)]
    items = (
        OperatorService("A", "4g", (0,), None),
        OperatorService("B", "4g", (0,), (1,)),
        OperatorService("C", "4g", (2,), ()),
        OperatorService("D", "4g", (), None),
        OperatorService("E", "4g", (3,), None),
    )
    cells = CellLayers(
        people=None,  # type: ignore[arg-type]  # nobody is counted here
        grid=GRID,
        zones=ground(0, 2.5),
        spans=spans,
        layers=LayerTable(items),
        tags=(),
        profile=Profile(id="p", services=["4g"]),
    )
    row, col = np.array([0, 0, 0, 299, 299]), np.array([0, 1, 2, 1, 3])
    found = layer_shares(cells, row, col)
    assert [("A", "4g"), ("B", "4g"), ("C", "4g"), ("D", "4g"), ("E", "4g")] == [
        (one.operator, one.service) for one in found
    ]
    a, b, c, d, e = found
    assert ([250, 62, 0, 62, 0], None) == (a.covered.tolist(), a.known)
    assert b.known is not None
    assert [
        0,
        125,
        250,
        125,
        250,
    ] == b.known.tolist()  # half of the third column is all of it that lies in communes
    assert c.known is not None
    assert ([250, 250, 150, 250, 0], [0] * 5) == (c.covered.tolist(), c.known.tolist())
    assert [0] * 5 == d.covered.tolist()
    assert [0, 0, 0, 0, 0] == e.covered.tolist()  # narrower than the lines can say


def test_a_sliver_is_never_nothing() -> None:
    """And all but a sliver is never everything."""
    spans = [ground(0, 0.001), ground(0, 0.999)]
    items = tuple(OperatorService(name, "4g", (bit,), None) for bit, name in enumerate("AB"))
    cells = CellLayers(
        None, GRID, ground(0, 4), spans, LayerTable(items), (), Profile(id="p", services=["4g"])
    )  # type: ignore[arg-type]
    few, most = layer_shares(cells, np.array([0]), np.array([0]))
    assert ([1], [249]) == (few.covered.tolist(), most.covered.tolist())
