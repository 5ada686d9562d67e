"""The blocks of data of one page: what they hold, and how large they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ...data.text.sentences import told
from ...data.text.slug import slug
from ...progress import silent
from ..encoding.former import encode_former
from ..encoding.rows import encode_rows
from ..encoding.shapes import encode_numbers, encode_topology
from ..encoding.spots import past_spots_block, spots_block
from ..encoding.topology import QUANTUM_PER_DEGREE, build_topology
from ..encoding.varint import deflate
from .changes import change_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ...progress import Progress
    from .shared import Shared

_MARGIN_OF_SIDE = 2.0  # land around the communes reaches this many times their longer side
_LEAST_MARGIN_DEG = 1.0
_MOST_MARGIN_DEG = 12.0


@dataclass(frozen=True, slots=True)
class Detail:
    """How fine the shapes of a page are.

    ``tolerance`` in quanta (0 is full detail), ``zoom`` of the coverage, whether black spots keep outlines, and the
    tolerance of these.
    """

    tolerance: float
    zoom: int
    outlines: bool = True
    spot_tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Payload:
    """The blocks of a page by their ids, and what the page must know to read them."""

    blocks: dict[str, bytes]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes the blocks take in the page, in base64."""
        return sum((len(content) + 2) // 3 * 4 for content in self.blocks.values())


def build_payload(
    shared: Shared, rows: NDArray[np.int64], detail: Detail, *, whole: bool, progress: Progress = None
) -> Payload:
    """Encode the data of a page.

    Parameters
    ----------
    shared
        The run.
    rows
        Rows of the communes on the page, ascending.
    detail
        How fine the shapes are.
    whole
        Whether these are all communes of the run.
    progress
        Told the share done, from 0 to 1.
    """
    say, text = progress or silent, told("progress", "drawing")
    page, bounds = _page(rows, whole=whole), _bounds(shared, rows)
    shapes = _shapes(shared, rows, detail.tolerance, page, whole=whole)
    say(0.18, text)
    blocks = {
        "bs-names": _json(_names(shared, rows)),
        "bs-numbers": encode_numbers(
            shared.number_columns, {name: values[rows] for name, values in shared.numbers.items()}
        ),
        "bs-shapes": shapes,
        "bs-texts": _json(_texts(shared, rows)),
    }
    facts: dict[str, Any] = {
        "bounds": [round(float(edge), 5) for edge in bounds],
        "quantum": QUANTUM_PER_DEGREE,
        "columns": [asdict(column) for column in shared.number_columns],
        "previousColumns": [asdict(column) for column in shared.previous_columns],
    }
    if shared.previous_columns:
        previous = {name: values[rows] for name, values in shared.previous_numbers.items()}
        blocks["bs-previous"] = encode_numbers(shared.previous_columns, previous)
    codes = shared.data.communes["code"].to_numpy(dtype=object)[rows]
    say(0.26, text)
    spots = spots_block(
        shared.spots,
        codes,
        outlines=detail.outlines,
        tolerance_deg=detail.spot_tolerance / QUANTUM_PER_DEGREE,
    )
    blocks["bs-spots"], blocks["bs-spot-ids"], facts["spots"] = spots.content, _json(spots.ids), spots.facts
    if spots.places:
        blocks["bs-spot-places"] = _json(spots.places)
    say(0.31, text)
    blocks |= shared.explained.blocks(rows, *shared.spots.in_order(codes))
    say(0.75, text)
    if shared.data.previous is not None:
        blocks["bs-past-spots"], facts["pastSpots"] = past_spots_block(
            shared.data.previous.black_spots, codes
        )
    blocks |= _former(shared, rows, page)
    if shared.data.changes is not None:
        blocks["bs-changes"], events = change_blocks(shared.data.changes, codes)
        blocks["bs-events"] = _json(events)
    facts["coverage"] = _add_coverage(blocks, shared, codes, None if whole else bounds, detail.zoom, page)
    blocks |= _grounds(shared, rows, bounds, page, whole=whole)
    return Payload(blocks, facts)


def draw_standing(shared: Shared, rows: NDArray[np.int64], detail: Detail, *, whole: bool) -> None:
    """Draw what the inputs alone decide of a page, so that it is kept.

    Parameters
    ----------
    shared
        The run; of it only the communes, the coverage, the neighbours and the former names are asked for.
    rows, detail, whole
        As in :func:`build_payload`.
    """
    page, bounds = _page(rows, whole=whole), _bounds(shared, rows)
    codes = shared.data.communes["code"].to_numpy(dtype=object)[rows]
    _shapes(shared, rows, detail.tolerance, page, whole=whole)
    _former(shared, rows, page)
    _add_coverage({}, shared, codes, None if whole else bounds, detail.zoom, page)
    _grounds(shared, rows, bounds, page, whole=whole)


def _page(rows: NDArray[np.int64], *, whole: bool) -> str:
    """Name a page by its communes."""
    return "country" if whole else hashlib.sha256(rows.astype(np.int64).tobytes()).hexdigest()


def _shapes(shared: Shared, rows: NDArray[np.int64], tolerance: float, page: str, *, whole: bool) -> bytes:
    """Encode the outlines of the communes of a page."""

    def encoded() -> bytes:
        topology = shared.simplified(tolerance)
        return encode_topology(topology if whole else topology.subset(rows))

    return shared.blocks.shapes.block(f"{page} {tolerance!r}", encoded)


def _grounds(
    shared: Shared, rows: NDArray[np.int64], bounds: NDArray[np.float64], page: str, *, whole: bool
) -> dict[str, bytes]:
    """Give the land around the communes, and on the page of a province the other provinces."""

    def others() -> NDArray[np.object_]:
        return shared.province_shapes[
            np.setdiff1d(np.arange(len(shared.provinces)), shared.province_of[rows])
        ]

    kinds: dict[str, Callable[[], NDArray[np.object_]]]
    kinds = {"bs-neighbours": lambda: shared.land, "bs-strip": lambda: shared.border_strip}
    kinds |= {} if whole else {"bs-country": others}
    found = {
        name: shared.blocks.grounds.block(f"{page} {name}", lambda shapes=shapes: _land(shapes(), bounds))  # type: ignore[misc]
        for name, shapes in kinds.items()
    }
    return {name: content for name, content in found.items() if content}


def _bounds(shared: Shared, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    box = shared.bounds[rows]
    return np.array([*box[:, :2].min(axis=0), *box[:, 2:].max(axis=0)])


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return deflate(text.encode("utf-8", "backslashreplace"))


def _names(shared: Shared, rows: NDArray[np.int64]) -> dict[str, Any]:
    frame = shared.data.communes.iloc[rows]
    return {
        "code": frame["code"].astype(str).tolist(),
        "name": frame["name"].fillna("").astype(str).tolist(),
        "province": shared.province_of[rows].tolist(),
        "type": shared.types[rows].tolist(),
        "flags": shared.flags[rows].tolist(),
        "x": shared.label_points[rows, 0].tolist(),
        "y": shared.label_points[rows, 1].tolist(),
    }


def _former(shared: Shared, rows: NDArray[np.int64], page: str) -> dict[str, bytes]:
    """Former names that lead to communes of the page; nothing where there are none."""

    def encoded() -> bytes:
        former = shared.former[shared.former["row"].isin(rows)]
        at = np.searchsorted(rows, former["row"].to_numpy())
        names, places = former["name"].tolist(), former["place"].tolist()
        return encode_former(at, names, places, len(rows)) if len(former) else b""

    block = shared.blocks.former.block(page, encoded)
    return {"bs-former": block} if block else {}


def _texts(shared: Shared, rows: NDArray[np.int64]) -> dict[str, Any]:
    """Texts of the card, each different one once: bases of the setting, source of the people."""
    frame = shared.data.communes.iloc[rows]
    wanted = ("is_rural_basis", "is_border_basis", "is_island_basis", "pop_source")
    found: dict[str, Any] = {}
    for name in wanted:
        if name in frame:
            values, index = np.unique(
                frame[name].fillna("").astype(str).to_numpy(dtype=object), return_inverse=True
            )
            found[name] = {"values": values.tolist(), "index": index.tolist()}
    return found


def _add_coverage(
    blocks: dict[str, bytes],
    shared: Shared,
    codes: NDArray[np.object_],
    bounds: NDArray[np.float64] | None,
    zoom: int,
    page: str,
) -> list[dict[str, Any]]:
    zoom = min([zoom, *(one.zoom for one in shared.data.coverage)])

    def encoded(number: int) -> bytes:
        rows = shared.coverage_at(zoom)[number]
        return encode_rows(rows if bounds is None else rows.clipped(bounds.tolist()))

    listed = []
    for number, rows in enumerate(shared.data.coverage):
        name = f"bs-cover-{number}"
        blocks[name] = shared.blocks.coverage.block(
            f"{page} {zoom} {number}",
            lambda number=number: encoded(number),  # type: ignore[misc]
        )
        listed.append(
            {
                "block": name,
                "operator": rows.operator,
                "slug": slug(rows.operator),
                "service": rows.service,
                "zoom": zoom,
                "basis": rows.basis,
                "vintage": rows.vintage,
                "silent": _ranges(np.isin(codes.astype(str), rows.no_data_codes)),
            }
        )
    return listed


def _ranges(selected: NDArray[np.bool_]) -> list[int]:
    """Write selected rows as first and count of each stretch; the communes of a province lie together."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], selected, [False]]).astype(np.int8)))
    ends = turns.reshape(-1, 2)
    pairs = np.column_stack([ends[:, 0], ends[:, 1] - ends[:, 0]])
    return [int(value) for value in pairs.ravel()]


def _land(shapes: NDArray[np.object_], bounds: NDArray[np.float64]) -> bytes:
    """Encode land around the communes, cut to a box; empty where there is none."""
    west, south, east, north = bounds
    side = float(max(east - west, north - south))
    margin = min(max(_LEAST_MARGIN_DEG, _MARGIN_OF_SIDE * side), _MOST_MARGIN_DEG)
    cut = shapely.clip_by_rect(shapes, west - margin, south - margin, east + margin, north + margin)
    parts = shapely.get_parts(cut[~shapely.is_empty(cut)])
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return encode_topology(build_topology(polygons)) if len(polygons) else b""


def as_table(figures: Sequence[Mapping[str, float]]) -> dict[str, list[Any]]:
    """Put the figures of provinces into one table: their names once, to a thousandth like those of communes.

    Parameters
    ----------
    figures
        Of each province, by name; empty for those that the page says nothing of.
    """
    names = sorted({name for one in figures for name in one})
    rows = [[_short(one.get(name)) for name in names] if one else [] for one in figures]
    return {"names": names, "rows": rows}


def _short(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = round(value, 6 if abs(value) <= 1 else 3)  # shares keep their digits
    return int(rounded) if rounded.is_integer() else rounded
