"""What keeping files apart costs: the reading step of a run over the national scenario, with and without it.

Three ways, for every file: ``bare`` only decodes it (geopandas by Arrow, rasterio), without a single check;
``here`` does what the reading step of a run does with it, checks, areas and all, but lets this process read the
file itself, without a copy; ``apart`` is the run's own way: copied and hashed, read and checked by a process
that has given up its rights, taken over and looked at once more. The ratio is ``apart`` to ``here``.

``here`` calls the functions that readers and the program call, in the same order. Before anything is measured,
both ways must give the same tables, cells and findings, to the last bit; otherwise the benchmark fails.

Figures are CPU seconds of this process and of all readers, medians. The process that readers are forked from
starts once for a program; its start is told by itself. Linux only.

Run ``python benchmarks/reading.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime as dt
import os
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from inputs import REALDATA, Inputs

from blackspot.data.country.communes import Communes, read_communes
from blackspot.data.country.population import PopulationRaster, open_population
from blackspot.data.disk.hashing import sha256_of
from blackspot.data.findings.collector import Findings
from blackspot.data.isolation import client as isolation
from blackspot.data.isolation.answers import LayerAnswer, RasterAnswer
from blackspot.data.isolation.gdal import lock_down
from blackspot.data.parsers.archive import unpack
from blackspot.data.parsers.geometry import from_wkb, usable
from blackspot.data.parsers.raster import read_raster
from blackspot.data.parsers.vector import RawLayer, read_layer
from blackspot.data.project.limits import CheckRules
from blackspot.data.project.models import CommuneColumns, CommunesSource, SubmissionSource
from blackspot.data.project.population import PopulationSource
from blackspot.data.readers.facts import LayerFacts, Refused
from blackspot.data.readers.formats import ANY_FEATURE, Requirements, Staged, known_format
from blackspot.data.readers.vector import VectorTable, frame_of, place_layer
from blackspot.data.submissions.reader import Submission, SubmissionFacts, read_submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blackspot.data.findings.collector import FileFindings
    from blackspot.data.isolation.folder import ReadingFolder

    Read = Callable[
        [Findings],
        Communes | PopulationRaster | Submission | Refused[LayerFacts] | Refused[SubmissionFacts] | None,
    ]

COMMUNE_COLUMNS = CommuneColumns(code="code", name="name", province_code="province_code", type="type")
NO_CLOCK = dt.date.max
HASHES: dict[Path, str] = {}
"""SHA-256 of every file, which a run knows before it reads."""


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
    requirements: Requirements = ANY_FEATURE,
    **_rest: object,
) -> VectorTable | Refused[LayerFacts]:
    """Stand in for ``read_vector``: the same steps in this process, without a copy."""
    lock_down()
    with tempfile.TemporaryDirectory() as folder:
        raw = _raw(path, Path(folder), columns, findings)
    if raw is None:
        return Refused(LayerFacts(path))
    found = from_wkb(raw.wkb.to_numpy(), raw.feature_id.astype(object), raw.about)
    kept = usable(found, requirements.kinds, raw.about, required=requirements.complete)
    facts = LayerFacts(path, raw.layer, HASHES[path], len(found.geometry))
    said = LayerAnswer(
        layer=raw.layer,
        named=raw.about.layer,
        crs=raw.crs,
        usual_crs=raw.usual_crs,
        picked=list(raw.picked),
        plain=False,
        usable=kept is not None and raw.whole,
        mended=False,
        features=len(found.geometry),
    )
    bounds = shapely.bounds(found.geometry)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    about = findings.about(path, said.named)
    placed = place_layer(said, bounds, "", about, strict=requirements.strict_place)
    if placed is None or kept is None or not raw.whole:
        return Refused(facts)
    geometry, used = kept
    taken = [column.filter(used) for column in raw.columns]
    frame = frame_of(said.picked, taken, int(used.sum()))
    facts = dataclasses.replace(facts, operation=placed.operation)
    return VectorTable(facts, placed.crs, geometry[used], frame, raw.feature_id[used])


def _raw(path: Path, folder: Path, columns: Sequence[str] | None, findings: Findings) -> RawLayer | None:
    """Find the layer, unpacked where the file is a zip, and read it."""
    file, stem = path, path.stem
    if path.suffix == ".zip":
        unpacked = unpack(path, folder, path, "", findings)
        if unpacked is None:
            return None
        file, stem = unpacked
    found = known_format(file, path, findings, file.suffix)
    return None if found is None else read_layer(Staged(path, file, found, stem), "", columns, findings)


def hash_here(path: Path, *_rest: object) -> str:
    """Stand in for the copying of rasters: the hash is known."""
    return HASHES[path]


def unpack_here(path: Path, folder: ReadingFolder, about: FileFindings) -> RasterAnswer | None:
    """Stand in for the reading process of rasters: the cells are unpacked by this process, without a copy."""
    return read_raster(path, folder.outside, about)


@contextlib.contextmanager
def in_this_process() -> Iterator[None]:
    """Let this process be the reader."""
    with (
        mock.patch("blackspot.data.country.communes.read_vector", read_here),
        mock.patch("blackspot.data.submissions.reader.read_vector", read_here),
        mock.patch("blackspot.data.readers.raster._copied", hash_here),
        mock.patch("blackspot.data.readers.raster._unpacked", unpack_here),
    ):
        yield


def read_so(read: Read) -> object:
    """Do a reading step."""
    return read(Findings())


def read_so_here(read: Read) -> object:
    """Do a reading step with this process as the reader."""
    with in_this_process():
        return read(Findings())


def all_of(read: Read) -> list[object]:
    """Do a reading step, and give everything that comes of it in a form that can be compared."""
    findings = Findings()
    found = read(findings)
    told: list[object] = [findings.items]
    if isinstance(found, Communes):
        frame = found.frame
        told += [shapely.to_wkb(frame.geometry.to_numpy()).tolist(), str(frame.crs), list(frame.columns)]
        told += [frame[name].tolist() for name in frame.columns if name != "geometry"]
        told += _known(found.facts)
    elif isinstance(found, Submission):
        values = {part.name: getattr(found, part.name) for part in dataclasses.fields(found)}
        told.append(shapely.to_wkb(values.pop("geometries")).tolist())
        told += [values.pop("feature_ids").tolist(), values.pop("crs").to_wkt(), values]
        told += _known(found.facts.coverage)
    elif isinstance(found, PopulationRaster):
        cells = found.read(0, found.height, 0, found.width)
        told += [cells.tobytes(), found.total(), found.crs.to_wkt(), tuple(found.transform), found.nodata]
        told += [known for facts in found.facts for known in _known(facts)]
    else:
        raise SystemExit(f"refused: {findings.items}")
    return told


def _known(facts: LayerFacts | None) -> list[object]:
    """Give what is known of a layer, with its repaired ground, which two facts do not compare."""
    return [facts, None if facts is None else shapely.to_wkb(facts.repaired).tolist()]


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
    HASHES.update(
        {path: sha256_of(path) for path in (inputs.communes, inputs.population, *inputs.layers.values())}
    )
    before = cpu_seconds()
    print(
        f"isolation {isolation.isolation_report().level}, started in {cpu_seconds() - before:.2f} s of CPU\n"
    )
    print("| file | bare s | here s | apart s | ratio |\n|---|---|---|---|---|")
    source = CommunesSource(path=inputs.communes, columns=COMMUNE_COLUMNS)
    communes = read_communes(source, None, Findings())
    if isinstance(communes, Refused):
        raise SystemExit(f"{inputs.communes}: refused")
    total = [0.0, 0.0, 0.0]
    for path, bare, read in _steps(inputs, communes):
        with in_this_process():
            here = all_of(read)
        if here != all_of(read):
            raise SystemExit(f"{path}: the two ways differ")
        ways = (bare, partial(read_so_here, read), partial(read_so, read))
        taken = zip(*([measured(way) for way in ways] for _ in range(times)), strict=True)
        medians = [statistics.median(way) for way in taken]
        total = [before + more for before, more in zip(total, medians, strict=True)]
        print(_row(path.name, medians), flush=True)
    print(_row("all", total))


def _steps(inputs: Inputs, communes: Communes) -> list[tuple[Path, Callable[[], object], Read]]:
    """Every file with the way to decode it, and what the reading step of a run does with it."""
    source = CommunesSource(path=inputs.communes, columns=COMMUNE_COLUMNS)
    people = PopulationSource(path=inputs.population)
    steps: list[tuple[Path, Callable[[], object], Read]] = [
        (inputs.communes, partial(bare_vector, inputs.communes), partial(read_communes, source, None)),
        (inputs.population, partial(bare_raster, inputs.population), partial(open_population, people)),
    ]
    for name, path in inputs.layers.items():
        layer = SubmissionSource(operator=name, service=name.rpartition("_")[2], path=path)
        read = partial(read_submission, layer, communes, rules=CheckRules(), today=NO_CLOCK)
        steps.append((path, partial(bare_vector, path), read))
    return steps


def _row(name: str, medians: list[float]) -> str:
    bare, here, apart = medians
    return f"| {name} | {bare:.2f} | {here:.2f} | {apart:.2f} | {apart / here:.2f} |"


if __name__ == "__main__":
    main()
