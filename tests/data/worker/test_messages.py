"""Messages between a run and its worker process."""

from __future__ import annotations

import io

import pytest

from blackspot.data.worker.messages import Sender, receive, unpacked


def test_messages_stay_whole() -> None:
    """One after the other comes as it went, and half a message is none: the other end has gone."""
    stream = io.BytesIO()
    sender = Sender(stream)
    sender.send(["a", 1])
    length = stream.tell()
    sender.send("b")
    stream.seek(0)
    assert [["a", 1], "b"] == [unpacked(receive(stream) or b"") for _ in range(2)]
    assert receive(stream) is None
    assert {None} == {receive(io.BytesIO(stream.getvalue()[:size])) for size in range(length)}


def test_what_cannot_be_handed_over_leaves_nothing_behind() -> None:
    """The next message is not taken for a part of it."""
    stream = io.BytesIO()
    with pytest.raises(AttributeError):
        Sender(stream).send(lambda: None)
    assert b"" == stream.getvalue()
