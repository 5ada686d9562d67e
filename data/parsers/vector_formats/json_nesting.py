"""How a JSON text is nested: which bracket belongs to which, and which key an object stands under."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
        found: dict[tuple[int, ...], bool] = {}
        answers = []
        for around in self._around(np.array(positions, dtype=np.int64)):
            if around not in found:
                found[around] = all(self._has_key(inner, outer, known) for outer, inner in pairwise(around))
            answers.append(found[around])
        return answers

    def _has_key(self, inner: int, outer: int, keys: NDArray[np.int64]) -> bool:
        if self._signs[outer] == _ARRAY:
            return True
        at = int(self._at[inner])
        last = int(np.searchsorted(keys, at, side="right")) - 1
        return last >= 0 and not self._text[int(keys[last]) : at].strip()

    def _around(self, positions: NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
        """Give the brackets that are open at each position, the outermost first."""
        opened: list[int] = []
        done = 0
        for end in np.searchsorted(self._at, positions).tolist():
            for bracket in self._unclosed(done, end):
                if bracket >= 0:
                    opened.append(bracket)
                else:
                    opened.pop()
            done = end
            yield tuple(opened) if len(opened) <= _DEEPEST else ()

    def _unclosed(self, start: int, end: int) -> Iterator[int]:
        """Give what a stretch of brackets leaves: -1 for each that closes one from before, then those left open."""
        if start == end:
            return
        depth = self._depth[start:end]
        before = int(depth[0]) - (1 if self._opens[start] else -1)
        yield from [-1] * (before - min(before, int(depth.min())))
        least_after = np.minimum.accumulate(depth[::-1])[::-1]
        left_open = self._opens[start:end] & (least_after == depth)
        yield from (start + np.flatnonzero(left_open)).tolist()
