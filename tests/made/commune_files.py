"""What the tests of communes share: three communes, and how they were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import pyogrio
import shapely

from blackspot.data.country.communes import Communes, read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import CommunesSource, ProvincesSource
from blackspot.data.readers.facts import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


BOW_TIE = shapely.Polygon([(105, 21), (105.1, 21.1), (105.1, 21), (105, 21.1), (105, 21)])


def three_communes(**columns: Sequence[Any]) -> geopandas.GeoDataFrame:
    """Three communes of two provinces, out of order."""
    data: dict[str, Sequence[Any]] = {
        "code": ["31000", "00004", "00008"],
        "name": ["Vân Đồn", "Ba Đình", "Ngọc Hà"],
        "province_code": ["22", "01", "01"],
        "type": ["special_zone", "ward", "ward"],
    }
    squares = [
        shapely.box(107, 21, 107.1, 21.1),
        shapely.box(105, 21, 105.1, 21.1),
        shapely.box(105.1, 21, 105.2, 21.1),
    ]
    return geopandas.GeoDataFrame(data | columns, geometry=squares, crs=4326)


def read_back(
    frame: geopandas.GeoDataFrame, folder: Path, provinces: ProvincesSource | None = None, **source: Any
) -> tuple[Communes | None, Findings]:
    path = folder / "xã.gpkg"
    path.unlink(missing_ok=True)
    pyogrio.write_dataframe(frame, path)
    findings = Findings(folder)
    communes = read_communes(CommunesSource(path=path, **source), provinces, findings)
    return None if isinstance(communes, Refused) else communes, findings


def codes_of(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.items]


def refusal_of(frame: geopandas.GeoDataFrame, folder: Path, **options: Any) -> Findings:
    communes, findings = read_back(frame, folder, **options)
    assert communes is None
    assert findings.errors
    return findings
