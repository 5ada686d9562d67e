"""Kept spans: found again by what they were made of, made again when damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
from affine import Affine

from blackspot.coverage.grid import Grid
from blackspot.coverage.span_store import SpanStore
from blackspot.coverage.spans import Spans

if TYPE_CHECKING:
    from pathlib import Path

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0, 105, 0, -0.01, 21), 10, 12, 4)
SPANS = Spans(*(np.array(values, np.int32) for values in ([0, 3], [1, 2], [5, 9])))


def never() -> Spans:
    raise AssertionError("the spans were kept and must not be made again")


def test_spans_are_made_once(tmp_path: Path) -> None:
    """The second time they come from the disk, equal in every number."""
    store = SpanStore(tmp_path / "spans", GRID)
    key = store.key("abc")
    assert SPANS is store.get(key, lambda: SPANS)
    kept = SpanStore(tmp_path / "spans", GRID).get(key, never)
    assert SPANS.line.tolist() == kept.line.tolist()
    assert SPANS.x1.tolist() == kept.x1.tolist()
    assert [f"{key}.npz"] == [path.name for path in (tmp_path / "spans").iterdir()]


def test_anything_that_matters_changes_the_key(tmp_path: Path) -> None:
    """Content, its order and its borders; the grid's place, size, sub-lines and CRS."""
    grids = [
        GRID,
        replace(GRID, width=11),
        replace(GRID, height=13),
        replace(GRID, sublines=5),
        replace(GRID, transform=Affine(0.01, 0, 105, 0, -0.01, 21.000001)),
        replace(GRID, crs=pyproj.CRS.from_epsg(4756)),
    ]
    keys = [SpanStore(tmp_path, grid).key("abc", "d") for grid in grids]
    keys += [
        SpanStore(tmp_path, GRID).key(*content) for content in (("abcd",), ("d", "abc"), ("ab", "cd"), ())
    ]
    assert len(keys) == len(set(keys))
    assert keys[0] == SpanStore(tmp_path / "elsewhere", GRID).key("abc", "d")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY"])
def test_damaged_files_are_made_again(tmp_path: Path, damage: bytes) -> None:
    """An interrupted copy costs time, never a run."""
    store = SpanStore(tmp_path, GRID)
    (tmp_path / "key.npz").write_bytes(damage)
    assert SPANS is store.get("key", lambda: SPANS)
    assert [0, 3] == store.get("key", never).line.tolist()


def test_a_truncated_file_is_made_again(tmp_path: Path) -> None:
    """Cut off in the middle."""
    store = SpanStore(tmp_path, GRID)
    store.get("key", lambda: SPANS)
    whole = (tmp_path / "key.npz").read_bytes()
    (tmp_path / "key.npz").write_bytes(whole[: len(whole) // 2])
    assert SPANS is store.get("key", lambda: SPANS)
    assert whole == (tmp_path / "key.npz").read_bytes()
