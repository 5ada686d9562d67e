"""The line of progress: what a log and a terminal show of a command, and what is left as far as anybody can say."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from blackspot.commands.progress_line import Pace, StepLines, time_left
from blackspot.data.text.sentences import told

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_between_two_words_of_a_step_the_bar_goes_on_a_little_way() -> None:
    """As fast as so far, by four hundredths at most; it never goes back, whatever the steps say, and never past the end."""
    clock = Clock()
    pace = Pace(clock)
    pace.reach(0.0)
    shown = []
    for seconds, said in (
        (10, 0.2),
        (11, None),
        (12, None),
        (30, None),
        (31, 0.1),
        (32, 0.3),
        (33, 1.0),
        (60, None),
    ):
        clock.seconds = seconds
        if said is not None:
            pace.reach(said)
        shown.append(round(pace.shown(), 3))
    assert [0.2, 0.22, 0.24, 0.24, 0.24, 0.3, 1.0, 1.0] == shown


def test_what_is_left_is_told_when_it_is_more_than_a_guess() -> None:
    """Not in the first seconds, nor before a twelfth is done; then at the rate so far."""
    clock = Clock()
    pace = Pace(clock)
    assert pace.left_s() is None
    pace.reach(0.0)
    for seconds, said, left in ((1, 0.4, None), (4, 0.5, 4.0), (8, 0.8, 2.0)):
        clock.seconds = seconds
        pace.reach(said)
        assert pytest.approx(left, abs=0.5) == pace.left_s() if left else pace.left_s() is None
    slow = Pace(clock)
    slow.reach(0.0)
    clock.seconds = 20
    slow.reach(0.05)
    assert slow.left_s() is None


@pytest.mark.parametrize(
    ("seconds", "en", "vi"),
    [
        (None, "", ""),
        (0.2, "about 5 s left", "còn khoảng 5 giây"),
        (43.0, "about 45 s left", "còn khoảng 45 giây"),
        (89.0, "about 90 s left", "còn khoảng 90 giây"),
        (100.0, "about 2 min left", "còn khoảng 2 phút"),
    ],
)
def test_what_is_left_is_said_as_people_do(seconds: float | None, en: str, vi: str) -> None:
    """Nobody believes seconds of a forecast."""
    assert (en, vi) == (time_left(seconds, "en"), time_left(seconds, "vi"))


def test_a_step_says_how_long_it_took_where_that_is_asked_for() -> None:
    """Each with its time, also the last; a log names the pages of provinces once, not one by one."""
    clock, lines = Clock(), []
    steps = StepLines("vi", timed=True, show=lines.append, clock=clock)
    for page in ("map.html", "maps/01.html"):
        steps.begin(told("progress", "page", page=page), is_named=True)
        clock.seconds += 1.5
    steps.end()
    assert [
        "Vẽ bản đồ: map.html",
        "  Vẽ bản đồ: map.html: 1,5 giây",
        "  Vẽ bản đồ: maps/01.html: 1,5 giây",
    ] == lines


FAKE = """
    import sys, time
    sys.path.insert(0, {made!r})
    import pytest
    from fake_pipeline import FakePipeline
    import blackspot.pipeline
    from blackspot import cli

    class Slow(FakePipeline):
        def _answer(self, *asked, progress=None):
            for at in range(11):
                progress(at / 10, "counting")
                time.sleep(0.05)
            return super()._answer(*asked)

    fake = Slow()
    sys.modules["blackspot.pipeline.run"] = blackspot.pipeline.run = fake
    cli.main()
"""


def _script(tmp_path: Path) -> list[str]:
    made = os.path.join(os.path.dirname(__file__), "..", "made")  # noqa: PTH118, PTH120 - a text for another process
    script = tmp_path / "script.py"
    code = "\n".join(line[4:] for line in FAKE.format(made=os.path.abspath(made)).splitlines())  # noqa: PTH100 - as above
    script.write_text(code, encoding="utf-8")
    return [sys.executable, str(script), "run", "--language", "en"]


def _environment(tmp_path: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "TERM": "xterm", **more}


def test_a_log_gets_plain_lines_and_a_file_the_whole_summary(tmp_path: Path) -> None:
    """``run > report.txt``: the summary in the file, words about the work beside it, and no colours even if forced."""
    report = tmp_path / "report.txt"
    with report.open("w") as file:
        done = subprocess.run(
            _script(tmp_path),
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=_environment(tmp_path, FORCE_COLOR="1", COLUMNS="40"),
        )
    text = report.read_text(encoding="utf-8")
    assert (0, "counting\n") == (done.returncode, done.stderr)
    assert text.startswith("SAMPLE DATA\nSample, profile vn-5g-fibre\n")
    assert text.endswith("Map: /srv/out/runs/000001-abcdef/map.html\n")
    assert "\x1b" not in text
    assert 100 >= max(map(len, text.splitlines()))


def test_a_terminal_gets_a_bar_that_only_grows_and_goes_away(tmp_path: Path) -> None:
    """On a pseudo-terminal: percentages that never go back, then the summary, and no bar left beneath it."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(
        _script(tmp_path), stdin=follower, stdout=follower, stderr=follower, env=_environment(tmp_path)
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # so Linux tells that nobody holds the other end any more
            break
        if not piece:
            break
        shown += piece
    assert 0 == process.wait(timeout=60)
    os.close(leader)
    text = shown.decode()
    shares = [int(found) for found in re.findall(r"(\d+)%", text.split("Sample, profile")[0])]
    assert len(shares) > 2
    assert all(before <= after for before, after in pairwise(shares))
    assert "counting" in text
    after = text.split("Sample, profile")[1]
    assert "counting" not in after
    assert "Map: /srv/out/runs/000001-abcdef/map.html" in after
