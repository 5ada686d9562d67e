"""Official figures are read exactly or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.country.communes import Communes
from blackspot.data.country.figures import AmbiguousNumberError, parse_people
from blackspot.data.country.totals import OfficialTotals, read_totals
from blackspot.data.findings.collector import Findings
from blackspot.data.project.population import TotalsColumns, TotalsSource

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.errors import Finding


def communes(codes: list[str]) -> Communes:
    frame = pd.DataFrame({"code": codes})
    return Communes(geopandas.GeoDataFrame(frame, geometry=[shapely.box(0, 0, 1, 1)] * len(codes), crs=4326))


COUNTRY = communes(["00001", "00004", "00688"])


def read(path: Path, country: Communes = COUNTRY) -> tuple[OfficialTotals | None, list[Finding]]:
    findings = Findings(path.parent)
    totals = read_totals(TotalsSource(path=path, vintage="2025", source="GSO"), country, findings)
    return totals, list(findings.items)


def table(folder: Path, *rows: str) -> Path:
    path = folder / "totals.csv"
    path.write_text("\n".join(["code;population", *rows, ""]), encoding="utf-8")
    return path


def refused(path: Path) -> Finding:
    totals, findings = read(path)
    assert totals is None
    errors = [finding for finding in findings if finding.severity in {"error", "ask"}]
    assert len(errors) == 1
    assert errors[0].sentence().startswith("totals.csv, ")
    assert errors[0].cure_en
    assert errors[0].cure_vi
    return errors[0]


@pytest.mark.parametrize(
    "header", ["Dân số (nghìn người)", "1000 người", "population, thousands", "pop_ngan"]
)
def test_a_column_called_thousands_is_asked_about(tmp_path: Path, header: str) -> None:
    """Before anything is scaled to it; accepted, the figures are people."""
    path = tmp_path / "totals.csv"
    path.write_text(f'code;"{header}"\n00688;12345\n', encoding="utf-8")
    source = TotalsSource(path=path, columns=TotalsColumns(population=header))
    findings = Findings(tmp_path)
    assert read_totals(source, COUNTRY, findings) is None
    (asked,) = findings.errors
    assert ("totals.thousands", "ask", header) == (asked.code, asked.severity, asked.column)
    accepted = read_totals(source, COUNTRY, Findings(tmp_path, ["totals.thousands"]))
    assert accepted is not None
    assert {"00688": 12345.0} == accepted.people


@pytest.mark.parametrize(("figure", "asked"), [("99", True), ("101", False)])
def test_fewer_people_than_any_country_has_are_asked_about(tmp_path: Path, figure: str, asked: bool) -> None:  # noqa: FBT001 - drawn
    """One per square kilometre of the communes that have a figure: 100 km² here, whatever the others have."""
    country = communes(["00001", "00004", "00688"])
    country.frame["area_km2"] = [5000.0, 60.0, 40.0]
    totals, findings = read(table(tmp_path, f"00004;{figure}", "00688;0"), country)
    assert asked == ("totals.thousands" in [finding.code for finding in findings]) == (totals is None)


# --- numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("0", 0),
        ("65023", 65023),
        ("0065", 65),
        ("12 345", 12345),
        ("12\u00a0345", 12345),
        ("1\u202f234\u202f567", 1234567),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567,25", 1234567.25),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0.412", 0.412),
        ("0,412", 0.412),
        ("1234.567", 1234.567),
        ("3.4120", 3.412),
        ("-5", -5),
        ("-1.234.567", -1234567),
    ],
)
def test_figures_that_have_one_meaning(text: str, people: float) -> None:
    """Every way to write thousands and decimals that leaves no doubt."""
    assert parse_people(text) == people


@pytest.mark.parametrize("text", ["3.412", "12,345", "123.456", "-3.412", "999,000"])
def test_figures_that_have_two(text: str) -> None:
    """3.412 may be three people or three thousand."""
    with pytest.raises(AmbiguousNumberError):
        parse_people(text)


@pytest.mark.parametrize(
    "text",
    ["", "x", "n/a", "nan", "inf", "1e5", "1.2.3", "1.234.56", "12.34.567", "1,234.567,8", "1 23", "12 34 567",
     "+5", "5-", "--5", "1.", ".5", "1..000", "١٢", "1_000", "0x10", "1.234 567"],
)  # fmt: skip
def test_figures_that_are_none(text: str) -> None:
    """What Python would read but a table would not mean is refused as well."""
    with pytest.raises(ValueError, match="no number"):
        parse_people(text)


@given(st.integers(0, 10**9), st.sampled_from(["", " ", "\u00a0", ".", ","]))
def test_a_whole_number_is_never_misread(people: int, sign: str) -> None:
    """Grouped in any way it comes back, or is called ambiguous; it never comes back as another number."""
    text = f"{people:,}".replace(",", sign)
    try:
        assert parse_people(text) == people
    except AmbiguousNumberError:
        assert sign in {".", ","}
        assert 1000 <= people < 1_000_000


# --- tables ----------------------------------------------------------------------------------------------


def test_a_good_table(tmp_path: Path) -> None:
    """Codes and figures by commune, in order, with where they come from; zero is a figure."""
    totals, findings = read(table(tmp_path, "00688;12", "00001;0", "00004;1234.5"))
    assert findings == []
    assert totals == OfficialTotals({"00001": 0.0, "00004": 1234.5, "00688": 12.0}, "2025", "GSO")
    assert list(totals.people) == ["00001", "00004", "00688"]


def test_communes_without_a_figure(tmp_path: Path) -> None:
    """A missing row and an empty cell are no zero; both are listed."""
    totals, findings = read(table(tmp_path, "00688;12", "00004;"))
    assert totals is not None
    assert totals.people == {"00688": 12.0}
    assert [(f.code, f.severity, f.count) for f in findings] == [
        ("totals.missing-commune", "warning", 2),
        ("totals.no-figure", "note", 1),
    ]
    assert "00001, 00004" in findings[0].message_en


def test_codes_that_lost_their_zeros(tmp_path: Path) -> None:
    """They are filled up, and that is said; in a workbook the numeric cells are told as well."""
    totals, findings = read(table(tmp_path, "688;12", "1;3", "4;1"))
    assert totals is not None
    assert totals.people == {"00001": 3.0, "00004": 1.0, "00688": 12.0}
    assert [(f.code, f.count) for f in findings] == [("totals.codes-padded", 3)]
    book = openpyxl.Workbook()
    for row in (["code", "population"], [688, 12], [1, 3.5], [4, 1]):
        book.active.append(row)
    book.save(tmp_path / "totals.xlsx")
    totals, findings = read(tmp_path / "totals.xlsx")
    assert totals is not None
    assert totals.people == {"00001": 3.5, "00004": 1.0, "00688": 12.0}
    assert [f.code for f in findings] == ["table.numeric-cells", "totals.codes-padded"]


def test_zeros_that_only_some_codes_lost(tmp_path: Path) -> None:
    """No spreadsheet does that: somebody edited them, and 4 may be anything."""
    finding = refused(table(tmp_path, "688;12", "00001;3", "4;1"))
    assert (finding.code, finding.severity, finding.count) == ("totals.codes-short", "ask", 2)


def test_unknown_codes(tmp_path: Path) -> None:
    """A code that no commune has is an older unit or a mistake."""
    finding = refused(table(tmp_path, "00688;12", "99999;1", "0xyz;1"))
    assert (finding.code, finding.row, finding.count) == ("totals.unknown-code", "3", 2)
    assert "0xyz, 99999" in finding.message_en


def test_one_code_twice(tmp_path: Path) -> None:
    """Also when only the padding makes them one."""
    finding = refused(table(tmp_path, "688;12", "1;1", "688.0;13"))
    assert (finding.code, finding.count) == ("totals.duplicate-code", 1)
    assert "rows 2, 4" in finding.message_en


def test_a_row_without_a_code(tmp_path: Path) -> None:
    """Such as the row of the sum."""
    finding = refused(table(tmp_path, "00688;12", ";12"))
    assert (finding.code, finding.row) == ("totals.missing-code", "3")


@pytest.mark.parametrize(
    ("figure", "code"),
    [
        ("many", "totals.not-a-number"),
        ("nan", "totals.not-a-number"),
        ("-4", "totals.negative"),
        ("3.412", "totals.ambiguous-number"),
    ],
)
def test_figures_that_cannot_be_used(tmp_path: Path, figure: str, code: str) -> None:
    """One sentence with the first row, the figure and how many there are."""
    finding = refused(table(tmp_path, "00688;12", f"00001;{figure}", f"00004;{figure}"))
    assert (finding.code, finding.row, finding.column, finding.count) == (code, "3", "population", 2)
    assert figure in finding.message_en
    assert figure in finding.message_vi


def test_an_ambiguous_figure_is_explained(tmp_path: Path) -> None:
    """Both readings are shown."""
    finding = refused(table(tmp_path, "00688;12,345"))
    assert "12,345, which is 12345 or 12.345" in finding.message_en


def test_other_figures_of_the_column_decide(tmp_path: Path) -> None:
    """What is read so is told; a column that contradicts itself is asked about."""
    totals, findings = read(table(tmp_path, "00001;3.412", "00004;1.234.567", "00688;12"))
    assert totals is not None
    assert {"00001": 3412.0, "00004": 1234567.0, "00688": 12.0} == totals.people
    assert [("totals.number-decided", "note", 1)] == [(f.code, f.severity, f.count) for f in findings]
    assert "3.412, which is 3412" in findings[0].message_en
    finding = refused(table(tmp_path, "00001;3.412", "00004;1.234.567", "00688;12.5"))
    assert "totals.ambiguous-number" == finding.code


def test_nobody(tmp_path: Path) -> None:
    """A column of zeros is the wrong column."""
    assert refused(table(tmp_path, "00688;0", "00001;0")).code == "totals.nobody"


def test_all_problems_at_once(tmp_path: Path) -> None:
    """Codes and figures are both looked at before anything is refused."""
    totals, findings = read(table(tmp_path, "99999;x", ";-1"))
    assert totals is None
    assert {finding.code for finding in findings} == {
        "totals.missing-code",
        "totals.unknown-code",
        "totals.negative",
        "totals.not-a-number",
    }


def test_a_table_that_cannot_be_read(tmp_path: Path) -> None:
    """The reader of tables speaks for itself."""
    totals, findings = read(tmp_path / "none.csv")
    assert totals is None
    assert [finding.code for finding in findings] == ["file.missing"]


def test_the_registered_population(realdata: Path) -> None:
    """Every commune has a figure; Hoàng Sa has nobody registered."""
    codes = pd.read_parquet(realdata / "vietnam/communes_2026-07_light.parquet", columns=["code"])["code"]
    findings = Findings()
    totals = read_totals(
        TotalsSource(
            path=realdata / "vietnam/commune_population_2025-07.csv",
            columns=TotalsColumns(population="pop_api_2025_07"),
        ),
        communes(sorted(codes)),
        findings,
    )
    assert findings.items == ()
    assert totals is not None
    assert len(totals.people) == 3321
    assert sum(totals.people.values()) == 113_700_256
    assert min(totals.people.values()) == 0
