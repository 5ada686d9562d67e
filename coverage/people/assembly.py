"""Submissions become layers: which bit of a mask means which operator's coverage or extent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyproj

from ...data.disk.kept import geometry_digest
from ...data.text.sentences import told
from ...errors import ProjectError
from ...progress import silent, stretch
from ..burn.fine import FineEdges
from ..burn.polygons import burn
from ..burn.spans import union
from ..overlay.bands import MOST_LAYERS
from .layers import LayerTable, OperatorService, Planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...data.project.profile import Profile
    from ...data.reading import Inputs
    from ...data.submissions.reader import Submission
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..burn.store import SpanStore
    from .counted_ground import CountedGround

PLANNED = "planned"  # the basis of coverage that does not exist yet


class Layers(NamedTuple):
    """Burned layers.

    Attributes
    ----------
    table
        Which bit stands for what.
    spans
        One Spans per bit, in the order of the bits.
    fine
        The edges of the same layers in fine cells.
    """

    table: LayerTable
    spans: list[Spans]
    fine: list[FineEdges]


NO_LAYERS = Layers(LayerTable(()), [], [])


class _Burned(NamedTuple):
    """Ground on the grid, and its edges in fine cells."""

    whole: Spans
    fine: FineEdges

    @classmethod
    def united(cls, several: Sequence[_Burned]) -> _Burned:
        """Ground in any of several layers."""
        if len(several) == 1:
            return several[0]
        whole, fine = zip(*several, strict=True)
        return cls(union(whole), FineEdges.joined(fine))


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
    ground: CountedGround,
    grid: Grid,
    *,
    store: SpanStore | None = None,
    progress: Progress = None,
) -> Layers:
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
    ground
        The communes' spans, and the fine cells.
    grid
        The grid of the population raster.
    store
        Keeps spans between runs, so that only a changed layer is burned; None burns all.
    progress
        Called with a fraction from 0 to 1 and the layer's name.

    Raises
    ------
    ProjectError
        More than 64 layers and extents.
    """
    spans: list[_Burned] = []
    owners: defaultdict[tuple[str, str], _Bits] = defaultdict(_Bits)
    counted = [item for item in inputs.submissions if profile.counts(item)]
    for number, submission in enumerate(counted):
        name = told("progress", "layer", operator=submission.operator, service=submission.service)
        part = stretch(progress, number / len(counted), (number + 1) / len(counted), name)
        (part or silent)(0.0, name)
        bits = owners[submission.operator, submission.service]
        bits.coverage.append(len(spans))
        spans.append(_layer(submission, ground, grid, store, part))
        extent = _extent(submission, inputs, ground, grid)
        if extent is None:
            bits.whole_country = True
        else:
            bits.extent.append(len(spans))
            spans.append(extent)
    for refusal in inputs.refused:
        if profile.counts(refusal):  # a plan says nothing about today, refused or not
            owners[refusal.operator, refusal.service].whole_country = False
    plans: defaultdict[tuple[str, str], _Bits] = defaultdict(_Bits)
    for submission in inputs.submissions:
        if submission.basis == PLANNED and submission.basis not in profile.counted_basis:
            plans[submission.operator, submission.service].coverage.append(len(spans))
            spans.append(_layer(submission, ground, grid, store))
    spans = _one_bit_each([*owners.values(), *plans.values()], spans)
    if len(spans) > MOST_LAYERS:
        raise ProjectError(told("project", "most_layers", count=len(spans), most=MOST_LAYERS))
    items = [bits.frozen(operator, service) for (operator, service), bits in owners.items()]
    planned = [Planned(*key, tuple(bits.coverage)) for key, bits in plans.items()]
    table = LayerTable(tuple(items), tuple(planned))
    return Layers(table, [layer.whole for layer in spans], [layer.fine for layer in spans])


def burned(
    submission: Submission,
    grid: Grid,
    store: SpanStore | None,
    *,
    key: str | None = None,
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
    return store.get(
        key or _layer_key(submission, store),
        lambda: burn(geometries, crs, grid, store=store, name=name, progress=progress),
        what=told("progress", "layer", operator=submission.operator, service=submission.service),
    )


def _layer_key(submission: Submission, store: SpanStore) -> str:
    """Say what the spans of a submission are made of."""
    return store.key("layer", submission.crs.to_wkt(), geometry_digest(submission.geometries))


def _layer(
    submission: Submission,
    ground: CountedGround,
    grid: Grid,
    store: SpanStore | None,
    progress: Progress = None,
) -> _Burned:
    """Burn a submission on the grid, and cut it to the fine cells."""
    key = None if store is None else _layer_key(submission, store)
    whole = burned(submission, grid, store, key=key, progress=progress)
    outlines = submission.geometries, submission.crs
    if store is None or key is None or not len(ground.fine):
        return _Burned(whole, ground.fine.edges(outlines))
    fine_key = store.key("fine layer", key, ground.fine.digest)
    kept = store.arrays(fine_key, lambda: ground.fine.edges(outlines).arrays())
    return _Burned(whole, FineEdges.from_arrays(kept))


def _extent(submission: Submission, inputs: Inputs, ground: CountedGround, grid: Grid) -> _Burned | None:
    """Where the submission speaks; None means the whole country."""
    if submission.extent_provinces is not None:
        inside = inputs.communes.frame["province_code"].isin(submission.extent_provinces)
        chosen = np.append(np.asarray(inside, dtype=bool), False)  # other land is in no province
        fine = ground.fine_edges.only(chosen[ground.fine_edges.owner])
        return _Burned(ground.zones.select_owners(chosen), fine)
    if submission.extent_geometries is not None:
        outlines = submission.extent_geometries, pyproj.CRS.from_epsg(4326)
        return _Burned(burn(*outlines, grid), ground.fine.edges(outlines))
    return None


def _one_bit_each(owners: Iterable[_Bits], spans: list[_Burned]) -> list[_Burned]:
    """Unite the files of each operator and service; the bits count the united spans."""
    united: list[_Burned] = []
    for bits in owners:
        for numbers in (bits.coverage, bits.extent if not bits.whole_country else []):
            if numbers:
                several = [spans[number] for number in numbers]
                numbers[:] = [len(united)]
                united.append(_Burned.united(several))
    return united
