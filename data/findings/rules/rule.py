"""The shape of a rule: what a finding of one code says, in both languages, and how to cure it."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ....errors import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a check can say. The code never changes its meaning and is never used for another one.

    The texts are sentences with ``{placeholders}``. ``{file}``, ``{layer}``, ``{row}``, ``{column}`` and
    ``{count}`` are always known; every other name is a value the check hands to ``Findings.add``. File,
    layer, column and row are printed before the message, so a message need not repeat them.

    Attributes
    ----------
    code
        ``area.words-with-hyphens``, English, stable.
    severity
        ``error`` and ``ask`` stop a run or refuse a submission, ``warning`` and ``note`` are published.
    message_en, message_vi
        What was found.
    cure_en, cure_vi
        What the reader of the message can do about it.
    """

    code: str
    severity: Severity
    message_en: str
    message_vi: str
    cure_en: str
    cure_vi: str

    def placeholders(self) -> frozenset[str]:
        """Names of the values that the texts of this rule ask for.

        Returns
        -------
        frozenset of str
            The names in any of the four texts.
        """
        texts = (self.message_en, self.message_vi, self.cure_en, self.cure_vi)
        return frozenset(name for text in texts for name in names_in(text))


def names_in(text: str) -> frozenset[str]:
    """Find the placeholders of one text.

    Parameters
    ----------
    text
        A text with ``{name}`` placeholders.

    Returns
    -------
    frozenset of str
        The names, without format specifications.
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def table(*rules: Rule) -> dict[str, Rule]:
    """Index rules by their code.

    Parameters
    ----------
    rules
        The rules of one area.

    Returns
    -------
    dict
        The rules, in the order given.

    Raises
    ------
    ValueError
        Two rules have one code.
    """
    indexed = {rule.code: rule for rule in rules}
    if len(indexed) != len(rules):
        codes = [rule.code for rule in rules]
        raise ValueError(f"rules with one code: {sorted({code for code in codes if codes.count(code) > 1})}")
    return indexed
