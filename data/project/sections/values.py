"""The kinds of value a project file may hold: words, paths, days, amounts, and the base of its models."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from ...text.sentences import told

Environment = Literal["outdoor", "in_vehicle", "indoor"]
OUTDOOR: Environment = "outdoor"
Basis = Literal["declared", "modelled", "measured", "predicted", "planned"]
CommuneType = Literal["commune", "ward", "special_zone"]
Tables = Literal["all", "parquet"]
Pages = Literal["all", "national", "provinces", "none"]
OperatorRule = Literal["any", "all", "at_least_k"]

LONGEST_CODE = 40
"""Characters that any code may have; registers stay far below."""

_VARIABLE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_][A-Za-z0-9_]*)\}|(?P<plain>[A-Za-z_][A-Za-z0-9_]*))")


def _expand(text: str) -> str:
    """Put environment variables into a path; raises ValueError for one that is not set."""

    def value_of(match: re.Match[str]) -> str:
        name = match["braced"] or match["plain"]
        value = os.environ.get(name)
        if not value:
            msg = told("project", "wrong.variable", name=name)
            raise ValueError(msg)
        return value

    return _VARIABLE.sub(value_of, text)


def _absolute(value: object, info: ValidationInfo) -> object:
    """Turn a path of the project file into an absolute one; relative ones start at the file's folder."""
    if not isinstance(value, str | Path):
        return value
    text = _expand(str(value))
    if not text.strip():
        msg = told("project", "wrong.empty_path")
        raise ValueError(msg)
    if "\0" in text:
        msg = told("project", "wrong.null_in_path")
        raise ValueError(msg)
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        msg = told("project", "wrong.no_home", text=repr(text))
        raise ValueError(msg) from error
    folder = (info.context or {}).get("folder") or Path.cwd()
    return Path(os.path.normpath(folder / path))


def _each_absolute(value: object, info: ValidationInfo) -> object:
    """Turn one path, or each path of a list, into absolute ones."""
    if isinstance(value, str | Path):
        return _absolute(value, info)
    if isinstance(value, list | tuple) and value and all(isinstance(one, str | Path) for one in value):
        paths = tuple(_absolute(one, info) for one in value)
        if len(set(paths)) < len(paths):
            msg = told("project", "wrong.file_twice")
            raise ValueError(msg)
        return paths
    msg = told("project", "wrong.path_or_list")
    raise ValueError(msg)


def _as_text(value: object) -> object:
    """Let a year or a date stand without quotes where text is asked."""
    if isinstance(value, dt.date) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return value


def _as_date(value: object) -> object:
    """Let a date stand in quotes; anything else is left to the strict check."""
    if not isinstance(value, str):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        msg = told("project", "wrong.date", value=repr(value))
        raise ValueError(msg) from error


FilePath = Annotated[Path, BeforeValidator(_absolute)]
FilePaths = Annotated[Path | tuple[Path, ...], BeforeValidator(_each_absolute)]
Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Vintage = Annotated[str, BeforeValidator(_as_text)]
Day = Annotated[dt.date, BeforeValidator(_as_date)]
Service = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,20}$")]
CodeWidth = Annotated[int, Field(ge=0, le=LONGEST_CODE)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

CRS_NOTE = "Coordinate reference system such as EPSG:4326, only where the file states none."
LAYER_NOTE = "Layer of the file; empty takes its only layer."


class Model(BaseModel):
    """Frozen, strict, no unknown keys; lists of the file become tuples."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _lists_to_tuples(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


class Words(Model):
    """A text for people, in Vietnamese and English."""

    vi: Text = Field(default="", description="The text in Vietnamese.")
    en: Text = Field(default="", description="The text in English.")

    def text(self, language: str) -> str:
        """Give the text in ``language`` (vi or en), or in the other one where it is missing."""
        first, second = (self.vi, self.en) if language == "vi" else (self.en, self.vi)
        return first or second


class VectorSource(Model):
    """A vector file."""

    path: FilePath = Field(description="A vector file.")
    layer: Text = Field(default="", description=LAYER_NOTE)
