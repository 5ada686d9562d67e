"""``check``: one file, as the pipeline will see it."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from ..data.checking.request import KINDS, CheckRequest
from ..errors import DONE, REFUSED
from .console import print_json, print_result
from .options import (
    example,
    is_quiet,
    json_option,
    language_option,
    quiet_option,
    shared_options,
    verbose_option,
)
from .progress_line import progress_line

PATH = click.Path(path_type=Path)


@click.command(
    epilog=example("blackspot check 5g.gpkg --as coverage --previous old/5g.gpkg --kit reply --json")
)
@click.argument("file", type=PATH)
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="What the file is.")
@click.option("--project", type=PATH, help="Project file whose settings, communes and limits count.")
@click.option(
    "--communes",
    type=PATH,
    help="Communes to compare with; without them, the outline box of Viet Nam.",
)
@click.option("--previous", type=PATH, help="The delivery before this one.")
@click.option(
    "--other",
    type=PATH,
    help="Another file to compare with: the 4G of a 5G file, another operator's file, the population raster of "
    "a table, or the table of a raster.",
)
@click.option(
    "--population",
    type=PATH,
    help="Raster of people, to count those whom a coverage file reaches; with a project, that of the project.",
)
@click.option("--layer", help="Layer or sheet of the file.")
@click.option("--operator", help="Operator who hands it in.")
@click.option("--service", help="Service it speaks of, such as 5g.")
@click.option("--date", type=dt.date.fromisoformat, help="Day it should speak of, as 2026-10-31.")
@click.option("--crs", help="Coordinate reference system such as EPSG:3405, where the file states none.")
@click.option(
    "--accept",
    multiple=True,
    help="Code of a question that was looked at and is accepted; may be repeated.",
)
@click.option(
    "--kit",
    type=PATH,
    help="Folder to write for the operator: a page in Vietnamese and one in English with a map, the findings as a "
    "table, the features concerned as GeoPackage.",
)
@shared_options(language_option, json_option, verbose_option, quiet_option)
def check(file: Path, kind: str, language: str, as_json: bool, **given: Any) -> int:  # noqa: FBT001, ANN401 - click's
    """Check FILE as the pipeline would; ends with 0 where it can be used, with 4 where not."""
    from ..maps.summary.check import check_blocks, check_facts
    from ..pipeline.check import check as check_file

    with progress_line() as progress:
        report = check_file(CheckRequest.of(file, kind, **given), progress=progress)
    if not is_quiet() or not report.used:
        print_result(check_blocks(report, language), as_json=as_json)
    if as_json:
        print_json(check_facts(report, language))
    return DONE if report.used else REFUSED
