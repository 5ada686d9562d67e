"""The project file and the README of the sample project."""

from __future__ import annotations

from string import Template

from .files import NOTICE_EN, NOTICE_VI
from .names import PROVINCES

FIRST_LINE = f"# {NOTICE_EN} / {NOTICE_VI}"
"""How the project file of the sample begins: it may be replaced, another project file may not."""

STAR, WAVE, CABLE = "Sao Mẫu", "Sóng Mẫu", "Cáp Mẫu"
"""The made-up operators: Sample Star, Sample Wave, Sample Cable."""

LEFT_OUT = PROVINCES[0]
"""The province that the second operator's 5G file says nothing about."""

FIBRE_REACH_M = 2000
"""Service distance around the fibre routes, in metres."""

_PROJECT = Template("""\
$first_line
#
# A small made-up country part to try blackspot on, with everything that real deliveries bring along.
# Change a line, type `blackspot run` in this folder, and look at what moves on the map.
# Một phần đất nước tưởng tượng để làm quen với blackspot. Hãy sửa một dòng, chạy `blackspot run`
# trong thư mục này rồi xem bản đồ thay đổi thế nào.

[project]
title = { vi = "Vùng trắng 5G và cáp quang (dữ liệu mẫu)", en = "Gaps of 5G and fibre (sample data)" }
# Printed on every map and table / In trên mọi bản đồ và bảng
notice = { vi = "$notice_vi", en = "$notice_en" }
out = "out"                      # every run gets its own folder in here / mỗi lần chạy một thư mục riêng

# --- Communes / Xã, phường, đặc khu: the units that are ranked ---
[communes]
path = "sample_communes.gpkg"
# On the left what blackspot calls it, on the right the column of the file. Codes are text: 05001 keeps its 0.
# Bên trái là tên của blackspot, bên phải là tên cột trong tệp. Mã là văn bản: 05001 giữ số 0 ở đầu.
columns = { code = "ma_xa", name = "ten_xa", province_code = "ma_tinh", type = "loai" }

[provinces]                      # names of the provinces / tên các tỉnh
path = "sample_provinces.csv"
columns = { code = "ma_tinh", name = "ten_tinh" }

# --- Where people live / Dân cư ---
[population]
path = "sample_population.tif"   # people per cell of about 92 m; no cell reaches the archipelago
kind = "count"
vintage = "2025"
source = "Sample grid / Lưới dân số mẫu"
edge_cells = "land"              # people of a cell cut by the coast live on its land
# Scale the cells to the official totals: so the archipelago, too, has its people.
# Điều chỉnh theo số dân chính thức: nhờ vậy quần đảo cũng có dân số.
calibrate = "communes"

[population.totals]
path = "sample_official_population.csv"
columns = { code = "ma_xa", population = "dan_so" }
vintage = "2026"
source = "Sample statistics / Thống kê mẫu"

# --- Coverage files / Hồ sơ vùng phủ: one [[submissions]] for each file of an operator ---

[[submissions]]                  # GeoPackage in VN-2000 / UTM 48N: outlines of raster cells of 250 m
operator = "$star"
service = "4g"
path = "sample_sao_mau_4g.gpkg"
vintage = $vintage
environment = "outdoor"

[[submissions]]                  # zipped Shapefile in a VN-2000 / TM-3 zone: one wedge per sector, some broken
operator = "$star"
service = "5g"
path = "sample_sao_mau_5g.zip"
vintage = $vintage
environment = "outdoor"

[[submissions]]                  # FlatGeobuf in longitude and latitude: smoothed shapes that overlap
operator = "$wave"
service = "4g"
path = "sample_song_mau_4g.fgb"
vintage = $vintage
environment = "outdoor"

[[submissions]]                  # GeoJSON that says nothing about one province
operator = "$wave"
service = "5g"
path = "sample_song_mau_5g.geojson"
vintage = $vintage
environment = "outdoor"
# Without this line the province would count as "not covered"; with it, it is "no data" for this operator.
# Không có dòng này, tỉnh đó sẽ bị tính là "chưa phủ"; có dòng này thì là "không có dữ liệu".
extent = { except_provinces = ["$left_out"] }

[[submissions]]                  # lines: fibre serves homes within buffer_m metres of a working route
operator = "$cable"
service = "fibre"
path = "sample_fibre_routes.gpkg"
vintage = $vintage
# Planned and unknown routes serve nobody yet / Tuyến quy hoạch hoặc không rõ thì chưa phục vụ ai
where = { column = "status", values = ["Operational"] }
buffer_m = $fibre_reach_m

# --- Rural, border, island / Nông thôn, biên giới, hải đảo ---
[setting]
rural_types = ["commune", "special_zone"]

[setting.border]
# The legal list decides; without it, communes within distance_km of the border line would count.
# Danh sách pháp lý quyết định; nếu không có, xét khoảng cách tới đường biên giới.
list = { path = "sample_border_communes.csv", column = "ma_xa" }
land_border = { path = "sample_land_border.gpkg" }
distance_km = 5.0

[setting.island]                 # no list here: found by geometry / không có danh sách: xét theo hình học
gap_m = 200.0

# --- What counts as a gap / Bộ tiêu chí ---
[profile]
id = "sample-5g-fibre"
version = "1"
services = ["5g", "fibre"]
mobile_service = "5g"
fibre_service = "fibre"
basic_services = ["4g", "5g"]   # who has none of them fails as well, and comes first / không có sóng nào: xếp trước
gap = "all"                      # a person fails without 5G and without fibre; "any": without one of them
operator_rule = "any"            # one operator is enough / chỉ cần một nhà mạng
min_people = 50.0                # smaller black spots are not listed

# --- Maps / Bản đồ ---
[map]
pages = "all"
language = "vi"
neighbours = { path = "sample_neighbour.gpkg" }
""")

