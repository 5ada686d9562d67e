"""Every rule there is: what a finding of a code says, how serious it is, and how to cure it.

The rules stand in the folder ``findings`` of the catalogue of words, one file per area. A new rule is a new entry
there, with its severity and its texts in both languages; nothing else has to name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..text.sentences import slots
from ..text.words import CATALOGUE, Both, catalogue

if TYPE_CHECKING:
    from ...errors import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """The severity, words and cure of one kind of finding. The code never changes its meaning and is never used for another one.

    The texts are sentences with ``{slots}``. ``{file}``, ``{layer}``, ``{row}``, ``{column}`` and ``{count}``
    are always known; every other name is a value the check hands to ``Findings.add``. File, layer, column and
    row are printed before the message, so a message need not repeat them.

    Attributes
    ----------
    code
        ``area.words-with-hyphens``, English, stable.
    severity
        ``error`` and ``ask`` stop a run or refuse a submission, ``warning`` and ``note`` are published.
    message
        What was found.
    cure
        What the reader of the message can do about it.
    """

    code: str
    severity: Severity
    message: Both
    cure: Both

    def placeholders(self) -> frozenset[str]:
        """Give the names of the values that the texts of this rule ask for."""
        return frozenset(name for text in (*self.message, *self.cure) for name in names_in(text))


def names_in(text: str) -> frozenset[str]:
    """Find the names of the slots of a text, without their formats."""
    return frozenset(name for _, name, _ in slots(text) if name)


def _all_rules() -> dict[str, Rule]:
    """Read the rules of all areas."""
    rules: dict[str, Rule] = {}
    for file in sorted((CATALOGUE / "findings").glob("*.toml")):
        for area, entries in catalogue(f"findings/{file.stem}").items():
            for name, entry in entries.items():
                code = f"{area}.{name}"
                if code in rules:
                    raise ValueError(f"two files have a rule {code}")
                rules[code] = Rule(code, entry["severity"], Both(**entry["message"]), Both(**entry["cure"]))
    return rules


RULES: dict[str, Rule] = _all_rules()
"""The rules of all areas by their codes."""
