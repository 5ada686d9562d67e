"""The end of a run in words: what a planner must see on one screen. Blocks of text, no terminal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ...data.text.safe import plain, printable
from ...data.text.sentences import say
from ...data.text.wording import service_name, severity_name
from ...data.text.words import words
from ...errors import SEVERITIES
from ..words.figures import ONE_PERSON, number, percent, real
from ..words.refused import sentences, title
from .block import Block, told
from .provinces import (
    NOT_KNOWN,
    is_unknown,
    lacking_column,
    may_fail,
    note,
    provinces_block,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ...errors import Finding
    from .report import RunReport

COMMUNES_SHOWN = 5
JUDGED_SHOWN = 20  # where the run says how sure each place in the list is
SPOTS_SHOWN = 3
FINDINGS_SHOWN = 2
_HALF_A_PERSON = 0.5  # what is written as nobody is not listed


def run_summary(report: RunReport, language: str = "en") -> tuple[Block, ...]:
    """Say what a run found: warnings, country, provinces, communes, black spots, checks, and where the map is.

    Parameters
    ----------
    report
        The run.
    language
        vi or en.

    Returns
    -------
    tuple of Block
        In reading order; about 40 lines for a country, ten more where it says how sure the list is. Every text is safe to print.
    """
    blocks = [
        *_warnings(report, language),
        _headline(report, language),
        _services(report, language),
        _settlements(report, language),
        provinces_block(report, language),
        _communes(report, language),
        _black_spots(report, language),
        *_findings(report, language),
        Block(lines=told(report.gates, language)),
        Block(lines=_ending(report, language)),
    ]
    return tuple(block for block in blocks if block.rows or block.lines)


def _warnings(report: RunReport, language: str) -> tuple[Block, ...]:
    """Say before any figure what stands on every output, which submissions are not used, and what is not compared."""
    refused = sentences(report.submissions, language)
    notice = printable(" ".join(report.notice.get(language, "").split()))
    own = notice.removesuffix(" ".join(refused)).strip()
    apart = printable(report.not_compared.get(language, ""))
    return (
        Block(lines=(own,) if own else (), is_warning=True),
        Block(title=title(language), lines=refused),
        Block(lines=(apart,) if apart else ()),
    )


def _headline(report: RunReport, language: str) -> Block:
    """Say in two sentences how many people fail the profile, what that means, and how many live in black spots."""
    figures = report.figures
    whole, failing = figures.get("pop_total"), figures.get("pop_failing")
    open_to = may_fail(figures, report.services)
    fails = plain(report.fails.get(language, ""))
    values = {
        "failing": number(failing, language),
        "whole": number(whole, language),
        "share": percent(failing, whole, language),
        "fails": f"{fails[:1].lower()}{fails[1:]}",
    }
    key = "failing_open" if is_unknown(failing, open_to) else "failing"
    if "pop_may_fail" in figures and open_to >= ONE_PERSON:
        key = f"{key}_up_to"
        values["high"] = number(min(real(failing) + open_to, real(whole)), language)
    names = words("summary", language)
    profile = f"{names['profile']} {plain(report.profile)}"
    heading = ", ".join((plain(report.title.get(language, "")) or names["country"], profile))
    people = number(figures.get("pop_in_black_spots"), language)
    spots = say("summary", "spots", language, count=report.black_spots_count, people=people)
    lines = [f"{say('summary', key, language, **values)} {spots}"]
    low, high = (real(figures.get(f"pop_failing_{end}")) for end in ("low", "high"))
    if high - low >= ONE_PERSON:
        ends = {"low": number(low, language), "high": number(high, language)}
        lines.append(say("summary", "range", language, **ends))
    return Block(title=heading, lines=tuple(lines))


def _settlements(report: RunReport, language: str) -> Block:
    """Say of how many villages and facilities the signal is missing."""
    lines = []
    for name, counts in report.settlements.items():
        values = {
            state: number(counts.get(state, 0), language)
            for state in ("no_signal", "partly_covered", "no_data")
        }
        lines.append(say("summary", name, language, whole=number(counts[name], language), **values))
    return Block(lines=tuple(lines))


def _services(report: RunReport, language: str) -> Block:
    """Give one row per service with numerator and denominator, then what the sums leave out."""
    names, figures = words("summary", language), report.figures
    whole = figures.get("pop_total")
    rows = []
    for service in report.services:
        covered, uncovered, silent = (
            figures.get(f"pop_{state}_{service}") for state in ("covered", "uncovered", "no_data")
        )
        open_to = real(silent)
        rows.append(
            (
                plain(service_name(service, language)),
                NOT_KNOWN if is_unknown(covered, open_to) else number(covered, language),
                NOT_KNOWN if is_unknown(uncovered, open_to) else number(uncovered, language),
                number(silent, language),
                number(whole, language),
                NOT_KNOWN if is_unknown(covered, open_to) else percent(covered, whole, language),
            )
        )
    header = ("service", "covered", "uncovered", "no_data", "all", "share")
    return Block(
        header=tuple(names[f"column.{word}"] for word in header),
        rows=tuple(rows),
        lines=(*note(rows, language), *_left_out(report, language)),
        numbers=frozenset(range(1, 6)),
    )


def _left_out(report: RunReport, language: str) -> list[str]:
    """Say whom the sums leave out."""
    figures, lines = report.figures, []
    unknown = real(figures.get("population_unknown_communes"))
    if unknown > 0:
        lines.append(say("summary", "unknown", language, count=unknown))
    outside = real(figures.get("people_outside"))
    if outside >= 1:
        lines.append(say("summary", "outside", language, people=outside))
    return lines


def _communes(report: RunReport, language: str) -> Block:
    """Give the first communes of the ranking with their reason."""
    names, frame = words("summary", language), report.communes
    counts_people = (
        "score" in frame and frame["tier"].notna().any()
    )  # in orders without tiers it may be a share
    people = "score" if counts_people else lacking_column(frame, report)
    if not people or "rank" not in frame:
        return Block()
    anybody = frame[people] >= _HALF_A_PERSON if counts_people else frame[people] > 0
    first = frame[frame["rank"].notna() & anybody].sort_values("rank", kind="stable")
    judged = "rank_low" in frame
    first = first.head(JUDGED_SHOWN if judged else COMMUNES_SHOWN)
    rows = tuple(
        (
            _with_range(row, "rank", language) if judged else str(int(row["rank"])),
            plain(row["code"]),
            f"{plain(row['name'])}, {plain(row.get('province_name') or row['province_code'])}",
            ", ".join(
                names[f"setting.{flag}"] for flag in ("is_border", "is_island") if row.get(flag) is True
            ),
            number(row[people], language),
            *(() if judged else (number(row.get("pop_total"), language),)),
            percent(row[people], row.get("pop_total"), language),
            *((_range(row, "pop_failing", language), _sure(row, names)) if judged else ()),
        )
        for row in first.to_dict("records")
    )
    if not rows:
        return Block()
    header = ["rank", "code", "commune", "setting", "affected", *(() if judged else ("of_people",))]
    words_of = [*(names[f"column.{name}"] for name in header), "%"]
    if judged:
        words_of += [names["column.from_to"], names["column.sure"]]
    return Block(
        title=names["communes_by_tier" if counts_people else "communes"],
        header=tuple(words_of),
        rows=rows,
        numbers=frozenset({0, 4, 5, 6}),
    )


def _range(row: Mapping[Hashable, object], column: str, language: str) -> str:
    """Give both ends of the range of a column."""
    low, high = (number(row[f"{column}_{end}"], language) for end in ("low", "high"))
    return f"{low}\N{EN DASH}{high}"


def _with_range(row: Mapping[Hashable, object], column: str, language: str) -> str:
    """Give a figure and its range, where it has one."""
    figure = number(row[column], language)
    open_to = row[f"{column}_low"] != row[f"{column}_high"]
    return f"{figure} ({_range(row, column, language)})" if open_to else figure


def _sure(row: Mapping[Hashable, object], names: Mapping[str, str]) -> str:
    """Say how sure a commune's place in the list is; nothing where it is not on it."""
    state = row.get("certainty")
    return names[f"sure.{state}"] if state else ""


