"""Tables come out as text, or with a sentence that names file, row and column."""

from __future__ import annotations

import datetime as dt
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.findings.collector import Findings
from blackspot.data.parsers.csv_text import read_text
from blackspot.data.parsers.table import parse_table
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.table import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.errors import Finding

HEADER = ["code", "name"]


def text_file(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(folder: Path, rows: list[list[Any]], name: str = "t.xlsx", **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "first"
    for row in rows:
        book.active.append(row)
    for title, others in sheets.items():
        page = book.create_sheet(title)
        for row in others:
            page.append(row)
    book.save(folder / name)
    return folder / name


def read(
    path: Path, columns: list[str] | None = None, **options: Any
) -> tuple[pd.DataFrame | None, list[Finding]]:
    findings = Findings(path.parent)
    table = read_table(path, columns=HEADER if columns is None else columns, findings=findings, **options)
    return None if isinstance(table, Refused) else table.cells, list(findings.items)


def good(path: Path, columns: list[str] | None = None, **options: Any) -> pd.DataFrame:
    table, findings = read(path, columns, **options)
    assert findings == []
    assert table is not None
    return table


def refused(path: Path, columns: list[str] | None = None, **options: Any) -> Finding:
    """Read a file that has one error, whose sentence names the file and a cure in both languages."""
    table, findings = read(path, columns, **options)
    assert table is None
    assert len(findings) == 1
    assert findings[0].severity in {"error", "ask"}
    assert findings[0].sentence().startswith(path.name)
    assert findings[0].cure_en
    assert findings[0].cure_vi
    return findings[0]


# --- CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_codes_keep_their_zeros(tmp_path: Path, delimiter: str, encoding: str, newline: str) -> None:
    """Every usual way to write a CSV gives the same text; that UTF-16 was converted is noted."""
    lines = [delimiter.join(["name", "code", "x"]), delimiter.join(["Hà Giang", "00688", ""])]
    table, findings = read(text_file(tmp_path, newline.join([*lines, ""]).encode(encoding)))
    assert table is not None
    assert (["table.utf16"] if encoding == "utf-16" else []) == [item.code for item in findings]
    assert table.to_dict("list") == {"code": ["00688"], "name": ["Hà Giang"]}
    assert table.index.tolist() == [2]


def test_rows_are_counted_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    """Empty rows and line breaks inside quotation marks do not move the numbers."""
    table = good(text_file(tmp_path, '\ncode,name\n1,"two\nlines"\n,\n\n2,b\n'))
    assert table.index.tolist() == [3, 6]
    assert table["name"].tolist() == ["two\nlines", "b"]


def test_cells_lose_the_spaces_around_and_are_composed(tmp_path: Path) -> None:
    """Decomposed accents and no-break spaces must not make two of one code; the project's spelling neither."""
    decomposed = "ma\u0303 xa\u0303"
    path = text_file(tmp_path, f" {decomposed} ,name\n\u00a000001 ,Xa\u0303 A\n")
    assert good(path, ["mã xã", "name"]).iloc[0].tolist() == ["00001", "Xã A"]
    assert good(path, [decomposed]).columns.tolist() == [decomposed]


def test_a_comma_inside_a_name_does_not_decide(tmp_path: Path) -> None:
    """The delimiter is the one under which the wanted columns appear."""
    table = good(text_file(tmp_path, "code;name;a,b,c,d\n1;A, B;x\n"))
    assert table["name"].tolist() == ["A, B"]


def test_excel_may_name_its_delimiter(tmp_path: Path) -> None:
    """The line sep=; is read and counted."""
    table = good(text_file(tmp_path, "sep=;\ncode;name\n1;a\n"))
    assert table.index.tolist() == [3]


def test_all_columns_or_some(tmp_path: Path) -> None:
    """None reads every column that has a name."""
    findings = Findings()
    path = text_file(tmp_path, "a,,b\n1,2,3\n")
    table = read_table(path, columns=None, findings=findings)
    assert not isinstance(table, Refused)
    assert table.cells.to_dict("list") == {"a": ["1"], "b": ["3"]}
    assert good(path, ["b"]).columns.tolist() == ["b"]


def test_empty_cells_beyond_the_header_are_nothing(tmp_path: Path) -> None:
    """A spreadsheet often writes more separators than columns."""
    assert good(text_file(tmp_path, "code,name\n1,a,,\n")).iloc[0].tolist() == ["1", "a"]


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1"])
def test_older_encodings_are_refused_with_the_row(tmp_path: Path, encoding: str) -> None:
    """Vietnamese Windows text is not guessed."""
    content = b"code,name\n1,An\n2," + "Dông".encode(encoding) + b"\n"
    table, findings = read(text_file(tmp_path, content))
    assert table is None
    assert ("table.not-utf8", "3") in [(finding.code, finding.row) for finding in findings]
    assert {finding.severity for finding in findings} <= {"error", "ask"}


def test_a_missing_column_lists_those_there_are(tmp_path: Path) -> None:
    """The cure needs the names."""
    finding = refused(text_file(tmp_path, "ma,name\n1,a\n"))
    assert (finding.code, finding.column) == ("column.missing", "code")
    assert "ma, name" in finding.message_en


def test_a_title_above_the_header_is_recognised(tmp_path: Path) -> None:
    """The row of the header is told."""
    finding = refused(text_file(tmp_path, "Danh sách xã,\nnăm 2025,\ncode,name\n1,a\n"))
    assert (finding.code, finding.row) == ("table.header-below", "3")


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    """Which one is meant is not guessed; a column nobody asked for may stand twice."""
    path = text_file(tmp_path, "code,name,code\n1,a,2\n")
    finding = refused(path)
    assert (finding.code, finding.column) == ("table.duplicate-column", "code")
    assert good(path, ["name"])["name"].tolist() == ["a"]


def test_ragged_rows_are_named(tmp_path: Path) -> None:
    """A row that is too short or too long has lost or gained a separator."""
    finding = refused(text_file(tmp_path, "code,name\n1,a\n2\n3,b,c\n"))
    assert (finding.code, finding.row, finding.count) == ("table.ragged-rows", "3", 2)
    assert "3, 4" in finding.message_en


def test_an_open_quotation_mark_is_named(tmp_path: Path) -> None:
    """Otherwise it would swallow the rest of the table."""
    finding = refused(text_file(tmp_path, 'code,name\n1,a\n2,"b\n3,c\n'))
    assert (finding.code, finding.row) == ("table.broken-row", "3")


@pytest.mark.parametrize("content", ["\n\n", "code,name\n", "code,name\n,\n"])
def test_a_table_without_rows(tmp_path: Path, content: str) -> None:
    """A header alone is no table."""
    assert refused(text_file(tmp_path, content)).code == "table.no-rows"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.csv", b"", "file.empty"),
        ("t.csv", b"a\x00b", "table.unknown-format"),
        ("t.dbf", b"code,name\n", "table.unknown-format"),
        ("t.csv", b"PK\x03\x04xxxx", "table.unknown-format"),
        ("t.xlsx", b"code,name\n", "table.unknown-format"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0rest", "table.old-excel"),
        ("t.xls", b"\xd0\xcf\x11\xe0rest", "table.old-excel"),
        ("t.xlsx", b"PK\x03\x04 cut off", "table.unreadable"),
    ],
)
def test_content_and_ending_must_agree(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """A table is told by its content; a name that says something else is refused."""
    assert refused(text_file(tmp_path, content, name)).code == code


def test_files_that_are_none(tmp_path: Path) -> None:
    """Missing files, folders and links have a sentence too."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(text_file(tmp_path, "code,name\n1,a\n"))
    assert refused(tmp_path / "none.csv").code == "file.missing"
    assert refused(tmp_path / "folder.csv").code == "table.unreadable"
    assert refused(tmp_path / "link.csv").code == "file.not-regular"


def test_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many bytes and too many cells are refused."""
    path = text_file(tmp_path, "code,name\n1,a\n2,b\n")
    monkeypatch.setattr("blackspot.data.parsers.csv_text.MAX_CELLS", 5)
    findings = Findings()
    assert parse_table(path, "", None, findings.about(path), ()) is None
    assert [finding.code for finding in findings.items] == ["table.too-many-cells"]
    monkeypatch.setattr("blackspot.data.readers.table._MAX_BYTES", 10)
    assert refused(path).code == "table.too-large"


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["C"])), min_size=2, max_size=2), min_size=1)
)
def test_what_a_csv_writer_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    """Any text survives, but for the spaces around it and its normal form."""
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    pd.DataFrame(rows, columns=HEADER).to_csv(path, index=False)
    findings = Findings()
    raw = read_text(path, HEADER, findings.about(path))
    assert findings.items == ()
    assert raw is not None
    by_number = {row.number: row.cells for row in raw.rows}
    for number, row in enumerate(rows, start=2):
        expected = [unicodedata.normalize("NFC", cell).strip() for cell in row]
        if any(expected):
            assert by_number[number] == expected


