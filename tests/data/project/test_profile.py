"""The rules of a run: their defaults and their digest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

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


@pytest.mark.parametrize(
    ("environments", "classes", "stated", "expected"),
    [
        ((), (), ("", ""), True),
        (("outdoor", "indoor"), (), ("", ""), True),  # who does not say covers outdoors
        (("indoor",), (), ("", ""), False),
        (("outdoor",), (), ("in_vehicle", ""), False),
        ((), ("1",), ("", ""), False),
        ((), ("1", "2"), ("indoor", "2"), True),
        (("indoor",), ("1",), ("indoor", "2"), False),
    ],
)
def test_what_counts_by_environment_and_class(
    environments: tuple[str, ...], classes: tuple[str, ...], stated: tuple[str, str], *, expected: bool
) -> None:
    """Every question must be answered; a plan never counts."""
    profile = Profile.model_validate(
        {"services": ("5g",), "counted_environments": environments, "counted_service_classes": classes}
    )
    environment, service_class = stated
    found = [
        profile.counts(SimpleNamespace(basis=basis, environment=environment, service_class=service_class))
        for basis in ("declared", "planned")
    ]
    assert [expected, False] == found
