"""What changed from one run to another, and what the change comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .flows import totals

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ...data.runs.listing import Run
    from ...data.runs.series import Difference
    from .spot_events import SpotEvent

Cause = Literal["coverage", "rule", "people", "communes", "claim", "reported", "several", "unknown"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another.

    Attributes
    ----------
    before, after
        The two runs.
    differences
        In what they differ besides coverage; empty where one follows the other in a series.
    cause
        What the change comes from: ``coverage`` alone is progress; one other cause where nothing else differs;
        ``several`` where they cannot be told apart.
    is_by_cells
        People gained and lost are known cell by cell; otherwise only the balance of each commune is.
    flows
        By service, and for ``profile``: people of each commune, see :func:`blackspot.coverage.change.flows.flows`, with
        ``name``, ``province_code`` and ``province_name``.
    operators
        People covered by each operator: ``service``, ``operator``, ``before``, ``after``; NaN where one was not known.
    events
        What became of black spots.
    spots
        The black spots of both runs, without their outlines: where an event took place.
    """

    before: Run
    after: Run
    differences: tuple[Difference, ...]
    cause: Cause
    is_by_cells: bool
    flows: Mapping[str, pd.DataFrame]
    operators: pd.DataFrame
    events: tuple[SpotEvent, ...]
    spots: tuple[pd.DataFrame, pd.DataFrame]

    def country(self, group: str) -> dict[str, float]:
        """Add up the flows of the country."""
        summed = totals(self._numbers(group))
        return {str(name): float(value) for name, value in summed.iloc[0].items()} if len(summed) else {}

    def provinces(self, group: str) -> pd.DataFrame:
        """Add up the flows of each province: index ``province_code``, with ``province_name``."""
        table = self.flows[group]
        names = table.groupby("province_code")["province_name"].first()
        return totals(self._numbers(group), table["province_code"].to_numpy()).assign(province_name=names)

    def _numbers(self, group: str) -> pd.DataFrame:
        return self.flows[group].drop(columns=["name", "province_code", "province_name"])
