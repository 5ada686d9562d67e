"""What the page of a comparison carries: the figures of the tables, the events of its communes, words in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from blackspot.maps.encoding.shapes import NumberColumn
from blackspot.maps.encoding.varint import inflate
from blackspot.maps.pages.changes import FIGURES, change_blocks, change_meta, change_words
from blackspot.maps.pages.page import build_change_page, build_pages
from comparisons import with_changes
from page_country import block, country, facts
from page_decoder import decode_numbers

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

__all__ = ["country"]


def test_figures_and_events_are_those_of_the_tables(country: MapData) -> None:
    """In the order of the page's communes; events of communes that it does not have are left out."""
    data, _ = with_changes(country)
    assert data.changes is not None
    codes = country.communes["code"].to_numpy(dtype=object)[::-2]
    content, events = change_blocks(data.changes, codes)
    meta = change_meta(data.changes, ["01", "02", "03"], [])
    table = decode_numbers(content, [NumberColumn(**one) for one in meta["columns"]], len(codes))
    for service, rows in data.changes.communes.groupby("service"):
        for name in FIGURES:
            expected = rows.set_index("code")[name].reindex(codes).to_numpy()
            assert table[f"{name}|{service}"] == pytest.approx(expected, abs=0.0006)
    here = data.changes.events[data.changes.events["code"].isin(list(codes))]
    assert len(here) < len(data.changes.events)
    assert here["event"].tolist() == events["event"]
    assert here["code"].tolist() == [codes[row] for row in events["row"]]


def test_the_page_names_what_each_indicator_is_about(country: MapData, tmp_path: Path) -> None:
    """Of an operator or a rule no flows are known, so it has none; provinces stand in the order of the page."""
    data, _ = with_changes(country)
    build_change_page(data, tmp_path / "changes.html")
    meta = facts(tmp_path / "changes.html")
    kinds = {item["id"]: item["kind"] for item in meta["indicators"]}
    assert {"fails", "service"} == {kinds[one] for one in meta["changes"]["groups"]}
    assert ["profile", "5g", "fibre"] == meta["changes"]["order"]
    assert [0, 1] == meta["changes"]["regressions"]["5g"][:2]
    assert {"new": 1, "grown": 1, "split": 1, "closed": 1} == meta["changes"]["events"]
    assert change_words()["vi"]["changes.why"] == meta["words"]["vi"]["changes.why"]
    assert 4 == len(json.loads(inflate(block(tmp_path / "changes.html", "bs-events")))["event"])


def test_only_a_comparison_carries_them(country: MapData, tmp_path: Path) -> None:
    """The pages of a run stay as they are: no code, no words, no blocks of a comparison."""
    build_pages(country, tmp_path, pages="national")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    for word in ("bs-changes", "bs-events", "changes.why", "BS.initChanges = "):
        assert f'id="{word}"' not in text if word.startswith("bs-") else word not in text


def test_people_that_are_not_known_stay_unknown(country: MapData) -> None:
    """Where causes cannot be told apart."""
    data, _ = with_changes(country)
    assert data.changes is not None
    unknown = data.changes.communes.assign(pop_lost=np.nan)
    changes = type(data.changes)(unknown, data.changes.events, data.changes.facts)
    codes = country.communes["code"].to_numpy(dtype=object)
    meta = change_meta(changes, ["01", "02", "03"], [])
    table = decode_numbers(
        change_blocks(changes, codes)[0], [NumberColumn(**one) for one in meta["columns"]], len(codes)
    )
    assert np.isnan(table["pop_lost|5g"]).all()
