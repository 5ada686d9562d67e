"""Files of others are read by a child that can reach nothing: hostile ones, broken ones, and its own replies."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from blackspot.data.disk.copying import NotRegularError, TooLargeError, copy_regular
from blackspot.data.findings.collector import Findings
from blackspot.data.isolation import client as isolation
from blackspot.data.isolation.client import isolated, isolation_report
from blackspot.data.isolation.folder import Workplace
from blackspot.data.isolation.reply import BadReplyError, load_json, load_table, map_array, save_table
from blackspot.data.isolation.sandbox import Limits
from paths import MADE

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = MADE / "hostile_files.py"
NOBODY = 65534
LONGEST_SECONDS = 20.0  # a moment on a quiet machine; the tests share theirs


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


hostile = _module(SCRIPT)
other_user = _module(SCRIPT.with_name("other_user.py"))
OWN = other_user.Python(sys.executable, {})


# -- hostile files -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attack() -> Iterator[tuple[socket.socket, Path, list[Path]]]:
    """A listener, a folder, and the hostile files in it, readable by everybody."""
    with (
        tempfile.TemporaryDirectory(prefix="hostile-") as place,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        listener.settimeout(0.3)
        folder = Path(place)
        folder.chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the writers think of such files
            paths = hostile.build(folder, listener.getsockname()[1])
        yield listener, folder, paths


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.lstat().st_size) for path in folder.rglob("*"))


def _read_all(
    attack: tuple[socket.socket, Path, list[Path]], *words: str, user: int | None = None, python: Any = OWN
) -> dict[str, Any]:
    """Read all hostile files in a program of its own, and check what must hold for each."""
    listener, folder, paths = attack
    before = _listing(folder)
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with tempfile.TemporaryDirectory(prefix="scratch-") as scratch:
        if user is not None:
            os.chown(scratch, user, user)
        done = subprocess.run(
            [python.path, "-c", SCRIPT.read_text(encoding="utf-8"), *words],
            input="\n".join(map(str, paths)),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            cwd=scratch,
            env=environment | python.environment | {"TMPDIR": scratch, "NO_PROXY": "*"},
            **({} if user is None else {"user": user, "group": user, "extra_groups": []}),
        )
        assert "Traceback" not in done.stderr, done.stderr[-2000:]
        assert 0 == done.returncode, done.stderr[-500:]
        assert [] == list(Path(scratch).iterdir())
    with pytest.raises(TimeoutError):
        listener.accept()
    assert before == _listing(folder)
    answer: dict[str, Any] = json.loads(done.stdout)
    files = answer["files"]
    assert [] == [path for path, found in files.items() if found["leaked"]]
    used = {Path(path).name for path, found in files.items() if found["used"]}
    assert used == hostile.MAY_BE_USED
    assert [] == [path for path, found in files.items() if not found["used"] and not found["codes"]]
    assert [] == [(path, found) for path, found in files.items() if found["seconds"] > LONGEST_SECONDS]
    return answer


def test_no_hostile_file_connects_leaks_writes_or_hangs(
    attack: tuple[socket.socket, Path, list[Path]],
) -> None:
    """Over 150 files: nothing is used but what is harmless, everything else has a finding before long."""
    assert len(attack[2]) > 150
    answer = _read_all(attack)
    by_name = {Path(path).name: found["codes"] for path, found in answer["files"].items()}
    assert ["crs.link"] == by_name["link0.geojson"]
    assert ["file.unsafe-content"] == by_name["text.gpkg"]
    assert ["archive.unsafe-name"] == by_name["slip.zip"]
    assert ["file.too-large"] == by_name["bomb.parquet"]
    assert ["archive.too-large"] == by_name["bomb.zip"]
    assert ["raster.too-large"] == by_name["zeros.tif"]
    assert ["file.not-regular"] == by_name["pipe.gpkg"]


def test_the_same_without_landlock(attack: tuple[socket.socket, Path, list[Path]]) -> None:
    """The other measures suffice where the kernel has none, and the report says that it has none."""
    answer = _read_all(attack, "without-landlock")
    assert ("reduced", 0) == (answer["level"], answer["landlock"])


@pytest.fixture(scope="module")
def everybodys() -> Iterator[Any]:
    """A Python that user nobody may start, wherever the one of the tests lies."""
    if os.geteuid() != 0:
        pytest.skip("the tests already run without rights")
    with tempfile.TemporaryDirectory(prefix="python-") as place:
        yield other_user.python_for_everybody(Path(place))


def test_the_same_as_an_unprivileged_user(
    attack: tuple[socket.socket, Path, list[Path]], everybodys: Any
) -> None:
    """None of it needs rights."""
    report = isolation_report()
    answer = _read_all(attack, user=NOBODY, python=everybodys)
    assert (report.level, report.landlock) == (answer["level"], answer["landlock"])


WHO = '''
import json
from blackspot.data.isolation import client as isolation
from blackspot.data.isolation.folder import Workplace
from blackspot.data.findings.collector import Findings
isolation._BOOT = isolation._BOOT.replace("server.serve(JOBS)", """
def who(inside, outside, **_):
    import os
    written = outside / "mine"
    written.write_text("x")
    changed = []
    try:
        (inside / "staged").write_text("x")
        changed.append("staged")
    except OSError:
        pass
    ids = [os.getuid(), os.getgid(), written.stat().st_uid, os.getgroups()]
    return {"findings": [], "ids": ids, "read": (inside / "staged").read_text(), "changed": changed}
