"""The program: the group of commands, signal handling, and the exit code of an error."""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from . import __version__
from .commands.check import check
from .commands.compare import compare
from .commands.console import print_json
from .commands.defaults import default_language
from .commands.failures import EXIT_CODES, sentences
from .commands.log_file import open_log
from .commands.options import HELP_WIDTH, example, show_versions
from .commands.past_runs import explain, rebuild_map, runs
from .commands.profiles import profiles
from .commands.publish import publish
from .commands.run import demo, doctor, init, run, template
from .commands.upkeep import approve, prune, verify
from .data.runs.signals import obey_signals
from .data.text.sentences import say
from .errors import (
    CLOSED_PIPE,
    DONE,
    INTERRUPTED,
    TERMINATED,
    USAGE,
    TerminatedError,
    exit_code,
    published_before,
)
from .maps.summary.as_json import failed_facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

log = logging.getLogger("blackspot")


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
    epilog=f"{EXIT_CODES}\n{example('blackspot demo', 'blackspot init my-country', 'blackspot run my-country/blackspot.toml')}",
)
@click.version_option(__version__, message="blackspot %(version)s")
@click.option(
    "--show-versions",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_versions,
    help="Print the versions of everything below and exit.",
)
def cli() -> None:
    """Map the people whom 5G and fibre do not reach, commune by commune."""


for _command in (
    approve,
    check,
    compare,
    demo,
    doctor,
    explain,
    init,
    profiles,
    prune,
    publish,
    rebuild_map,
    run,
    runs,
    template,
    verify,
):
    cli.add_command(_command)


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
    except click.Abort as stopped:
        _tell_stopped("interrupted", said, stopped)
        return INTERRUPTED
    except TerminatedError as stopped:
        _tell_stopped("terminated", said, stopped)
        return TERMINATED
    except SystemExit:  # click and rich leave this way when nobody reads the output any more
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - the last place that can turn an error into a sentence
        return _failed(error, _language(said), log_file, as_json="--json" in arguments)
    return result if isinstance(result, int) else DONE


def _language(said: dict[str, str]) -> str:
    """Give the language of the command that was carried out, else that of the machine."""
    return said.get("language") or default_language()


def _tell_stopped(how: str, said: dict[str, str], stopped: BaseException) -> None:
    """Say that the program was stopped, and whether a run was published before."""
    run = said.get("published") or published_before(stopped)
    words = (
        say("commands", f"{how}_after", _language(said), run=run)
        if run
        else say("commands", how, _language(said))
    )
    click.echo(words, err=True)


def _failed(error: Exception, language: str, log_file: Path | None, *, as_json: bool) -> int:
    """Print one sentence per problem, keep the trace for the log file, and give the exit code."""
    code = exit_code(error)
    log.debug("stopped with exit code %d", code, exc_info=error)
    told = sentences(error, language, log_file)
    for sentence in told:
        click.echo(f"{say('commands', 'error', language)}: {sentence}", err=True)
    if as_json:
        print_json(failed_facts(code, error, told))
    return code


def main() -> NoReturn:
    """Run the program as a process: log file, signals, exit code."""
    obey_signals()
    if isinstance(
        sys.stdout, io.TextIOWrapper
    ):  # a letter that the encoding of the machine lacks stops no result
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(run_line(sys.argv[1:], open_log()))


if __name__ == "__main__":
    main()
