"""Measure whole runs, stage by stage: a first one, and each after something has changed.

``python benchmarks/whole_run.py`` runs the national example on a copy of the real inputs; where these are absent, or with
``--sample``, the sample country of the demonstration; ``--workload DIR`` runs what ``workload.py`` wrote there. Every run is a process of its own, in one output folder:

first
    Nothing is kept.
nothing new
    The same again.
rule
    Black spots of fewer people are kept.
rule, national page
    Of still fewer, and only the page of the country is drawn.
variant
    Of still fewer, as a variant without pages, as planners compare them: it has no workbook.
ten variants
    Ten more of these, one after the other, each with another limit: their seconds together.
coverage file
    One operator leaves out every fiftieth of its features.
commune file
    One commune is drawn with fewer vertices.

Beside them stands the floor: a process that decodes the same files, without a single check, and writes as many bytes as
the first run left in its folder. Wall time and CPU time (all processes), and the peak of memory of all processes
together (proportional set size, looked at twice a second) are medians of ``--calls`` rounds; ratios are taken within
a round. Stages are timed inside the process of the run; ``rest`` is what none of them is, such as starting Python.

``--pages`` says which pages are written, ``--set KEY=VALUE`` changes a key of the project file for all runs. Linux only.
"""

# ruff: noqa: PLC0415 - the process of a run must not load what only the other ones need

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "vietnam" / "blackspot.toml"
SCENARIOS: dict[str, dict[str, Any]] = {
    "first": {},
    "nothing new": {},
    "rule": {"least": 40},
    "rule, national page": {"least": 30, "pages": "national"},
    "variant": {"least": 20, "pages": "none", "variant": "least-20"},
    "ten variants": {"least": 19, "pages": "none", "variant": "least", "times": 10},
    "coverage file": {},
    "commune file": {},
}
"""What differs from a run of the project as it stands."""

STAGES = {
    "hashing": "pipeline.run.receive",
    "reading": "pipeline.run.read_inputs",
    "ground": "coverage.ground.lay_ground",
    "judging": "pipeline.judge.judge",
    "counting": "coverage.analysis.count",
    "setting": "coverage.analysis.setting_of",
    "black spots": "coverage.analysis.black_spots_and_cells",
    "ranking": "coverage.analysis.rank",
    "certainty": "coverage.analysis.with_certainty",
    "tables": "data.exports.write.begin_outputs",
    "cells": "coverage.people.cell_bits.write_cell_bits",
    "lacking cells": "coverage.change.lacking_cells.write_lacking_cells",
    "maps": "maps.build.write_pages",
    "publishing": "pipeline.run._publish",
}
_WORKLOAD = """
[communes]
path = "communes.gpkg"
columns = { type = "" }
[population]
path = "population.tif"
[profile]
services = ["4g", "5g", "fibre"]
mobile_service = "5g"
fibre_service = "fibre"
"""
_LEFT_OUT = 50  # every so many features of the coverage file
_TICK_S = 0.5  # a look at the pages of a large process takes a hundredth of a second
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_MIB = 1 << 20


class Measured(NamedTuple):
    """One run: seconds and MiB, and the wall and CPU seconds of each stage."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    stages: Mapping[str, Sequence[float]]


class Case(NamedTuple):
    """A project on files of its own, and which of these are replaced."""

    project: Path
    inputs: Path
    coverage: Path
    communes: Path


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sample", action="store_true", help="the sample country instead of the national one"
    )
    parser.add_argument("--workload", type=Path, help="a folder that workload.py wrote")
    parser.add_argument("--calls", type=int, default=5, help="rounds")
    parser.add_argument("--pages", default="all", choices=("all", "national", "provinces", "none"))
    parser.add_argument(
        "--only",
        nargs="*",
        default=list(SCENARIOS),
        choices=list(SCENARIOS),
        help="runs; the first is always made",
    )
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="overrides")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--floor", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(_run(json.loads(chosen.one))))
        return
    if chosen.floor:
        _floor(json.loads(chosen.floor))
        return
    rounds = []
    for number in range(chosen.calls):
        with tempfile.TemporaryDirectory(prefix="whole-run-") as folder:
            rounds.append(_round(Path(folder), chosen))
        print(f"round {number + 1} of {chosen.calls} is done", file=sys.stderr)
    print(_table(rounds))


def _round(folder: Path, chosen: argparse.Namespace) -> dict[str, Measured]:
    """Run every scenario once, one after the other in one output folder."""
    from inputs import REALDATA

    if chosen.workload is not None:
        case = workload_case(folder, chosen.workload)
    elif chosen.sample or not (REALDATA / "vietnam").is_dir():
        case = _sample(folder)
    else:
        case = _national(folder, REALDATA)
    out = folder / "out"
    asked: dict[str, Any] = {"project": str(case.project), "pages": chosen.pages}
    overrides = [f"project.out={json.dumps(str(out))}", *chosen.overrides]
    files = [str(path) for path in sorted(case.inputs.rglob("*")) if path.is_file()]
    found: dict[str, Measured] = {}
    for name, differs in SCENARIOS.items():
        if name not in {"first", *chosen.only}:
            continue
        if name == "coverage file":
            _leave_out(case.coverage)
        if name == "commune file":
            _draw_anew(case.communes)
        stages = (
            [] if name == "nothing new" else list(STAGES)
        )  # it would import what such a run never asks for
        each = [
            measured(
                "--one", asked | changed | {"overrides": overrides + more, "stages": stages}, case.inputs
            )
            for changed, more in _changes(differs)
        ]
        found[name] = _together(each)
        if name == "first":
            run = next(path for path in (out / "runs").iterdir() if path.is_dir())
            size = sum(path.stat().st_size for path in run.rglob("*") if path.is_file())
            about = {"files": files, "bytes": size, "to": str(folder / "written")}
            found["floor"] = measured("--floor", about, case.inputs)
    return found


def _changes(differs: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Say for every run of a scenario what it is asked besides, and which keys of its project differ."""
    for number in range(differs.get("times", 1)):
        changed = dict(differs)
        if "times" in differs:
            changed["variant"] = f"{differs['variant']}-{number}"
        least = [f"profile.min_people={differs['least'] - number}"] if "least" in differs else []
        yield changed, least


