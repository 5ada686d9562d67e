"""What the columns of the published tables mean, in Vietnamese and English."""

from __future__ import annotations

import re
from typing import NamedTuple


class Label(NamedTuple):
    """A column in words."""

    vi: str
    en: str


_FIXED = {
    "code": Label("Mã", "Code"),
    "name": Label("Tên", "Name"),
    "province_code": Label("Mã tỉnh, thành phố", "Province code"),
    "province_name": Label("Tỉnh, thành phố", "Province"),
    "type": Label("Loại đơn vị", "Type of unit"),
    "area_km2": Label("Diện tích (km²)", "Area (km²)"),
    "is_rural": Label("Nông thôn", "Rural"),
    "is_border": Label("Biên giới", "Border"),
    "is_island": Label("Hải đảo", "Island"),
    "border_distance_km": Label("Khoảng cách đến biên giới (km)", "Distance to the land border (km)"),
    "pop": Label("Dân số", "People"),
    "pop_total": Label("Dân số", "People"),
    "pop_source": Label("Nguồn dân số", "Source of the population"),
    "pop_basis": Label("Số liệu dân số được dùng", "Population figure that counts"),
    "pop_raster": Label("Dân số theo lưới", "People by the raster"),
    "pop_official": Label("Dân số chính thức", "Official people"),
    "raster_to_official": Label("Tỷ lệ lưới / chính thức", "Raster over official"),
    "pop_disputed": Label("Dân số chưa thống nhất", "Disputed population"),
    "pop_raster_min": Label("Dân số theo lưới, thấp nhất", "People by the rasters, least"),
    "pop_raster_max": Label("Dân số theo lưới, cao nhất", "People by the rasters, most"),
    "area_official_km2": Label("Diện tích chính thức (km²)", "Official area (km²)"),
    "pop_failing": Label("Dân số chưa đạt bộ tiêu chí", "People who fail the profile"),
    "pop_may_fail": Label(
        "Dân số chưa rõ có đạt bộ tiêu chí hay không vì thiếu dữ liệu",
        "People who may fail the profile as well: not known for want of data",
    ),
    "pop_double_gap": Label(
        "Dân số trắng cả di động và cáp quang", "People with neither the mobile service nor fibre"
    ),
    "black_spot_count": Label("Số điểm đen", "Black spots"),
    "pop_in_black_spots": Label("Dân số trong điểm đen", "People in black spots"),
    "rank": Label("Thứ hạng", "Rank"),
    "rank_low": Label("Thứ hạng thấp nhất", "Lowest rank"),
    "rank_high": Label("Thứ hạng cao nhất", "Highest rank"),
    "tier": Label("Nhóm ưu tiên", "Priority tier"),
    "score": Label("Số dân dùng để xếp hạng", "People by whom it is ranked"),
    "pop_no_basic_service": Label("Số dân không có dịch vụ cơ bản nào", "People without any basic service"),
    "distance_to_basic_service_km": Label(
        "Khoảng cách tới dịch vụ cơ bản gần nhất (km)", "Distance to the nearest basic service (km)"
    ),
    "reason": Label("Lý do", "Reason"),
    "reason_vi": Label("Lý do (tiếng Việt)", "Reason (Vietnamese)"),
    "reason_en": Label("Lý do (tiếng Anh)", "Reason (English)"),
    "communes": Label("Số xã, phường, đặc khu", "Communes"),
    "population_unknown_communes": Label("Số xã không rõ dân số", "Communes with unknown population"),
    "rural_communes": Label("Số xã nông thôn", "Rural communes"),
    "border_communes": Label("Số xã biên giới", "Border communes"),
    "island_communes": Label("Số xã hải đảo", "Island communes"),
    "spot_id": Label("Mã điểm đen", "Black spot id"),
    "cluster_id": Label("Mã cụm", "Cluster id"),
    "place_name": Label("Địa danh gần nhất", "Nearest place"),
    "place_distance_km": Label(
        "Khoảng cách đến địa danh gần nhất (km)", "Distance to the nearest place (km)"
    ),
    "lon": Label("Kinh độ", "Longitude"),
    "lat": Label("Vĩ độ", "Latitude"),
    "missing": Label("Dịch vụ còn thiếu", "Missing services"),
    "notice": Label("Lưu ý", "Notice"),
}

# Tried in order; the braces take the groups of the pattern.
_PATTERNS = (
    (r"is_([a-z]+)_basis", "Căn cứ xác định ({0})", "Basis of the flag ({0})"),
    (
        r"pop_covered_([a-z0-9]+)_max_operator",
        "Dân số có {0}, nhà mạng lớn nhất",
        "People with {0}, largest operator",
    ),
    (r"pop_covered_([a-z0-9]+)_all", "Dân số có {0} của mọi nhà mạng", "People with {0} from every operator"),
    (
        r"pop_covered_([a-z0-9]+)_at_least_(\d+)",
        "Dân số có {0} của ít nhất {1} nhà mạng",
        "People with {0} from at least {1} operators",
    ),
    (r"pop_planned_([a-z0-9]+)", "Số dân chưa có {0}, đã có kế hoạch", "People without {0}, planned for"),
    (
        r"pop_residual_([a-z0-9]+)",
        "Số dân chưa có {0}, chưa có kế hoạch",
        "People without {0} and without a plan",
    ),
    (r"pop_covered_([a-z0-9]+)", "Dân số có {0}", "People with {0}"),
    (r"pop_covered_([a-z0-9]+)_(.+)", "Dân số có {0} của {1}", "People with {0} from {1}"),
    (r"pop_uncovered_(.+)", "Dân số chưa có {0}", "People without {0}"),
    (r"pop_no_data_(.+)", "Dân số không có dữ liệu {0}", "People without data on {0}"),
    (r"covered_share_(.+)", "Tỷ lệ dân số có {0}", "Share of people with {0}"),
    (r"pop_total_not_spot_(.+)", "Dân số vùng trắng {0}", "People in total not-spots of {0}"),
    (r"pop_partial_not_spot_(.+)", "Dân số vùng {0} phủ một phần", "People in partial not-spots of {0}"),
    (r"tier_(\d+)_communes", "Số xã thuộc nhóm ưu tiên {0}", "Communes in priority tier {0}"),
    (r"distance_to_([a-z0-9]+)_km", "Khoảng cách đến nơi có {0} (km)", "Distance to {0} (km)"),
    (
        r"distance_to_([a-z0-9]+)_(.+)_km",
        "Khoảng cách đến nơi có {0} của {1} (km)",
        "Distance to {0} of {1} (km)",
    ),
)

_SPOKEN_VI = {
    "fibre": "cáp quang",
    "rural": "nông thôn",
    "border": "biên giới",
    "island": "hải đảo",
}


def column_label(column: str) -> Label:
    """Put a column into words.

    Parameters
    ----------
    column
        Name of a column of a published table.

    Returns
    -------
    Label
        Both empty for a column that is not known.
    """
    if column in _FIXED:
        return _FIXED[column]
    for pattern, vietnamese, english in _PATTERNS:
        found = re.fullmatch(pattern, column)
        if found:
            vietnamese_words = [_SPOKEN_VI.get(group, _spoken(group)) for group in found.groups()]
            english_words = [_spoken(group) for group in found.groups()]
            return Label(vietnamese.format(*vietnamese_words), english.format(*english_words))
    return Label("", "")


def _spoken(word: str) -> str:
    """Write a service or an operator slug as people do: 5g as 5G, sao_mai as sao mai."""
    return word.upper() if re.fullmatch(r"\d+g", word) else word.replace("_", " ")
