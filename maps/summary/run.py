"""The end of a run in words: what a planner must see on one screen. Blocks of text, no terminal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ...data.text.safe import plain
from ..words.figures import ONE_PERSON, number, percent, real
from ..words.labels import service_label
from ..words.refused import sentences, title
from .block import Block
from .provinces import (
    NOT_KNOWN,
    is_unknown,
    lacking_column,
    may_fail,
    note,
    provinces_block,
)

if TYPE_CHECKING:
    from ...errors import Finding
    from .report import RunReport

COMMUNES_SHOWN = 10
FINDINGS_SHOWN = 4

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "all": "people",
        "black_spots": "black spots",
        "code": "code",
        "commune": "commune",
        "communes": "First communes to serve",
        "country": "Country",
        "covered": "covered",
        "error": "refused",
        "ask": "to decide",
        "failing": "fail it",
        "findings": "What the checks noticed or repaired",
        "map": "Map: {path}",
        "more_findings": "... and {count} more kinds, all in {path}",
        "no_data": "no data",
        "note": "note",
        "nothing_new": "Nothing new: the inputs are those of run {run}; nothing was written.",
        "outside": "{people} people of the raster live outside every commune and are in no sum.",
        "people": "people",
        "profile": "profile",
        "published": "Run {run} was published in {seconds} s: {path}",
        "rank": "rank",
        "setting": "setting",
        "is_border": "border",
        "is_island": "island",
        "affected": "without",
        "of_people": "of people",
        "open": "With those of whom it is not known, up to {high} people fail it.",
        "service": "service",
        "share": "covered share",
        "spots": "{count} black spots with {people} people. {failing} of {whole} people ({share}) fail "
        "the profile.",
        "spots_open": "{count} black spots with {people} people. How many of {whole} people fail the profile is "
        "not known: no data was handed in.",
        "uncovered": "uncovered",
        "unknown": "{count} communes have no known population: they count as unknown, not as zero.",
        "unpublished": "Run {run} was not published.",
        "warning": "warning",
    },
    "vi": {
        "all": "số dân",
        "black_spots": "điểm đen",
        "code": "mã",
        "commune": "xã, phường, đặc khu",
        "communes": "Các xã, phường, đặc khu cần ưu tiên",
        "country": "Cả nước",
        "covered": "có phủ",
        "error": "từ chối",
        "ask": "cần quyết định",
        "failing": "chưa đạt",
        "findings": "Kết quả kiểm tra và sửa dữ liệu",
        "map": "Bản đồ: {path}",
        "more_findings": "... và {count} loại khác, xem đầy đủ ở {path}",
        "no_data": "không có dữ liệu",
        "note": "ghi chú",
        "nothing_new": "Không có gì mới: dữ liệu vào trùng với lần chạy {run}; không ghi gì thêm.",
        "outside": "{people} người trong lưới dân số nằm ngoài mọi xã, phường, đặc khu và không được cộng vào đâu.",
        "people": "số dân",
        "profile": "bộ tiêu chí",
        "published": "Lần chạy {run} đã công bố sau {seconds} giây: {path}",
        "rank": "hạng",
        "setting": "địa bàn",
        "is_border": "biên giới",
        "is_island": "hải đảo",
        "affected": "chưa có",
        "of_people": "trên số dân",
        "open": "Kể cả số dân chưa rõ vì thiếu dữ liệu, có thể tới {high} người chưa đạt.",
        "service": "dịch vụ",
        "share": "tỷ lệ có phủ",
        "spots": "{count} điểm đen với {people} người. {failing} trên {whole} người ({share}) chưa đạt "
        "tiêu chí.",
        "spots_open": "{count} điểm đen với {people} người. Chưa rõ bao nhiêu trên {whole} người chưa đạt tiêu chí "
        "vì chưa nộp dữ liệu.",
        "uncovered": "chưa phủ",
        "unknown": "{count} xã, phường, đặc khu chưa rõ số dân: tính là chưa rõ, không phải bằng không.",
        "unpublished": "Lần chạy {run} không được công bố.",
        "warning": "cảnh báo",
    },
}


def run_summary(report: RunReport, language: str = "en") -> tuple[Block, ...]:
    """Say what a run found: country, provinces, communes, checks, and where the map is.

    Parameters
    ----------
    report
        The run.
    language
        vi or en.

    Returns
    -------
    tuple of Block
        In reading order; about 40 lines for a country. Every text is safe to print.
    """
    words = _WORDS[language]
    run = plain(report.run_id)
    if report.nothing_new:
        ending = words["nothing_new"].format(run=run)
    elif report.published:
        ending = words["published"].format(run=run, seconds=f"{report.seconds:.0f}", path=report.folder)
    else:
        ending = words["unpublished"].format(run=run)
    map_line = (words["map"].format(path=report.map_path),) if report.map_path else ()
    blocks = [
        _country(report, language),
        provinces_block(report, language),
        _communes(report, language),
        _findings(report, language),
        Block(title=title(language), lines=sentences(report.submissions, language)),
        Block(lines=(ending, *map_line)),
    ]
    return tuple(block for block in blocks if block.rows or block.lines)


def _country(report: RunReport, language: str) -> Block:
    """Give one row per service with numerator and denominator, then what the sums leave out."""
    words, figures = _WORDS[language], report.figures
    whole = figures.get("pop_total")
    rows = []
    for service in report.services:
        covered, uncovered, silent = (
            figures.get(f"pop_{state}_{service}") for state in ("covered", "uncovered", "no_data")
        )
        open_to = real(silent)
        rows.append(
            (
                plain(service_label(service, language)),
                NOT_KNOWN if is_unknown(covered, open_to) else number(covered, language),
                NOT_KNOWN if is_unknown(uncovered, open_to) else number(uncovered, language),
                number(silent, language),
                number(whole, language),
                NOT_KNOWN if is_unknown(covered, open_to) else percent(covered, whole, language),
            )
        )
    header = ("service", "covered", "uncovered", "no_data", "all", "share")
    profile = f"{words['profile']} {plain(report.profile)}"
    title = ", ".join(part for part in (plain(report.title) or words["country"], profile) if part)
    return Block(
        title=title,
        header=tuple(words[word] for word in header),
        rows=tuple(rows),
        lines=(*note(rows, language), *_country_lines(report, language)),
        numbers=frozenset(range(1, 6)),
    )


def _country_lines(report: RunReport, language: str) -> list[str]:
    """Say in sentences what no row of the table holds."""
    words, figures = _WORDS[language], report.figures
    whole, failing = figures.get("pop_total"), figures.get("pop_failing")
    open_to = may_fail(figures, report.services)
    lines = [
        words["spots_open" if is_unknown(failing, open_to) else "spots"].format(
            count=number(report.black_spots_count, language),
            people=number(figures.get("pop_in_black_spots"), language),
            failing=number(failing, language),
            whole=number(whole, language),
            share=percent(failing, whole, language),
        )
    ]
    if "pop_may_fail" in figures and open_to >= ONE_PERSON:
        high = real(failing) + open_to
        lines.append(words["open"].format(high=number(min(high, real(whole)), language)))
    unknown = real(figures.get("population_unknown_communes"))
    if unknown > 0:
        lines.append(words["unknown"].format(count=number(unknown, language)))
    outside = real(figures.get("people_outside"))
    if outside >= 1:
        lines.append(words["outside"].format(people=number(outside, language)))
    return lines


def _communes(report: RunReport, language: str) -> Block:
    """Give the first communes of the ranking with their reason."""
    words, frame = _WORDS[language], report.communes
    people = "score" if "score" in frame else lacking_column(frame, report)
    if not people or "rank" not in frame:
        return Block()
    first = frame[frame["rank"].notna()].sort_values("rank", kind="stable").head(COMMUNES_SHOWN)
    rows = tuple(
        (
            str(int(row["rank"])),
            plain(row["code"]),
            f"{plain(row['name'])}, {plain(row.get('province_name') or row['province_code'])}",
            ", ".join(words[flag] for flag in ("is_border", "is_island") if row.get(flag) is True),
            number(row[people], language),
            number(row.get("pop_total"), language),
            percent(row[people], row.get("pop_total"), language),
        )
        for row in first.to_dict("records")
    )
    header = ("rank", "code", "commune", "setting", "affected", "of_people")
    return Block(
        title=words["communes"],
        header=(*(words[name] for name in header), "%"),
        rows=rows,
        numbers=frozenset({0, 4, 5, 6}),
    )


def _findings(report: RunReport, language: str) -> Block:
    """Give each kind of finding once, the worst first, with how many rows it means."""
    words = _WORDS[language]
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        kinds[finding.code].append(finding)
    order = {"error": 0, "ask": 1, "warning": 2, "note": 3}
    worst = sorted(kinds.values(), key=lambda same: (order[same[0].severity], same[0].code))
    rows = tuple(
        (
            words[same[0].severity],
            f"{sum(finding.count for finding in same)}x",
            PurePath(same[0].file).name,
            replace(same[0], file="").sentence(language),
        )
        for same in worst[:FINDINGS_SHOWN]
    )
    rest = len(worst) - len(rows)
    more = (words["more_findings"].format(count=rest, path="findings.json"),) if rest else ()
    return Block(title=words["findings"], rows=rows, lines=more, numbers=frozenset({1}))
