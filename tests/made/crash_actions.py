"""What is done to an output folder while the simulated disk records it, as it is done and with a safeguard taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blackspot.data.inbox.archive import Archive
from blackspot.data.inbox.drop_folder import Dropped
from blackspot.data.runs import output_folder
from blackspot.data.runs.attempts import note_success
from blackspot.data.runs.output_folder import OutputFolder
from drop_folders import Inbox
from publishing import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.data.inbox.archive import Archived

    Mark = Callable[[str], None]

NEW = "000002-bbbbbb"


def publish_and_note(out: Path, change: str) -> Callable[[Mark], None]:
    """Publish a second run and note it, as the end of a run does."""
    if change:
        CHANGES[change]()

    def action(mark: Mark) -> None:
        with OutputFolder(out) as folder:
            temp = folder.begin(NEW)
            fill(temp, NEW)
            folder.publish(temp, NEW)
            mark("published")
            note_success(
                out, run_id=NEW, published=True, code=0, seconds=1.0, findings=(), submissions=(), messages=()
            )
        mark("noted")

    return action


def take_a_delivery(place: Path, change: str) -> Callable[[Mark], None]:
    """Take one file out of a drop folder, as the beginning of a run does."""
    if change:
        CHANGES_OF_TAKING[change]()
    inbox = Inbox(place)
    inbox.put()

    def action(mark: Mark) -> None:
        inbox.sweep()
        mark("taken")

    return action


def _remove_first() -> None:
    add = Archive.add

    def late(self: Archive, dropped: Dropped, *words: Any) -> Archived:
        content = {path: path.read_bytes() for path in dropped.files}
        for path in dropped.files:
            path.unlink()
        elsewhere = dropped.main.parent.parent / "elsewhere"
        elsewhere.mkdir()
        for path, bytes_ in content.items():
            (elsewhere / path.name).write_bytes(bytes_)
        moved = Dropped(elsewhere / dropped.main.name, looks=dropped.looks)
        return add(self, moved, *words)

    Archive.add = late  # type: ignore[method-assign]


def _write_in_place() -> None:
    def plainly(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")

    output_folder.write_atomically = plainly


def _pointer_first() -> None:
    publish = OutputFolder.publish

    def early(self: OutputFolder, temp: Path, run_id: str) -> Path:
        self._name_latest(run_id)
        return publish(self, temp, run_id)

    OutputFolder.publish = early  # type: ignore[method-assign]


CHANGES = {"written in place": _write_in_place, "pointer first": _pointer_first}
CHANGES_OF_TAKING = {"removed first": _remove_first}
ACTIONS = {"publish and note": publish_and_note, "take a delivery": take_a_delivery}
