"""The end of a check: blocks of text for a person, one object for a machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ...data.text.safe import plain
from .block import Block

if TYPE_CHECKING:
    from ...data.checking.request import CheckReport
    from ...errors import Finding

_WORDS = {
    "en": {
        "error": "refused", "ask": "to decide", "warning": "warning", "note": "note",
        "rows": "rows read", "union_km2": "covered ground, km²", "pop_total": "people",
        "joins": "communes found", "kit": "For the operator: {path}",
    },
    "vi": {
        "error": "từ chối", "ask": "cần quyết định", "warning": "cảnh báo", "note": "ghi chú",
        "rows": "số hàng đã đọc", "union_km2": "diện tích phủ, km²", "pop_total": "số dân",
        "joins": "số xã, phường, đặc khu ghép được", "kit": "Gửi lại nhà mạng: {path}",
    },
}  # fmt: skip


def check_blocks(report: CheckReport, language: str = "en") -> tuple[Block, ...]:
    """Say what a check found: each finding in full, the counts, and the verdict last.

    Parameters
    ----------
    report
        The check.
    language
        vi or en.

    Returns
    -------
    tuple of Block
        Every text is safe to print.
    """
    words = _WORDS[language]
    lines = [_line(finding, language) for finding in report.findings]
    facts = [(name, value) for name, value in asdict(report.facts).items() if value is not None]
    rows = tuple((words[name], f"{value:,.10g}") for name, value in facts)
    kit = [] if report.kit is None else [words["kit"].format(path=plain(report.kit))]
    found = [Block(lines=tuple(lines))] if lines else []
    counts = [Block(rows=rows, numbers=frozenset({1}))] if rows else []
    return (*found, *counts, Block(lines=(*kit, report.message(language))))


def _line(finding: Finding, language: str) -> str:
    return f"{_WORDS[language][finding.severity]}: {finding.sentence(language)} [{finding.code}]"


def check_facts(report: CheckReport, language: str = "en") -> dict[str, object]:
    """Give a check as an object for machines.

    Parameters
    ----------
    report
        The check.
    language
        Of ``message``: vi or en.

    Returns
    -------
    dict
        ``used``, ``codes``, ``message`` and ``facts`` (``rows``, ``union_km2``, ``pop_total``, ``joins``; null
        where the kind of file has no such number).
    """
    return {
        "used": report.used,
        "codes": list(report.codes),
        "message": report.message(language),
        "facts": asdict(report.facts),
    }
