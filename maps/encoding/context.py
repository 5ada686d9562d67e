"""What lies around black spots as bytes: lines and points in pixels of the finest zoom, as many as have room.

The decoder in ``static/draw/context.js`` reads them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from .varint import deflate, inflate, pack, pack_signed, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINEST_ZOOM: Final = 14
WORLD_PX: Final = 256 * 2**FINEST_ZOOM
"""Pixels around the world at the finest zoom of the pages, on Web Mercator; one is 9.6 m at the equator."""

TOLERANCE_PX: Final = 1.0
"""How far a line may be drawn beside its course."""

_FEATURE_BYTES: Final = 4  # its count of points, its name's number, and the step to it
_SPARE: Final = 0.98  # of the room is aimed at; how well content packs is known only once it is packed


class MapFeatures(NamedTuple):
    """Lines and points of one page, kind by kind, of each kind the most important first.

    Attributes
    ----------
    kind
        Number of the kind of each feature, ascending, int64 (n,).
    name
        Of each feature, without line breaks; may be empty; length n.
    start
        Feature i has the points ``start[i]`` to ``start[i + 1]``; a single one is a point; int64 (n + 1,).
    points
        Pixels from the north-western corner of the world at the finest zoom, int64 (m, 2).
    """

    kind: NDArray[np.int64]
    name: list[str]
    start: NDArray[np.int64]
    points: NDArray[np.int64]

    def only(self, kept: NDArray[np.bool_]) -> MapFeatures:
        """Take some features."""
        count = np.diff(self.start)
        return MapFeatures(
            self.kind[kept],
            [name for name, keep in zip(self.name, kept.tolist(), strict=True) if keep],
            np.concatenate([[0], np.cumsum(count[kept])]).astype(np.int64),
            self.points[np.repeat(kept, count)],
        )


def to_pixels(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Project places to pixels of the finest zoom on Web Mercator (EPSG:3857), as Leaflet does.

    Parameters
    ----------
    lonlat
        Degrees, EPSG:4326, shape (n, 2); latitudes beyond 85.05 degrees are moved there.
    """
    sine = np.sin(np.radians(np.clip(lonlat[:, 1], -85.05, 85.05)))
    x = lonlat[:, 0] / 360.0 + 0.5
    y = 0.5 - np.log((1.0 + sine) / (1.0 - sine)) / (4.0 * np.pi)
    return np.column_stack([x, y]) * WORLD_PX


def whole_pixels(kind: int, names: list[str], shapes: NDArray[np.object_]) -> MapFeatures:
    """Round simple lines and points to whole pixels.

    Parameters
    ----------
    kind
        Number of their kind.
    names
        Of each, length n.
    shapes
        LineStrings or Points in pixels, shape (n,).

    Returns
    -------
    MapFeatures
        Lines that are shorter than a pixel are left out: nobody would see them.
    """
    at, owner = shapely.get_coordinates(shapes, return_index=True)
    points = np.rint(at).astype(np.int64)
    again = np.zeros(len(points), dtype=np.bool_)
    again[1:] = (owner[1:] == owner[:-1]) & (points[1:] == points[:-1]).all(axis=1)
    points, owner = points[~again], owner[~again]
    count = np.bincount(owner, minlength=len(shapes))
    whole = MapFeatures(
        np.full(len(shapes), kind, dtype=np.int64),
        names,
        np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        points,
    )
    is_line = shapely.get_dimensions(shapes) == 1
    return whole.only((count > 1) | ~is_line)


def joined(parts: list[MapFeatures]) -> MapFeatures:
    """Put kinds together, in the order they are given."""
    counts = [np.diff(part.start) for part in parts]
    return MapFeatures(
        np.concatenate([part.kind for part in parts] or [np.zeros(0, np.int64)]),
        [name for part in parts for name in part.name],
        np.concatenate([[0], np.cumsum(np.concatenate(counts or [np.zeros(0, np.int64)]))]).astype(np.int64),
        np.concatenate([part.points for part in parts] or [np.zeros((0, 2), np.int64)]),
    )


