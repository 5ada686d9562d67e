"""Levels of signal in dBm: which numbers can be one, which sign they have, and what a threshold means beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..text.sentences import phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from .raster_cells import RasterCells

HIGHEST_DBM = -30.0
"""No receiver gets more, an arm's length from its site: what is above is no level but a mark, 0 most of all."""

LOWEST_DBM = -170.0
"""Below the noise of any channel: a number under it is a mark as well."""

_MOST_CLASSES = 16
_HIGHEST_CLASS = 100


def is_dbm(threshold: float) -> bool:
    """Say whether a threshold can only be a level in dBm; that of a ratio in dB lies above.

    Parameters
    ----------
    threshold
        What the project file says.
    """
    return LOWEST_DBM <= threshold < HIGHEST_DBM


def is_dbm_without_sign(threshold: float) -> bool:
    """Say whether a threshold would be a level in dBm if it had a minus."""
    return is_dbm(-threshold)


class Reach(NamedTuple):
    """Which cells are covered: those whose value, negated or not, lies from ``lowest`` to ``highest``."""

    lowest: float
    highest: float = math.inf
    negated: bool = False


@dataclass(slots=True)
class LevelSurvey:
    """What one pass over the cells of a raster found.

    Attributes
    ----------
    cells, known
        All cells, and those with a value.
    levels, unsigned
        Known cells that can be levels in dBm, and those that can be if they had a minus.
    zero
        Known cells that hold 0.
    lowest, highest
        Range of the known values; not a number where there is none.
    classes
        The different values where they are few, whole and small; empty otherwise.
    """

    cells: int
    known: int = 0
    levels: int = 0
    unsigned: int = 0
    zero: int = 0
    lowest: float = math.nan
    highest: float = math.nan
    classes: frozenset[float] = frozenset()

    @property
    def may_lack_signs(self) -> bool:
        """The values are what levels in dBm are without their minus, and 0 where there is none."""
        return self.unsigned > 0 and self.unsigned + self.zero == self.known

    @property
    def is_classified(self) -> bool:
        """The values are a few small whole numbers, more than a mask of yes and no has."""
        return len(self.classes - {0.0}) > 1


def survey_levels(cells: RasterCells) -> LevelSurvey:
    """Look at every cell of a raster once.

    Parameters
    ----------
    cells
        The cells of an unpacked raster.
    """
    survey = LevelSurvey(cells.raster.width * cells.raster.height)
    classes: set[float] | None = set()
    for window in cells.raster.windows():
        values = cells.read(window)
        known = values[~np.isnan(values)]
        if not known.size:
            continue
        survey.known += known.size
        survey.levels += _between(known, LOWEST_DBM, HIGHEST_DBM)
        survey.unsigned += _between(known, -HIGHEST_DBM, -LOWEST_DBM)
        survey.zero += int(np.count_nonzero(known == 0))
        survey.lowest = float(np.fmin(survey.lowest, known.min()))
        survey.highest = float(np.fmax(survey.highest, known.max()))
        classes = None if classes is None else _more_classes(classes, known)
    survey.classes = frozenset(classes or ())
    return survey


def _between(values: NDArray[np.float64], low: float, high: float) -> int:
    return int(np.count_nonzero((values >= low) & (values <= high)))


def _more_classes(classes: set[float], values: NDArray[np.float64]) -> set[float] | None:
    """Add the values of a window; None as soon as they are no classes."""
    if values.min() < 0 or values.max() > _HIGHEST_CLASS:
        return None
    found = classes | set(np.unique(values).tolist())
    return found if len(found) <= _MOST_CLASSES and all(value.is_integer() for value in found) else None


def reach_of(survey: LevelSurvey, threshold: float, about: FileFindings) -> Reach | None:
    """Find out which cells a threshold means.

    Parameters
    ----------
    survey
        Of the raster.
    threshold
        What the project file says.
    about
        Asked wherever threshold and values do not belong together.

    Returns
    -------
    Reach or None
        None after an error finding, or a question that nobody has answered.
    """
    told: dict[str, Any] = {"threshold": threshold, "values": _range_of(survey)}
    if is_dbm(threshold):
        return _reach_of_level(survey, threshold, told, about)
    meant, question = threshold, ""
    if is_dbm_without_sign(threshold) and survey.levels and survey.highest <= 0:
        meant, question = -threshold, "coverage.threshold-sign"
    elif is_dbm_without_sign(threshold) and survey.may_lack_signs:
        question = "coverage.threshold-positive"
    elif survey.is_classified and survey.lowest <= threshold <= survey.highest:
        question = "coverage.classes"
    if question and not about.ask(question, negative=-threshold, classes=_listed(survey.classes), **told):
        return None
    return Reach(meant, HIGHEST_DBM if is_dbm(meant) else math.inf)


def _reach_of_level(
    survey: LevelSurvey, threshold: float, told: dict[str, Any], about: FileFindings
) -> Reach | None:
    """Find out which cells a threshold in dBm means."""
    negated = not survey.levels and survey.may_lack_signs
    if not survey.levels and survey.is_classified:
        about.add("coverage.classes-for-levels", classes=_listed(survey.classes), **told)
        return None
    if negated and not about.ask("coverage.sign-missing", **told):
        return None
    return Reach(threshold, HIGHEST_DBM, negated)


def _range_of(survey: LevelSurvey) -> object:
    return phrase("values", lowest=survey.lowest, highest=survey.highest) if survey.known else "-"


def _listed(classes: frozenset[float]) -> list[str]:
    return [f"{value:g}" for value in sorted(classes)]
