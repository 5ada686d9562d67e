"""Made drop folders: what is taken, what stays there and why, and an archive that contradicts itself or was damaged."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from fixture_country import Writer

_COUNTRY = "country"
_LATER = "sao_mai_5g_2026-10-31.gpkg"


def write_inbox(to: Writer) -> None:
    """Write a drop folder and a project for each code, beside the country of the other runs."""
    country = to.folder / _COUNTRY
    _write_taken(to, country)
    _write_misnamed(to, country)
    _write_unfinished(to, country)
    _write_archive(to, country)


def _project(folder: Path, name: str, *lines: str, text: str = PROJECT) -> str:
    """Write a project whose inbox and archive are called after it, and the inbox."""
    given = {"minimum_age_s": "0", **dict(line.split(" = ") for line in lines)}
    inbox = [f'path = "drop-{name}"', f'archive = "archive-{name}"']
    inbox += [f"{key} = {value}" for key, value in given.items()]
    (folder / f"drop-{name}").mkdir()
    (folder / f"inbox-{name}.toml").write_text("\n".join([text, "[inbox]", *inbox, ""]), encoding="utf-8")
    return f"inbox-{name}.toml"


def _case(to: Writer, code: str, project: str, *steps: list[Any]) -> None:
    """Say that the last of these steps, a run of the project, tells ``code``."""
    case = {"code": code, "ask": "run", "folder": _COUNTRY, "project": project, "steps": [*steps, ["run"]]}
    to.cases.append(case)


def _dropped(folder: Path, name: str, file: str, source: str = "five.gpkg") -> None:
    shutil.copy(folder / source, folder / f"drop-{name}" / file)


def _write_taken(to: Writer, folder: Path) -> None:
    """Files that are taken: a new one, one that came before, an older one, one that cannot be removed; and no inbox."""
    _case(to, "inbox.taken", _project(folder, "taken"))
    _dropped(folder, "taken", _LATER)
    again = _project(folder, "known")
    _dropped(folder, "known", _LATER)
    _case(to, "inbox.known", again, ["run"], ["copy", "five.gpkg", "drop-known/once more.gpkg"])
    _case(to, "inbox.older", _project(folder, "older"))
    _dropped(folder, "older", "sao_mai_5g_2026-01-31.gpkg")
    _case(to, "inbox.stays", _project(folder, "stays"))
    _dropped(folder, "stays", _LATER)
    (folder / "drop-stays" / ".blackspot-taken").touch()  # where the folder would be through which files go
    _case(to, "inbox.missing", _project(folder, "missing"))
    (folder / "drop-missing").rmdir()


def _write_misnamed(to: Writer, folder: Path) -> None:
    """Names that say too little, something unknown, something of several entries, or a day to come."""
    for name, code, file in (
        ("nameless", "unmatched-name", "new coverage.gpkg"),
        ("foreign", "unknown-submission", "tan_song_5g_2026-10-31.gpkg"),
        ("early", "future-date", "sao_mai_5g_2999-10-31.gpkg"),
    ):
        _case(to, f"inbox.{code}", _project(folder, name))
        _dropped(folder, name, file)
    plan = '[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "west.gpkg"\nbasis = "planned"\n'
    text = PROJECT.replace("[profile]", f"{plan}[profile]")
    _case(to, "inbox.several-submissions", _project(folder, "several", text=text))
    _dropped(folder, "several", _LATER)
    _case(to, "inbox.not-a-file", _project(folder, "folder"))
    (folder / "drop-folder" / "sao_mai_5g_2026-10-31.gdb").mkdir()


def _write_unfinished(to: Writer, folder: Path) -> None:
    """A file that was written to a moment ago, and half a file that nobody goes on with."""
    _case(to, "inbox.waiting", _project(folder, "waiting", "minimum_age_s = 3600"))
    _dropped(folder, "waiting", _LATER)
    _case(to, "inbox.half-file", _project(folder, "half", "overdue_s = 0"))
    half = (folder / "other.geojson").read_bytes()[:200]
    (folder / "drop-half" / "hai_dang_5g_2026-10-31.geojson").write_bytes(half)


def _write_archive(to: Writer, folder: Path) -> None:
    """Two deliveries of one day, and one that somebody changed in the archive."""
    _case(to, "inbox.same-date", _project(folder, "twice"))
    _dropped(folder, "twice", _LATER)
    _dropped(folder, "twice", "Sao-Mai 5G 20261031.gpkg", "west.gpkg")
    spoilt = ["write", "archive-damaged/*/*/*.gpkg", "edited by somebody"]
    _case(to, "inbox.archive-damaged", _project(folder, "damaged"), ["run"], spoilt)
    _dropped(folder, "damaged", _LATER)