def _black_spots(report: RunReport, language: str) -> Block:
    """Give the first black spots of the ranking: where they are, who lives there, and what is missing."""
    names, frame = words("summary", language), report.black_spots
    if frame.empty:
        return Block()
    first = frame.sort_values("rank", kind="stable").head(SPOTS_SHOWN)
    rows = tuple(
        (
            str(int(row["rank"])),
            plain(row["spot_id"]),
            f"{plain(row['name'])}, {plain(row.get('province_name') or row['province_code'])}",
            number(row["pop"], language),
            ", ".join(plain(service_name(one, language)) for one in str(row["missing"]).split(",")),
        )
        for row in first.to_dict("records")
    )
    header = ("rank", "spot", "commune", "all", "missing")
    return Block(
        title=names["black_spots"],
        header=tuple(names[f"column.{name}"] for name in header),
        rows=rows,
        numbers=frozenset({0, 3}),
    )


def _ending(report: RunReport, language: str) -> tuple[str, ...]:
    """Say last what became of the run, what can be done next, and where the map is."""
    run = plain(report.run_id)
    if report.nothing_new:
        ending = say("summary", "latest_again" if report.latest_again else "nothing_new", language, run=run)
    elif report.pending:
        ending = say("summary", "pending", language, run=run)
    elif report.published:
        ending = say("summary", "published", language, run=run, seconds=report.seconds, path=report.folder)
    else:
        ending = say("summary", "unpublished", language, run=run)
    lines = [*told(report.pending, language), ending, *_next_step(report, language)]
    return (*lines, say("summary", "map", language, path=report.map_path)) if report.map_path else (*lines,)


