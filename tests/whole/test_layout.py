"""The house: one package, nothing stray on top, nothing forgotten in the wheel, nothing ignored by git."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import socket
import subprocess
import sys
import textwrap
import tomllib
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import blackspot
from paths import REPOSITORY, TESTS

SOURCES = ("commands", "coverage", "data", "maps", "pipeline")
SETTINGS = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
ELSEWHERE = tomllib.loads((TESTS / "whole" / "tested_elsewhere.toml").read_text(encoding="utf-8"))[
    "elsewhere"
]
IN_TREE = Path(blackspot.__file__).resolve().parent == REPOSITORY

pytestmark = pytest.mark.skipif(not IN_TREE, reason="blackspot is installed apart from this repository")


def _modules() -> list[Path]:
    inner = [path for folder in SOURCES for path in (REPOSITORY / folder).rglob("*.py")]
    return sorted([*REPOSITORY.glob("*.py"), *inner])


def test_every_folder_of_code_is_shipped() -> None:
    """A folder with Python files that ``packages`` does not name would be missing from the wheel."""
    folders = {path.parent.relative_to(REPOSITORY) for path in _modules()}
    expected = {".".join(("blackspot", *folder.parts)) for folder in folders}
    assert expected == set(SETTINGS["tool"]["setuptools"]["packages"])


def test_every_package_has_its_init() -> None:
    """An implicit namespace would hide modules from the layer check."""
    packages = SETTINGS["tool"]["setuptools"]["packages"]
    missing = [
        name for name in packages if not (REPOSITORY.joinpath(*name.split(".")[1:]) / "__init__.py").is_file()
    ]
    assert [] == missing


def test_only_the_package_is_installed() -> None:
    """A top-level ``coverage`` of ours would overwrite coverage.py."""
    assert SETTINGS["tool"]["setuptools"]["package-dir"] == {"blackspot": "."}
    assert all(name.split(".")[0] == "blackspot" for name in SETTINGS["tool"]["setuptools"]["packages"])


def test_coverage_py_wins_where_a_tool_starts_in_the_repository() -> None:
    """``python -m pytest --cov`` puts this folder first on the path; ``import coverage`` must still work."""
    code = """
        import coverage
        assert hasattr(coverage, "Coverage"), coverage.__file__
        import blackspot.coverage
        assert blackspot.coverage.__name__ == "blackspot.coverage"
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=REPOSITORY, check=True)


def test_every_module_can_be_imported() -> None:
    """No module depends on being imported after another one."""
    names = [info.name for info in pkgutil.walk_packages(blackspot.__path__, "blackspot.")]
    shipped = [name for name in names if name.split(".")[1] in {*SOURCES, "cli", "errors", "progress"}]
    for name in shipped:
        importlib.import_module(name)
    assert "blackspot.data.project.load" in shipped


