"""Outlines that were kept: the same as drawn anew, and drawn once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage import kept_spots as module
from blackspot.coverage.blackspots.lattice import Lattice
from blackspot.coverage.blackspots.outlines import drawn_outlines
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.kept_spots import KeptOutlines
from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 40, 40, 4)
COAST = shapely.Point(105.2, 20.8).buffer(0.15, quad_segs=64)
SHAPES = np.array([COAST, shapely.box(105.2, 20.6, 105.4, 21.0)], object)

Drawn = list[bytes]


def spots_of(commune: np.ndarray) -> tuple[Lattice, np.ndarray, np.ndarray, np.ndarray]:
    """Make spots of the cells of two communes that hang together; 2 in the picture is a cell of the second."""
    number, row, col = (
        np.concatenate(each)
        for each in zip(
            *(
                (np.full(np.count_nonzero(commune == at + 1), at), *np.nonzero(commune == at + 1))
                for at in range(2)
            ),
            strict=True,
        )
    )
    lattice = Lattice(number.astype(np.int32), row.astype(np.int32), col.astype(np.int32))
    spot = lattice.clusters(diagonal=True)
    first = np.unique(spot, return_index=True)[1]
    return lattice, spot, number[first].astype(np.int64), 1.1 * np.bincount(spot).astype(np.float64)


def country(seed: int, share: float = 0.3) -> np.ndarray:
    """Choose cells of two communes."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random((40, 40)) < share, rng.integers(1, 3, (40, 40)), 0)


def drawn(
    kept: KeptResults, commune: np.ndarray, shapes: np.ndarray = SHAPES, digest: str = "shapes"
) -> Drawn:
    drawing = KeptOutlines(GRID, shapes, digest, kept)
    found = drawing.of(*spots_of(commune))
    drawing.keep()
    return shapely.to_wkb(found).tolist()


def noting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many spots are drawn from now on."""
    noted: list[int] = []

    def draw(grid: Grid, shapes: np.ndarray, lattice: Lattice, spot: np.ndarray, *rest: object) -> np.ndarray:
        noted.append(len(np.unique(spot)))
        return drawn_outlines(grid, shapes, lattice, spot, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "drawn_outlines", draw)
    return noted


def test_what_was_kept_is_the_same_and_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells, kept = country(1), KeptResults(tmp_path)
    fresh = drawn(NOTHING_KEPT, cells)
    assert fresh == drawn(kept, cells)
    noted = noting(monkeypatch)
    assert fresh == drawn(kept, cells)
    assert [] == noted


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 1000), changed=st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), max_size=5)
)
def test_spots_of_other_cells_are_as_if_all_were_drawn(
    tmp_path_factory: pytest.TempPathFactory, seed: int, changed: list[tuple[int, int]]
) -> None:
    """Whichever cells come or go; those of the first run are drawn beside others than in the second."""
    kept, cells = KeptResults(tmp_path_factory.mktemp("kept")), country(seed, share=0.15)
    drawn(kept, cells)
    for place in changed:
        cells[place] = (cells[place] + 1) % 3
    assert drawn(NOTHING_KEPT, cells) == drawn(kept, cells)


def test_only_the_spot_of_other_cells_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells, kept = np.zeros((40, 40), int), KeptResults(tmp_path)
    cells[2:5, 2:5] = cells[20, 10:15] = 1
    cells[30:33, 30] = 2
    drawn(kept, cells)
    cells[20, 15] = 1
    fresh = drawn(NOTHING_KEPT, cells)
    noted = noting(monkeypatch)
    assert fresh == drawn(kept, cells)
    assert [1] == noted


def test_other_ground_of_the_same_cells_is_drawn_anew(tmp_path: Path) -> None:
    """Where a commune has less ground in its cells than lies inside its border, another one's is taken out."""
    cells, kept = np.zeros((40, 40), int), KeptResults(tmp_path)
    cells[18:22, 33:37] = 2
    lattice, spot, owner, _ = spots_of(cells)
    found = []
    for km2 in (20.0, 5.0):
        drawing = KeptOutlines(GRID, SHAPES, "shapes", kept)
        found.append(drawing.of(lattice, spot, owner, np.array([km2]))[0])
        drawing.keep()
    assert shapely.area(found[0]) > shapely.area(found[1]) > 0


def test_other_communes_draw_everything_anew(tmp_path: Path) -> None:
    cells, kept = country(3), KeptResults(tmp_path)
    first = drawn(kept, cells)
    shapes = np.array([SHAPES[0].buffer(-0.03), SHAPES[1]], object)
    fresh = drawn(NOTHING_KEPT, cells, shapes)
    assert fresh == drawn(kept, cells, shapes, "others")
    assert fresh != first


def test_without_a_digest_of_the_communes_nothing_is_kept(tmp_path: Path) -> None:
    drawn(KeptResults(tmp_path), country(4), digest="")
    assert [] == list(tmp_path.iterdir())


def test_a_damaged_file_is_found_and_made_anew(tmp_path: Path) -> None:
    cells, kept = country(5), KeptResults(tmp_path)
    fresh = drawn(kept, cells)
    path = tmp_path / "spot-outlines.result"
    whole = path.read_bytes()
    at = len(whole) // 2
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert fresh == drawn(kept, cells)
    assert whole == path.read_bytes()
