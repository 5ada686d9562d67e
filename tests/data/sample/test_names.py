"""Names of made-up places: enough of them, and none of a real place."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest

from blackspot.data.sample.names import ARCHIPELAGO_NAME, FIRST_WORDS, PROVINCES, SECOND_WORDS, draw_names

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def communes(sample: Path) -> geopandas.GeoDataFrame:
    return geopandas.read_file(sample / "sample_communes.gpkg")


def test_names_are_made_of_the_made_up_words(communes: geopandas.GeoDataFrame) -> None:
    """Every name is a pair of the word lists, in composed Unicode; some names occur in two provinces."""
    pairs = {f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS}
    names = communes["ten_xa"]
    assert {ARCHIPELAGO_NAME} == set(names) - pairs
    assert all(name == unicodedata.normalize("NFC", name) for name in names)
    assert names.duplicated().sum() == 4
    assert not communes.duplicated(["ten_xa", "ma_tinh"]).any()


def test_names_are_never_used_up() -> None:
    """The word lists suffice for all communes, whichever way the provinces share them."""
    names = draw_names(np.random.default_rng(0), [60, 60, 60])
    assert [60, 60, 60] == [len(set(province)) for province in names]


def test_no_name_is_that_of_a_real_place(realdata: Path) -> None:
    """No pair of words, even without accents, names a commune or province of Viet Nam, old or new."""
    folder = realdata / "vietnam"
    tables = [geopandas.read_parquet(folder / "communes_2026-07_light.parquet")]
    tables += [geopandas.read_parquet(folder / "communes_2009_census.parquet")]
    tables += [pd.read_csv(folder / "commune_crosswalk_old_to_2025.csv", dtype=str)]
    real = {
        _plain(str(value))
        for table in tables
        for name in table
        if name != "geometry"
        for value in table[name]
    }
    pairs = [f"{first} {second}" for first in FIRST_WORDS for second in SECOND_WORDS]
    made_up = {*pairs, ARCHIPELAGO_NAME, *(province.name for province in PROVINCES)}
    assert len(real) > 10_000
    assert set() == {name for name in made_up if _plain(name) in real}


def _plain(name: str) -> str:
    """Give a name without accents, in small letters, without the word for its kind."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for kind in ("xa ", "phuong ", "dac khu ", "thi tran ", "tinh ", "thanh pho "):
        plain = plain.removeprefix(kind)
    return plain.strip()
