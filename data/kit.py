"""A folder to send back to the operator: what was found, in words, as a table, and on a map of one's own.

It stands by itself: no page of it needs the network or this program. Same check, same bytes.
"""

from __future__ import annotations

import csv
import html
import io
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyogrio
import shapely

from .atomic import write_atomically
from .crs import LONLAT, to_lonlat
from .geopackage import fixed_time
from .published import clean_text
from .vector import read_vector

if TYPE_CHECKING:
    from pathlib import Path

    from ..errors import Finding
    from .check_request import CheckReport
    from .checking import Subject

SUMMARY, TABLE, FEATURES = "ket-qua.html", "phat-hien.csv", "doi-tuong.gpkg"

_SEVERITY_VI = {"error": "Lỗi", "ask": "Cần quyết định", "warning": "Cảnh báo", "note": "Ghi chú"}
_KIND_VI = {
    "communes": "ranh giới xã, phường, đặc khu",
    "population": "ảnh dân cư",
    "coverage": "vùng phủ",
    "sites": "danh sách trạm",
    "table": "bảng số liệu",
    "border": "đường biên giới",
    "list": "danh sách mã",
}
_FACTS_VI = {
    "rows": "Số hàng, đối tượng đã đọc",
    "union_km2": "Diện tích phủ (km²)",
    "pop_total": "Số dân",
    "joins": "Số xã, phường, đặc khu ghép được",
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{margin-top:2rem}li{margin:.6rem 0}code{background:#eee;padding:0 .3rem}.error,.ask{color:#a00}"
)
_MAP_SIDE = 600.0  # pixels of the little map
_MOST_DRAWN = 2000


def write_kit(folder: Path, report: CheckReport, features: geopandas.GeoDataFrame | None) -> None:
    """Write the folder.

    Parameters
    ----------
    folder
        Made where it does not exist; files of an earlier kit are replaced.
    report
        The check.
    features
        From :func:`offending_features`; None where there are none.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / TABLE, "\ufeff" + _table(report.findings))
    there = features is not None and len(features) > 0
    target = folder / FEATURES
    target.unlink(missing_ok=True)
    if there and features is not None:
        with fixed_time():
            pyogrio.write_dataframe(features, target, layer="doi_tuong", driver="GPKG")
    write_atomically(folder / SUMMARY, _summary(report, features if there else None))


def offending_features(subject: Subject) -> geopandas.GeoDataFrame | None:
    """Collect the features that somebody should look at.

    Parameters
    ----------
    subject
        The check.

    Returns
    -------
    geopandas.GeoDataFrame or None
        ``feature_id``, ``code`` and the words in Vietnamese; geometry in EPSG:4326. None for files without
        geometry and for those that cannot be read.
    """
    if subject.request.kind not in {"coverage", "communes", "border"} or subject.path.suffix.lower() in {
        ".tif",
        ".tiff",
    }:
        return None
    table = read_vector(
        subject.path,
        layer=subject.request.layer,
        crs=subject.request.crs,
        columns=(),
        findings=subject.findings.fresh(),
        role=subject.request.kind,
    )
    if table is None:
        return None
    shapes = to_lonlat(table.geometry, table.crs)
    found: list[tuple[int, str, str]] = []
    outside = ~shapely.intersects(shapely.envelope(shapes), shapely.box(*subject.country))
    parts, owner = shapely.get_parts(shapes, return_index=True)
    broken = np.unique(owner[~shapely.is_valid(parts)])
    for chosen, code, words in (
        (np.flatnonzero(outside), "coverage.partly-outside", "nằm ngoài lãnh thổ"),
        (broken, "coverage.invalid-rings", "đường bao tự cắt hoặc tự chạm"),
        (_repeated(shapes), "plausibility.repeated-features", "đối tượng lặp lại"),
    ):
        found += [(int(at), code, words) for at in chosen]
    rows = [at for at, _, _ in found]
    return geopandas.GeoDataFrame(
        {
            "feature_id": table.feature_id[rows].astype(np.int64) if rows else np.empty(0, np.int64),
            "code": [code for _, code, _ in found],
            "ly_do": [words for _, _, words in found],
        },
        geometry=shapes[rows] if rows else [],
        crs=LONLAT,
    )


def _repeated(shapes: np.ndarray) -> list[int]:
    seen: set[bytes] = set()
    twice = []
    for at, wkb in enumerate(shapely.to_wkb(shapes)):
        if wkb in seen:
            twice.append(at)
        seen.add(wkb)
    return twice


def _table(findings: tuple[Finding, ...]) -> str:
    """Write the findings as CSV; a cell that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ("muc_do", "ma", "tep", "lop", "cot", "hang", "so_luong", "noi_dung", "cach_sua", "message")
    )
    for item in findings:
        cells = (
            _SEVERITY_VI[item.severity], item.code, item.file, item.layer, item.column, item.row, str(item.count),
            item.message_vi, item.cure_vi, f"{item.message_en} {item.cure_en}",
        )  # fmt: skip
        writer.writerow([_inert(clean_text(cell)) for cell in cells])
    return out.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t"} else cell


