"""A composite in the draws: which of its columns move with the edges, which only with the people, and its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ..ranking.composite import OWN_SHARES, people_column
from .shifts import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from ...data.project.sections.composite import CompositeRules

    Floats = NDArray[np.float64]

_RANKED_BY: Final = frozenset(
    {"pop_total", "pop_failing", "pop_no_basic_service", "pop_may_fail", *OWN_SHARES}
)
"""Columns that every order draws, or that no edge changes."""
_DOUBLE_GAP: Final = "pop_double_gap"
_UNCOVERED: Final = ("pop_uncovered_", "pop_total_not_spot_")
_SILENT: Final = "pop_no_data_"


def indicators_are_drawn(profile: Profile) -> bool:
    """Say whether every column of a composite is drawn, so that one can say how sure its ranks are."""
    moved, still = moved_columns(profile), still_columns(profile)
    known = {*_RANKED_BY, *moved, *still}
    return all(people_column(name) in known for name in profile.order.composite.shares())


def moved_columns(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Give the columns of a composite that edges move beside those of every order, with the services all of which miss.

    The two services of the double gap miss by the operator rule of the profile, the others where certainly no operator covers.
    """
    found: dict[str, tuple[str, ...]] = {}
    for column in _columns(profile):
        for start in _UNCOVERED:
            if column.startswith(start):
                found[column] = (column.removeprefix(start),)
        if column == _DOUBLE_GAP:
            found[column] = (profile.mobile_service, profile.fibre_service)
    return found


def still_columns(profile: Profile) -> tuple[str, ...]:
    """Give the columns of a composite that count people of whom nothing is known: they grow with the people alone."""
    return tuple(column for column in _columns(profile) if column.startswith(_SILENT))


def drawn_weights(rules: CompositeRules, draws: int, seed: int) -> Floats:
    """Draw the weights of a composite: float64 (indicators, draws), each draw with the sum 1.

    A Dirichlet distribution of ``concentration`` times the weights, made of one gamma number for each column, so a column
    begins its draws in the same place whatever others there are.

    Parameters
    ----------
    rules
        The composite; a concentration of 0 leaves the weights as they are.
    draws, seed
        How often, and where the draws begin.
    """
    shares = rules.shares()
    stated = np.repeat(np.array(list(shares.values()))[:, np.newaxis], draws, axis=1)
    if rules.concentration == 0:
        return stated
    gammas = np.stack(
        [
            generator(seed, "weight", name).standard_gamma(rules.concentration * share, draws)
            for name, share in shares.items()
        ]
    )
    whole = gammas.sum(axis=0)
    return np.asarray(np.divide(gammas, whole, out=stated, where=whole > 0))


def _columns(profile: Profile) -> tuple[str, ...]:
    """Give the columns that a composite is made of, each once; none in another order."""
    if profile.order.by != "composite":
        return ()
    return tuple(dict.fromkeys(people_column(name) for name in profile.order.composite.shares()))