JOBS["who"] = who
server.sandbox.landlock_version = lambda: 0
server.serve(JOBS)""")
with Workplace() as place:
    (place.inside / "staged").write_text("staged")
    answer = isolation.isolated("who", place, Findings().about("x"), {})
print(json.dumps([isolation.isolation_report().user, answer["ids"], answer["read"], answer["changed"]]))
'''


def test_readers_give_up_the_rights_of_root(everybodys: Any) -> None:
    """Started by root, a reader is user nobody: it reads its copy and cannot change it, Landlock or not."""
    done = subprocess.run(
        [everybodys.path, "-c", WHO],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | everybodys.environment,
    )
    assert 0 == done.returncode, done.stderr[-500:]
    assert ["nobody", [NOBODY, NOBODY, NOBODY, []], "staged", []] == json.loads(done.stdout)


# -- children that come to no end --------------------------------------------------------------------------

JOBS = """
def crash(inside, outside):
    import ctypes
    ctypes.string_at(0)
def hoard(inside, outside):
    return {"findings": [], "kept": len([bytearray(1 << 20) for _ in range(1 << 14)])}
def spin(inside, outside):
    while True:
        pass
def sleep(inside, outside):
    import time
    time.sleep(600)
def fill(inside, outside):
    (outside / "large").write_bytes(bytes(1 << 22))
def lie(inside, outside):
    return {"findings": [{"code": "no.such-rule"}]}
def rest(inside, outside):
    import os
    return {"findings": [], "environment": sorted(os.environ), "files": sorted(os.listdir(inside)), "here": os.getcwd()}
def reach(inside, outside):
    import os, socket
    reached = []
    def attempt(name, act):
        try:
            act()
            reached.append(name)
        except OSError:
            pass
    attempt("read", lambda: open("/etc/passwd").read())
    attempt("list", lambda: os.listdir("/"))
    attempt("write", lambda: (inside / "x").write_text("x"))
    attempt("tcp", lambda: socket.socket())
    attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    attempt("local", lambda: socket.socket(socket.AF_UNIX))
    attempt("execute", lambda: os.execv("/bin/true", ["true"]))
    attempt("fork", lambda: os.fork())
    attempt("signal", lambda: os.kill(os.getppid(), 0))
    attempt("link", lambda: os.symlink("/etc/passwd", outside / "reply.json"))
    attempt("pipe", lambda: os.mkfifo(outside / "pipe"))
    attempt("own", lambda: (outside / "own").write_text("x"))
    return {"findings": [], "reached": reached}
for job in (crash, hoard, spin, sleep, fill, lie, rest, reach):
    JOBS[job.__name__] = lambda inside, outside, accept, job=job: job(inside, outside)
server.serve(JOBS)
"""


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reading processes that also know the jobs above."""
    monkeypatch.setattr(isolation, "_BOOT", isolation._BOOT.replace("server.serve(JOBS)\n", JOBS))
    isolation._stop()
    yield
    isolation._stop()


def _codes(job: str) -> list[str]:
    findings = Findings()
    with Workplace() as place:
        assert isolated(job, place, findings.about("x.gpkg"), {}) is None
    return [finding.code for finding in findings.items]


def _answer(job: str) -> dict[str, Any]:
    with Workplace() as place:
        (place.inside / "layer").write_text("x")
        answer = isolated(job, place, Findings().about("x.gpkg"), {})
    assert answer is not None
    return answer


