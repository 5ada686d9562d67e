"""One published column: its kind, its words, and which names of a run's columns it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, get_args

from ..text.wording import service_name
from ..text.words import Both

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["flag", "count", "people", "share", "area", "distance", "degree", "index", "number", "text"]

KINDS: tuple[Kind, ...] = get_args(Kind)

# An operator's column ends with its name in plain letters; the project file refuses operators with these.
_COMBINED = r"(?!(?:all|max_operator|at_least_\d+)$)"
_SLOTS = {
    "service": r"[a-z0-9]+",
    "operator": rf"{_COMBINED}[a-z0-9_]+",
    "k": r"\d+",
    "tier": r"\d+",
    "list": r"[a-z][a-z0-9_]*",
    "indicator": r"(?:pop_[a-z0-9_]+|[a-z0-9][a-z0-9_]*_share)",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published table, or several that differ by service, operator or number.

    Attributes
    ----------
    name
        As the files write it; ``<service>``, ``<operator>``, ``<k>``, ``<tier>``, ``<list>`` and ``<indicator>`` stand for what
        a run fills in.
    kind
        What it holds: ``flag``, ``count`` (a whole number), ``text``, or one of the kinds of real numbers.
    unit
        In both languages; empty where there is none.
    label
        A short header, with ``{service}`` and so on where the name has them.
    meaning
        Its definition.
    rolled_up
        Provinces and the country have it, too.
    """

    name: str
    kind: Kind
    unit: Both
    label: Both
    meaning: Both
    rolled_up: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for several columns."""
        return "<" in self.name

    def slots(self, name: str) -> dict[str, str] | None:
        """Say what a column of a run puts into the slots of this name; None where it is another column."""
        found = _pattern(self.name).fullmatch(name)
        return None if found is None else found.groupdict()

    def header(self, slots: Mapping[str, str], operators: Mapping[str, str]) -> Both:
        """Put the column into words.

        Parameters
        ----------
        slots
            What :meth:`slots` gave.
        operators
            Names of operators by the word their columns end with; without one that word is written.
        """
        operator = slots.get("operator", "")
        words = {**slots, "operator": operators.get(operator, operator.replace("_", " "))}
        service = slots.get("service", "")
        return Both(
            self.label.vi.format_map(words | {"service": service_name(service, "vi")}),
            self.label.en.format_map(words | {"service": service_name(service, "en")}),
        )


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Give the names of a run that a name with slots stands for."""
    parts = re.split(r"<(\w+)>", name)  # texts and slots in turn
    texts = [
        f"(?P<{part}>{_SLOTS[part]})" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    ]
    return re.compile("".join(texts))
