"""How long the steps of a run take."""

from __future__ import annotations

import pytest

from blackspot.pipeline.writing import seconds_of_steps, seconds_of_writing


def test_what_is_written_is_part_of_the_whole() -> None:
    """Without maps writing is short, and what an earlier run kept shortens the rest."""
    for pages in ("all", "national", "provinces", "none"):
        first, again = (seconds_of_steps(pages, is_again=is_again) for is_again in (False, True))
        assert sum(seconds_of_writing(pages).values()) == pytest.approx(first["writing"])
        assert list(first) == list(again)
        assert sum(again.values()) < sum(first.values())
    assert 0.0 == seconds_of_writing("none")["maps"]
    assert seconds_of_writing("national")["maps"] < seconds_of_writing("all")["maps"]
