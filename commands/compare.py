"""``compare``: what changed between two runs."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import DONE
from .console import print_json
from .defaults import out_folder
from .options import (
    FOLDER,
    example,
    json_option,
    language_option,
    out_option,
    quiet_option,
    shared_options,
    verbose_option,
)
from .progress_line import progress_line

if TYPE_CHECKING:
    from pathlib import Path

    from ..data.text.words import Language


@click.command(
    epilog=example(
        "blackspot compare 12 13",
        "blackspot compare 12 latest --to changes-october",
        "blackspot compare latest gap-any --json",
    )
)
@click.argument("before")
@click.argument("after")
@click.option(
    "--to",
    "folder",
    type=FOLDER,
    help="Folder to write: tables of communes, provinces and black spots as CSV, a workbook, changes.json, and "
    "changes.html, a page with a map that works without a network.",
)
@shared_options(out_option, language_option, json_option, verbose_option, quiet_option)
def compare(
    before: str,
    after: str,
    folder: Path | None,
    out: Path | None,
    language: Language,
    as_json: bool,  # noqa: FBT001 - click's
) -> int:
    """Say what changed from run BEFORE to run AFTER and why: numbers, ids, latest, or names of variants."""
    from ..maps.summary.compare import compare_blocks, compare_facts
    from ..pipeline.comparing.compare import compare as compare_runs
    from .terminal import console, print_blocks

    found = compare_runs(out_folder(out), before, after)
    if folder is not None:
        from ..pipeline.comparing.files import write_comparison

        with progress_line() as progress:
            files = write_comparison(folder, found, language=language, progress=progress)
    if as_json:
        print_json(compare_facts(found))
    else:
        print_blocks(console(stderr=False), compare_blocks(found, language))
    for file in files if folder is not None else ():
        click.echo(file, err=True)
    return DONE
