"""What the jobs of a reading process may answer: one strict model each. Anything else is refused.

A reply is one JSON object: ``findings``, what the job has to say, and ``answer``, the model of the job as JSON,
null after an error finding. Both sides use these models: the child fills them, the program checks them again,
since a file may have taken the child over.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    ValidationError,
    model_validator,
)

from ..findings.rules import RULES
from ..text.sentences import slots
from ..text.words import words
from .reply import BadReplyError

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_VALUES = frozenset({"code", "file", "layer", "row", "column", "count"})


class Answer(BaseModel):
    """A part of a reply: every field is there, of its own type and not of one like it, and no other field is."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


_LARGEST_WHOLE = 2**63
_Whole = Annotated[int, Field(gt=-_LARGEST_WHOLE, lt=_LARGEST_WHOLE)]


def _is_real(number: object) -> object:
    """Keep a whole number that is too large from passing as a real one."""
    if type(number) is not float:
        raise ValueError("no real number")
    return number


_Real = Annotated[float, BeforeValidator(_is_real), Field(allow_inf_nan=False)]


def is_takeable(number: object) -> bool:
    """Say whether a number is one that every format can write."""
    if type(number) is int:
        return abs(number) < _LARGEST_WHOLE
    return type(number) is float and math.isfinite(number)


class PhraseSaid(Answer):
    """A part of a sentence with words of its own: a text of the subject ``phrases``, and what fills its slots."""

    phrase: str
    values: dict[str, str | _Whole | _Real]

    @model_validator(mode="after")
    def _is_in_the_catalogue(self) -> Self:
        """Make sure that the phrase exists and that its slots are filled, by these values and no others."""
        text = words("phrases", "en").get(self.phrase)
        if text is None or self.values.keys() != {name for _, name, _ in slots(text) if name}:
            raise ValueError("no such phrase, or other values than it asks for")
        return self


class FindingSaid(Answer):
    """One finding: the code of its rule, where in the file, how many rows, and values for the rule's words."""

    code: str
    layer: str
    row: str
    column: str
    count: int
    values: dict[str, str | _Whole | _Real | list[str] | PhraseSaid]

    @model_validator(mode="after")
    def _has_a_rule(self) -> Self:
        """Make sure that the rule exists and that its words can be filled, with these values and no others' names."""
        rule = RULES.get(self.code)
        given = self.values.keys()
        if rule is None or given & _NOT_VALUES or not rule.placeholders() <= given | _NOT_VALUES:
            raise ValueError("no such rule, or other values than it asks for")
        return self


class LayerAnswer(Answer):
    """What the job ``vector`` says about a layer; its features are in tables beside.

    Attributes
    ----------
    layer, named
        What the layer is called, and what findings call it: empty in formats that hold one layer only.
    crs, usual_crs
        What the file states, if anything; what the standard of its format says otherwise.
    picked
        The columns that were read, by the names they were asked by.
    plain
        All features are outlines about which there is nothing to say.
    usable
        False after an error finding.
    mended
        There is ground that closed rings and straightened arcs concern.
    features
        How many features there are, used or not.
    """

    layer: str
    named: str
    crs: str | None
    usual_crs: str
    picked: list[str]
    plain: bool
    usable: bool
    mended: bool
    features: NonNegativeInt


class NamesAnswer(Answer):
    """Names of columns: of a layer by the job ``names``, of the cells in ``cells.arrow`` by the job ``table``."""

    names: list[str]


class UnpackedAnswer(Answer):
    """What the job ``unpack`` took out of an archive: its name now, the name of its layer, and its format."""

    main: str
    stem: str
    format: str


class MergedAnswer(Answer):
    """What the job ``merge`` laid end to end.

    Attributes
    ----------
    rows
        The number of the file each feature came from.
    stated
        What each file says of its coordinate reference system; empty where it says nothing.
    files
        Findings about files, by their numbers; files about which there is nothing to say are left out.
    """

    rows: list[NonNegativeInt]
    stated: list[str]
    files: dict[str, list[FindingSaid]]


class RasterAnswer(Answer):
    """What the job ``raster`` found in the header of a GeoTIFF.

    ``transform`` holds a, b, c, d, e, f of the affine transform; ``crs`` is empty where none is stated; ``says_rssi``
    where the description of the band speaks of RSSI and not of RSRP.
    """

    width: PositiveInt
    height: PositiveInt
    dtype: Literal[
        "int8",
        "uint8",
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float16",
        "float32",
        "float64",
    ]
    transform: Annotated[list[float], Field(min_length=6, max_length=6)]
    crs: str
    nodata: float | None
    has_mask: bool
    scale: float
    offset: float
    block_rows: PositiveInt
    block_cols: PositiveInt
    says_rssi: bool


class TracedAnswer(Answer):
    """What the job ``trace`` counted: cells with a value, and those that are covered."""

    known: NonNegativeInt
    covered: NonNegativeInt

    @model_validator(mode="after")
    def _covered_ones_are_known(self) -> Self:
        """Make sure that there are not more covered cells than known ones."""
        if self.covered > self.known:
            raise ValueError("more cells are covered than known")
        return self


class _Reply(Answer):
    """The whole reply; the answer is looked at as soon as it is known which job was asked."""

    findings: list[FindingSaid]
    answer: dict[str, Any] | None


Kind = TypeVar("Kind", bound=Answer)


def reply_of(findings: Sequence[FindingSaid], answer: Answer | None) -> dict[str, Any]:
    """Put a reply together, in the child.

    Parameters
    ----------
    findings
        What the job has to say.
    answer
        What it answers; None after an error finding.

    Returns
    -------
    dict
        Of JSON's types.
    """
    whole = _Reply(findings=list(findings), answer=None if answer is None else answer.model_dump())
    return whole.model_dump()


def checked(reply: object, kind: type[Kind]) -> tuple[list[FindingSaid], Kind | None]:
    """Take a reply over, in the program, when it is one that the job may give.

    Parameters
    ----------
    reply
        What the child left.
    kind
        What the job answers.

    Returns
    -------
    tuple
        The findings, and the answer; None when the job says that it has none.

    Raises
    ------
    BadReplyError
        It is anything else.
    """
    try:
        whole = _Reply.model_validate(reply)
        return whole.findings, None if whole.answer is None else kind.model_validate(whole.answer)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadReplyError(f"{where}: {first['type']}" if where else first["type"]) from error
