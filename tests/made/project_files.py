"""What the tests of the project file share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.load import load_project
from blackspot.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
[communes]
path = "communes.gpkg"

[population]
path = "people.tif"

[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "a.gpkg"

[profile]
services = ["5g"]
"""


def write_project(folder: Path, text: str) -> Path:
    path = folder / "blackspot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str, *overrides: str) -> tuple[str, ...]:
    with pytest.raises(ProjectError) as caught:
        load_project(write_project(folder, text), overrides)
    return caught.value.problems
