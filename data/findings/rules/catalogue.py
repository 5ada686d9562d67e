"""Every rule there is, from the tables of each area.

An area keeps its rules in a module of this room as ``RULES`` (see :mod:`.rule` for their shape) and is named
here once.
"""

from __future__ import annotations

from .communes import RULES as COMMUNE_RULES
from .coverage import RULES as COVERAGE_RULES
from .crs import RULES as CRS_RULES
from .deliveries import RULES as DELIVERY_RULES
from .files import RULES as FILE_RULES
from .plausibility import RULES as PLAUSIBILITY_RULES
from .population import RULES as POPULATION_RULES
from .register import RULES as REGISTER_RULES
from .rule import Rule
from .vector import RULES as VECTOR_RULES

__all__ = ["RULES", "Rule"]


def _merged(*tables: dict[str, Rule]) -> dict[str, Rule]:
    merged: dict[str, Rule] = {}
    for table in tables:
        twice = merged.keys() & table.keys()
        if twice:
            raise ValueError(f"rules of two areas with one code: {sorted(twice)}")
        merged.update(table)
    return merged


RULES: dict[str, Rule] = _merged(
    FILE_RULES,
    CRS_RULES,
    VECTOR_RULES,
    COMMUNE_RULES,
    POPULATION_RULES,
    COVERAGE_RULES,
    DELIVERY_RULES,
    PLAUSIBILITY_RULES,
    REGISTER_RULES,
)
