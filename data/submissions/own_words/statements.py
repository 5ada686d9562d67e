"""The columns that speak of whether rows count, and what each of them says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from ...readers.levels import is_dbm
from ...text.slug import slug
from .column import ColumnOfFile, Statement, Verdict
from .vocabulary import (
    counts_operators,
    is_negated,
    is_yes,
    kind_of,
    name_rank,
    service_of_code,
    services_named,
    services_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ...project.models import SubmissionSource

_MOST_OPERATORS: Final = 20
_JOINED: Final = re.compile(r"[,;/+&|]|\bvà\b|\band\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a file from outside: an empty text where nobody said.

    Attributes
    ----------
    operator, service, basis, environment
        As the project file or the command names them.
    """

    operator: str = ""
    service: str = ""
    basis: str = ""
    environment: str = ""

    @classmethod
    def of(cls, source: SubmissionSource) -> Entry:
        """Take what the project file says about a submission."""
        return cls(source.operator, source.service, source.basis, source.environment)


def statements_of(columns: pd.DataFrame, entry: Entry) -> Iterator[Statement]:
    """Find the columns that speak of whether rows count, and what they say.

    Parameters
    ----------
    columns
        All columns, one row for each feature.
    entry
        What is known of the file from outside.

    Yields
    ------
    Statement
        Several for one meaning where several columns speak of it.
    """
    table = {str(name): ColumnOfFile(str(name), columns[name]) for name in columns.columns}
    yield from _of_operator(table, entry)
    yield from _of_service(table, entry)
    yield from _of_status(table, entry)
    yield from _of_basis(table, entry)
    yield from _of_environment(table, entry)
    yield from _of_coverage(table, entry)
    yield from _of_bands(table)


def _named(table: dict[str, ColumnOfFile], meaning: str) -> list[ColumnOfFile]:
    """Give the columns with a name of a meaning, the likeliest first."""
    ranked = [(rank, at) for at, name in enumerate(table) if (rank := name_rank(name, meaning)) is not None]
    every = list(table.values())
    return [every[at] for _, at in sorted(ranked)]


