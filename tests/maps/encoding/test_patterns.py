"""Sentences taken apart once for many: the same as when each is written and taken apart itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.safe import printable
from blackspot.data.text.said import Amount, Said, joined, plain_template, template
from blackspot.data.text.wording import capital, sentence
from blackspot.data.text.words import Both
from blackspot.maps.encoding import patterns
from blackspot.maps.encoding.patterns import tell_said
from blackspot.maps.encoding.told import Columns, TakenApart, Told, taken_apart, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    Words = Sequence[Sequence[tuple[str, str]]]

AMOUNTS = st.one_of(
    st.sampled_from(
        [0.0, 0.04, 0.05, 0.4999, 0.5, 1.4999, 1.5, 9.9499, 9.95, 99.95, 999.9996, 1e12, -0.4, -7.0]
    ),
    st.floats(0, 3e6).map(lambda value: round(value, 4)),
    st.integers(0, 10**7).map(float),
)
NAMES = st.sampled_from(["An", "Tân An", "5G", "Sao Mai", "thôn 3", "2.000", "A\u202eB", " An", "người", ""])


def apart_themselves(lines: Sequence[Said], words: Words, columns: Columns) -> list[Told]:
    """Write every sentence and take it apart."""
    pairs = [(printable(line.text("vi")), printable(line.text("en"))) for line in lines]
    return tell(pairs, np.arange(len(lines)), words, columns)


@given(st.lists(st.tuples(NAMES, NAMES, AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=12))
def test_many_at_once_are_as_each_itself(
    things: list[tuple[str, str, float, float, float]],
) -> None:
    """Whatever the names and numbers, and whatever columns the page has."""
    lines = [
        joined(
            [
                Said(
                    template("explain", "service"),
                    {"service": "5G", "covered": a, "uncovered": b, "share": share},
                ),
                Said(template("explain", "near"), {"name": name, "distance_km": c}),
                Said(
                    template("explain", "spot"),
                    {"spot": code, "people": a, "area_km2": c, "place": place}
                    | {"near": "", "missing": Both("cáp", "fibre"), "distances": Amount("km", b)},
                ),
            ],
            " | ",
            sentence,
        )
        for name, code, a, b, c in things
        for share, place in [
            (Amount("percent", b, a), joined([Amount("degrees", c), Amount("number", b)], ", "))
        ]
    ]
    words = [[(name, name), (code, code)] for name, code, *_ in things]
    columns = Columns(np.array([numbers for _, _, *numbers in things]), 0)
    assert apart_themselves(lines, words, columns) == tell_said(lines, np.arange(len(lines)), words, columns)


def test_one_of_a_kind_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand sentences with other names and numbers: one is written."""
    asked: list[tuple[str, str]] = []

    def counted(pair: tuple[str, str], words: Sequence[tuple[str, ...]]) -> TakenApart:
        asked.append(pair)
        return taken_apart(pair, words)

    monkeypatch.setattr(patterns, "taken_apart", counted)
    lines = [
        Said(template("explain", "near"), {"name": f"Thôn {'I' * at}V", "distance_km": 1.5 + at})
        for at in range(1000)
    ]
    words = [[(f"Thôn {'I' * at}V",) * 2] for at in range(1000)]
    told = tell_said(lines, np.arange(1000), words, Columns(np.zeros((1000, 1)), 0))
    assert 1 == len(asked)
    assert 1 == len({one.form for one in told})
    assert [(15,), (25,), (35,)] == [one.given for one in told[:3]]


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("{a:number} of {b:number}", {"a": 5.0, "b": 5.0}, []),
        ("Sao Mai {a:number}", {"a": 5.0}, [("Mai", "Mai")]),
        ("{name} {name}", {"name": "An"}, [("An", "An")]),
        ("{name} in {place}", {"name": "An", "place": "Tân An"}, [("An", "An"), ("Tân An", "Tân An")]),
        ("{name}", {"name": "thôn"}, [("thôn", "thôn")]),
        ("{a:.3f}{b:number} {c}", {"a": 1000.5, "b": 3.0, "c": 1000}, []),
        ("{name} 7 {a:number}", {"name": "3\u202e", "a": -1.0}, [("3\u202e", "3\u202e")]),
    ],
)
def test_what_is_not_sure_is_taken_apart_itself(
    text: str, values: dict[str, object], words: list[tuple[str, str]]
) -> None:
    """Names in other names, names that a sentence changes, the same name twice, numbers that are none for a page."""
    turned = text.replace("{a:number} of {b:number}", "{b:number} of {a:number}")
    lines = [Said(plain_template(Both(text, turned)), values, capital)] * 2
    columns = Columns(np.zeros((2, 1)), 0)
    assert apart_themselves(lines, [words] * 2, columns) == tell_said(
        lines, np.arange(2), [words] * 2, columns
    )


def test_numbers_in_another_order_keep_to_their_places() -> None:
    """Equal numbers do not tell which is which; the languages do."""
    texts = plain_template(Both("{a:number} của {b:number}", "of {b:number}: {a:number}"))
    lines = [Said(texts, {"a": a, "b": b}) for a, b in ((5.0, 5.0), (3.0, 4.0))]
    told = tell_said(lines, np.arange(2), [[], []], Columns(np.full((2, 1), np.nan), 0))
    assert [(0, " của ", 1), ("of ", 1, ": ", 0)] == list(told[1].form.parts)
    assert apart_themselves(lines, [[], []], Columns(np.full((2, 1), np.nan), 0)) == told


def test_every_share_is_a_number_for_a_page() -> None:
    """All thousand of them, and both ends."""
    shares = [0.0, 1e-6, 0.04, *(tenths / 10 for tenths in range(1, 1000)), 99.96, 99.99999, 100.0]
    lines = [
        Said(plain_template(Both("{a}", "{a}")), {"a": Amount("percent", share, 100.0)}) for share in shares
    ]
    columns = Columns(np.full((len(shares), 1), np.nan), 0)
    words: list[list[tuple[str, str]]] = [[] for _ in shares]
    told = tell_said(lines, np.arange(len(shares)), words, columns)
    assert apart_themselves(lines, words, columns) == told
    assert {((0,), (0,))} == {one.form.parts for one in told}
