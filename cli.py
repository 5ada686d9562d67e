"""The command line: parse, call one use case, print. Data goes to stdout, words to stderr."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import logging
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from blackspot import __version__
from blackspot.data.check_request import KINDS, CheckRequest
from blackspot.data.failures import (
    CLOSED_PIPE,
    DONE,
    EXIT_CODES,
    INTERRUPTED,
    REFUSED,
    TERMINATED,
    USAGE,
    exit_code,
    printable,
    sentences,
    word,
)
from blackspot.data.log_file import open_log, set_screen_level
from blackspot.data.surroundings import default_language, out_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType


FOLDER = click.Path(path_type=Path, file_okay=False)
HELP_WIDTH = 100  # columns

log = logging.getLogger("blackspot")


class _TerminatedError(BaseException):
    """SIGTERM arrived; raised so that every open file and lock is closed on the way out."""


# --- what every command shares ---


def _verbosity(context: click.Context, _parameter: click.Parameter, count: int) -> int:
    """Add up -v and -q over the whole line."""
    if count:
        sign = -1 if _parameter.name == "quiet" else 1
        context.meta["blackspot.verbosity"] = context.meta.get("blackspot.verbosity", 0) + sign * count
    set_screen_level(context.meta.get("blackspot.verbosity", 0))
    return count


def _spoken(context: click.Context, _parameter: click.Parameter, language: str) -> str:
    """Remember the language for the sentences of an error, which are written after the command ended."""
    context.ensure_object(dict)["language"] = language
    return language


def _counted(short: str, name: str, words: str) -> Callable[[Any], Any]:
    return click.option(short, name, count=True, expose_value=False, callback=_verbosity, help=words)


verbose_option = _counted("-v", "--verbose", "Say more; -vv says everything.")
quiet_option = _counted("-q", "--quiet", "Say less: only what went wrong.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as one line of JSON on stdout."
)
language_option = click.option(
    "--language",
    type=click.Choice(["vi", "en"]),
    default=default_language,
    show_default="that of the machine",
    callback=_spoken,
    help="Language of the words.",
)
out_option = click.option(
    "--out",
    type=FOLDER,
    help="Folder that keeps the runs; without it, that of ./blackspot.toml.",
)


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put several shared options on a command, in this order."""

    def decorate(function: Any) -> Any:  # noqa: ANN401 - click turns functions into commands on the way
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _request_options(function: Any) -> Any:  # noqa: ANN401 - as above
    """Offer every field of a check request as an option, with the words of the field."""
    kinds = {"Path": click.Path(path_type=Path), "dt.date": dt.date.fromisoformat}
    for entry in reversed(dataclasses.fields(CheckRequest)[2:]):
        kind = kinds.get(str(entry.type).removesuffix(" | None"), str)
        more = {"multiple": True} if entry.default == () else {"default": entry.default or None}
        function = click.option(f"--{entry.name}", type=kind, help=entry.metadata["help"], **more)(function)
    return function


def _quiet() -> bool:
    """Say whether -q was given."""
    return int(click.get_current_context().meta.get("blackspot.verbosity", 0)) < 0


# --- printing ---


def _print_json(value: object) -> None:
    from blackspot.maps.machine import as_json

    click.echo(as_json(value))


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[float, str], None] | None]:
    """Offer a callback that moves a bar on a terminal and prints one line per step into a log."""
    if _quiet():
        yield None
        return
    if not sys.stderr.isatty():
        said: list[str] = []

        def say(_fraction: float, message: str) -> None:
            if not said or said[-1] != message:
                said.append(message)
                click.echo(message, err=True)

        yield say
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from blackspot.maps.terminal import console

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=message)


# --- commands ---


def _example(*lines: str) -> str:
    """End a help text with something to copy."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def _show_versions(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's
    """Print what a bug report needs: two GDALs and two PROJs live in one process."""
    if not asked or context.resilient_parsing:
        return
    from blackspot.data.versions import library_versions

    for name, version in library_versions().items():
        click.echo(f"{name}: {version}")
    context.exit()


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
    epilog=f"{EXIT_CODES}\n{_example('blackspot demo', 'blackspot init my-country', 'blackspot run my-country/blackspot.toml')}",
)
@click.version_option(__version__, message="blackspot %(version)s")
@click.option(
    "--show-versions",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_versions,
    help="Print the versions of everything below and exit.",
)
def cli() -> None:
    """Map the people whom 5G and fibre do not reach, commune by commune."""


@cli.command(epilog=_example("blackspot demo", "blackspot demo /tmp/sample --language vi"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default="blackspot-demo")
@_options(language_option, json_option, verbose_option, quiet_option)
def demo(folder: Path, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Make the sample project in DIR, run it, and say where the map is."""
    from blackspot import pipeline

    with _progress() as progress:
        report = pipeline.demo(folder, progress=progress)
    return _report(report, language, as_json=as_json)


