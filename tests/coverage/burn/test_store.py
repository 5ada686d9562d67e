"""Kept spans: found again by what they were made of, made again when damaged."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.spans import Spans, empty_spans, union
from blackspot.coverage.burn.store import SpanStore

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
    assert [f"{key}.spans"] == [path.name for path in (tmp_path / "spans").iterdir()]


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


def test_owners_and_contested_ground_are_kept(tmp_path: Path) -> None:
    """Communes come back with their owners, layers without; no spans at all come back as such."""
    store = SpanStore(tmp_path, GRID)
    owned = replace(SPANS, owner=np.array([2, 0], np.int32), contested_km2=1.25)
    store.get("owned", lambda: owned)
    back = store.get("owned", never)
    assert back.owner is not None
    assert ([2, 0], 1.25) == (back.owner.tolist(), back.contested_km2)
    store.get("layer", lambda: SPANS)
    assert store.get("layer", never).owner is None
    store.get("nothing", empty_spans)
    assert 0 == len(store.get("nothing", never))


def aged(folder: Path) -> None:
    """Make all files of a folder an hour older."""
    for path in folder.iterdir():
        used = path.stat().st_mtime_ns - 3_600_000_000_000
        os.utime(path, ns=(used, used))


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


def test_pruning_keeps_what_was_used_and_as_much_again(tmp_path: Path) -> None:
    """Five runs, each with another layer: the last one's stays, and the one before; older ones go."""
    for number in range(5):
        aged(tmp_path)
        store = SpanStore(tmp_path, GRID)
        store.get(f"run-{number}", lambda: SPANS)
        store.prune()
        assert {f"run-{kept}" for kept in range(max(0, number - 1), number + 1)} == names(tmp_path)


def test_pruning_keeps_the_pieces_of_what_was_used(tmp_path: Path) -> None:
    """A layer read back whole keeps its tiles, however old they are: the next change needs them."""

    def from_pieces(store: SpanStore) -> Spans:
        return union([store.get(f"tile-{number}", lambda: SPANS) for number in range(9)])

    first = SpanStore(tmp_path, GRID)
    first.get("layer", lambda: from_pieces(first))
    aged(tmp_path)
    for other in ("a", "b", "c"):
        first.get(other, lambda: SPANS)
    aged(tmp_path)
    again = SpanStore(tmp_path, GRID)
    again.get("layer", never)
    again.prune()
    assert {"layer", "a", "b", "c", *(f"tile-{number}" for number in range(9))} == names(tmp_path)
    small = SpanStore(tmp_path, GRID)
    small.get("a", never)
    small.prune()
    assert {"a", "layer"} >= names(tmp_path)
    assert "a" in names(tmp_path)


def test_pruning_removes_what_is_no_spans(tmp_path: Path) -> None:
    """Files of an interrupted run and of an earlier format go; a folder that is not there is no trouble."""
    SpanStore(tmp_path / "none", GRID).prune()
    store = SpanStore(tmp_path, GRID)
    store.get("key", lambda: SPANS)
    for name in ("key.spans.123.part", "old.npz"):
        (tmp_path / name).write_bytes(b"x")
    store.prune()
    assert ["key.spans"] == [path.name for path in tmp_path.iterdir()]


def test_other_versions_have_other_keys(tmp_path: Path) -> None:
    """Spans burned by another version of a library are not taken."""
    assert SpanStore(tmp_path, GRID, "1").key("abc") != SpanStore(tmp_path, GRID, "2").key("abc")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY"])
def test_damaged_files_are_made_again(tmp_path: Path, damage: bytes) -> None:
    """An interrupted copy costs time, never a run."""
    store = SpanStore(tmp_path, GRID)
    (tmp_path / "key.spans").write_bytes(damage)
    assert SPANS is store.get("key", lambda: SPANS)
    assert [0, 3] == store.get("key", never).line.tolist()


def test_a_truncated_file_is_made_again(tmp_path: Path) -> None:
    """Cut off in the middle."""
    store = SpanStore(tmp_path, GRID)
    store.get("key", lambda: SPANS)
    whole = (tmp_path / "key.spans").read_bytes()
    (tmp_path / "key.spans").write_bytes(whole[: len(whole) // 2])
    assert SPANS is store.get("key", lambda: SPANS)
    assert whole == (tmp_path / "key.spans").read_bytes()
