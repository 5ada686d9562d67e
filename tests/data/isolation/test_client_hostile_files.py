"""Hostile files are read by a child that can reach nothing: no network, no secret, no other file, no end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hostile_deliveries
import hostile_files as hostile
import other_user
from blackspot.data.isolation.client import isolation_report
from paths import MADE

if TYPE_CHECKING:
    from collections.abc import Iterator


SCRIPT = MADE / "hostile_files.py"
NOBODY = 65534
LONGEST_SECONDS = 20.0  # a moment on a quiet machine; the tests share theirs

OWN = other_user.Python(sys.executable, {})


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
            paths = hostile.build(folder, listener.getsockname()[1], *hostile_deliveries.MAKERS)
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
    assert used == hostile.MAY_BE_USED | hostile_deliveries.MAY_BE_USED
    assert [] == [path for path, found in files.items() if not found["used"] and not found["codes"]]
    assert [] == [(path, found) for path, found in files.items() if found["seconds"] > LONGEST_SECONDS]
    return answer


def test_no_hostile_file_connects_leaks_writes_or_hangs(
    attack: tuple[socket.socket, Path, list[Path]],
) -> None:
    """Over 200 files: nothing is used but what is harmless, everything else has a finding before long."""
    assert len(attack[2]) > 200
    answer = _read_all(attack)
    by_name = {Path(path).name: found["codes"] for path, found in answer["files"].items()}
    assert ["crs.link"] == by_name["link0.geojson"]
    assert ["file.unsafe-content"] == by_name["text.gpkg"]
    assert ["archive.unsafe-name"] == by_name["slip.zip"]
    assert ["file.too-large"] == by_name["bomb.parquet"]
    assert ["archive.too-large"] == by_name["bomb.zip"]
    assert ["raster.too-large"] == by_name["zeros.tif"]
    assert ["file.not-regular"] == by_name["pipe.gpkg"]
    assert ["file.refers-elsewhere"] == by_name["link-http.kml"] == by_name["file.tab"] == by_name["link.kmz"]
    assert ["file.unsafe-content"] == by_name["laughs.kml"] == by_name["entity.kml"]
    assert ["archive.too-large"] == by_name["bomb.kmz"] == by_name["bomb_gdb.zip"]
    assert ["archive.unsafe-name"] == by_name["slip_gdb.zip"]
    assert ["file.not-regular"] == by_name["symlink.gdb"]
    assert ["layer.bad-place"] == by_name["h3.csv"]


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_same_as_an_unprivileged_user(
    attack: tuple[socket.socket, Path, list[Path]], everybodys: Any
) -> None:
    """None of it needs rights."""
    report = isolation_report()
    answer = _read_all(attack, user=NOBODY, python=everybodys)
    assert (report.level, report.landlock) == (answer["level"], answer["landlock"])


WHO = '''
import json
from blackspot.data.findings.collector import Findings
from blackspot.data.isolation import client as isolation
from blackspot.data.isolation.answers import Answer
from blackspot.data.isolation.folder import ReadingFolder
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
    found = {"ids": ids, "read": (inside / "staged").read_text(), "changed": changed}
    return {"findings": [], "answer": found}
JOBS["who"] = who
server.sandbox.landlock_version = lambda: 0
server.serve(JOBS)""")
class Who(Answer):
    ids: list
    read: str
    changed: list[str]
with ReadingFolder() as folder:
    (folder.inside / "staged").write_text("staged")
    answer = isolation.isolated("who", folder, Findings().about("x"), {}, Who)
print(json.dumps([isolation.isolation_report().user, answer.ids, answer.read, answer.changed]))
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
