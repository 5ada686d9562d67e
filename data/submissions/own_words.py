"""What a coverage file says of its own rows: which of them count, which do not, and which nobody can tell.

A file speaks by its columns: the status of a route, the operator of an area, its technology, whether there is
coverage at all. Rows that by such words certainly do not count are left out and told; where words are not certain the
reader asks. Whatever the project file names in ``where`` is decided there and not looked at here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from ..text.slug import slug
from .rows import as_text, listed
from .vocabulary import (
    counts_operators,
    is_negated,
    is_yes,
    kind_of,
    name_rank,
    says_nothing,
    service_of_code,
    services_named,
    services_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import SubmissionSource
    from ..text.sentences import Phrase

Verdict = Literal["counts", "out", "unsure"]

_FEW_VALUES: Final = 20  # a column of more kinds of values names things, it does not sort them
_MOST_OPERATORS: Final = 20
_JOINED: Final = re.compile(r"[,;/+&|]|\bvà\b|\band\b")
_ALL_OUT: Final = {
    "status": "submission.not-in-service",
    "basis": "submission.not-in-service",
    "environment": "submission.other-environment",
    "service": "submission.other-service",
    "service column": "submission.other-service",
    "operator": "submission.other-operator",
    "covered": "submission.not-covered",
    "count": "submission.not-covered",
}


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


@dataclass(frozen=True, slots=True)
class Statement:
    """What one column says of the rows.

    Attributes
    ----------
    column, meaning
        The column as the file spells it, and what it is about.
    texts
        Its cells as text, None where empty; shape (rows,).
    verdicts
        What each of them says of its row: ``counts``, ``out`` or ``unsure``.
    certain
        The name of the column says what it is about; otherwise only its values do, and nothing is left out unasked.
    code
        The finding that asks about what is not certain.
    """

    column: str
    meaning: str
    texts: list[str | None]
    verdicts: NDArray[np.str_]
    certain: bool = True
    code: str = "submission.rows-unsure"


def rows_that_count(
    columns: pd.DataFrame,
    entry: Entry,
    decided: Collection[str],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> NDArray[np.intp] | None:
    """Choose the rows that count by the file's own words.

    Parameters
    ----------
    columns
        All columns of the rows that the project's filters keep.
    entry
        What is known of the file from outside.
    decided
        Columns that those filters look at.
    size_of
        Measures the shapes of some rows, by their positions.
    about
        Told what is left out, and asked about what is not certain.

    Returns
    -------
    ndarray of intp or None
        Positions in ``columns``; None where no row counts by what several columns say together.
    """
    kept = np.ones(len(columns), dtype=bool)
    statements = [one for one in statements_of(columns, entry) if one.column not in decided]
    unsure: list[Statement] = []
    for one in statements:
        out = one.verdicts == "out"
        if not out.any():
            unsure.append(one)
        elif not (one.verdicts == "counts").any() and not (one.verdicts == "unsure").any():
            _tell_all_out(one, entry, about)
        elif one.certain:
            _tell_left_out(one, kept & out, size_of, about)
            kept &= ~out
            unsure.append(one)
        else:
            unsure.append(replace(one, verdicts=np.where(out, "unsure", one.verdicts)))
    for one in unsure:
        _ask(one, kept & (one.verdicts == "unsure"), size_of, about)
    if not kept.any() and len(columns):
        about.add("submission.nothing-counts", count=len(columns))
        return None
    return np.flatnonzero(kept)


def _tell_all_out(one: Statement, entry: Entry, about: FileFindings) -> None:
    """Say that by one column nothing counts: the file may be another one, or the column out of date."""
    found = sorted({value for value in one.texts if value is not None})
    wanted = {"operator": entry.operator, "environment": entry.environment}.get(one.meaning, entry.service)
    if one.meaning in {"service", "service column"}:
        found = sorted({word for value in found for word in _services(value)})
    about.add(_ALL_OUT[one.meaning], column=one.column, found=found, wanted=wanted)


def _tell_left_out(
    one: Statement,
    out: NDArray[np.bool_],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> None:
    at = np.flatnonzero(out)
    if not len(at):
        return
    about.add(
        "submission.rows-left-out",
        column=one.column,
        count=len(at),
        total=len(out),
        left_out=listed(one.texts[row] for row in at),
        size=size_of(at),
    )


def _ask(
    one: Statement,
    unsure: NDArray[np.bool_],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> None:
    at = np.flatnonzero(unsure)
    if not len(at):
        return
    about.add(
        one.code,
        column=one.column,
        count=len(at),
        total=len(unsure),
        found=listed(one.texts[row] for row in at),
        size=size_of(at),
    )


# --- what each column says ---


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
    table = {str(name): _Column(str(name), columns[name]) for name in columns.columns}
    yield from _of_operator(table, entry)
    yield from _of_service(table, entry)
    yield from _of_status(table, entry)
    yield from _of_kind(table, "basis", {"planned": "out"} if entry.basis != "planned" else {})
    yield from _of_environment(table, entry)
    yield from _of_coverage(table, entry)


class _Column:
    """One column: its different values as text, and which of them stands in which row."""

    def __init__(self, name: str, cells: pd.Series) -> None:
        self.name = name
        self._cells = cells

    @cached_property
    def _coded(self) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
        """Give for each row the place of its text, and the texts; the last is None, for empty cells."""
        codes, uniques = pd.factorize(self._cells)
        texts = [as_text(value) for value in uniques]
        return codes, np.array(
            [*(None if says_nothing(text) else text for text in texts), None], dtype=object
        )

    @property
    def texts(self) -> list[str | None]:
        """Every cell as text, None where it is empty."""
        codes, texts = self._coded
        found: list[str | None] = texts[codes].tolist()
        return found

    @cached_property
    def kinds(self) -> list[str]:
        """The different values, in order."""
        return sorted({text for text in self._coded[1] if text is not None})

    @property
    def few(self) -> list[str]:
        """The different values of a column that sorts rows into a few kinds; empty for any other."""
        return self.kinds if len(self.kinds) <= _FEW_VALUES else []

    def says(
        self,
        meaning: str,
        verdicts: dict[str, Verdict],
        *,
        empty: Verdict = "counts",
        certain: bool = True,
        code: str = "submission.rows-unsure",
    ) -> Statement:
        """Put what each different value says onto the rows.

        An empty cell says that a row counts only where no other row of the column says that it does not.
        """
        if "out" in verdicts.values():
            empty = "out"
        elif "unsure" in verdicts.values():
            empty = "unsure"
        codes, texts = self._coded
        told = np.array([empty if text is None else verdicts[text] for text in texts], dtype=str)
        return Statement(self.name, meaning, self.texts, told[codes], certain, code)


def _named(table: dict[str, _Column], meaning: str) -> list[_Column]:
    """Give the columns with a name of a meaning, the likeliest first."""
    ranked = [(rank, at) for at, name in enumerate(table) if (rank := name_rank(name, meaning)) is not None]
    every = list(table.values())
    return [every[at] for _, at in sorted(ranked)]


def _of_operator(table: dict[str, _Column], entry: Entry) -> Iterator[Statement]:
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


def _services(value: str) -> frozenset[str]:
    code = service_of_code(value)
    return frozenset({code}) if code else services_of(value)


def _of_service(table: dict[str, _Column], entry: Entry) -> Iterator[Statement]:
    """Rows of another technology do not count for this service."""
    wanted = services_of(entry.service)
    if not wanted:
        return
    named = [column for column in _named(table, "service") if any(_services(value) for value in column.kinds)]
    for column in named[:1]:
        yield _service_statement(column, wanted, certain=True)
    if named:
        return
    for column in table.values():
        few = column.few
        if few and all(services_of(value) for value in few) and not services_named(column.name):
            yield _service_statement(column, wanted, certain=False)


def _service_statement(column: _Column, wanted: frozenset[str], *, certain: bool) -> Statement:
    verdicts: dict[str, Verdict] = {}
    for value in column.kinds:
        named = _services(value)
        verdicts[value] = "unsure" if not named else "counts" if named & wanted else "out"
    codes = [value for value in verdicts if service_of_code(value)]
    if codes and len(set(verdicts.values())) > 1:  # what a code means stands in no file
        coded: dict[str, Verdict] = dict.fromkeys(verdicts, "unsure")
        return column.says("service", coded, code="submission.service-codes")
    return column.says("service", verdicts, certain=certain)


def _of_status(table: dict[str, _Column], entry: Entry) -> Iterator[Statement]:
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


def _of_kind(table: dict[str, _Column], meaning: str, says: dict[str, Verdict]) -> Iterator[Statement]:
    """Read a column of one of a few known kinds."""
    for column in _named(table, meaning)[:1]:
        kinds = {value: kind_of(value, meaning) for value in column.kinds}
        if any(kind in says for kind in kinds.values()):
            yield column.says(meaning, {value: says.get(kind, "counts") for value, kind in kinds.items()})


def _of_environment(table: dict[str, _Column], entry: Entry) -> Iterator[Statement]:
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
        elif not wanted and len(known) > 1:
            yield column.says(
                "environment", dict.fromkeys(kinds, "unsure"), code="submission.several-environments"
            )


def _of_coverage(table: dict[str, _Column], entry: Entry) -> Iterator[Statement]:
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


def _flags_of_operator(table: dict[str, _Column], entry: Entry) -> list[str]:
    """Give the columns that say yes or no under the operator's own name."""
    own = slug(entry.operator)
    return [name for name, column in table.items() if own and slug(name) == own and _is_flag(column)]


def _sorts_by_number(column: _Column) -> bool:
    """Say whether a column sorts rows by a small whole number, nothing among them."""
    return "0" in column.few and len(column.few) > 1 and all(map(_is_count, column.few))


def _is_flag(column: _Column) -> bool:
    few = column.few
    return bool(few) and all(is_yes(value) is not None for value in few)


def _speaks_of_none(column: _Column) -> bool:
    """Say whether a column of coverage tells of some rows that there is none."""
    few = column.kinds if _numbers(column.kinds) is not None else column.few
    none = not is_negated(column.name)
    return any(_covered(value) is (not none) for value in few)


def _covered(value: str) -> bool | None:
    number = _number(value)
    return is_yes(value) if number is None or number not in (0, 1) else number == 1


def _flag_statement(column: _Column) -> Statement:
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
