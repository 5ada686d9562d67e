"""The rules of a run: their defaults and their digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot.data.project.load import load_project
from blackspot.data.project.profile import Profile
from project_files import SMALL, write_project

if TYPE_CHECKING:
    from pathlib import Path


def test_the_digest_names_the_rules_and_nothing_else() -> None:
    """Same rules, same digest; any other rule, another one; 64 hex digits."""
    profile = Profile(services=("5g",))
    assert Profile(services=("5g",), gap="all").digest() == profile.digest()
    assert Profile(services=("5g",), gap="any").digest() != profile.digest()
    assert Profile(services=("5g",), min_people=51.0).digest() != profile.digest()
    assert len(bytes.fromhex(profile.digest())) == 32


def test_the_digest_does_not_depend_on_how_a_number_is_written(tmp_path: Path) -> None:
    """50 and 50.0 are the same rule."""
    digests = {
        load_project(write_project(tmp_path, SMALL), [f"profile.min_people={value}"]).profile.digest()
        for value in ("50", "50.0", "5e1")
    }
    assert len(digests) == 1
