"""Submissions become layers: which bit of a mask means which operator's coverage or extent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from ...errors import ProjectError
from ...progress import silent, stretch
from ..burn.polygons import burn
from ..burn.spans import union
from ..overlay.bands import MOST_LAYERS
from .layers import LayerTable, OperatorService, Planned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from ...data.reading import Inputs
    from ...data.submissions.reader import Submission
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..burn.store import SpanStore

PLANNED = "planned"  # the basis of coverage that does not exist yet
_HASHED_TOGETHER = 10_000  # geometries: one call for many is several times as fast


@dataclass(slots=True)
class _Bits:
    """The bits that belong to one operator and service while they are being handed out."""

    coverage: list[int] = field(default_factory=list)
    extent: list[int] = field(default_factory=list)
    whole_country: bool = False

    def frozen(self, operator: str, service: str) -> OperatorService:
        return OperatorService(
            operator=operator,
            service=service,
            coverage_bits=tuple(self.coverage),
            extent_bits=None if self.whole_country else tuple(self.extent),
        )


def assemble_layers(
    inputs: Inputs,
    profile: Profile,
    zones: Spans,
    grid: Grid,
    *,
    store: SpanStore | None = None,
    progress: Progress = None,
) -> tuple[LayerTable, list[Spans]]:
    """Burn every submission that counts, and say which bit stands for what.

    A submission whose basis the profile does not count is left out, but plans get bits of their own, which are no
    coverage. All files of one operator and service share one bit, however many there are. Where they speak for a part of the
    country only they share a second bit, their extent: outside it the state is no data. An operator of
    whom a submission was refused speaks for no more than the extents of its other ones.

    Parameters
    ----------
    inputs
        What the readers returned.
    profile
        Says which bases count.
    zones
        The communes' spans.
    grid
        The grid of the population raster.
    store
        Keeps spans between runs, so that only a changed layer is burned; None burns all.
    progress
        Called with a fraction from 0 to 1 and the layer's name.

    Returns
    -------
    tuple
        The layer table, and one Spans per bit in the order of the bits.

    Raises
    ------
    ProjectError
        More than 64 layers and extents.
    """
    spans: list[Spans] = []
    owners: defaultdict[tuple[str, str], _Bits] = defaultdict(_Bits)
    counted = [item for item in inputs.submissions if item.basis in profile.counted_basis]
    for number, submission in enumerate(counted):
        name = f"{submission.operator} {submission.service}"
        told = stretch(progress, number / len(counted), (number + 1) / len(counted), name)
        (told or silent)(0.0, name)
        bits = owners[submission.operator, submission.service]
        bits.coverage.append(len(spans))
        spans.append(burned(submission, grid, store, progress=told))
        extent = _extent(submission, inputs, zones, grid)
        if extent is None:
            bits.whole_country = True
        else:
            bits.extent.append(len(spans))
            spans.append(extent)
    for refusal in inputs.refused:
        if refusal.basis in profile.counted_basis:  # a plan says nothing about today, refused or not
            owners[refusal.operator, refusal.service].whole_country = False
    plans: defaultdict[tuple[str, str], _Bits] = defaultdict(_Bits)
    for submission in inputs.submissions:
        if submission.basis == PLANNED and submission.basis not in profile.counted_basis:
            plans[submission.operator, submission.service].coverage.append(len(spans))
            spans.append(burned(submission, grid, store))
    spans = _one_bit_each([*owners.values(), *plans.values()], spans)
    if len(spans) > MOST_LAYERS:
        message = (
            f"the submissions make {len(spans)} layers, one for each operator and service and one more where it "
            f"speaks for a part of the country only; at most {MOST_LAYERS} can be counted together, so leave some out"
        )
        raise ProjectError([message])
    items = [bits.frozen(operator, service) for (operator, service), bits in owners.items()]
    planned = [Planned(*key, tuple(bits.coverage)) for key, bits in plans.items()]
    return LayerTable(tuple(items), tuple(planned)), spans


def burned(
    submission: Submission,
    grid: Grid,
    store: SpanStore | None,
    *,
    progress: Progress = None,
) -> Spans:
    """Burn a submission's polygons, or take their spans from an earlier run that burned the same ones.

    Where only some of the polygons are the same, only the others are burned.
    """
    geometries, crs = submission.geometries, submission.crs
    if store is None:
        return burn(geometries, crs, grid, progress=progress)
    name = f"{submission.operator}\n{submission.service}" + (
        "\nplanned" if submission.basis == PLANNED else ""
    )
    key = store.key("layer", crs.to_wkt(), geometry_digest(geometries))
    return store.get(key, lambda: burn(geometries, crs, grid, store=store, name=name, progress=progress))


def geometry_digest(geometries: NDArray[np.object_]) -> str:
    """Hash the coordinates of geometries, in their order (SHA-256, hex)."""
    digest = hashlib.sha256()
    for start in range(0, len(geometries), _HASHED_TOGETHER):
        contents = shapely.to_wkb(geometries[start : start + _HASHED_TOGETHER]).tolist()
        digest.update(np.array([len(content) for content in contents], np.int64).tobytes())
        digest.update(b"".join(contents))
    return digest.hexdigest()


def _extent(submission: Submission, inputs: Inputs, zones: Spans, grid: Grid) -> Spans | None:
    """Where the submission speaks; None means the whole country."""
    if submission.extent_provinces is not None:
        provinces = inputs.communes.frame["province_code"].isin(submission.extent_provinces)
        return zones.select_owners(np.asarray(provinces, dtype=bool))
    if submission.extent_geometries is not None:
        return burn(submission.extent_geometries, pyproj.CRS.from_epsg(4326), grid)
    return None


def _one_bit_each(owners: Iterable[_Bits], spans: list[Spans]) -> list[Spans]:
    """Unite the files of each operator and service; the bits count the united spans."""
    united: list[Spans] = []
    for bits in owners:
        for numbers in (bits.coverage, bits.extent if not bits.whole_country else []):
            if numbers:
                several = [spans[number] for number in numbers]
                numbers[:] = [len(united)]
                united.append(several[0] if len(several) == 1 else union(several))
    return united
