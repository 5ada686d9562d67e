"""Whether the submissions of a run may be true: the rules of the check of one file, on the spans of the run.

Every rule counts on what the run burns anyway. Left to the check of a single file: the distance to the sender's
own cell sites, overlapping features, days after today (a run does not depend on the day of the machine).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.crs import LONLAT, to_lonlat
from ...data.text.slug import slug
from ..burn.polygons import burn
from ..burn.spans import union
from ..people.assembly import burned
from .along_borders import share_along_borders
from .footprint import Footprint, equal_area_grid
from .moves import tell_moved
from .official_totals import compare_totals
from .raster_people import people_on
from .verdicts import Cover, main_box, tell_place, tell_shift, tell_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings, Findings
    from ...data.reading import Inputs
    from ...data.submissions.intake import Intake
    from ...data.submissions.reader import Submission
    from ...data.submissions.versions import Delivery, Version
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .sampled_ground import Ground

_MARGIN_DEG = 2.0  # a displaced file may reach so far beyond the country and is still measured
_NEARLY_WHOLE = (
    0.95  # of a commune; where little ground lies in such communes, no outline can follow their borders
)


@dataclass(frozen=True)
class Judge:
    """The judge of the submissions of one run.

    Attributes
    ----------
    intake
        Where they came in: replaces what is refused.
    findings
        Told about population and official figures.
    """

    intake: Intake
    findings: Findings
    _spans: dict[int, tuple[Submission, Spans]] = field(default_factory=dict, repr=False)

    def __call__(self, inputs: Inputs, ground: Ground) -> Inputs:
        """Judge every submission by itself and against the one before, then all of them together.

        Parameters
        ----------
        inputs
            What the readers returned.
        ground
            The grid of the run, with its communes.

        Returns
        -------
        Inputs
            With the last good version, or no data, for each submission that was refused here.
        """
        deliveries = tuple(self._settled(delivery, inputs, ground) for delivery in inputs.deliveries)
        self._compare(deliveries, ground, inputs)
        self._compare_totals(inputs, ground)
        return inputs.with_deliveries(deliveries)

    def _settled(self, delivery: Delivery, inputs: Inputs, ground: Ground) -> Delivery:
        """Judge one submission; one that is refused is replaced."""
        submission = delivery.submission
        if submission is None or delivery.state != "delivered":
            return delivery
        findings = self.intake.refusals.fresh()
        about = findings.about(delivery.source.path, delivery.source.layer)
        now = self._layer(submission, ground)
        self._judge_place(submission, now, inputs, ground, about)
        before = self.intake.before(delivery.source)
        if before is not None and delivery.version is not None:
            self._judge_change(delivery, before, inputs, ground, about)
        self.intake.refusals.extend(findings)
        codes = tuple(dict.fromkeys(item.code for item in findings.errors))
        return self.intake.refuse(delivery, codes, inputs.communes) if codes else delivery

    def _layer(self, submission: Submission, ground: Ground) -> Spans:
        """Burn a submission, once."""
        key = id(submission)  # held with the spans, so that no other object can get the same id
        if key not in self._spans:
            spans = burned(submission, ground.grid, ground.store)
            self._spans[key] = (submission, spans)
        return self._spans[key][1]

    def _judge_place(
        self, submission: Submission, layer: Spans, inputs: Inputs, ground: Ground, about: FileFindings
    ) -> None:
        """Compare with the communes: outside all of them, covering them whole, running along their borders."""
        rules = self.intake.project.checks
        now = ground.sampled(layer)
        inside = ground.in_communes_km2(now)
        beyond = _beyond_km2(submission, ground)
        total = ground.km2(now) + beyond
        shares = inside / np.maximum(ground.commune_km2, 1e-9)

        def share_of_everything() -> float:
            box = main_box(inputs.communes.frame.bounds.to_numpy())
            frame = burn(np.array([shapely.box(*box)], dtype=object), LONLAT, ground.grid)
            in_box = ground.shared_km2(now, ground.sampled(frame))
            cover = Cover(total, in_box, float(inside.sum()), float(ground.commune_km2.sum()))
            return cover.share_of_everything(box)

        tell_place(
            rules,
            about,
            total_km2=total,
            outside_km2=total - float(inside.sum()),
            full=int((shares > rules.full_commune_share).sum()),
            touched=int((inside > 0).sum()),
            share_of_everything=share_of_everything,
        )
        if inside[shares > _NEARLY_WHOLE].sum() <= rules.border_share * total:
            return
        shapes = to_lonlat(submission.geometries, submission.crs)
        outlines = np.asarray(inputs.communes.frame.geometry.array, dtype=object)
        along = share_along_borders(shapes, outlines, rules.border_distance_m)
        if along > rules.border_share:
            about.add("plausibility.copies-communes", share_pct=100 * along)

    # --- against the version before ---

    def _judge_change(
        self, delivery: Delivery, before: Version, inputs: Inputs, ground: Ground, about: FileFindings
    ) -> None:
        """Compare with the version before: the same file again, moved, smaller, larger, communes gone."""
        submission, version = delivery.submission, delivery.version
        if submission is None or version is None:
            return
        if before.same_content(version):
            return  # this very version was published before
        if before.coverage.sha256 == version.coverage.sha256 and before.source.where == version.source.where:
            about.add("plausibility.unchanged")
            return
        old = self.intake.read_kept(delivery.source, inputs.communes)
        if old is None:
            return
        now, then = (ground.sampled(self._layer(one, ground)) for one in (submission, old))
        rules = self.intake.project.checks
        tell_size(rules, about, now_km2=ground.km2(now), before_km2=ground.km2(then))
        shapes = [to_lonlat(one.geometries, one.crs) for one in (submission, old)]
        shifted = False
        if self._may_be_shifted(now, then, ground):
            grid = _grid_around(shapes, inputs.communes.frame.total_bounds)
            shifted = tell_shift(rules, about, *(Footprint.of(shape, LONLAT, grid) for shape in shapes))
        if not shifted:
            tell_moved(rules, about, shapes[0], submission.feature_ids, shapes[1])
        served = ground.in_communes_km2(then) > rules.lost_commune_share * ground.commune_km2
        lost = served & (ground.in_communes_km2(now) <= 0)
        lost &= ~ground.reaches(self._layer(submission, ground), lost)
        if lost.any():
            codes = [str(code) for code in inputs.communes.frame["code"][lost]]
            about.add("plausibility.commune-lost", count=len(codes), codes=codes)

    def _may_be_shifted(self, now: Spans, then: Spans, ground: Ground) -> bool:
        """Say whether there can be a shift that the rule tells; only then it is looked for, which takes a while."""
        rules = self.intake.project.checks
        sizes = sorted([ground.km2(now), ground.km2(then)])
        best = sizes[0] / sizes[1] if sizes[1] > 0 else 0.0  # no shift makes two sizes agree better than this
        return best > rules.shift_agreement and ground.agreement(now, then) <= 1.0 - rules.shift_gain

    # --- against the other submissions ---

    def _compare(self, deliveries: Sequence[Delivery], ground: Ground, inputs: Inputs) -> None:
        """Look for one file under two operators, and for 5G outside the 4G of the same operator."""
        used = [delivery for delivery in deliveries if delivery.submission is not None]
        for one, other in combinations(used, 2):
            strangers = slug(one.source.operator) != slug(other.source.operator)
            if strangers and one.source.service == other.source.service:
                self._tell_copy(one, other, ground)
        for delivery in used:
            if delivery.source.service == "5g":
                self._tell_nesting(delivery, used, ground, inputs)

    def _tell_copy(self, one: Delivery, other: Delivery, ground: Ground) -> None:
        first, second = one.submission, other.submission
        if first is None or second is None:
            return
        about = self.intake.refusals.about(other.source.path, other.source.layer)
        name = one.source.path.name
        if first.source.sha256 == second.source.sha256 and one.source.where == other.source.where:
            about.add("submission.same-file", other=name)
            return
        mine, theirs = (ground.sampled(self._layer(each, ground)) for each in (first, second))
        sizes = sorted([ground.km2(mine), ground.km2(theirs)])
        limit = self.intake.project.checks.same_shape
        if sizes[0] <= limit * sizes[1]:
            return  # of such different size that they cannot agree
        agreement = ground.agreement(mine, theirs)
        if agreement > limit:
            about.add("submission.same-shape", other=name, agreement=agreement)

    def _tell_nesting(
        self, delivery: Delivery, used: Sequence[Delivery], ground: Ground, inputs: Inputs
    ) -> None:
        """Tell 5G outside 4G, as far as the operator's 4G speaks for the place."""
        rules, source = self.intake.project.checks, delivery.source
        wide = [
            item.submission
            for item in used
            if item.submission is not None
            and item.source.service == "4g"
            and slug(item.source.operator) == slug(source.operator)
            and item.source.basis == source.basis
        ]
        if delivery.submission is None or not wide or any(one.extent_geometries is not None for one in wide):
            return
        now = ground.sampled(self._layer(delivery.submission, ground))
        below = union([ground.sampled(self._layer(one, ground)) for one in wide])
        inside = ground.in_communes_km2(now)
        either = ground.in_communes_km2(union([now, below]))
        outside_km2 = either - ground.in_communes_km2(below)
        spoken = np.ones(ground.communes, dtype=np.bool_)
        if all(one.extent_provinces is not None for one in wide):
            codes = frozenset().union(*(one.extent_provinces or frozenset() for one in wide))
            spoken = inputs.communes.frame["province_code"].isin(codes).to_numpy(dtype=np.bool_)
        total = float(inside[spoken].sum())
        outside = float(outside_km2[spoken].sum()) / total if total > 0 else 0.0
        if outside > rules.outside_other_share:
            about = self.intake.refusals.about(source.path, source.layer)
            other = ", ".join(sorted({one.source.path.name for one in wide}))
            about.add("submission.outside-4g", share_pct=100 * outside, other=other)

    def _compare_totals(self, inputs: Inputs, ground: Ground) -> None:
        """Compare the official figures with the raster of people."""
        source, frame = self.intake.project.population.totals, inputs.communes.frame
        if inputs.totals is None or source is None:
            return
        codes = [str(code) for code in frame["code"]]
        official = np.array([inputs.totals.people.get(code, np.nan) for code in codes], dtype=np.float64)
        people = people_on(ground.zones, ground.grid, inputs.population, ground.communes)
        provinces = frame["province_code"].to_numpy()
        about = self.findings.about(source.path, source.sheet)
        compare_totals(official, people, codes, provinces, self.intake.project.checks, about)