def _summary(report: CheckReport, features: geopandas.GeoDataFrame | None) -> str:
    """Write the page in Vietnamese."""
    request = report.request
    verdict = "Tệp dùng được." if report.used else "Tệp chưa dùng được, đề nghị sửa và nộp lại."
    facts = [
        f"<li>{words}: {_number(value)}</li>"
        for name, words in _FACTS_VI.items()
        if (value := getattr(report.facts, name)) is not None
    ]
    lines = [
        "<!doctype html>",
        '<html lang="vi"><head><meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Kết quả kiểm tra</title><style>{_STYLE}</style></head><body>",
        f"<h1>Kết quả kiểm tra {html.escape(_KIND_VI[request.kind])}</h1>",
        f"<p>Tệp: <code>{html.escape(clean_text(request.path.name))}</code>"
        + (f", nhà mạng: {html.escape(clean_text(request.operator))}" if request.operator else "")
        + (f", dịch vụ: {html.escape(clean_text(request.service))}" if request.service else "")
        + "</p>",
        f"<p><strong>{verdict}</strong></p>",
        *(["<ul>", *facts, "</ul>"] if facts else []),
        *_findings_words(report.findings),
        *([] if features is None else _map(features)),
        f"<p>Bảng đầy đủ: <code>{TABLE}</code>"
        + (f"; đối tượng cần xem: <code>{FEATURES}</code> (mở bằng QGIS)" if features is not None else "")
        + ".</p>",
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _findings_words(findings: tuple[Finding, ...]) -> list[str]:
    if not findings:
        return ["<p>Không phát hiện vấn đề nào.</p>"]
    lines = []
    for severity, title in _SEVERITY_VI.items():
        same = [item for item in findings if item.severity == severity]
        if same:
            words = [
                f'<li class="{severity}">{html.escape(item.sentence("vi"))} <code>{item.code}</code></li>'
                for item in same
            ]
            lines += [f"<h2>{title}</h2>", "<ul>", *words, "</ul>"]
    return lines


def _map(features: geopandas.GeoDataFrame) -> list[str]:
    """Draw the boxes of the features on white, north up: enough to see where they lie."""
    boxes = shapely.bounds(np.asarray(features.geometry.array, dtype=object)[:_MOST_DRAWN])
    west, south, east, north = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    scale = _MAP_SIDE / max(east - west, north - south, 1e-6)
    drawn = [
        f'<rect x="{(x0 - west) * scale:.1f}" y="{(north - y1) * scale:.1f}" '
        f'width="{max(2.0, (x1 - x0) * scale):.1f}" height="{max(2.0, (y1 - y0) * scale):.1f}"/>'
        for x0, y0, x1, y1 in boxes
    ]
    width, height = (east - west) * scale + 4, (north - south) * scale + 4
    return [
        "<h2>Vị trí các đối tượng cần xem</h2>",
        f'<svg viewBox="-2 -2 {width:.1f} {height:.1f}" width="{width:.0f}" fill="none" stroke="#a00">',
        *drawn,
        "</svg>",
        f"<p>Từ {south:.3f}° đến {north:.3f}° vĩ bắc, {west:.3f}° đến {east:.3f}° kinh đông.</p>",
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".") if value >= 1000 else f"{value:g}".replace(".", ",")
