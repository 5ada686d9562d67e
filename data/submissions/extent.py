"""The area a submission speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..geodesy.crs import to_lonlat
from ..readers.vector import read_vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import Findings
    from ..project.models import SubmissionSource


class Extent(NamedTuple):
    """Limits of a submission; None where there is no such limit.

    ``provinces`` holds province codes, ``geometries`` polygons in EPSG:4326.
    """

    provinces: frozenset[str] | None
    geometries: NDArray[np.object_] | None


def read_extent(source: SubmissionSource, communes: Communes | None, findings: Findings) -> Extent | None:
    """Find out which area a submission speaks for.

    Parameters
    ----------
    source
        What the project file says about the submission.
    communes
        They know which provinces there are; None leaves the names of provinces unchecked.
    findings
        Told about province codes that no commune has, and about an unusable file of polygons.

    Returns
    -------
    Extent or None
        None after an error finding.
    """
    extent = source.extent
    if extent is None:
        return Extent(None, None)
    if extent.path is not None:
        table = read_vector(extent.path, layer=extent.layer, findings=findings, kinds=("polygon",))
        return None if table is None else Extent(None, to_lonlat(table.geometry, table.crs))
    if communes is None:
        return Extent(None, None)
    known = frozenset(str(code) for code in communes.frame["province_code"])
    named = frozenset(extent.provinces or extent.except_provinces)
    unknown = sorted(named - known)
    if unknown:
        findings.about(source.path, source.layer).add(
            "coverage.unknown-province", count=len(unknown), codes=unknown, known=sorted(known)
        )
        return None
    chosen = named if extent.provinces else known - named
    if not chosen:
        findings.about(source.path, source.layer).add("coverage.empty-extent")
        return None
    return Extent(chosen, None)
