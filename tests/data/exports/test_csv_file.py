"""CSV: what spreadsheets and programs read is what was written, and nothing runs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blackspot.data.exports.csv_file import guard_formulas, remove_guards, write_csv
from blackspot.data.exports.published import published
from blackspot.data.text.safe import clean_text

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS = (
    '=HYPERLINK("http://x")',
    "+1",
    "-1",
    "@SUM(1)",
    "\tx",
    "\r=1",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\u202e=1",
    "\u2066 \u200d=1",
    "\uff1d1",  # full-width =
    "\uff0b1",
    "\uff20x",
    "\ufe62x",  # small plus
    "'=1",
    '"=1',
    "\u3164=1",  # Hangul filler
    "\u0301=1",
)


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_a_guard(text: str) -> None:
    """Every known way to start a formula, also behind characters one does not see, is guarded, and undone."""
    assert "'" + text == guard_formulas(text)
    assert text == remove_guards("'" + text)


@pytest.mark.parametrize(
    "text", ["", "Xã Ea H'leo", "'s", "5g,fibre", "a=b", "x-y", "12", "Đức Phổ", "…", "'", ";"]
)
def test_plain_text_is_left_alone(text: str) -> None:
    """Nothing is guarded that is no formula, such as an apostrophe inside or in front of a name."""
    assert text == guard_formulas(text)
    assert text == remove_guards(text)


def test_a_formula_behind_a_semicolon_is_guarded() -> None:
    """Where the decimal sign is a comma, as in Viet Nam, spreadsheets split CSV at semicolons."""
    assert "Xã A;'=1+1;b;' @x" == guard_formulas("Xã A;=1+1;b; @x")


@given(st.text())
@example("'=1")
@example("''=1")
@example(";'-")
@example("'\u202e;+")
def test_guards_can_be_undone(text: str) -> None:
    """A guarded text gives back exactly the text it was made from."""
    assert text == remove_guards(guard_formulas(text))


@given(st.text())
def test_no_guarded_part_starts_a_formula(text: str) -> None:
    """After spaces and quotes no part begins with a sign of a formula."""
    for part in guard_formulas(text).split(";"):
        assert part.strip().strip('"')[:1] not in {"=", "+", "-", "@"}


@given(
    st.lists(
        st.tuples(
            st.text(),
            st.one_of(
                st.none(),
                st.floats(allow_nan=False, allow_infinity=False, width=64).filter(lambda v: abs(v) < 1e9),
            ),
            st.one_of(st.none(), st.integers(-(2**53), 2**53)),
            st.one_of(st.none(), st.booleans()),
        ),
        max_size=6,
    )
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, object, object, object]]
) -> None:
    """A CSV read back gives every text, number, flag and gap of the published table."""
    frame = published(
        pd.DataFrame(
            {
                "name": pd.Series([row[0] for row in rows], dtype=object),
                "pop": pd.Series([row[1] for row in rows], dtype="float64"),
                "rank": pd.array([row[2] for row in rows], dtype="Int64"),
                "is_island": pd.array([row[3] for row in rows], dtype="boolean"),
            }
        ),
        "black_spots",
    )
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(path, "black_spots", frame)
    header, *lines = read(path)
    assert ["name", "pop", "rank", "is_island"] == header
    assert len(rows) == len(lines)
    for (name, _, rank, flag), published_pop, line in zip(rows, frame["pop"], lines, strict=True):
        assert clean_text(name) == remove_guards(line[0])
        assert line[1] == "" if np.isnan(published_pop) else float(line[1]) == published_pop
        assert ("" if rank is None else str(rank)) == line[2]
        assert ("" if flag is None else str(flag).lower()) == line[3]


def test_bytes_are_as_spreadsheets_and_the_standard_want_them(tmp_path: Path) -> None:
    """Byte order mark, CRLF, quotes doubled, no exponent, no needless zeros; geometry and index left out."""
    frame = pd.DataFrame({"name": ['Xã "Á", B', "x"], "pop": [1e-7, 120.0], "is_rural": [True, False]})
    write_csv(tmp_path / "t.csv", "black_spots", published(frame, "black_spots", "MẪU"))
    expected = '\ufeffname,pop,is_rural,notice\r\n"Xã ""Á"", B",0.0000001,true,MẪU\r\nx,120,false,MẪU\r\n'
    assert expected.encode() == (tmp_path / "t.csv").read_bytes()


def test_a_hostile_name_stays_in_its_cell(tmp_path: Path) -> None:
    """Line breaks cannot start a new row."""
    frame = pd.DataFrame({"name": ["a\r\n=1,=2\r\n", "b"]})
    write_csv(tmp_path / "t.csv", "communes", published(frame, "communes"))
    assert [["name"], ["a =1,=2 "], ["b"]] == read(tmp_path / "t.csv")
    assert 3 == (tmp_path / "t.csv").read_bytes().count(b"\n")


def test_an_empty_table_has_a_header(tmp_path: Path) -> None:
    """No black spot at all still gives a file one can read."""
    empty = published(pd.DataFrame({"code": [], "pop": []}), "black_spots")
    write_csv(tmp_path / "t.csv", "black_spots", empty)
    assert [["code", "pop"]] == read(tmp_path / "t.csv")
