"""The line of progress: steps of steps share it, and nobody has to look at it."""

from __future__ import annotations

from blackspot.progress import silent, stretch


def test_a_step_has_its_own_stretch_of_the_line() -> None:
    """From its start to its end, also inside another stretch, under its own words or a name."""
    told: list[tuple[float, str]] = []
    whole = stretch(lambda share, text: told.append((share, text)), 0.5, 1.0)
    inner = stretch(whole, 0.5, 1.0, "4g")
    assert whole is not None
    assert inner is not None
    whole(0.0, "burn")
    inner(0.5, "burn")
    assert [(0.5, "burn"), (0.875, "4g")] == told


def test_nobody_is_told_where_nobody_asks() -> None:
    """A stretch of nothing is nothing, and silence takes anything."""
    assert stretch(None, 0.0, 1.0) is None
    assert silent(0.5, "burn") is None  # type: ignore[func-returns-value]
