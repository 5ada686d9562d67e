"""Which places of the program say a code, and which of them a made file has reached."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import blackspot
from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules import RULES

if TYPE_CHECKING:
    from types import FrameType

    from blackspot.errors import Finding

PACKAGE = Path(blackspot.__file__).resolve().parent
_HANDED_ON = frozenset({"collector.py", "recorded.py", "code_places.py"})  # say what others tell them
_COLLECTORS = ("about", "findings", "refusals")
_add = Findings.add


class Said(NamedTuple):
    """One call by which the program said something: in this process, or in a reader."""

    code: str
    file: str
    line: int


class Place(NamedTuple):
    """A call in the source that says one code, or the one that its first argument holds."""

    file: str
    function: str
    code: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """What it is called among exceptions; two calls of one function for one code count as one."""
        return f"{self.file} {self.function} {self.code}"

    def holds(self, said: Said) -> bool:
        """Say whether something was said here."""
        return self.file == said.file and self.first <= said.line <= self.last


_A_LIE = "only a reader that a file has taken over answers so; tests/data/isolation/test_reply.py does"
_RIGHTS = "only a file without rights, which root has, or a disk that fails"
_TWICE = "the reader that comes after says the same"
NOT_MADE = {
    "data/isolation/client.py isolated file.reader-failed": _A_LIE,
    "data/readers/signal.py read_signal file.reader-failed": _A_LIE,
    "data/readers/table.py _frame file.reader-failed": _A_LIE,
    "data/readers/vector.py read_vector file.reader-failed": _A_LIE,
    "data/readers/staging.py _stage_archive file.reader-failed": _A_LIE,
    "data/readers/staging.py _stage_folder file.reader-failed": _A_LIE,
    "data/readers/raster.py _copied raster.unreadable": _RIGHTS,
    "data/submissions/reader.py read_submission file.unreadable": _RIGHTS,
    "data/parsers/csv_text.py read_text table.unreadable": _RIGHTS,
    "data/readers/staging.py stage file.unreadable": _RIGHTS,
    "data/input_files.py hash_inputs file.missing": _TWICE,
    "data/input_files.py hash_inputs file.unreadable": _TWICE,
    "data/readers/staging.py stage file.too-large": "eight thousand million bytes would have to be copied",
    "data/geodesy/operation.py _report_accuracy crs.unknown-accuracy": "PROJ states one wherever it knows a way",
    "data/parsers/vector.py _mistakes_told crs.unusable": "only damage that chance finds; tests/whole/test_corruptions.py",
    "data/parsers/vector.py _open layer.no-geometry": "formats of one layer state a type, even an unknown one",
}
"""Places that no made file reaches alone, and why."""

said: list[Said] = []
"""Everything that was said since somebody emptied the list."""


def listening(self: Findings, code: str, **values: Any) -> Finding:
    """Say something as :meth:`Findings.add` does, and note from where."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and Path(frame.f_code.co_filename).name in _HANDED_ON:
        if frame.f_code.co_name == "replay":  # a reader said it, and noted it there
            return _add(self, code, **values)
        frame = frame.f_back
    assert frame is not None
    said.append(Said(code, _named(Path(frame.f_code.co_filename)), frame.f_lineno))
    return _add(self, code, **values)


def places() -> list[Place]:
    """Find every call in the source that says something, but for those that hand on what others say."""
    folders = ("data", "coverage", "maps", "pipeline", "commands")
    sources = [source for folder in folders for source in (PACKAGE / folder).rglob("*.py")]
    found: list[Place] = []
    for source in sorted([*PACKAGE.glob("*.py"), *sources]):
        if source.name not in _HANDED_ON:
            tree = ast.parse(source.read_text(encoding="utf-8"))
            _look(tree, _named(source), "", found)
    return found


def _named(source: Path) -> str:
    """Call a module by its place in the package."""
    return source.resolve().relative_to(PACKAGE).as_posix()


def _look(node: ast.AST, file: str, function: str, found: list[Place]) -> None:
    if isinstance(node, ast.FunctionDef):
        function = node.name
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        first, spoken = node.args[0], node.func.attr in {"add", "ask"}
        if isinstance(first, ast.Constant) and spoken and first.value in RULES:
            found.append(Place(file, function, str(first.value), node.lineno, node.end_lineno or 0))
        elif spoken and ast.unparse(node.func.value).endswith(_COLLECTORS):
            found.append(Place(file, function, "*", node.lineno, node.end_lineno or 0))
    for child in ast.iter_child_nodes(node):
        _look(child, file, function, found)
