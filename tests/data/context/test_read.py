"""Reading a layer of context: names made harmless, importance as a number, areas as outlines or points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.data.context.read import LONGEST_NAME, read_context
from blackspot.data.findings.collector import Findings
from blackspot.data.project.sections.context import ContextRank, ContextSource
from blackspot.data.project.sections.where import WhereFilter

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.context.read import ContextLayer

ROADS = {"ten": ["QL.4C", "ĐT.176", None, "Đường mòn"], "loai": ["trunk", "primary", "track", None]}


def written(folder: Path, shapes: list[Any], columns: dict[str, list[Any]], crs: int = 4326) -> Path:
    path = folder / "layer.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_crs(crs).to_file(path)
    return path


def lines(count: int) -> list[Any]:
    return [shapely.LineString([(105, 21 + at), (105.5, 21 + at)]) for at in range(count)]


def read(source: ContextSource) -> ContextLayer:
    layer = read_context(source, Findings())
    assert layer is not None
    return layer


def test_lines_come_with_their_names_in_degrees(tmp_path: Path) -> None:
    """Whatever the file's system; a missing name is empty."""
    path = written(tmp_path, lines(4), ROADS, crs=32648)
    layer = read(ContextSource(kind="roads", path=path, name="ten"))
    assert ["QL.4C", "ĐT.176", "", "Đường mòn"] == layer.name.tolist()
    assert [0.0] * 4 == layer.importance.tolist()
    expected = shapely.bounds(np.array(lines(4), dtype=object))
    assert expected == pytest.approx(shapely.bounds(layer.geometry), abs=1e-8)


def test_importance_follows_the_listed_values_and_the_rest_comes_last(tmp_path: Path) -> None:
    """What is not in the list, and what is missing, is less important than all of it."""
    path = written(tmp_path, lines(4), ROADS)
    rank = ContextRank(column="loai", values=("primary", "trunk"))
    layer = read(ContextSource(kind="roads", path=path, rank=rank))
    assert [1.0, 0.0, np.inf, np.inf] == layer.importance.tolist()


def test_without_listed_values_the_largest_number_is_the_most_important(tmp_path: Path) -> None:
    """Voltages: what is no number comes last."""
    path = written(tmp_path, lines(3), {"kv": ["110", "500", "?"]})
    layer = read(ContextSource(kind="power_lines", path=path, rank=ContextRank(column="kv")))
    assert [-110.0, -500.0, np.inf] == layer.importance.tolist()


def test_heights_are_names_without_decimals(tmp_path: Path) -> None:
    """A column of whole numbers often comes as decimals."""
    path = written(tmp_path, lines(2), {"h": [800.0, 812.5]})
    assert ["800", "812.5"] == read(ContextSource(kind="contours", path=path, name="h")).name.tolist()


def test_areas_are_outlines_of_rivers_and_points_of_places(tmp_path: Path) -> None:
    """A river's bank is drawn; a school stands in its yard."""
    path = written(tmp_path, [shapely.box(105, 21, 105.2, 21.1)], {"n": ["A"]})
    river = read(ContextSource(kind="rivers", path=path))
    school = read(ContextSource(kind="schools", path=path))
    assert ["LineString"] == [shape.geom_type for shape in shapely.get_parts(river.geometry)]
    assert pytest.approx(0.6) == shapely.length(river.geometry)[0]
    assert [[105.1, 21.05]] == pytest.approx(school.lonlat)


def test_hostile_names_are_one_short_harmless_line(tmp_path: Path) -> None:
    """Direction overrides and control characters go, a name that never ends is cut; markup stays text."""
    names = ["a\u202eb\u2066c", "<img src=x onerror=alert(1)>", "dài " * 100_000, "x\ny\x00z"]
    path = written(tmp_path, lines(4), {"n": names})
    found = read(ContextSource(kind="roads", path=path, name="n")).name.tolist()
    assert ["a b c", "<img src=x onerror=alert(1)>"] == found[:2]
    assert max(map(len, found)) <= LONGEST_NAME
    assert not [name for name in found if not name.isprintable()]


def test_a_filter_keeps_some_rows_and_tells_the_others(tmp_path: Path) -> None:
    """As filters of coverage do; one that keeps nothing is an error."""
    path = written(tmp_path, lines(4), ROADS)
    findings = Findings()
    where = WhereFilter(column="loai", values=("trunk", "primary"))
    layer = read_context(ContextSource(kind="roads", path=path, name="ten", where=where), findings)
    assert layer is not None
    assert ["QL.4C", "ĐT.176"] == layer.name.tolist()
    assert ["context.filtered"] == [one.code for one in findings.items if one.code.startswith("context")]
    nothing = WhereFilter(column="loai", values=("motorway",))
    assert read_context(ContextSource(kind="roads", path=path, where=nothing), findings) is None
    assert ["context.filter-keeps-nothing"] == [one.code for one in findings.errors]


@pytest.mark.parametrize(("kind", "shape"), [("roads", shapely.Point(105, 21)), ("villages", lines(1)[0])])
def test_a_file_of_another_kind_of_geometry_is_refused(tmp_path: Path, kind: Any, shape: Any) -> None:
    """Points are no roads, lines are no villages."""
    findings = Findings()
    path = written(tmp_path, [shape], {"n": ["A"]})
    assert read_context(ContextSource(kind=kind, path=path), findings) is None
    assert ["geometry.wrong-type"] == [one.code for one in findings.errors]


def test_a_damaged_file_is_refused_by_the_process_that_reads_it(tmp_path: Path) -> None:
    """Nothing of it comes here."""
    path = tmp_path / "layer.gpkg"
    path.write_bytes(written(tmp_path, lines(3), {"n": ["A", "B", "C"]}).read_bytes()[:5000])
    findings = Findings()
    assert read_context(ContextSource(kind="roads", path=path), findings) is None
    assert findings.errors
