"""Finding a commune by what a person types."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.runs.places import commune_of_spot, find_commune
from blackspot.errors import RunNotFoundError

COMMUNES = pd.DataFrame(
    [
        ("00715", "Lũng Cú", "08", "Tuyên Quang"),
        ("30811", "Sơn Hải", "91", "An Giang"),
        ("16909", "Sơn Hải", "40", "Nghệ An"),
        ("19742", "Cồn Cỏ", "45", "Quảng Trị"),
        ("21001", "Hòa Bình", "48", "Đà Nẵng"),
        ("21002", "Hóa Bình", "48", "Đà Nẵng"),
        ("31078", "Phú Quốc", "91", "An Giang"),
    ],
    columns=["code", "name", "province_code", "province_name"],
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30811", "30811"),
        (" 00715 ", "00715"),
        ("Lũng Cú", "00715"),
        ("xã lũng cú", "00715"),
        ("lung cu", "00715"),
        ("Lung Cuu", "00715"),
        ("dac khu con co", "19742"),
        ("Hoà Bình", "21001"),
        ("Sơn Hải, An Giang", "30811"),
        ("son hai, nghe an", "16909"),
        ("Sơn Hải, 91", "30811"),
        ("phu", "31078"),
        ("Phú Qốc", "31078"),
    ],
)
def test_what_people_type(typed: str, code: str) -> None:
    """Codes, names with and without accents, misspelt, shortened, with the province."""
    assert code == find_commune(COMMUNES, typed)


def test_several_are_named_with_their_codes() -> None:
    """Nobody guesses which of two is meant."""
    with pytest.raises(RunNotFoundError, match=r"Sơn Hải, An Giang \(30811\); Sơn Hải, Nghệ An \(16909\)"):
        find_commune(COMMUNES, "Sơn Hải")
    with pytest.raises(RunNotFoundError, match=r"21001\); Hóa Bình, Đà Nẵng \(21002"):
        find_commune(COMMUNES, "hoa binh")


@pytest.mark.parametrize("typed", ["99999", "Praha", "", "\x1b[31m"])
def test_what_is_not_there(typed: str) -> None:
    """One sentence, without what a terminal would obey."""
    with pytest.raises(RunNotFoundError, match="no commune") as error:
        find_commune(COMMUNES, typed)
    assert "\x1b" not in str(error.value)


@given(st.text(max_size=20))
def test_any_text_finds_one_or_says_so(typed: str) -> None:
    """Nothing that is typed ends in another way."""
    said = "00715"
    try:
        said = find_commune(COMMUNES, typed)
    except RunNotFoundError as error:
        message = str(error)
    else:
        message = ""
    assert message.isprintable()
    assert said in set(COMMUNES["code"])


def test_the_commune_of_a_black_spot() -> None:
    """By its id; None where there is none."""
    spots = pd.DataFrame({"spot_id": ["30811-w4q8f2"], "code": ["30811"]})
    assert "30811" == commune_of_spot(spots, " 30811-w4q8f2 ")
    assert commune_of_spot(spots, "30811") is None
