"""Facts about Viet Nam, from ``viet_nam.toml``, where each stands with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..text.slug import slug

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

_MOST: Final = 0.5  # of the provinces must have code and name of the register


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a service, and the decree that says so."""

    day: dt.date
    source: str


class SeaName(NamedTuple):
    """A name on the sea in both languages, and where its label stands in degrees of WGS 84."""

    vi: str
    en: str
    lon: float
    lat: float


@cache
def facts() -> Mapping[str, Any]:
    """Give everything that the file says, by its tables."""
    text = files("blackspot.data.reference").joinpath("viet_nam.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def provinces() -> dict[str, str]:
    """Give the names of the 34 provinces and cities by their codes."""
    return {row["code"]: row["name"] for row in facts()["provinces"]}


def special_zones() -> dict[str, str]:
    """Give the names of the 13 special zones by their codes."""
    return dict(facts()["special_zones"]["codes"])


def last_days() -> dict[str, LastDay]:
    """Give the last day of every service that is switched off, by the service."""
    return {
        service: LastDay(row["last_day"], row["source"]) for service, row in facts()["switched_off"].items()
    }


def sea_names() -> tuple[SeaName, ...]:
    """Give the names of the sea and of the archipelagos that every map of the country bears."""
    return tuple(
        SeaName(row["name"]["vi"], row["name"]["en"], row["lon"], row["lat"])
        for row in facts()["sea"]["names"]
    )


def is_viet_nam(provinces_of_a_run: Iterable[tuple[str, str]]) -> bool:
    """Say whether a project speaks of Viet Nam: most of its provinces have the code and the name of one there.

    Parameters
    ----------
    provinces_of_a_run
        Codes and names.
    """
    each, known = set(provinces_of_a_run), provinces()
    found = sum(code in known and slug(name).endswith(slug(known[code])) for code, name in each)
    return found > _MOST * len(each)
