"""What moved the numbers of a place: causes by their names in tables and in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ...coverage.change.comparison import PART_CAUSES
from ...coverage.change.flows import LEAST_PEOPLE
from ...data.text.wording import listed
from ...data.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...coverage.change.comparison import Comparison
    from ...data.runs.series import Difference

    Key = tuple[str, str]

COVERAGE: Final = "coverage"
"""The one cause that is progress, or regression."""

_MOVED_BY: Final = {
    "people": "population",
    "communes": "boundaries",
    "reported": "reported",
    "not-reported": "reported",
}
_COUNTED_BASIS: Final = (
    "profile.counted_basis"  # the one rule of the profile that decides what an operator covers
)

Share = Literal["all", "part", "none", "unknown"]


def coverage_share(found: Comparison, group: str) -> Share:
    """Say what coverage has to do with the change of a service, or of those who fail the profile.

    Parameters
    ----------
    found
        The comparison.
    group
        A service, or ``profile``.

    Returns
    -------
    str
        ``all``: nothing else differs; ``part``: its part is known beside other causes; ``none``; ``unknown`` where it
        cannot be told from other causes.
    """
    players = [part.causes for part in found.parts if part.service == group]
    if players == [(COVERAGE,)]:
        return "all"
    if not players or any(COVERAGE in one and len(one) > 1 for one in players):
        return "unknown"
    return "part" if (COVERAGE,) in players else "none"


@dataclass(frozen=True, slots=True)
class PlaceCauses:
    """The causes that moved half a person or more, by code and service: joined with ``+`` in their order.

    ``country`` has them under an empty code.
    """

    communes: Mapping[Key, str]
    provinces: Mapping[Key, str]
    country: Mapping[Key, str]


def causes_by_place(found: Comparison) -> PlaceCauses:
    """Collect what moved the numbers of each place."""
    table = found.commune_parts
    rows = list(zip(table["code"], table["province_code"], table["service"], table["cause"], strict=True))
    return PlaceCauses(
        _joined(((code, service), cause) for code, _, service, cause in rows),
        _joined(((province, service), cause) for _, province, service, cause in rows),
        _joined((("", part.service), part.cause) for part in found.parts if abs(part.people) >= LEAST_PEOPLE),
    )


def _joined(rows: Iterable[tuple[Key, str]]) -> dict[Key, str]:
    found: defaultdict[Key, set[str]] = defaultdict(set)
    for key, cause in rows:
        found[key] |= set(cause.split("+"))
    return {key: "+".join(cause for cause in PART_CAUSES if cause in causes) for key, causes in found.items()}


def operator_cause(found: Comparison, operator: str, service: str) -> str:
    """Say what the change of the people an operator covers comes from; ``coverage`` where nothing else differs."""
    causes = {_cause(one, f"{operator} {service}") for one in found.differences} - {""}
    return "+".join(cause for cause in PART_CAUSES if cause in causes) or COVERAGE


def _cause(difference: Difference, layer: str) -> str:
    """Say what a difference is for the people that an operator covers; empty where it moves none of them."""
    if difference.what in {"claim", "reported", "not-reported"}:
        whose = difference.name.removeprefix(layer)
        if difference.name == whose or whose[:1] not in {"", ",", " "}:
            return ""
        if whose.rpartition(", ")[2].startswith("extent"):
            return "reported"
        return _MOVED_BY.get(difference.what, "claims")
    if difference.what == "setting":
        return ""
    if difference.what == "rule":
        of_gaps = difference.name.startswith(("profile.", "setting.")) and difference.name != _COUNTED_BASIS
        return "" if of_gaps else "rules"
    return _MOVED_BY.get(difference.what, "+".join(PART_CAUSES))


def cause_names(causes: str, language: str) -> str:
    """Name causes inside a sentence; without one, that they are not known.

    Parameters
    ----------
    causes
        Joined with ``+``.
    language
        vi or en.
    """
    names = words("compare", language)
    each = [names[f"part.{cause}"] for cause in causes.split("+") if cause]
    return listed(each, language) or names["part.unknown"]