_README = Template("""\
$notice_vi
$notice_en

Thư mục này do lệnh `blackspot demo` tạo ra. Mọi thứ ở đây (đất liền, đảo, tên xã, dân số, nhà mạng,
vùng phủ) đều do chương trình bịa ra. Vị trí nằm giữa biển, không trùng với xã nào có thật.

This folder was made by `blackspot demo`. Everything in it (land, islands, names, people, operators,
coverage) is made up by the program. It lies in the open sea, where no real commune is.

blackspot.toml                   tệp dự án, có chú giải / the project file, with comments
sample_communes.gpkg             180 xã, phường, đặc khu / 180 communes, EPSG:4326
sample_provinces.csv             tên 3 tỉnh / names of the 3 provinces
sample_population.tif            lưới dân số 3 giây cung / people per cell of 3 arc-seconds
sample_official_population.csv   dân số "chính thức", lệch đôi chút / "official" people, a little different
sample_sao_mau_4g.gpkg           4G của $star, VN-2000 / UTM 48N (EPSG:3405)
sample_sao_mau_5g.zip            5G của $star, Shapefile, VN-2000 / TM-3 (EPSG:5899)
sample_song_mau_4g.fgb           4G của $wave, FlatGeobuf, EPSG:4326
sample_song_mau_5g.geojson       5G của $wave, thiếu tỉnh $left_out / without province $left_out
sample_fibre_routes.gpkg         tuyến cáp quang của $cable / fibre routes: Operational, Planned, <NA>
sample_land_border.gpkg          đường biên giới đất liền / the land border
sample_neighbour.gpkg            đất của nước láng giềng / the neighbour's land
sample_border_communes.csv       danh sách xã biên giới / the list of border communes

blackspot run                    tính lại trong thư mục này / computes it again in this folder
""")


def project_text(vintage: str) -> str:
    """Give the project file of the sample, for coverage of a day such as ``2026-10-31``."""
    return _PROJECT.substitute(_words(), vintage=vintage)


def readme_text() -> str:
    """Give the README of the sample."""
    return _README.substitute(_words())


def _words() -> dict[str, str]:
    return {
        "first_line": FIRST_LINE,
        "notice_vi": NOTICE_VI,
        "notice_en": NOTICE_EN,
        "star": STAR,
        "wave": WAVE,
        "cable": CABLE,
        "left_out": LEFT_OUT.code,
        "fibre_reach_m": str(FIBRE_REACH_M),
    }
