"""The columns of the commune and province tables: their names, their order and what they mean.

The exporters write the tables in the order they find here, and the outputs reference is generated from
the same descriptions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...data.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from .layers import LayerTable

_COMBINED = re.compile(r"all|max_operator|at_least_\d+")  # the project file refuses operators with such names


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, its kind (text, number, whole, flag), its unit and its meaning."""

    name: str
    kind: str
    unit: str
    meaning: str


_WHO = (
    Column("code", "text", "", "Code of the commune."),
    Column("name", "text", "", "Name of the commune."),
    Column("province_code", "text", "", "Code of its province."),
    Column("province_name", "text", "", "Name of its province."),
    Column("type", "text", "", "Legal type: commune, ward or special_zone."),
)
_SETTING = (
    Column("is_rural", "flag", "", "The commune counts as rural."),
    Column("is_rural_basis", "text", "", "Why: legal_type, or none where the type is not known."),
    Column("is_border", "flag", "", "The commune counts as a border commune."),
    Column("is_border_basis", "text", "", "Why: legal_list, land_border_distance or none."),
    Column("border_distance_km", "number", "km", "Geodesic distance to the land border; empty without one."),
    Column("is_island", "flag", "", "The commune counts as an island commune."),
    Column(
        "is_island_basis",
        "text",
        "",
        "Why: legal_list, legal_type, not_connected_by_people or not_connected_by_area.",
    ),
)
_PEOPLE = (
    Column("area_km2", "number", "km²", "Geodesic area."),
    Column("area_official_km2", "number", "km²", "Official area, where the file of communes states it."),
    Column("pop_total", "number", "people", "People; empty where the population is not known."),
    Column("pop_source", "text", "", "How the people are spread: raster, raster_calibrated and so on."),
    Column("pop_basis", "text", "", "Which figure counts: raster, official, override or unknown."),
    Column("pop_raster", "number", "people", "People of the raster; empty where it knows nothing."),
    Column("pop_official", "number", "people", "Official people; empty without an official figure."),
    Column("raster_to_official", "number", "", "The raster's people over the official ones."),
    Column(
        "pop_disputed",
        "flag",
        "",
        "Both figures disagree beyond the profile's limits and nobody has decided.",
    ),
    Column(
        "pop_raster_min",
        "number",
        "people",
        "Least people of all rasters; only where alternatives are named.",
    ),
    Column(
        "pop_raster_max", "number", "people", "Most people of all rasters; only where alternatives are named."
    ),
)
_GAPS = (
    Column("pop_failing", "number", "people", "People who fail the gap profile."),
    Column(
        "pop_no_basic_service",
        "number",
        "people",
        "People whom certainly none of the profile's basic services reaches; 0 where it names none.",
    ),
    Column(
        "pop_may_fail",
        "number",
        "people",
        "People of whom it is not known, for want of data, whether they fail the gap profile; "
        "none of them is among those who fail it.",
    ),
    Column("pop_double_gap", "number", "people", "People with neither the mobile nor the fibre service."),
)
_SPOTS = (
    Column("black_spot_count", "whole", "", "Black spots in the commune."),
    Column("pop_in_black_spots", "number", "people", "Failing people inside its black spots."),
)
_RANKING = (
    Column("rank", "whole", "", "Place in the ranking, 1 first."),
    Column(
        "tier",
        "whole",
        "",
        "1 to 3: no basic service at all (rural border or island, other rural, urban communes); 4 to 6: the profile "
        "fails otherwise; empty where too few people are affected or known, and where the order has no tiers.",
    ),
    Column(
        "score", "number", "people", "The number that decides the rank inside the tier, as a rule people."
    ),
    Column(
        "distance_to_basic_service_km",
        "number",
        "km",
        "Mean distance, by people, from its black spots to the nearest basic service; empty without one.",
    ),
    Column("reason_vi", "text", "", "Why it stands there, in Vietnamese."),
    Column("reason_en", "text", "", "Why it stands there, in English."),
)


