"""Tables of villages and facilities: each with its state, and counts as the ministry reports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...data.text.slug import slug
from .states import COVERED, NO, NO_DATA, NO_SIGNAL, PARTLY, YES, signal_at, village_states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...data.settlements.read import Settlements
    from ..people.cell_bits import CellLayers

CONFIRMED: Final = "listed_confirmed"
LISTED_COVERED: Final = "listed_covered"
LISTED_UNKNOWN: Final = "listed_no_data"
NOT_LISTED: Final = "not_listed"
NOT_LOCATABLE: Final = "not_locatable"

_PLACE: Final = ("name", "code", "commune_name", "province_code", "province_name", "lon", "lat")
_SETTING: Final = ("is_rural", "is_border", "is_island")
_POWER: Final = {True: "yes", False: "no"}
_NOT_STATED: Final = "not_stated"


def village_table(
    villages: Settlements,
    radius_m: float,
    reported: pd.DataFrame | None,
    communes: pd.DataFrame,
    cells: CellLayers,
    services: Sequence[str],
) -> pd.DataFrame:
    """Give every village with its state, and every reported village that was not found.

    Parameters
    ----------
    villages
        As they were read.
    radius_m
        How far a village without an outline lies around its centre, in metres.
    reported
        ``name`` and ``code`` of villages reported as uncovered; None without such a list.
    communes
        The communes of the run: ``code``, ``name``, province and setting.
    cells
        The burned layers of the run.
    services
        The services that are a signal.

    Returns
    -------
    DataFrame
        By commune, name and place: ``name``, ``code``, ``commune_name``, province, ``lon``, ``lat``, setting flags, what the
        file says of it, ``state``, ``uncovered_share`` and ``no_data_share``; with a list ``reported`` as well. What was
        reported and not found has neither place nor state.
    """
    table = villages.table
    states = village_states(
        table["lon"].to_numpy(), table["lat"].to_numpy(), villages.outline, radius_m, cells, services
    )
    found = _with_communes(table, communes).assign(
        state=states.state, uncovered_share=states.uncovered_share, no_data_share=states.no_data_share
    )
    if reported is not None:
        found = _reconciled(found, _with_communes(reported, communes))
    return found.sort_values(["code", "name", "lon", "lat"], kind="stable", ignore_index=True)


def facility_table(
    facilities: Mapping[str, Settlements],
    communes: pd.DataFrame,
    cells: CellLayers,
    services: Sequence[str],
) -> pd.DataFrame:
    """Give every facility with its state: a signal at its place, none, or no data.

    Parameters
    ----------
    facilities
        By kind, such as school.
    communes, cells, services
        As above.
    """
    tables = []
    for kind in sorted(facilities):
        table = facilities[kind].table
        signal = signal_at(table["lon"].to_numpy(), table["lat"].to_numpy(), cells, services)
        state = np.select([signal == YES, signal == NO], [COVERED, NO_SIGNAL], NO_DATA)
        tables.append(_with_communes(table, communes).assign(kind=kind, state=state))
    found = pd.concat(tables, ignore_index=True)
    front = ["kind", *(name for name in found.columns if name != "kind")]
    order = ["kind", "code", "name", "lon", "lat"]
    return found[front].sort_values(order, kind="stable", ignore_index=True)


def village_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count villages as the ministry's reports do: by province, power from the grid, and extreme difficulty.

    Parameters
    ----------
    table
        As :func:`village_table` gives it.

    Returns
    -------
    DataFrame
        One row for each combination that occurs: ``province_code``, ``province_name``, ``grid_power`` and
        ``extreme_difficulty`` (yes, no or not_stated), ``villages``, and how many are in each state.
    """
    located = table[table["state"].notna()]
    sorted_by = pd.DataFrame(
        {
            "province_code": located["province_code"],
            "province_name": located["province_name"],
            "grid_power": _stated(located, "has_grid_power"),
            "extreme_difficulty": _stated(located, "is_extremely_difficult"),
        }
    )
    return _counted(sorted_by, located["state"], "villages", (NO_SIGNAL, PARTLY, COVERED, NO_DATA))


def facility_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count facilities by kind and setting of their commune.

    Parameters
    ----------
    table
        As :func:`facility_table` gives it.

    Returns
    -------
    DataFrame
        One row for each combination that occurs: ``kind``, ``is_rural``, ``is_border``, ``is_island``, ``facilities``, and how
        many are in each state.
    """
    sorted_by = table[["kind", *_SETTING]]
    return _counted(sorted_by, table["state"], "facilities", (NO_SIGNAL, COVERED, NO_DATA))


def _with_communes(table: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of the commune of each row; a row without a commune keeps missing values."""
    known = communes.set_index("code")[["name", "province_code", "province_name", *_SETTING]]
    known = known.rename(columns={"name": "commune_name"})
    joined = table.join(known, on="code")
    for name in ("commune_name", "province_code", "province_name"):
        joined[name] = joined[name].fillna("")
    for name in _SETTING:
        joined[name] = joined[name].astype("boolean")
    first = [name for name in (*_PLACE, *_SETTING) if name in joined.columns]
    return joined[[*first, *(name for name in joined.columns if name not in first)]]


def _reconciled(found: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """Put the list of reported villages beside what was found: by commune and name, without accents and signs."""
    keys = _keys(found)
    listed = _keys(reported)
    uncovered = found["state"].isin((NO_SIGNAL, PARTLY))
    said = np.where(
        keys.isin(set(listed)),
        np.select([uncovered, found["state"] == COVERED], [CONFIRMED, LISTED_COVERED], LISTED_UNKNOWN),
        NOT_LISTED,
    )
    lost = reported[~listed.isin(set(keys))]
    return pd.concat([found.assign(reported=said), lost.assign(reported=NOT_LOCATABLE)], ignore_index=True)


def _keys(table: pd.DataFrame) -> pd.Series:
    return table["code"].astype(str) + " " + table["name"].map(lambda name: slug(_without_kind(str(name))))


def _without_kind(name: str) -> str:
    """Take off what a village is called before its name: thôn, bản, làng, buôn, ấp, khóm, tổ dân phố."""
    words = name.split()
    kinds = {"thon", "ban", "lang", "buon", "ap", "khom", "xom", "plei", "soc"}
    if len(words) > 1 and slug(words[0]) in kinds:
        return " ".join(words[1:])
    if len(words) > 3 and slug(" ".join(words[:3])) == "to_dan_pho":
        return " ".join(words[3:])
    return name


def _stated(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in table.columns:
        return pd.Series(_NOT_STATED, index=table.index)
    return table[name].map(_POWER).fillna(_NOT_STATED)


def _counted(by: pd.DataFrame, state: pd.Series, total: str, states: Sequence[str]) -> pd.DataFrame:
    """Count rows by every combination of some columns, in all and in each state."""
    names = by.columns.tolist()
    counts = by.assign(**{total: np.ones(len(by), dtype=np.int64)})
    for one in states:
        counts[one] = (state == one).astype("int64")
    grouped = counts.groupby(names, dropna=False, sort=True)[[total, *states]].sum()
    return grouped.reset_index()
