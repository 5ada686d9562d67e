"""Polygons become spans: no union, no intersection of polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...data.text.sentences import told
from .claims import resolve_claims
from .crossings import PartSpans, part_spans
from .parts import KeptParts, PartRun
from .rings import Carrier, rings_of
from .spans import Spans, bands, empty_spans, stacked, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    from ...progress import Progress
    from .grid import Grid
    from .rings import Rings
    from .store import SpanStore

_WAITING_SPANS = 4_000_000  # merged when so many have gathered
_TILE_DEGREES = 0.5  # of layers whose spans are kept: small enough to leave most as they were
_TILE_M = 50_000.0


def burn(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS,
    grid: Grid,
    *,
    store: SpanStore | None = None,
    name: str = "",
    progress: Progress = None,
) -> Spans:
    """Cut polygons into spans and merge them: ground in any of the polygons.

    Inside one polygon the even-odd rule decides, so bow ties, rings that touch themselves and repeated
    vertices need no repair; polygons that overlap are merged on the spans. Outlines that this rule
    misunderstands have been replaced by whoever read them (:mod:`blackspot.data.geodesy.outlines`).

    Parameters
    ----------
    geometries
        Shapely polygons and multipolygons in ``crs``; anything else is passed over.
    crs
        CRS of the geometries; any that leads to the grid's.
    grid
        The grid; what lies outside is cut off.
    store
        Keeps the spans of every polygon between runs, tile by tile, so that only those that have changed
        are burned, with the same result to the byte; a store of this grid. None keeps nothing.
    name
        Of the layer, the same from run to run: polygons are looked for among those of its last version.
    progress
        Told the share done and a word, from 0 to 1.

    Raises
    ------
    ValueError
        There is no CRS.
    """
    waiting: list[Spans] = []
    count = 0
    for spans in _merged(geometries, crs, grid, store, name, progress):
        waiting.append(spans)
        count += len(spans)
        if count > _WAITING_SPANS:
            waiting = [union(waiting)]
            count = len(waiting[0])
    return union(waiting)


def burn_communes(
    communes_frame: gpd.GeoDataFrame,
    grid: Grid,
    *,
    progress: Progress = None,
) -> Spans:
    """Cut communes into spans that know their owner.

    Neighbours that share a border get the same crossings from both sides: no gap, no overlap. Ground that
    more than one commune claims goes to the one with the lowest row index; ``Spans.contested_km2`` says
    how much that was.

    Parameters
    ----------
    communes_frame
        One row per commune; the row's position is the owner.
    grid
        The grid.
    progress
        Told the share done and a word, from 0 to 1.

    Raises
    ------
    ValueError
        The frame has no CRS.
    """
    claims = burn_claims(communes_frame, grid, progress=progress)
    if not claims:
        return empty_spans(owned=True)
    return stacked(
        [resolve_claims(line, x0, x1, owner, grid) for line, x0, x1, owner in claims_by_band(claims)]
    )


def burn_claims(
    communes_frame: gpd.GeoDataFrame,
    grid: Grid,
    *,
    progress: Progress = None,
) -> list[Spans]:
    """Cut communes into spans that know their owner, with contested ground still everybody's.

    Parameters
    ----------
    communes_frame
        One row per commune; the row's position is the owner.
    grid
        The grid.
    progress
        Told the share done and a word, from 0 to 1.

    Returns
    -------
    list of Spans
        None of them empty; each sorted by line, not disjoint.

    Raises
    ------
    ValueError
        The frame has no CRS.
    """
    geometries = communes_frame.geometry.to_numpy()
    claims: list[Spans] = []
    for spans, feature in _all_spans(geometries, communes_frame.crs, grid, progress):
        line, x0, x1 = (values.astype(np.int32) for values in (spans.line, spans.x0, spans.x1))
        solid = x1 > x0
        if solid.any():
            claims.append(Spans(line[solid], x0[solid], x1[solid], feature[spans.part[solid]]))
    return claims


def claims_by_band(claims: Sequence[Spans]) -> Iterator[tuple[NDArray[np.int32], ...]]:
    """Bring together what is claimed on the same lines: line, x0, x1 and owner, a band of lines at a time.

    Parameters
    ----------
    claims
        From :func:`burn_claims`; at least one.
    """
    for here in bands([claim.line for claim in claims]):
        yield tuple(
            np.concatenate([getattr(claims[index], name)[part] for index, part in here])
            for name in ("line", "x0", "x1", "owner")
        )


def _merged(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS | None,
    grid: Grid,
    store: SpanStore | None,
    name: str,
    progress: Progress,
) -> Iterator[Spans]:
    """Spans of all parts, those burned together merged; with a store tile by tile."""
    if store is None or crs is None:
        for spans, _ in _all_spans(geometries, crs, grid, progress):
            yield spans.merged()
        return
    carry = Carrier(crs, grid)
    about = crs.to_wkt()

    def packed(rings: Rings) -> Iterator[PartRun]:
        for chunk, first in _with_first_part(rings):
            for spans in part_spans(carry(chunk), grid):
                yield PartRun.of(spans, first)

    tile = _TILE_DEGREES if crs.is_geographic else _TILE_M / crs.axis_info[0].unit_conversion_factor
    rings = rings_of(geometries, tile)
    for here in _told(rings, rings.by_tile(), progress):
        place = store.key("parts", about, name, str(here.tile[0]))
        yield tile_spans(here, packed, store, place)


def _with_first_part(rings: Rings) -> Iterator[tuple[Rings, int]]:
    """Cut into chunks, and say which part each starts with."""
    first = 0
    for chunk in rings.chunks():
        yield chunk, first
        first += len(chunk.feature)


def _all_spans(
    geometries: NDArray[np.object_],
    crs: pyproj.CRS | None,
    grid: Grid,
    progress: Progress,
) -> Iterator[tuple[PartSpans, NDArray[np.int32]]]:
    """Spans of all parts, a bounded number at a time, with the geometry index of each part."""
    if crs is None:
        raise ValueError("geometries without a CRS cannot be placed on the grid")
    carry = Carrier(crs, grid)
    rings = rings_of(geometries)
    for chunk in _told(rings, rings.chunks(), progress):
        for spans in part_spans(carry(chunk), grid):
            yield spans, chunk.feature


def _told(rings: Rings, pieces: Iterator[Rings], progress: Progress) -> Iterator[Rings]:
    """Tell how many vertices are done."""
    done = 0
    for piece in pieces:
        yield piece
        done += len(piece.xy)
        if progress is not None:
            progress(done / len(rings.xy), told("progress", "outlines"))


LEAST_KEPT = 4_000  # spans of a tile; fewer are burned as fast as they are read
MOST_KEPT = 4_000_000  # of 8 bytes each: bounds the memory; more are merged and forgotten


def tile_spans(
    rings: Rings, burned: Callable[[Rings], Iterable[PartRun]], store: SpanStore, place: str
) -> Spans:
    """Burn the polygons of a tile that are not kept, and merge them with those that are.

    Parameters
    ----------
    rings
        The polygons.
    burned
        Burns polygons.
    store, place
        Where the polygons of the tile are kept, and under which key; few or very many spans are not.

    Raises
    ------
    WorkplaceError
        They cannot be written.
    """
    digests = rings.digests()
    before = store.load_parts(place) or KeptParts([], [])
    now, known = set(digests), set(before.digests)
    wanted = np.array([digest in now for digest in before.digests], bool)
    still = before.chosen(wanted)
    fresh = np.array([number for number, digest in enumerate(digests) if digest not in known], np.int64)
    merged = [run.spans.merged() for run in still.runs]
    count = len(still)
    runs: list[PartRun] = []
    most = MOST_KEPT if len(digests) > 1 else np.inf
    for run in _burned(rings, fresh, burned):
        merged.append(run.spans.merged())
        count += len(run.spans.key)
        if count > most:
            runs.clear()
        else:
            runs.append(run)
    changed = len(fresh) > 0 or len(before) > 2 * count
    if LEAST_KEPT <= count <= most and changed:
        kept = still.without(wanted)
        moved = [run._replace(first=run.first + len(kept.digests)) for run in runs]
        new = [digests[number] for number in fresh.tolist()]
        store.save_parts(place, KeptParts([*kept.digests, *new], [*kept.runs, *moved]))
    return union(merged)


def _burned(
    rings: Rings, fresh: NDArray[np.int64], burned: Callable[[Rings], Iterable[PartRun]]
) -> Iterable[PartRun]:
    """Burn some of the polygons."""
    if not len(fresh):
        return ()
    return burned(rings if len(fresh) == len(rings.feature) else rings.chosen(fresh))
