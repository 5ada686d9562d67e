"""Made projects for what a run says of rural, border and island communes, of legal lists and of services that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import shapely

from small_country import PROJECT, box, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from fixture_country import Writer

_COUNTRY = "setting"


def write_setting(to: Writer) -> None:
    """Write a country whose border runs along its north, and a project for each code."""
    folder = to.folder / _COUNTRY
    folder.mkdir()
    write_country(folder)
    north = box(-5, 0, 25, 0).bounds
    line = shapely.LineString([north[:2], north[2:]])
    geopandas.GeoDataFrame(geometry=[line], crs=4326).to_file(folder / "border.gpkg")
    (folder / "listed.csv").write_text("code,area\n00101,I\n00201,II\n", encoding="utf-8")
    (folder / "twice.csv").write_text("code,area\n00101,I\n00101,III\n", encoding="utf-8")
    listed = 'path = "listed.csv", decree = "1/2026/NĐ-CP"'
    line_and_list = f'[setting.border]\nland_border = {{ path = "border.gpkg" }}\nlist = {{ {listed} }}\n'
    _case(to, "setting.border-disagrees", folder, line_and_list)
    _case(to, "setting.island-disagrees", folder, f"[setting.island]\nlist = {{ {listed} }}\n")
    old = f"[setting.border]\nlist = {{ {listed}, valid_to = 2025-12-31 }}\n"
    _case(to, "list.not-in-force", folder, old)
    areas = '[setting.lists.area]\npath = "twice.csv"\nvalue = "area"\n'
    _case(to, "list.two-classes", folder, areas)
    _case(
        to,
        "coverage.switched-off",
        folder,
        "",
        "[profile]",
        '[profile]\nswitched_off = { "5g" = 2026-01-31 }',
    )
    _write_zone(to, folder)


def _case(to: Writer, code: str, folder: Path, more: str, old: str = "[map]", new: str = "[map]") -> None:
    """Say that a run of a project with more tables, and with one text replaced, tells ``code``."""
    name = f"{code}.toml"
    text = PROJECT.replace(old, new).replace("[profile]", f"{more}[profile]", 1)
    (folder / name).write_text(text, encoding="utf-8")
    to.cases.append({"code": code, "ask": "run", "folder": _COUNTRY, "project": name, "steps": [["run"]]})


def _write_zone(to: Writer, folder: Path) -> None:
    """A special zone of Viet Nam that the file of communes calls a commune."""
    frame = geopandas.read_file(folder / "communes.gpkg")
    codes = ["06994", "06967", "07192", "06757"]
    named = frame.assign(code=codes, province_code="22", province_name="Tỉnh Quảng Ninh", type="xã")
    named.to_file(folder / "zones.gpkg")
    columns = ", ".join(
        f'{key} = "{key}"' for key in ("code", "name", "province_code", "province_name", "type")
    )
    text = PROJECT.replace('path = "communes.gpkg"', f'path = "zones.gpkg"\ncolumns = {{ {columns} }}')
    text = text.replace('extent = { except_provinces = ["02"] }\n', "")
    write_coverage(folder / "five.gpkg", box(0, 0, 20, 4))
    (folder / "zones.toml").write_text(text, encoding="utf-8")
    to.cases.append(
        {
            "code": "setting.special-zones",
            "ask": "run",
            "folder": _COUNTRY,
            "project": "zones.toml",
            "steps": [["run"]],
        }
    )
