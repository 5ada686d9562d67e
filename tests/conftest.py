"""What every test gets: no network, the same examples every time; the real inputs, the national run."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import hypothesis
import pytest

from blackspot.coverage.analysis import Analysis, analyse
from blackspot.coverage.ground import lay_ground
from blackspot.data.exports.csv_file import write_csv
from blackspot.data.exports.published import published
from blackspot.data.findings.collector import Findings
from blackspot.data.input_files import hash_inputs
from blackspot.data.project.load import load_project
from blackspot.data.reading import Inputs, read_inputs
from blackspot.data.runs.manifest import RunFacts
from blackspot.data.submissions.records import record
from blackspot.maps.build import write_pages
from fake_pipeline import FakePipeline, stand_in
from paths import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from blackspot.data.columns.register import Table
    from blackspot.data.project.models import Project

EXAMPLE = REPOSITORY / "examples" / "vietnam" / "blackspot.toml"

hypothesis.settings.register_profile("same", deadline=None, derandomize=True)  # as on every other machine
hypothesis.settings.register_profile(
    "search", deadline=None
)  # other values each time: --hypothesis-profile=search
hypothesis.settings.load_profile("same")


LONG = ("national", "soak", "slow", "browser")
"""Marks of what takes minutes; the longest first."""

MARKS = {"national": "national", "realdata": "realdata", "chromium": "browser"}
"""Fixtures, and the mark of the tests that use them."""


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Set the marks that follow from fixtures; begin with the longest, so that in the end nobody waits for it alone."""
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])

    def place(item: pytest.Item) -> int:
        return next((at for at, mark in enumerate(LONG) if item.get_closest_marker(mark)), len(LONG))

    files = {item.path: place(item) for item in sorted(items, key=place, reverse=True)}
    items.sort(key=lambda item: files[item.path])


class NetworkRefusedError(OSError):
    """A test tried to reach another machine."""


def _is_here(address: Any) -> bool:
    """Say whether a socket address is this machine (a local socket file, or a loopback address)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_here(address):
                raise NetworkRefusedError(f"a test tried to reach {address}")
            return real(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of third-party inputs; the test is skipped where it is absent."""
    folder = Path(os.environ.get("BLACKSPOT_REALDATA") or REPOSITORY / ".." / "shared" / "realdata").resolve()
    if not (folder / "vietnam").is_dir():
        pytest.skip(f"no real inputs at {folder}; set BLACKSPOT_REALDATA")
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Take one process more than there are processors: a third of the time tests wait for programs that they started."""
    may_use = getattr(os, "sched_getaffinity", None)
    return 1 + (len(may_use(0)) if may_use else os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a file, everything national, and each group of files to one worker, so that their fixtures are made once.

    The name of a group, which xdist appends to the names of tests, is not among those that pytest 9.2 gives the scheduler.
    """
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - without xdist this hook is never called

    class GroupsTogether(LoadFileScheduling):  # type: ignore[misc]  # ships no types
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return _group_of(config.rootpath / file) or file

    return GroupsTogether(config, log)


@cache
def _group_of(file: Path) -> str:
    """Read to which group of tests a file belongs; empty for none."""
    source = file.read_text(encoding="utf-8")
    if re.search(r"\bnational(_run)?: ", source):
        return "national"
    named = re.search(r'xdist_group\("(\w+)"\)', source)
    return named[1] if named else ""


class National(NamedTuple):
    """The national example, read and analysed."""

    project: Project
    inputs: Inputs
    analysis: Analysis


@pytest.fixture(scope="session")
def national(realdata: Path) -> National:
    """Read and analyse the national example, cells at the coast counted by their share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLACKSPOT_REALDATA", str(realdata))
        project = load_project(EXAMPLE, ['population.edge_cells="share"', 'population.calibrate="none"'])
    findings, refusals = Findings(), Findings()
    inputs = read_inputs(project, findings, refusals)
    assert () == findings.errors + refusals.errors
    assert inputs is not None
    return National(project, inputs, analyse(inputs, lay_ground(inputs, project), project))


@pytest.fixture(scope="session")
def national_run(national: National, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the national run: the tables its pages are made of, ``communes.csv``, and all pages."""
    project, inputs, analysis = national
    folder = tmp_path_factory.mktemp("national")
    tables: dict[Table, pd.DataFrame] = {
        "communes": analysis.communes,
        "provinces": analysis.provinces,
        "black_spots": analysis.black_spots,
    }
    notice = project.project.notice.text(project.map.language)
    for name, table in tables.items():
        frame = published(table, name, notice)
        write_csv(folder / f"{name}.csv", name, frame)
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    files = hash_inputs(project, Findings(), Findings())
    facts = RunFacts(
        run_id="000001-nation",
        inputs_digest="0" * 64,
        inputs=files,
        layers=inputs.facts_of(files),
        project_file=project.path,
        project_digest=project.digest(),
        profile=project.profile.model_dump(mode="json") | {"digest": project.profile.digest()},
        versions={"blackspot": "test"},
        findings=(),
        figures=analysis.figures,
        title=project.project.title.model_dump(),
        notice=project.project.notice.model_dump(),
        submissions=tuple(record(item, "", project.folder) for item in inputs.deliveries),
    )
    write_pages(folder, project, inputs, analysis, facts, None)
    return folder


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """The fake in the place of the real use cases; words in English."""
    return stand_in(monkeypatch)
