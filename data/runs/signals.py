"""Signals held back while a finished run is made known: stopping then would leave half of the truth behind."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class HeldSignals:
    """Ctrl-C, SIGTERM and SIGHUP, remembered instead of obeyed between ``hold`` and ``release``.

    Only the main thread of a program receives signals; in any other there is nothing to hold.
    """

    def __init__(self) -> None:
        self._before: dict[signal.Signals, object] = {}
        self._arrived: list[int] = []

    def hold(self) -> None:
        """Remember signals from now on; those that are ignored stay so."""
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
