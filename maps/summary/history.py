"""The history of an output folder in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.safe import plain, printable
from ...data.text.sentences import say, spoken
from ...data.text.words import words
from ..words.figures import number
from .block import Block, told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ...data.runs.kept import KeptRun

_COLUMNS = ("run", "recorded", "people", "failing", "black_spots", "refused", "warnings", "seconds")


def runs_blocks(kept: Sequence[KeptRun], language: str = "en") -> tuple[Block, ...]:
    """Give what is kept: the series as a table with what differs beneath, failures, variants with their labels.

    Parameters
    ----------
    kept
        In the order they are shown.
    language
        vi or en.
    """
    if not kept:
        return (Block(lines=(say("history", "none", language),)),)
    names = words("history", language)
    header = tuple(names[f"column.{name}"] for name in _COLUMNS)
    numbers = frozenset(range(2, len(header)))
    runs = [one for one in kept if one.kind == "run"]
    variants = [one for one in kept if one.kind == "variant"]
    pending = [one for one in kept if one.kind == "pending"]
    blocks = (
        Block(
            title=names["series"] if variants else "",
            header=header,
            rows=tuple(_row(one, language) for one in runs),
            numbers=numbers,
            lines=tuple(line for one in runs for line in _beneath(one, language)),
        ),
        Block(
            title=names["failures"],
            lines=tuple(line for one in kept for line in _unpublished(one, language)),
        ),
        Block(
            title=names["pending"],
            header=header,
            rows=tuple(_row(one, language) for one in pending),
            numbers=numbers,
            lines=tuple(line for one in pending for line in told(one.reasons, language)),
        ),
        Block(
            title=names["variants"],
            header=header,
            rows=tuple(_row(one, language) for one in variants),
            numbers=numbers,
            lines=tuple(plain(one.differs[language]) for one in variants if one.differs.get(language)),
        ),
    )
    return tuple(block for block in blocks if block.rows or block.lines)


def _row(one: KeptRun, language: str) -> tuple[str, ...]:
    record = one.record
    assert record is not None  # noqa: S101 - failures have no row
    return (
        plain(f"{one.name}/{record.id}" if one.name else record.id),
        _time(record.recorded_at),
        *(
            number(record.figures.get(name), language)
            for name in ("pop_total", "pop_failing", "black_spot_count")
        ),
        *(number(record.findings.get(severity, 0), language) for severity in ("error", "warning")),
        number(record.seconds, language),
    )


def _beneath(one: KeptRun, language: str) -> list[str]:
    """Say in what a run differs from the one before, and what was done to it."""
    record = one.record
    assert record is not None  # noqa: S101 - as above
    lines = _events(one, language)
    if one.differs.get(language):
        differences = plain(one.differs[language])
        lines.append(say("history", "differs", language, run=plain(record.id), differences=differences))
    return lines


def _events(one: KeptRun, language: str) -> list[str]:
    return [
        say(
            "history",
            f"event.{event.what}",
            language,
            run=plain(event.run),
            at=_time(event.recorded_at),
            reason=plain(event.reason),
        )
        for event in one.events
    ]


def _unpublished(one: KeptRun, language: str) -> list[str]:
    """Say why an attempt published nothing, or what became of a run that waited; nothing of others."""
    failed = one.failure
    if failed is None:
        return _events(one, language) if one.kind == "superseded" else []
    if one.kind == "interruption":
        message = say("history", f"stopped.{failed.exit_code}", language)
    else:
        message = printable(spoken(failed.messages[0] if failed.messages else "", language))
    line = say(
        "history",
        "failure",
        language,
        at=_time(failed.recorded_at),
        code=failed.exit_code,
        message=f"{one.name}: {message}" if one.name else message,
    )
    return [line]


def _time(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
