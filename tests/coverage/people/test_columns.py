"""The columns of people: their names, their order, and what can be read from them."""

from __future__ import annotations

import numpy as np

from blackspot.coverage.people.columns import arranged, commune_columns, operator_columns, services_in
from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.coverage.people.tally import commune_table, roll_up
from blackspot.data.project.profile import Profile
from blackspot.data.text.slug import slug
from tallies import LAYERS, by_hand, communes


def test_columns_are_those_described_in_their_order() -> None:
    """The table holds exactly the described counts, in the described order."""
    described = [column.name for column in commune_columns(LAYERS, "5g")]
    table = by_hand()
    assert [name for name in described if name in table.columns] == list(table.columns)
    later = {name for name in described if name not in table.columns}
    assert later == {
        *(
            "area_official_km2",
            "pop_basis",
            "pop_raster",
            "pop_official",
            "raster_to_official",
            "pop_disputed",
        ),
        *("pop_raster_min", "pop_raster_max"),
        *("is_rural", "is_rural_basis", "is_border", "is_border_basis", "border_distance_km"),
        *("is_island", "is_island_basis", "black_spot_count", "pop_in_black_spots"),
        *("rank", "tier", "score", "distance_to_basic_service_km", "reason_vi", "reason_en"),
    }


def test_column_names_are_unique() -> None:
    """No service or operator overwrites another column."""
    names = [column.name for column in commune_columns(LAYERS, "5g")]
    assert sorted(set(names)) == sorted(names)


def test_arranged_puts_the_setting_first_and_the_ranking_last() -> None:
    """Whatever order columns were added in, the files have one order."""
    described = [column.name for column in commune_columns(LAYERS, "5g")]
    table = by_hand().assign(
        **{name: 0 for name in reversed(described) if name not in by_hand().columns}, geometry="x"
    )
    assert [*described, "geometry"] == list(arranged(table).columns)


def test_services_and_operators_can_be_read_from_the_columns() -> None:
    """A stored table tells its services and operators without the project file."""
    names = list(by_hand().columns)
    assert services_in(names) == ("5g", "fibre")
    expected = ("pop_covered_5g_bac", "pop_covered_5g_sao_mai", "pop_covered_5g_dong")
    assert sorted(expected) == sorted(operator_columns(names, "5g"))
    assert operator_columns(names, "fibre") == ("pop_covered_fibre_sao_mai",)


def test_an_operator_may_be_called_like_the_start_of_a_combined_count() -> None:
    """Alltel is an operator, not the column of all of them."""
    operators = ("Alltel", "Max Operator Mobile", "Z")
    layers = LayerTable(
        tuple(OperatorService(name, "5g", (bit,), None) for bit, name in enumerate(operators))
    )
    names = [column.name for column in commune_columns(layers)]
    found = operator_columns(names, "5g")
    assert found == tuple(f"pop_covered_5g_{slug(name)}" for name in operators)
    table = commune_table(
        communes(1),
        np.array([[1.0, 20.0, 300.0]]),
        np.array([0, 1, 3], dtype=np.uint64),
        layers,
        Profile(services=("5g",)),
        np.array([True]),
        np.array(["raster"], dtype=object),
    )
    assert roll_up(table)["pop_covered_5g_max_operator"].tolist() == [320.0]
