"""The end of publish: lines of text, and what a machine is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.sentences import say
from ...errors import DAMAGED, DONE
from .build import INDEX
from .data_page import withheld_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ...data.project.sections.publish import Publish
    from ...data.text.words import Both

_MEGABYTE = 1_000_000


def site_lines(
    run: str, folder: Path, files: Mapping[str, int], rules: Publish, language: str = "en"
) -> tuple[str, ...]:
    """Say what was kept back, and where the site is.

    Parameters
    ----------
    run
        Id of the run.
    folder
        Of the site.
    files
        Bytes of each file by its path.
    rules
        What left the house.
    language
        vi or en.
    """
    size = sum(files.values()) / _MEGABYTE
    end = say(
        "site",
        "end.published",
        language,
        run=run,
        folder=folder,
        count=len(files),
        size=size,
        page=folder / INDEX,
    )
    return (*(withheld_lines(rules, language) or [say("site", "end.all", language)]), end)


def site_facts(run: str, folder: Path, files: Mapping[str, int], rules: Publish) -> dict[str, object]:
    """Give what ``blackspot publish --json`` prints."""
    return {
        "run": run,
        "folder": folder,
        "files": len(files),
        "bytes": sum(files.values()),
        "withheld": list(rules.withheld),
        "exit_code": DONE,
    }


def check_lines(folder: Path, damage: Sequence[Both], language: str = "en") -> tuple[str, ...]:
    """Say what is wrong with a site, one sentence each, or that nothing is."""
    if not damage:
        return (say("site", "end.whole", language, folder=folder),)
    lines = [getattr(one, language) for one in damage]
    return (*lines, say("site", "end.damaged", language, count=len(damage)))


def check_facts(folder: Path, damage: Sequence[Both]) -> dict[str, object]:
    """Give what ``blackspot publish --check --json`` prints."""
    return {
        "folder": folder,
        "damage": [one._asdict() for one in damage],
        "exit_code": DAMAGED if damage else DONE,
    }
