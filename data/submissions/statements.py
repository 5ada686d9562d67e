"""What a file says about its days, and how it spells technologies, against what the project says of it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from ..text.column_names import guess_column
from ..text.names import is_nothing
from .own_words.vocabulary import likeliest, services_of

if TYPE_CHECKING:
    import pandas as pd

    from ..findings.collector import FileFindings
    from ..project.limits import CheckRules

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:\.0)?")
_MONTHS = 12
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def report_spelling(columns: pd.DataFrame, about: FileFindings) -> None:
    """Say when a file writes one technology in several ways, which were read as the same.

    Parameters
    ----------
    columns
        All columns of the file.
    about
        Told the ways.
    """
    column = likeliest(columns.columns, "service")
    spelt: dict[str, list[str]] = {}
    for value in _values(columns[column]) if column else []:
        spelt.setdefault("+".join(sorted(services_of(value))), []).append(value)
    several = [" = ".join(spelt[word]) for word in sorted(spelt.keys() - {""}) if len(spelt[word]) > 1]
    if several:
        about.add("submission.spelt-differently", column=column, found=several)


def check_dates(
    columns: pd.DataFrame, asked: dt.date | None, today: dt.date, rules: CheckRules, about: FileFindings
) -> None:
    """Compare the day the file speaks of with the day asked for.

    Parameters
    ----------
    columns
        All columns of the file.
    asked
        The day the file should speak of; None where nobody said.
    today
        Days after it have not come yet.
    rules
        The limits.
    about
        Told about stale and future dates.
    """
    report_day_first(columns, about)
    column = guess_column(columns.columns, "date")
    unread = [value for value in (_values(columns[column]) if column else []) if not _is_day(value)]
    if unread:
        about.add("submission.unreadable-date", column=column, count=len(unread), example=unread[0])
    newest = newest_date(columns)
    latest = asked or today
    if newest is not None and newest > latest:
        about.add("plausibility.date-future", found=newest.isoformat(), asked=latest.isoformat())
    elif asked is not None and asked > today:
        about.add("plausibility.date-future", found=asked.isoformat(), asked=today.isoformat())
    if newest is not None and asked is not None and (asked - newest).days > rules.stale_days:
        days = (asked - newest).days
        about.add("plausibility.stale", found=newest.isoformat(), asked=asked.isoformat(), days=days)


def report_day_first(columns: pd.DataFrame, about: FileFindings) -> None:
    """Ask about dates such as 03/04/2026, when no other date of the column shows which number is the day.

    Parameters
    ----------
    columns
        All columns of the file.
    about
        Told the dates that can be read in two ways.
    """
    column = guess_column(columns.columns, "date")
    found = [(value, _DAY_FIRST.match(value)) for value in _values(columns[column])] if column else []
    pairs = [(value, int(day[1]), int(day[2])) for value, day in found if day]
    if any(first > _MONTHS or second > _MONTHS for _, first, second in pairs):
        return
    unclear = [value for value, first, second in pairs if first != second]
    if unclear:
        about.add("submission.ambiguous-date", column=column, count=len(unclear), example=unclear[0])


def newest_date(columns: pd.DataFrame) -> dt.date | None:
    """Find the newest day in the columns that hold dates; None where there is none."""
    column = guess_column(columns.columns, "date")
    days = [day for value in _values(columns[column]) if (day := read_day(value))] if column else []
    return max(days, default=None)


def read_day(value: object) -> dt.date | None:
    """Read a day written as 2026-10-31 or, as in Viet Nam, 31/10/2026; None for anything else."""
    text = str(value).strip()
    iso, day_first = _ISO.match(text) or _COMPACT.fullmatch(text), _DAY_FIRST.match(text)
    try:
        if iso:
            return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
        if day_first:
            return dt.date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    except ValueError:  # a 31st of June is no day
        return None
    return None


def _is_day(text: str) -> bool:
    """Say whether a date can be read; a year alone is no day, but no mistake either."""
    return _YEAR.fullmatch(text) is not None or read_day(text) is not None


def _values(column: pd.Series) -> list[str]:
    """Give the different values of a column as text, without empty ones, in order."""
    return sorted({str(value).strip() for value in column if not is_nothing(value)} - {"", "<NA>"})