def _of_operator(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Rows of other operators do not count for this one."""
    own = slug(entry.operator)
    if not own:
        return
    named = _named(table, "operator")
    holding = [
        column for column in named if any(_names_operator(value, own) == "counts" for value in column.kinds)
    ]
    perhaps = [
        column
        for column in _named(table, "operator_perhaps")
        if any(_names_operator(value, own) == "counts" for value in column.few)
    ]
    chosen = (holding or perhaps or [column for column in named if column.kinds])[:1]
    for column in chosen:
        yield column.says("operator", {value: _names_operator(value, own) for value in column.kinds})
    if chosen:
        return
    for column in table.values():
        few = column.few
        if len(few) > 1 and any(slug(value) == own for value in few):
            yield column.says(
                "operator", {value: _names_operator(value, own) for value in few}, certain=False
            )


def _names_operator(value: str, own: str) -> Verdict:
    """Say whether a value names an operator: alone, or in a list of several; not certain as a part of a longer name."""
    parts = {slug(part) for part in _JOINED.split(value)} | {slug(value)}
    if own in parts:
        return "counts"
    return (
        "unsure"
        if any(f"_{own}_" in f"_{part}_" or (part and f"_{part}_" in f"_{own}_") for part in parts)
        else "out"
    )


def services_in(value: str) -> frozenset[str]:
    """Give the services that a value names, in words or by a code."""
    code = service_of_code(value)
    return frozenset({code}) if code else services_of(value)


def _of_service(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Rows of another technology do not count for this service."""
    wanted = services_of(entry.service)
    if not wanted:
        return
    named = [
        column for column in _named(table, "service") if any(services_in(value) for value in column.kinds)
    ]
    for column in named[:1]:
        yield _service_statement(column, wanted, certain=True)
    if named:
        return
    for column in table.values():
        few = column.few
        if few and all(services_of(value) for value in few) and not services_named(column.name):
            yield _service_statement(column, wanted, certain=False)


def _service_statement(column: ColumnOfFile, wanted: frozenset[str], *, certain: bool) -> Statement:
    verdicts: dict[str, Verdict] = {}
    for value in column.kinds:
        named = services_in(value)
        verdicts[value] = "unsure" if not named else "counts" if named & wanted else "out"
    codes = [value for value in verdicts if service_of_code(value)]
    if codes and len(set(verdicts.values())) > 1:  # what a code means stands in no file
        coded: dict[str, Verdict] = dict.fromkeys(verdicts, "unsure")
        return column.says("service", coded, code="submission.service-codes")
    return column.says("service", verdicts, certain=certain)


def _of_status(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Rows of what does not work today do not count; plans count only in a file of plans."""
    out = {"gone"} if entry.basis == "planned" else {"gone", "planned"}

    def verdict(value: str) -> Verdict:
        kind = kind_of(value, "status")
        return "unsure" if not kind else "out" if kind in out else "counts"

    named = _named(table, "status")
    perhaps = [column for column in _named(table, "status_perhaps") if any(map(_is_status, column.few))]
    for column in [*named, *perhaps]:
        if column.kinds:
            yield column.says("status", {value: verdict(value) for value in column.kinds})
    known = {column.name for column in (*named, *perhaps)}
    for name, column in table.items():
        few = [] if name in known else column.few
        if len(few) > 1 and all(map(_is_status, few)) and any(verdict(value) == "out" for value in few):
            yield column.says("status", {value: verdict(value) for value in few}, certain=False)


def _is_status(value: str) -> bool:
    return kind_of(value, "status") != "" and is_yes(value) is None


def _of_basis(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Plans count only in a file of plans; measured and modelled coverage counts alike."""
    for column in _named(table, "basis")[:1]:
        kinds = {value: kind_of(value, "basis") for value in column.kinds}
        if entry.basis != "planned" and "planned" in kinds.values():
            verdicts: dict[str, Verdict] = {
                value: "out" if kind == "planned" else "counts" for value, kind in kinds.items()
            }
            yield column.says("basis", verdicts)


def other_basis(columns: pd.DataFrame, entry: Entry) -> tuple[str, list[str]] | None:
    """Give the column of the basis and its kinds where none of them is what the project file says; else None.

    Nothing is left out for that: the coverage counts, but it is told under a basis that the file does not name.
    """
    if entry.basis in {"", "declared"}:  # nobody said
        return None
    table = {str(name): ColumnOfFile(str(name), columns[name]) for name in columns.columns}
    for column in _named(table, "basis")[:1]:
        kinds = {kind_of(value, "basis") for value in column.kinds} - {""}
        if kinds and entry.basis not in kinds:
            return column.name, sorted(kinds)
    return None


def _of_environment(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Coverage outdoors and in buildings are two things: only rows of the one that is meant count."""
    wanted = kind_of(entry.environment, "environment")
    for column in _named(table, "environment")[:1]:
        kinds = {value: kind_of(value, "environment") for value in column.kinds}
        known = set(kinds.values()) - {""}
        if wanted and known - {wanted}:
            others: dict[str, Verdict] = {
                value: "counts" if kind == wanted else "out" if kind else "unsure"
                for value, kind in kinds.items()
            }
            yield column.says("environment", others)
        elif len(known) > 1 or (not known and len(column.few) > 1):  # words nobody knows, or codes
            yield column.says(
                "environment", dict.fromkeys(kinds, "unsure"), code="submission.several-environments"
            )


def _of_coverage(table: dict[str, ColumnOfFile], entry: Entry) -> Iterator[Statement]:
    """Rows that say of themselves that there is no coverage do not count."""
    wanted = services_of(entry.service)
    flags = {name: services for name in table if (services := services_named(name)) and _is_flag(table[name])}
    own = [name for name, services in flags.items() if services & wanted]
    for name in [*own, *_flags_of_operator(table, entry)]:
        yield _flag_statement(table[name])
    if flags and wanted and not own:
        column = table[min(flags)]
        yield replace(
            column.says("service column", dict.fromkeys(column.kinds, "out")),
            texts=[" ".join(sorted(flags[column.name]))] * len(column.texts),
        )
    for column in _named(table, "covered"):
        if column.name not in flags and _speaks_of_none(column):
            yield _flag_statement(column)
    sorting = [column for name, column in table.items() if name not in flags and _sorts_by_number(column)]
    for column in sorting:
        if counts_operators(column.name):
            yield column.says("count", {value: "out" if value == "0" else "counts" for value in column.few})
        elif name_rank(column.name, "classes") is not None:
            yield column.says(
                "count", {value: "unsure" if value == "0" else "counts" for value in column.few}
            )


def _of_bands(table: dict[str, ColumnOfFile]) -> Iterator[Statement]:
    """Ask from which level up rows count, where they are bands of several levels in dBm."""
    for column in _named(table, "levels"):
        few = column.few
        levels = _numbers(few) if len(few) > 1 else None
        if levels is not None and all(map(is_dbm, levels)):
            yield column.says("levels", dict.fromkeys(few, "unsure"), code="submission.signal-bands")


def _flags_of_operator(table: dict[str, ColumnOfFile], entry: Entry) -> list[str]:
    """Give the columns that say yes or no under the operator's own name."""
    own = slug(entry.operator)
    return [name for name, column in table.items() if own and slug(name) == own and _is_flag(column)]


def _sorts_by_number(column: ColumnOfFile) -> bool:
    """Say whether a column sorts rows by a small whole number, nothing among them."""
    return "0" in column.few and len(column.few) > 1 and all(map(_is_count, column.few))


def _is_flag(column: ColumnOfFile) -> bool:
    few = column.few
    return bool(few) and all(is_yes(value) is not None for value in few)


def _speaks_of_none(column: ColumnOfFile) -> bool:
    """Say whether a column of coverage tells of some rows that there is none."""
    few = column.kinds if _numbers(column.kinds) is not None else column.few
    none = not is_negated(column.name)
    return any(_covered(value) is (not none) for value in few)


def _covered(value: str) -> bool | None:
    number = _number(value)
    return is_yes(value) if number is None or number not in (0, 1) else number == 1


def _flag_statement(column: ColumnOfFile) -> Statement:
    """Read yes and no; of other numbers, such as a share, only 0 is certain."""
    no: Verdict = "counts" if is_negated(column.name) else "out"
    yes: Verdict = "out" if is_negated(column.name) else "counts"
    verdicts: dict[str, Verdict] = {}
    for value in column.kinds:
        covered = _covered(value)
        verdicts[value] = "unsure" if covered is None else yes if covered else no
    return column.says("covered", verdicts, empty="out")


def _number(value: str) -> float | None:
    try:
        return float(value.replace(",", "."))
    except ValueError:
        return None


def _numbers(values: list[str]) -> list[float] | None:
    found = [_number(value) for value in values]
    return None if None in found else [number for number in found if number is not None]


def _is_count(value: str) -> bool:
    return value.isdecimal() and int(value) <= _MOST_OPERATORS
