"""The worker process: does one job after the other, and ends with whoever started it."""

from __future__ import annotations

import ctypes
import importlib
import itertools
import logging
import os
import queue
import signal
import sys
import threading
import traceback
import warnings
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO, cast

from .messages import Ended, Logged, Progressed, Sender, Started, Warned, packed, receive, unpacked

if TYPE_CHECKING:
    from .messages import Call

_LEFT_TO_PARENT: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PARENT_DEATH_SIGNAL: Final = 1  # of prctl


def serve(parent: int, level: int) -> None:
    """Do jobs from standard input until it is closed; answers go to standard output.

    Parameters
    ----------
    parent
        Number of the process that started this one.
    level
        Level of its log.
    """
    for stopping in _LEFT_TO_PARENT:
        signal.signal(stopping, signal.SIG_IGN)  # who asked decides when to stop
    _end_with(parent)
    requests, answers = _channels()
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, calls), daemon=True).start()
    _hand_on_messages(answers, level)
    answers.send(Started())
    for number in itertools.count():
        _answer(answers, _done(calls.get(), number, answers))


def import_modules(names: tuple[str, ...]) -> None:
    """Load modules before a job needs them."""
    for name in names:
        importlib.import_module(name)


def _end_with(parent: int) -> None:
    """Let the kernel end this process with the other one, also while a library keeps Python from looking up."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it went before that was said
        os._exit(1)


def _channels() -> tuple[BinaryIO, Sender]:
    """Take standard input and output for messages; what libraries print goes to standard error."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, Sender(answers)


def _listen(requests: BinaryIO, calls: queue.SimpleQueue[bytes]) -> None:
    """Take in jobs while another one is done, and end in the middle of it where nobody waits any more."""
    while (content := receive(requests)) is not None:
        calls.put(content)
    os._exit(1)


def _hand_on_messages(answers: Sender, level: int) -> None:
    """Send what would be logged, and every warning: the filters of the other process decide."""
    logger = logging.getLogger("blackspot")
    logger.setLevel(level)
    logger.addHandler(_LogSender(answers))

    def show(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001 - as Python calls it
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        answers.send(Warned(str(message), category, filename, lineno))

    warnings.simplefilter("always")
    warnings.showwarning = show


class _LogSender(logging.Handler):
    """Sends messages of the log."""

    def __init__(self, answers: Sender) -> None:
        super().__init__()
        self._answers = answers

    def emit(self, record: logging.LogRecord) -> None:
        """Send one message; the trace of an error, which cannot be sent, becomes text."""
        if record.exc_info:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        self._answers.send(Logged(record))


def _done(content: bytes, number: int, answers: Sender) -> Ended:
    """Do a job; whatever it raises is its answer."""
    try:
        call = cast("Call", unpacked(content))
        del content  # may be as large as the country
        return Ended(number, _result(call, number, answers), None)
    except BaseException as error:  # noqa: BLE001 - raised in the other process
        trace = "".join(traceback.format_exception(error)).rstrip()
        sent = error if _can_be_sent(error) else RuntimeError(f"{type(error).__name__}: {error}")
        sent.add_note(f"In the worker process:\n{trace}")
        return Ended(number, None, sent)


def _result(call: Call, number: int, answers: Sender) -> object:
    if not call.tells:
        return call.function(*call.arguments, **call.named)

    def tell(share: float, text: str) -> None:
        answers.send(Progressed(number, share, text))

    return call.function(*call.arguments, **call.named, progress=tell)


def _can_be_sent(error: BaseException) -> bool:
    """Say whether an error arrives as what it is; some ask for more than their words when they are made."""
    try:
        arrived = unpacked(packed(error))
    except Exception:  # noqa: BLE001 - whatever a class of a library raises
        return False
    return type(arrived) is type(error) and str(arrived) == str(error)


def _answer(answers: Sender, ended: Ended) -> None:
    try:
        answers.send(ended)
    except OSError:
        os._exit(1)  # nobody waits for it
    except Exception as error:  # noqa: BLE001 - whatever pickling a result raises
        unsent = RuntimeError(f"the result of a job cannot be handed over: {type(error).__name__}: {error}")
        answers.send(Ended(ended.number, None, unsent))
