"""Rasters of signal strength into the polygons above a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import WorkplaceError
from ..disk.hashing import ANYTHING, Expected
from ..isolation.answers import TracedAnswer
from ..isolation.client import isolated
from ..isolation.reply import BadReplyError, load_table
from ..isolation.wkb import parse_wkb
from ..text.sentences import phrase
from .facts import LayerFacts, Refused
from .levels import is_dbm, reach_of, survey_levels
from .raster import open_raster
from .raster_cells import RasterCells

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyproj
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings, Findings
    from .levels import LevelSurvey, Reach
    from .raster_cells import RasterFile


@dataclass(frozen=True, slots=True)
class SignalArea:
    """The cells of a raster at or above a threshold.

    Attributes
    ----------
    geometry
        Polygons along the edges of cells, in ``crs``. A patch that crosses a reading window is in pieces
        that touch.
    crs
        Coordinate reference system of the raster.
    facts
        What is known of the raster.
    """

    geometry: NDArray[np.object_]
    crs: pyproj.CRS
    facts: LayerFacts


def read_signal(
    path: Path, threshold: float, *, crs: str, findings: Findings, expected: Expected = ANYTHING
) -> SignalArea | Refused[LayerFacts]:
    """Trace the cells of a raster that reach a threshold.

    Where the threshold is a level in dBm, cells that hold no level, such as 0, are not covered.

    Parameters
    ----------
    path
        A GeoTIFF.
    threshold
        Cells of this value and above are covered, in the raster's own unit.
    crs
        What the project file says, for files that state no coordinate reference system.
    findings
        Told every problem, when all cells or none reach the threshold, and which share of them does; asked where
        threshold and values do not belong together.
    expected
        What the file must be.

    Returns
    -------
    SignalArea or Refused
        Refused after an error finding.
    """
    raster = open_raster(path, crs=crs, findings=findings, expected=expected)
    if isinstance(raster, Refused):
        return raster
    about = findings.about(path)
    folder = raster.folder
    if folder is None:
        raise WorkplaceError(f"{path}: has not been unpacked")
    survey = survey_levels(RasterCells(raster))
    reach = _reach(survey, threshold, raster, about)
    if reach is None:
        return Refused(raster.facts)
    highest = reach.highest if math.isfinite(reach.highest) else None
    arguments = {"lowest": reach.lowest, "highest": highest, "negated": reach.negated}
    traced = isolated("trace", folder, about, {"cells": described(raster)} | arguments, TracedAnswer)
    if traced is None:
        return Refused(raster.facts)
    try:
        geometry = _outlines(folder.outside, traced, survey)
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return Refused(raster.facts)
    values = phrase("values", lowest=survey.lowest, highest=survey.highest) if survey.known else "-"
    if not len(geometry):
        about.add("coverage.nothing-reaches-threshold", threshold=reach.lowest, values=values)
        return Refused(raster.facts)
    if traced.covered == survey.known:
        about.add("coverage.all-reaches-threshold", threshold=reach.lowest, values=values)
    _report_states(survey, reach, traced.covered, about)
    return SignalArea(geometry, raster.crs, raster.facts)


def _outlines(left: Path, traced: TracedAnswer, survey: LevelSurvey) -> NDArray[np.object_]:
    """Take the outlines that were left, if they come from the cells that were looked at."""
    if traced.known != survey.known:
        raise BadReplyError("counts")
    return parse_wkb(load_table(left / OUTLINES, ["wkb"]).column("wkb"))


def _reach(survey: LevelSurvey, threshold: float, raster: RasterFile, about: FileFindings) -> Reach | None:
    """Find out which cells the threshold means, and whether any of them could be without data."""
    reach = reach_of(survey, threshold, about)
    if reach is None:
        return None
    unmarked = survey.known == survey.cells and not raster.nodata and not raster.has_mask
    if unmarked and math.isinf(reach.highest):  # levels in dBm leave no doubt which cells hold none
        about.add("coverage.no-nodata")
        return None
    named = "rssi" in raster.facts.path.stem.lower()
    if (
        is_dbm(reach.lowest)
        and (raster.says_rssi or named)
        and not about.ask("coverage.rssi", threshold=reach.lowest)
    ):
        return None
    return reach


def _report_states(survey: LevelSurvey, reach: Reach, covered: int, about: FileFindings) -> None:
    """Say which share of the cells is covered, is not, holds no level, and has no data."""
    can_be_covered = survey.known
    if math.isfinite(reach.highest):
        can_be_covered = survey.unsigned if reach.negated else survey.levels
    shares = {
        "covered": covered,
        "below": can_be_covered - covered,
        "background": survey.known - can_be_covered,
        "no_data": survey.cells - survey.known,
    }
    told: dict[str, Any] = {f"{state}_pct": 100 * count / survey.cells for state, count in shares.items()}
    about.add("coverage.signal-states", threshold=reach.lowest, **told)


OUTLINES = "outlines.arrow"
"""Name of the file that takes the outlines: a column ``wkb``."""

SENT = ("width", "height", "dtype", "has_mask", "scale", "offset", "south_first", "block_rows", "block_cols")


def described(raster: RasterFile) -> dict[str, Any]:
    """Say what :func:`trace` needs to know of a raster, in types of JSON.

    Parameters
    ----------
    raster
        An unpacked raster.
    """
    sent = {name: getattr(raster, name) for name in SENT}
    return sent | {"nodata": list(raster.nodata), "transform": list(raster.transform[:6])}
