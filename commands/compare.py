"""``compare``: what changed between two runs."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..errors import DONE
from .console import print_json
from .defaults import out_folder
from .options import example, json_option, language_option, out_option, shared_options

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=example(
        "blackspot compare 12 13", "blackspot compare latest gap-any", "blackspot compare 12 latest --json"
    )
)
@click.argument("before")
@click.argument("after")
@shared_options(out_option, language_option, json_option)
def compare(before: str, after: str, out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Say what changed from run BEFORE to run AFTER and why: numbers, ids, latest, or names of variants."""
    from ..maps.summary.compare import compare_blocks, compare_facts
    from ..pipeline.compare import compare as compare_runs
    from .terminal import console, print_blocks

    found = compare_runs(out_folder(out), before, after)
    if as_json:
        print_json(compare_facts(found))
    else:
        print_blocks(console(stderr=False), compare_blocks(found, language))
    return DONE
