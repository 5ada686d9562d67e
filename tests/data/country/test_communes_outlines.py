"""Outlines of communes: repaired with a counted note, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
import shapely

from blackspot.data.country.communes import read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import CommunesSource
from blackspot.data.readers.facts import Refused
from commune_files import BOW_TIE, codes_of, read_back, refusal_of, three_communes

if TYPE_CHECKING:
    from pathlib import Path


def test_an_outline_that_crosses_itself_is_repaired_with_a_counted_note(tmp_path: Path) -> None:
    """Both wings stay, whatever rule one reads them by; the note says which commune."""
    frame = three_communes()
    frame.loc[1, "geometry"] = BOW_TIE
    communes, findings = read_back(frame, tmp_path)
    assert communes is not None
    repaired = communes.frame.geometry.iloc[0]
    assert repaired.is_valid
    assert BOW_TIE.bounds == repaired.bounds
    (finding,) = findings.items
    assert ("communes.repaired", "note", 1) == (finding.code, finding.severity, finding.count)
    assert "(codes 00004)" in finding.message_en
    assert "; 0 m² would be decided" in finding.message_en


def test_an_outline_drawn_twice_is_one_commune(tmp_path: Path) -> None:
    """It is filled, not empty, and all of it is told as decided by the rule."""
    ring = [(105, 21), (105.1, 21), (105.1, 21.1), (105, 21.1), (105, 21)]
    frame = three_communes()
    frame.loc[1, "geometry"] = shapely.Polygon(ring + ring[1:])
    communes, findings = read_back(frame, tmp_path)
    assert communes is not None
    assert shapely.equals(shapely.box(105, 21, 105.1, 21.1), communes.frame.geometry.iloc[0])
    told = next(finding for finding in findings.items if finding.code == "communes.repaired")
    assert f"{communes.frame['area_km2'].iloc[0]:.3f} km²" in told.message_en


def test_what_collapses_to_a_line_is_left_out_of_a_repair(tmp_path: Path) -> None:
    """A spike goes, the land stays; nothing but polygons comes out."""
    spike = shapely.Polygon(
        [(105, 21), (105.1, 21), (105.1, 21.1), (105.3, 21.1), (105.1, 21.1), (105, 21.1)]
    )
    frame = three_communes()
    frame.loc[1, "geometry"] = spike
    communes, _ = read_back(frame, tmp_path)
    assert communes is not None
    assert shapely.equals(shapely.box(105, 21, 105.1, 21.1), communes.frame.geometry.iloc[0])


def test_an_outline_without_area_is_refused(tmp_path: Path) -> None:
    """There is nothing to rank."""
    frame = three_communes()
    frame.loc[1, "geometry"] = shapely.Polygon([(105, 21), (106, 21), (105, 21)])
    findings = refusal_of(frame, tmp_path)
    assert ["communes.not-an-area"] == codes_of(findings)
    assert "(codes 00004)" in findings.items[0].message_en


def test_rings_of_valid_outlines_are_not_touched(tmp_path: Path) -> None:
    """Repeated vertices, holes and parts stay exactly as they were delivered."""
    shape = shapely.MultiPolygon(
        [
            shapely.Polygon(
                [(105, 21), (105.1, 21), (105.1, 21), (105.1, 21.1), (105, 21.1)],
                [shapely.box(105.04, 21.04, 105.05, 21.05).exterior.coords],
            ),
            shapely.box(105.2, 21, 105.21, 21.01),
        ]
    )
    frame = three_communes()
    frame.loc[1, "geometry"] = shape
    communes, _ = read_back(frame, tmp_path)
    assert communes is not None
    assert shapely.equals_exact(shape, communes.frame.geometry.iloc[0], tolerance=0)


@pytest.mark.parametrize("shape", [shapely.Point(105, 21), shapely.LineString([(105, 21), (106, 22)])])
def test_points_and_lines_are_no_communes(tmp_path: Path, shape: shapely.Geometry) -> None:
    """The wrong layer was named."""
    frame = three_communes()
    frame["geometry"] = [shape] * 3
    assert ["geometry.wrong-type"] == codes_of(refusal_of(frame, tmp_path))


def test_a_commune_inside_another_is_warned_about(tmp_path: Path) -> None:
    """An old and a new unit in one file, or a province among its communes."""
    frame = three_communes()
    frame.loc[1, "geometry"] = shapely.box(105, 21, 105.3, 21.3)
    communes, findings = read_back(frame, tmp_path)
    assert communes is not None
    assert ["communes.overlap"] == codes_of(findings)
    assert "00008 < 00004" in findings.items[0].message_en


def test_an_unreadable_file_is_one_finding(tmp_path: Path) -> None:
    """Nothing else can be said about it."""
    findings = Findings(tmp_path)
    assert isinstance(read_communes(CommunesSource(path=tmp_path / "none.gpkg"), None, findings), Refused)
    assert ["file.missing"] == codes_of(findings)


def test_the_same_communes_in_any_order_and_format_give_the_same_frame(tmp_path: Path) -> None:
    """Order of rows and container do not matter."""
    one, _ = read_back(three_communes(), tmp_path)
    three_communes().iloc[::-1].to_parquet(tmp_path / "x.parquet")
    other = read_communes(CommunesSource(path=tmp_path / "x.parquet"), None, Findings())
    assert one is not None
    assert not isinstance(other, Refused)
    pd.testing.assert_frame_equal(pd.DataFrame(one.frame), pd.DataFrame(other.frame))
