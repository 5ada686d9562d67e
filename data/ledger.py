"""What is known of the inputs of one run besides findings: their hashes, and how they came to WGS 84."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .crs_operation import Operation


@dataclass(slots=True)
class Ledger:
    """Facts about inputs by their path, filled while they are read; all collectors of a run share one.

    Attributes
    ----------
    expected
        SHA-256 of each input when the run looked at it first; a reader refuses an input of another hash.
    operations
        How the coordinates of each input are brought to WGS 84.
    """

    expected: dict[Path, str] = field(default_factory=dict)
    operations: dict[Path, Operation] = field(default_factory=dict)
