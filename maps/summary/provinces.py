"""The provinces with most people lacking what the profile asks for, for the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.wording import service_name
from ...data.text.words import words
from ..words.figures import ONE_PERSON, number, percent, real
from .block import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import pandas as pd

    from .report import RunReport

PROVINCES_SHOWN = 4
NOT_KNOWN, AT_LEAST = "\N{EN DASH}", "≥"


def lacking_column(frame: pd.DataFrame, report: RunReport) -> str:
    """Name the column that counts the people who lack what the profile asks; empty where there is none."""
    candidates = ["pop_failing", *(f"pop_uncovered_{service}" for service in report.services)]
    return next((column for column in candidates if column in frame), "")


def may_fail(figures: Mapping[Any, object], services: Sequence[str]) -> float:
    """Count the people who may fail the profile besides those who certainly do.

    Runs of older programs did not count them. For those the people are taken without data on the service that
    fewest have data on: not their number, but enough that no figure stands as if it were certain.
    """
    if "pop_may_fail" in figures:
        return real(figures["pop_may_fail"])
    silent = (real(figures.get(f"pop_no_data_{service}")) for service in services)
    return max((people for people in silent if people > 0), default=0.0)


def is_unknown(low: object, open_to: float) -> bool:
    """Say whether nobody is counted only because the data of ``open_to`` people is missing."""
    return open_to >= ONE_PERSON > real(low)  # NaN: nothing is said of them


def note(rows: Sequence[tuple[str, ...]], language: str) -> tuple[str, ...]:
    """Explain the signs that a table has, one line each; its first column is a name."""
    cells = [cell for row in rows for cell in row[1:]]
    signs = {"not_known": NOT_KNOWN, "at_least": AT_LEAST}
    return tuple(
        say("provinces", name, language, sign=sign)
        for name, sign in signs.items()
        if any(cell.startswith(sign) for cell in cells)
    )


def provinces_block(report: RunReport, language: str) -> Block:
    """Give the provinces with most people lacking it; where data is missing, no figure stands as if it were all.

    Parameters
    ----------
    report
        The run.
    language
        vi or en.
    """
    names, frame = words("provinces", language), report.provinces
    lacking = lacking_column(frame, report)
    if not lacking or frame.empty:
        return Block()
    worst = frame.sort_values([lacking, "province_code"], ascending=[False, True], kind="stable")
    rows = tuple(
        _row(row, lacking, report.services, language)
        for row in worst.head(PROVINCES_SHOWN).to_dict("records")
    )
    header = (names["province"], names["people"], names["failing"], "%")
    services = (
        say("provinces", "uncovered", language, service=plain(service_name(service, language)))
        for service in report.services
    )
    return Block(
        title=names["title"],
        header=(*header, *services),
        rows=rows,
        lines=note(rows, language),
        numbers=frozenset(range(1, len(header) + len(report.services))),
    )


def _row(
    row: Mapping[Hashable, object], lacking: str, services: Sequence[str], language: str
) -> tuple[str, ...]:
    """Write one province."""
    whole, failing = row.get("pop_total"), row[lacking]
    open_to = may_fail(row, services)
    if lacking != "pop_failing":
        open_to = real(row.get(lacking.replace("uncovered", "no_data", 1)))
    uncovered = (
        _bounded(
            row.get(f"pop_uncovered_{service}"),
            real(row.get(f"pop_no_data_{service}")),
            lambda people: number(people, language),
        )
        for service in services
    )
    return (
        plain(row.get("province_name") or row["province_code"]),
        number(whole, language),
        _bounded(failing, open_to, lambda people: number(people, language)),
        _bounded(failing, open_to, lambda people: percent(people, whole, language)),
        *uncovered,
    )


def _bounded(low: object, open_to: float, written: Callable[[object], str]) -> str:
    """Write a figure that may be larger by ``open_to`` people."""
    if is_unknown(low, open_to):
        return NOT_KNOWN
    return f"{AT_LEAST}{written(low)}" if open_to >= ONE_PERSON else written(low)