# --- XLSX ------------------------------------------------------------------------------------------------


def test_every_cell_of_a_workbook_is_text(tmp_path: Path) -> None:
    """Whole numbers have no point, days are ISO, and what is empty is empty."""
    rows = [["code", "a", "b", "c", "d"], ["00688", 12.0, 1.5, dt.date(2026, 10, 31), True], ["1", None]]
    table = good(workbook(tmp_path, rows), ["code", "a", "b", "c", "d"], numbers=["a", "b"])
    assert table.iloc[0].tolist() == ["00688", "12", "1.5", "2026-10-31T00:00:00", "TRUE"]
    assert table.iloc[1].tolist() == ["1", "", "", "", ""]


def test_codes_stored_as_numbers_are_reported(tmp_path: Path) -> None:
    """They have lost their zeros; figures are numbers by nature."""
    path = workbook(tmp_path, [["code", "people"], [688, 12], ["00691", 13], [4, 14]])
    table, findings = read(path, ["code", "people"], numbers=["people"])
    assert table is not None
    assert table["code"].tolist() == ["688", "00691", "4"]
    assert [(f.code, f.severity, f.column, f.row, f.count) for f in findings] == [
        ("table.numeric-cells", "warning", "code", "2", 2)
    ]


def test_rows_of_a_workbook_keep_their_numbers(tmp_path: Path) -> None:
    """Empty rows above and between are counted."""
    assert good(workbook(tmp_path, [[], ["code", "name"], ["1", "a"], [], ["2", "b"]])).index.tolist() == [
        3,
        5,
    ]


