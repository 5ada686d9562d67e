"""Which column is which, where no project file says: by the names people give to columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

KNOWN: dict[str, tuple[str, ...]] = {
    "code": (
        "code",
        "ma",
        "ma_xa",
        "maxa",
        "ma_dvhc",
        "ma_don_vi",
        "commune_code",
        "ward_code",
        "commune_id",
    ),
    "name": (
        "name",
        "ten",
        "ten_xa",
        "tenxa",
        "ten_dvhc",
        "commune",
        "commune_name",
        "fullname",
        "full_name",
    ),
    "province_code": ("province_code", "ma_tinh", "matinh", "province_id", "prov", "prov_code"),
    "province_name": ("province_name", "ten_tinh", "tentinh", "province", "tinh"),
    "type": ("type", "loai", "loai_dvhc", "cap", "legal_type", "kind", "fullname", "full_name"),
    "population": ("population", "dan_so", "danso", "so_dan", "people", "pop", "tong_dan_so"),
    "longitude": ("longitude", "lon", "lng", "long", "kinh_do", "kinhdo", "x"),
    "latitude": ("latitude", "lat", "vi_do", "vido", "y"),
    "date": ("vintage", "date", "ngay", "ngay_lap", "ngay_so_lieu", "as_of", "thoi_diem", "data_date"),
}
"""What a column may be called, as slugs, the likeliest first."""

_BEGINNINGS = {"population": ("pop_", "population_", "dan_so_")}
_SHAPEFILE_NAME = 10  # letters that a Shapefile leaves of a column's name


def guess_column(columns: Iterable[str], meaning: str) -> str:
    """Find the column of a meaning.

    Parameters
    ----------
    columns
        Names as the file spells them.
    meaning
        A key of :data:`KNOWN`.

    Returns
    -------
    str
        The column; empty where none looks like it.
    """
    by_slug: dict[str, str] = {}
    for column in columns:
        by_slug.setdefault(slug(str(column)), str(column))
    for word in KNOWN[meaning]:
        if word in by_slug:
            return by_slug[word]
    for word in KNOWN[meaning]:
        if word[:_SHAPEFILE_NAME] in by_slug and len(word) > _SHAPEFILE_NAME:
            return by_slug[word[:_SHAPEFILE_NAME]]
    beginnings = _BEGINNINGS.get(meaning, ())
    return next((name for word, name in by_slug.items() if beginnings and word.startswith(beginnings)), "")
