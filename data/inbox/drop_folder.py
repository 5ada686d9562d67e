"""What lies in the drop folder: deliveries with their companions, unfinished transfers, and what is no file.

Nothing is opened here. A file is let go only as what it was: where somebody has put another one in its place
meanwhile, that one stays.
"""

from __future__ import annotations

import logging
import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..disk.hashing import COMPANIONS
from ..readers.formats import LAYER_FORMATS, RASTER_ENDINGS, ZIP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

log = logging.getLogger("blackspot")

MAIN_ENDINGS = frozenset(
    ending for known in (*LAYER_FORMATS, ZIP) for ending in known.endings if ending != ".gdb"
) | frozenset(RASTER_ENDINGS)
"""Endings of files that can be a delivery."""
_OF_SHAPEFILE = (".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".fbn", ".fbx", ".ain", ".aih", ".shp.xml")
_BESIDE = {
    ending: (*needed, *(_OF_SHAPEFILE if ending == ".shp" else (".ind",)))
    for ending, needed in COMPANIONS.items()
}  # with indexes and metadata, which nobody reads, but which travel along
_LONE = frozenset(ending for endings in _BESIDE.values() for ending in endings)
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".unfinished")
_OF_DATABASES = ("-wal", "-journal", "-shm")
_OF_DESKTOPS = frozenset({"thumbs.db", "desktop.ini"})
_MOST_ENTRIES = 10_000  # whoever puts in more has made a mistake, or wants to do harm
_ASIDE = ".blackspot-taken"  # folder for files that are about to be removed


