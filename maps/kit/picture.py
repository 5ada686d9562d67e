"""A small map of the features to look at, as SVG inside a page: no script, no tiles, nothing from outside."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

import shapely

from ...data.geodesy.units import METRES_PER_DEGREE
from ...data.text.safe import clean_text
from ...data.text.sentences import say
from ...data.text.wording import localized

if TYPE_CHECKING:
    import geopandas
    import numpy as np
    from numpy.typing import NDArray

_WIDTH, _HEIGHT = 760.0, 620.0  # pixels
_LEAST_DEG = 0.04  # shown around a single place
_AROUND = 0.15  # of the features' extent, on every side
_SMALL_PX = 7.0  # what is smaller gets a ring around it
_MOST_DRAWN = 2000
_MOST_LABELS = 30
_BACKGROUND_VERTICES = 60_000
_KM_PER_DEGREE = METRES_PER_DEGREE / 1000.0


def draw_map(features: geopandas.GeoDataFrame, around: NDArray[np.object_], language: str) -> str:
    """Draw features on their surroundings, north up, with a frame of degrees and a scale.

    Parameters
    ----------
    features
        ``feature_id`` and geometry in EPSG:4326; rows without geometry are passed over.
    around
        Outlines to draw beneath, in EPSG:4326; may be empty.
    language
        vi or en, for the letters beside degrees.

    Returns
    -------
    str
        An ``svg`` element; empty where no feature has a place.
    """
    all_shapes = features.geometry.to_numpy()
    shown = (
        features[~(shapely.is_missing(all_shapes) | shapely.is_empty(all_shapes))]
        .drop_duplicates("feature_id")
        .iloc[:_MOST_DRAWN]
    )
    if shown.empty:
        return ""
    view = _View(shapely.total_bounds(shown.geometry.to_numpy()))
    window = shapely.box(*view.bounds)
    size = f'width="{view.width:.0f}" height="{view.height:.0f}"'
    lines = [
        f'<svg viewBox="0 0 {view.width:.0f} {view.height:.0f}" {size} role="img">',
        f'<rect {size} fill="#eef4f8"/>',
        *_ground(around, window, view),
        *_graticule(view, language),
    ]
    shapes = shapely.simplify(shown.geometry.to_numpy(), view.degree_per_px / 2)
    for name, shape in zip(shown["feature_id"], shapes, strict=True):
        title = html.escape(clean_text(str(name)))
        lines.append(f'<g fill="#c0392b" fill-opacity="0.45" stroke="#8e1b10"><title>{title}</title>')
        lines.append(_drawn(shape, view))
        west, south, east, north = shapely.bounds(shape).tolist()
        if max(east - west, north - south) / view.degree_per_px < _SMALL_PX:
            x, y = view.at((west + east) / 2, (south + north) / 2)
            lines.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_SMALL_PX:.0f}" fill="none" stroke-width="1.5"/>'
            )
        lines.append("</g>")
    lines += [*_labels(shown, view), *_scale(view), "</svg>"]
    return "\n".join(lines)


class _View:
    """From degrees to pixels, with the same scale in both directions on the ground."""

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        west, south, east, north = (float(edge) for edge in bounds)
        mid_latitude = (south + north) / 2
        self.narrow = max(0.1, math.cos(math.radians(mid_latitude)))
        wide = max((east - west) * (1 + 2 * _AROUND), _LEAST_DEG / self.narrow)
        high = max((north - south) * (1 + 2 * _AROUND), _LEAST_DEG)
        self.degree_per_px = max(wide * self.narrow / _WIDTH, high / _HEIGHT)
        high = max(high, 0.45 * _WIDTH * self.degree_per_px)  # no strip that nobody can read
        self.width = max(wide * self.narrow, high * 0.6) / self.degree_per_px
        self.height = min(_HEIGHT, high / self.degree_per_px)
        wide, high = self.width * self.degree_per_px / self.narrow, self.height * self.degree_per_px
        centre = (west + east) / 2
        self.bounds = (centre - wide / 2, mid_latitude - high / 2, centre + wide / 2, mid_latitude + high / 2)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give x and y in pixels."""
        return (
            (lon - self.bounds[0]) * self.narrow / self.degree_per_px,
            (self.bounds[3] - lat) / self.degree_per_px,
        )


