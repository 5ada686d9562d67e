"""Circular arcs: which geometries have them, and what ground their straight edges leave out."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from blackspot.data.parsers.arcs import ground_of_arcs, is_curved, straight

if TYPE_CHECKING:
    from pathlib import Path


def head(kind: int, order: str = "little") -> bytes:
    return bytes([order == "little"]) + kind.to_bytes(4, order)  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("dimension", [0, 1000, 2000, 3000, 0x80000000, 0x20000000])
def test_curves_are_known_by_their_type(order: str, dimension: int) -> None:
    """CircularString 8 to Surface 14, with heights and measures as ISO and PostGIS write them."""
    kinds = [*range(1, 8), *range(8, 15), 15, 16, 17]
    column = pa.chunked_array(
        [pa.array([head(kind + dimension, order) for kind in kinds], pa.large_binary())]
    )
    assert [kind for kind in kinds if 8 <= kind <= 14] == np.array(kinds)[is_curved(column)].tolist()


def test_what_is_no_geometry_is_no_curve() -> None:
    """Missing and cut ones stand in their place, over several chunks."""
    chunks = [
        pa.array([None, b"", b"\x01\x0a", head(10)], pa.large_binary()),
        pa.array([], pa.large_binary()),
    ]
    assert [False, False, False, True] == is_curved(pa.chunked_array(chunks)).tolist()
    assert [] == is_curved(pa.chunked_array([], pa.large_binary())).tolist()


def test_the_ground_of_a_disc_is_all_but_a_sixteenth_of_its_segments(tmp_path: Path) -> None:
    """90 edges of 4 degrees leave out 90 circular segments of radius 1; finer ones find 15/16 of them."""
    path = tmp_path / "disc.csv"
    disc = "CURVEPOLYGON(CIRCULARSTRING(-1 0,0 1,1 0,0 -1,-1 0))"
    path.write_text(f'name,WKT\na,"{disc}"\nb,"POLYGON((5 5,6 5,6 6,5 5))"\n', encoding="ascii")
    source: Any = SimpleNamespace(path=path)
    coarse = straight(source, "disc")
    segments = math.pi - 45 * math.sin(math.radians(4))
    assert math.pi - segments == pytest.approx(shapely.from_wkb(coarse[0]).area)
    rim = ground_of_arcs(source, "disc", coarse, np.array([True, False]))
    assert 15 / 16 * segments == pytest.approx(shapely.area(rim).sum(), rel=0.005)
    assert coarse[0] == straight(source, "disc")[0], "the step of GDAL is put back"


def test_lines_have_no_ground(tmp_path: Path) -> None:
    """An arc that encloses nothing leaves none out."""
    path = tmp_path / "arc.csv"
    path.write_text('name,WKT\na,"CIRCULARSTRING(-1 0,0 1,1 0)"\n', encoding="ascii")
    source: Any = SimpleNamespace(path=path)
    assert [] == list(ground_of_arcs(source, "arc", straight(source, "arc"), np.array([True])))
