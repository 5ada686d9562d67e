"""Signals that stop the program: obeyed at once, not lost in a library, and held back while a run is made known."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from ...errors import TerminatedError

if TYPE_CHECKING:
    from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_OBEYED: dict[int, type[BaseException]] = {
    signal.SIGINT: KeyboardInterrupt,
    signal.SIGTERM: TerminatedError,
}
_not_obeyed: list[BaseException] = []


def obey_signals() -> None:
    """Stop with an exception on Ctrl-C and SIGTERM; those that are ignored stay so.

    Python raises it wherever the program is. In a function that a library calls, the library may drop it, and the program
    goes on as if nobody had stopped it; :func:`obey_lost` raises it again.
    """
    _not_obeyed.clear()
    for number in _OBEYED:
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, _stop)


def obey_lost() -> None:
    """Raise what a signal has raised before, where that got lost.

    Raises
    ------
    BaseException
        As the signal raised it.
    """
    if _not_obeyed:
        lost = _not_obeyed[0]
        _not_obeyed.clear()
        raise lost


def _stop(number: int, _frame: FrameType | None) -> None:
    _not_obeyed[:] = [_OBEYED[number]()]
    raise _not_obeyed[0]


class HeldSignals:
    """Ctrl-C, SIGTERM and SIGHUP, remembered instead of obeyed between ``hold`` and ``release``.

    Only the main thread of a program receives signals; in any other there is nothing to hold.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, object] = {}
        self._arrived: list[int] = []

    def hold(self, *, obey: bool = False) -> None:
        """Remember signals from now on; those that are ignored stay so.

        Parameters
        ----------
        obey
            Whether one that got lost before is obeyed first.

        Raises
        ------
        BaseException
            What such a signal raised.
        """
        if obey:
            obey_lost()
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _STOPPING:
            handler = signal.getsignal(number)
            if number not in self._before and handler not in (signal.SIG_IGN, None):
                self._before[number] = handler
                signal.signal(number, self._remember)

    def release(self) -> None:
        """Let signals through again, and obey one that arrived meanwhile.

        Raises
        ------
        BaseException
            Whatever the program does about that signal, such as KeyboardInterrupt.
        """
        before, self._before = self._before, {}
        for number, handler in before.items():
            signal.signal(number, handler)  # type: ignore[arg-type] # as getsignal gave it
        arrived, self._arrived = self._arrived, []
        if arrived:
            signal.raise_signal(arrived[0])

    def _remember(self, number: int, _frame: FrameType | None) -> None:
        self._arrived.append(number)
