"""How much of a commune a raster reaches: boxes in the rows and columns of a raster, counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.people.raster_reach import ends_inside, reached_shares, report_reach
from blackspot.data.findings.collector import Findings
from blackspot.data.readers.raster_cells import RasterWindow
from table_raster import TableRaster, box, communes

RASTER = TableRaster(np.ones((10, 10)))
WHOLE = (RasterWindow(0, 10, 0, 10),)


def shares(*tiles: RasterWindow) -> list[float]:
    """Four communes: inside, 30% inside, half inside on the other side, outside."""
    frame = communes(box(0, 0, 5, 10), box(7, 0, 17, 10), box(-4, 2, 4, 8), box(20, 0, 24, 10))
    grid = Grid.around(RASTER, frame.to_crs(4326).total_bounds.tolist(), 25.0)
    return reached_shares(burn_communes(frame, grid), grid, tiles, 4).round(3).tolist()


def test_share_of_the_ground_inside_the_raster() -> None:
    """The first commune takes half of the third one's inner ground, whose share is of what it keeps."""
    assert [1.0, 0.3, 0.0, 0.0] == shares(*WHOLE)


def test_tiles_count_once_where_they_overlap_and_a_gap_is_not_reached() -> None:
    """Two tiles that overlap in column 4 reach all; without the right one only half of the first commune's columns."""
    left, right = RasterWindow(0, 10, 0, 5), RasterWindow(0, 10, 4, 6)
    assert [1.0, 0.3, 0.0, 0.0] == shares(left, right)
    assert [1.0, 0.0, 0.0, 0.0] == shares(left)
    assert [0.5, 0.15, 0.0, 0.0] == shares(RasterWindow(0, 5, 0, 10))
    corners = RasterWindow(0, 5, 0, 10), RasterWindow(5, 5, 5, 5)
    assert [0.5, 0.3, 0.0, 0.0] == shares(*corners)


def test_a_sliver_beyond_the_edge_is_no_end_inside() -> None:
    """Five hundredths may be missing; a commune that is not reached at all has no figure anyway."""
    reached = np.array([1.0, 0.99, 0.95, 0.94, 0.3, 0.0])
    assert [False, False, False, True, True, False] == ends_inside(reached, 0.05).tolist()


def told(stated: list[bool]) -> dict[str, str]:
    """Report three communes: reached, reached in part, not reached."""
    findings = Findings()
    frame = pd.DataFrame({"code": ["00001", "00002", "00003"], "name": ["Xã A", "Xã B", "Xã C"]})
    people = np.array([10.0, 6000.0, 0.0])
    report_reach(frame, np.array([1.0, 0.3, 0.0]), people, np.array(stated), 0.02, findings.about("pop.tif"))
    return {item.code: item.message_en for item in findings.items}


def test_report_names_share_and_people() -> None:
    """Without another figure the raster's end is asked about, and what lies beyond it is told."""
    said = told([False, False, False])
    assert {"population.ends-inside", "population.not-reached"} == set(said)
    assert "00002 Xã B: 30% of its ground known, 6000 people" in said["population.ends-inside"]
    assert "00003" in said["population.not-reached"]


def test_report_with_official_figures() -> None:
    """Where another figure counts nothing is unknown, but people are spread evenly."""
    said = told([True, True, True])
    assert {"population.spread-beyond"} == set(said)
    assert "00003 Xã C: 0%" in said["population.spread-beyond"]
