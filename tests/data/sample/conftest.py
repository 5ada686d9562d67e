"""The sample project, made once for all tests of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sample_project import Made, inputs_of, make_sample

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.reading import Inputs
    from blackspot.data.sample.country import SampleCountry


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The sample project; nobody changes it."""
    return make_sample(tmp_path_factory.mktemp("sample") / "new" / "folder")


@pytest.fixture(scope="session")
def sample(made: Made) -> Path:
    """Its folder."""
    return made.folder


@pytest.fixture(scope="session")
def country(made: Made) -> SampleCountry:
    """The country it was made of."""
    return made.country


@pytest.fixture(scope="session")
def inputs(sample: Path) -> Inputs:
    """What a run reads of it."""
    return inputs_of(sample)
