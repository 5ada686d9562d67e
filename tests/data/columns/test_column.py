"""One column: which names of a run it stands for, and its header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.columns.column import Column
from blackspot.data.columns.register import find
from blackspot.data.text.slug import slug
from blackspot.data.text.words import Both

OPERATORS = {"sao_mai": "Sao Mai", "viet_all": "Việt Áll"}
NOTHING = Both("", "")


def _column(name: str) -> Column:
    return Column(name, "people", NOTHING, NOTHING, NOTHING)


def _header(name: str) -> Both:
    column, slots = find("communes", name)
    return column.header(slots, OPERATORS)


def test_a_name_without_slots_is_itself_only() -> None:
    """No part of another name, and no sign of a pattern, is taken for it."""
    assert {} == _column("pop_total").slots("pop_total")
    assert None is _column("pop_total").slots("pop_total_not_spot_5g")
    assert None is _column("pop.total").slots("pop_total")
    assert [False, True] == [_column(name).is_pattern for name in ("pop", "pop_<service>")]


@given(st.text(min_size=1).filter(lambda name: slug(name) not in {"", "all", "max_operator"}))
def test_every_operator_the_project_file_takes_has_its_column(name: str) -> None:
    """Whatever an operator is called, its column is one of an operator, with its word in the slot."""
    word = slug(name)
    if not word.startswith("at_least_"):
        column = _column("pop_covered_<service>_<operator>")
        assert {"service": "5g", "operator": word} == column.slots(f"pop_covered_5g_{word}")


@pytest.mark.parametrize(
    ("column", "vietnamese", "english"),
    [
        ("pop_total", "Dân số", "People"),
        ("pop_covered_5g", "Dân số có 5G", "People with 5G"),
        (
            "pop_covered_5g_at_least_2",
            "Dân số có 5G của ít nhất 2 nhà mạng",
            "People with 5G from at least 2 operators",
        ),
        ("pop_covered_fibre_sao_mai", "Dân số có cáp quang của Sao Mai", "People with fibre from Sao Mai"),
        ("pop_covered_5g_viet_all", "Dân số có 5G của Việt Áll", "People with 5G from Việt Áll"),
        ("pop_covered_5g_hai_dang", "Dân số có 5G của hai dang", "People with 5G from hai dang"),
        ("pop_no_data_fibre", "Dân số không có dữ liệu cáp quang", "People without data on fibre"),
    ],
)
def test_headers_name_services_and_operators_as_people_do(column: str, vietnamese: str, english: str) -> None:
    """Where nobody says how an operator writes itself, the word of its column stands."""
    assert (vietnamese, english) == _header(column)
