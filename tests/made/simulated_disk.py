"""A disk that loses power: what a program did to a folder, and every content the folder may have after a crash.

After the way SQLite tests itself (https://www.sqlite.org/testing.html#crash_testing): what was forced to the disk
is there, and of everything else any part may be. Names and bytes are told apart, as a disk does: a file is known by
its inode, a folder is a table of names, each of them is forced by its own ``fsync``.

``python simulated_disk.py OUT ACTION [CHANGE]`` carries out one action of ``ACTIONS`` while it is recorded.
"""

from __future__ import annotations

import itertools
import os
import pickle
import random
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Inode = int
FOLDER = "folder"
LINK = "link"
_EVERY_PART_UP_TO = 6
"""Unsynced steps of which every part is tried; of more, some parts that are drawn with a fixed seed."""
_DRAWN = 40


@dataclass(frozen=True)
class Entry:
    """A name in a folder that now means this inode; None takes the name away."""

    folder: Inode
    name: str
    inode: Inode | None


@dataclass(frozen=True)
class Snapshot:
    """A tree as the running program sees it: names of every folder, and what every inode holds."""

    names: Mapping[Inode, Mapping[str, Inode]]
    held: Mapping[Inode, bytes | str]


@dataclass(frozen=True)
class Step:
    """The tree before one system call, and what that call forces to the disk, if anything."""

    snapshot: Snapshot
    forced: Inode | None = None
    mark: str = ""


@dataclass
class Recording:
    """Everything that was done to one folder, in order."""

    root: Inode
    steps: list[Step] = field(default_factory=list)


def snapshot_of(root: Path, kept_open: dict[Inode, int]) -> Snapshot:
    """Look at a whole tree; links are not followed.

    Everything that is seen is kept open: otherwise the number of what is removed would be given to the next file.
    """
    names: dict[Inode, dict[str, Inode]] = {}
    held: dict[Inode, bytes | str] = {}

    def look(path: Path) -> Inode:
        found = path.lstat()
        inode = found.st_ino
        if inode not in kept_open:
            kept_open[inode] = os.open(path, os.O_PATH | os.O_NOFOLLOW)
        if stat.S_ISDIR(found.st_mode):
            held[inode] = FOLDER
            names[inode] = {
                name: look(path / name) for name in sorted(inner.name for inner in path.iterdir())
            }
        elif stat.S_ISLNK(found.st_mode):
            held[inode] = f"{LINK}:{path.readlink()}"
        else:
            held[inode] = path.read_bytes()
        return inode

    look(root)
    return Snapshot(names, held)


def record(root: Path, action: Callable[[Callable[[str], None]], None]) -> Recording:
    """Carry out an action and take a snapshot before every call that changes names or forces bytes.

    The action is handed a function with which it marks a moment, such as "published". To be called in a process of
    its own: the hook stays.
    """
    recording = Recording(root.lstat().st_ino)
    asleep = [False]
    kept_open: dict[Inode, int] = {}

    def note(forced: Inode | None = None, mark: str = "") -> None:
        if asleep[0]:
            return
        asleep[0] = True
        try:
            recording.steps.append(Step(snapshot_of(root, kept_open), forced, mark))
        finally:
            asleep[0] = False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link")
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if changes or writes:
            note()

    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        note(forced=os.fstat(descriptor).st_ino)

    note()
    os.fsync = fsync
    sys.addaudithook(hook)
    action(lambda mark: note(mark=mark))
    note()
    asleep[0] = True
    return recording


@dataclass(frozen=True)
class Crash:
    """One content of the disk after a crash: which step came last, the marks before it, and the tree."""

    step: int
    marks: frozenset[str]
    tree: Snapshot
    root: Inode

    def write(self, folder: Path) -> None:
        """Put it on a real disk."""
        self._write(self.root, folder, frozenset())

    def _write(self, inode: Inode, path: Path, above: frozenset[Inode]) -> None:
        held = self.tree.held.get(inode, b"")
        if held == FOLDER:
            path.mkdir()
            for name, inner in self.tree.names.get(inode, {}).items():
                if inner not in above:
                    self._write(inner, path / name, above | {inode})
        elif isinstance(held, str):
            path.symlink_to(held.removeprefix(f"{LINK}:"))
        else:
            path.write_bytes(held)

    def key(self) -> tuple[object, ...]:
        """What tells two contents apart."""

        def below(inode: Inode, above: frozenset[Inode]) -> object:
            held = self.tree.held.get(inode, b"")
            if held != FOLDER:
                return held
            inside = self.tree.names.get(inode, {})
            return tuple(
                (name, below(inner, above | {inode}))
                for name, inner in sorted(inside.items())
                if inner not in above
            )

        return (below(self.root, frozenset()), self.marks)


