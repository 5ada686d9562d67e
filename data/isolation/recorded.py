"""Findings recorded in a child process, and replayed in the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..findings.collector import Findings
from ..text.safe import plain
from ..text.sentences import Phrase, as_number, phrase
from .answers import FindingSaid, PhraseSaid, is_takeable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...errors import Finding
    from ..findings.collector import FileFindings


class RecordedFindings(Findings):
    """Collects findings in a reader, to be said again where they are wanted.

    Parameters
    ----------
    accept
        Codes of questions that were accepted: the reader goes on where it would stop.
    """

    def __init__(self, accept: Iterable[str] = ()) -> None:
        super().__init__(accept=accept)
        self.recorded: list[FindingSaid] = []

    def add(
        self,
        code: str,
        *,
        file: str | Path = "",
        layer: str = "",
        row: str = "",
        column: str = "",
        count: int = 1,
        **values: object,
    ) -> Finding:
        """Add one finding as :meth:`Findings.add` does, and record it so that it can be replayed."""
        finding = super().add(code, file=file, layer=layer, row=row, column=column, count=count, **values)
        self.recorded.append(
            FindingSaid(
                code=code,
                layer=plain(layer),
                row=plain(row),
                column=plain(column),
                count=int(count),
                values={name: _worded(value) for name, value in values.items()},
            )
        )
        return finding


def _worded(value: object) -> str | int | float | list[str] | PhraseSaid:
    """Make a value one that JSON has; numbers stay numbers, as far as the program takes them."""
    if isinstance(value, Phrase):
        return PhraseSaid(phrase=value.key, values={name: _part(part) for name, part in value.values})
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Path):
        members = [plain(member) for member in value]
        return sorted(members) if isinstance(value, set | frozenset) else members
    return _part(value)


def _part(value: object) -> str | int | float:
    """Make a value of a phrase one that JSON has."""
    number = as_number(value)
    return number if number is not None and is_takeable(number) else plain(value)


def replay(recorded: Sequence[FindingSaid], about: FileFindings) -> list[Finding]:
    """Say the findings of a reader about a file.

    Parameters
    ----------
    recorded
        What the reader recorded, as :func:`.answers.checked` lets it through.
    about
        Told them; the name of the file is ours, not the reader's.

    Returns
    -------
    list of Finding
        The findings, which are also kept.
    """
    found = []
    for said in recorded:
        # None of the values is called like the arguments before.
        values: dict[str, Any] = {name: _as_told(value) for name, value in said.values.items()}
        found.append(
            about.findings.add(
                said.code,
                file=about.file,
                layer=said.layer,
                row=said.row,
                column=said.column,
                count=said.count,
                **values,
            )
        )
    return found


def _as_told(value: object) -> object:
    """Make a phrase of what a reader made of one."""
    return phrase(value.phrase, **value.values) if isinstance(value, PhraseSaid) else value
