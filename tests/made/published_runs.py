"""A run of a small country with pages, and sites made of it.

The fixtures are taken into the ``conftest.py`` of the folders that use them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.sections.publish import Publish
from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.seal import PageForm
from blackspot.maps.pages.store import read_map_data
from blackspot.maps.site.linked import SharedFiles
from blackspot.pipeline import run as pipeline
from four_communes import write_project

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

EVERYTHING = Publish(operators=True, coverage=True)
"""Rules by which all leaves the house."""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the runs of four communes; it has one run, with its pages."""
    project = write_project(tmp_path_factory.mktemp("published"))
    pipeline.run(project, overrides=['map.pages="all"'])
    return project.parent / "out"


@pytest.fixture(scope="module")
def run_folder(out: Path) -> Path:
    """The folder of that run."""
    return (out / "latest").resolve()


@pytest.fixture(scope="module")
def kept(run_folder: Path) -> MapData:
    """What the pages of that run are made of."""
    return read_map_data(run_folder)


def write_linked(data: MapData, folder: Path) -> Path:
    """Write the national page of a country with the files it loads; gives the page."""
    shared = SharedFiles()
    build_pages(data, folder, pages="national", form=PageForm("index.html", shared.finish))
    for path, content in shared.files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    return folder / "index.html"


def links_of(html: str) -> list[str]:
    """Give what a page loads and links to, in its order."""
    return re.findall(r'(?:href|src)="([^"#]+)', html)
