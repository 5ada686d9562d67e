"""Services that ended: their coverage covers nobody from the day after their last."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from blackspot.data.disk.hashing import InputFile
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import SubmissionSource
from blackspot.data.project.profile import Profile
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.reference.facts import LastDay
from blackspot.data.submissions.reader import Submission, SubmissionFacts
from blackspot.data.submissions.switched_off import days_of, without_switched_off
from blackspot.data.submissions.versions import Delivery

FILE = Path("/made/up/two.gpkg")
LAST = {"2g": LastDay(dt.date(2026, 9, 15), "a circular")}


def delivery(service: str, *, used: bool = True) -> Delivery:
    facts = SubmissionFacts(LayerFacts(FILE))
    file = InputFile("coverage", FILE, "0" * 64, 1)
    submission = Submission(
        "Sao Mai",
        service,
        "",
        "",
        "declared",
        "",
        np.array([shapely.box(105, 20, 106, 21)], dtype=object),
        pyproj.CRS.from_epsg(4326),
        frozenset({"01"}),
        None,
        file,
        facts,
        1,
        np.array([7]),
    )
    source = SubmissionSource.model_validate({"operator": "Sao Mai", "service": service, "path": str(FILE)})
    return Delivery(source, file, submission if used else None, None, facts=facts)


@pytest.mark.parametrize(
    ("service", "day", "left"),
    [
        ("2g", dt.date(2026, 9, 15), 1),
        ("2g", dt.date(2026, 9, 16), 0),
        ("2g", None, 1),
        ("4g", dt.date(2026, 9, 16), 1),
    ],
)
def test_coverage_ends_after_the_last_day(service: str, day: dt.date | None, left: int) -> None:
    """On its last day it still counts; the area that the submission speaks for stays, so everybody there lacks it."""
    findings = Findings()
    (kept,) = without_switched_off([delivery(service)], LAST, day, findings)
    assert kept.submission is not None
    assert (left, left) == (len(kept.submission.geometries), len(kept.submission.feature_ids))
    assert frozenset({"01"}) == kept.submission.extent_provinces
    assert ([] if left else ["coverage.switched-off"]) == [item.code for item in findings.items]


def test_a_refused_submission_stays_as_it_is() -> None:
    """There is nothing to leave out, and nothing to tell."""
    findings, refused = Findings(), delivery("2g", used=False)
    assert (refused,) == without_switched_off([refused], LAST, dt.date(2027, 1, 1), findings)
    assert () == tuple(findings.items)


def communes(name: str) -> Any:
    return SimpleNamespace(frame=pd.DataFrame({"province_code": ["22", "22"], "province_name": [name, name]}))


def test_days_of_decrees_count_in_viet_nam_and_those_of_the_profile_everywhere() -> None:
    """A day in the profile replaces that of the decree."""
    plain = Profile(services=("5g",))
    assert {"2g", "3g"} == set(days_of(plain, communes("Quảng Ninh")))
    assert {} == days_of(plain, communes("Elsewhere"))
    later = Profile(services=("5g",), switched_off={"2g": dt.date(2030, 1, 1)})
    assert dt.date(2030, 1, 1) == days_of(later, communes("Quảng Ninh"))["2g"].day
    assert {"2g"} == set(days_of(later, communes("Elsewhere")))
