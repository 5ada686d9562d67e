"""Which rows of a file count: by the values of a column, or from a number up."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator

from ...text.sentences import told
from .values import Finite, Model, Name


class WhereFilter(Model):
    """Which rows of a file count. Give values or at_least."""

    column: Name = Field(description="Column to look at.")
    values: tuple[str, ...] = Field(
        default=(),
        description="Rows count whose value is one of these, compared as text without the spaces around; "
        "numbers are compared as numbers, so that -105.0 is -105.",
    )
    at_least: Finite | None = Field(
        default=None,
        description="Rows count whose value is a number from this one up, such as -105 for bands of signal in dBm.",
    )
    also: tuple[WhereFilter, ...] = Field(default=(), description="Further filters that must hold as well.")

    @field_validator("at_least")
    @classmethod
    def _one_kind(cls, value: float | None, info: ValidationInfo) -> float | None:
        given = info.data.get("values")
        if given and value is not None:
            msg = told("project", "wrong.values_or_least")
            raise ValueError(msg)
        if value is None and given == ():
            msg = told("project", "wrong.empty_filter")
            raise ValueError(msg)
        return value

    @property
    def every(self) -> tuple[WhereFilter, ...]:
        """All filters that must hold: this one and the further ones."""
        return (self, *(inner for further in self.also for inner in further.every))
