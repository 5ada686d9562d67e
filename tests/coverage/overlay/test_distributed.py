"""Bands on dask workers: the same bytes, also when a worker dies; a clear word when dask is missing."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.overlay.bands import band_count, overlay
from blackspot.coverage.overlay.distributed import INSTALL, connect, overlay_on
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blackspot.coverage.overlay.totals import Overlay

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS, COLS = 2400, 40
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, ROWS), COLS, ROWS, 4)


@dataclass(frozen=True)
class Table:
    people: np.ndarray

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        return self.people[row0 : row0 + rows, col0 : col0 + cols].copy()


PEOPLE = Table(np.random.default_rng(4).lognormal(0, 1, (ROWS, COLS)))
FRAME = gpd.GeoDataFrame(
    geometry=[shapely.box(1.5, 3.5, 20.2, 2390.1), shapely.box(20.2, 3.5, 38.8, 2390.1)], crs=UTM48
)
ZONES = burn_communes(FRAME, GRID)
LAYERS = [
    burn(
        np.array([shapely.Point(col, row).buffer(18.0) for row in range(0, ROWS, 30)], dtype=object),
        UTM48,
        GRID,
    )
    for col in (8, 25)
]


def bytes_of(result: Overlay) -> list[bytes]:
    cells = result.cells
    arrays = (result.masks, result.people, cells.commune, cells.row, cells.col, cells.people, cells.failing)
    return [array.tobytes() for array in arrays] + [repr(result.people_outside).encode()]


def here() -> Overlay:
    return overlay(
        PEOPLE, GRID, ZONES, LAYERS, n_communes=2, edge_cells="land", groups=lambda masks: (masks == 0)[None]
    )


def there(client: Any, progress: Callable[[float, str], None] | None = None) -> Overlay:
    return overlay_on(
        client, PEOPLE, GRID, ZONES, LAYERS, n_communes=2, edge_cells="land",
        groups=lambda masks: (masks == 0)[None], progress=progress,
    )  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    pytest.importorskip("distributed")
    running = connect(workers=2)
    yield running
    running.cluster.close()
    running.close()


@pytest.mark.filterwarnings("default")  # dask's own shutdown is not ours to judge
def test_workers_give_the_same_bytes(client: Any) -> None:
    """Every array of the result, to the last bit, and progress for every band."""
    told: list[float] = []
    assert bytes_of(here()) == bytes_of(there(client, lambda share, _: told.append(share)))
    assert band_count(GRID) == len(told)
    assert 1.0 == told[-1]


@pytest.mark.filterwarnings("default")
def test_a_killed_worker_changes_nothing(client: Any) -> None:
    """Its bands are computed again by another one."""
    victim = next(iter(client.run(os.getpid).values()))
    killed: list[float] = []

    def kill(share: float, _: str) -> None:
        if not killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(share)

    assert bytes_of(here()) == bytes_of(there(client, kill))
    assert killed
    assert killed[0] < 0.2


def test_missing_dask_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command, ready to copy."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkplaceError, match="install it with") as raised:
        connect()
    assert INSTALL in str(raised.value)


@pytest.mark.filterwarnings("default")
def test_a_silent_scheduler_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Address and cure in one sentence."""
    distributed = pytest.importorskip("distributed")

    def refuse(address: str, timeout: int) -> None:
        raise OSError(f"{address} silent for {timeout}")

    monkeypatch.setattr(distributed, "Client", refuse)
    with pytest.raises(WorkplaceError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:1"):
        connect("tcp://127.0.0.1:1")
