"""Where each key of a TOML file stands: ``tomllib`` reads values but forgets their lines.

The text is known to be valid TOML (``tomllib`` has read it), so a small scanner is enough: it follows
table headers and keys and steps over values. Keys inside an inline table have the line of that table.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath: TypeAlias = "tuple[str | int, ...]"

_HEADER = re.compile(r"\s*(?P<open>\[\[?)(?P<name>[^\n]*?)\]\]?[ \t]*(?:#[^\n]*)?(?=\n|$)")
_KEY = re.compile(r"""\s*(?P<name>(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_\-. \t])+?)[ \t]*=""")
_BLANK = re.compile(r"[ \t\r]*(?:#[^\n]*)?(?:\n|$)")
_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]"
    r"""|[^"'#\[\]{}\n]+""",
    re.DOTALL,
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Find the line of every table and key of a valid TOML text.

    Parameters
    ----------
    text
        The whole file, already accepted by ``tomllib``.

    Returns
    -------
    dict
        Path of the key (list positions as integers from 0) to its line, counted from 1.
    """
    lines: dict[KeyPath, int] = {(): 1}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    position = 0
    while position < len(text):
        if blank := _BLANK.match(text, position):
            position = max(blank.end(), position + 1)
        elif header := _HEADER.match(text, position):
            table = _header_path(header, counts)
            lines.setdefault(table, _line_of(text, header.start("open")))
            position = header.end()
        elif key := _KEY.match(text, position):
            path = (*table, *_split(key["name"]))
            for length in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:length], _line_of(text, key.start("name")))
            position = _after_value(text, key.end())
        else:  # not reached for valid TOML; stepping on keeps the search for lines from ever hanging
            position += 1
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int | None:
    """Give the line of a key; else of the first thing inside it, or of the nearest table around it.

    Parameters
    ----------
    lines
        As `key_lines` gives them.
    path
        The key; it need not be written in the file.

    Returns
    -------
    int or None
        Counted from 1; None where nothing of it is written.
    """
    for length in range(len(path), 0, -1):
        inside = [line for key, line in lines.items() if key[:length] == path[:length]]
        if inside:
            return min(inside)
    return None


def _header_path(header: re.Match[str], counts: dict[KeyPath, int]) -> KeyPath:
    """Resolve ``[a.b]`` and ``[[a]]``: every array of tables on the way stands for its last element."""
    names = _split(header["name"])
    path: KeyPath = ()
    for number, name in enumerate(names, start=1):
        path = (*path, name)
        if number == len(names) and header["open"] == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _split(name: str) -> tuple[str, ...]:
    """Split a dotted key as TOML does, quoted parts included."""
    level: object = tomllib.loads(f"{name.strip()} = 0")
    parts: list[str] = []
    while isinstance(level, dict):
        key, level = next(iter(level.items()))
        parts.append(str(key))
    return tuple(parts)


def _after_value(text: str, position: int) -> int:
    """Step over a value: to the end of its line, or of the line that closes its last bracket."""
    depth = 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        if piece is None:
            return len(text)
        position = piece.end()
        depth += (piece[0] in "[{") - (piece[0] in "]}") if len(piece[0]) == 1 else 0
        if piece[0] == "\n" and depth == 0:
            return position
    return position


def _line_of(text: str, position: int) -> int:
    """Count the lines up to a position."""
    return text.count("\n", 0, position) + 1
