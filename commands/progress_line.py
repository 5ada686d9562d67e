"""The progress of a command on standard error: a bar on a terminal, one line for each step in a log."""

# ruff: noqa: PLC0415 - heavy imports wait inside the functions, so that --help starts at once

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import click

from ..data.text.safe import printable
from ..data.text.sentences import Spoken, say, spoken
from .options import spoken_language, verbosity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import RenderableType

    from ..progress import Progress

_REDRAWN_S: Final = 0.25
_CREPT: Final = 0.04  # of the whole line, at most, that the bar moves on while a step says nothing
_KNOWN_AFTER: Final = 0.08  # of the line, and
_KNOWN_AFTER_S: Final = 3.0  # before which nobody can say what is left
_MINUTE: Final = 60
_ROUND: Final = 5
_LONG: Final = 90


def one_line(message: str) -> str:
    """Make one line of a step's name, which may hold the name of a file or an operator, that no terminal obeys."""
    return printable(" ".join(message.split()))


@contextlib.contextmanager
def progress_line() -> Iterator[Progress]:
    """Offer a receiver that moves a bar on a terminal and prints one line per step into a log; -v adds times."""
    level, language = verbosity(), spoken_language()
    if level < 0:
        yield None
        return
    steps = StepLines(language, timed=level > 0)
    if not sys.stderr.isatty():
        steps.show = lambda line: click.echo(line, err=True)
        yield lambda _fraction, message: steps.begin(message, is_named=True)
        steps.end()
        return
    with _bar(language) as (move, show):
        steps.show = show

        def tell(fraction: float, message: str) -> None:
            steps.begin(message)
            move(fraction, one_line(spoken(message, language)))

        yield tell
        steps.end()


@dataclass(slots=True)
class StepLines:
    """The steps of a command as they begin and end.

    Attributes
    ----------
    language
        vi or en.
    timed
        Whether each step says at its end how long it took.
    show
        Shows a line.
    clock
        Seconds that never go back.
    """

    language: str
    timed: bool
    show: Callable[[str], None] = click.echo
    clock: Callable[[], float] = time.monotonic
    _step: str = field(default="", init=False)
    _begun: float = field(default=0.0, init=False)
    _said: set[str] = field(default_factory=set, init=False)

    def begin(self, message: str, *, is_named: bool = False) -> None:
        """Take note of what is being done; a log names each kind of step once, however many files there are."""
        line = one_line(spoken(message, self.language))
        if line == self._step:
            return
        self.end()
        self._step, self._begun = line, self.clock()
        kind = message.key if isinstance(message, Spoken) and message.key in _MANY else line
        if is_named and kind not in self._said:
            self._said.add(kind)
            self.show(line)

    def end(self) -> None:
        """Say how long the last step took, where that is asked for."""
        if self.timed and self._step:
            seconds = self.clock() - self._begun
            self.show("  " + say("progress", "took", self.language, step=self._step, seconds=seconds))
        self._step = ""


_MANY: Final = {"page"}
"""Steps of which there is one for each province."""


@contextlib.contextmanager
def _bar(language: str) -> Iterator[tuple[Callable[[float, str], None], Callable[[str], None]]]:
    """Draw a bar that moves with the clock while a step says nothing; gives what moves it and what prints above it."""
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
    from rich.text import Text

    from .terminal import console

    pace = Pace()

    class Left(ProgressColumn):
        """What is left, as far as anybody can say."""

        def render(self, task: Task) -> Text:  # noqa: ARG002 - rich's
            return Text(time_left(pace.left_s(), language))

    class Bar(Progress):
        """A bar that follows the clock."""

        def get_renderables(self) -> Iterable[RenderableType]:
            for task in self.tasks:
                task.completed = pace.shown()
            yield from super().get_renderables()

    columns = (BarColumn(), TaskProgressColumn(), Left(), TextColumn("{task.description}", markup=False))
    screen = console(stderr=True)
    with Bar(*columns, console=screen, transient=True, refresh_per_second=1 / _REDRAWN_S) as bar:
        task = bar.add_task("", total=1.0)

        def move(fraction: float, words: str) -> None:
            pace.reach(fraction)
            bar.update(task, completed=pace.shown(), description=words)

        yield move, lambda line: screen.print(line, highlight=False, markup=False)


@dataclass(slots=True)
class Pace:
    """How far a command is, from what its steps say and from the clock.

    Attributes
    ----------
    clock
        Seconds that never go back.
    """

    clock: Callable[[], float] = time.monotonic
    _begun: float | None = field(default=None, init=False)
    _heard: float = field(default=0.0, init=False)
    _heard_at: float = field(default=0.0, init=False)
    _shown: float = field(default=0.0, init=False)

    def reach(self, fraction: float) -> None:
        """Take note of what a step says."""
        self._begun = self.clock() if self._begun is None else self._begun
        if fraction > self._heard:
            self._heard, self._heard_at = fraction, self.clock()

    def shown(self) -> float:
        """Give the share done, from 0 to 1: between two words of the steps it goes on as fast as before, a little way."""
        if self._begun is None or self._heard_at <= self._begun:
            return self._shown
        rate = self._heard / (self._heard_at - self._begun)
        crept = min(rate * (self.clock() - self._heard_at), _CREPT)
        self._shown = min(max(self._shown, self._heard + crept), 1.0)
        return self._shown

    def left_s(self) -> float | None:
        """Give the seconds that are left at the rate so far; None while that is a guess."""
        if self._begun is None:
            return None
        done, seconds = self.shown(), self.clock() - self._begun
        if done < _KNOWN_AFTER or seconds < _KNOWN_AFTER_S:
            return None
        return seconds / done * (1.0 - done)


def time_left(seconds: float | None, language: str) -> str:
    """Write what is left as people say it: to 5 seconds, from a minute and a half on to the minute.

    Parameters
    ----------
    seconds
        None, where it is not known, gives nothing.
    language
        vi or en.
    """
    if seconds is None:
        return ""
    if seconds > _LONG:
        return say("progress", "minutes_left", language, count=round(seconds / _MINUTE))
    return say("progress", "seconds_left", language, count=max(_ROUND, _ROUND * round(seconds / _ROUND)))
