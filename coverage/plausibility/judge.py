"""Whether submissions may be true: one sequence of rules, for those of a run and for the check of one file.

A submission is looked at by itself (where it lies), then beside the version before (how it changed), then beside
others (copies; 5G outside 4G). The numbers of the rules stand in :mod:`.verdicts`, the limits in the project file.
Left to the check of one file is what a run cannot know or must not depend on: the sender's own cell sites,
overlapping features, days after today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ...data.geodesy.crs import LONLAT
from ...data.text.slug import slug
from .along_borders import share_along_borders
from .footprint import Footprint, grid_around
from .moves import report_moved
from .verdicts import Cover, check_everywhere, check_shift, report_place, report_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.findings.collector import FileFindings, Findings
    from ...data.project.limits import CheckRules
    from .measure import M, MeasuredSubmission, ReferenceCountry

_NEARLY_WHOLE = 0.95  # of a commune: whoever copies communes covers them like this


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of the judgement of one submission.

    Attributes
    ----------
    refused
        Codes of the findings for which it is refused, the worst first; empty where it may be used.
    communes_reached
        How many communes it covers a part of; None where the communes are not known.
    """

    refused: tuple[str, ...]
    communes_reached: int | None


def judge_submission(
    now: MeasuredSubmission[M],
    before: MeasuredSubmission[M] | None,
    country: ReferenceCountry,
    rules: CheckRules,
    findings: Findings,
) -> Verdict:
    """Judge a submission by itself and beside the version before.

    Parameters
    ----------
    now
        The submission.
    before
        The version before; ``now`` itself where it was handed in a second time, None where there is none.
    country
        The communes it should lie in.
    rules
        The limits.
    findings
        Told everything that is doubtful.
    """
    told = findings.fresh()
    about = told.about(now.source.path, now.source.layer)
    reached = _judge_place(now, country, rules, about)
    if before is not None:
        _judge_change(now, before, country, rules, about)
    findings.extend(told)
    return Verdict(tuple(dict.fromkeys(item.code for item in told.errors)), reached)


def judge_together(
    used: Sequence[MeasuredSubmission[M]], country: ReferenceCountry, rules: CheckRules, findings: Findings
) -> None:
    """Judge the submissions of a run beside each other: one file of two operators, and 5G outside 4G.

    Parameters
    ----------
    used
        All submissions that count in the run.
    country, rules, findings
        As for :func:`judge_submission`.
    """
    for one, other in combinations(used, 2):
        if not _same_operator(one, other) and one.source.service == other.source.service:
            judge_copy(other, one, rules, findings)
    for narrow in used:
        if narrow.source.service == "5g":
            wide = [
                one
                for one in used
                if one.source.service == "4g"
                and one.source.basis == narrow.source.basis
                and _same_operator(one, narrow)
            ]
            judge_nesting(narrow, wide, country, rules.outside_other_share, findings)


def judge_copy(
    now: MeasuredSubmission[M], other: MeasuredSubmission[M], rules: CheckRules, findings: Findings
) -> bool:
    """Report a submission that is another one's file, or covers the same ground.

    Parameters
    ----------
    now
        The submission.
    other
        The one it may be a copy of.
    rules
        The limits.
    findings
        Told of ``now``.

    Returns
    -------
    bool
        It is.
    """
    about, name = findings.about(now.source.path, now.source.layer), other.source.path.name
    if now.has_rows_of(other):
        about.add("submission.same-file", other=name)
        return True
    if _size_ratio(now, other) <= rules.same_shape:
        return False  # of such different size that they cannot agree
    agreement = now.ground.agreement(other.ground)
    if agreement <= rules.same_shape:
        return False
    about.add("submission.same-shape", other=name, agreement=agreement)
    return True


def judge_nesting(
    narrow: MeasuredSubmission[M],
    wide: Sequence[MeasuredSubmission[M]],
    country: ReferenceCountry,
    most_outside: float,
    findings: Findings,
) -> None:
    """Report 5G outside 4G, in the communes for which the 4G speaks; ground at sea does not count.

    Parameters
    ----------
    narrow
        The 5G.
    wide
        The 4G it stands on; without any nothing is said.
    country
        The communes.
    most_outside
        Share of the 5G ground that may lie outside the 4G.
    findings
        Told of the 5G.
    """
    if not wide or any(one.submission.extent_geometries is not None for one in wide):
        return
    spoken = np.ones(len(country.communes.frame), dtype=np.bool_)
    provinces = [one.submission.extent_provinces for one in wide]
    limited = [codes for codes in provinces if codes is not None]
    if len(limited) == len(wide):
        spoken = country.in_provinces(frozenset().union(*limited))
    total_km2 = float(narrow.ground.in_communes_km2[spoken].sum())
    outside_km2 = float(narrow.ground.outside_km2([one.ground for one in wide])[spoken].sum())
    if total_km2 > 0 and outside_km2 > most_outside * total_km2:
        other = ", ".join(sorted({one.submission.source.path.name for one in wide}))
        share_pct = 100 * outside_km2 / total_km2
        findings.about(narrow.source.path, narrow.source.layer).add(
            "submission.outside-4g", share_pct=share_pct, other=other
        )


