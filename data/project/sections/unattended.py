"""What a project file says for runs that nobody watches: the drop folder for deliveries, and the command told the end."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from .values import Amount, FilePath, Model, Text

NEEDED_SLOTS = ("operator", "service", "date")
"""What every name in the inbox must say."""
FURTHER_SLOTS = ("basis", "environment", "service_class")
"""What a name may say as well, to tell submissions of one operator and service apart."""


class InboxSource(Model):
    """A drop folder: what is complete there is archived and takes the place of the file that its submission names.

    One inbox and its archive belong to one project.
    """

    path: FilePath = Field(
        description="Folder into which deliveries are put; only files directly in it count."
    )
    archive: FilePath = Field(
        default=Path("inbox-archive"),
        description="Folder that keeps every delivery for good: one folder for each submission, in it one for each "
        "content, named by its day and SHA-256, with the file under the name it came with.",
    )
    pattern: Text = Field(
        default="{operator}_{service}_{date}",
        description="How a file is called, without its ending: operator and service as in [[submissions]], the date as "
        "2026-10-31 or 20261031. Capitals, accents, and which signs stand between words do not matter. Where several "
        "submissions share operator and service, {basis}, {environment} or {service_class} tells them apart.",
    )
    minimum_age_s: Amount = Field(
        default=60.0,
        description="Seconds for which a file must have been left alone before it is taken.",
    )
    overdue_s: Amount = Field(
        default=86_400.0,
        description="Seconds after which a file that is still not whole is a warning and no longer a note.",
    )

    @field_validator("archive")
    @classmethod
    def _apart_from_the_inbox(cls, value: Path, info: ValidationInfo) -> Path:
        inbox = info.data.get("path")
        if isinstance(inbox, Path) and (value.is_relative_to(inbox) or inbox.is_relative_to(value)):
            msg = "the archive and the inbox must lie apart; name a folder beside the inbox"
            raise ValueError(msg)
        return value

    @field_validator("pattern")
    @classmethod
    def _says_whose_and_when(cls, value: str) -> str:
        try:
            parts = list(string.Formatter().parse(value))
        except ValueError as error:
            msg = f"{value!r} has a brace too many or too few; write {{operator}}_{{service}}_{{date}}"
            raise ValueError(msg) from error
        slots = [name for _, name, _, _ in parts if name is not None]
        known = {*NEEDED_SLOTS, *FURTHER_SLOTS}
        if set(slots) - known or any(text or turned for _, _, text, turned in parts):
            msg = f"a name can say {', '.join(f'{{{name}}}' for name in (*NEEDED_SLOTS, *FURTHER_SLOTS))} and nothing else"
            raise ValueError(msg)
        if not set(NEEDED_SLOTS) <= set(slots) or len(slots) != len(set(slots)):
            msg = "the pattern needs {operator}, {service} and {date}, each once"
            raise ValueError(msg)
        return value


class HookCommand(Model):
    """A command that is started after every run and gets its end as one line of JSON on its standard input.

    It cannot change the exit code, and of the environment it sees PATH, HOME, LANG and words of blackspot alone.
    """

    command: tuple[str, ...] = Field(
        min_length=1,
        description='The program and its arguments, such as ["/usr/local/bin/tell", "--team", "coverage"]; no shell '
        "reads them. It starts in the folder of the project file.",
    )
    timeout_s: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] = Field(
        default=60.0,
        description="Seconds after which the command and everything it started are ended.",
    )

    @field_validator("command")
    @classmethod
    def _can_be_started(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value[0].strip() or any("\0" in word for word in value):
            msg = "begins with the name of a program, and has no null characters"
            raise ValueError(msg)
        return value
