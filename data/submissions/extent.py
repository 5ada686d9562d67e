"""The area a submission speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs import to_lonlat
from ..readers.facts import LayerFacts, Refused
from ..readers.formats import Requirements
from ..readers.vector import read_vector
from .outlines import meant_ground

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings, Findings
    from ..project.models import ExtentSource, SubmissionSource


class Extent(NamedTuple):
    """Limits of a submission; None where there is no such limit.

    ``provinces`` holds province codes, ``geometries`` polygons in EPSG:4326; ``facts`` is what is known of the
    file of these polygons, None where there is none.
    """

    provinces: frozenset[str] | None = None
    geometries: NDArray[np.object_] | None = None
    facts: LayerFacts | None = None


_POLYGONS = Requirements(kinds=("polygon",))


def read_extent(
    source: SubmissionSource, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> Extent | Refused[LayerFacts | None]:
    """Find out which area a submission speaks for.

    Parameters
    ----------
    source
        What the project file says about the submission.
    communes
        They know which provinces there are; None leaves the names of provinces unchecked.
    findings
        Told about province codes that no commune has, and about an unusable file of polygons.
    expected
        What the file of polygons must be.

    Returns
    -------
    Extent or Refused
        Refused after an error finding.
    """
    extent = source.extent
    if extent is None:
        return Extent()
    if extent.path is not None:
        table = read_vector(
            extent.path, layer=extent.layer, findings=findings, requirements=_POLYGONS, expected=expected
        )
        if isinstance(table, Refused):
            return table
        about = findings.about(extent.path, extent.layer)
        ground = meant_ground(
            table.geometry, table.crs, table.feature_id, about, is_shapefile=table.facts.is_shapefile
        )
        if ground is None:
            return Refused(table.facts)
        return Extent(geometries=to_lonlat(ground.geometries, table.crs, on_course=True), facts=table.facts)
    if communes is None:
        return Extent()
    provinces = _provinces(extent, communes, findings.about(source.path, source.layer))
    return Refused(None) if provinces is None else Extent(provinces)


def _provinces(extent: ExtentSource, communes: Communes, about: FileFindings) -> frozenset[str] | None:
    """Take the provinces that are named, or all others; None after an error finding."""
    known = frozenset(str(code) for code in communes.frame["province_code"])
    named = frozenset(extent.provinces or extent.except_provinces)
    unknown = sorted(named - known)
    if unknown:
        about.add("coverage.unknown-province", count=len(unknown), codes=unknown, known=sorted(known))
        return None
    chosen = named if extent.provinces else known - named
    if not chosen:
        about.add("coverage.empty-extent")
        return None
    return chosen