def _together(runs: Sequence[Measured]) -> Measured:
    """Add up the seconds of runs one after the other; of their peaks the highest counts."""
    stages: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for run in runs:
        for name, taken in run.stages.items():
            stages[name] = [sum(pair) for pair in zip(stages[name], taken, strict=True)]
    return Measured(
        sum(run.wall_s for run in runs),
        sum(run.cpu_s for run in runs),
        max(run.peak_mib for run in runs),
        stages,
    )


def _national(folder: Path, real: Path) -> Case:
    """Give the national example copies of the real inputs."""
    inputs = folder / "inputs"
    for name in ("vietnam", "scenario"):
        shutil.copytree(real / name, inputs / name)
    communes = inputs / "vietnam" / "communes_2026-07_full.parquet"
    return Case(EXAMPLE, inputs, inputs / "scenario" / "saomai_5g.gpkg", communes)


def _sample(folder: Path) -> Case:
    """Make the sample country."""
    from blackspot.data.sample.write import write_sample

    project = write_sample(folder / "inputs")
    inputs = project.parent
    return Case(project, inputs, inputs / "sample_sao_mau_4g.gpkg", inputs / "sample_communes.gpkg")


def workload_case(folder: Path, made: Path) -> Case:
    """Write a project of the made-up country, on copies of the files that are replaced."""
    import geopandas as gpd
    from workload import LAYERS

    inputs = folder / "inputs"
    inputs.mkdir()
    for name in ("population.tif", *(f"{layer}.gpkg" for layer in LAYERS)):
        shutil.copy(made / name, inputs / name)
    communes = gpd.read_file(made / "communes.gpkg")
    named = communes.assign(name="Commune " + communes["code"], province_code=communes["code"].str[:2])
    named.to_file(inputs / "communes.gpkg", layer="communes")
    submissions = [
        f'[[submissions]]\noperator = "Operator {layer[0]}"\nservice = "{layer.partition("_")[2] or layer}"\n'
        f'path = "{layer}.gpkg"\n'
        for layer in LAYERS
    ]
    project = inputs / "blackspot.toml"
    project.write_text("\n".join([_WORKLOAD, *submissions]), encoding="utf-8")
    return Case(project, inputs, inputs / "a_5g.gpkg", inputs / "communes.gpkg")


def _leave_out(path: Path) -> None:
    """Replace a coverage file by one without some of its features."""
    import pyogrio

    frame, layer = pyogrio.read_dataframe(path), pyogrio.list_layers(path)[0][0]
    kept = frame[[number % _LEFT_OUT != 1 for number in range(len(frame))]]
    path.unlink()
    pyogrio.write_dataframe(kept, path, layer=layer)


def _draw_anew(path: Path) -> None:
    """Replace the file of the communes by one in which a commune has fewer vertices."""
    import geopandas as gpd
    import pyogrio
    import shapely

    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else pyogrio.read_dataframe(path)
    shapes = frame.geometry.to_numpy().copy()
    shapes[0] = shapely.simplify(shapes[0], 1e-5)
    path.unlink()
    drawn = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
    drawn.to_parquet(path) if path.suffix == ".parquet" else drawn.to_file(path)


