"""An order by several columns at once: their weights, their scale, and how they are put together to one score."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator

from .values import Amount, Model

_INDICATOR: Final = r"^(pop_[a-z0-9_]+|[a-z0-9][a-z0-9_]*_share)$"
Indicator = Annotated[str, Field(pattern=_INDICATOR)]
_MORE_IS_BETTER: Final = ("pop_covered_", "covered_")


class CompositeRules(Model):
    """Weights of columns of the communes for the order "composite"; docs/method.md says how the score comes about.

    Every column is brought to 0 to 1 between the communes with people that have least and most of it. A commune that has
    at least as much of every column as another one, and more of one, comes before it, whatever the weights.
    """

    weights: dict[Indicator, Amount] = Field(
        default={},
        description="What each column weighs, such as { pop_failing = 0.5, pop_no_basic_service = 0.3, failing_share = 0.2 }: "
        "columns of people of the commune table, or by NAME_share the share of pop_NAME in all people. More of each must be "
        "worse. They are divided by their sum; a column of weight 0 is left out.",
    )
    scale: Literal["log", "linear"] = Field(
        default="log",
        description="log: people count by the logarithm of one more than they are, so a hundredfold is not a hundred "
        "times as urgent; linear: they count as they are.",
    )
    aggregate: Literal["arithmetic", "geometric"] = Field(
        default="arithmetic",
        description="Which score decides. arithmetic: the weighted mean, in which much of one column makes up for another; "
        "geometric: the weighted geometric mean on a scale of 1 to 100, in which it does so less. Both are published.",
    )
    concentration: Amount = Field(
        default=40.0,
        description="How firm the weights are where certainty is drawn: they follow a Dirichlet distribution of so much "
        "times each weight, so a weight of 0.5 has a standard deviation of 0.078 with 40; at least 1. "
        "0 leaves the weights as they are.",
    )

    @field_validator("weights", mode="before")
    @classmethod
    def _weigh_columns(cls, value: object) -> object:
        names = sorted(map(str, value)) if isinstance(value, dict) else []
        wrong = [name for name in names if not re.match(_INDICATOR, name)]
        if wrong:
            msg = f"{', '.join(wrong)} counts no people; name columns such as pop_failing, or shares such as failing_share"
            raise ValueError(msg)
        return value

    @field_validator("weights")
    @classmethod
    def _weigh_something(cls, value: dict[str, float]) -> dict[str, float]:
        better = sorted(name for name in value if name.startswith(_MORE_IS_BETTER))
        if better:
            msg = f"{', '.join(better)} is the better the more there is; name what is missing, such as pop_uncovered_5g"
            raise ValueError(msg)
        if value and not any(value.values()):
            msg = "are all 0; at least one column must weigh something"
            raise ValueError(msg)
        return value

    @field_validator("concentration")
    @classmethod
    def _draws_weights_or_not(cls, value: float) -> float:
        if 0 < value < 1:
            msg = f"{value} is below 1, which leaves nothing of the weights; 0 leaves them as they are"
            raise ValueError(msg)
        return value

    def shares(self) -> dict[str, float]:
        """Give the columns that weigh something in alphabetical order, each with its weight; the weights sum to 1."""
        most = max(self.weights.values(), default=0.0)
        parts = {name: self.weights[name] / most for name in sorted(self.weights) if self.weights[name] > 0}
        whole = sum(parts.values())
        return {name: part / whole for name, part in parts.items()}
