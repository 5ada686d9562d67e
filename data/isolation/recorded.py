"""Findings that a child process writes down, and how they are said again in the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..findings.collector import Findings
from ..findings.rules.catalogue import RULES
from ..text.safe import plain
from .reply import BadReplyError, is_texts

if TYPE_CHECKING:
    from ...errors import Finding
    from ..findings.collector import FileFindings

_PLACES = ("layer", "row", "column")
_KEYS = frozenset({"code", "count", "values", *_PLACES})
_TAKEN = frozenset({"code", "file", "count", *_PLACES})


class RecordedFindings(Findings):
    """Collects findings in a reader, to be said again where they are wanted.

    Parameters
    ----------
    accept
        Codes of questions that were accepted: the reader goes on where it would stop.
    """

    def __init__(self, accept: Iterable[str] = ()) -> None:
        super().__init__(accept=accept)
        self.recorded: list[dict[str, Any]] = []

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
        """Say one thing as :meth:`Findings.add` does, and keep what is needed to say it again."""
        worded = {name: _worded(value) for name, value in values.items()}
        self.recorded.append(
            {
                "code": code,
                "layer": plain(layer),
                "row": plain(row),
                "column": plain(column),
                "count": int(count),
                "values": worded,
            }
        )
        return super().add(code, file=file, layer=layer, row=row, column=column, count=count, **values)


def _worded(value: object) -> str | list[str]:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Path):
        members = [plain(member) for member in value]
        return sorted(members) if isinstance(value, set | frozenset) else members
    return plain(value)


def replay(recorded: object, about: FileFindings) -> None:
    """Say the findings of a reader about a file.

    Parameters
    ----------
    recorded
        What the reader recorded.
    about
        Told them; the name of the file is ours, not the reader's.

    Raises
    ------
    BadReplyError
        There is no such rule, or it asks for other values.
    """
    if not isinstance(recorded, list):
        raise BadReplyError("findings")
    for finding in recorded:
        if not _is_sound(finding):
            raise BadReplyError("findings")
        place = {name: finding[name] for name in _PLACES}
        about.findings.add(
            finding["code"], file=about.file, count=finding["count"], **place, **finding["values"]
        )


def _is_sound(finding: object) -> bool:
    if not isinstance(finding, dict) or finding.keys() != _KEYS or not isinstance(finding["code"], str):
        return False
    rule = RULES.get(finding["code"])
    values = finding["values"]
    worded = all(isinstance(finding[name], str) for name in _PLACES)
    if rule is None or not worded or type(finding["count"]) is not int or not isinstance(values, dict):
        return False
    known = all(isinstance(value, str) or is_texts(value) for value in values.values())
    return known and not values.keys() & _TAKEN and rule.placeholders() <= values.keys() | _TAKEN
