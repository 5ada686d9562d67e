"""A run of a small country."""

from __future__ import annotations

from published_runs import out, run_folder

__all__ = ["out", "run_folder"]  # fixtures of this folder
