"""Ground that layers share, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.burn.spans import Spans, merge
from blackspot.coverage.plausibility.sampled_ground import overlaps

if TYPE_CHECKING:
    from blackspot.errors import Finding
    from blackspot.maps.summary.report import RunReport


def of(report: RunReport, code: str) -> list[Finding]:
    return [item for item in report.findings if item.code == code]


stretches = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 9)), min_size=0, max_size=8
)


def spans(drawn: list[tuple[int, int, int]]) -> Spans:
    line, start, length = (np.array([one[at] for one in drawn], dtype=np.int32) for at in range(3))
    return merge(line, start, start + length)


@given(stretches, stretches)
def test_overlaps_are_those_counted_unit_by_unit(
    one: list[tuple[int, int, int]], two: list[tuple[int, int, int]]
) -> None:
    """Whatever the layers, each span shares as many units as a set of units says."""
    layer, other = spans(one), spans(two)
    units = {
        (line, x) for line, x0, x1 in zip(layer.line, layer.x0, layer.x1, strict=True) for x in range(x0, x1)
    }
    expected = [
        sum((line, x) in units for x in range(x0, x1))
        for line, x0, x1 in zip(other.line, other.x0, other.x1, strict=True)
    ]
    assert expected == overlaps(layer, other).tolist()
