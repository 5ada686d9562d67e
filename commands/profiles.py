"""``profiles``: the gap profiles that ship, and what they mean."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path

import click

from ..data.text.sentences import spoken
from ..errors import DONE
from .console import print_json
from .options import example, json_option, language_option, quiet_option, shared_options, verbose_option


@click.command(
    epilog=example(
        "blackspot profiles",
        "blackspot profiles sdg-9-c-1 --language en",
        "blackspot profiles ours.toml --json",
    )
)
@click.argument("name", default="")
@shared_options(language_option, json_option, verbose_option, quiet_option)
def profiles(name: str, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """List the gap profiles that ship, or explain one: NAME of one that ships, or a TOML file like theirs.

    A project file starts from one with base = "NAME" in its section [profile].
    """
    from pydantic import ValidationError

    from ..data.project.profiles.files import find_profile, shipped
    from ..maps.summary.profiles import profile_blocks, profile_facts, profiles_blocks
    from .terminal import console, print_blocks

    try:
        chosen = [find_profile(name, Path.cwd())] if name else list(shipped())
        facts = [profile_facts(one) for one in chosen]
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise click.UsageError(f"{name}, profile {where}: {first['msg']}") from error
    except ValueError as error:
        raise click.UsageError(spoken(error.args[0], language)) from error
    if as_json:
        print_json(facts[0] if name else facts)
    else:
        blocks = profile_blocks(chosen[0], language) if name else profiles_blocks(chosen, language)
        print_blocks(console(stderr=False), blocks)
    return DONE
