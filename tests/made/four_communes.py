"""A country of four square communes with a project file, for tests of the whole job."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from small_country import NORTH, WEST, box, frame, write_people

if TYPE_CHECKING:
    from pathlib import Path


NAMES = ["Xã Núi Đá", "=HYPERLINK(1)", "{{ cycler }}</script>", "Phường Chợ"]
PROJECT = """
[project]
title = { vi = "Thử", en = "Trial" }
[communes]
path = "communes.gpkg"
[population]
path = "people.tif"
vintage = "2020"
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "five.gpkg"
vintage = 2026-10-31
[[submissions]]
operator = "Hải Đăng"
service = "5g"
path = "other.geojson"
extent = { except_provinces = ["02"] }
[[submissions]]
operator = "Sao Mai"
service = "fibre"
path = "fibre.fgb"
where = { column = "status", values = ["Operational"] }
buffer_m = 500
[setting.border]
land_border = { path = "border.geojson" }
[profile]
id = "trial"
services = ["5g", "fibre"]
mobile_service = "5g"
fibre_service = "fibre"
min_people = 10
[map]
pages = "national"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a small country and its project file."""
    return write_project(tmp_path)


def write_project(folder: Path) -> Path:
    """Write the country into a folder, and give its project file."""
    squares = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(0, 10, 10, 20), box(10, 10, 20, 20)]
    communes = frame(
        squares,
        code=["00101", "00102", "00201", "00202"],
        name=NAMES,
        province_code=["01", "01", "02", "02"],
        type=["xã", "xã", "xã", "phường"],
    )
    communes.to_file(folder / "communes.gpkg", layer="communes")
    write_people(folder / "people.tif")
    frame([box(0, 0, 20, 4)], kind=["5G"]).to_crs(3405).to_file(folder / "five.gpkg", layer="five")
    frame([box(2, 2, 6, 6)], kind=["5G"]).to_file(folder / "other.geojson")
    routes = [
        shapely.LineString([(WEST, NORTH - 0.055), (WEST + 0.2, NORTH - 0.055)]),
        shapely.LineString([(WEST, NORTH - 0.155), (WEST + 0.2, NORTH - 0.155)]),
    ]
    frame(routes, status=["Operational", "Planned"]).to_file(folder / "fibre.fgb")
    border = shapely.LineString([(WEST - 0.01, NORTH), (WEST - 0.01, NORTH - 0.2)])
    frame([border], name=["border"]).to_file(folder / "border.geojson")
    path = folder / "blackspot.toml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


def files(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