def commune_columns(layers: LayerTable, mobile_service: str = "") -> tuple[Column, ...]:
    """Give the columns of the commune table, in their order.

    Parameters
    ----------
    layers
        The services and operators of the run.
    mobile_service
        The profile's mobile service; empty leaves out the columns of not-spots.
    """
    services = [column for name in layers.services for column in _service_columns(layers, name)]
    return (*_WHO, *_SETTING, *_PEOPLE, *services, *_not_spots(mobile_service), *_GAPS, *_SPOTS, *_RANKING)


def is_people(name: str) -> bool:
    """Say whether a column counts people."""
    return name.startswith("pop_") and name not in {"pop_source", "pop_basis", "pop_disputed"}


def services_in(names: Iterable[str]) -> tuple[str, ...]:
    """Give the services a table has columns for, in alphabetical order."""
    prefix = "pop_uncovered_"
    return tuple(sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix)))


def operator_columns(names: Iterable[str], service: str) -> tuple[str, ...]:
    """Give the columns of single operators of a service, in the table's order."""
    prefix = f"pop_covered_{service}_"
    return tuple(
        name
        for name in names
        if name.startswith(prefix) and not _COMBINED.fullmatch(name.removeprefix(prefix))
    )


def arranged(table: pd.DataFrame) -> pd.DataFrame:
    """Put the columns of a commune table into their order.

    Columns of people stay in the order :func:`commune_columns` gave them; what the table lacks is left
    out, what this module does not know goes to the end.
    """
    first = [column.name for column in (*_WHO, *_SETTING, *_PEOPLE)]
    last = [column.name for column in (*_SPOTS, *_RANKING)]
    people = [name for name in table.columns if name.startswith(("pop_", "covered_share_"))]
    middle = [name for name in people if name not in first and name not in last]
    known = [name for name in (*first, *middle, *last) if name in table.columns]
    return table[[*known, *(name for name in table.columns if name not in known)]]


def _service_columns(layers: LayerTable, service: str) -> list[Column]:
    """Give the columns of one service."""
    operators = layers.operators_of(service)
    covered = f"pop_covered_{service}"
    return [
        Column(covered, "number", "people", f"People covered by at least one operator's {service}."),
        Column(f"pop_uncovered_{service}", "number", "people", f"People certainly without any {service}."),
        Column(f"pop_no_data_{service}", "number", "people", f"People for whom {service} is not known."),
        Column(
            f"covered_share_{service}",
            "number",
            "0 to 1",
            f"People covered by {service} over all people; those without data count as not covered. "
            "Empty where nobody lives or nothing is known.",
        ),
        *(
            Column(f"{covered}_at_least_{k}", "number", "people", f"People covered by {k} operators or more.")
            for k in range(2, len(operators))
        ),
        Column(
            f"{covered}_max_operator",
            "number",
            "people",
            "People covered by the operator that covers most here (SDG indicator 9.c.1).",
        ),
        Column(f"{covered}_all", "number", "people", "People covered by every operator."),
        *(
            Column(f"{covered}_{slug(name)}", "number", "people", f"People covered by {name}.")
            for name in operators
        ),
        *_planned_columns(layers, service),
    ]


def _planned_columns(layers: LayerTable, service: str) -> tuple[Column, ...]:
    """Give the columns of plans, where somebody handed in one."""
    if service not in layers.planned_services:
        return ()
    planned = f"People certainly without any {service} whom a plan reaches."
    residual = f"People certainly without any {service} whom no plan reaches either."
    return (
        Column(f"pop_planned_{service}", "number", "people", planned),
        Column(f"pop_residual_{service}", "number", "people", residual),
    )


def _not_spots(service: str) -> tuple[Column, ...]:
    """Give the columns of the mobile service's not-spots."""
    if not service:
        return ()
    return (
        Column(
            f"pop_total_not_spot_{service}",
            "number",
            "people",
            f"People whom certainly no operator covers with {service}.",
        ),
        Column(
            f"pop_partial_not_spot_{service}",
            "number",
            "people",
            f"People whom some operator covers with {service} and some other certainly does not.",
        ),
    )
