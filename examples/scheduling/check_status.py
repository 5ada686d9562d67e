"""Say for a monitor whether the runs of an output folder are as they should be: ``check_status.py OUT [HOURS]``.

Ends with 0 when the last run ended well at most so many hours ago (26 where nobody says how many) and used everything
that was handed in, with 1 when older data is used for somebody, somebody has to look at the inbox or to approve a run,
or the last one was stopped, and with 2 when the last run failed, or none ended well for too long or ever. Monitors such as Nagios and Icinga read these as ok, warning and
critical.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

OK, WARNING, CRITICAL = 0, 1, 2


def judge(status: dict[str, dict[str, object]], now: dt.datetime, hours: float) -> tuple[int, str]:
    """Give the exit code and one line of words."""
    success = status.get("last_success")
    if success is None:
        return CRITICAL, "no run has ended well so far"
    age_h = (now - dt.datetime.fromisoformat(str(success["at"]))).total_seconds() / 3600
    last = str(status.get("last"))
    ended = status.get(f"last_{last}", {})
    why = f"{ended.get('exit_code')}: {ended.get('messages')}"
    told = {
        "failure": (CRITICAL, f"the last run failed with {why}"),
        "interruption": (WARNING, f"the last run was stopped with {why}"),
        "pending": (WARNING, f"run {ended.get('run')} waits for approval: {ended.get('messages')}"),
    }
    if age_h > hours and last not in {"failure", "pending"}:
        return CRITICAL, f"the last run ended well {age_h:.0f} hours ago"
    if last in told:
        return told[last]
    messages = success.get("messages") or []
    if success.get("exit_code") or messages:
        return WARNING, f"run {success['run']}: {messages}"
    return OK, f"run {success['run']}, {age_h:.0f} hours ago"


def main(words: list[str]) -> int:
    """Look at ``status.json`` of a folder."""
    try:
        status = json.loads((Path(words[0]) / "status.json").read_text(encoding="utf-8"))
        hours = float(words[1]) if words[1:] else 26.0
        code, said = judge(status, dt.datetime.now(dt.UTC), hours)
    except (IndexError, OSError, ValueError) as error:
        code, said = CRITICAL, f"status.json cannot be read: {error}"
    sys.stdout.write(f"blackspot: {said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
