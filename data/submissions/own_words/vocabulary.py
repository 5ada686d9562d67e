"""The words with which coverage files speak of their rows: what a column is about, and what a value says."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ...text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE: Final = Path(__file__).with_name("vocabulary.toml")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BAND: Final = re.compile(r"(nr|lte|gsm|umts)\d+")  # NR3500, LTE1800: a technology and its band
_SHAPEFILE_NAME: Final = 10  # letters that a Shapefile leaves of a column's name


@cache
def vocabulary() -> dict[str, Any]:
    """Give the words of ``vocabulary.toml``, as they stand there."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def words_of(text: object) -> str:
    """Write a name or a value as words: ``underConstruction`` becomes under_construction."""
    return slug(_HUMP.sub("_", str(text)))


def name_rank(column: str, meaning: str) -> int | None:
    """Say how likely a column is the one of a meaning, by its name.

    Parameters
    ----------
    column
        As the file spells it.
    meaning
        A key of the table ``columns``.

    Returns
    -------
    int or None
        0 for the likeliest name; None where the name says nothing of it.
    """
    known: list[str] = vocabulary()["columns"][meaning]
    spelt = {words_of(column), slug(column)}
    for rank, word in enumerate(known):
        if word in spelt or (len(word) > _SHAPEFILE_NAME and word[:_SHAPEFILE_NAME] in spelt):
            return rank
    return None


def likeliest(columns: Iterable[str], meaning: str) -> str:
    """Give the column that most likely has a meaning by its name; empty where none looks like it."""
    ranked = [(rank, str(name)) for name in columns if (rank := name_rank(str(name), meaning)) is not None]
    return min(ranked, key=lambda one: one[0], default=(0, ""))[1]


def counts_operators(column: str) -> bool:
    """Say whether a column counts operators by its name: mobilesBB_AnzahlMNB, so_nha_mang, n_operators."""
    names = vocabulary()["columns"]
    word = words_of(column)
    return any(_holds(word, one) for one in names["count"]) and any(
        _holds(word, one) for one in names["counted"]
    )


def services_named(column: str) -> frozenset[str]:
    """Give the services whose coverage a column says yes or no to by its name: 5G, cov_4g, phu_song_5g."""
    joined = set(vocabulary()["columns"]["covered_words"]) | set(vocabulary()["negation"]["words"])
    found: set[str] = set()
    for part in words_of(column).split("_"):
        services = services_of(part)
        if services:
            found |= services
        elif part not in joined:
            return frozenset()
    return frozenset(found)


def is_negated(column: str) -> bool:
    """Say whether the name of a column turns yes into no: ``not_covered``, ``khong_phu_song``."""
    return any(_holds(words_of(column), word) for word in vocabulary()["negation"]["words"])


def kind_of(value: object, meaning: str) -> str:
    """Say which kind a value is of, by the longest phrase of it that is known.

    Parameters
    ----------
    value
        One cell.
    meaning
        A table of kinds, such as ``status`` with its ``counts``, ``planned`` and ``gone``.

    Returns
    -------
    str
        A key of that table; empty where no phrase is known, and where a denial stands beside it that may turn it
        round. "Not yet operational" is planned.
    """
    text = words_of(value)
    best, found = "", ""
    for kind, entry in vocabulary()[meaning].items():
        for phrase in entry["words"]:
            if len(phrase) > len(best) and _holds(text, phrase):
                best, found = phrase, kind
    if not found:
        return ""
    denials = ("not", "non", "no", "chua", "khong", "nicht", "sin", "pas", "hors")
    if any(_holds(text, f"{no}_{best}") or _holds(text, f"{no}_yet_{best}") for no in denials):
        return {"counts": "planned"}.get(found, "")
    rest = f"_{text}_".replace(f"_{best}_", "_", 1)
    return "" if any(_holds(rest.strip("_"), no) for no in denials) else found


def services_of(value: object) -> frozenset[str]:
    """Give every service that a value names: ``4G/5G NSA`` gives 4g and 5g; empty where it names none."""
    text = words_of(value)
    found: set[str] = set()
    for service, entry in vocabulary()["service"].items():
        if any(_holds(text, phrase) for phrase in entry["words"]):
            found.add(service)
    for match in _BAND.finditer(text):
        found |= services_of(match[1])
    return frozenset(found)


def service_of_code(value: object) -> str:
    """Give the service of a code of the FCC, such as 400; empty for anything else."""
    return str(vocabulary()["service_codes"].get(str(value).strip(), ""))


def says_nothing(text: str | None) -> bool:
    """Say whether a cell is empty, or says in words that nobody knows."""
    return text is None or words_of(text) in vocabulary()["missing"]["words"]


def is_yes(value: object) -> bool | None:
    """Read a yes or no; None for any other value. Denial wins: "not covered" is a no."""
    text = words_of(value)
    values = vocabulary()["covered_values"]
    if text in values["no"]["words"]:
        return False
    if text in values["yes"]["words"]:
        return True
    if any(_holds(text, phrase) for phrase in values["no"]["words"] if len(phrase) > 1):
        return False
    return True if any(_holds(text, phrase) for phrase in values["yes"]["words"] if len(phrase) > 1) else None


def _holds(text: str, phrase: str) -> bool:
    """Say whether words stand somewhere in a text, whole and in this order."""
    return f"_{phrase}_" in f"_{text}_"
