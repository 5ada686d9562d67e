"""Rasters of signal become the outlines of the cells that reach the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
import rasterio.features
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.signal import read_signal
from submission_files import OPERATIONAL, read, refused, three_provinces, used

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.country.communes import Communes


@pytest.fixture(scope="module")
def country() -> Communes:
    return three_provinces()


SIGNAL = np.array([[-90, -120, -999], [-110, -80, -111], [-999, -130, -70]], np.float32)
NORTH_UP = Affine(0.1, 0, 105, 0, -0.1, 21)


def raster(path: Path, cells: np.ndarray[Any, Any] = SIGNAL, **options: Any) -> Path:
    profile = {"crs": "EPSG:4326", "transform": NORTH_UP, "nodata": -999, "dtype": cells.dtype, "count": 1}
    profile |= {"driver": "GTiff", "height": cells.shape[0], "width": cells.shape[1]} | options
    with rasterio.open(
        path, "w", **{key: value for key, value in profile.items() if value is not None}
    ) as file:
        file.write(cells, 1)
    return path


def test_cells_that_reach_the_threshold(tmp_path: Path, country: Communes) -> None:
    """From the threshold up, along the edges of the cells; no data is no coverage."""
    submission = used(raster(tmp_path / "a.tif"), country, threshold=-110.0)
    cells = [(0, 0), (1, 0), (1, 1), (2, 2)]
    expected = shapely.union_all(
        [shapely.box(105 + 0.1 * c, 20.9 - 0.1 * r, 105.1 + 0.1 * c, 21 - 0.1 * r) for r, c in cells]
    )
    got = shapely.union_all(submission.geometries)
    assert shapely.symmetric_difference(expected, got).area < 1e-9
    assert submission.crs.to_epsg() == 4326
    assert shapely.is_valid(submission.geometries).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 40, 5000]))
@settings(max_examples=20)
def test_outlines_hold_exactly_the_cells(
    tmp_path_factory: pytest.TempPathFactory, seed: int, window_cells: int
) -> None:
    """Burning the outlines gives the cells back, in however many windows they were read."""
    cells = np.random.default_rng(seed).integers(-120, -90, (30, 40)).astype(np.float32)
    cells[0, 0] = -999
    path = raster(tmp_path_factory.mktemp("signal") / "a.tif", cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("blackspot.data.readers.raster_cells.RasterFile.windows.__defaults__", (window_cells,))
        area = read_signal(path, -105.0, crs="", findings=Findings())
    assert not isinstance(area, Refused)
    burnt = rasterio.features.rasterize(area.geometry, cells.shape, transform=NORTH_UP)
    np.testing.assert_array_equal(cells >= -105, burnt == 1)
    assert shapely.area(area.geometry).sum() == pytest.approx(0.01 * (cells >= -105).sum())


def test_signal_in_metres(tmp_path: Path, country: Communes) -> None:
    """A raster in VN-2000 / UTM keeps its system."""
    path = raster(
        tmp_path / "a.tif", transform=Affine(1000, 0, 550_000, 0, -1000, 2_270_000), crs="EPSG:3405"
    )
    submission = used(path, country, threshold=-110.0)
    assert submission.crs.to_epsg() == 3405
    assert shapely.area(submission.geometries).sum() == pytest.approx(4e6)


def test_a_raster_needs_a_threshold_and_nothing_else(tmp_path: Path, country: Communes) -> None:
    """Every key that means nothing is told."""
    path = raster(tmp_path / "a.tif")
    assert refused(path, country).code == "coverage.threshold-missing"
    submission, findings = read(path, country, threshold=-110.0, where=OPERATIONAL, layer="x")
    assert submission is None
    assert [finding.code for finding in findings] == ["coverage.not-for-rasters"] * 2
    submission, findings = read(path, country, buffer_m=10.0)
    assert submission is None
    assert [finding.code for finding in findings] == [
        "coverage.not-for-rasters",
        "coverage.threshold-missing",
    ]


STATES = ("coverage.signal-states", "note")


def test_what_is_no_level_is_background(tmp_path: Path, country: Communes) -> None:
    """0 is above -110, but no receiver gets it; with a no-data value or without, the shares are told."""
    expected = shapely.area(used(raster(tmp_path / "a.tif"), country, threshold=-110.0).geometries).sum()
    cells = np.where(SIGNAL == -999, 0, SIGNAL)
    for name, dtype, nodata in (("b", np.float32, -9999), ("c", np.int16, None), ("d", np.float32, None)):
        path = raster(tmp_path / f"{name}.tif", cells.astype(dtype), nodata=nodata)
        submission, findings = read(path, country, threshold=-110.0)
        assert submission is not None
        assert expected == pytest.approx(shapely.area(submission.geometries).sum())
        assert [STATES] == [(finding.code, finding.severity) for finding in findings]
        assert (
            "44.4% reach -110, 33.3% lie below, 22.2% hold no level (such as 0, which does not count as "
            "covered) and 0.0% have no data" in findings[0].message_en
        )
        assert "44,4%" in findings[0].message_vi


def test_undeclared_no_data_could_count_as_covered(tmp_path: Path, country: Communes) -> None:
    """For a quantity that is no level, 0 may be a value like any other."""
    cells = np.abs(SIGNAL) / 100
    assert refused(raster(tmp_path / "a.tif", cells, nodata=None), country, threshold=0.5).code == (
        "coverage.no-nodata"
    )


def test_nothing_or_everything_reaches_the_threshold(tmp_path: Path, country: Communes) -> None:
    """Told with the values there are."""
    finding = refused(raster(tmp_path / "a.tif"), country, threshold=-60.0)
    assert finding.code == "coverage.nothing-reaches-threshold"
    assert "-130 … -70" in finding.message_en
    finding = refused(raster(tmp_path / "b.tif", np.full_like(SIGNAL, -999)), country, threshold=-110.0)
    assert finding.code == "coverage.nothing-reaches-threshold"
    submission, findings = read(raster(tmp_path / "c.tif"), country, threshold=-500.0)
    assert submission is not None
    assert [("coverage.all-reaches-threshold", "warning"), STATES] == [
        (finding.code, finding.severity) for finding in findings
    ]


UNSIGNED = np.where(SIGNAL == -999, 0, -SIGNAL).astype(np.uint8)


def test_levels_without_their_sign(tmp_path: Path, country: Communes) -> None:
    """Asked about; accepted, they are read with it, and 0 is background."""
    expected = shapely.area(used(raster(tmp_path / "a.tif"), country, threshold=-110.0).geometries).sum()
    path = raster(tmp_path / "b.tif", UNSIGNED, nodata=255)
    assert "coverage.sign-missing" == refused(path, country, threshold=-110.0).code
    positive = refused(path, country, threshold=110.0)
    assert "coverage.threshold-positive" == positive.code
    assert "threshold as -110" in positive.cure_en
    findings = Findings(accept=["coverage.sign-missing"])
    area = read_signal(path, -110.0, crs="", findings=findings)
    assert not isinstance(area, Refused)
    assert expected == pytest.approx(shapely.area(area.geometry).sum())
    assert "22.2% hold no level" in findings.items[-1].message_en


def test_a_threshold_without_its_sign(tmp_path: Path, country: Communes) -> None:
    """Asked about with the right one; accepted, that one is used."""
    path = raster(tmp_path / "a.tif")
    finding = refused(path, country, threshold=110.0)
    assert "coverage.threshold-sign" == finding.code
    assert "with its minus: -110" in finding.cure_en
    area = read_signal(path, 110.0, crs="", findings=Findings(accept=["coverage.threshold-sign"]))
    meant = read_signal(path, -110.0, crs="", findings=Findings())
    assert not isinstance(area, Refused)
    assert not isinstance(meant, Refused)
    assert shapely.equals(area.geometry, meant.geometry).all()


def test_classes_are_no_levels(tmp_path: Path, country: Communes) -> None:
    """With a level as threshold that is an error, with a class a question; a mask of yes and no is neither."""
    classes = raster(tmp_path / "a.tif", np.array([[0, 1, 2], [3, 3, 1]], np.uint8), nodata=255)
    finding = refused(classes, country, threshold=-110.0)
    assert ("coverage.classes-for-levels", "error") == (finding.code, finding.severity)
    finding = refused(classes, country, threshold=2.0)
    assert ("coverage.classes", "ask") == (finding.code, finding.severity)
    assert "0, 1, 2, 3" in finding.message_en
    mask = raster(tmp_path / "b.tif", np.array([[0, 1, 1], [0, 0, 1]], np.uint8), nodata=255)
    assert 3 == round(shapely.area(used(mask, country, threshold=1.0).geometries).sum() / 0.01)


def test_rssi_is_asked_about(tmp_path: Path, country: Communes) -> None:
    """Whether the name of the file says so or the band."""
    assert "coverage.rssi" == refused(raster(tmp_path / "a_RSSI.tif"), country, threshold=-110.0).code
    path = raster(tmp_path / "b.tif")
    with rasterio.open(path, "r+") as file:
        file.update_tags(1, quantity="RSSI")
    assert "coverage.rssi" == refused(path, country, threshold=-110.0).code


def test_a_raster_elsewhere_or_broken(tmp_path: Path, country: Communes) -> None:
    """Place and file are judged as for polygons."""
    far = raster(tmp_path / "a.tif", transform=Affine(0.1, 0, 5, 0, -0.1, 50))
    assert refused(far, country, threshold=-110.0).code == "coverage.outside-country"
    used(raster(tmp_path / "c.tif", transform=Affine(0.1, 0, 104.8, 0, -0.1, 21)), country, threshold=-110.0)
    cells = np.random.default_rng(5).uniform(-120, -80, (300, 300)).astype(np.float32)
    path = raster(tmp_path / "b.tif", cells, compress="deflate")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(path, country, threshold=-110.0).code == "raster.unreadable"