def test_sheets(tmp_path: Path) -> None:
    """A named sheet is read; without a name there is a question, and the first visible one is its answer."""
    path = workbook(tmp_path, [["code", "name"], ["1", "a"]], second=[["code", "name"], ["2", "b"]])
    assert good(path, sheet="second")["code"].tolist() == ["2"]
    table, findings = read(path)
    assert table is None
    assert [(finding.code, finding.severity) for finding in findings] == [("table.several-sheets", "ask")]
    answered = read_table(path, columns=["code"], findings=Findings(accept=["table.several-sheets"]))
    assert not isinstance(answered, Refused)
    assert answered.cells["code"].tolist() == ["1"]
    missing = refused(path, sheet="third")
    assert missing.code == "table.sheet-missing"
    assert "first, second" in missing.message_en


def test_hidden_sheets_are_not_taken(tmp_path: Path) -> None:
    """What nobody sees is not what was handed in."""
    path = workbook(tmp_path, [["code", "name"], ["1", "old"]], second=[["code", "name"], ["2", "b"]])
    book = openpyxl.load_workbook(path)
    book["first"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert good(path)["code"].tolist() == ["2"]


def test_formulas_nobody_computed(tmp_path: Path) -> None:
    """They would read as empty cells."""
    finding = refused(workbook(tmp_path, [["code", "name"], ["1", "a"], ["2", '=A2&"x"']]))
    assert (finding.code, finding.row) == ("table.uncomputed", "3")


def repacked(path: Path, name: str, content: bytes) -> Path:
    """Replace one member of a zip file."""
    with zipfile.ZipFile(path) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return path


def test_hostile_workbooks(tmp_path: Path) -> None:
    """Entities, bombs and broken parts are refused in a sentence."""
    rows = [["code", "name"], ["1", "a"]]
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet/>'
    for content in (entity, entity.decode().encode("utf-16")):
        path = repacked(workbook(tmp_path, rows), "xl/worksheets/sheet1.xml", content)
        assert refused(path).code == "file.unsafe-content"
    path = repacked(workbook(tmp_path, rows), "xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert refused(path).code == "table.too-large"
    path = repacked(workbook(tmp_path, rows), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>")
    assert refused(path).code == "table.unreadable"
    far = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far += b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData></worksheet>'
    path = repacked(workbook(tmp_path, rows), "xl/worksheets/sheet1.xml", far)
    assert refused(path).code == "table.too-many-cells"


def test_a_password_inside_the_zip(tmp_path: Path) -> None:
    """An encrypted member is refused before anything is read."""
    path = workbook(tmp_path, [["code", "name"], ["1", "a"]])
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1  # the flag "encrypted" of the first member in the central directory
    path.write_bytes(content)
    assert refused(path).code == "archive.encrypted"
