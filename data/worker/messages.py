"""What a run and its worker process say to each other, over pipes that nobody else can reach.

Messages are pickled: both ends are this program, on the same machine, and nothing of it ever lies in a file.
"""

from __future__ import annotations

import pickle
import struct
import threading
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping, Sequence

_LENGTH: Final = struct.Struct("<Q")


class Call(NamedTuple):
    """A function and what it is called with; ``tells`` where it is also handed a receiver of its progress."""

    function: Callable[..., object]
    arguments: Sequence[object]
    named: Mapping[str, object]
    tells: bool


class Started(NamedTuple):
    """The worker runs."""


class Ended(NamedTuple):
    """A job came to an end, with a result or an error."""

    number: int
    result: object
    error: BaseException | None


class Progressed(NamedTuple):
    """Progress of a job: the share that is done, and what is being done."""

    number: int
    share: float
    text: str


class Logged(NamedTuple):
    """A message for the log."""

    record: logging.LogRecord


class Warned(NamedTuple):
    """A warning, as Python gives it to whoever shows it."""

    message: str
    category: type[Warning]
    filename: str
    lineno: int


class Sender:
    """The end of a pipe that messages go into, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._one_at_a_time = threading.Lock()

    def send(self, message: object) -> None:
        """Write one message.

        Raises
        ------
        pickle.PicklingError, TypeError, AttributeError
            Something in it cannot be handed over; nothing was written.
        OSError
            The other end has gone.
        """
        content = packed(message)
        with self._one_at_a_time:
            self._stream.write(_LENGTH.pack(len(content)))
            self._stream.write(content)
            self._stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """Read one message, still packed; None where the other end has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    return content if len(content) == length else None


def packed(message: object) -> bytes:
    """Turn a message into bytes."""
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(content: bytes) -> object:
    """Take a message out of what :func:`packed` gave."""
    return pickle.loads(content)  # noqa: S301 - from the other process of this program, over a pipe of our own
