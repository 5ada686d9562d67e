"""The same overlay on several machines: bands are computed by dask workers, added up here in order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...data.text.sentences import told
from ...errors import WorkplaceError
from .bands import band_count, check_layers, read_band
from .join import join_band
from .sources import RasterPeople
from .totals import Total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .join import Band, BandResult, EdgeCells, Groups
    from .sources import PeopleSource
    from .totals import Overlay

INSTALL = 'python -m pip install "blackspot[cluster]"'
LOCAL = "local"
_WAITING_PER_THREAD = 3  # bands sent ahead of those added up: bounds the memory everywhere
_RETRIES = 5  # of a band whose worker died


def connect(address: str = LOCAL, *, workers: int = 2) -> Any:  # noqa: ANN401 - distributed ships no types
    """Connect to a scheduler, or start workers on this machine.

    Parameters
    ----------
    address
        ``local``, or the scheduler's address such as ``tcp://10.0.0.1:8786``.
    workers
        Processes to start for ``local``.

    Returns
    -------
    distributed.Client
        Close it when done.

    Raises
    ------
    WorkplaceError
        dask.distributed is not installed, or nobody answers at the address.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, and slow to import
    except ModuleNotFoundError as missing:
        raise WorkplaceError(told("errors", "no_distributed", install=INSTALL)) from missing
    if address == LOCAL:
        cluster = distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
        return distributed.Client(cluster)
    try:
        return distributed.Client(address, timeout=10)
    except (OSError, ValueError) as refused:
        raise WorkplaceError(told("errors", "no_scheduler", address=address)) from refused


def overlay_on(  # noqa: PLR0913 - the client, and everything overlay takes
    client: Any,  # noqa: ANN401 - distributed ships no types
    people: PeopleSource,
    grid: Grid,
    communes: Spans,
    layers: Sequence[Spans],
    *,
    n_communes: int,
    edge_cells: EdgeCells,
    groups: Groups | None,
    progress: Progress = None,
) -> Overlay:
    """Do what ``overlay.overlay`` does, with the bands computed by a cluster.

    Bands are read here, sent with the spans of their rows, and added up here in their order: the result
    has the same bytes as without a cluster, however many workers there are and whichever of them die.

    Parameters
    ----------
    client
        From ``connect``, or any ``distributed.Client``.
    people, grid, communes, layers, n_communes, edge_cells, groups, progress
        As in ``overlay.overlay``; ``groups`` must be a function that can be pickled.

    Raises
    ------
    ValueError
        More than 64 layers, or commune spans without owners.
    """
    check_layers(layers)
    total = Total(n_communes)
    most = _WAITING_PER_THREAD * max(1, sum(client.nthreads().values()))
    waiting: deque[tuple[float, Band | None, Any]] = deque()
    count = band_count(grid)
    sent = added = 0
    while added < count:
        while sent < count and len(waiting) < most:
            found, band = read_band(sent, people, grid, communes, layers, edge_cells, groups)
            waiting.append((found, band, None if band is None else _send(client, band)))
            sent += 1
        found, band, future = waiting.popleft()
        total.add(found, None if band is None else _fetch(future, band))
        added += 1
        if progress is not None:
            progress(added / count, told("progress", "counting"))
    beyond = people.beyond_grid() if isinstance(people, RasterPeople) else 0.0
    return total.overlay(beyond, groups)


def _send(client: Any, band: Band) -> Any:  # noqa: ANN401 - distributed ships no types
    """Place a band on a worker and have it computed there; None if that worker has just died."""
    try:
        placed = client.scatter(band, hash=False)  # inside the task it would pass through the scheduler
    except OSError:
        return None
    return client.submit(join_band, placed, pure=False, retries=_RETRIES)


def _fetch(future: Any, band: Band) -> BandResult:  # noqa: ANN401 - distributed ships no types
    """Take the result of a band; one that died with its worker is computed here."""
    distributed: Any = import_module("distributed")
    if future is None:
        return join_band(band)
    try:
        result: BandResult = future.result()
    except (CancelledError, distributed.KilledWorker):
        return join_band(band)
    return result
