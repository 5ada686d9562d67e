"""Coverage of services that are switched off: from the day after their last it closes no gap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..reference.facts import LastDay, is_viet_nam, last_days

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from ..country.communes import Communes
    from ..findings.collector import Findings
    from ..project.profile import Profile
    from .versions import Delivery


def days_of(profile: Profile, communes: Communes) -> dict[str, LastDay]:
    """Give the last day of every service that has one: those of the profile, and in Viet Nam those of its decrees.

    Parameters
    ----------
    profile
        The gap profile, whose days replace others.
    communes
        The communes: their provinces say whether the project speaks of Viet Nam.
    """
    frame = communes.frame
    here = zip(frame["province_code"].astype(str), frame["province_name"].astype(str), strict=True)
    known = last_days() if is_viet_nam(here) else {}
    return known | {service: LastDay(day, profile.id) for service, day in profile.switched_off.items()}


def without_switched_off(
    deliveries: Sequence[Delivery],
    days: Mapping[str, LastDay],
    day: dt.date | None,
    findings: Findings,
) -> tuple[Delivery, ...]:
    """Let the coverage of services that are switched off cover nobody, and tell it.

    Parameters
    ----------
    deliveries
        What became of the submissions.
    days
        The last day of services.
    day
        The day of the run, that of its newest coverage; None where nothing states one, and everything counts.
    findings
        Told for each submission that covers nobody.

    Returns
    -------
    tuple of Delivery
        In the same order. What such a submission speaks for stays: there everybody is certainly without the service.
    """
    kept = []
    for delivery in deliveries:
        last, submission = days.get(delivery.source.service), delivery.submission
        if last is None or submission is None or day is None or day <= last.day:
            kept.append(delivery)
            continue
        findings.about(delivery.source.path).add(
            "coverage.switched-off",
            operator=submission.operator,
            service=submission.service,
            day=last.day,
            source=last.source,
            run_day=day,
        )
        nothing = replace(
            submission, geometries=np.empty(0, dtype=object), feature_ids=np.empty(0, dtype=np.int64)
        )
        kept.append(replace(delivery, submission=nothing))
    return tuple(kept)
