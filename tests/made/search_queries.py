"""Queries as people type them, drawn from one seed: former names, slips, beginnings, codes, joined words, placed tones."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from blackspot.data.text.names import bare_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

LETTERS = "abcdeghiklmnopqrstuvxy"
_OLD_TONES = {
    "òa": "oà",
    "óa": "oá",
    "ỏa": "oả",
    "õa": "oã",
    "ọa": "oạ",
    "ùy": "uỳ",
    "úy": "uý",
    "ủy": "uỷ",
    "ụy": "uỵ",
}


class Query(NamedTuple):
    """What is typed, of which kind it is, the name that is meant, and the codes of the communes that have or had it."""

    kind: str
    typed: str
    meant: str
    codes: frozenset[str]


def seeded_queries(names: Mapping[str, str], former: pd.DataFrame, seed: int, count: int) -> list[Query]:
    """Draw queries.

    Parameters
    ----------
    names
        Names of today by code.
    former
        ``code`` and ``name`` of before.
    seed, count
        Of the draw.
    """
    rng = np.random.default_rng(seed)
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in [*names.items(), *zip(former["code"], former["name"], strict=True)]:
        bearers[bare_name(name)].add(code)
    today = {bare_name(name) for name in names.values()}
    gone = sorted(name for name in former["name"].unique() if bare_name(name) not in today)
    all_names = sorted({*names.values(), *former["name"]})
    kinds = {
        "former": lambda: _drawn(rng, gone, lambda name: bare_name(name).replace("_", " ")),
        "former, as it was written": lambda: _drawn(rng, gone, str),
        "slip": lambda: _drawn(
            rng, [name for name in all_names if _slips(name)], lambda name: _slip(rng, name)
        ),
        "beginning": lambda: _drawn(rng, *_beginnings(rng, sorted(bearers))),
        "joined": lambda: _drawn(rng, all_names, lambda name: bare_name(name).replace("_", "")),
        "tones": lambda: _drawn(rng, [name for name in all_names if _placed(name) != name], _placed),
        "code": lambda: (str(rng.choice(sorted(names))),) * 2,
        "type and joined": lambda: _drawn(rng, gone, lambda name: _plain(name).replace(" ", "")),
    }
    drawn = []
    for at in range(count):
        kind = list(kinds)[at % len(kinds)]
        meant, typed = kinds[kind]()
        codes = {meant} if kind == "code" else bearers[bare_name(meant)]
        drawn.append(Query(kind, typed, bare_name(meant), frozenset(codes)))
    return drawn


def _drawn(rng: np.random.Generator, names: Sequence[str], typed: Callable[[str], str]) -> tuple[str, str]:
    name = str(rng.choice(names))
    return name, typed(name)


def _plain(name: str) -> str:
    bare = "".join(
        sign for sign in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(sign)
    )
    return bare.replace("đ", "d")


def _slips(name: str) -> bool:
    """Whether a slip leaves it a name: short ones become others."""
    joined = bare_name(name).replace("_", "")
    return len(joined) >= 6 and joined.isalpha()


def _slip(rng: np.random.Generator, name: str) -> str:
    """Change one letter, leave one out, put one in, or change two over; somewhere behind the first."""
    word = bare_name(name).replace("_", " ")
    at = int(rng.integers(1, len(word) - 1))
    other = str(rng.choice(list(LETTERS)))
    made = (
        word[:at] + other + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + other + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return made[int(rng.integers(4))]


def _beginnings(rng: np.random.Generator, keys: list[str]) -> tuple[list[str], Callable[[str], str]]:
    """Give a name and the shortest beginning that no other name has."""
    key = str(rng.choice(keys))
    others = [other for other in keys if other != key]
    for length in range(3, len(key)):
        if key[length - 1] != "_" and not any(other.startswith(key[:length]) for other in others):
            return [key], lambda name, end=length: name[:end].replace("_", " ")
    return [key], lambda name: name.replace("_", " ")


def _placed(name: str) -> str:
    """Place the tone of oa and uy on the second vowel, as it was written before."""
    for new, old in _OLD_TONES.items():
        if name.endswith(new) or f"{new} " in name:
            name = name.replace(new, old)
    return name
