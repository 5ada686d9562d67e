"""Blocks that outlive a run: found again while their inputs are the same, made anew when they are not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.data.disk.kept import KeptResults
from blackspot.maps.encoding.standing import StandingBlocks, pixels_digest, table_text
from blackspot.maps.pages import payload
from blackspot.maps.pages.page import build_pages

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


def never() -> bytes:
    pytest.fail("this block is there")


def test_a_block_is_made_once(tmp_path: Path) -> None:
    """In a run, and in the next one of the same inputs; an empty one as well. Another page has its own."""
    kept = KeptResults(tmp_path)
    first = StandingBlocks(kept, "shapes", lambda: ("outlines",))
    assert b"made" == first.block("01", lambda: b"made")
    assert b"made" == first.block("01", never)
    assert not first.block("02", bytes)
    first.keep()
    again = StandingBlocks(kept, "shapes", lambda: ("outlines",))
    assert (b"made", b"", b"new") == (
        again.block("01", never), again.block("02", never), again.block("03", lambda: b"new")
    )  # fmt: skip


def test_other_inputs_make_it_anew(tmp_path: Path) -> None:
    """And what was kept of the earlier ones goes."""
    kept = KeptResults(tmp_path)
    for outlines in ("before", "now"):
        blocks = StandingBlocks(kept, "shapes", lambda outlines=outlines: (outlines,))
        assert outlines.encode() == blocks.block("01", outlines.encode)
        blocks.keep()
    assert 1 == len(list(tmp_path.iterdir()))


def test_nothing_is_asked_where_nothing_is_kept() -> None:
    """Hashing the outlines of a country takes a while."""

    def content() -> tuple[str, ...]:
        pytest.fail("nobody needs it")

    blocks = StandingBlocks(KeptResults(), "shapes", content)
    assert (b"one", b"two") == (blocks.block("01", lambda: b"one"), blocks.block("01", lambda: b"two"))
    blocks.keep()


def test_pages_of_other_rules_take_them_over(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other black spots and ranks: outlines, land, coverage and former names are not encoded again; the pages are those of a run that kept nothing."""
    kept = KeptResults(tmp_path / "kept")
    for name in ("before", "with", "without"):
        (tmp_path / name).mkdir()
    build_pages(country, tmp_path / "before", kept=kept)
    other = replace(
        country,
        communes=country.communes.assign(rank=np.arange(1, len(country.communes) + 1)[::-1]),
        black_spots=country.black_spots.iloc[::2],
    )
    build_pages(other, tmp_path / "without")
    for name in ("encode_topology", "encode_rows", "encode_former"):
        monkeypatch.setattr(payload, name, lambda *_: never())
    build_pages(other, tmp_path / "with", kept=kept)
    for path in (tmp_path / "without").rglob("*.html"):
        assert path.read_bytes() == (tmp_path / "with" / path.relative_to(tmp_path / "without")).read_bytes()


def test_other_outlines_coverage_or_names_make_other_pages(country: MapData, tmp_path: Path) -> None:
    """What was kept of a run is nobody's whose inputs are others."""
    kept = KeptResults(tmp_path / "kept")
    moved = country.communes.set_geometry(
        shapely.transform(country.communes.geometry.to_numpy(), lambda xy: xy + 0.01)
    )
    assert country.former is not None
    others = [
        replace(country, communes=moved.set_crs(4326, allow_override=True)),
        replace(
            country, coverage=tuple(rows.clipped([105.0, 20.0, 105.5, 20.5]) for rows in country.coverage)
        ),
        replace(country, former=country.former.iloc[:1]),
    ]
    for number, data in enumerate(others):
        build_pages(country, made(tmp_path, f"{number}"), kept=kept)
        build_pages(data, made(tmp_path, f"{number}-kept"), kept=kept)
        build_pages(data, made(tmp_path, f"{number}-anew"))
        one, two, before = (
            (tmp_path / f"{number}{end}" / "map.html").read_bytes() for end in ("-kept", "-anew", "")
        )
        assert one == two
        assert one != before


def made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_tables_and_pixels_are_told_apart(country: MapData) -> None:
    """By every cell; missing ones too."""
    table = pd.DataFrame({"code": ["01", "02"], "name": ["An", None]})
    assert table_text(table) == table_text(table.copy())
    assert table_text(table) != table_text(table.assign(name=["An", "Ba"]))
    assert pixels_digest(country.coverage) == pixels_digest(tuple(country.coverage))
    assert pixels_digest(country.coverage) != pixels_digest(country.coverage[::-1])
