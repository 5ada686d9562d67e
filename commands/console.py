"""Printing results: to stdout, for people or for machines."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..data.text.safe import printable
from ..data.text.sentences import say
from .options import is_quiet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..maps.summary.block import Block


def print_json(value: object) -> None:
    """Print a result as one line of JSON on stdout."""
    from ..maps.summary.as_json import as_json

    click.echo(as_json(value))


def print_lines(lines: Iterable[str]) -> None:
    """Print sentences on stdout, a line each however long it is, so that other programs can look for words in them."""
    for line in lines:
        click.echo(printable(line))


def remember_published(report: Any) -> None:  # noqa: ANN401 - the type would import pandas
    """Remember that a run was published, for the sentence of whoever stops the program now."""
    if report.published:
        remember_published_run(report.run_id)


def remember_published_run(run_id: str) -> None:
    """Remember the name of a run that was published, as ``remember_published`` does."""
    click.get_current_context().ensure_object(dict)["published"] = run_id


def print_report(report: Any, language: str, *, as_json: bool) -> int:  # noqa: ANN401 - the type would import pandas
    """Print the end of a run, and give its exit code: the summary is the result; beside JSON it is words."""
    from ..maps.summary.as_json import run_facts
    from ..maps.summary.block import told
    from ..maps.summary.run import run_summary

    if not is_quiet():
        print_result(run_summary(report, language), as_json=as_json)
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


def print_result(blocks: Sequence[Block], *, as_json: bool) -> None:
    """Print a result for people: on stdout, or on stderr where stdout gets it for a machine."""
    from .terminal import console, print_blocks

    print_blocks(console(stderr=as_json), blocks)
