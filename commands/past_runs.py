"""``runs``, ``explain``, ``map``: what earlier runs left."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path

import click

from ..data.text.safe import printable
from ..data.text.wording import severity_name
from ..errors import DONE
from .console import print_json
from .defaults import out_folder
from .options import (
    example,
    json_option,
    language_option,
    out_option,
    quiet_option,
    shared_options,
    verbose_option,
)
from .progress_line import progress_line


@click.command(epilog=example("blackspot runs", "blackspot runs --out my-country/out --json"))
@shared_options(out_option, language_option, json_option)
def runs(out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the runs that are kept, the newest last, with what failed and the variants."""
    from ..commands.terminal import console, print_blocks
    from ..data.runs.listing import damaged_runs
    from ..maps.summary.as_json import kept_row
    from ..maps.summary.history import runs_blocks
    from ..pipeline import past_runs

    folder = out_folder(out)
    kept = past_runs.list_runs(folder)
    for sentence in damaged_runs(folder):
        click.echo(f"{severity_name('warning', language)}: {printable(sentence)}", err=True)
    if as_json:
        print_json([kept_row(one) for one in kept])
    else:
        print_blocks(console(stderr=not kept), runs_blocks(kept, language))
    return DONE


@click.command(
    epilog=example(
        "blackspot explain 03424",
        "blackspot explain 'Lũng Cú'",
        "blackspot explain 'son hai, an giang' --language en",
    )
)
@click.argument("place")
@click.option("--run", "run_id", default="", metavar="RUN", help="Run to look into; without it, the latest.")
@shared_options(out_option, language_option, json_option)
def explain(place: str, run_id: str, out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Say everything about PLACE in words: a commune by code or name, or a black spot by its id."""
    from ..pipeline import past_runs

    explanation = past_runs.explain(out_folder(out), place, run=run_id, language=language)
    if as_json:
        print_json({"text": explanation.text, "facts": explanation.facts})
    else:
        click.echo(printable(explanation.text))
    return DONE


@click.command(name="map", epilog=example("blackspot map latest", 'blackspot map 3 --title "5G, 2026"'))
@click.argument("run_name", metavar="RUN")
@click.option("--title", default="", help="Title of the pages, instead of the project's.")
@click.option("--language", type=click.Choice(["vi", "en"]), help="Language the pages open in.")
@shared_options(out_option, verbose_option, quiet_option)
def rebuild_map(run_name: str, title: str, language: str | None, out: Path | None) -> int:
    """Build the pages of RUN (a number, an id, a folder, or latest) again."""
    from ..data.runs.listing import open_run
    from ..pipeline import past_runs

    folder = Path(run_name)
    if not (folder / "manifest.json").is_file():
        folder = open_run(out_folder(out), run_name).folder
    with progress_line() as progress:
        pages = past_runs.rebuild_map(folder, title=title, language=language or "", progress=progress)
    for page in pages:
        click.echo(page)
    return DONE
