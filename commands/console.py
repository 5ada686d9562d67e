"""Printing: results to stdout, words and progress to stderr."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from ..data.text.safe import printable
from ..data.text.sentences import say
from .options import is_quiet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..progress import Progress


def print_json(value: object) -> None:
    """Print a result as one line of JSON on stdout."""
    from ..maps.summary.as_json import as_json

    click.echo(as_json(value))


def print_lines(lines: Iterable[str]) -> None:
    """Print sentences on stdout, a line each however long it is, so that other programs can look for words in them."""
    for line in lines:
        click.echo(printable(line))


def one_line(message: str) -> str:
    """Make one line of a step's name, which may hold the name of a file or an operator, that no terminal obeys."""
    return printable(" ".join(message.split()))


@contextlib.contextmanager
def progress_line() -> Iterator[Progress]:
    """Offer a callback that moves a bar on a terminal and prints one line per step into a log."""
    if is_quiet():
        yield None
        return
    if not sys.stderr.isatty():
        said: list[str] = []

        def say(_fraction: float, message: str) -> None:
            if not said or said[-1] != message:
                said.append(message)
                click.echo(one_line(message), err=True)

        yield say
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from .terminal import console

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda fraction, message: bar.update(task, completed=fraction, description=one_line(message))


def remember_published(report: Any) -> None:  # noqa: ANN401 - the type would import pandas
    """Remember that a run was published, for the sentence of whoever stops the program now."""
    if report.published:
        remember_published_run(report.run_id)


def remember_published_run(run_id: str) -> None:
    """Remember the name of a run that was published, as ``remember_published`` does."""
    click.get_current_context().ensure_object(dict)["published"] = run_id


def print_report(report: Any, language: str, *, as_json: bool) -> int:  # noqa: ANN401 - the type would import pandas
    """Print the end of a run, and give its exit code."""
    from ..maps.summary.as_json import run_facts
    from ..maps.summary.block import told
    from ..maps.summary.run import run_summary
    from .terminal import console, print_blocks

    if not is_quiet():
        screen = console(stderr=True)
        if report.notice:
            screen.print(printable(report.notice), style="bold yellow")
        print_blocks(screen, run_summary(report, language))
    elif report.exit_code:
        for finding in report.findings:
            if finding.severity == "error":
                click.echo(
                    f"{say('commands', 'error', language)}: {printable(finding.sentence(language))}", err=True
                )
        for sentence in told((*report.pending, *report.gates), language):
            click.echo(f"{say('commands', 'error', language)}: {sentence}", err=True)
    if as_json:
        print_json(run_facts(report, report.exit_code))
    return int(report.exit_code)
