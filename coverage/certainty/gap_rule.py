"""Who fails the profile where layers cover with some probability: the rules of masks, for shares instead of bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from ..people.layers import LayerTable

    Shares = NDArray[np.float32]


class Failing(NamedTuple):
    """Shares of people, of one shape: those who fail the profile, and those of them without any basic service.

    ``others`` are those who lack something else that the order counts, column by column.
    """

    failing: Shares
    severe: Shares
    others: tuple[Shares, ...] = ()

    @property
    def each(self) -> tuple[Shares, ...]:
        """All of them, one after the other."""
        return (self.failing, self.severe, *self.others)


@dataclass(frozen=True, slots=True)
class GapRule:
    """The profile, for layers that are independent of each other once their edges are where a draw puts them.

    Attributes
    ----------
    operators
        For each service of the profile and each basic service the numbers of its layers.
    needed
        By service, how many operators must cover; 0 where nobody handed it in, so that it is never missing.
    services, basic
        Names of the services people need, and of those of which they need one.
    gap
        Whether any or all missing services make a person fail.
    others
        Further columns that are counted, with the services all of which miss: by the operator rule where these are two,
        else where certainly no operator covers.
    """

    operators: dict[str, tuple[int, ...]]
    needed: dict[str, int]
    services: tuple[str, ...]
    basic: tuple[str, ...]
    gap: str
    others: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, layers: LayerTable, profile: Profile, others: tuple[tuple[str, ...], ...] = ()) -> GapRule:
        """Take the rules of a profile; layers are counted in the order of ``layers.items``."""
        counted = {name for services in others for name in services}
        wanted = sorted({*profile.services, *profile.basic_services, *counted})
        operators = {
            name: tuple(at for at, item in enumerate(layers.items) if item.service == name) for name in wanted
        }
        needed = {name: layers.operators_needed(name, profile) if operators[name] else 0 for name in wanted}
        return cls(operators, needed, profile.services, profile.basic_services, profile.gap, others)

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that decide anything."""
        return tuple(sorted({layer for layers in self.operators.values() for layer in layers}))

    def __call__(self, uncovered: Sequence[Shares]) -> Failing:
        """Say which share of the people of each cell fails.

        Parameters
        ----------
        uncovered
            By layer the share of each cell it leaves uncovered, of shapes that can be broadcast. An operator of whom nothing is known
            leaves nothing uncovered: it never makes anybody fail for certain.
        """
        none: dict[str, Shares] = {}
        missing: dict[str, Shares] = {}
        for name, layers in self.operators.items():
            fewer = _fewer_than(self.needed[name], [uncovered[layer] for layer in layers])
            missing[name] = fewer
            none[name] = fewer if self.needed[name] <= 1 else _fewer_than(1, [uncovered[at] for at in layers])
        others = tuple(
            none[services[0]] if len(services) == 1 else _product([missing[name] for name in services])
            for services in self.others
        )
        return self._fail(none, missing)._replace(others=others)

    def _fail(self, none: dict[str, Shares], missing: dict[str, Shares]) -> Failing:
        """Put the services together: where no operator covers, and where too few do."""
        severe = _product([none[name] for name in self.basic]) if self.basic else np.zeros(1, np.float32)
        if self.gap == "all":
            gap = _product([missing[name] for name in self.services])
            if not self.basic:
                return Failing(gap, severe)
            both = [none[name] if name in self.basic else missing[name] for name in self.services]
            rest = [none[name] for name in self.basic if name not in self.services]
            return Failing(gap + severe - _product([*both, *rest]), severe)
        fine = _product([1.0 - missing[name] for name in self.services])
        if (
            set(self.basic) & set(self.services) or not self.basic
        ):  # who has no basic service lacks one of these
            return Failing(1.0 - fine, severe)
        return Failing(1.0 - fine + severe * fine, severe)


def _fewer_than(count: int, uncovered: Sequence[Shares]) -> Shares:
    """Say which share fewer than so many of independent layers cover (Poisson binomial)."""
    if count == 0:
        return np.zeros(1, np.float32)
    if count == 1:
        return _product(uncovered)
    exactly: list[Shares] = [np.ones(1, np.float32)]
    for share in uncovered:
        grown = [exactly[0] * share]
        for number in range(1, min(len(exactly), count - 1) + 1):
            before = exactly[number - 1] * (1.0 - share)
            grown.append(before + exactly[number] * share if number < len(exactly) else before)
        exactly = grown
    total = exactly[0]
    for part in exactly[1:]:
        total = total + part
    return total


def _product(factors: Sequence[Shares]) -> Shares:
    """Multiply; 1 without factors."""
    if not factors:
        return np.ones(1, np.float32)
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product
