"""The log of one run in lines of JSON, with times: what was done and how long it took, what was said, how it ended.

::

    out/logs/000123-9f2c41.jsonl                    the run that was published under this name
    out/logs/unchanged-2026-10-31T020000Z.jsonl     there was nothing new
    out/logs/failed-2026-10-31T020000Z.jsonl        nothing was published; also of a run that was killed

A run folder has no time in it, so that the same inputs give the same bytes: the log stands beside the runs. The
newest of each kind are kept. A log that cannot be written is told once and never stops a run.
"""

from __future__ import annotations

import json
import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from ..disk.atomic import remove
from ..text.safe import clean_text, printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ...errors import Finding
    from ...progress import Progress

LOGS = "logs"
KEPT_OF_EACH_KIND = 100
"""Logs of published runs, of runs with nothing new and of failed ones that stay."""

_UNFINISHED = ".unfinished.jsonl"
_MOST_LINES = 20_000
_LONGEST_TEXT = 4000  # characters
_KINDS = ("failed-", "unchanged-", "")

log = logging.getLogger("blackspot")


@dataclass(slots=True)
class _Step:
    name: str
    since: float


class RunLog(logging.Handler):
    """The log of the run that holds an output folder; what the program logs meanwhile goes there, too.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    """

    def __init__(self, out: Path) -> None:
        super().__init__(logging.INFO)
        self._folder = out / LOGS
        self._began = time.monotonic()
        self._step: _Step | None = None
        self._lines = 0
        self._stream: TextIO | None = None
        try:
            self._folder.mkdir(exist_ok=True)
            self._rename_leftover()
            remove(self._folder / _UNFINISHED)
            self._stream = (self._folder / _UNFINISHED).open("x", encoding="utf-8", newline="\n")
        except OSError as error:
            self._give_up(error)

    def emit(self, record: logging.LogRecord) -> None:
        """Write what the program logs."""
        self.write("message", level=record.levelname.lower(), text=record.getMessage())

    def write(self, event: str, **facts: object) -> None:
        """Write one line.

        Parameters
        ----------
        event
            What happened: ``begin``, ``step``, ``finding``, ``message``, ``end`` or ``hook``.
        **facts
            Values of JSON; texts become one line without control characters.
        """
        if self._stream is None or (self._lines >= _MOST_LINES and event not in {"end", "hook"}):
            return
        self._lines += 1
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "seconds": round(time.monotonic() - self._began, 3),
            "event": event,
            **facts,
        }
        try:
            self._stream.write(json.dumps(_clean(entry), ensure_ascii=False, allow_nan=False) + "\n")
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def listening(self, progress: Progress) -> Progress:
        """Give a receiver of progress that notes each step with the seconds it took, and passes everything on."""

        def tell(share: float, text: str) -> None:
            if self._step is None or self._step.name != text:
                self._end_step()
                self._step = _Step(text, time.monotonic())
            if progress is not None:
                progress(share, text)

        return tell

    def findings(self, found: Iterable[Finding]) -> None:
        """Note what the checks said, in English."""
        for finding in found:
            self.write(
                "finding",
                code=finding.code,
                severity=finding.severity,
                count=finding.count,
                text=finding.sentence(),
            )

    def end(self, kind: str, **facts: object) -> None:
        """Note the end of the run and give the log its name; more may be written afterwards.

        Parameters
        ----------
        kind
            Name of a published run, or ``unchanged`` or ``failed``.
        **facts
            What else there is to say about the end.
        """
        self._end_step()
        self.write("end", **facts)
        if self._stream is None:
            return
        name = kind if kind not in {"unchanged", "failed"} else _dated(kind, datetime.now(UTC))
        try:
            (self._folder / _UNFINISHED).rename(_free(self._folder, name))
            self._prune()
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(OSError):  # a full disk was told when the line was written
                stream.close()
        super().close()

    def _end_step(self) -> None:
        step, self._step = self._step, None
        if step is not None:
            self.write("step", name=step.name, took=round(time.monotonic() - step.since, 3))

    def _rename_leftover(self) -> None:
        """Keep the log of a run that was killed: it says how far it came."""
        leftover = self._folder / _UNFINISHED
        if leftover.is_file() and not leftover.is_symlink():
            when = datetime.fromtimestamp(leftover.stat().st_mtime, UTC)
            leftover.rename(_free(self._folder, _dated("failed", when)))

    def _prune(self) -> None:
        """Remove the oldest logs of each kind."""
        names = sorted(path.name for path in self._folder.glob("*.jsonl") if not path.name.startswith("."))
        for kind in _KINDS:
            alike = [name for name in names if (kind and name.startswith(kind)) or _is_run(name, kind)]
            for name in alike[:-KEPT_OF_EACH_KIND]:
                (self._folder / name).unlink()

    def _give_up(self, error: Exception) -> None:
        self.close()
        log.warning("%s: the log of the run cannot be written (%s); the run goes on.", self._folder, error)


def _is_run(name: str, kind: str) -> bool:
    return not kind and re.match("[0-9]", name) is not None


def _dated(kind: str, when: datetime) -> str:
    return f"{kind}-{when:%Y-%m-%dT%H%M%SZ}"


def _free(folder: Path, name: str) -> Path:
    """Give the file of a name, or of the name and a number where there is one already."""
    path, number = folder / f"{name}.jsonl", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.jsonl"
    return path


def _clean(value: object) -> object:
    """Make texts safe to print, and short."""
    if isinstance(value, str):
        return printable(clean_text(value[:_LONGEST_TEXT]))
    if isinstance(value, dict):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
