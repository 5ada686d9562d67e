"""The classes and rules QGIS draws."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.exports.qgis_styles import black_spots_style, class_limits, communes_style, people_column


def parsed(style: str) -> ET.Element:
    return ET.fromstring(style)  # noqa: S314 - written by ourselves a moment ago


def rules(style: str) -> list[ET.Element]:
    return list(parsed(style).iter("rule"))


def test_limits_are_round_and_rise() -> None:
    """Quintiles of 1..1000 (200, 400, 600, 800) become 200 and 500."""
    assert [0, 200, 500] == class_limits(np.arange(1.0, 1001.0))


@given(st.lists(st.one_of(st.floats(0, 1e8), st.just(float("nan"))), max_size=40))
def test_limits_are_few_round_and_rising(values: list[float]) -> None:
    """At most five classes; each limit is 1, 2 or 5 times a power of ten; none when nobody is concerned."""
    limits = class_limits(np.array(values, dtype=float))
    assert len(limits) <= 5
    assert limits == sorted(set(limits))
    assert bool(limits) == any(value > 0 for value in values)
    assert all(str(limit).rstrip("0") in {"1", "2", "5"} for limit in limits[1:])


@given(st.lists(st.one_of(st.floats(0, 1e6), st.just(float("nan"))), min_size=1, max_size=30))
def test_every_commune_falls_under_one_rule(values: list[float]) -> None:
    """Unknown, nobody, and classes without gap or overlap."""
    frame = pd.DataFrame({"pop_failing": values})
    hits = np.zeros(len(values), dtype=int)
    for rule in rules(communes_style(frame)):
        condition = (
            rule.get("filter", "")
            .replace('"pop_failing"', "value")
            .replace(" = ", " == ")
            .replace("AND", "and")
        )
        for position, value in enumerate(values):
            if "IS NULL" in condition:
                hits[position] += np.isnan(value)
            elif not np.isnan(value):
                hits[position] += eval(condition, {"value": value})  # noqa: S307 - our own rule, numbers only
    assert [1] * len(values) == hits.tolist()


def test_unknown_population_is_drawn_apart() -> None:
    """Unknown is hatched and first in the legend, nobody is white."""
    unknown, nobody = rules(communes_style(pd.DataFrame({"pop_failing": [1.0]})))[:2]
    assert "không rõ dân số / population unknown" == unknown.get("label")
    assert '"pop_failing" = 0' == nobody.get("filter")
    symbol = parsed(communes_style(pd.DataFrame({"pop_failing": [1.0]}))).find(".//symbol[@name='0']")
    assert symbol is not None
    assert "b_diagonal" in {option.get("value") for option in symbol.iter("Option")}


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["pop_total", "pop_uncovered_5g", "pop_failing"], "pop_failing"),
        (["pop_total", "pop_uncovered_fibre", "pop_uncovered_5g"], "pop_uncovered_fibre"),
        (["pop_total"], "pop_total"),
    ],
)
def test_the_column_that_is_drawn(columns: list[str], expected: str) -> None:
    """People who fail the profile, else the first service's uncovered people, else all people."""
    assert expected == people_column(pd.DataFrame(columns=columns))


def test_a_table_without_people_cannot_be_drawn() -> None:
    """That is a mistake of the caller."""
    with pytest.raises(ValueError, match="no column of people"):
        people_column(pd.DataFrame({"code": ["1"]}))


def test_black_spots_are_grouped_by_what_is_missing() -> None:
    """One rule per combination, in alphabetical order, each in its own colour, quotes escaped."""
    style = black_spots_style(pd.DataFrame({"missing": ["fibre", "5g,fibre", "it's", "fibre"]}))
    filters = [rule.get("filter") for rule in rules(style)]
    assert ["\"missing\" = '5g,fibre'", "\"missing\" = 'fibre'", "\"missing\" = 'it''s'"] == filters
    colours = [
        option.get("value") for option in parsed(style).iter("Option") if option.get("name") == "color"
    ]
    assert 3 == len(set(colours))


def test_many_groups_and_no_group_are_drawn_too() -> None:
    """More groups than colours repeat colours; a table without spots still has a style."""
    many = black_spots_style(pd.DataFrame({"missing": [f"s{number:02}" for number in range(20)]}))
    assert 20 == len(rules(many))
    assert 1 == len(rules(black_spots_style(pd.DataFrame({"missing": []}))))
    assert 1 == len(rules(black_spots_style(pd.DataFrame({"pop": [1.0]}))))
