"""Which bit of a mask means which operator, and what the operators together mean for a person.

A *mask* is one unsigned 64-bit number per combination of layers that occurs on the ground: bit ``i`` is
set where layer ``i`` lies. Coverage layers and extent layers (the area a submission speaks for) are both
bits. Every rule below is a small piece of logic over the distinct masks, so it costs nothing compared
with the overlay that counted the people of each mask.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from ...data.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ...data.project.profile import Profile

    Flags = NDArray[np.bool_]
    Masks = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class OperatorService:
    """One operator's coverage of one service, as bits of a mask.

    ``coverage_bits`` are the bits of its coverage layers; any of them covers. ``extent_bits`` are the
    bits of the areas it speaks for: None when it speaks for the whole country, an empty tuple when it
    speaks for nowhere (its submission was refused).
    """

    operator: str
    service: str
    coverage_bits: tuple[int, ...]
    extent_bits: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What one operator plans for one service, as bits of a mask; it is never coverage."""

    operator: str
    service: str
    bits: tuple[int, ...]


@dataclass(frozen=True)
class LayerTable:
    """Every operator's coverage of every service, and what they plan.

    A layer that does not count as coverage has no place among the items; plans stand apart, and no rule but
    :meth:`planned_for` looks at them. The items are kept sorted by service and operator, whatever order they come in.

    Raises
    ------
    ValueError
        An operator stands twice for a service, or two operators of a service would get one column.
    """

    items: tuple[OperatorService, ...]
    plans: tuple[Planned, ...] = ()

    UNCOVERED: ClassVar[int] = 0
    COVERED: ClassVar[int] = 1
    NO_DATA: ClassVar[int] = 2

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.items, key=lambda item: (item.service, item.operator)))
        object.__setattr__(self, "items", ordered)
        plans = tuple(sorted(self.plans, key=lambda plan: (plan.service, plan.operator)))
        object.__setattr__(self, "plans", plans)
        columns = Counter((item.service, slug(item.operator)) for item in ordered)
        twice = sorted(
            f"{operator} ({service})" for (service, operator), times in columns.items() if times > 1
        )
        if twice:
            message = f"more than one operator would use the column of {', '.join(twice)}"
            raise ValueError(message)

    @property
    def services(self) -> tuple[str, ...]:
        """The services anybody handed in, each once, in alphabetical order."""
        return tuple(sorted({item.service for item in self.items}))

    @property
    def planned_services(self) -> tuple[str, ...]:
        """The services of the items for which somebody has handed in a plan, in alphabetical order."""
        return tuple(sorted({plan.service for plan in self.plans} & set(self.services)))

    def planned_for(self, masks: Masks, service: str) -> Flags:
        """Say for each mask whether certainly nobody covers today and somebody plans to."""
        bits = [number for plan in self.plans if plan.service == service for number in plan.bits]
        return np.asarray(_any_bit(masks, bits) & self.total_not_spot(masks, service))

    def operators_of(self, service: str) -> tuple[str, ...]:
        """Give the operators that handed in this service, in alphabetical order."""
        return tuple(item.operator for item in self.items if item.service == service)

    def covered(self, masks: Masks, service: str, operator: str) -> Flags:
        """Say for each mask whether this operator covers."""
        return _any_bit(masks, self._item(service, operator).coverage_bits)

    def no_data(self, masks: Masks, service: str, operator: str) -> Flags:
        """Say for each mask whether nothing is known of this operator.

        That is where it neither covers nor speaks for the place: coverage outside an operator's own
        extent is still coverage.
        """
        item = self._item(service, operator)
        if item.extent_bits is None:
            return np.zeros(masks.shape, dtype=np.bool_)
        return ~_any_bit(masks, item.extent_bits) & ~_any_bit(masks, item.coverage_bits)

    def count_covered(self, masks: Masks, service: str) -> NDArray[np.int64]:
        """Count the operators that cover, for each mask."""
        return _count(masks, (self.covered(masks, service, name) for name in self.operators_of(service)))

    def count_no_data(self, masks: Masks, service: str) -> NDArray[np.int64]:
        """Count the operators of whom nothing is known, for each mask."""
        return _count(masks, (self.no_data(masks, service, name) for name in self.operators_of(service)))

    def state(self, masks: Masks, service: str, k: int = 1) -> NDArray[np.int8]:
        """Give the state of each mask when ``k`` operators must cover.

        ``COVERED`` where at least ``k`` operators cover; else ``NO_DATA`` where the operators of whom
        nothing is known could make it ``k``; else ``UNCOVERED``. The number of operators as ``k`` means
        all of them. A service nobody handed in is ``NO_DATA`` everywhere; a ``k`` above the number of
        operators is met nowhere.

        Raises
        ------
        ValueError
            ``k`` is below 1.
        """
        if k < 1:
            message = f"at least one operator must be asked for, not {k}"
            raise ValueError(message)
        if not self.operators_of(service):
            return np.full(masks.shape, self.NO_DATA, dtype=np.int8)
        covering = self.count_covered(masks, service)
        possible = covering + self.count_no_data(masks, service)
        return np.where(
            covering >= k, self.COVERED, np.where(possible >= k, self.NO_DATA, self.UNCOVERED)
        ).astype(np.int8)

    def operators_needed(self, service: str, profile: Profile) -> int:
        """Say how many operators must cover before the profile counts the service as there."""
        if profile.operator_rule == "any":
            return 1
        if profile.operator_rule == "all":
            return max(1, len(self.operators_of(service)))
        return profile.k

    def missing(self, masks: Masks, service: str, profile: Profile) -> Flags:
        """Say for each mask whether the service is certainly missing under the profile's operator rule."""
        needed = self.operators_needed(service, profile)
        return np.asarray(self.state(masks, service, needed) == self.UNCOVERED)

    def may_be_missing(self, masks: Masks, service: str, profile: Profile) -> Flags:
        """Say for each mask whether the service is missing, or may be: nobody knows for want of data."""
        needed = self.operators_needed(service, profile)
        return np.asarray(self.state(masks, service, needed) != self.COVERED)

    def fails(self, masks: Masks, profile: Profile) -> Flags:
        """Say for each mask whether a person there fails the profile.

        With ``gap = "any"`` one missing service is enough, with ``gap = "all"`` every service of the
        profile must be missing; whom certainly no basic service reaches fails in any case. A service without data is
        not missing: it never makes a person fail.
        """
        missing = np.stack([self.missing(masks, service, profile) for service in profile.services])
        gap = missing.any(axis=0) if profile.gap == "any" else missing.all(axis=0)
        return np.asarray(gap | self.no_basic_service(masks, profile))

    def no_basic_service(self, masks: Masks, profile: Profile) -> Flags:
        """Say for each mask whether certainly no operator has any of the profile's basic services there.

        Where the profile names none, that is nowhere.
        """
        if not profile.basic_services:
            return np.zeros(masks.shape, dtype=np.bool_)
        missing = np.stack([self.total_not_spot(masks, name) for name in profile.basic_services])
        return np.asarray(missing.all(axis=0))

    def may_fail(self, masks: Masks, profile: Profile) -> Flags:
        """Say for each mask whether it is not known if a person there fails the profile, for want of data.

        Whoever fails for certain is not among them: those who fail in the end are at least those of
        :meth:`fails` and at most both together.
        """
        each = np.stack([self.may_be_missing(masks, service, profile) for service in profile.services])
        possible = each.any(axis=0) if profile.gap == "any" else each.all(axis=0)
        possible |= self.may_have_no_basic_service(masks, profile)
        return np.asarray(possible & ~self.fails(masks, profile))

    def may_have_no_basic_service(self, masks: Masks, profile: Profile) -> Flags:
        """Say for each mask whether no operator has any of the profile's basic services there, as far as is known."""
        if not profile.basic_services:
            return np.zeros(masks.shape, dtype=np.bool_)
        possible = [self.state(masks, name) != self.COVERED for name in profile.basic_services]
        return np.asarray(np.stack(possible).all(axis=0))

    def total_not_spot(self, masks: Masks, service: str) -> Flags:
        """Say for each mask whether certainly no operator covers."""
        return np.asarray(self.state(masks, service) == self.UNCOVERED)

    def partial_not_spot(self, masks: Masks, service: str) -> Flags:
        """Say for each mask whether some operator covers and some other one certainly does not."""
        covering = self.count_covered(masks, service)
        known = len(self.operators_of(service)) - self.count_no_data(masks, service)
        return np.asarray((covering > 0) & (covering < known))

    def double_gap(self, masks: Masks, profile: Profile) -> Flags:
        """Say for each mask whether both the mobile and the fibre service of the profile are missing.

        "Missing" follows the profile's operator rule. Where the profile does not name both services
        there is no double gap.
        """
        if not (profile.mobile_service and profile.fibre_service):
            return np.zeros(masks.shape, dtype=np.bool_)
        mobile = self.missing(masks, profile.mobile_service, profile)
        return mobile & self.missing(masks, profile.fibre_service, profile)

    def _item(self, service: str, operator: str) -> OperatorService:
        for item in self.items:
            if item.service == service and item.operator == operator:
                return item
        message = f"{operator} handed in no {service}"
        raise KeyError(message)


def _any_bit(masks: Masks, bits: Iterable[int]) -> Flags:
    """Say for each mask whether any of these bits is set."""
    wanted = sum(1 << bit for bit in set(bits))
    return np.asarray((masks & np.uint64(wanted)) != 0)


def _count(masks: Masks, flags: Iterable[Flags]) -> NDArray[np.int64]:
    """Count for each mask how many of the flags are set."""
    total = np.zeros(masks.shape, dtype=np.int64)
    for flag in flags:
        total += flag
    return total