def _beyond_km2(submission: Submission, ground: Ground) -> float:
    """Measure the ground of a submission beyond the grid, where the run burns nothing, in square kilometres."""
    west, south, east, north = ground.bounds_4326
    parts = shapely.get_parts(submission.geometries)
    boxes = np.asarray(shapely.box(*shapely.bounds(parts).T), dtype=object)
    edges = shapely.bounds(to_lonlat(boxes, submission.crs))
    margin = max((east - west) / ground.grid.width, (north - south) / ground.grid.height)  # less is no matter
    reaches_out = (edges[:, 0] < west - margin) | (edges[:, 2] > east + margin)
    reaches_out |= (edges[:, 1] < south - margin) | (edges[:, 3] > north + margin)
    if not reaches_out.any():
        return 0.0
    shapes = to_lonlat(parts[reaches_out], submission.crs)
    grid = _grid_around([shapes], np.array([west, south, east, north]))
    box = np.array([shapely.box(west, south, east, north)], dtype=object)
    whole = Footprint.of(shapes, LONLAT, grid)
    return whole.area_km2 - whole.shared_km2(Footprint.of(box, LONLAT, grid).spans)


def _grid_around(groups: Sequence[NDArray[np.object_]], country: NDArray[np.float64]) -> Grid:
    """Lay an equal-area grid over some polygons, but not farther than a margin around the country."""
    bounds = np.array([shapely.total_bounds(group) for group in groups])
    low = np.maximum(bounds[:, :2].min(axis=0), country[:2] - _MARGIN_DEG)
    high = np.minimum(bounds[:, 2:].max(axis=0), country[2:] + _MARGIN_DEG)
    edges = [shapely.bounds(shapely.get_parts(group)) for group in groups]
    heights_deg = float(sum((box[:, 3] - box[:, 1]).sum() for box in edges))
    return equal_area_grid((*low.tolist(), *high.tolist()), heights_deg)
