"""What is judged: a submission with the measured ground it covers, and the reference country it is compared with.

A run measures on the spans of its own grid (:mod:`.sampled_ground`), the check of one file on an equal-area grid
(:mod:`.footprint`). The judge asks both the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np

from ...data.geodesy.crs import VIET_NAM_MAINLAND, to_lonlat
from ...data.submissions.versions import rows_of
from .verdicts import main_box

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from ...data.country.communes import Communes
    from ...data.project.models import SubmissionSource
    from ...data.submissions.reader import Submission

    Box = tuple[float, float, float, float]


class Measure(Protocol):
    """Ground that is covered, square kilometres; what is covered twice counts once."""

    @property
    def area_km2(self) -> float:
        """All of it, as far as two degrees beyond the country."""

    @property
    def in_communes_km2(self) -> NDArray[np.float64]:
        """What lies in each commune, shape (communes,)."""

    @property
    def commune_km2(self) -> NDArray[np.float64]:
        """The whole ground of each commune, covered or not, shape (communes,)."""

    def in_box_km2(self, box_4326: Box) -> float:
        """Measure what lies in a box: west, south, east, north."""

    def outside_km2(self, others: Sequence[Self]) -> NDArray[np.float64]:
        """Measure what lies in each commune and none of the others covers, shape (communes,)."""

    def agreement(self, other: Self) -> float:
        """Give shared over united ground, 0 to 1; 0 where both are empty."""

    def reaches(self, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which of some communes are reached at all, however little, shape (communes,)."""


M = TypeVar("M", bound=Measure)


@dataclass(frozen=True)
class MeasuredSubmission(Generic[M]):
    """A submission with its ground.

    Attributes
    ----------
    source
        What the project file, or whoever asks for a check, says about it.
    submission
        As it was read.
    ground
        What it covers; submissions that are compared are measured in the same way.
    """

    source: SubmissionSource
    submission: Submission
    ground: M

    @cached_property
    def shapes_4326(self) -> NDArray[np.object_]:
        """Its polygons in longitude and latitude."""
        return to_lonlat(self.submission.geometries, self.submission.crs)

    def has_rows_of(self, other: MeasuredSubmission[M]) -> bool:
        """Say whether both are the same rows of the same layer of the same bytes."""
        mine, theirs = (rows_of(one.source, one.submission.source) for one in (self, other))
        return mine == theirs


@dataclass(frozen=True)
class ReferenceCountry:
    """The communes that submissions are compared with, and their bounding box.

    Attributes
    ----------
    communes
        Of the country; where nobody gave any, one that stands for all of it.
    is_known
        These are its communes.
    """

    communes: Communes
    is_known: bool = True

    @property
    def codes(self) -> list[str]:
        """Of the communes."""
        return [str(code) for code in self.communes.frame["code"]]

    @property
    def outlines(self) -> NDArray[np.object_]:
        """Of the communes, EPSG:4326."""
        return np.asarray(self.communes.frame.geometry.array, dtype=object)

    @property
    def bounds(self) -> NDArray[np.float64]:
        """West, south, east, north of everything."""
        return np.asarray(self.communes.frame.total_bounds, dtype=np.float64)

    @property
    def box(self) -> Box:
        """Bounding box of the country without its farthest islands."""
        return main_box(self.communes.frame.bounds.to_numpy()) if self.is_known else VIET_NAM_MAINLAND

    def in_provinces(self, codes: frozenset[str]) -> NDArray[np.bool_]:
        """Say which communes belong to some provinces, shape (communes,)."""
        return self.communes.frame["province_code"].isin(codes).to_numpy(dtype=np.bool_)
