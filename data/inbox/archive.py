"""The archive: every delivery for good, by its content, under the name it came with.

::

    inbox-archive/sao_mai-5g-declared/2026-10-31-<start of the sha256>/
        sao_mai_5g_2026-10-31.gpkg
        delivery.json        whose it is, of which day, its sha256, and when it came
        refused.json         only where a run has refused it

The folder of a delivery appears in one step, whole and on the disk, or not at all. Nothing here ever removes or
changes one. One content handed in for two submissions is kept for each of them.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic looks it up
import json
import os
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, TypeAdapter, ValidationError

from ...errors import WorkplaceError
from ..disk.atomic import explained_os_errors, protect_files, remove, sync_folder, sync_tree, write_atomically
from ..disk.copying import ChangedError, NotRegularError, TooLargeError, copy_regular
from ..disk.hashing import input_file
from ..text.sentences import told
from .naming import submission_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .drop_folder import Dropped

RECORD, REFUSED = "delivery.json", "refused.json"
_UNFINISHED = ".unfinished"
_DIGITS = (12, 64)  # of the hash in the name of a folder: all of them where another folder has these already
_MOST_RECORD_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """What ``delivery.json`` says.

    Attributes
    ----------
    number
        Deliveries are counted as they come, from 1, whatever the clock says.
    of
        The submission: operator, service, class, environment, basis, see
        :func:`blackspot.data.submissions.versions.identity`.
    date
        The day the coverage speaks of.
    file
        Name of the main file, as it came.
    sha256
        Of its content, companions counted, see :func:`blackspot.data.disk.hashing.input_file`.
    size
        Bytes of all its files.
    received
        When it was taken, UTC.
    """

    number: Annotated[int, Field(ge=1)]
    of: tuple[str, ...]
    date: dt.date
    file: Annotated[str, Field(min_length=1, pattern=r"^[^/\x00]+$")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: int
    received: str = ""


_RECORD = TypeAdapter(DeliveryRecord)


@dataclass(frozen=True, slots=True)
class Archived:
    """A delivery in the archive.

    Attributes
    ----------
    record
        What was noted when it came.
    folder
        Where it lies.
    """

    record: DeliveryRecord
    folder: Path

    @property
    def path(self) -> Path:
        """Its main file."""
        return self.folder / self.record.file

    @property
    def is_refused(self) -> bool:
        """Whether a run has refused it."""
        return (self.folder / REFUSED).exists()

    def is_whole(self) -> bool:
        """Say whether the file still is what came; a link or another content is not."""
        try:
            return input_file("", self.path).sha256 == self.record.sha256
        except (FileNotFoundError, NotADirectoryError, NotRegularError, PermissionError, TooLargeError):
            return False


@dataclass(slots=True)
class Archive:
    """The deliveries of a project so far; the caller holds the output folder, so that nobody else adds to them.

    Attributes
    ----------
    folder
        Of the archive; made with the first delivery.
    deliveries
        All of them, in the order in which they came.
    damaged
        Folders whose record is missing or cannot be understood.
    """

    folder: Path
    deliveries: list[Archived] = field(default_factory=list)
    damaged: list[Path] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Archive:
        """Read what is kept in a folder.

        Raises
        ------
        WorkplaceError
            It cannot be read.
        """
        archive = cls(folder)
        with explained_os_errors(folder, told("errors", "doing.read_archive")):
            for place in _places(folder):
                kept = _read(place)
                if kept is None:
                    archive.damaged.append(place)
                else:
                    archive.deliveries.append(kept)
        archive.deliveries.sort(key=lambda kept: kept.record.number)
        return archive

    def of_content(self, sha256: str) -> tuple[Archived, ...]:
        """Give the deliveries of a content, whosever they are."""
        return tuple(kept for kept in self.deliveries if kept.record.sha256 == sha256)

    def has_size(self, size: int) -> bool:
        """Say whether a delivery has as many bytes, so that it may be the same."""
        return any(kept.record.size == size for kept in self.deliveries)

    def add(
        self, dropped: Dropped, of: tuple[str, ...], date: dt.date, sha256: str, received: str
    ) -> Archived:
        """Keep a delivery; its files in the drop folder stay as they are.

        Parameters
        ----------
        dropped
            The delivery.
        of
            The submission it is of.
        date
            The day it speaks of.
        sha256
            Of its content, as it was just hashed.
        received
            When it is taken, UTC.

        Returns
        -------
        Archived
            The copy, compared with the hash after it was written.

        Raises
        ------
        ChangedError
            The files changed meanwhile; nothing is kept.
        NotRegularError, TooLargeError
            One of them is something else now.
        WorkplaceError
            The disk is full or read-only, or the rights do not suffice.
        OSError
            A file cannot be read any more.
        """
        number = max((kept.record.number for kept in self.deliveries), default=0) + 1
        record = DeliveryRecord(
            number=number,
            of=of,
            date=date,
            file=dropped.main.name,
            sha256=sha256,
            size=dropped.size,
            received=received,
        )
        place = self._free_place(record)
        draft = self.folder / _UNFINISHED
        with explained_os_errors(self.folder, told("errors", "doing.keep_delivery")):
            place.parent.mkdir(parents=True, exist_ok=True)
            remove(draft)
            draft.mkdir()
        try:
            for path in dropped.files:
                copy_regular(path, draft / path.name)
            _compare(draft / record.file, sha256)
            self._publish(draft, place, record)
        except BaseException:
            remove(draft)
            raise
        kept = Archived(record, place)
        self.deliveries.append(kept)
        return kept

    def _free_place(self, record: DeliveryRecord) -> Path:
        """Choose the folder of a delivery; one that stands there is damaged, or another content, and stays."""
        parent = self.folder / submission_folder(record.of)
        names = [*_names(record), *(f"{_names(record)[-1]}-{number}" for number in range(2, 100))]
        free = [name for name in names if not os.path.lexists(parent / name)]
        if not free:
            raise WorkplaceError(f"{parent}: many damaged copies of one delivery; look at the disk.")
        return parent / free[0]

    def _publish(self, draft: Path, place: Path, record: DeliveryRecord) -> None:
        """Give a complete draft its name."""
        with explained_os_errors(place, told("errors", "doing.keep_delivery")):
            write_atomically(draft / RECORD, _RECORD.dump_json(record, indent=2).decode() + "\n")
            protect_files(draft)
            sync_tree(draft)
            os.rename(draft, place)  # noqa: PTH104 - os beside the syncs: the order of system calls is the point
            for folder in (place.parent, self.folder, self.folder.parent):
                sync_folder(folder)


def note_refused(path: Path, codes: tuple[str, ...], run: str) -> None:
    """Note beside a delivery that a run refused it, so that a mended one of the same day can take its place.

    Parameters
    ----------
    path
        Main file of the delivery, in the archive.
    codes
        Why it was refused.
    run
        The run that says so.

    Raises
    ------
    WorkplaceError
        It cannot be written.
    """
    note = path.with_name(REFUSED)
    if not note.exists():
        write_atomically(note, json.dumps({"codes": list(codes), "run": run}, indent=2) + "\n")


def _names(record: DeliveryRecord) -> list[str]:
    """Give the names that the folder of a delivery may have."""
    return [f"{record.date.isoformat()}-{record.sha256[:digits]}" for digits in _DIGITS]


def _compare(copy: Path, sha256: str) -> None:
    """Make sure that a copy, as the disk has it, is what was hashed before it was made."""
    if input_file("", copy).sha256 != sha256:
        raise ChangedError(0, "changed while it was copied", str(copy))


def _places(folder: Path) -> Iterator[Path]:
    """Go through the folders of deliveries; hidden ones are drafts."""
    if not folder.is_dir():
        return
    for parent in sorted(folder.iterdir()):
        if parent.is_dir() and not parent.is_symlink() and not parent.name.startswith("."):
            yield from (place for place in sorted(parent.iterdir()) if place.is_dir())


def _read(place: Path) -> Archived | None:
    """Read the record of a delivery; None where it is none, or names something else than what its folder says."""
    try:
        with (place / RECORD).open("rb") as stream:
            record = _RECORD.validate_json(stream.read(_MOST_RECORD_BYTES))
    except (FileNotFoundError, IsADirectoryError, ValidationError):
        return None
    fits = place.parent.name == submission_folder(record.of) and place.name.startswith(_names(record)[0])
    is_name = PurePath(record.file).name == record.file and record.file != os.pardir
    return Archived(record, place) if fits and is_name else None
