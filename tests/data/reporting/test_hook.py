"""The hook gets the end of a run and nothing else, and whatever it does is only told."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from blackspot.data.reporting import hook
from blackspot.data.reporting.hook import HookResult, environment, tell

if TYPE_CHECKING:
    from pathlib import Path


def python(code: str, *words: str) -> list[str]:
    return [sys.executable, "-c", code, *words]


def told(folder: Path, command: list[str], text: str = "{}\n", timeout_s: float = 30.0) -> HookResult:
    return tell(command, text, {"BLACKSPOT_EXIT_CODE": "3"}, folder=folder, timeout_s=timeout_s)


def test_it_gets_the_text_and_starts_in_the_folder(tmp_path: Path) -> None:
    """More than a pipe holds; whether it reads or not."""
    text = '{"name": "Xã Một"}' + " " * 300_000
    result = told(tmp_path, python("import sys; open('got', 'wb').write(sys.stdin.buffer.read())"), text)
    assert ("", "") == (result.problem, result.output)
    assert text == (tmp_path / "got").read_text(encoding="utf-8")
    assert "" == told(tmp_path, python("pass"), text).problem


def test_no_shell_reads_its_words(tmp_path: Path) -> None:
    """Signs that a shell obeys are signs."""
    word = "$(touch made); `touch made` | > made"
    result = told(tmp_path, python("import sys; print(sys.argv[1])", word))
    assert word == result.output.strip()
    assert [] == list(tmp_path.iterdir())


def test_it_sees_nothing_of_the_environment_but_what_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password or token that the program was started with, not even one that is called like ours."""
    for name in (
        "AWS_SECRET_ACCESS_KEY",
        "PGPASSWORD",
        "BLACKSPOT_TOKEN",
        "LD_PRELOAD_NOT",
        "XDG_STATE_HOME",
    ):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    result = told(
        tmp_path, python("import os; print(*sorted(os.environ)); print('secret' in str(os.environ))")
    )
    names, leaks = result.output.splitlines()
    listed = {"PATH", "HOME", "LANG", "BLACKSPOT_LANGUAGE", "BLACKSPOT_EXIT_CODE", "BLACKSPOT_HOOK"}
    assert set(environment({"BLACKSPOT_EXIT_CODE": "3"})) <= listed
    assert set(names.split()) <= listed | {"LC_CTYPE"}  # which Python sets for itself
    assert "False" == leaks


def test_it_has_nothing_open_but_its_three_streams(tmp_path: Path) -> None:
    """Files, locks and sockets of the program stay with it."""
    with (tmp_path / "open").open("w") as stream:
        os.set_inheritable(stream.fileno(), True)
        count = "import os; print(len([f for f in os.listdir('/proc/self/fd')]))"
        assert "4" == told(tmp_path, python(count)).output.strip()  # and the folder that lists them


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("raise SystemExit(7)", "ended with 7"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("import os, signal; os.killpg(0, signal.SIGTERM)", "was ended by signal 15"),
    ],
)
def test_how_it_ends_is_told(tmp_path: Path, code: str, problem: str) -> None:
    """Killing its whole group does not reach the program."""
    assert problem == told(tmp_path, python(code)).problem


@pytest.mark.parametrize("command", [["no-such-program-here"], ["/etc/passwd"], ["/"]])
def test_a_command_that_cannot_be_started_is_told(tmp_path: Path, command: list[str]) -> None:
    """Nothing is raised."""
    assert "cannot be started" in told(tmp_path, command).problem


def test_it_is_ended_with_everything_it_started_when_its_time_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even what does not listen to the request to end."""
    monkeypatch.setattr(hook, "_TO_END_S", 0.3)
    code = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        "open('pids', 'a').write(f'{os.getpid()}\\n')\n"
        "print('waiting', flush=True)\n"
        "time.sleep(600)\n"
    )
    result = told(tmp_path, python(code), timeout_s=1.0)
    assert "took too long and was ended" == result.problem
    assert "waiting" in result.output
    assert result.seconds < 10
    pids = [int(line) for line in (tmp_path / "pids").read_text(encoding="ascii").split()]
    assert 2 == len(pids)
    deadline = time.monotonic() + 5
    while any(_runs(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [] == [pid for pid in pids if _runs(pid)]


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stream:  # noqa: PTH123 - of the system
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_it_prints_without_end_is_cut(tmp_path: Path) -> None:
    """And read on, so that it does not stand still."""
    code = "import sys\nfor _ in range(3000): sys.stdout.write('x' * 1000)\nsys.stderr.write('last')"
    result = told(tmp_path, python(code))
    assert ("", 65_536) == (result.problem, len(result.output))


def test_what_it_leaves_running_holds_nobody_up(tmp_path: Path) -> None:
    """Although that keeps its output open."""
    code = "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(20); os._exit(0)\nprint('done')"
    began = time.monotonic()
    result = told(tmp_path, python(code))
    assert ("", "done\n") == (result.problem, result.output)
    assert time.monotonic() - began < 10


def test_whoever_stops_the_program_stops_the_hook(tmp_path: Path) -> None:
    """No command stays behind that nobody waits for."""
    code = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(KeyboardInterrupt):
            told(tmp_path, python(code))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert not _runs(int((tmp_path / "pid").read_text(encoding="ascii")))