def _ground(around: NDArray[np.object_], window: shapely.Geometry, view: _View) -> list[str]:
    near = around[shapely.intersects(shapely.envelope(around), window)] if len(around) else around
    if not len(near):
        return []
    coarse = shapely.simplify(near, view.degree_per_px, preserve_topology=False)
    if shapely.get_num_coordinates(coarse).sum() > _BACKGROUND_VERTICES:
        return []  # a country of communes on one picture is no help
    clipped = shapely.clip_by_rect(coarse, *view.bounds)
    return [
        '<g fill="#fbfaf5" stroke="#9a9a8c" stroke-width="0.7">',
        *(_drawn(shape, view) for shape in clipped if not shape.is_empty),
        "</g>",
    ]


def _drawn(shape: shapely.Geometry, view: _View) -> str:
    pieces = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            x, y = view.at(part.x, part.y)
            pieces.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
            continue
        is_area = part.geom_type == "Polygon"
        rings = [part.exterior, *part.interiors] if is_area else [part]
        path = "".join(_path(ring, view) + ("Z" if is_area else "") for ring in rings)
        pieces.append(f'<path d="{path}" fill-rule="evenodd"' + ("/>" if is_area else ' fill="none"/>'))
    return "".join(pieces)


def _path(ring: shapely.Geometry, view: _View) -> str:
    places = [view.at(lon, lat) for lon, lat in shapely.get_coordinates(ring).tolist()]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _labels(shown: geopandas.GeoDataFrame, view: _View) -> list[str]:
    """Write the names of the first features, where they do not cover each other."""
    taken: list[tuple[float, float]] = []
    lines = ['<g font-size="11" fill="#5c120a" stroke="#fff" stroke-width="2.5" paint-order="stroke">']
    for name, shape in zip(shown["feature_id"], shown.geometry, strict=True):
        west, south, east, north = shapely.bounds(shape).tolist()
        x, y = view.at((west + east) / 2, (south + north) / 2)
        if len(taken) == _MOST_LABELS or any(abs(x - a) < 60 and abs(y - b) < 14 for a, b in taken):
            continue
        taken.append((x, y))
        lines.append(
            f'<text x="{x + 8:.1f}" y="{y - 6:.1f}">{html.escape(clean_text(str(name))[:24])}</text>'
        )
    return [*lines, "</g>"]


def _graticule(view: _View, language: str) -> list[str]:
    west, south, east, north = view.bounds
    step = _round_step(max(east - west, north - south) / 4)
    digits = max(0, -math.floor(math.log10(step)))

    def degrees(direction: str, number: float) -> str:
        return say(
            "kit", f"degrees.{direction}", language, number=localized(f"{number:.{digits}f}", language)
        )

    lines = ['<g stroke="#b8c4cc" stroke-width="0.6" font-size="11" fill="#55626b">']
    for number in range(math.ceil(west / step), math.floor(east / step) + 1):
        x, _ = view.at(number * step, south)
        lines.append(f'<path d="M{x:.1f} 0V{view.height:.0f}"/>')
        lines.append(
            f'<text x="{x + 3:.1f}" y="{view.height - 4:.0f}" stroke="none">{degrees("east", number * step)}</text>'
        )
    for number in range(math.ceil(south / step), math.floor(north / step) + 1):
        _, y = view.at(west, number * step)
        lines.append(f'<path d="M0 {y:.1f}H{view.width:.0f}"/>')
        lines.append(f'<text x="3" y="{y - 3:.1f}" stroke="none">{degrees("north", number * step)}</text>')
    return [*lines, "</g>"]


def _scale(view: _View) -> list[str]:
    km = _round_step(view.degree_per_px * _KM_PER_DEGREE * 150)
    length = km / _KM_PER_DEGREE / view.degree_per_px
    right = view.width - 12
    words = f"{km:g} km" if km >= 1 else f"{km * 1000:g} m"  # whole numbers: steps of 1, 2 and 5
    return [
        f'<path d="M{right - length:.1f} 14H{right:.1f}" stroke="#222" stroke-width="3"/>',
        f'<text x="{right:.0f}" y="30" font-size="12" text-anchor="end" fill="#222">{words}</text>',
    ]


def _round_step(value: float) -> float:
    """Give the largest of 1, 2 and 5 times a power of ten that is not above a value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= value * 1.0000001)
