"""The progress of a long step: its receiver, and how the steps of a step share its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Tell: TypeAlias = Callable[[float, str], None]
"""Told the share that is done, from 0 to 1, and what is being done."""
Progress: TypeAlias = Tell | None
"""The receiver of the progress of a step; None where there is none."""


def silent(_share: float, _text: str) -> None:
    """Ignore the progress."""


def stretch(progress: Progress, start: float, end: float, name: str = "") -> Progress:
    """Give a step its own stretch of the line.

    Parameters
    ----------
    progress
        Told how far everything is.
    start, end
        Shares of the line, from 0 to 1.
    name
        What is said to be done, instead of what the step says.

    Returns
    -------
    Progress
        The receiver of the step's progress; None without a receiver.
    """
    if progress is None:
        return None
    return lambda share, text: progress(start + (end - start) * share, name or text)


def in_turn(progress: Progress, seconds: Mapping[str, float]) -> dict[str, Progress]:
    """Share the line among steps that follow each other, as long as each of them takes.

    Parameters
    ----------
    progress
        Told how far everything is.
    seconds
        How long each step takes, measured once; only their proportions count. One of 0 has no stretch.

    Returns
    -------
    dict of str to Progress
        The receiver of each step, in the same order; None for all without a receiver.
    """
    whole, done = sum(seconds.values()), 0.0
    parts: dict[str, Progress] = {}
    for step, length in seconds.items():
        parts[step] = stretch(progress, done / whole, (done + length) / whole)
        done += length
    return parts