@dataclass(frozen=True, slots=True)
class SeenFile:
    """One file as it was seen: which one it is, how large, and when it was written to last (both in ns)."""

    inode: int
    size: int
    written_ns: int
    changed_ns: int

    @classmethod
    def at(cls, path: Path) -> SeenFile:
        """Look at a file itself, never at what a link leads to; raises OSError where there is none."""
        return cls.of(path.lstat())

    @classmethod
    def of(cls, found: os.stat_result) -> SeenFile:
        """Note what the system says of a file."""
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A delivery in the drop folder.

    Attributes
    ----------
    main
        The file that names it; of companions that came before it, the first of these.
    beside
        Its companions and whatever else belongs to it, by what follows the stem of the name, in lower case.
    looks
        How each of these files was seen.
    """

    main: Path
    beside: Mapping[str, Path] = field(default_factory=dict)
    looks: Mapping[Path, SeenFile] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """All its files, the main one first."""
        return (self.main, *(self.beside[ending] for ending in sorted(self.beside)))

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(look.size for look in self.looks.values())

    @property
    def is_alone(self) -> bool:
        """Whether these are companions whose main file is not there."""
        return self.main.suffix.lower() in _LONE

    @property
    def left_alone_since_s(self) -> float:
        """When one of its files was written to, renamed or made last, in seconds since 1970.

        That is the time the system keeps (ctime): whoever copies a file may set the other one to whatever it was.
        """
        return max(look.changed_ns for look in self.looks.values()) / 1e9

    def is_as_seen(self) -> bool:
        """Say whether no file was written to, replaced or removed since it was seen."""
        try:
            return all(SeenFile.at(path) == look for path, look in self.looks.items())
        except OSError:
            return False

    def let_go(self) -> bool:
        """Remove the files from the drop folder, as far as they are those that were seen.

        Returns
        -------
        bool
            False where one of them was replaced meanwhile, or may not be removed.
        """
        with _aside(self.main.parent) as aside:
            gone = [_let_go(path, look, aside) for path, look in self.looks.items()]
        return all(gone)


@dataclass(frozen=True, slots=True)
class DropFolder:
    """What lies in the drop folder.

    Attributes
    ----------
    deliveries
        Files that can be deliveries, by the name of their main file.
    unfinished
        Files of transfers that have not ended, by their names.
    strange
        Links, pipes, devices and folders.
    unreadable
        Files of kinds that are not read.
    """

    deliveries: tuple[Dropped, ...]
    unfinished: tuple[Dropped, ...]
    strange: tuple[Path, ...]
    unreadable: tuple[Path, ...]


def look_into(folder: Path) -> DropFolder:
    """Look at everything in the drop folder.

    Parameters
    ----------
    folder
        The drop folder; files in folders below it do not count. Hidden ones are passed over, and of very many
        entries all but the first.

    Returns
    -------
    DropFolder
        What lies there.

    Raises
    ------
    OSError
        The folder is missing or cannot be read.
    """
    _put_back(folder)
    looks: dict[Path, SeenFile] = {}
    strange, unfinished = [], []
    entries = sorted(folder.iterdir())
    if len(entries) > _MOST_ENTRIES:
        log.warning(
            "%s: holds %d entries; only the first %d by name are looked at.",
            folder,
            len(entries),
            _MOST_ENTRIES,
        )
    for path in entries[:_MOST_ENTRIES]:
        if path.name.startswith(".") or path.name.lower() in _OF_DESKTOPS:
            continue
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue  # gone meanwhile
        if not stat.S_ISREG(found.st_mode):
            strange.append(path)
        elif _is_unfinished(path):
            unfinished.append(Dropped(path, looks={path: SeenFile.of(found)}))
        elif not path.name.lower().endswith(_OF_DATABASES):
            looks[path] = SeenFile.of(found)
    deliveries = tuple(_grouped(looks))
    grouped = {path for one in deliveries for path in one.files}
    unreadable = tuple(path for path in looks if path not in grouped)
    return DropFolder(deliveries, tuple(unfinished), tuple(strange), unreadable)


def _is_unfinished(path: Path) -> bool:
    name = path.name.lower()
    return name.endswith(_UNFINISHED) or name.startswith("~$") or name.endswith("~")


def _grouped(looks: Mapping[Path, SeenFile]) -> Iterator[Dropped]:
    """Put main files and their companions together; companions without a main file stand by themselves."""
    left = dict(looks)
    for main in [path for path in looks if path.suffix.lower() in MAIN_ENDINGS]:
        wanted = _BESIDE.get(main.suffix.lower(), ())
        beside: dict[str, Path] = {}
        for path in looks:
            rest = path.name[len(main.stem) :].lower()
            if wanted and path.name.startswith(main.stem) and rest in wanted:
                beside.setdefault(rest, path)
        files = (main, *beside.values())
        for path in files:
            left.pop(path, None)
        yield Dropped(main, beside, {path: looks[path] for path in files})
    lone: dict[str, list[Path]] = {}
    for path in left:
        if path.suffix.lower() in _LONE:
            lone.setdefault(path.stem, []).append(path)
    for paths in lone.values():
        yield Dropped(
            paths[0], {path.suffix.lower(): path for path in paths[1:]}, {path: looks[path] for path in paths}
        )


@contextmanager
def _aside(folder: Path) -> Iterator[int | None]:
    """Open the hidden folder through which files go; None where there can be none. It goes when it is empty."""
    place = folder / _ASIDE
    opened = None
    with suppress(OSError):
        place.mkdir(exist_ok=True)
        opened = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)  # never through a link
    try:
        yield opened
    finally:
        if opened is not None:
            os.close(opened)
            with suppress(OSError):  # a file waits in it for its name to be free
                place.rmdir()


def _let_go(path: Path, look: SeenFile, aside: int | None) -> bool:
    """Remove one file in two steps, so that nothing that has come under its name meanwhile goes with it."""
    if aside is None or path.name in os.listdir(aside):  # noqa: PTH208 - an open folder, whatever its name leads to by now
        return False
    try:
        os.rename(path, path.name, dst_dir_fd=aside)
        found = os.stat(path.name, dir_fd=aside, follow_symlinks=False)
    except OSError:
        return False
    same = (found.st_ino, found.st_size, found.st_mtime_ns) == (look.inode, look.size, look.written_ns)
    if same:  # the time of the last change (ctime) is that of the new name by now
        os.unlink(path.name, dir_fd=aside)
    else:
        _return(path, aside)
    return same


def _put_back(folder: Path) -> None:
    """Give files their places back that a killed run was about to remove; they are looked at anew."""
    if not os.path.lexists(folder / _ASIDE):
        return
    with _aside(folder) as aside:
        for name in sorted(os.listdir(aside)) if aside is not None else ():  # noqa: PTH208 - as above
            _return(folder / name, aside)


def _return(path: Path, aside: int | None) -> None:
    """Give a file its place back, unless another one has it by now; then it waits until that is gone."""
    try:
        os.link(path.name, path, src_dir_fd=aside, follow_symlinks=False)
        os.unlink(path.name, dir_fd=aside)
    except FileExistsError:
        with suppress(OSError):
            there = os.stat(path.name, dir_fd=aside, follow_symlinks=False)
            if os.path.samestat(there, path.lstat()):  # a run was killed between the two steps above
                os.unlink(path.name, dir_fd=aside)
    except OSError:  # a disk without links
        if not os.path.lexists(path):
            os.rename(path.name, path, src_dir_fd=aside)
