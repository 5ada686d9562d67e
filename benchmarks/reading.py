"""What keeping files apart costs: the reading step of a run over the national scenario, with and without it.

Three ways, for every file: ``bare`` only decodes it (geopandas by Arrow, rasterio), without a single check;
``here`` does what the reading step of a run does with it, checks, areas and all, but lets this process read the
file itself, without a copy; ``apart`` is the run's own way: copied and hashed, read and checked by a process
that has given up its rights, taken over and looked at once more. The ratio is ``apart`` to ``here``.

Figures are CPU seconds of this process and of all readers, medians. The process that readers are forked from
starts once for a program; its start is told by itself. Linux only.

Run ``python benchmarks/reading.py``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import geopandas as gpd
import pandas as pd
import pyogrio
import rasterio
import shapely
from inputs import REALDATA, Inputs

from blackspot.data import isolation
from blackspot.data.communes import Communes, read_communes
from blackspot.data.crs import check_coordinates, check_operation, settle_crs
from blackspot.data.findings import Findings
from blackspot.data.inputs import input_file
from blackspot.data.population import open_population
from blackspot.data.project import CommuneColumns, CommunesSource, PopulationSource, SubmissionSource
from blackspot.data.submissions import read_submission
from blackspot.data.vector import VectorTable
from blackspot.data.vector_archive import unpack
from blackspot.data.vector_formats import known_format
from blackspot.data.vector_geometry import KINDS, Kind, from_wkb, usable
from blackspot.data.vector_reading import read_layer
from blackspot.data.vector_staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMUNE_COLUMNS = CommuneColumns(code="code", name="name", province_code="province_code", type="type")


def bare_vector(path: Path) -> None:
    """Decode a vector file by the fastest way there is."""
    if path.suffix == ".parquet":
        gpd.read_parquet(path, columns=["code", "name", "province_code", "type", "geometry"])
    else:
        pyogrio.read_dataframe(path, columns=[], use_arrow=True)


def bare_raster(path: Path) -> None:
    """Decode all cells."""
    with rasterio.open(path) as dataset:
        dataset.read(1)


def read_here(
    path: Path,
    *,
    columns: Sequence[str] | None = (),
    findings: Findings,
    required: bool = False,
    kinds: Sequence[Kind] = KINDS,
    **_rest: object,
) -> VectorTable:
    """Stand in for ``read_vector``: the same checks in this process, without a copy."""
    about = findings.about(path)
    with tempfile.TemporaryDirectory() as folder:
        file = path
        if path.suffix == ".zip":
            unpacked = unpack(path, Path(folder), path, "", findings)
            file = path if unpacked is None else unpacked[0]
        found = known_format(file, file, findings)
        raw = (
            None if found is None else read_layer(Staged(file, file, found, file.stem), "", columns, findings)
        )
    if raw is None:
        raise SystemExit(f"{path}: refused")
    parsed = from_wkb(raw.wkb, raw.feature_id.astype(object), raw.about)
    kept = usable(parsed, kinds, raw.about, required=required)
    bounds = shapely.bounds(parsed.geometry)
    crs = settle_crs(raw.crs, "" if raw.crs else raw.usual_crs, bounds, about)
    if kept is None or crs is None or not check_coordinates(bounds, crs, about, strict=False):
        raise SystemExit(f"{path}: refused")
    settled = check_operation(crs, bounds, about)
    findings.ledger.note_read(path, input_file("", path).sha256)
    findings.ledger.rows[path] = len(raw.feature_id)
    geometry, here = kept
    values = {name: column.to_pandas()[here] for name, column in zip(raw.picked, raw.columns, strict=True)}
    frame = pd.DataFrame(values).reset_index(drop=True)
    return VectorTable(path, raw.layer, settled or crs, geometry[here], frame, raw.feature_id[here])


def in_this_process(step: Callable[[], object]) -> None:
    """Do a reading step with this process as the reader of vector files."""
    with (
        mock.patch("blackspot.data.communes.read_vector", read_here),
        mock.patch("blackspot.data.submissions.read_vector", read_here),
    ):
        step()


def cpu_seconds() -> float:
    """CPU time so far of this process, of the one that readers are forked from, and of all readers."""
    own = time.process_time()
    for server in isolation._running:  # noqa: SLF001 - nobody else needs to know it
        stat = Path(f"/proc/{server._process.pid}/stat").read_text(encoding="ascii")  # noqa: SLF001
        own += sum(map(int, stat.rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")
    return own


def measured(step: Callable[[], object]) -> float:
    """CPU seconds of one step."""
    before = cpu_seconds()
    step()
    return cpu_seconds() - before


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--times", type=int, default=3, help="how often every file is read; the median counts"
    )
    times = parser.parse_args().times
    inputs = Inputs.of(REALDATA)
    print(f"isolation {isolation.isolation_report().level}, started in {cpu_seconds():.2f} s of CPU\n")
    print("| file | bare s | here s | apart s | ratio |\n|---|---|---|---|---|")
    communes = read_communes(CommunesSource(path=inputs.communes, columns=COMMUNE_COLUMNS), None, Findings())
    total = [0.0, 0.0, 0.0]
    for path, bare, step in _steps(inputs, communes):
        ways = (bare, partial(in_this_process, step), step)
        taken = zip(*([measured(way) for way in ways] for _ in range(times)), strict=True)
        medians = [statistics.median(way) for way in taken]
        total = [before + more for before, more in zip(total, medians, strict=True)]
        print(_row(path.name, medians), flush=True)
    print(_row("all", total))


def _steps(
    inputs: Inputs, communes: Communes | None
) -> list[tuple[Path, Callable[[], object], Callable[[], object]]]:
    """Every file with the way to decode it, and what the reading step of a run does with it."""
    source = CommunesSource(path=inputs.communes, columns=COMMUNE_COLUMNS)
    people = PopulationSource(path=inputs.population)
    steps: list[tuple[Path, Callable[[], object], Callable[[], object]]] = [
        (
            inputs.communes,
            partial(bare_vector, inputs.communes),
            lambda: read_communes(source, None, Findings()),
        ),
        (
            inputs.population,
            partial(bare_raster, inputs.population),
            lambda: open_population(people, Findings()),
        ),
    ]
    for name, path in inputs.layers.items():
        layer = SubmissionSource(operator=name, service="4g", path=path)
        steps.append(
            (path, partial(bare_vector, path), partial(read_submission, layer, communes, Findings()))
        )
    return steps


def _row(name: str, medians: list[float]) -> str:
    bare, here, apart = medians
    return f"| {name} | {bare:.2f} | {here:.2f} | {apart:.2f} | {apart / here:.2f} |"


if __name__ == "__main__":
    main()