def _judge_place(
    now: MeasuredSubmission[M], country: ReferenceCountry, rules: CheckRules, about: FileFindings
) -> int | None:
    """Compare with the communes: outside all of them, covering them whole, running along their borders."""
    ground, box = now.ground, country.box
    if not country.is_known:
        # The sea is left out: without communes it cannot be told from islands.
        in_box_km2 = ground.in_box_km2(box)
        check_everywhere(rules, about, Cover(in_box_km2, in_box_km2, 0.0, 0.0).share_of_everything(box))
        return None
    inside_km2, communes_km2 = ground.in_communes_km2, ground.commune_km2
    shares = inside_km2 / np.maximum(communes_km2, 1e-9)
    cover = Cover(ground.area_km2, 0.0, float(inside_km2.sum()), float(communes_km2.sum()))
    reached = int((inside_km2 > 0).sum())
    report_place(
        rules,
        about,
        total_km2=cover.total_km2,
        outside_km2=cover.total_km2 - cover.in_communes_km2,
        full=int((shares > rules.full_commune_share).sum()),
        touched=reached,
        share_of_everything=lambda: replace(cover, in_box_km2=ground.in_box_km2(box)).share_of_everything(
            box
        ),
    )
    whole_km2 = float(inside_km2[shares > _NEARLY_WHOLE].sum())
    if whole_km2 > rules.border_share * cover.total_km2:  # no other outline can follow borders all along
        along = share_along_borders(now.shapes_4326, country.outlines, rules.border_distance_m)
        if along > rules.border_share:
            about.add("plausibility.copies-communes", share_pct=100 * along)
    return reached


def _judge_change(
    now: MeasuredSubmission[M],
    before: MeasuredSubmission[M],
    country: ReferenceCountry,
    rules: CheckRules,
    about: FileFindings,
) -> None:
    """Compare with the version before: the same rows again, smaller or larger, moved, communes gone."""
    if now.has_rows_of(before):
        about.add("plausibility.unchanged")
        return
    report_size(rules, about, now_km2=now.ground.area_km2, before_km2=before.ground.area_km2)
    if not _is_shifted(now, before, country, rules, about):
        report_moved(rules, about, now.shapes_4326, now.submission.feature_ids, before.shapes_4326)
    if not country.is_known:
        return
    served = before.ground.in_communes_km2 > rules.lost_commune_share * before.ground.commune_km2
    lost = served & (now.ground.in_communes_km2 <= 0)
    lost &= ~now.ground.reaches(lost)
    if lost.any():
        codes = [code for code, gone in zip(country.codes, lost, strict=True) if gone]
        about.add("plausibility.commune-lost", count=len(codes), codes=codes)


def _is_shifted(
    now: MeasuredSubmission[M],
    before: MeasuredSubmission[M],
    country: ReferenceCountry,
    rules: CheckRules,
    about: FileFindings,
) -> bool:
    """Look for a shift, which takes a while, only where there can be one that the rule tells."""
    if _size_ratio(now, before) <= rules.shift_agreement:
        return False  # no shift makes two sizes agree better than this
    if now.ground.agreement(before.ground) > 1.0 - rules.shift_gain:
        return False
    shapes = (now.shapes_4326, before.shapes_4326)
    grid = grid_around(shapes, country.bounds)
    return check_shift(rules, about, *(Footprint.of(one, LONLAT, grid) for one in shapes))


def _size_ratio(one: MeasuredSubmission[M], other: MeasuredSubmission[M]) -> float:
    """Give the smaller size over the larger one; no agreement is higher. 0 where both are empty."""
    smaller, larger = sorted([one.ground.area_km2, other.ground.area_km2])
    return smaller / larger if larger > 0 else 0.0


def _same_operator(one: MeasuredSubmission[M], other: MeasuredSubmission[M]) -> bool:
    return slug(one.source.operator) == slug(other.source.operator)
