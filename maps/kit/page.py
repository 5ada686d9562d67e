"""The page of a kit, in Vietnamese and in English."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...data.text.safe import clean_text
from .picture import draw_map

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas
    import numpy as np
    from numpy.typing import NDArray

    from ...data.checking.request import CheckReport
    from ...errors import Finding


@dataclass(frozen=True, slots=True)
class _Words:
    """Everything that the page says by itself."""

    title: str
    kinds: Mapping[str, str]
    facts: Mapping[str, str]
    severities: Mapping[str, str]
    file: str
    operator: str
    service: str
    usable: str
    unusable: str
    nothing: str
    map: str
    map_note: str
    table: str
    features: str


_VI = _Words(
    title="Kết quả kiểm tra",
    kinds={
        "communes": "ranh giới xã, phường, đặc khu",
        "population": "lưới dân số",
        "coverage": "vùng phủ",
        "sites": "danh sách trạm",
        "table": "bảng số liệu",
        "border": "đường biên giới",
        "list": "danh sách mã",
    },
    facts={
        "rows": "Số hàng, đối tượng đã đọc",
        "union_km2": "Diện tích phủ (km²)",
        "pop_total": "Số dân",
        "joins": "Số xã, phường, đặc khu ghép được",
    },
    severities={"error": "Lỗi", "ask": "Cần quyết định", "warning": "Cảnh báo", "note": "Ghi chú"},
    file="Tệp",
    operator="nhà mạng",
    service="dịch vụ",
    usable="Tệp dùng được.",
    unusable="Tệp chưa dùng được, đề nghị sửa và nộp lại.",
    nothing="Không phát hiện vấn đề nào.",
    map="Vị trí các đối tượng cần xem",
    map_note="Màu đỏ: đối tượng nêu trong phát hiện; số bên cạnh là mã đối tượng hoặc mã xã. Hướng bắc ở phía trên.",
    table="Bảng đầy đủ",
    features="đối tượng cần xem, mở bằng QGIS",
)
_EN = _Words(
    title="Result of the check",
    kinds={
        "communes": "commune boundaries",
        "population": "population raster",
        "coverage": "coverage",
        "sites": "cell sites",
        "table": "table of figures",
        "border": "border lines",
        "list": "list of codes",
    },
    facts={
        "rows": "Rows or features read",
        "union_km2": "Ground covered (km²)",
        "pop_total": "People",
        "joins": "Communes matched",
    },
    severities={"error": "Errors", "ask": "To be decided", "warning": "Warnings", "note": "Notes"},
    file="File",
    operator="operator",
    service="service",
    usable="The file can be used.",
    unusable="The file cannot be used yet; please mend it and hand it in again.",
    nothing="Nothing was found.",
    map="Where the features to look at lie",
    map_note="Red: features named in the findings; beside them their feature id or commune code. North is up.",
    table="The whole table",
    features="features to look at, for QGIS",
)
_LANGUAGES = {"vi": _VI, "en": _EN}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{margin-top:2rem}li{margin:.6rem 0}code{background:#eee;padding:0 .3rem}.error,.ask{color:#a00}"
    "svg{max-width:100%;height:auto;border:1px solid #9ab}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def kit_page(
    report: CheckReport,
    features: geopandas.GeoDataFrame | None,
    around: NDArray[np.object_],
    names: Mapping[str, str],
    language: str,
) -> str:
    """Write the page.

    Parameters
    ----------
    report
        The check.
    features
        What findings name; None where they name nothing that has a place.
    around
        Outlines to draw beneath the features, EPSG:4326.
    names
        File names of the ``table`` and the ``features``.
    language
        vi or en.
    """
    words, request = _LANGUAGES[language], report.request
    facts = [
        f"<li>{said}: {_number(value, language)}</li>"
        for name, said in words.facts.items()
        if (value := getattr(report.facts, name)) is not None
    ]
    drawn = "" if features is None else draw_map(features, around, language)
    lines = [
        "<!doctype html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{words.title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{words.title}: {words.kinds[request.kind]}</h1>",
        f"<p>{words.file}: <code>{_shown(request.path.name)}</code>"
        + (f", {words.operator}: {_shown(request.operator)}" if request.operator else "")
        + (f", {words.service}: {_shown(request.service)}" if request.service else "")
        + "</p>",
        f"<p><strong>{words.usable if report.used else words.unusable}</strong></p>",
        *(["<ul>", *facts, "</ul>"] if facts else []),
        *_findings(report.findings, words, language),
        *([f"<h2>{words.map}</h2>", drawn, f"<p>{words.map_note}</p>"] if drawn else []),
        f"<p>{words.table}: <code>{names['table']}</code>"
        + (f"; {words.features}: <code>{names['features']}</code>" if features is not None else "")
        + ".</p>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _findings(findings: tuple[Finding, ...], words: _Words, language: str) -> list[str]:
    if not findings:
        return [f"<p>{words.nothing}</p>"]
    lines = []
    for severity, title in words.severities.items():
        same = [item for item in findings if item.severity == severity]
        if same:
            items = [
                f'<li class="{severity}">{html.escape(item.sentence(language))} <code>{item.code}</code></li>'
                for item in same
            ]
            lines += [f"<h2>{title}</h2>", "<ul>", *items, "</ul>"]
    return lines


def _shown(text: str) -> str:
    return html.escape(clean_text(text))


def _number(value: float, language: str) -> str:
    """Write a number as the language does."""
    text = f"{value:,.0f}" if value >= 1000 else f"{value:g}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
