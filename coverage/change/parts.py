"""Why a number moved: the change of the people without something, divided exactly among its causes.

Each cell of a commune has the people and the share without of either run. Where one cause alone touches a cell, that
share turns from the older to the newer one with it, and nothing is assumed. Where several do, what covers whom in between
follows from the layers (see :mod:`.states`); what their nested parts and the published count differ by turns with these
causes in equal steps. So with no cause the number is that of the older run, with all of them that of the newer one, and
the Shapley value of the states in between adds up to the published change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import pandas as pd

from .cell_shares import WHOLE
from .comparison import PART_CAUSES, Part
from .flows import LEAST_PEOPLE, NOISE_PEOPLE, NOISE_SHARE
from .lacking_cells import PROFILE
from .matching import OUTSIDE
from .shapley import shapley
from .states import MOST_LAYERS, NOT_KNOWN, lacks, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .causes import Causes
    from .comparison import PartCause
    from .matching import LayerStates, MatchedCells, Side
    from .states import CellStretches

    Player = tuple[PartCause, ...]
    Layer = tuple[str, str]

_NOBODY: Final = 1e-9  # people of a cell: fewer are rounding


@dataclass(frozen=True, slots=True)
class Divided:
    """The change of one group of people.

    Attributes
    ----------
    players
        The causes; those that cannot be told apart stand together.
    people
        float64 (causes, communes): how many more people are without.
    """

    players: tuple[Player, ...]
    people: NDArray[np.float64]

    def parts(self, group: str, without: float) -> tuple[Part, ...]:
        """Add up the country, in which so many people are without."""
        noise = max(NOISE_PEOPLE, NOISE_SHARE * without)
        sums = self.people.sum(axis=1)
        return tuple(
            Part(player, group, float(one) + 0.0, bool(abs(one) < noise))
            for player, one in zip(self.players, sums, strict=True)
        )

    def by_commune(self, codes: NDArray[np.object_], least: float) -> pd.DataFrame:
        """Give ``code``, ``cause`` and ``people`` of every part of a commune that is at least so large."""
        at = np.argwhere(np.abs(self.people.T) >= least)
        names = np.array(["+".join(player) for player in self.players], object)
        return pd.DataFrame(
            {"code": codes[at[:, 0]], "cause": names[at[:, 1]], "people": self.people.T[at[:, 0], at[:, 1]]}
        )


def divide(
    cells: MatchedCells,
    causes: Causes,
    group: str,
    published: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Divided | None:
    """Divide the change of one group among its causes, commune by commune.

    Parameters
    ----------
    cells
        The cells of both runs.
    causes
        What can have moved a number.
    group
        A service, or ``profile``.
    published
        float64 (communes,) of both runs, in the order of ``cells.codes``: people without; 0 where a commune is not in a run
        or its people are not known.

    Returns
    -------
    Divided or None
        None where the layers are too many.
    """
    layers = _layers_of(cells, causes, group)
    if len(layers) > MOST_LAYERS:
        return None
    game = _Game.of(cells, causes, group, layers)
    parts = shapley(game.worth())
    return Divided(game.players, _to_the_published(parts, published[1] - published[0]))


def _to_the_published(parts: NDArray[np.float64], change: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let the parts of each commune add up to its published change.

    What is missing (sums of cells are kept in 32 bits, edges move by less than a share can say) is divided like the rest of
    the commune; where nothing moved in its cells, like the country.
    """
    weight = np.abs(parts)
    country = weight.sum(axis=1, keepdims=True)
    if not country.any():
        country = np.ones_like(country)
    weight = np.where(weight.any(axis=0), weight, country)
    divided: NDArray[np.float64] = parts + (change - parts.sum(axis=0)) * (weight / weight.sum(axis=0))
    return divided


def _layers_of(cells: MatchedCells, causes: Causes, group: str) -> list[Layer]:
    services = {group}
    if group == PROFILE:
        services = {one for rules in causes.rules for one in (*rules.services, *rules.basic_services)}
    every = cells.before.layers.keys() | cells.after.layers.keys()
    return sorted((layer for layer in every if layer[1] in services), key=lambda one: (one[1], one[0]))


