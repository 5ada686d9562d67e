"""The history of an output folder: every run and every failed attempt, with its time, in one SQLite file.

Times live here and not in the run folders, so that the same inputs give the same run folder. The file can be
read while a run writes into it, and made again from the run folders when it is lost.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from ...errors import WorkplaceError
from ..disk.atomic import explained_os_errors
from ..text.sentences import Spoken, told
from .listing import list_runs
from .manifest import canonical_json
from .run_records import EVENTS_SINCE, MIGRATIONS, Event, FailedAttempt, RunRecord, record_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

HISTORY = "history.sqlite"
_WAIT_S = 10.0


class DamagedHistoryError(WorkplaceError):
    """The history file holds something else than a history."""


class History:
    """The history file; use it in a ``with`` statement.

    Parameters
    ----------
    out
        The output folder; must exist. The file is made when it does not exist, and brought up to date when it
        is of an older version of the program.
    read_only
        Only look, as while another program writes or without the right to write; the file must exist.

    Raises
    ------
    DamagedHistoryError
        The file is damaged; ``set_aside`` makes room for another.
    WorkplaceError
        The file is of a newer version, another program holds it, or it cannot be written.
    """

    def __init__(self, out: Path, *, read_only: bool = False) -> None:
        self.path = out / HISTORY
        address = f"{self.path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        if read_only and not os.access(out, os.W_OK):
            address += "&immutable=1"  # a reader, too, keeps a small file beside the history, where it may
        with self._in_words():
            self._database = sqlite3.connect(address, timeout=_WAIT_S, isolation_level=None, uri=True)
        if read_only:
            return
        try:
            with self._in_words():
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = FULL")
                self._migrate()
                self.check()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def add_run(self, record: RunRecord) -> None:
        """Keep a published run; a record of the same run is replaced.

        Parameters
        ----------
        record
            The run.

        Raises
        ------
        WorkplaceError
            The file cannot be written, or another program holds it.
        ValueError
            The time has no time zone.
        """
        with self._in_words():
            self._insert(record, replace=True)

    def add_failure(self, attempt: FailedAttempt) -> None:
        """Keep a failed attempt.

        Parameters
        ----------
        attempt
            The attempt.

        Raises
        ------
        WorkplaceError
            The file cannot be written, or another program holds it.
        ValueError
            The time has no time zone.
        """
        with self._in_words():
            self._database.execute(
                "INSERT INTO failures (recorded_at, digest, exit_code, seconds, messages) VALUES (?, ?, ?, ?, ?)",
                (
                    _utc_text(attempt.recorded_at),
                    attempt.digest,
                    attempt.exit_code,
                    attempt.seconds,
                    json.dumps([_kept(one) for one in attempt.messages], ensure_ascii=True),
                ),
            )

    def runs(self) -> tuple[RunRecord, ...]:
        """Give all published runs.

        Returns
        -------
        tuple of RunRecord
            Oldest first, by number and not by time.

        Raises
        ------
        WorkplaceError
            The file cannot be read.
        """
        query = "SELECT id, recorded_at, digest, exit_code, seconds, figures, findings FROM runs ORDER BY sequence"
        with self._in_words():
            rows = self._database.execute(query).fetchall()
        try:
            return tuple(
                RunRecord(
                    id=str(row[0]),
                    recorded_at=dt.datetime.fromisoformat(row[1]),
                    digest=row[2],
                    exit_code=row[3],
                    seconds=row[4],
                    figures=json.loads(row[5]),
                    findings=json.loads(row[6]),
                )
                for row in rows
            )
        except (ValueError, TypeError) as error:
            raise self._damaged(error) from error

    def failures(self) -> tuple[FailedAttempt, ...]:
        """Give all attempts that published nothing, oldest first.

        Raises
        ------
        WorkplaceError
            The file cannot be read.
        """
        query = "SELECT recorded_at, digest, exit_code, seconds, messages FROM failures ORDER BY number"
        with self._in_words():
            rows = self._database.execute(query).fetchall()
        return tuple(
            FailedAttempt(
                recorded_at=dt.datetime.fromisoformat(row[0]),
                digest=row[1],
                exit_code=row[2],
                seconds=row[3],
                messages=tuple(_message(one) for one in json.loads(row[4])),
            )
            for row in rows
        )

    def add_event(self, event: Event) -> None:
        """Keep what somebody, or the retention, did to a run.

        Parameters
        ----------
        event
            The event.

        Raises
        ------
        WorkplaceError
            The file cannot be written, or another program holds it.
        ValueError
            The time has no time zone.
        """
        with self._in_words():
            self._database.execute(
                "INSERT INTO events (recorded_at, what, run, reason) VALUES (?, ?, ?, ?)",
                (_utc_text(event.recorded_at), event.what, event.run, event.reason),
            )

    def events(self) -> tuple[Event, ...]:
        """Give everything that was done to runs, oldest first; nothing where an older program wrote the file.

        Raises
        ------
        WorkplaceError
            The file cannot be read.
        """
        with self._in_words():
            if self._version() < EVENTS_SINCE:
                return ()
            rows = self._database.execute(
                "SELECT recorded_at, what, run, reason FROM events ORDER BY number"
            ).fetchall()
        try:
            return tuple(Event(dt.datetime.fromisoformat(row[0]), *row[1:]) for row in rows)
        except (ValueError, TypeError) as error:
            raise self._damaged(error) from error

    def add_missing(self, out: Path) -> tuple[str, ...]:
        """Note the runs that have a folder but no record, as after a crash or when the history was lost.

        Parameters
        ----------
        out
            The output folder.

        Returns
        -------
        tuple of str
            Names of the runs that were added, oldest first.

        Raises
        ------
        WorkplaceError
            The file cannot be written, or a run folder cannot be read.
        """
        added = []
        with self._in_words(), self._transaction():
            known = {row[0] for row in self._database.execute("SELECT id FROM runs")}
            for run in list_runs(out):
                if run.id not in known:
                    self._insert(record_of(run), replace=False)
                    added.append(run.id)
        return tuple(added)

    def _insert(self, record: RunRecord, *, replace: bool) -> None:
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        self._database.execute(
            f"{verb} INTO runs (id, sequence, recorded_at, digest, exit_code, seconds, figures, findings) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.id,
                int(record.id.partition("-")[0]),
                _utc_text(record.recorded_at),
                record.digest,
                record.exit_code,
                record.seconds,
                canonical_json(record.figures),
                canonical_json(record.findings),
            ),
        )

    def _migrate(self) -> None:
        """Bring the tables up to date; two programs that start together do it once."""
        if self._version() == len(MIGRATIONS):
            return
        with self._transaction():
            version = self._version()
            if version > len(MIGRATIONS):
                raise WorkplaceError(told("errors", "history_newer", path=self.path))
            for number, migration in enumerate(MIGRATIONS[version:], version + 1):
                for statement in migration.statements:
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {number}")

    def check(self) -> None:
        """Make sure that the whole file is sound, and not only what happens to be read.

        Raises
        ------
        DamagedHistoryError
            It is not.
        """
        with self._in_words():
            said = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(said)

    def _version(self) -> int:
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # of our statements: the tables are others
                raise self._damaged(error) from error
            raise WorkplaceError(told("errors", "history_unusable", path=self.path, words=error)) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> DamagedHistoryError:
        return DamagedHistoryError(told("errors", "history_damaged", path=self.path, words=error))


def set_aside(out: Path) -> Path:
    """Move a damaged history out of the way, with what belongs to it.

    Parameters
    ----------
    out
        The output folder, held by the caller.

    Returns
    -------
    Path
        Where it is now: beside the history, with a number that was free.

    Raises
    ------
    WorkplaceError
        The rights do not suffice, or the disk failed.
    """
    path = out / HISTORY
    number = 1
    while (aside := path.with_name(f"{HISTORY}.damaged-{number}")).exists():
        number += 1
    with explained_os_errors(path, told("errors", "doing.move_history")):
        for ending in ("-wal", "-shm", ""):  # the file itself last: an interrupted move is done again
            part = path.with_name(f"{HISTORY}{ending}")
            if part.exists():
                part.rename(aside.with_name(f"{aside.name}{ending}"))
    return aside


def _utc_text(at: dt.datetime) -> str:
    if at.utcoffset() is None:
        raise ValueError("the time has no time zone; write when it is in UTC")
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


def _kept(message: str) -> object:
    """Write a message, in both languages where it is known in both."""
    return {"en": str(message), "vi": message.vietnamese} if isinstance(message, Spoken) else message


def _message(kept: object) -> str:
    """Take back what ``_kept`` wrote; older programs kept the English text alone."""
    return Spoken(str(kept["en"]), str(kept["vi"])) if isinstance(kept, dict) else str(kept)
