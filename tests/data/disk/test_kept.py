"""What a run kept is taken again for the same content, and made anew for any other or where it is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults, geometry_digest, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SHAPES = np.array(
    [
        shapely.box(0, 0, 1, 2),
        None,
        shapely.MultiPolygon([shapely.box(5, 5, 6, 6), shapely.box(8, 5, 9, 6)]),
        shapely.from_wkt("POLYGON Z ((0 0 7, 1 0 8, 0 1 9, 0 0 7))"),
        shapely.Polygon(),
    ],
    dtype=object,
)


def counted(values: list[int]) -> tuple[Callable[[], dict[str, NDArray[np.int64]]], list[int]]:
    """Give a maker of an array, and the list of how often it was asked."""
    asked: list[int] = []

    def make() -> dict[str, NDArray[np.int64]]:
        asked.append(1)
        return {"values": np.array(values)}

    return make, asked


def test_the_same_content_is_made_once(tmp_path: Path) -> None:
    """The second time it comes from the disk, the same to the last bit."""
    make, asked = counted([3, 1, 2])
    kept = KeptResults(tmp_path / "results", "1.0")
    for _ in range(2):
        found = kept.arrays("numbers", ("a", "b"), make)
        assert ["values"] == list(found)
        assert [3, 1, 2] == found["values"].tolist()
    assert [1] == asked


@pytest.mark.parametrize(
    ("made_by", "content"),
    [("1.0", ("b", "a")), ("1.0", ("ab",)), ("1.0", ("a", "b", "")), ("1.1", ("a", "b"))],
)
def test_any_other_content_is_made_anew_in_the_same_place(
    tmp_path: Path, made_by: str, content: tuple[str, ...]
) -> None:
    """Other content, another order, or other programs: what was there is replaced, and the folder does not grow."""
    KeptResults(tmp_path, "1.0").arrays("numbers", ("a", "b"), counted([1])[0])
    found = KeptResults(tmp_path, made_by).arrays("numbers", content, counted([2])[0])
    assert [2] == found["values"].tolist()
    assert ["numbers.result"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("where", [0, 30, -1])
def test_a_damaged_file_is_made_anew(tmp_path: Path, where: int) -> None:
    """A byte that is not as it was written, anywhere: nothing of the file is believed, and it is whole again afterwards."""
    kept = KeptResults(tmp_path)
    kept.arrays("numbers", ("a",), counted([1, 2, 3])[0])
    path = tmp_path / "numbers.result"
    content = bytearray(path.read_bytes())
    content[where] ^= 1
    path.write_bytes(content)
    make, asked = counted([1, 2, 3])
    for _ in range(2):
        assert [1, 2, 3] == kept.arrays("numbers", ("a",), make)["values"].tolist()
    assert [1] == asked


def test_a_file_under_the_name_of_another_is_not_taken(tmp_path: Path) -> None:
    """Who renames files gets no result of something else."""
    kept = KeptResults(tmp_path)
    kept.arrays("one", ("a",), counted([1])[0])
    (tmp_path / "one.result").rename(tmp_path / "other.result")
    assert [2] == kept.arrays("other", ("a",), counted([2])[0])["values"].tolist()


def test_a_variant_takes_what_the_series_has_and_drives_nothing_out(tmp_path: Path) -> None:
    """The same content is shared; other content stands beside that of the series."""
    series, variant = KeptResults(tmp_path), KeptResults(tmp_path, slot="-variant")
    series.arrays("numbers", ("a",), counted([1])[0])
    make, asked = counted([2])
    assert [1] == variant.arrays("numbers", ("a",), make)["values"].tolist()
    assert [2] == variant.arrays("numbers", ("b",), make)["values"].tolist()
    assert [2] == variant.arrays("numbers", ("b",), make)["values"].tolist()
    assert [1] == asked
    assert [1] == series.arrays("numbers", ("a",), counted([3])[0])["values"].tolist()


def test_without_a_folder_everything_is_made(tmp_path: Path) -> None:
    """Nothing is kept where nobody says where."""
    make, asked = counted([1])
    for _ in range(2):
        NOTHING_KEPT.arrays("numbers", ("a",), make)
    assert [1, 1] == asked
    assert [] == list(tmp_path.iterdir())


def test_geometries_come_back_as_they_were(tmp_path: Path) -> None:
    """Types, parts, heights, what is missing and what is empty."""
    assert shapely.to_wkt(SHAPES).tolist() == shapely.to_wkt(unpacked(packed(SHAPES))).tolist()
    kept = KeptResults(tmp_path)
    kept.geometries("shapes", ("a",), lambda: SHAPES)
    again = kept.geometries("shapes", ("a",), lambda: SHAPES[:1])
    assert shapely.to_wkb(SHAPES).tolist() == shapely.to_wkb(again).tolist()
    assert 0 == len(kept.geometries("none", ("a",), lambda: SHAPES[:0]))
    assert 0 == len(kept.geometries("none", ("a",), lambda: SHAPES))


def test_a_digest_says_which_geometries_in_which_order() -> None:
    """Any other place, or another order, is something else."""
    moved = np.array([shapely.box(0, 0, 1, 2.0000001)], dtype=object)
    digests = {
        geometry_digest(each) for each in (SHAPES[[0]], SHAPES[[0, 2]], SHAPES[[2, 0]], moved, SHAPES[:0])
    }
    assert 5 == len(digests)
    assert geometry_digest(SHAPES[[0]].copy()) in digests
