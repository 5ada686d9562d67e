"""``check``: one file, as the pipeline will see it."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..data.checking.request import KINDS, CheckRequest
from ..errors import DONE, REFUSED
from .console import print_json, progress_line
from .options import (
    example,
    is_quiet,
    json_option,
    language_option,
    quiet_option,
    request_options,
    shared_options,
    verbose_option,
)


@click.command(
    epilog=example("blackspot check 5g.gpkg --as coverage --previous old/5g.gpkg --kit reply --json")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="What the file is.")
@request_options
@shared_options(language_option, json_option, verbose_option, quiet_option)
def check(file: Path, kind: str, language: str, as_json: bool, **given: Any) -> int:  # noqa: FBT001, ANN401 - click's
    """Check FILE as the pipeline would; ends with 0 where it can be used, with 4 where not."""
    from ..commands.terminal import console, print_blocks
    from ..maps.summary.check import check_blocks, check_facts
    from ..pipeline.check import check as check_file

    with progress_line() as progress:
        report = check_file(CheckRequest.of(file, kind, **given), progress=progress)
    if not is_quiet() or not report.used:
        print_blocks(console(stderr=True), check_blocks(report, language))
    if as_json:
        print_json(check_facts(report, language))
    return DONE if report.used else REFUSED