@cli.command(epilog=_example("blackspot init my-country"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default=".")
@_options(language_option)
def init(folder: Path, language: str) -> int:
    """Write a commented blackspot.toml into DIR, to fill in."""
    from blackspot.data.template import write_template

    path = write_template(folder)
    click.echo(word("wrote", language).format(path=path), err=True)
    return DONE


@cli.command(
    epilog=_example(
        "blackspot run my-country/blackspot.toml",
        "blackspot run --set profile.min_people=100 --set population.edge_cells=share --map none",
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
@_options(language_option, json_option, verbose_option, quiet_option)
def run(
    project: Path,
    overrides: tuple[str, ...],
    accept: tuple[str, ...],
    pages: str | None,
    cluster: str,
    language: str,
    as_json: bool,  # noqa: FBT001 - click's
) -> int:
    """Turn the files named in FILE into ranked communes, black spots and maps."""
    from blackspot import pipeline

    with _progress() as progress:
        given: dict[str, Any] = {"overrides": overrides, "accept": accept, "pages": pages, "cluster": cluster}
        report = pipeline.run(project, **given, progress=progress)
    return _report(report, language, as_json=as_json)


@cli.command(epilog=_example("blackspot runs", "blackspot runs --out my-country/out --json"))
@_options(out_option, language_option, json_option)
def runs(out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the runs that are kept, the newest last."""
    from blackspot import pipeline
    from blackspot.data.runs import damaged_runs
    from blackspot.maps.machine import run_row
    from blackspot.maps.runs_block import runs_block
    from blackspot.maps.terminal import console, print_blocks

    kept = out_folder(out)
    records = pipeline.list_runs(kept)
    for sentence in damaged_runs(kept):
        click.echo(f"{word('warning', language)}: {printable(sentence)}", err=True)
    if as_json:
        _print_json([run_row(record) for record in records])
    else:
        print_blocks(console(stderr=not records), [runs_block(records, language)])
    return DONE


@cli.command(epilog=_example("blackspot explain 03424", "blackspot explain 03424 --language en --json"))
@click.argument("code")
@click.option("--run", "run_id", default="", metavar="RUN", help="Run to look into; without it, the latest.")
@_options(out_option, language_option, json_option)
def explain(code: str, run_id: str, out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Say everything about the commune CODE, in words."""
    from blackspot import pipeline

    explanation = pipeline.explain(out_folder(out), code, run=run_id, language=language)
    if as_json:
        _print_json({"text": explanation.text, "facts": explanation.facts})
    else:
        click.echo(printable(explanation.text))
    return DONE


@cli.command(name="map", epilog=_example("blackspot map latest", 'blackspot map 3 --title "5G, 2026"'))
@click.argument("run_name", metavar="RUN")
@click.option("--title", default="", help="Title of the pages, instead of the project's.")
@click.option("--language", type=click.Choice(["vi", "en"]), help="Language the pages open in.")
@_options(out_option, verbose_option, quiet_option)
def rebuild_map(run_name: str, title: str, language: str | None, out: Path | None) -> int:
    """Build the pages of RUN (a number, an id, a folder, or latest) again."""
    from blackspot import pipeline
    from blackspot.data.runs import open_run

    folder = Path(run_name)
    if not (folder / "manifest.json").is_file():
        folder = open_run(out_folder(out), run_name).folder
    with _progress() as progress:
        pages = pipeline.rebuild_map(folder, title=title, language=language or "", progress=progress)
    for page in pages:
        click.echo(page)
    return DONE


@cli.command(
    epilog=_example("blackspot check 5g.gpkg --as coverage --previous old/5g.gpkg --kit reply --json")
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="What the file is.")
@_request_options
@_options(language_option, json_option, verbose_option, quiet_option)
def check(file: Path, kind: str, language: str, as_json: bool, **given: Any) -> int:  # noqa: FBT001, ANN401 - click's
    """Check FILE as the pipeline would; ends with 0 where it can be used, with 4 where not."""
    from blackspot.coverage.checking import check as check_file  # no map is drawn, so no pipeline is loaded
    from blackspot.maps.check_summary import check_blocks, check_facts
    from blackspot.maps.terminal import console, print_blocks

    with _progress() as progress:
        report = check_file(CheckRequest.of(file, kind, **given), progress=progress)
    if not _quiet() or not report.used:
        print_blocks(console(stderr=True), check_blocks(report, language))
    if as_json:
        _print_json(check_facts(report, language))
    return DONE if report.used else REFUSED


@cli.command(epilog=_example("blackspot template", "blackspot template mau-nop"))
@click.argument("folder", metavar="[DIR]", type=FOLDER, default="blackspot-template")
def template(folder: Path) -> int:
    """Write into DIR what operators hand in: empty files to fill in, and a filled example."""
    from blackspot.data.submission_template import write_submission_template

    for path in write_submission_template(folder):
        click.echo(path)
    return DONE


@cli.command(epilog=_example("blackspot doctor"))
def doctor() -> int:
    """Say how far files of others are kept apart on this machine, and the versions of everything below."""
    from blackspot.data.isolation import isolation_report
    from blackspot.data.versions import library_versions

    for name, value in {**isolation_report().facts, **library_versions()}.items():
        click.echo(f"{name}: {value}")
    return DONE


def _report(report: Any, language: str, *, as_json: bool) -> int:  # noqa: ANN401 - the type would import pandas
    """Print the end of a run, and give its exit code."""
    from blackspot.maps.machine import run_facts
    from blackspot.maps.summary import run_summary
    from blackspot.maps.terminal import console, print_blocks

    if not _quiet():
        screen = console(stderr=True)
        if report.notice:
            screen.print(printable(report.notice), style="bold yellow")
        print_blocks(screen, run_summary(report, language))
    elif report.exit_code:
        for finding in report.findings:
            if finding.severity == "error":
                click.echo(f"{word('error', language)}: {printable(finding.sentence(language))}", err=True)
    if as_json:
        _print_json(run_facts(report, report.exit_code))
    return int(report.exit_code)


# --- from errors to exit codes ---


def run_line(arguments: Sequence[str], log_file: Path | None = None) -> int:
    """Carry out one command line and give its exit code.

    Parameters
    ----------
    arguments
        The words after ``blackspot``.
    log_file
        Where traces are kept; only named in messages.
    """
    said: dict[str, str] = {}
    try:
        result = cli.main(list(arguments), prog_name="blackspot", standalone_mode=False, obj=said)
    except click.ClickException as error:
        error.show()
        return USAGE
    except click.Abort:
        click.echo(word("interrupted", _language(said)), err=True)
        return INTERRUPTED
    except _TerminatedError:
        click.echo(word("terminated", _language(said)), err=True)
        return TERMINATED
    except SystemExit:  # click and rich leave this way when nobody reads the output any more
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - the last place that can turn an error into a sentence
        return _failed(error, _language(said), log_file, as_json="--json" in arguments)
    return result if isinstance(result, int) else DONE


def _language(said: dict[str, str]) -> str:
    """Give the language of the command that was carried out, else that of the machine."""
    return said.get("language") or default_language()


def _failed(error: Exception, language: str, log_file: Path | None, *, as_json: bool) -> int:
    """Print one sentence per problem, keep the trace for the log file, and give the exit code."""
    code = exit_code(error)
    log.debug("stopped with exit code %d", code, exc_info=error)
    told = sentences(error, language, log_file)
    for sentence in told:
        click.echo(f"{word('error', language)}: {sentence}", err=True)
    if as_json:
        found = getattr(error, "findings", ())
        codes = [
            {"code": finding.code, "severity": finding.severity, "count": finding.count} for finding in found
        ]
        _print_json({"exit_code": code, "findings": codes, "problems": told})
    return code


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise _TerminatedError


def main() -> NoReturn:
    """Run the program as a process: log file, signals, exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    sys.exit(run_line(sys.argv[1:], open_log()))


if __name__ == "__main__":
    main()
