"""What no count decides is drawn while people are still being counted, in the process beside, and kept by content.

Outlines in every detail, the land around them, pixels of coverage: the pages and tables of the run then find them, as a later run does.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..data.disk.kept import geometry_digest
from ..data.exports.published import published
from ..data.exports.write import ShownOutlines
from ..data.text.sentences import told
from ..progress import silent
from .encoding.pixel_rows import CoverageRows, coverage_rows, united
from .pages.map_data import MapData
from .pages.page import NATIONAL_STEPS, PROVINCE_STEPS
from .pages.payload import draw_standing
from .pages.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..data.disk.kept import KeptResults
    from ..data.project.profile import Profile
    from ..data.project.sections.values import Pages
    from ..data.submissions.reader import Submission
    from ..progress import Progress

MOSTLY = 0.5
"""A commune lies in an extent when this share of its ground does."""


class ToDraw(NamedTuple):
    """What is drawn ahead.

    Attributes
    ----------
    communes
        As they were read.
    submissions
        What is used of them.
    profile
        Says which of them count.
    neighbours
        Land of neighbouring countries, EPSG:4326; None where the project names none.
    former
        Names before a reform; None where the project names none.
    pages
        Which pages will be drawn.
    tolerance_deg
        How far outlines in tables may lie from the true ones, in degrees.
    """

    communes: gpd.GeoDataFrame
    submissions: tuple[Submission, ...]
    profile: Profile
    neighbours: NDArray[np.object_] | None
    former: pd.DataFrame | None
    pages: Pages
    tolerance_deg: float


def draw_ahead(what: ToDraw, kept: KeptResults) -> None:
    """Draw and keep what the pages and tables of the run will ask for; whatever is kept already is left as it is.

    Parameters
    ----------
    what
        Everything that decides it.
    kept
        Where it is kept.
    """
    frame = what.communes
    full = gpd.GeoDataFrame(published(frame[["code", "geometry"]], "communes"))
    digest = geometry_digest(full.geometry.to_numpy())
    ShownOutlines(what.tolerance_deg, kept, digest).of_communes(full)
    del full
    if what.pages == "none":
        return
    near = None if what.neighbours is None else gpd.GeoDataFrame(geometry=what.neighbours, crs=frame.crs)
    data = MapData(
        communes=frame,
        provinces=pd.DataFrame(),
        black_spots=gpd.GeoDataFrame(geometry=[], crs=frame.crs),
        coverage=drawn_coverage(frame, what.submissions, what.profile, kept),
        neighbours=near,
        former=what.former,
        outlines=digest,
    )
    shared = Shared(data, kept)
    every = np.arange(len(frame))
    if what.pages in {"all", "national"}:
        draw_standing(shared, every, NATIONAL_STEPS[0], whole=True)
    if what.pages in {"all", "provinces"}:
        for at in range(len(shared.provinces)):
            draw_standing(shared, np.flatnonzero(shared.province_of == at), PROVINCE_STEPS[0], whole=False)
    _ = shared.label_points
    shared.blocks.keep()


def drawn_coverage(
    frame: gpd.GeoDataFrame,
    submissions: Sequence[Submission],
    profile: Profile,
    kept: KeptResults,
    progress: Progress = None,
) -> tuple[CoverageRows, ...]:
    """Put every operator's coverage of a service on the pixel grid, as far as it counts as coverage.

    Parameters
    ----------
    frame
        The communes.
    submissions
        What is used of the submissions.
    profile
        Says which of them count.
    kept
        Has the pixels of the same coverage in an earlier run.
    progress
        Called with a fraction from 0 to 1 and the name of the step.
    """
    bounds = frame.total_bounds.tolist()
    layers: defaultdict[tuple[str, str], list[CoverageRows]] = defaultdict(list)
    tell, text = progress or silent, told("progress", "drawing")
    for number, submission in enumerate(submissions):
        tell(number / len(submissions), text)
        if not profile.counts(submission):  # planned or predicted: no figure counts it, no map shows it
            continue
        layers[submission.service, submission.operator].append(
            coverage_rows(
                submission.geometries,
                submission.crs,
                bounds=bounds,
                operator=submission.operator,
                service=submission.service,
                basis=submission.basis,
                vintage=submission.vintage,
                no_data_codes=_codes_outside(submission, frame),
                kept=kept,
                name=f"coverage-{number}",
            )
        )
    return tuple(united(layers[key]) for key in sorted(layers))


def _codes_outside(submission: Submission, frame: gpd.GeoDataFrame) -> list[str]:
    """Name the communes of which a submission speaks for less than half of the ground."""
    outside = np.zeros(len(frame), dtype=np.bool_)
    if submission.extent_provinces is not None:
        outside |= ~frame["province_code"].isin(submission.extent_provinces).to_numpy()
    if submission.extent_geometries is not None:
        shapes = frame.geometry.to_numpy()
        whole = shapely.union_all(shapely.make_valid(submission.extent_geometries))
        shapely.prepare(whole)
        inside = shapely.covers(whole, shapes)
        cut = np.flatnonzero(shapely.intersects(whole, shapes) & ~inside)
        share = np.where(inside, 1.0, 0.0)
        part = shapely.area(shapely.intersection(shapely.make_valid(shapes[cut]), whole))
        share[cut] = part / np.maximum(shapely.area(shapes[cut]), np.finfo(np.float64).tiny)
        outside |= share < MOSTLY
    return [str(code) for code in frame.loc[outside, "code"]]
