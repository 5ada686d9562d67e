"""Proving an output folder: every file of every run against its manifest, pointers, history and kept copies."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...errors import WorkplaceError
from ..disk.atomic import bytes_if_there
from ..disk.hashing import input_file
from ..runs.history import HISTORY, History
from ..runs.listing import LATEST, PENDING, RUNS, latest_id, open_run, run_names
from ..runs.manifest import CHANGED, MISSING, damage, read_manifest
from ..runs.output_folder import LINK, is_held
from ..runs.variants import variant_folder, variant_names
from ..submissions.kept_copies import ACCEPTED
from ..text.safe import plain, printable
from ..text.sentences import say
from ..text.words import LANGUAGES, Both

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COPY: Final = re.compile(r"(?P<sha256>[0-9a-f]{64})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was published.

    Attributes
    ----------
    what
        Which kind of damage; stable words for programs.
    where
        The folder or file.
    told
        What is wrong and what to do, one sentence in each language.
    """

    what: str
    where: Path
    told: Both


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved.

    Attributes
    ----------
    runs
        How many runs were looked at: of the series, waiting for approval, and of variants.
    files
        How many files were hashed.
    damage
        What is not as it was published; empty where all is.
    """

    runs: int
    files: int
    damage: tuple[Damage, ...]


def verify_run(out: Path, name: str) -> Proof:
    """Prove one run.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough.
    name
        Of the run, the start of its name, its number, ``latest``, or the name of a variant for its latest run.

    Raises
    ------
    RunNotFoundError
        There is no such run.
    WorkplaceError
        The disk failed.
    """
    if name in variant_names(out):
        out, name = variant_folder(out, name), "latest"
    place = _named(out, name) or open_run(out, name).folder
    files, found = _of_run(place)
    return Proof(1, files, found)


def verify_all(out: Path) -> Proof:
    """Prove everything an output folder keeps, its variants too.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough. A run that is being made meanwhile does no harm.

    Raises
    ------
    WorkplaceError
        The disk failed.
    """
    runs, files = 0, 0
    found: list[Damage] = []
    for folder in (out, *(variant_folder(out, name) for name in variant_names(out))):
        for place in _run_folders(folder):
            number, spoilt = _of_run(place)
            if place.is_dir():  # else it was removed on purpose meanwhile
                runs, files = runs + 1, files + number
                found += spoilt
        found += [*_pointers(folder), *_history(folder)]
        number, copies = _copies(folder)
        files += number
        found += copies
    return Proof(runs, files, tuple(found))


def _named(out: Path, name: str) -> Path | None:
    """Give the folder of a run whose full name is given: also of one whose manifest cannot be read."""
    return next((folder for folder in _run_folders(out) if folder.name == name), None)


def _run_folders(out: Path) -> list[Path]:
    return [out / place / name for place in (RUNS, PENDING) for name in run_names(out, place)]


def _of_run(folder: Path) -> tuple[int, tuple[Damage, ...]]:
    """Compare a run with its manifest; gives the number of its files, too."""
    try:
        manifest = read_manifest(folder)
        spoilt = damage(folder)
    except WorkplaceError as error:
        return 0, (_damage("manifest", folder, folder=str(folder), error=str(error)),)
    outputs = manifest["outputs"]
    found = [_of_file(folder, problem) for problem in spoilt]
    if manifest.get("run") != folder.name:
        found.append(_damage("name", folder, folder=str(folder), named=plain(str(manifest.get("run")))))
    return len(outputs) if isinstance(outputs, dict) else 0, tuple(found)


def _of_file(folder: Path, problem: str) -> Damage:
    """Say in both languages what ``damage`` says of a file."""
    missing = problem.endswith(MISSING)
    name = problem.removesuffix(MISSING if missing else CHANGED)
    return _damage("missing" if missing else "changed", folder / name, path=str(folder / name))


def _pointers(out: Path) -> Iterator[Damage]:
    """See that the pointers name a run that is there, and the same one."""
    runs = run_names(out)
    if is_held(out):
        return  # a run is just being published: the next look sees them together again
    named = latest_id(out)
    if not runs and not named:
        return
    path = out / LATEST
    content = bytes_if_there(path)
    if named not in runs:
        yield _damage("latest", path, path=str(path), named=named or "-")
        return
    if json.loads(content or b"{}").get("path") != f"{RUNS}/{named}":
        yield _damage("latest-path", path, path=str(path), named=named)
    link = out / LINK
    if link.is_symlink() and link.readlink().name != named:
        yield _damage("link", link, path=str(link), named=named or "-")


def _history(out: Path) -> Iterator[Damage]:
    """See that every run of the history is there, or was removed on purpose, and is the one it was."""
    path = out / HISTORY
    if not path.exists():
        return  # it is made again from the runs
    try:
        with History(out, read_only=True) as history:
            history.check()
            records, events = history.runs(), history.events()
    except WorkplaceError as error:
        yield _damage("history", path, error=str(error))
        return
    removed = {event.run for event in events if event.what == "removed"}
    for record in records:
        folder = out / RUNS / record.id
        if not folder.is_dir():
            if record.id not in removed:
                yield _damage("lost", folder, folder=str(folder))
            continue
        try:
            digest = read_manifest(folder).get("inputs_digest")
        except WorkplaceError:
            continue  # told with the run
        if digest != record.digest:
            yield _damage("other", folder, folder=str(folder))


def _copies(out: Path) -> tuple[int, list[Damage]]:
    """Compare the kept copies of submissions with the hash in their names."""
    folder, number, found = out / ACCEPTED, 0, []
    if not folder.is_dir():
        return 0, []
    for entry in sorted(folder.iterdir()):
        named = _COPY.fullmatch(entry.name)
        if named is None:
            continue  # an unfinished one, which the next run clears
        contents = sorted(entry.iterdir()) if entry.is_dir() and not entry.is_symlink() else []
        number += len(contents)
        if not any(_sha256(path) == named["sha256"] for path in contents) and entry.exists():
            found.append(_damage("copy", entry, folder=str(entry)))
    return number, found


def _sha256(path: Path) -> str:
    """Hash a kept copy with its companions; empty where it is none, or cannot be read."""
    try:
        return "" if path.is_symlink() else input_file("coverage", path).sha256
    except WorkplaceError:
        raise
    except OSError:
        return ""


def _damage(what: str, where: Path, /, **values: str) -> Damage:
    shown = {name: printable(" ".join(value.split())) for name, value in values.items()}
    return Damage(
        what, where, Both(*(say("upkeep", f"damage.{what}", language, **shown) for language in LANGUAGES))
    )
