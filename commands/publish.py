"""``publish``: a run as a folder for a web server."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DAMAGED, DONE
from .console import print_json, print_lines
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
    from ..data.project.sections.publish import Publish


@click.command(
    epilog=example(
        "blackspot publish site",
        "blackspot publish /srv/www/gaps --run 12",
        "blackspot publish site --project my-country/blackspot.toml",
        "blackspot publish site --check",
    )
)
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option(
    "--run", "run_name", default="latest", metavar="RUN", help="Run to publish; without it, the latest."
)
@click.option(
    "--project",
    "project_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Project file whose [publish] says what leaves the house; without it, ./blackspot.toml.",
)
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Publish nothing: compare DIR, or a copy of it, with its own site.json.",
)
@shared_options(out_option, language_option, json_option, verbose_option, quiet_option)
def publish(
    folder: Path,
    run_name: str,
    project_file: Path | None,
    only_check: bool,  # noqa: FBT001 - click's
    out: Path | None,
    language: str,
    as_json: bool,  # noqa: FBT001 - click's
) -> int:
    """Put a run into DIR as a site: pages for any web server, and data to download.

    What leaves the house stands under [publish] in the project file. DIR is replaced in one step; one that holds anything
    but an earlier site is left alone. With --check it ends with 7 where a file is missing, changed or added.
    """
    if only_check:
        return _check(folder, language, as_json=as_json)
    from ..maps.site.said import site_facts, site_lines
    from ..pipeline.publishing.publish import publish as publish_run

    runs, rules = _whose(project_file, out)
    with progress_line() as progress:
        site = publish_run(runs, folder, rules, run=run_name, progress=progress)
    if as_json:
        print_json(site_facts(site.run, site.folder, site.files, rules))
    else:
        print_lines(site_lines(site.run, site.folder, site.files, rules, language))
    return DONE


def _check(folder: Path, language: str, *, as_json: bool) -> int:
    """Say whether a site is as it was published."""
    from ..maps.site.said import check_facts, check_lines
    from ..pipeline.publishing.place import site_damage

    damage = site_damage(folder)
    if as_json:
        print_json(check_facts(folder, damage))
    else:
        print_lines(check_lines(folder, damage, language))
    return DAMAGED if damage else DONE


def _whose(project_file: Path | None, out: Path | None) -> tuple[Path, Publish]:
    """Find the runs, and what their project lets out; nobody guesses that for the runs of another project."""
    from ..data.project.load import load_project
    from ..data.text.sentences import told
    from ..errors import ProjectError

    named = project_file or Path("blackspot.toml")
    if project_file is None and out is not None and not named.exists():
        raise ProjectError(told("site", "no_rules", out=out))
    project = load_project(named)
    own = project.project.out
    if project_file is None and out is not None and out.resolve() != own.resolve():
        raise ProjectError(told("site", "no_rules", out=out))
    return out or own, project.publish
