"""Every column of the published tables, from ``columns.toml`` of the catalogue, which says how to add one."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from ..text.words import Both, catalogue
from .column import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Table = Literal[
    "communes",
    "provinces",
    "country",
    "black_spots",
    "ranking",
    "changes_communes",
    "changes_provinces",
    "changes_operators",
    "changes_causes",
    "changes_black_spots",
    "villages",
    "village_counts",
    "facilities",
    "facility_counts",
]

_NOTHING = {"vi": "", "en": ""}


class UnknownColumnError(LookupError):
    """A table has a column that the register does not describe: a mistake of the program."""


@cache
def columns(table: Table) -> tuple[Column, ...]:
    """Give the columns a table can have, in the order in which the files show them.

    Parameters
    ----------
    table
        ``country`` is no file: its columns are the figures of the manifest. ``ranking`` is a sheet of the workbook,
        whose notice stands above the table.
    """
    entries = catalogue("columns")
    own = map(_column, entries[table])
    if table == "ranking":
        return tuple(own)
    if table not in {"provinces", "country"}:
        return (*own, *map(_column, entries["every"]))
    sums = (column for column in columns("communes") if column.rolled_up)
    if table == "provinces":
        return (*own, *sums, *map(_column, entries["every"]))
    counts = (column for column in map(_column, entries["provinces"]) if column.kind == "count")
    return (*own, *counts, *sums)


@cache
def find(table: Table, name: str) -> tuple[Column, Mapping[str, str]]:
    """Find the description of a column.

    Parameters
    ----------
    table
        The table it stands in.
    name
        Its name in a run.

    Returns
    -------
    tuple
        The description, and what stands in the slots of its name.

    Raises
    ------
    UnknownColumnError
        The register has no such column.
    """
    for column in columns(table):
        slots = column.slots(name)
        if slots is not None:
            return column, slots
    raise UnknownColumnError(
        f"the table {table} has a column {name!r} that data/text/catalogue/columns.toml does not describe; add it"
    )


def matching(table: Table, pattern: str, names: Iterable[str]) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Find the columns of a run that one description stands for.

    Parameters
    ----------
    table
        The table they stand in.
    pattern
        The name of the description, such as ``pop_uncovered_<service>``.
    names
        Names of columns of a run.

    Returns
    -------
    tuple
        Each name that fits, with what stands in the slots, in the order given.
    """
    column = next(column for column in columns(table) if column.name == pattern)
    each = ((name, column.slots(name)) for name in names)
    return tuple((name, slots) for name, slots in each if slots is not None)


def services_in(names: Iterable[str]) -> tuple[str, ...]:
    """Give the services a commune table has columns for, in alphabetical order."""
    return _services_in(tuple(names))


@lru_cache(maxsize=16)  # asked again for every commune of a table
def _services_in(names: tuple[str, ...]) -> tuple[str, ...]:
    found = matching("communes", "pop_uncovered_<service>", names)
    return tuple(sorted(slots["service"] for _, slots in found))


def operator_columns(names: Iterable[str], service: str) -> tuple[str, ...]:
    """Give the columns of single operators of a service, in the table's order."""
    return _operator_columns(tuple(names), service)


@lru_cache(maxsize=64)
def _operator_columns(names: tuple[str, ...], service: str) -> tuple[str, ...]:
    found = matching("communes", "pop_covered_<service>_<operator>", names)
    return tuple(name for name, slots in found if slots["service"] == service)


def rolled_up(names: Iterable[str]) -> tuple[tuple[str, Column], ...]:
    """Give those columns of a commune table that provinces have, too, each with its description."""
    wanted = [column for column in columns("communes") if column.rolled_up]
    each = ((name, next((one for one in wanted if one.slots(name) is not None), None)) for name in names)
    return tuple((name, column) for name, column in each if column is not None)


def ordered(table: Table, names: Iterable[str]) -> list[str]:
    """Put the names of a table's columns into their order.

    Columns that differ by service, operator or number stay in the order they have; what the register does
    not describe, such as the geometry, goes to the end.
    """
    positions = _positions(table)

    def position(name: str) -> int:
        return next((at for column, at in positions if column.slots(name) is not None), len(positions))

    return sorted(names, key=position)


@cache
def _positions(table: Table) -> tuple[tuple[Column, int], ...]:
    """Give columns the number of their position; those with slots that follow each other share one."""
    numbered: list[tuple[Column, int]] = []
    for at, column in enumerate(columns(table)):
        shares = bool(numbered) and column.is_pattern and numbered[-1][0].is_pattern
        numbered.append((column, numbered[-1][1] if shares else at))
    return tuple(numbered)


def _column(entry: Mapping[str, Any]) -> Column:
    """Make one entry of the file a column."""
    entries = catalogue("columns")
    if "as_in" in entry:
        (other,) = (one for one in entries[entry["as_in"]] if one["name"] == entry["name"])
        entry = {"kind": other["kind"], "label": other["label"], "meaning": other["meaning"], **entry}
    unit = entries["units"].get(entry.get("unit", entry["kind"]), _NOTHING)
    return Column(
        name=entry["name"],
        kind=entry["kind"],
        unit=Both(**unit),
        label=Both(**entry["label"]),
        meaning=Both(**entry["meaning"]),
        rolled_up=entry.get("rolled_up", False),
    )
