"""How long the steps of a run take."""

from __future__ import annotations

import pytest

from blackspot.pipeline.writing import seconds_of_steps, seconds_of_writing


@pytest.mark.parametrize("has_worker", [False, True])
def test_what_is_written_is_part_of_the_whole(*, has_worker: bool) -> None:
    """Without maps writing is short, and what an earlier run kept shortens the rest."""
    for pages in ("all", "national", "provinces", "none"):
        first, again = (
            seconds_of_steps(pages, is_again=is_again, has_worker=has_worker) for is_again in (False, True)
        )
        assert sum(seconds_of_writing(pages, has_worker=has_worker).values()) == pytest.approx(
            first["writing"]
        )
        assert list(first) == list(again)
        assert sum(again.values()) < sum(first.values())
    assert 0.0 == seconds_of_writing("none")["maps"]
    assert seconds_of_writing("national")["maps"] < seconds_of_writing("all")["maps"]


def test_a_worker_writes_while_pages_are_drawn() -> None:
    """Nothing is waited for then; without pages, or without a worker, what people open takes its time."""
    assert 0.0 == seconds_of_writing("all", has_worker=True)["for_people"]
    assert 0.0 < seconds_of_writing("all")["for_people"]
    assert 0.0 < seconds_of_writing("none", has_worker=True)["for_people"]
