"""What lies around the black spots of each province: cut to it, drawn with fewer points, put in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from ...data.context.read import LINES
from ...data.geodesy.places import LonLat, earth_centred, metres_per_degree
from ...data.text.words import LANGUAGES, words
from ..encoding.context import (
    TOLERANCE_PX,
    MapFeatures,
    decode_context,
    joined,
    to_pixels,
    whole_pixels,
    within,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.context.read import ContextLayer

KINDS: Final = (
    "contours",
    "rivers",
    "roads",
    "power_lines",
    "villages",
    "schools",
    "clinics",
    "border_posts",
)
"""In the order they are drawn: what stands later lies over what stands before."""

MARGIN_DEG: Final = 0.02
"""How far beyond a province its surroundings reach, about 2 km."""

_COARSE_DEG: Final = 0.002  # of the outlines that are widened by the margin
_KEPT: Final = 3 / 4  # bytes of a block to a byte of the page, which has it in base64


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around the black spots of one province.

    Attributes
    ----------
    content
        From :func:`~blackspot.maps.encoding.context.encode_context`; kinds are numbers in ``KINDS``.
    counts
        For each number of a kind how many features there are, whether they have room or not.
    """

    content: bytes
    counts: Mapping[int, int]

    def fitted(self, room: int) -> tuple[bytes, list[dict[str, Any]]]:
        """Take what has room in a page, and say of each kind how much that is.

        Parameters
        ----------
        room
            Bytes of the page, in base64.

        Returns
        -------
        tuple
            The block, and of each kind there is ``kind``, ``shown`` and ``all``.
        """
        features = decode_context(self.content) if self.content else joined([])
        content = self.content
        if len(content) > int(room * _KEPT):
            content, features = within(features, int(room * _KEPT))
        shown = np.bincount(features.kind, minlength=len(KINDS)).tolist()
        facts = [
            {"kind": KINDS[at], "shown": shown[at], "all": all_} for at, all_ in sorted(self.counts.items())
        ]
        return content, facts


def surroundings(
    layers: Sequence[ContextLayer], communes: gpd.GeoDataFrame, spots: pd.DataFrame, budget_bytes: int
) -> dict[str, Surroundings]:
    """Cut layers of context to provinces.

    Parameters
    ----------
    layers
        As they were read; several may be of one kind.
    communes
        ``province_code`` and outlines in EPSG:4326.
    spots
        Black spots: ``code`` of the commune, ``lon`` and ``lat``; points near them come first.
    budget_bytes
        What the context of a province may take in a page.

    Returns
    -------
    dict
        By code of the province; those without anything around are left out.
    """
    of_kind = {at: [layer for layer in layers if layer.kind == kind] for at, kind in enumerate(KINDS)}
    pools = [_pool(at, given) for at, given in of_kind.items() if given]
    if not pools:
        return {}
    province = pd.Series(
        communes["province_code"].astype(str).to_numpy(), index=communes["code"].astype(str).to_numpy()
    )
    of_spot = province.reindex(spots["code"].astype(str)).to_numpy()
    found = {}
    for code, area in _areas(communes).items():
        here = spots[of_spot == code]
        near = LonLat(here["lon"].to_numpy(dtype=np.float64), here["lat"].to_numpy(dtype=np.float64))
        parts = [part for part in (pool.within(area, near) for pool in pools) if len(part.kind)]
        if parts:
            whole = joined(parts)
            content, _ = within(whole, int(budget_bytes * _KEPT))
            counts = {int(part.kind[0]): len(part.kind) for part in parts}
            found[code] = Surroundings(content, counts)
    return found


def context_words() -> dict[str, dict[str, str]]:
    """Give the words that only a page with context says, by language."""
    return {language: dict(words("context_map", language)) for language in LANGUAGES}


