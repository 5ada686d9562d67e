"""A comparison as files: the same numbers in each of them, harmless in a spreadsheet, the same bytes every time."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from blackspot import cli
from blackspot.data.exports.csv_file import ENCODING
from blackspot.errors import WorkplaceError
from blackspot.maps.encoding.shapes import NumberColumn
from blackspot.maps.encoding.varint import inflate
from blackspot.maps.pages.changes import FIGURES
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.compare import compare
from blackspot.pipeline.compare_files import FILES, PAGE, write_comparison
from four_communes import files, project
from page_country import block, facts
from page_decoder import decode_numbers
from small_country import box, frame

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["project"]


@pytest.fixture
def two_runs(project: Path) -> Path:
    """Two runs of the small country, and a variant by other rules: rows 4 to 6 gain 5G, some columns lose it."""
    pipeline.run(project, pages="national")
    frame([box(2, 0, 20, 6)], kind=["x"]).to_crs(3405).to_file(project.parent / "five.gpkg", layer="five")
    pipeline.run(project, pages="national")
    return project.parent / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding=ENCODING, newline="") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float | None:
    return float(text) if text else None


def test_every_file_says_the_same(two_runs: Path, tmp_path: Path) -> None:
    """Tables, workbook, JSON and page; sums of the communes are the country of the JSON."""
    folder = tmp_path / "to" / "changes"
    write_comparison(folder, compare(two_runs, "1", "2"))
    assert sorted(FILES) == sorted(path.name for path in folder.iterdir())
    communes = rows(folder / "changes_communes.csv")
    said = json.loads((folder / "changes.json").read_text(encoding="utf-8"))
    assert 12 == len(communes)  # the profile and two services
    for row in communes:
        known = said["communes"].get(row["service"], {}).get(row["code"])
        figures = {name: number(text) for name, text in row.items() if name.startswith("pop_")}
        assert known is None or figures == {name: known[name] for name in figures}
    for service, country in said["country"].items():
        lost = [float(row["pop_lost"]) for row in communes if row["service"] == service]
        assert country["pop_lost"] == pytest.approx(sum(lost), abs=1e-6)
    assert said["country"]["5g"]["pop_lost"] == pytest.approx(40, abs=0.5)
    _page_says(folder / PAGE, communes)
    sheets = openpyxl.load_workbook(folder / "changes.xlsx")
    assert ["about", "provinces", "communes", "operators", "causes", "black_spots"] == sheets.sheetnames
    for name in sheets.sheetnames[1:]:
        table = rows(folder / f"changes_{name}.csv")
        cells = list(sheets[name].iter_rows(min_row=3, values_only=True))
        texts = [[text.lstrip("'") for text in row.values()] for row in table]
        assert texts == [[_text(cell) for cell in row] for row in cells]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return str(cell) if isinstance(cell, str) else f"{cell:.8f}".rstrip("0").rstrip(".")


def _page_says(path: Path, communes: list[dict[str, str]]) -> None:
    """People of the page are rounded to a thousandth."""
    meta: dict[str, Any] = facts(path)
    codes = json.loads(inflate(block(path, "bs-names")))["code"]
    columns = [NumberColumn(**column) for column in meta["changes"]["columns"]]
    table = decode_numbers(block(path, "bs-changes"), columns, len(codes))
    for row in communes:
        for name in FIGURES:
            found = table[f"{name}|{row['service']}"][codes.index(row["code"])]
            assert found == pytest.approx(float(row[name]), abs=0.0006)


def test_the_same_runs_give_the_same_bytes(two_runs: Path, tmp_path: Path) -> None:
    """In another folder, and again in the same one."""
    write_comparison(tmp_path / "a", compare(two_runs, "1", "2"))
    first = files(tmp_path / "a")
    write_comparison(tmp_path / "a", compare(two_runs, "1", "2"))
    write_comparison(tmp_path / "b", compare(two_runs, "1", "2"))
    assert first == files(tmp_path / "a") == files(tmp_path / "b")


def test_a_name_that_is_a_formula_is_text(two_runs: Path, tmp_path: Path) -> None:
    """In the tables, in the workbook and in the page."""
    write_comparison(tmp_path / "a", compare(two_runs, "1", "2"))
    names = {row["name"] for row in rows(tmp_path / "a" / "changes_communes.csv")}
    assert "'=HYPERLINK(1)" in names
    sheet = openpyxl.load_workbook(tmp_path / "a" / "changes.xlsx")["communes"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)
    page = (tmp_path / "a" / PAGE).read_text(encoding="utf-8")
    assert "{{ cycler }}</script>" not in page


def test_other_rules_are_grey_and_in_no_sum(project: Path, tmp_path: Path) -> None:
    """The variant fails more people; nobody has lost or gained anything."""
    pipeline.run(project, pages="national")
    pipeline.run(project, pages="national", variant="gap-any", overrides=['profile.gap="any"'])
    write_comparison(tmp_path / "a", compare(project.parent / "out", "1", "gap-any"))
    profile = [row for row in rows(tmp_path / "a" / "changes_communes.csv") if row["service"] == "profile"]
    assert {("rules", "0", "0")} == {(row["cause"], row["pop_lost"], row["pop_gained"]) for row in profile}
    assert sum(float(row["pop_more_otherwise"]) for row in profile) > 100
    meta = facts(tmp_path / "a" / PAGE)["changes"]
    assert not meta["progress"]
    assert "0 people of progress" in meta["why"][0]["en"]
    assert "(gap-any)" in facts(tmp_path / "a" / PAGE)["period"]


def test_without_pages_there_is_no_page(
    project: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest is written, and the log says why."""
    pipeline.run(project, pages="none")
    written = write_comparison(tmp_path / "a", compare(project.parent / "out", "1", "latest"))
    assert PAGE not in {path.name for path in written}
    assert sorted(path.name for path in written) == sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "was run without pages" in caplog.text


def test_damaged_map_layers_leave_nothing(two_runs: Path, tmp_path: Path) -> None:
    """Whole or not at all."""
    found = compare(two_runs, "1", "2")
    layers = found.after.folder / "map_layers.zip"
    layers.chmod(0o644)
    layers.write_bytes(layers.read_bytes()[:-9])
    with pytest.raises(WorkplaceError, match=r"map_layers\.zip"):
        write_comparison(tmp_path / "a", found)
    assert not (tmp_path / "a").exists()


def test_the_command_writes_the_folder(
    two_runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON on the screen is that of the file, and the files are named; a folder with other files is refused."""
    line = ["compare", "1", "2", "--out", str(two_runs), "--to", str(tmp_path / "a"), "--json"]
    assert 0 == cli.run_line(line)
    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads(
        (tmp_path / "a" / "changes.json").read_text(encoding="utf-8")
    )
    assert str(tmp_path / "a" / "changes.xlsx") in printed.err
    (tmp_path / "a" / "mine.txt").write_text("mine", encoding="utf-8")
    assert 5 == cli.run_line(line)
    assert "mine.txt" in capsys.readouterr().err
