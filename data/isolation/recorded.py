"""Findings that a child process writes down, and how they are said again in the program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..findings.collector import Findings
from ..findings.rules import RULES
from ..text.safe import plain
from ..text.sentences import Phrase, as_number, phrase, slots
from ..text.words import words
from .reply import BadReplyError, is_texts

if TYPE_CHECKING:
    from ...errors import Finding
    from ..findings.collector import FileFindings

_PLACES = ("layer", "row", "column")
_KEYS = frozenset({"code", "count", "values", *_PLACES})
_LARGEST_WHOLE = 2**63
_PHRASE = "phrase"
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


def _worded(value: object) -> object:
    """Make a value one that JSON has; numbers stay numbers, as far as the program takes them."""
    if isinstance(value, Phrase):
        return {_PHRASE: value.key, "values": {name: _worded(part) for name, part in value.values}}
    number = as_number(value)
    if number is not None and _is_takeable(number):
        return number
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
        values: dict[str, Any] = {name: _as_told(value) for name, value in finding["values"].items()}
        about.findings.add(finding["code"], file=about.file, count=finding["count"], **place, **values)


def _as_told(value: Any) -> object:  # noqa: ANN401 - of JSON, found sound before
    """Make a phrase of what a reader made of one."""
    return phrase(value[_PHRASE], **value["values"]) if isinstance(value, dict) else value


def _is_phrase(value: object) -> bool:
    """Say whether a value is a phrase of the catalogue with all it asks for."""
    if (
        not isinstance(value, dict)
        or value.keys() != {_PHRASE, "values"}
        or not isinstance(value["values"], dict)
    ):
        return False
    text = words("phrases", "en").get(value[_PHRASE]) if isinstance(value[_PHRASE], str) else None
    sound = all(isinstance(part, str) or _is_takeable(part) for part in value["values"].values())
    return (
        text is not None and sound and value["values"].keys() == {name for _, name, _ in slots(text) if name}
    )


def _is_takeable(value: object) -> bool:
    """Say whether a number is one that every format can write."""
    if type(value) is int:
        return abs(value) < _LARGEST_WHOLE
    return type(value) is float and math.isfinite(value)


def _is_sound(finding: object) -> bool:
    if not isinstance(finding, dict) or finding.keys() != _KEYS or not isinstance(finding["code"], str):
        return False
    rule = RULES.get(finding["code"])
    values = finding["values"]
    worded = all(isinstance(finding[name], str) for name in _PLACES)
    if rule is None or not worded or type(finding["count"]) is not int or not isinstance(values, dict):
        return False
    known = all(
        isinstance(value, str) or is_texts(value) or _is_takeable(value) or _is_phrase(value)
        for value in values.values()
    )
    return known and not values.keys() & _TAKEN and rule.placeholders() <= values.keys() | _TAKEN
