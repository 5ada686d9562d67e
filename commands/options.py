"""The options that several commands share, each written once, and the parts of a help text."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .defaults import default_language
from .log_file import set_screen_language, set_screen_level

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = click.Path(path_type=Path, file_okay=False)
HELP_WIDTH = 100  # columns


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
    set_screen_language(language)
    return language


def _counted(short: str, name: str, words: str) -> Callable[[Any], Any]:
    return click.option(short, name, count=True, expose_value=False, callback=_verbosity, help=words)


verbose_option = _counted(
    "-v",
    "--verbose",
    "Say more: of every file how much of it counts, and how long each step took; -vv also how each file was read and "
    "what was kept from earlier runs.",
)
quiet_option = _counted("-q", "--quiet", "Say less: neither progress nor summary, only what went wrong.")
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
threads_option = click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processors used at a time, at most 2; without it as many as there are. The result is the same.",
)
out_option = click.option(
    "--out",
    type=FOLDER,
    help="Folder that keeps the runs; without it, that of ./blackspot.toml.",
)


def shared_options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Put several shared options on a command, in this order."""

    def decorate(function: Any) -> Any:  # noqa: ANN401 - click turns functions into commands on the way
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def verbosity() -> int:
    """Give how many -v there are more than -q."""
    return int(click.get_current_context().meta.get("blackspot.verbosity", 0))


def is_quiet() -> bool:
    """Say whether -q was given."""
    return verbosity() < 0


def spoken_language() -> str:
    """Give the language of the command that is carried out, else that of the machine."""
    said = click.get_current_context().find_object(dict) or {}
    return str(said.get("language") or default_language())


def example(*lines: str) -> str:
    """End a help text with something to copy."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def show_versions(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's
    """Print what a bug report needs: two GDALs and two PROJs live in one process."""
    if not asked or context.resilient_parsing:
        return
    from ..data.runs.libraries import library_versions

    for name, version in library_versions().items():
        click.echo(f"{name}: {version}")
    context.exit()
