"""How a JSON text is nested: which bracket belongs to which, and which key an object stands under."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ARRAY, _OBJECT = ord("["), ord("{")
_DEEPEST = 200  # no layer nests deeper, and most parsers give up before


class Nesting:
    """The nesting of a JSON text without its strings.

    Positions are those in this text; a key ends where the string and the colon after it were taken out.

    Parameters
    ----------
    text
        Everything that stands outside strings.

    Attributes
    ----------
    balanced
        Brackets of both kinds open and close as often, and none closes before it opens.
    records
        How many objects or arrays stand one after the other.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        signs = np.frombuffer(text, dtype=np.uint8)
        self._at = np.flatnonzero((signs | 0x20 == 0x7B) | (signs | 0x20 == 0x7D))  # [ { and ] }
        self._signs = signs[self._at]
        self._opens = self._signs | 0x20 == 0x7B
        steps = np.where(self._opens, 1, -1)
        self._depth = np.cumsum(steps, dtype=np.int32)  # after each bracket
        curly = self._signs & 0x20 != 0
        even = int(steps[curly].sum()) == 0
        self.balanced = even and bool((self._depth >= 0).all()) and bool((self._depth[-1:] == 0).all())
        self.records = int((self._opens & (self._depth == 1)).sum())

    def depth_at(self, position: int) -> int:
        """Say inside how many brackets a position is; the members of the outermost object have depth 1."""
        before = int(np.searchsorted(self._at, position)) - 1
        return int(self._depth[before]) if before >= 0 else 0

    def count_at(self, positions: Sequence[int], depth: int) -> int:
        """Count the positions at a depth."""
        before = np.searchsorted(self._at, np.array(positions, dtype=np.int64)) - 1
        return int((self._depth[before[before >= 0]] == depth).sum())

    def objects_in_array(self, position: int) -> int:
        """Count the objects that the array after a position holds; 0 where no array follows."""
        first = int(np.searchsorted(self._at, position))
        if first == len(self._at) or self._signs[first] != _ARRAY:
            return 0
        closing = first + int(np.argmax(self._depth[first:] < self._depth[first]))
        inside = slice(first + 1, closing)
        begins = (self._signs[inside] == _OBJECT) & (self._depth[inside] == self._depth[first] + 1)
        return int(begins.sum())

    def stand_under(self, positions: Sequence[int], keys: Sequence[int]) -> list[bool]:
        """Say of positions whether the objects around them stand under certain keys only, up to the outermost one.

        Parameters
        ----------
        positions
            Ascending.
        keys
            Where the keys end, ascending. Members of an array have no key of their own.

        Returns
        -------
        list of bool
            True also where only the outermost object is around a position, and where there are too many to tell.
        """
        known = np.array(keys, dtype=np.int64)
        before = np.searchsorted(self._at, np.array(positions, dtype=np.int64))
        depth = np.where(before > 0, self._depth[before - 1], 0)
        good = np.ones(len(before), dtype=bool)
        opening = np.flatnonzero(self._opens)
        order = opening[np.argsort(self._depth[opening], kind="stable")]
        levels = self._depth[order]
        outer = np.zeros(0, dtype=np.int64)
        for level in range(1, min(int(depth.max(initial=0)), _DEEPEST) + 1):
            here = order[slice(*np.searchsorted(levels, (level, level + 1)))]
            inner = here[np.maximum(np.searchsorted(here, before) - 1, 0)]
            if level > 1:
                asked = np.flatnonzero((depth >= level) & (depth <= _DEEPEST) & good)
                good[asked] = self._have_key(inner[asked], outer[asked], known)
            outer = inner
        return good.tolist()

    def _have_key(
        self, inner: NDArray[np.int64], outer: NDArray[np.int64], keys: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Say which brackets stand under one of the keys, or in an array, by the brackets around them."""
        single, where = np.unique(inner, return_inverse=True)
        at = self._at[single]
        last = np.searchsorted(keys, at, side="right") - 1
        starts = keys[last] if len(keys) else at
        found = last >= 0
        for number in np.flatnonzero(found & (starts < at)).tolist():
            found[number] = not self._text[int(starts[number]) : int(at[number])].strip()
        answer: NDArray[np.bool_] = found[where] | (self._signs[outer] == _ARRAY)
        return answer