def _areas(communes: gpd.GeoDataFrame) -> dict[str, Any]:
    """Give the ground of each province with the margin around it, EPSG:4326, by code."""
    coarse = shapely.simplify(communes.geometry.to_numpy(), _COARSE_DEG)
    wide = shapely.buffer(coarse, MARGIN_DEG, quad_segs=2)
    codes = communes["province_code"].astype(str).to_numpy()
    return {code: shapely.union_all(wide[codes == code]) for code in np.unique(codes).tolist()}


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """All features of one kind, and the tree that finds those of a province."""

    number: int
    name: NDArray[np.object_]
    importance: NDArray[np.float64]
    geometry: NDArray[np.object_]
    tree: shapely.STRtree

    def within(self, area: Any, near: LonLat) -> MapFeatures:  # noqa: ANN401 - shapely's type of any geometry
        """Take what lies in an area, the most important first, as it is drawn."""
        rows = np.sort(self.tree.query(area, predicate="intersects"))
        shapes, name, importance = self.geometry[rows], self.name[rows], self.importance[rows]
        if KINDS[self.number] in LINES:
            shapes, name, importance = _cut(area, shapes, name, importance)
            second = -_lengths_km(shapes)
        else:
            second = _nearest_m(shapes, near)
        west, south, _, _ = shapely.bounds(shapes).reshape(-1, 4).T
        order = np.lexsort([south, west, name.astype(str), second, importance])
        pixels = shapely.transform(shapes[order], to_pixels)
        lighter = shapely.simplify(pixels, TOLERANCE_PX, preserve_topology=False)
        return whole_pixels(self.number, name[order].tolist(), lighter)


def _pool(number: int, layers: Sequence[ContextLayer]) -> _Pool:
    geometry = np.concatenate([layer.geometry for layer in layers])
    return _Pool(
        number,
        np.concatenate([layer.name for layer in layers]),
        np.concatenate([layer.importance for layer in layers]),
        geometry,
        shapely.STRtree(geometry),
    )


def _cut(
    area: Any,  # noqa: ANN401 - shapely's type of any geometry
    shapes: NDArray[np.object_],
    name: NDArray[np.object_],
    importance: NDArray[np.float64],
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.float64]]:
    """Cut lines to an area; those of one name and importance that meet become one, so that a road is as long as it is."""
    shapely.prepare(area)
    inside = shapely.contains_properly(area, shapes)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    whole = inside[owner]
    pieces, piece_of = _pieces_within(area, parts[~whole], owner[~whole])
    parts, owner = np.concatenate([parts[whole], pieces]), np.concatenate([owner[whole], piece_of])
    groups = pd.DataFrame({"importance": importance[owner], "name": name[owner]}).groupby(
        ["importance", "name"], sort=True
    )
    merged, of = [], []
    for rows in groups.indices.values():
        together = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts[rows])))
        merged.append(together)
        of.append(np.full(len(together), owner[rows[0]]))
    if not merged:
        return parts, name[owner], importance[owner]
    kept = np.concatenate(of)
    return np.concatenate(merged), name[kept], importance[kept]


def _pieces_within(
    area: Any,  # noqa: ANN401 - shapely's type of any geometry
    lines: NDArray[np.object_],
    owner: NDArray[np.intp],
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Cut lines to an area, edge by edge: a line that crosses itself a thousand times is not taken apart where it does."""
    at, of = shapely.get_coordinates(lines, return_index=True)
    edges = (of[1:] == of[:-1]) & (at[1:] != at[:-1]).any(axis=1)
    pieces = np.asarray(shapely.linestrings(np.stack([at[:-1][edges], at[1:][edges]], axis=1)), dtype=object)
    owner = owner[of[1:][edges]]
    inside = shapely.contains_properly(area, pieces)
    crossing = np.flatnonzero(~inside & shapely.intersects(area, pieces))
    cut, which = shapely.get_parts(shapely.intersection(pieces[crossing], area), return_index=True)
    drawn = shapely.get_dimensions(cut) == 1  # not where an edge touches the border in a point
    return (
        np.concatenate([pieces[inside], cut[drawn]]),
        np.concatenate([owner[inside], owner[crossing[which[drawn]]]]),
    )


def _lengths_km(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure lines on WGS 84, to a thousandth or so: only their order counts."""
    at, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.diff(at, axis=0)
    metres = metres_per_degree((at[1:, 1] + at[:-1, 1]) / 2.0)
    length = np.hypot(step[:, 0] * metres.lon, step[:, 1] * metres.lat) / 1000.0
    same = owner[1:] == owner[:-1]
    summed = np.bincount(owner[1:][same], weights=length[same], minlength=len(lines))
    return np.asarray(summed, dtype=np.float64)


def _nearest_m(points: NDArray[np.object_], near: LonLat) -> NDArray[np.float64]:
    """Measure from points to the nearest of some places, along straight lines; 0 where there is none."""
    if not len(near.lon) or not len(points):
        return np.zeros(len(points))
    at = shapely.get_coordinates(points)
    distance, _ = cKDTree(earth_centred(near)).query(earth_centred(LonLat(at[:, 0], at[:, 1])))
    return np.asarray(distance, dtype=np.float64)