def within(features: MapFeatures, room: int) -> tuple[bytes, MapFeatures]:
    """Encode as many features as have room.

    Each kind gets the same room, and what one does not need is divided among the others (max-min fairness, Bertsekas
    and Gallager, Data Networks, 1992, 6.5.2): features are taken in the order of the bytes that they and the more
    important ones of their kind take.

    Parameters
    ----------
    features
        All of them.
    room
        Bytes that the block may take.

    Returns
    -------
    tuple
        The block, empty where nothing has room, and the features in it.
    """
    filled = _filled(features)
    order = np.argsort(filled, kind="stable")
    total = np.cumsum(_cost(features)[order])
    taken, kept, content = len(order), features, encode_context(features)
    while taken and len(content) > room:
        aim = total[taken - 1] * _SPARE * room / len(content)
        taken = min(taken - 1, int(np.searchsorted(total, aim, side="right")))
        chosen = np.zeros(len(order), dtype=np.bool_)
        chosen[order[:taken]] = True
        kept = features.only(chosen)
        content = encode_context(kept)
    return (content, kept) if taken else (b"", features.only(np.zeros(len(order), dtype=np.bool_)))


def _cost(features: MapFeatures) -> NDArray[np.int64]:
    """Say about how many bytes each feature takes before it is deflated."""
    count = np.diff(features.start)
    steps = np.abs(np.diff(features.points, axis=0, prepend=features.points[:1]))
    each = 1 + np.floor(np.log2(np.maximum(2 * steps, 1)) / 7).astype(np.int64)  # 7 bits to a byte
    per_point = each.sum(axis=1)
    per_point[features.start[:-1]] = _FEATURE_BYTES
    taken = np.add.reduceat(per_point, features.start[:-1]) if len(count) else np.zeros(0, np.int64)
    return np.asarray(
        taken + [len(name.encode("utf-8", "replace")) for name in features.name], dtype=np.int64
    )


def _filled(features: MapFeatures) -> NDArray[np.int64]:
    """Sum the bytes of each feature and the more important ones of its kind."""
    total = np.cumsum(_cost(features))
    first = np.searchsorted(features.kind, features.kind, side="left")
    before = np.concatenate([[0], total])[first]
    return np.asarray(total - before, dtype=np.int64)


def encode_context(features: MapFeatures) -> bytes:
    """Write features.

    Parameters
    ----------
    features
        Lines and points, kind by kind.

    Returns
    -------
    bytes
        Deflated: varints of the bytes that all names take, the number of features, of kinds and of bytes of the x stream;
        features per kind; points per feature; number of each feature's name, 0 for none; x steps; y steps (the first
        point of a feature from the first of the one before, the others from the point before); then the different names
        in UTF-8, in the order in which they come, a line break between them.
    """
    kinds = int(features.kind[-1]) + 1 if len(features.kind) else 0
    numbers: dict[str, int] = {}
    named = [numbers.setdefault(name, len(numbers) + 1) if name else 0 for name in features.name]
    content = "\n".join(numbers).encode("utf-8", "backslashreplace")
    steps = np.diff(features.points, axis=0, prepend=np.zeros((1, 2), np.int64))
    firsts = features.points[features.start[:-1]]
    steps[features.start[:-1]] = np.diff(firsts, axis=0, prepend=np.zeros((1, 2), np.int64))
    x, y = pack_signed(steps[:, 0]), pack_signed(steps[:, 1])
    head = pack([len(content), len(named), kinds, len(x)])
    counts = pack(np.bincount(features.kind, minlength=kinds)) + pack(np.diff(features.start))
    return deflate(head + counts + pack(named) + x + y + content)


def decode_context(content: bytes) -> MapFeatures:
    """Read features back.

    Raises
    ------
    ValueError
        The bytes are not what :func:`encode_context` writes.
    """
    whole = inflate(content)
    size = int(unpack(whole[: _first_end(whole)])[0])
    names = whole[len(whole) - size :].decode("utf-8").split("\n")
    numbers = unpack(whole[: len(whole) - size]).astype(np.int64)
    features, kinds = int(numbers[1]), int(numbers[2])
    at = 4 + kinds
    per_kind, count = numbers[4:at], numbers[at : at + features]
    named = numbers[at + features : at + 2 * features]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    folded = numbers[at + 2 * features :].reshape(2, int(start[-1])).T
    steps = (folded >> 1) ^ -(folded & 1)
    firsts = np.cumsum(steps[start[:-1]], axis=0)
    steps[start[:-1]] = 0
    travelled = np.cumsum(steps, axis=0)
    owner = np.repeat(np.arange(features), count)
    points = travelled - travelled[start[:-1]][owner] + firsts[owner]
    said = ["" if number == 0 else names[number - 1] for number in named.tolist()]
    return MapFeatures(np.repeat(np.arange(kinds), per_kind).astype(np.int64), said, start, points)


def _first_end(content: bytes) -> int:
    """Find where the first varint ends."""
    return next((at for at, byte in enumerate(content) if byte < 0x80), len(content) - 1) + 1
