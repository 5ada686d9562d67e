"""What the tests of submissions share: a country, small layers, and how they were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import pandas as pd
import shapely

from blackspot.data.country.communes import Communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import SubmissionSource
from blackspot.data.project.sections.where import WhereFilter
from blackspot.data.readers.facts import Refused
from blackspot.data.submissions.reader import Submission, read_submission

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.errors import Finding


PROVINCES = ["01", "04", "12"]
OPERATIONAL = WhereFilter(column="status", values=("Operational",))


def layer(path: Path, shapes: list[Any], crs: Any = 4326, **columns: list[Any]) -> Path:
    geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
    return path


def read(path: Path, country: Communes, **options: Any) -> tuple[Submission | None, list[Finding]]:
    findings = Findings(path.parent)
    source = SubmissionSource(**{"operator": "Sao Mai", "service": "5g", "path": path} | options)
    submission = read_submission(source, country, findings)
    return None if isinstance(submission, Refused) else submission, list(findings.items)


def used(path: Path, country: Communes, **options: Any) -> Submission:
    submission, findings = read(path, country, **options)
    assert [finding for finding in findings if finding.severity in {"error", "warning"}] == []
    assert submission is not None
    return submission


def refused(path: Path, country: Communes, **options: Any) -> Finding:
    submission, findings = read(path, country, **options)
    assert submission is None
    errors = [finding for finding in findings if finding.severity in {"error", "ask"}]
    assert len(errors) == 1
    assert errors[0].sentence().startswith(path.name)
    assert errors[0].cure_en
    assert errors[0].cure_vi
    return errors[0]


DISC = shapely.Point(105.5, 20.5).buffer(0.1)
CABLE = shapely.LineString([(105.2, 20.2), (107.8, 20.8)])


def three_provinces() -> Communes:
    """Three provinces of one commune each, side by side from 105 to 108 degrees east, 20 to 21 north."""
    frame = pd.DataFrame({"code": ["00001", "00004", "00688"], "province_code": PROVINCES})
    shapes = [shapely.box(105 + i, 20, 106 + i, 21) for i in range(3)]
    return Communes(geopandas.GeoDataFrame(frame, geometry=shapes, crs=4326))
