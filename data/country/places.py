"""Names of settlements, to say near which one a black spot lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs import to_lonlat
from ..geodesy.operation import Operation
from ..geodesy.places import LonLat
from ..readers.facts import LayerFacts, Refused, tell_read
from ..readers.formats import Requirements
from ..readers.vector import read_vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from ..findings.collector import Findings
    from ..project.profile import PlacesSource


class NamedPlaces(NamedTuple):
    """Settlements with their names, shape (n,) each; no name is empty. ``facts`` is what is known of their file."""

    name: NDArray[np.object_]
    lonlat: LonLat
    facts: LayerFacts


CLASSES = (NamedPlaces, LonLat, LayerFacts, Operation)
"""All classes that named places are made of."""


def read_places(source: PlacesSource, findings: Findings, expected: Expected = ANYTHING) -> NamedPlaces:
    """Read a layer of named places.

    Parameters
    ----------
    source
        A vector file of points, and its column of names.
    findings
        Told every problem, and how many points have no name: these are left out.
    expected
        What the file must be.

    Returns
    -------
    NamedPlaces
        Empty after an error finding.
    """
    table = read_vector(
        source.path,
        layer=source.layer,
        crs=source.crs,
        columns=[source.column],
        findings=findings,
        requirements=Requirements(("point",)),
        expected=expected,
    )
    if isinstance(table, Refused):
        nothing = np.zeros(0)
        return NamedPlaces(np.zeros(0, dtype=object), LonLat(nothing, nothing), table.facts)
    given = table.columns[source.column]
    texts = ["" if gap else str(text).strip() for text, gap in zip(given, given.isna(), strict=True)]
    name = np.array(texts, dtype=object)
    unnamed = name == ""
    if unnamed.any():
        ids = table.feature_id[unnamed].tolist()
        about = findings.about(source.path, source.layer)
        about.add("places.no-name", column=source.column, count=len(ids), ids=ids)
    at = shapely.get_coordinates(shapely.centroid(to_lonlat(table.geometry, table.crs)))
    kept = ~unnamed & np.isfinite(at).all(axis=1)  # what a projection cannot place is near nothing
    tell_read(table.facts, len(name[kept]), "lines")
    return NamedPlaces(name[kept], LonLat(at[kept, 0], at[kept, 1]), table.facts)


def together(layers: Sequence[tuple[ArrayLike, ArrayLike, LayerFacts]]) -> NamedPlaces | None:
    """Take settlements that were read for another purpose as named places; those without a name are left out.

    Parameters
    ----------
    layers
        Of each file the names, shape (n,); longitudes and latitudes in degrees, EPSG:4326, shape (n, 2); and its facts.

    Returns
    -------
    NamedPlaces or None
        With the facts of the first file; None without any file.
    """
    if not layers:
        return None
    name = np.concatenate([np.asarray(names, dtype=object) for names, _, _ in layers])
    at = np.concatenate([np.asarray(lonlat, dtype=np.float64).reshape(-1, 2) for _, lonlat, _ in layers])
    kept = name.astype(str) != ""
    return NamedPlaces(name[kept], LonLat(at[kept, 0], at[kept, 1]), layers[0][2])
