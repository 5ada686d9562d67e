"""One sentence for what changed somewhere: regressions first, and what is no change of coverage named as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...coverage.change.flows import NOISE_PEOPLE
from ...coverage.change.lacking_cells import PROFILE
from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.wording import service_name
from ...data.text.words import words
from ..words.figures import number
from .change_causes import COVERAGE, cause_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def headlines(place: str, group: str, row: Mapping[str, float], cause: str, language: str) -> Iterator[str]:
    """Say what changed for a service, or for the profile, in a place.

    Parameters
    ----------
    place
        What the place is called; any text.
    group
        A service, or ``profile``.
    row
        Its figures by the columns of the table of changes, such as ``pop_lost``; NaN where they are not known.
    cause
        What moved it: causes joined with ``+``.
    language
        vi or en.

    Yields
    ------
    str
        At most three sentences: coverage, another cause, people that are reported for the first time. Nothing for
        less than one person.
    """
    values = {"place": plain(place), "group": group_name(group, language)}
    values |= {
        name.removeprefix("pop_"): number(value, language)
        for name, value in row.items()
        if value == value  # noqa: PLR0124 - not NaN
    }
    lost, gained = _moved(row, "pop_lost"), _moved(row, "pop_gained")
    if lost or gained:
        kind = "both" if lost and gained else "lost" if lost else "gained"
        yield say("compare", f"headline.{'profile_' if group == PROFILE else ''}{kind}", language, **values)
    if _moved(row, "pop_more_otherwise") or _moved(row, "pop_fewer_otherwise"):
        others = "+".join(one for one in cause.split("+") if one != COVERAGE)
        values["cause"] = cause_names(others, language)
        kind = "otherwise" if row["pop_lost"] >= 0 else "unsure"
        yield say("compare", f"headline.{'profile_' if group == PROFILE else ''}{kind}", language, **values)
    if group != PROFILE and _moved(row, "pop_newly_reported"):
        yield say("compare", "headline.reported", language, **values)


def group_name(group: str, language: str) -> str:
    """Name a service, or what fails the profile."""
    return words("compare", language)["profile"] if group == PROFILE else plain(service_name(group, language))


def _moved(row: Mapping[str, float], name: str) -> bool:
    return row[name] >= NOISE_PEOPLE
