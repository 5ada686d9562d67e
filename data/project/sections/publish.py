"""What leaves the house when a run is published as a site."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from ...columns.register import Table, UnknownColumnError, columns, find
from ...text.sentences import told
from .values import Model, Name

_OPERATOR = "<operator>"

TABLES: tuple[Table, ...] = ("communes", "provinces", "black_spots")
"""The tables of a site."""


def is_of_operator(table: Table, name: str) -> bool:
    """Say whether a column holds figures of one operator.

    Parameters
    ----------
    table
        The table it stands in.
    name
        As a run has it, or as the register writes it, with slots.

    Raises
    ------
    UnknownColumnError
        The register has no such column.
    """
    if any(one.name == name for one in columns(table)):
        return _OPERATOR in name
    return _OPERATOR in find(table, name)[0].name


def _is_column(name: str) -> str:
    """Refuse what no table of a site can have."""
    if not _tables_with(name):
        msg = told("project", "wrong.no_column", name=repr(name))
        raise ValueError(msg)
    return name


def _tables_with(name: str) -> list[Table]:
    found: list[Table] = []
    for table in TABLES:
        try:
            is_of_operator(table, name)
        except UnknownColumnError:
            continue
        found.append(table)
    return found


ColumnName = Annotated[Name, AfterValidator(_is_column)]


class Publish(Model):
    """What leaves the house when a run is published as a site, see docs/publishing.md.

    The defaults keep back what operators hand in confidence: areas of coverage, and figures of single operators.
    """

    columns: tuple[ColumnName, ...] | None = Field(
        default=None,
        description="Further columns of the tables that are published, as docs/outputs.md writes them, such as dou_l1 or "
        "pop_covered_<service>_max_operator; those without which the map would not be true always are. Without it: all "
        "columns but those of single operators.",
    )
    people_rounding: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=1,
        description="Numbers of people are rounded to a multiple of this, each by itself, so that they may add up to "
        "slightly more or less. A commune with fewer people than half of it is one of unknown population, a black spot has "
        "at least this many. Above 1, whatever lets one reckon back to single people is left out as well: reasons in "
        "words, scores, and shares with more digits than the rounded numbers give.",
    )
    operators: bool = Field(
        default=False,
        description="Whether names of operators and figures of single ones are published.",
    )
    black_spots: bool = Field(
        default=True, description="Whether black spots are published: their places, outlines and numbers."
    )
    coverage: bool = Field(
        default=False,
        description="Whether the areas of coverage are published, by operator and service; needs operators.",
    )
    tiles: bool = Field(
        default=True,
        description="Whether there are vector tiles (PMTiles) beside the tables, for other maps.",
    )

    @model_validator(mode="after")
    def _operators_or_not(self) -> Self:
        if self.coverage and not self.operators:
            msg = told("project", "wrong.coverage_of_operators")
            raise ValueError(msg)
        for name in self.columns or ():
            if not self.operators and any(is_of_operator(table, name) for table in _tables_with(name)):
                msg = told("project", "wrong.column_of_operators", name=repr(name))
                raise ValueError(msg)
        return self

    @property
    def withheld(self) -> tuple[str, ...]:
        """What stays in the house, as words of the catalogue ``site``, in the order in which they are said."""
        kept = {
            "operators": not self.operators,
            "coverage": not self.coverage,
            "black_spots": not self.black_spots,
            "columns": self.columns is not None,
            "rounded": self.people_rounding > 1,
        }
        return tuple(name for name, is_kept in kept.items() if is_kept)
