"""What changed from one run to another, and what the change comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from .flows import totals
from .lacking_cells import PROFILE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ...data.runs.listing import Run
    from ...data.runs.series import Difference
    from .spot_events import SpotEvent

Cause = Literal["coverage", "rule", "people", "communes", "claim", "reported", "several", "unknown"]
PartCause = Literal["coverage", "reported", "claims", "population", "boundaries", "rules"]
PART_CAUSES: Final[tuple[PartCause, ...]] = (
    "coverage",
    "reported",
    "claims",
    "population",
    "boundaries",
    "rules",
)
"""What a number can have moved by, in the order in which it is told; the first one alone is progress."""
IDENTITY: Final = ("code", "name", "province_code", "province_name")
PART_COLUMNS: Final = (*IDENTITY, "service", "cause", "people")
OPERATOR_COLUMNS: Final = (
    *IDENTITY,
    "service",
    "operator",
    "covered_before",
    "covered_after",
    "gained",
    "lost",
    "newly_reported",
    "no_longer_reported",
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one cause has to do with the change of one number of the country.

    The parts of a service add up to its change: people without it after, less those before.

    Attributes
    ----------
    causes
        One of :data:`PART_CAUSES`; more than one where the two runs do not hold what would tell them apart, so that
        they stand for this part together.
    service
        A service, or ``profile`` for the people who fail it.
    people
        How many more people are without; negative where there are fewer.
    is_noise
        Whether it is too small to be told: below :data:`.flows.NOISE_PEOPLE`, or :data:`.flows.NOISE_SHARE` of the people
        without.
    """

    causes: tuple[PartCause, ...]
    service: str
    people: float
    is_noise: bool

    @property
    def cause(self) -> str:
        """The causes as one word, such as ``coverage`` or ``population+boundaries``."""
        return "+".join(self.causes)


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
    parts
        Why the numbers of the country moved: by service, ``profile`` first, then in the order of the causes. A cause
        that differs between the runs is there even where it moved nobody; one that does not is left out.
    commune_parts
        The same for each commune, :data:`PART_COLUMNS`: ``code`` to ``province_name``; ``service`` and ``cause`` as in
        a part; ``people``, how many more are without. Rows of less than half a person are left out.
    operator_flows
        People covered by each operator in each commune, :data:`OPERATOR_COLUMNS`: ``code`` to ``province_name``,
        ``service``, ``operator``; ``covered_before`` and ``covered_after``, as published; ``gained`` and ``lost``;
        ``newly_reported``, people covered where nothing was known of the operator before; ``no_longer_reported``, people
        it covered where nothing is known of it any more. ``after - before = gained + newly_reported - lost -
        no_longer_reported``. Communes in which nothing moved are left out.
    crosswalk
        Where the boundaries differ, which part of each older commune's people lives in which newer one, see
        :func:`blackspot.coverage.change.crosswalk.crosswalk`: ``old``, ``new``, ``people``, ``share``, ``crosses_split``.
        Flows are then those of the newer communes, with the older figures carried over. None where they are the same.
    crosses_split
        Codes of the newer communes whose older figures are in part from a commune that was divided: estimates.
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
    parts: tuple[Part, ...]
    commune_parts: pd.DataFrame
    operator_flows: pd.DataFrame
    crosswalk: pd.DataFrame | None
    crosses_split: frozenset[str]

    @property
    def progress_people(self) -> float:
        """How many fewer people fail the profile because of coverage alone; negative where more do.

        NaN where coverage cannot be told apart from other causes.
        """
        of_profile = [one for one in self.parts if one.service == PROFILE and "coverage" in one.causes]
        if any(len(one.causes) > 1 for one in of_profile):
            return float("nan")
        return 0.0 - sum(one.people for one in of_profile)

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
