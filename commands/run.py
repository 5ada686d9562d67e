"""``demo``, ``init``, ``run``, ``template``, ``doctor``: making a project and running it."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..data.text.sentences import say
from ..errors import DONE
from .console import print_report, remember_published
from .options import (
    FOLDER,
    example,
    json_option,
    language_option,
    quiet_option,
    shared_options,
    threads_option,
    verbose_option,
)
from .progress_line import progress_line


@click.command(epilog=example("blackspot demo", "blackspot demo /tmp/sample --language vi"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default="blackspot-demo")
@shared_options(threads_option, language_option, json_option, verbose_option, quiet_option)
def demo(folder: Path, threads: int | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Make the sample project in DIR, run it, and say where the map is."""
    from ..pipeline import run as pipeline

    with progress_line() as progress:
        report = pipeline.demo(folder, threads=threads, progress=progress)
    remember_published(report)
    return print_report(report, language, as_json=as_json)


@click.command(epilog=example("blackspot init my-country"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default=".")
@shared_options(language_option)
def init(folder: Path, language: str) -> int:
    """Write a commented blackspot.toml into DIR, to fill in."""
    from ..data.project.template import write_template

    path = write_template(folder)
    click.echo(path)
    click.echo(say("commands", "wrote", language, path=path), err=True)
    return DONE


@click.command(
    epilog=example(
        "blackspot run my-country/blackspot.toml",
        "blackspot run --set profile.min_people=100 --set population.edge_cells=share --map none",
        "blackspot run --variant gap-any --set profile.gap=any --map none",
        "blackspot run --fail-on refused --fail-on 'pop_lost_5g > 1000'",
    )
)
@click.argument("project", metavar="[FILE]", type=click.Path(path_type=Path), default="blackspot.toml")
@click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help="Replace one key of the project file, such as profile.min_people=100; may be repeated.",
)
@click.option("--accept", metavar="CODE", multiple=True, help="Code of an accepted question; repeatable.")
@click.option(
    "--map",
    "pages",
    type=click.Choice(["all", "national", "provinces", "none"]),
    help="Pages to write, instead of what the project file says.",
)
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="Compute the overlay on dask workers: local, or the address of a scheduler.",
)
@click.option(
    "--variant",
    default="",
    metavar="NAME",
    help="Keep the run as a variant beside the series: never the latest, nobody's predecessor, labelled by what differs.",
)
@click.option(
    "--fail-on",
    metavar="GATE",
    multiple=True,
    help="End with 8 where the run does not pass: refused, warnings, or such as 'pop_lost_5g > 1000'; repeatable.",
)
@shared_options(threads_option, language_option, json_option, verbose_option, quiet_option)
def run(
    project: Path,
    language: str,
    as_json: bool,  # noqa: FBT001 - click's
    **given: Any,  # noqa: ANN401 - the other options, each an argument of the use case
) -> int:
    """Turn the files named in FILE into ranked communes, black spots and maps."""
    from ..pipeline import run as pipeline

    with progress_line() as progress:
        report = pipeline.run(project, **given, progress=progress)
    remember_published(report)
    return print_report(report, language, as_json=as_json)


@click.command(epilog=example("blackspot template", "blackspot template mau-nop"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default="blackspot-template")
def template(folder: Path) -> int:
    """Write into DIR what operators hand in: empty files to fill in, and a filled example."""
    from ..data.submissions.template import write_submission_template

    for path in write_submission_template(folder):
        click.echo(path)
    return DONE


@click.command(epilog=example("blackspot doctor"))
def doctor() -> int:
    """Say how far files of others are kept apart on this machine, and the versions of everything below."""
    from ..data.isolation.client import isolation_report
    from ..data.runs.libraries import library_versions

    for name, value in {**isolation_report().facts, **library_versions()}.items():
        click.echo(f"{name}: {value}")
    return DONE