def _next_step(report: RunReport, language: str) -> tuple[str, ...]:
    """Say what to do next: answer the operator of a refused file, else look at the first commune."""
    refused = next((entry for entry in report.submissions if entry.state != "delivered"), None)
    if refused is not None:
        values = {
            "operator": plain(refused.operator),
            "service": refused.service,
            "file": plain(refused.path),
        }
        return (say("summary", "next_reply", language, **values),)
    ranked = (
        report.communes[report.communes["rank"].notna()] if "rank" in report.communes else report.communes
    )
    if ranked.empty:
        return ()
    code = ranked.sort_values("rank", kind="stable").iloc[0]["code"]
    return (say("summary", "next_explain", language, code=plain(code), out=report.folder.parent.parent),)


def _findings(report: RunReport, language: str) -> tuple[Block, Block]:
    """Give each kind of finding once, the worst first, with how many rows it means.

    What stops a submission is said to the end, with its cure; the rest has a line each.
    """
    kinds: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        kinds[finding.code].append(finding)
    worst = sorted(kinds.values(), key=lambda same: (SEVERITIES.index(same[0].severity), same[0].code))
    shown = worst[:FINDINGS_SHOWN]
    stopping = tuple(
        f"{severity_name(item.severity, language)}: {item.sentence(language)}"
        for same in shown
        for item in same[:FINDINGS_SHOWN]
        if item.stops
    )
    rows = tuple(
        (
            severity_name(same[0].severity, language),
            f"{sum(finding.count for finding in same)}x",
            PurePath(same[0].file).name,
            replace(same[0], file="").sentence(language),
        )
        for same in shown
        if not same[0].stops
    )
    rest = len(worst) - len(shown)
    more = (say("summary", "more_findings", language, count=rest, path="findings.json"),) if rest else ()
    title_of_all = say("summary", "findings", language)
    return (
        Block(title=title_of_all, lines=stopping),
        Block(title="" if stopping else title_of_all, rows=rows, lines=more, numbers=frozenset({1})),
    )
