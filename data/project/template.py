"""The commented project file that ``blackspot init`` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import ProjectError, WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
# blackspot project file / Tệp dự án blackspot
# Relative paths start at the folder of this file; ~ and ${VARIABLE} are filled in.
# Đường dẫn tương đối tính từ thư mục chứa tệp này; có thể dùng ~ và ${TÊN_BIẾN}.
# Every key is described in docs/project-file.md. Lines that begin with # are not read.

[project]
title = { vi = "Vùng trắng 5G và cáp quang", en = "Gaps of 5G and fibre" }
# Printed on every output when not empty / In trên mọi kết quả khi không để trống
notice = { vi = "", en = "" }
out = "out"
# A submission with an error: "last_good" uses the version published before, "no_data" none, "stop" publishes nothing
# Hồ sơ có lỗi: "last_good" dùng bản đã công bố trước đó, "no_data" không dùng bản nào, "stop" không công bố gì
refused_submissions = "last_good"

# --- Communes / Xã, phường, đặc khu: the units that are ranked ---
[communes]
path = "communes.gpkg"
# layer = "communes"            # when the file has several
# crs = "EPSG:3405"             # only where the file states none
columns = { code = "code", name = "name", province_code = "province_code", type = "type" }
# xã, phường, đặc khu and commune, ward, special_zone are known; add other words here:
# types = { "thị trấn" = "commune" }

# --- Names of the provinces / Tên tỉnh, thành phố (optional) ---
# [provinces]
# path = "provinces.csv"
# columns = { code = "code", name = "name" }

# --- Where people live / Dân cư ---
[population]
path = "population.tif"
kind = "count"                  # count: people per cell; density: people per km²
vintage = "2020"
source = "WorldPop"
# nodata = -99999.0             # only where the file does not say
edge_cells = "land"             # cells cut by the coast: land = all people to the communes inside
# subline_spacing_m = 20        # finer lines for an audit: 6 brings every share within 0.05 points
# calibrate = "none"            # compare with the official totals below instead of scaling the cells to them
# [population.totals]
# path = "official_population.csv"
# columns = { code = "code", population = "population" }
# vintage = "2025"

# --- Coverage files / Hồ sơ vùng phủ: one [[submissions]] for each file of an operator ---
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "sao_mai_5g.gpkg"
vintage = 2026-10-31

[[submissions]]
operator = "Hải Đăng"
service = "5g"
path = "hai_dang_5g.geojson"
vintage = 2026-10-31
# Provinces the file says nothing about: no data there, not "no coverage"
# Tỉnh không có trong hồ sơ: không có dữ liệu, không phải "chưa phủ"
extent = { except_provinces = ["12", "14"] }

[[submissions]]
operator = "Sao Mai"
service = "fibre"
path = "fibre_routes.gpkg"
vintage = 2026-10-31
where = { column = "status", values = ["Operational"] }
buffer_m = 3000                 # service distance around lines and points, in metres

# A raster of signal needs a threshold instead / Ảnh mức tín hiệu cần ngưỡng:
# [[submissions]]
# operator = "Biển Xanh"
# service = "4g"
# path = "bien_xanh_4g_rsrp.tif"
# threshold = -110.0            # covered from this value up

# --- Rural, border, island / Nông thôn, biên giới, hải đảo ---
[setting]
rural_types = ["commune", "special_zone"]

[setting.border]
# list = { path = "border_communes.csv", column = "code" }
# land_border = { path = "land_border.gpkg" }
distance_km = 5.0               # used where there is no list

[setting.island]
# list = { path = "island_communes.csv", column = "code" }
gap_m = 200.0                   # land parts closer than this count as connected

# --- Names of settlements / Tên thôn, bản (optional): every black spot says near which one it lies ---
# [places]
# path = "hamlets.gpkg"         # points
# column = "name"

# --- What counts as a gap / Bộ tiêu chí ---
[profile]
id = "5g-fibre"
version = "1"
services = ["5g", "fibre"]
mobile_service = "5g"
fibre_service = "fibre"
# basic_services = ["4g", "5g"] # who has none of them fails as well, and comes first / không có sóng nào: xếp trước
gap = "all"                     # fails when all services are missing; "any": when one is missing
operator_rule = "any"           # any, all, at_least_k (with k = 2, for example)
min_people = 50.0               # smallest black spot that is kept
spot_people = 5000.0            # larger ones are divided around their peaks of population; 0: never
spot_area_km2 = 25.0            # likewise, about what one site can serve

# --- Maps / Bản đồ ---
[map]
pages = "all"                   # all, national, provinces, none
language = "vi"
# neighbours = { path = "neighbours.gpkg" }
# places = [{ name = { vi = "Biển Đông", en = "East Sea" }, lon = 112.0, lat = 13.5 }]
"""
"""A project file that loads as it stands; only the files it names are missing."""


def write_template(folder: Path) -> Path:
    """Write a project file to fill in.

    Parameters
    ----------
    folder
        Where to; made if it is missing.

    Returns
    -------
    Path
        ``blackspot.toml`` in the folder.

    Raises
    ------
    ProjectError
        There is one already; it is left as it is.
    WorkplaceError
        The folder cannot be written.
    """
    path = folder / "blackspot.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(TEMPLATE)
    except FileExistsError as error:
        taken = path if path.exists() else folder
        msg = f"{taken}: exists already and is left as it is; name another folder or remove it first"
        raise ProjectError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror}); check rights and space, or name another folder"
        raise WorkplaceError(msg) from error
    return path
