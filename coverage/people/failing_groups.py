"""Which people lack what, for every combination of layers: the groups that are counted cell by cell.

Everybody is the first group: without the people who lack nothing, nobody could say later who of them lost something,
or how many people moved from one commune to another when boundaries were drawn anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..overlay.totals import FailingCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from .layers import LayerTable

_DECIDING = ("services", "gap", "basic_services", "operator_rule", "k")
"""Keys of a profile that decide who lacks what; limits, weights and tiers only say what is done with these people."""


@dataclass(frozen=True, slots=True)
class FailingGroups:
    """Says for every combination of layers who lacks what: everybody, then the profile, then each service.

    A plain object instead of a function inside another, so that it can be sent to a worker.
    """

    layers: LayerTable
    profile: Profile

    def __call__(self, masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Give bool (2 + services, m): row 0 everybody, row 1 the profile, then the services in alphabetical order."""
        missing = [self.layers.missing(masks, service, self.profile) for service in self.layers.services]
        everybody = np.ones(masks.shape, dtype=np.bool_)
        return np.stack([everybody, self.layers.fails(masks, self.profile), *missing])

    def content(self) -> str:
        """Say all that decides who lacks what: some of the profile, and which bit stands for what."""
        deciding = self.profile.model_dump(mode="json", include=set(_DECIDING))
        rules = [deciding[name] for name in _DECIDING]
        return json.dumps(["everybody", rules, [asdict(item) for item in self.layers.items]])


def of_the_profile(cells: FailingCells) -> FailingCells:
    """Take the cells in which anybody fails the profile, without the group that is everybody."""
    failing = cells.failing[:, 1:]
    kept = np.flatnonzero(failing[:, 0] > 0)
    return FailingCells(
        cells.commune[kept], cells.row[kept], cells.col[kept], cells.people[kept], failing[kept]
    )