def test_git_ignores_no_source_folder() -> None:
    """Templates of .gitignore often name ``coverage`` or ``data``."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("not a git checkout")
    done = subprocess.run(
        [
            "git",
            "check-ignore",
            *SOURCES,
            "coverage/x.py",
            "data/schemas/x.json",
            "maps/vendor/x.js",
            "docs",
            "tools",
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_no_folder_outgrows_a_glance() -> None:
    """A room with more than 15 modules is to be divided."""
    counts = Counter(str(path.parent.relative_to(REPOSITORY)) for path in _modules())
    assert {} == {folder: count for folder, count in counts.items() if count > 15}


def test_nothing_imports_itself_in_a_circle() -> None:
    """Neither modules nor rooms depend on each other both ways; imports for types count."""
    graph = _imports()
    rooms: dict[str, set[str]] = {}
    for module, imported in graph.items():
        others = {_room(other) for other in imported} - {_room(module)}
        rooms.setdefault(_room(module), set()).update(others)
    for what in (graph, rooms):
        TopologicalSorter(what).prepare()  # raises CycleError, which names the circle


def test_a_circle_would_be_found() -> None:
    """The sorter names the modules of a circle."""
    with pytest.raises(CycleError) as circle:
        TopologicalSorter({"a": {"b"}, "b": {"c"}, "c": {"a"}}).prepare()
    assert {"a", "b", "c"} == set(circle.value.args[1])


def _name(path: Path) -> str:
    """Give the dotted name of a module."""
    return ".".join(("blackspot", *path.relative_to(REPOSITORY).with_suffix("").parts))


def _room(module: str) -> str:
    """Give the folder of a module, as a dotted name; the few modules above the rooms stand for themselves."""
    parent = module.rpartition(".")[0]
    return parent if parent.count(".") > 1 else module


def _imports() -> dict[str, set[str]]:
    """Give for each module those of the package that it imports anywhere."""
    modules = {_name(path): path for path in _modules() if path.name != "__init__.py"}
    return {name: _imported(name, path) & modules.keys() for name, path in modules.items()}


def _imported(name: str, path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            package = name.split(".")[: -node.level] if node.level else []
            base = ".".join([*package, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def test_every_module_is_tested_at_its_place_or_named_in_the_list() -> None:
    """``data/disk/atomic.py`` in ``tests/data/disk/test_atomic.py``, or a line in ``tested_elsewhere.toml``."""
    modules = _tested_modules()
    listed = Counter(module for group in ELSEWHERE for module in group["modules"])
    own = {module for module in modules if _mirror(module).is_file()}
    assert [] == sorted(modules - own - listed.keys()), "these have neither"
    assert [] == sorted(listed.keys() - modules), "these are listed and no longer there"
    assert [] == sorted(own & listed.keys()), "these have a test file of their own: take them out of the list"
    assert [] == [module for module, times in listed.items() if times > 1]


def test_every_test_the_list_names_is_there() -> None:
    """Each group of the list says why, and leads to test files that exist."""
    assert [] == [group for group in ELSEWHERE if not group["why"] or not group["tests"]]
    named = [test for group in ELSEWHERE for test in group["tests"]]
    assert [] == [test for test in named if not (REPOSITORY / test).is_file()]


def test_every_test_file_is_named_after_what_it_tests() -> None:
    """``test_atomic.py`` or ``test_atomic_on_something.py`` where ``atomic`` is a module or folder at that place."""
    stray = []
    for folder in SOURCES:
        for path in (TESTS / folder).rglob("test_*.py"):
            beside = REPOSITORY / path.parent.relative_to(TESTS)
            words = path.stem.removeprefix("test_").split("_")
            names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
            if not any((beside / name).is_dir() or (beside / f"{name}.py").is_file() for name in names):
                stray.append(str(path.relative_to(TESTS)))
    assert [] == stray


def _tested_modules() -> set[str]:
    """Paths of the modules in the rooms, which are to have tests."""
    paths = {path for path in _modules() if path.name != "__init__.py" and path.parent != REPOSITORY}
    return {path.relative_to(REPOSITORY).as_posix() for path in paths}


def _mirror(module: str) -> Path:
    """Give the place of a module's own test file."""
    path = TESTS / module
    return path.with_name(f"test_{path.name}")


def test_modules_stay_small_enough_to_read() -> None:
    """A module that grew beyond 400 lines is to be divided; functions have at most 60 lines of code."""
    texts = {str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8") for path in _modules()}
    long_modules = [name for name, text in texts.items() if text.count("\n") > 400]
    long_functions = [
        f"{name}:{node.name}"
        for name, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and _code_lines(node) > 60
    ]
    assert ([], []) == (long_modules, long_functions)


def test_no_two_classes_have_one_name() -> None:
    """A public class is found by its name, and a name means one thing."""
    where: dict[str, list[str]] = {}
    for path in _modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(str(path.relative_to(REPOSITORY)))
    assert len(where) > 100
    assert {} == {name: places for name, places in where.items() if len(places) > 1}


def _code_lines(function: ast.FunctionDef) -> int:
    """Count the lines of a function without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return ((body[-1].end_lineno or 0) - body[0].lineno + 1) if body else 0


def test_only_the_command_line_prints() -> None:
    """Libraries hand back values; nothing below prints or ends the process, but a child process itself."""
    guilty = [
        f"{path.relative_to(REPOSITORY)}:{node.lineno}"
        for path in _modules()
        if path.name not in {"cli.py", "server.py"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in {"print", "input", "exit", "quit"})
            or (isinstance(node.func, ast.Attribute) and ast.unparse(node.func) in {"sys.exit", "os._exit"})
        )
    ]
    assert [] == guilty


def test_every_source_file_says_what_it_is_for() -> None:
    """A docstring opens every module."""
    silent = [
        str(path.relative_to(REPOSITORY))
        for path in _modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert [] == silent


def test_no_file_names_a_place_outside_the_repository() -> None:
    """Nothing in the source depends on one machine's folders."""
    place = re.compile(r"/(home|root|work)/|C:\\\\")
    guilty = [
        f"{path.relative_to(REPOSITORY)}: {found[0]}"
        for path in _modules()
        if (found := place.search(path.read_text(encoding="utf-8")))
    ]
    assert [] == guilty


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.com", 443), ("2001:db8::1", 80)])
def test_no_test_can_reach_another_machine(address: tuple[str, int]) -> None:
    """The guard of ``conftest.py`` refuses before anything is sent."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as connection:
        with pytest.raises(OSError, match="a test tried to reach"):
            connection.connect(address)
        with pytest.raises(OSError, match="a test tried to reach"):
            connection.connect_ex(address)


def test_this_machine_can_be_reached() -> None:
    """Tests may start a listener of their own."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as there,
    ):
        assert there.getpeername() == server.getsockname()
