"""Roads, rivers and villages of the small made-up country of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from blackspot.data.context.read import ContextLayer
from blackspot.data.readers.facts import LayerFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blackspot.data.project.sections.context import ContextKind


def layer(
    kind: ContextKind, shapes: Sequence[Any], names: Sequence[str] = (), importance: Sequence[float] = ()
) -> ContextLayer:
    """Put shapes together as they are read from a file."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = list(shapes)
    return ContextLayer(
        kind,
        np.array(list(names) or [""] * len(shapes), dtype=object),
        np.array(list(importance) or [0.0] * len(shapes)),
        geometry,
        LayerFacts(Path(f"{kind}.gpkg")),
    )


def made_layers(seed: int = 5) -> list[ContextLayer]:
    """Draw two main roads, fifty tracks, a winding river, contours, and points of every kind over the mainland."""
    rng = np.random.default_rng(seed)
    west, south, east, north = 105.0, 15.0, 105.8, 15.8
    along = np.linspace(west - 0.3, east + 0.3, 400)
    river = np.column_stack([along, 15.4 + 0.05 * np.sin(along * 40) + 0.02 * np.sin(along * 170)])
    roads = [
        shapely.LineString([(west - 0.3, 15.1), (105.4, 15.25), (east + 0.3, 15.62)]),
        shapely.LineString([(105.3, south - 0.3), (105.42, 15.4), (105.35, north + 0.3)]),
    ]
    starts = rng.uniform([west, south], [east, north], (50, 2))
    roads += [
        shapely.LineString(np.cumsum(np.vstack([at, rng.normal(0, 0.006, (12, 2))]), axis=0)) for at in starts
    ]
    heights = [shapely.Point(105.2, 15.62).buffer(0.02 * ring).exterior for ring in range(1, 6)]
    villages = rng.uniform([west, south], [east, north], (120, 2))
    places = {"schools": 12, "clinics": 6, "border_posts": 4}
    layers = [
        layer("contours", heights, [f"{1000 - 100 * ring}" for ring in range(5)]),
        layer("rivers", [shapely.LineString(river)], ["Sông Mẫu"]),
        layer("roads", roads, ["QL.1", "ĐT.2", *[""] * 50], [0.0, 1.0, *[2.0] * 50]),
        layer("power_lines", [shapely.LineString([(105.05, 15.75), (105.75, 15.05)])]),
        layer("villages", shapely.points(villages).tolist(), [f"Bản Mẫu {at}" for at in range(120)]),
    ]
    for kind, count in places.items():
        at = shapely.points(rng.uniform([west, south], [east, north], (count, 2))).tolist()
        layers.append(layer(kind, at, [f"{kind.title()} {number}" for number in range(count)]))  # type: ignore[arg-type] # a word of the dictionary
    return layers
