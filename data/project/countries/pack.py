"""Reading a country pack, and filling what a project file leaves out from it."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from ...text.sentences import told

_FOLDER: Final = Path(__file__).parent
_ENDING: Final = ".toml"
_MAX_BYTES: Final = 1_000_000
USUAL: Final = "vn"
"""The pack of a project file that names none."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class CountryPack:
    """What is usual in a country.

    Attributes
    ----------
    name
        What a project file calls it: the name of one that ships, or the path.
    outline_box_lonlat
        West, south, east, north of the country with all its islands, degrees; None where nobody says.
    mainland_box_lonlat
        The part of it where population rasters have cells.
    people
        Fewest and most people a raster of the whole country can have.
    projected_epsg
        EPSG codes of the projected systems files of the country come in.
    defaults
        Keys of a project file, by section.
    """

    name: str
    outline_box_lonlat: Box | None = None
    mainland_box_lonlat: Box | None = None
    people: tuple[float, float] | None = None
    projected_epsg: tuple[int, ...] = ()
    defaults: dict[str, dict[str, Any]] = field(default_factory=dict)


@cache
def shipped_pack(name: str = USUAL) -> CountryPack:
    """Read a pack that ships.

    Raises
    ------
    ValueError
        There is none of this name; in words for people.
    """
    return find_pack(name, _FOLDER)


def find_pack(name: str, folder: Path) -> CountryPack:
    """Find a pack by name or path.

    Parameters
    ----------
    name
        Of one that ships, or the path of a TOML file.
    folder
        Where relative paths start.

    Raises
    ------
    ValueError
        There is none, or the file is no pack; in words for people.
    """
    known = sorted(path.stem for path in _FOLDER.glob(f"*{_ENDING}"))
    path = _FOLDER / f"{name}{_ENDING}" if name in known else folder / name
    if name not in known and not name.endswith(_ENDING):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        if near:
            hint = told("project", "wrong.hint_near", near=near[0])
        else:
            hint = told("project", "wrong.hint_known", known=", ".join(known))
        msg = told("project", "wrong.no_country", name=repr(name), hint=hint, ending=_ENDING)
        raise ValueError(msg)
    try:
        with path.open("rb") as stream:
            content = tomllib.loads(stream.read(_MAX_BYTES).decode())
    except OSError as error:
        msg = told("project", "wrong.pack_unreadable", path=path, words=error.strerror)
        raise ValueError(msg) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        msg = told("project", "wrong.pack_not_toml", path=path, words=error)
        raise ValueError(msg) from error
    return CountryPack(
        name,
        cast("Box | None", _numbers(content, "outline_box_lonlat", 4, path)),
        cast("Box | None", _numbers(content, "mainland_box_lonlat", 4, path)),
        cast("tuple[float, float] | None", _numbers(content, "people", 2, path)),
        tuple(int(code) for code in _numbers(content, "projected_epsg", None, path) or ()),
        _defaults(content, path),
    )


def with_country(data: dict[str, Any], pack: CountryPack) -> None:
    """Fill the keys that a project file leaves out from a pack, in place.

    Parameters
    ----------
    data
        The project file as plain data.
    pack
        The country's pack. Only sections that stand in the file are filled.
    """
    for section, defaults in pack.defaults.items():
        table = data.get(section)
        if isinstance(table, dict):
            for key, value in defaults.items():
                table.setdefault(key, value)


def _numbers(content: dict[str, Any], key: str, count: int | None, path: Path) -> tuple[float, ...] | None:
    values = content.get(key)
    if values is None:
        return None
    fine = isinstance(values, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in values
    )
    if not fine or (count is not None and len(values) != count):
        how_many = "pack_numbers" if count else "pack_numbers_whole"
        msg = told("project", f"wrong.{how_many}", path=path, key=key, count=count)
        raise ValueError(msg)
    return tuple(values)


def _defaults(content: dict[str, Any], path: Path) -> dict[str, dict[str, Any]]:
    defaults = content.get("defaults", {})
    if not isinstance(defaults, dict) or not all(isinstance(table, dict) for table in defaults.values()):
        msg = told("project", "wrong.pack_defaults", path=path)
        raise ValueError(msg)
    if "submissions" in defaults:
        msg = told("project", "wrong.pack_submissions", path=path)
        raise ValueError(msg)
    return defaults
