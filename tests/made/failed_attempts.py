"""What the history file keeps about attempts that published nothing, as any program that reads SQLite sees it."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from blackspot.data.runs.run_records import FailedAttempt

if TYPE_CHECKING:
    from pathlib import Path


def failed_attempts(out: Path) -> tuple[FailedAttempt, ...]:
    """Read the failed attempts of an output folder, in the order in which they were noted."""
    query = "SELECT recorded_at, digest, exit_code, seconds, messages FROM failures ORDER BY number"
    with closing(sqlite3.connect(out / "history.sqlite")) as database:
        rows = database.execute(query).fetchall()
    return tuple(
        FailedAttempt(
            recorded_at=dt.datetime.fromisoformat(row[0]),
            digest=row[1],
            exit_code=row[2],
            seconds=row[3],
            messages=tuple(one["en"] if isinstance(one, dict) else one for one in json.loads(row[4])),
        )
        for row in rows
    )
