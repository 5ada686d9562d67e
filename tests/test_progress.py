"""The line of progress: steps of steps share it, and nobody has to look at it."""

from __future__ import annotations

from blackspot.progress import in_turn, silent, stretch


def test_a_step_has_its_own_stretch_of_the_line() -> None:
    """From its start to its end, also inside another stretch, under its own words or a name."""
    told: list[tuple[float, str]] = []
    whole = stretch(lambda share, text: told.append((share, text)), 0.5, 1.0)
    inner = stretch(whole, 0.5, 1.0, "4g")
    assert whole is not None
    assert inner is not None
    whole(0.0, "laying")
    inner(0.5, "laying")
    assert [(0.5, "laying"), (0.875, "4g")] == told


def test_nobody_is_told_where_nobody_asks() -> None:
    """A stretch of nothing is nothing, and silence takes anything."""
    assert stretch(None, 0.0, 1.0) is None
    assert silent(0.5, "laying") is None  # type: ignore[func-returns-value]


def test_steps_share_the_line_as_long_as_each_takes() -> None:
    """In their order, without gaps, the last ends at the end; a step of no time has no stretch."""
    told: list[float] = []
    parts = in_turn(lambda share, _: told.append(round(share, 6)), {"a": 3.0, "none": 0.0, "b": 1.0})
    for name, part in parts.items():
        assert part is not None, name
        for share in (0.0, 0.5, 1.0):
            part(share, "")
    assert [0.0, 0.375, 0.75, 0.75, 0.75, 0.75, 0.75, 0.875, 1.0] == told
    assert {"a": None} == in_turn(None, {"a": 1.0})
