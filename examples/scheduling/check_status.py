"""Say for a monitor whether the runs of an output folder are as they should be: ``check_status.py OUT [HOURS]``.

Ends with 0 when the last run ended well at most so many hours ago (26 where nobody says how many) and used everything
that was handed in, with 1 when older data is used for somebody or somebody has to look at the inbox, and with 2 when
the last run failed, is too long ago, or never was. Monitors such as Nagios and Icinga read these as ok, warning and
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
    if status.get("last") != "success":
        failure = status.get("last_failure", {})
        return CRITICAL, f"the last run failed with {failure.get('exit_code')}: {failure.get('messages')}"
    if age_h > hours:
        return CRITICAL, f"the last run ended {age_h:.0f} hours ago"
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