def measured(what: str, asked: Mapping[str, Any], inputs: Path) -> Measured:
    """Let a process do one thing, and look at it and its children until it ends."""
    command = [sys.executable, __file__, what, json.dumps(asked)]
    begun = time.monotonic()
    environment = os.environ | {"BLACKSPOT_REALDATA": str(inputs)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, env=environment, cwd=HERE)
        peak, status = 0, None
        while status is None:
            peak = max(peak, sum(map(_proportional_bytes, _family(process.pid))))
            time.sleep(_TICK_S)
            pid, code, used = os.wait4(process.pid, os.WNOHANG)
            status = code if pid else None
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{what} ended with {process.returncode}")
        said.seek(0)
        lines = said.read().decode().splitlines()
    stages = json.loads(lines[-1]) if what == "--one" else {}
    return Measured(wall, used.ru_utime + used.ru_stime, peak / _MIB, stages)


def _family(pid: int) -> list[int]:
    """Give a process and all that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _proportional_bytes(pid: int) -> int:
    """Say how much memory a process has, of what it shares its part only."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _run(asked: Mapping[str, Any]) -> dict[str, Sequence[float]]:
    """Do one run in this process, and say how long its stages took."""
    from blackspot.pipeline import run as pipeline

    taken: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for stage in asked["stages"]:
        module_name, _, name = STAGES[stage].rpartition(".")
        module = importlib.import_module(f"blackspot.{module_name}")
        setattr(module, name, _timed(getattr(module, name), taken[stage]))
    report = pipeline.run(
        Path(asked["project"]),
        overrides=asked["overrides"],
        pages=asked["pages"],
        variant=asked.get("variant", ""),
    )
    if not (report.published or report.nothing_new):
        raise SystemExit(f"the run ended with {report.exit_code}")
    return dict(taken)


def _timed(function: Callable[..., Any], taken: list[float]) -> Callable[..., Any]:
    """Add up the wall and the CPU seconds of all processes in calls of a function."""

    def timed(*positional: object, **named: object) -> object:
        wall, cpu = time.monotonic(), _cpu_s()
        try:
            return function(*positional, **named)
        finally:
            taken[0] += time.monotonic() - wall
            taken[1] += _cpu_s() - cpu

    return timed


def _cpu_s() -> float:
    """Give the CPU seconds of this process, of its children, and of theirs that have ended."""
    total = time.process_time()
    for pid in _family(os.getpid()):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        total += (ended if pid == os.getpid() else own + ended) / _TICKS_PER_S
    return total


def _floor(about: Mapping[str, Any]) -> None:
    """Decode files and write bytes."""
    import geopandas as gpd
    import pandas as pd
    import pyogrio
    import rasterio

    for name in about["files"]:
        path = Path(name)
        if path.suffix == ".parquet":
            gpd.read_parquet(path)
        elif path.suffix == ".csv":
            pd.read_csv(path)
        elif path.suffix in {".tif", ".tiff"}:
            with rasterio.open(path) as dataset:
                dataset.read(1)
        elif path.suffix in {".gpkg", ".fgb", ".geojson", ".zip"}:
            for layer, _ in pyogrio.list_layers(path):
                pyogrio.read_dataframe(path, layer=layer, use_arrow=True)
    block = os.urandom(_MIB)
    with Path(about["to"]).open("wb") as stream:
        for _ in range(about["bytes"] // _MIB + 1):
            stream.write(block)


def _table(rounds: Sequence[Mapping[str, Measured]]) -> str:
    """Put the medians into tables."""
    scenarios = [name for name in SCENARIOS if name in rounds[0]]
    names = ["floor", *scenarios]
    lines = [
        "| run | wall s | CPU s | x floor (wall) | x floor (CPU) | x first (CPU) | peak MiB |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in names:
        each = [one[name] for one in rounds]
        wall, cpu, peak = (
            statistics.median(getattr(one, of) for one in each) for of in ("wall_s", "cpu_s", "peak_mib")
        )
        ratios = [
            statistics.median(getattr(one[name], of) / getattr(one[beside], of) for one in rounds)
            for beside, of in (("floor", "wall_s"), ("floor", "cpu_s"), ("first", "cpu_s"))
        ]
        shown = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        lines.append(f"| {name} | {wall:.1f} | {cpu:.1f} | {shown} | {peak:,.0f} |")
    lines += ["", f"| CPU s of | {' | '.join(scenarios)} |", f"|---|{'---|' * len(scenarios)}"]
    for stage in (*STAGES, "rest"):
        cells = [statistics.median(_stage(one[name], stage) for one in rounds) for name in scenarios]
        lines.append(f"| {stage} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    return "\n".join(lines)


def _stage(run: Measured, stage: str) -> float:
    """Give the CPU seconds of a stage of a run; ``rest`` is what none of them is."""
    if stage == "rest":
        return run.cpu_s - sum(cpu for _, cpu in run.stages.values())
    return run.stages.get(stage, (0.0, 0.0))[1]


if __name__ == "__main__":
    main()