class _Disk:
    """What is surely on the disk at one moment, and what may be."""

    def __init__(self, first: Snapshot) -> None:
        self.names = {inode: dict(inside) for inode, inside in first.names.items()}
        self.held = dict(first.held)
        self.seen = first
        self.waiting: list[tuple[Entry, ...]] = []

    def take_in(self, now: Snapshot) -> None:
        """Note which names changed since the last look: those of one inode are one step, as renaming is."""
        changes: dict[Inode, list[Entry]] = {}
        for folder in sorted(now.names.keys() | self.seen.names.keys()):
            old, new = self.seen.names.get(folder, {}), now.names.get(folder, {})
            for name in sorted(old.keys() | new.keys()):
                if old.get(name) != new.get(name):
                    moved = new.get(name, old.get(name, 0))
                    changes.setdefault(moved, []).append(Entry(folder, name, new.get(name)))
        self.waiting += [tuple(entries) for entries in changes.values()]
        kinds = {inode: held for inode, held in now.held.items() if isinstance(held, str)}
        self.held = (
            kinds | self.held
        )  # a folder or a link is one from its beginning, also when it is gone by now
        self.seen = now

    def force(self, inode: Inode) -> None:
        """Do what ``fsync`` does: the bytes of a file, or the names of a folder, are on the disk."""
        held = self.seen.held.get(inode)
        if held is None:
            return
        self.held[inode] = held
        if held != FOLDER:
            return
        for change in self.waiting:
            if any(entry.folder == inode for entry in change):
                _apply(self.names, change)
        self.waiting = [
            change for change in self.waiting if not any(entry.folder == inode for entry in change)
        ]

    def after_a_crash(self, chance: random.Random) -> Iterator[Snapshot]:
        """Give every content that is possible now, or some of them where they are too many."""
        loose = [inode for inode, held in self.seen.held.items() if self.held.get(inode) != held]
        choices: list[tuple[Any, ...]] = [(False, True)] * len(self.waiting)
        choices += [tuple(dict.fromkeys(self._versions(inode))) for inode in loose]
        for chosen in _some(choices, chance):
            names = {inode: dict(inside) for inode, inside in self.names.items()}
            for survives, change in zip(chosen, self.waiting, strict=False):
                if survives:
                    _apply(names, change)
            held = self.held | dict(zip(loose, chosen[len(self.waiting) :], strict=True))
            yield Snapshot(names, held)

    def _versions(self, inode: Inode) -> Iterator[bytes | str]:
        """What an inode may hold that was not forced: what it held, nothing, a half, everything."""
        now, before = self.seen.held[inode], self.held.get(inode)
        if isinstance(now, str):
            yield now
            return
        if before is not None:
            yield before
        yield from (b"", now[: len(now) // 2], now)


def _apply(names: dict[Inode, dict[str, Inode]], change: tuple[Entry, ...]) -> None:
    for entry in change:
        inside = names.setdefault(entry.folder, {})
        if entry.inode is None:
            inside.pop(entry.name, None)
        else:
            inside[entry.name] = entry.inode


def _some(choices: list[tuple[Any, ...]], chance: random.Random) -> Iterator[tuple[Any, ...]]:
    if len(choices) <= _EVERY_PART_UP_TO:
        yield from itertools.product(*choices)
        return
    yield tuple(options[0] for options in choices)
    yield tuple(options[-1] for options in choices)
    for place in range(len(choices)):  # all but one, and only one
        yield tuple(options[-1 if other != place else 0] for other, options in enumerate(choices))
        yield tuple(options[0 if other != place else -1] for other, options in enumerate(choices))
    for _ in range(_DRAWN):
        yield tuple(chance.choice(options) for options in choices)


def crashes(recording: Recording, forgets: Callable[[str], bool] = lambda _: False) -> Iterator[Crash]:
    """Give every content that the folder may have when the power goes, at every step.

    Parameters
    ----------
    recording
        What was done.
    forgets
        Paths, from the root of the tree, whose ``fsync`` is taken out: to see that the crash test would notice.
    """
    chance = random.Random(5)  # noqa: S311 - no secret
    disk = _Disk(recording.steps[0].snapshot)
    marks: frozenset[str] = frozenset()
    known = set()
    for number, step in enumerate(recording.steps):
        disk.take_in(step.snapshot)
        if step.forced is not None and not forgets(_path_of(step.snapshot, recording.root, step.forced)):
            disk.force(step.forced)
        marks = marks | {step.mark} - {""}
        for tree in disk.after_a_crash(chance):
            crash = Crash(number, marks, tree, recording.root)
            key = hash(crash.key())
            if key not in known:
                known.add(key)
                yield crash


def _path_of(tree: Snapshot, root: Inode, wanted: Inode) -> str:
    """Find the path of an inode; empty for the root, ``-`` where it has none."""
    stack = [(root, "")]
    while stack:
        inode, path = stack.pop()
        if inode == wanted:
            return path
        stack += [(inner, f"{path}/{name}".lstrip("/")) for name, inner in tree.names.get(inode, {}).items()]
    return "-"


def main(out: Path, action: str, change: str) -> None:
    """Carry out one action of ``crash_actions``, recorded; the recording goes to stdout."""
    import crash_actions  # noqa: PLC0415 - it imports the program, which this module does not need

    recording = record(out, crash_actions.ACTIONS[action](out, change))
    sys.stdout.buffer.write(pickle.dumps(recording))


if __name__ == "__main__":
    import simulated_disk  # the classes must not be those of __main__, or nobody could read them

    simulated_disk.main(Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