@pytest.mark.usefixtures("jobs")
def test_a_child_that_breaks_off_is_a_finding_about_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crash, memory, processor time, waiting, and a lie; the next file is read as if nothing had been."""
    roomy = Limits(memory_bytes=1 << 28, seconds=20, file_bytes=1 << 30)
    monkeypatch.setattr(isolation, "_limits", lambda _: roomy)
    assert ["file.reader-failed"] == _codes("crash")
    assert ["file.reader-memory"] == _codes("hoard")
    assert ["file.reader-failed"] == _codes("lie")
    limits = Limits(memory_bytes=1 << 28, seconds=1, file_bytes=1 << 30)
    monkeypatch.setattr(isolation, "_limits", lambda _: limits)
    started = time.monotonic()
    assert ["file.reader-time"] == _codes("spin")
    assert ["file.reader-time"] == _codes("sleep")
    assert time.monotonic() - started < 30
    assert ["layer"] == _answer("rest")["files"]


@pytest.mark.usefixtures("jobs")
def test_a_full_disk_is_the_workplaces_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is not blamed for it."""
    monkeypatch.setattr(isolation, "_limits", lambda _: Limits(1 << 28, 10, 1 << 20))
    with pytest.raises(isolation.WorkplaceError, match="no space"):
        _codes("fill")


@pytest.mark.usefixtures("jobs")
def test_a_child_reaches_its_own_folder_and_nothing_else() -> None:
    """With both layers of the kernel; without one, the other still refuses what is its part."""
    report = isolation_report()
    if report.level != "full":
        pytest.skip("this kernel gives less")
    assert ["own"] == _answer("reach")["reached"]


@pytest.mark.usefixtures("jobs")
def test_the_environment_is_built_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set around blackspot never reaches a library that reads a file of others."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/tmp")  # noqa: S108 - only a value
    monkeypatch.setenv("PYTHONPATH", "/tmp")  # noqa: S108 - only a value
    answer = _answer("rest")
    added = set(answer["environment"]) - set(isolation._environment())
    assert added <= {"GDAL_CURL_CA_BUNDLE", "PROJ_CURL_CA_BUNDLE"}  # by rasterio, when it is imported
    assert not {"NO_PROXY", "GDAL_DRIVER_PATH", "PYTHONPATH", "PATH", "HOME"} & set(answer["environment"])
    assert "blackspot-" in answer["here"]


@pytest.mark.usefixtures("jobs")
def test_a_reading_process_that_was_killed_is_started_again() -> None:
    """By the next file."""
    assert _answer("rest")
    isolation._running[0]._process.send_signal(signal.SIGKILL)
    isolation._running[0]._process.wait()
    assert _answer("rest")


# -- replies -----------------------------------------------------------------------------------------------


def test_only_regular_files_of_the_right_shape_come_back(tmp_path: Path) -> None:
    """No link, no pickle, no other columns, no other numbers."""
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "reply.json").symlink_to(tmp_path / "secret.json")
    (tmp_path / "list.json").write_text("[]")
    os.mkfifo(tmp_path / "pipe.json")
    for name in ("reply.json", "list.json", "none.json", "pipe.json"):
        with pytest.raises(BadReplyError):
            load_json(tmp_path / name)
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    np.save(tmp_path / "numbers.npy", np.zeros((2, 3)))
    for name, dtype, shape in (
        ("objects.npy", object, (1,)),
        ("numbers.npy", float, (3, 2)),
        ("numbers.npy", np.float32, (2, 3)),
    ):
        with pytest.raises(BadReplyError):
            map_array(tmp_path / name, np.dtype(dtype), shape)
    assert (2, 3) == map_array(tmp_path / "numbers.npy", np.dtype(float), (2, 3)).shape
    save_table(tmp_path / "a.arrow", {"a": pa.array([1])})
    assert [1] == load_table(tmp_path / "a.arrow", ["a"]).column("a").to_pylist()
    with pytest.raises(BadReplyError):
        load_table(tmp_path / "a.arrow", ["b"])
    (tmp_path / "a.arrow").write_bytes((tmp_path / "a.arrow").read_bytes()[:40])
    with pytest.raises(BadReplyError):
        load_table(tmp_path / "a.arrow", ["a"])


# -- folders and copies ------------------------------------------------------------------------------------


def test_a_workplace_is_removed_by_its_maker_only() -> None:
    """Who borrows it leaves it alone."""
    place = Workplace()
    borrowed = pickle.loads(pickle.dumps(place))  # noqa: S301 - our own bytes
    assert place.folder == borrowed.folder
    del borrowed
    assert place.inside.is_dir()
    place.close()
    assert not place.folder.exists()


def test_a_copy_is_hashed_and_never_follows(tmp_path: Path) -> None:
    """A regular file within the limit is copied; a link, a pipe, a folder and a large file are not."""
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "pipe")
    hashed = copy_regular(tmp_path / "a", tmp_path / "copy")
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == hashed
    assert b"abc" == (tmp_path / "copy").read_bytes()
    for name in ("link", "pipe", "."):
        with pytest.raises(NotRegularError):
            copy_regular(tmp_path / name, tmp_path / "other")
    with pytest.raises(TooLargeError):
        copy_regular(tmp_path / "a", tmp_path / "more", limit_bytes=2)
