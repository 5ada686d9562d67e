"""Memory that was freed goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from blackspot.coverage.overlay.memory import give_back


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc is asked")
def test_what_was_freed_between_what_is_used_goes_back() -> None:
    """Of 200 MB in pieces of 100 kB all but every hundredth are freed: most of it is no longer held."""

    def held_mb() -> float:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6

    pieces: list[np.ndarray | None] = [np.ones(100_000, np.uint8) for _ in range(2_000)]
    before = held_mb()
    pieces = [piece if number % 100 == 99 else None for number, piece in enumerate(pieces)]
    give_back()
    assert sum(piece is not None for piece in pieces) == 20
    assert held_mb() < before - 100
