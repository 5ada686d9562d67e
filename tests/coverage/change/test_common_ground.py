"""Ground that communes of two kinds have in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.burn.spans import Spans
from blackspot.coverage.change.common_ground import common_ground


def spans(*pieces: tuple[int, int, int, int]) -> Spans:
    """Line, start, end, owner of each."""
    line, x0, x1, owner = (
        np.array(column, np.int32) for column in (zip(*pieces, strict=True) if pieces else [[]] * 4)
    )
    return Spans(line, x0, x1, owner)


def test_cut_up() -> None:
    """An older commune across two newer ones, and a piece beyond them."""
    found = common_ground(
        spans((0, 0, 10, 0), (1, 0, 10, 1)), spans((0, 2, 5, 0), (0, 5, 8, 1), (1, 0, 99, 1))
    )
    pairs = [
        (int(found.old[pair]), int(found.new[pair]), int(line), int(x0), int(x1))
        for line, x0, x1, pair in zip(
            found.spans.line, found.spans.x0, found.spans.x1, found.spans.owner, strict=True
        )
    ]
    assert [(0, -1, 0, 0, 2), (0, 0, 0, 2, 5), (0, 1, 0, 5, 8), (0, -1, 0, 8, 10), (1, 1, 1, 0, 10)] == pairs


def test_nothing_in_common() -> None:
    """No newer communes, no older ones, and spans of a layer."""
    assert [-1] == common_ground(spans((0, 0, 10, 0)), spans()).new.tolist()
    assert 0 == len(common_ground(spans(), spans((0, 0, 10, 0))).spans)
    with pytest.raises(ValueError, match="owners"):
        common_ground(Spans(*(np.zeros(0, np.int32) for _ in range(3))), spans())


cuts = st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True).map(sorted)


@given(cuts, cuts)
def test_no_ground_is_lost(old: list[int], new: list[int]) -> None:
    """What the older communes had, the pairs have."""
    mine = spans(*((0, a, b, at) for at, (a, b) in enumerate(zip(old[::2], old[1::2], strict=False))))
    theirs = spans(*((0, a, b, at) for at, (a, b) in enumerate(zip(new[::2], new[1::2], strict=False))))
    found = common_ground(mine, theirs)
    length = found.spans.x1 - found.spans.x0
    assert found.spans.owner is not None
    assert int((mine.x1 - mine.x0).sum()) == int(length.sum())
    both = set(range(41)) & {x for a, b in zip(theirs.x0, theirs.x1, strict=True) for x in range(a, b)}
    here = {x for a, b in zip(mine.x0, mine.x1, strict=True) for x in range(a, b)}
    assert len(both & here) == int(length[found.new[found.spans.owner] >= 0].sum())
