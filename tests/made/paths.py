"""Where the repository and the folders of its tests stand, for tests at any depth."""

from __future__ import annotations

from pathlib import Path

MADE = Path(__file__).resolve().parent
"""Modules that several test files share."""

TESTS = MADE.parent
REPOSITORY = TESTS.parent
