"""The files that start runs by themselves: what systemd says of them, and that they start what there is."""

from __future__ import annotations

import configparser
import datetime as dt
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from blackspot.cli import cli
from blackspot.data.runs.status import record_failure, record_success
from paths import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = REPOSITORY / "examples" / "scheduling"
PAGE = REPOSITORY / "docs" / "scheduling.md"
PROGRAM = "/opt/blackspot/bin/blackspot"
NOW = dt.datetime(2026, 11, 1, 2, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the tests stand apart from the repository")
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


def service() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign] # names of systemd have capitals
    parsed.read(FOLDER / "blackspot.service", encoding="utf-8")
    return parsed


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that exists in the place of the one that will be installed."""
    for path in FOLDER.glob("blackspot*.[st]*"):
        text = path.read_text(encoding="utf-8").replace(PROGRAM, shutil.which("true") or "/bin/true")
        (tmp_path / path.name).write_text(text.replace("/usr/bin/logger", "/bin/true"), encoding="utf-8")
    return tmp_path


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(units: Path) -> None:
    """No unknown key, no value it would refuse or pass over."""
    names = ("blackspot.service", "blackspot.timer", "blackspot-failed@blackspot.service.service")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(units / name) for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    of_ours = [line for line in (done.stdout + done.stderr).splitlines() if "blackspot" in line]
    assert (0, []) == (done.returncode, of_ours)


@needs_systemd
def test_systemd_would_say_so(units: Path) -> None:
    """The check above is one: a key with a slip of the pen is told."""
    path = units / "blackspot.service"
    path.write_text(
        path.read_text(encoding="utf-8").replace("ProtectHome=", "ProtectHouse="), encoding="utf-8"
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )
    assert "ProtectHouse" in done.stderr


@needs_systemd
def test_the_timer_names_a_time(units: Path) -> None:
    """And a time zone that is known."""
    text = (units / "blackspot.timer").read_text(encoding="utf-8")
    (when,) = re.findall(r"^OnCalendar=(.*)$", text, flags=re.MULTILINE)
    done = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False)
    assert (0, True) == (done.returncode, "Next elapse" in done.stdout)


def test_the_service_is_locked_in_and_knows_the_exit_codes() -> None:
    """What the page promises stands in the unit."""
    keys = service()["Service"]
    expected = {
        "Type": "oneshot",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ReadWritePaths": "/srv/blackspot",
        "SuccessExitStatus": "3",
        "CapabilityBoundingSet": "",
        "KillMode": "mixed",
    }
    assert expected == {key: keys[key] for key in expected}
    assert "TimeoutStartSec" in keys
    assert {"1", "2", "4"} <= set(keys["RestartPreventExitStatus"].split())
    assert not {"5", "6"} & set(keys["RestartPreventExitStatus"].split())
    assert "blackspot-failed@%n.service" == service()["Unit"]["OnFailure"]


def commands() -> list[str]:
    """Every command line with which something starts the program."""
    lines = [service()["Service"]["ExecStart"]]
    lines += [
        line for line in (FOLDER / "crontab").read_text(encoding="utf-8").splitlines() if PROGRAM in line
    ]
    lines += [task().findtext(f".//{NAMESPACE}Arguments") or ""]
    lines += re.findall(rf'{PROGRAM} [^"\n]*', PAGE.read_text(encoding="utf-8"))
    return [line.partition(PROGRAM)[2] for line in lines]


NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def task() -> ET.Element:
    return ET.parse(FOLDER / "blackspot-task.xml").getroot()  # noqa: S314 - a file of this repository


def test_what_is_started_is_a_command_that_there_is() -> None:
    """With options that it has."""
    lines = commands()
    assert len(lines) >= 5
    for line in lines:
        name, *words = shlex.split(line)
        cli.commands[name].make_context(name, words)


def test_the_task_runs_every_night_in_wsl() -> None:
    """Once at a time, and not without end."""
    root = task()
    texts = {element.tag.removeprefix(NAMESPACE): (element.text or "").strip() for element in root.iter()}
    assert ("1", "IgnoreNew", "PT6H") == tuple(
        texts[key] for key in ("DaysInterval", "MultipleInstancesPolicy", "ExecutionTimeLimit")
    )
    assert texts["Command"].endswith("wsl.exe")


def test_every_file_of_the_folder_is_named_in_the_page() -> None:
    """And the page names the exit codes that the program has."""
    page = PAGE.read_text(encoding="utf-8")
    assert [] == [path.name for path in FOLDER.iterdir() if path.is_file() and path.name not in page]


# -- the check for monitors --------------------------------------------------------------------------------


def checked(out: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, FOLDER / "check_status.py", out, *words], capture_output=True, text=True, check=False
    )
    assert "" == done.stderr
    return done.returncode, done.stdout


def judge(out: Path, hours_later: float) -> int:
    """Ask the script itself, so many hours after the run."""
    spec = importlib.util.spec_from_file_location("check_status", FOLDER / "check_status.py")
    assert spec is not None
    assert spec.loader is not None
    script: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    status = json.loads((out / "status.json").read_text(encoding="utf-8"))
    code, said = script.judge(status, NOW + dt.timedelta(hours=hours_later), 26.0)
    assert said
    return int(code)


def test_a_monitor_learns_how_the_runs_are(tmp_path: Path) -> None:
    """Well, with older data, with something to look at, too long ago, failed, never."""
    assert (2, True) == ((code := checked(tmp_path))[0], "cannot be read" in code[1])
    record_success(tmp_path, at=NOW, run_id="000001-abcdef", exit_code=0, published=True)
    assert (0, 2) == (judge(tmp_path, 1), judge(tmp_path, 27))
    record_success(tmp_path, at=NOW, run_id="000001-abcdef", exit_code=3, published=True)
    assert 1 == judge(tmp_path, 1)
    record_success(
        tmp_path, at=NOW, run_id="000001-abcdef", exit_code=0, published=False, messages=["look at the inbox"]
    )
    assert 1 == judge(tmp_path, 1)
    record_failure(tmp_path, at=NOW, exit_code=4, messages=["no such file"])
    assert 2 == judge(tmp_path, 1)
    now = dt.datetime.now(dt.UTC)
    record_success(tmp_path, at=now, run_id="000002-abcdef", exit_code=0, published=True)
    assert (0, "blackspot: run 000002-abcdef, 0 hours ago\n") == checked(tmp_path, "1")
    assert 2 == checked(tmp_path, "soon")[0]
