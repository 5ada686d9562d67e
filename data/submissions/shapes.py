"""What shapes and columns of a delivery tell about how it was made: circles, coarse lines, dates, senders."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .column_guess import guess_column, is_out_of_service, service_of
from .names import is_nothing
from .project_types import slug

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from .findings import FileFindings
    from .project_checks import CheckRules

_METRES_PER_DEGREE = 111_320.0
_FEWEST_CORNERS = 12  # a circle drawn with fewer corners looks like an octagon and is told by its edges
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:\.0)?")
_MONTHS = 12
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of outlines: start and end in degrees, shape (n, 2) each, and their length in metres."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    length_m: NDArray[np.float64]

    @classmethod
    def of(cls, geometries_4326: NDArray[np.object_]) -> Edges:
        """Take outlines apart; lengths are right to a hundredth at the size of a commune."""
        rings = shapely.get_rings(shapely.get_parts(geometries_4326))  # of polygons: of others it gives none
        at, ring = shapely.get_coordinates(rings, return_index=True)
        here = ring[1:] == ring[:-1]
        start, end = at[:-1][here], at[1:][here]
        east = (end[:, 0] - start[:, 0]) * np.cos(np.radians(start[:, 1]))
        return cls(start, end, np.hypot(east, end[:, 1] - start[:, 1]) * _METRES_PER_DEGREE)

    def sample(self, count: int) -> NDArray[np.float64]:
        """Take places evenly along the whole length, longitude and latitude, shape (count, 2)."""
        done = np.cumsum(self.length_m)
        if not len(done) or done[-1] <= 0:
            return np.empty((0, 2))
        wanted = (np.arange(count) + 0.5) / count * done[-1]
        edge = np.minimum(np.searchsorted(done, wanted), len(done) - 1)
        along = 1.0 - (done[edge] - wanted) / np.maximum(self.length_m[edge], 1e-9)
        places: NDArray[np.float64] = self.start[edge] + along[:, None] * (self.end[edge] - self.start[edge])
        return places

    def typical_m(self) -> float:
        """Length above which edges make up half of the outline, metres."""
        if not len(self.length_m):
            return 0.0
        lengths = np.sort(self.length_m)
        done = np.cumsum(lengths)
        return float(lengths[np.searchsorted(done, done[-1] / 2)])


def check_shapes(
    geometries_4326: NDArray[np.object_], ids: NDArray[np.int64], rules: CheckRules, about: FileFindings
) -> None:
    """Look for circles, coarse outlines, features that stand twice, and repeated vertices.

    Parameters
    ----------
    geometries_4326
        Polygons in longitude and latitude.
    ids
        The feature id of each.
    rules
        The limits.
    about
        Told what was found.
    """
    round_share = _round_share(geometries_4326, rules.disc_roundness)
    if round_share > rules.disc_share:
        about.add("plausibility.discs", share_pct=f"{100 * round_share:.0f}")
    typical_m = Edges.of(geometries_4326).typical_m()
    if typical_m > rules.coarse_edge_m:
        about.add("plausibility.coarse", edge_m=f"{typical_m:,.0f}")
    tell_repeated(geometries_4326, ids, about)


def tell_repeated(geometries: NDArray[np.object_], ids: NDArray[np.int64], about: FileFindings) -> None:
    """Tell features that stand twice, and features with the same vertex twice in a row.

    Parameters
    ----------
    geometries
        Polygons.
    ids
        The feature id of each.
    about
        Told what was found.
    """
    seen: set[bytes] = set()
    twice = []
    for number, wkb in zip(ids.tolist(), shapely.to_wkb(geometries), strict=True):
        if wkb in seen:
            twice.append(str(number))
        seen.add(wkb)
    if twice:
        about.add("plausibility.repeated-features", count=len(twice), ids=twice)
    tell_repeated_vertices(geometries, about)


def tell_repeated_vertices(geometries: NDArray[np.object_], about: FileFindings) -> None:
    """Tell polygons with the same vertex twice in a row."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    at, ring = shapely.get_coordinates(rings, return_index=True)
    same = (ring[1:] == ring[:-1]) & (at[1:] == at[:-1]).all(axis=1)
    repeated = len(np.unique(owner[part[ring[1:][same]]]))
    if repeated:
        about.add("plausibility.repeated-vertices", count=repeated)


def _round_share(geometries: NDArray[np.object_], roundness: float) -> float:
    """Share of the parts that are circles on the ground."""
    parts = shapely.get_parts(geometries)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    if not len(parts):
        return 0.0
    latitude = shapely.bounds(parts)[:, [1, 3]].mean(axis=1)
    counts = shapely.get_num_coordinates(parts)
    stretch = np.repeat(np.cos(np.radians(latitude)), counts)
    at = shapely.get_coordinates(parts) * np.column_stack([stretch, np.ones(len(stretch))])
    flat = shapely.set_coordinates(parts.copy(), at)
    length = shapely.length(flat)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 4 * np.pi * shapely.area(flat) / length**2
    return float(np.mean((found > roundness) & (counts > _FEWEST_CORNERS)))


def check_sender(columns: pd.DataFrame, operator: str, service: str, about: FileFindings) -> None:
    """Compare what the columns say about operator and technology with what was announced.

    Parameters
    ----------
    columns
        All columns of the file.
    operator, service
        As announced; empty where nobody said.
    about
        Told about another operator or another technology.
    """
    column = guess_column(columns.columns, "operator")
    if operator and column:
        found = _values(columns[column])
        if found and slug(operator) not in {slug(value) for value in found}:
            about.add("submission.other-operator", column=column, found=found, wanted=operator)
    column = guess_column(columns.columns, "service")
    if service and column:
        spelt: dict[str, list[str]] = {}
        for value in _values(columns[column]):
            spelt.setdefault(service_of(value), []).append(value)
        known = sorted(spelt.keys() - {""})
        several = [" = ".join(spelt[word]) for word in known if len(spelt[word]) > 1]
        if several:
            about.add("submission.spelt-differently", column=column, found=several)
        if known and service not in known:
            about.add("submission.other-service", column=column, found=known, wanted=service)
        elif len(known) > 1:
            others = [word for word in known if word != service]
            about.add("submission.mixed-services", column=column, found=others, wanted=service)


def check_status(columns: pd.DataFrame, about: FileFindings) -> None:
    """Ask about a file in which no row works today, by its own words.

    Parameters
    ----------
    columns
        All columns of the file.
    about
        Asked when the status of every row that has one says planned, under test or taken down.
    """
    column = guess_column(columns.columns, "status")
    found = _values(columns[column]) if column else []
    if found and all(is_out_of_service(value) for value in found):
        about.add("submission.not-in-service", column=column, found=found)


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
    tell_day_first(columns, about)
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


def tell_day_first(columns: pd.DataFrame, about: FileFindings) -> None:
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
