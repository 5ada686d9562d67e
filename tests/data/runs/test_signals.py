"""Signals that wait."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.signals import HeldSignals, obey_lost, obey_signals
from blackspot.errors import TerminatedError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _default_interrupt() -> Iterator[None]:
    """A background job starts with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_signal_is_obeyed_once_and_later() -> None:
    """Several are one; without any nothing happens, and handlers are as they were."""
    held = HeldSignals()
    held.hold()
    held.hold()
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        held.release()
    assert signal.default_int_handler is signal.getsignal(signal.SIGINT)
    held.release()
    held.hold()
    held.release()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_an_ignored_signal_stays_ignored() -> None:
    """As ``nohup`` asks."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    held = HeldSignals()
    held.hold()
    assert signal.SIG_IGN is signal.getsignal(signal.SIGHUP)
    signal.raise_signal(signal.SIGHUP)
    held.release()
    signal.signal(signal.SIGHUP, before)


def test_another_thread_has_nothing_to_hold() -> None:
    """Python lets only the main thread set handlers."""
    told: list[BaseException] = []

    def work() -> None:
        try:
            held = HeldSignals()
            held.hold()
            held.release()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            told.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert [] == told


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, TerminatedError)]
)
def test_a_signal_that_a_library_drops_is_obeyed_later(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    """Once; where nothing was lost nothing happens."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        obey_signals()
        obey_lost()
        with pytest.raises(raised):  # stands for the library that drops what its callback raises
            signal.raise_signal(number)
        with pytest.raises(raised):
            obey_lost()
        obey_lost()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_is_ignored_stays_so() -> None:
    """A background job is not stopped by the Ctrl-C of another."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    before = signal.getsignal(signal.SIGTERM)
    try:
        obey_signals()
        signal.raise_signal(signal.SIGINT)
        assert signal.SIG_IGN is signal.getsignal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before)
