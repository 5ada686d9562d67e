"""The register of columns: complete, in both languages, and found again in what a run calls its columns."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from blackspot.data.columns.column import KINDS, Column
from blackspot.data.columns.register import (
    Table,
    UnknownColumnError,
    columns,
    find,
    operator_columns,
    ordered,
    rolled_up,
    services_in,
)

TABLES: tuple[Table, ...] = get_args(Table)
EVERY = [(table, column) for table in TABLES for column in columns(table)]
IDS = [f"{table}-{column.name}" for table, column in EVERY]


@pytest.mark.parametrize(("table", "column"), EVERY, ids=IDS)
def test_a_column_is_described_in_both_languages(table: Table, column: Column) -> None:
    """Kind, label and meaning are there; both labels say what the slots of the name hold."""
    assert column.kind in KINDS
    slots = set(re.findall(r"<(\w+)>", column.name))
    for text in column.label:
        assert slots == set(re.findall(r"{(\w+)}", text)), table
        assert text == text.strip() != ""
    assert column.label.vi != column.label.en
    assert all(text == text.strip() != "" and not text.endswith(".") for text in column.meaning)
    assert bool(column.unit.vi) == bool(column.unit.en)
    if column.kind != "number":  # such as a ratio
        assert bool(column.unit.en) == (column.kind not in {"text", "flag", "count"})


@pytest.mark.parametrize("table", TABLES)
def test_a_column_is_described_once(table: Table) -> None:
    """No name stands twice in a table."""
    names = [column.name for column in columns(table)]
    assert sorted(set(names)) == sorted(names)


def test_a_column_of_several_tables_is_of_one_kind() -> None:
    """The same name never means people here and a share there."""
    kinds: dict[str, set[str]] = {}
    for _, column in EVERY:
        kinds.setdefault(column.name, set()).add(column.kind)
    assert {} == {name: found for name, found in kinds.items() if len(found) > 1}


@pytest.mark.parametrize(
    ("name", "described", "slots"),
    [
        ("pop_covered_5g", "pop_covered_<service>", {"service": "5g"}),
        ("pop_covered_5g_all", "pop_covered_<service>_all", {"service": "5g"}),
        ("pop_covered_5g_max_operator", "pop_covered_<service>_max_operator", {"service": "5g"}),
        ("pop_covered_5g_at_least_2", "pop_covered_<service>_at_least_<k>", {"service": "5g", "k": "2"}),
        (
            "pop_covered_4g_viet_all",
            "pop_covered_<service>_<operator>",
            {"service": "4g", "operator": "viet_all"},
        ),
        (
            "pop_covered_4g_alltel",
            "pop_covered_<service>_<operator>",
            {"service": "4g", "operator": "alltel"},
        ),
        ("pop_total", "pop_total", {}),
        ("pop_total_not_spot_fibre", "pop_total_not_spot_<service>", {"service": "fibre"}),
    ],
)
def test_a_name_of_a_run_finds_its_description(name: str, described: str, slots: dict[str, str]) -> None:
    """One description fits, and says what fills its slots."""
    fitting = [column.name for column in columns("communes") if column.slots(name) is not None]
    assert [described] == fitting
    found, filled = find("communes", name)
    assert (described, slots) == (found.name, filled)


def test_an_unknown_column_is_a_mistake_of_the_program() -> None:
    """The message says in which table, and where columns are described."""
    with pytest.raises(UnknownColumnError, match=r"provinces has a column 'rank' .*columns\.toml"):
        find("provinces", "rank")


def test_provinces_and_the_country_have_what_is_rolled_up() -> None:
    """Areas, people and shares, in the order of the communes; texts, flags and ranks are not added up."""
    table = [
        "code",
        "area_km2",
        "is_rural",
        "pop_total",
        "pop_source",
        "covered_share_5g",
        "rank",
        "geometry",
    ]
    expected = [("area_km2", "area"), ("pop_total", "people"), ("covered_share_5g", "share")]
    assert expected == [(name, column.kind) for name, column in rolled_up(table)]
    sums = {column.name for column in columns("communes") if column.rolled_up}
    for level in ("provinces", "country"):
        assert sums < {column.name for column in columns(level)}


def test_columns_are_put_into_their_order() -> None:
    """Whatever order they were added in; services and operators stay as they are, the rest goes to the end."""
    names = ["geometry", "reason_vi", "pop_failing", "pop_covered_5g_b", "pop_covered_5g_a", "pop_covered_4g"]
    expected = ["code", "is_rural", "pop_total", "pop_covered_5g_b", "pop_covered_5g_a", "pop_covered_4g"]
    assert [*expected, "pop_failing", "reason_vi", "geometry"] == ordered(
        "communes", [*names, "pop_total", "is_rural", "code"]
    )


def test_services_and_operators_are_read_from_the_columns() -> None:
    """A stored table tells them without the project file."""
    names = ["pop_uncovered_fibre", "pop_uncovered_5g", "pop_covered_5g_z", "pop_covered_5g_all", "x"]
    assert ("5g", "fibre") == services_in(names)
    assert ("pop_covered_5g_z",) == operator_columns(names, "5g")
