"""A small country for tests of the whole job."""

from __future__ import annotations

from four_communes import project

__all__ = ["project"]  # a fixture of this folder