@dataclass(frozen=True)
class _Game:
    """The number as a function of the causes that have come about.

    ``touched`` bool (causes, cells) says which causes change anything in a cell. Cells that none
    touches are the same in every state.
    """

    cells: MatchedCells
    sides: tuple[Side, Side]
    causes: Causes
    group: str
    layers: list[Layer]
    players: tuple[Player, ...]
    touched: NDArray[np.bool_]

    @classmethod
    def of(cls, cells: MatchedCells, causes: Causes, group: str, layers: list[Layer]) -> _Game:
        """Find the causes that can have to do with the group, and the cells they touch."""
        sides = cells.before, cells.after
        touched: dict[Player, NDArray[np.bool_]] = {}

        def touch(player: Player, where: NDArray[np.bool_]) -> None:
            touched[player] = where | touched[player] if player in touched else where

        for layer in layers:
            if layer in causes.unchanged:
                continue
            reports, covers = _touches(sides, layer, causes)
            if layer in causes.may_cover_more:
                touch((causes.of_layer(layer),), covers)
            if reports.any():
                touch((_reported(causes, layer),), reports)
        nowhere = np.zeros(len(cells.before.people), bool)
        if group == PROFILE and causes.rules_differ:
            touch(("rules",), ~nowhere)
        if causes.ground:  # who is counted where, and so which part of a cell
            touch(causes.ground, ~np.logical_or.reduce([nowhere, *touched.values()]))
        if not touched:
            touch(causes.possible[:1], nowhere)
        players = sorted(touched, key=lambda player: tuple(map(PART_CAUSES.index, player)))
        table = np.stack([touched[player] for player in players])
        return cls(cells, sides, causes, group, layers, tuple(players), table)

    def worth(self) -> NDArray[np.float64]:
        """Give the people without in each state, float64 (2^causes, communes)."""
        count = self.touched.sum(axis=0)
        several = np.flatnonzero(count > (1 if self._is_by_any else 0))
        cut = stretches(self.sides, self.layers, several)
        share = [self._share_without(side, other) for side, other in (self.sides, self.sides[::-1])]
        modelled = [self._covered(cut, state) for state in (0, -1)]
        rest = []
        for at, one in enumerate(modelled):
            without = np.bincount(cut.row, one * cut.share, len(count))
            rest.append(share[at] - without if self._is_by_any else np.zeros(len(count)))
        worth = [
            self._people(state, self._turned(state, rest), cut, self._covered(cut, state))
            for state in range(1 << len(self.players))
        ]
        return np.stack(worth)

    @property
    def _is_by_any(self) -> bool:
        """Whether the cells hold who is published as lacking a service: they hold who lacks it by the operator rule."""
        return self.group == PROFILE or all(rules.operator_rule == "any" for rules in self.causes.rules)

    def _share_without(self, side: Side, other: Side) -> NDArray[np.float64]:
        """Give the share of a cell's people without; that of the other run where nobody lives."""
        shares = []
        for one in (side, other):
            there = one.people > _NOBODY
            with_people = np.divide(
                one.lacking[self.group], one.people, out=np.zeros(len(there)), where=there
            )
            shares.append((there, with_people))
        (lived, mine), (_, theirs) = shares
        return np.where(lived, mine, theirs)

    def _covered(self, cut: CellStretches, state: int) -> NDArray[np.bool_]:
        """Say for each stretch whether people there are without when some causes have come about."""
        come = {player for at, player in enumerate(self.players) if state >> at & 1}
        mixed = np.empty_like(cut.before)
        for at, layer in enumerate(self.layers):
            old, new = cut.before[:, at], cut.after[:, at]
            reported = (
                (old == NOT_KNOWN) != (new == NOT_KNOWN) if layer in self._both else np.ones(len(old), bool)
            )
            by_report = (_reported(self.causes, layer),) in come and layer not in self.causes.unchanged
            by_itself = (self.causes.of_layer(layer),) in come and layer in self.causes.may_cover_more
            mixed[:, at] = np.where(np.where(reported, by_report, by_itself), new, old)
        rules = self.causes.rules[("rules",) in come]
        return lacks(mixed, self.layers, self.group, rules)[cut.states]

    @property
    def _both(self) -> set[Layer]:
        return self.sides[0].layers.keys() & self.sides[1].layers.keys()

    def _turned(self, state: int, rest: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Turn what does not follow from the layers with the causes that touch the cell, in equal steps."""
        come = np.array([state >> at & 1 for at in range(len(self.players))], float)
        share = come @ self.touched / np.maximum(1, self.touched.sum(axis=0))
        turned: NDArray[np.float64] = rest[0] + (rest[1] - rest[0]) * share
        return turned

    def _people(
        self, state: int, rest: NDArray[np.float64], cut: CellStretches, without: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Count the people without, by commune."""
        ground = self.causes.ground
        side = self.sides[bool(ground) and bool(state >> self.players.index(ground) & 1)]
        here = np.flatnonzero(side.commune != OUTSIDE)
        count = len(self.cells.codes)
        people = np.bincount(side.commune[here], (side.people * rest)[here], count).astype(np.float64)
        row = cut.row
        inside = without & (side.commune[row] != OUTSIDE)
        people += np.bincount(side.commune[row[inside]], side.people[row[inside]] * cut.share[inside], count)
        return people


def _reported(causes: Causes, layer: Layer) -> PartCause:
    """Say what it is where a layer comes to be known, or is not any more."""
    return "rules" if layer in causes.by_rules else "reported"


def _touches(
    sides: tuple[Side, Side], layer: Layer, causes: Causes
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say in which cells more or less is known of a layer, and in which it covers other ground of what is known."""
    old, new = (side.layers.get(layer) for side in sides)
    if old is None or new is None:
        only = cast("LayerStates", old or new)
        counts = any(rules.operator_rule != "any" for rules in causes.rules)  # one operator more must cover
        there = (only.covered > 0) | (only.unknown > 0) | counts
        return there, np.zeros(len(there), bool)
    known = WHOLE - np.maximum(old.unknown, new.unknown)
    covers = np.minimum(old.covered, known) != np.minimum(new.covered, known)
    return old.unknown != new.unknown, covers


def why(
    tables: tuple[pd.DataFrame, pd.DataFrame],
    groups: Sequence[str],
    cells: MatchedCells | None,
    causes: Causes | None,
) -> tuple[tuple[Part, ...], pd.DataFrame]:
    """Say why the people without each service, and those who fail the profile, have become more or fewer.

    Parameters
    ----------
    tables
        Commune tables of the two runs: ``code`` and the published columns.
    groups
        ``profile`` and services.
    cells
        The cells of both runs; None where they are not known, or not the same.
    causes
        What can have moved a number; None where that is not known.

    Returns
    -------
    tuple
        The parts of the country, and of each commune: ``code``, ``service``, ``cause``, ``people``, without rows of less
        than half a person. Where nothing tells the causes apart, they stand together.
    """
    parts: list[Part] = []
    rows = []
    for group in groups:
        published = [_published(table, group) for table in tables]
        every = published[0].index.union(published[1].index) if cells is None else pd.Index(cells.codes)
        before, after = (
            one.reindex(every, fill_value=0.0).to_numpy().astype(np.float64) for one in published
        )
        found = None
        if cells is not None and causes is not None and _is_kept(cells, group):
            found = divide(cells, causes, group, (before, after))
        if found is None:
            together = PART_CAUSES if causes is None else causes.possible
            found = Divided((together,), (after - before)[np.newaxis])
        parts += found.parts(group, max(before.sum(), after.sum()))
        table = found.by_commune(every.to_numpy(object), LEAST_PEOPLE)
        table.insert(1, "service", group)
        rows.append(table)
    return tuple(parts), pd.concat(rows, ignore_index=True)


def _published(table: pd.DataFrame, group: str) -> pd.Series[float]:
    """Give the people without, by code; nobody where that is not known, as in the sums of the country."""
    name = "pop_failing" if group == PROFILE else f"pop_uncovered_{group}"
    return pd.Series(table[name].to_numpy(float), pd.Index(table["code"], dtype=object)).fillna(0.0)


def _is_kept(cells: MatchedCells, group: str) -> bool:
    return group in cells.before.lacking and group in cells.after.lacking
