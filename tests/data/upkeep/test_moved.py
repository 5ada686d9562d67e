"""What moved by more than the limits, computed by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.sections.upkeep import Approval
from blackspot.data.runs.listing import open_run
from blackspot.data.upkeep.moved import Moved, Totals, beyond, reasons_to_wait, totals_of
from blackspot.pipeline import run as pipeline
from small_country import box, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"sao_mai": "Sao Mai", "hai_dang": "Hải Đăng", "province 01": "Hà Nội"}


def totals(provinces: dict[str, float], operators: dict[str, float]) -> Totals:
    """People covered by 5g; every province has 1000 people."""
    return Totals(
        {(code, "5g"): value for code, value in provinces.items()},
        {(word, "5g"): value for word, value in operators.items()},
        dict.fromkeys(provinces, 1000.0),
        NAMES,
    )


BEFORE = totals({"01": 400.0, "02": 0.0}, {"sao_mai": 200.0, "hai_dang": 80.0})
NOW = totals({"01": 340.0, "02": 40.0}, {"sao_mai": 210.0, "hai_dang": 60.0})


@pytest.mark.parametrize(
    ("limits", "names"),
    [
        ({}, []),
        ({"province_people": 40.0}, ["Hà Nội"]),
        ({"province_people": 39.9}, ["Hà Nội", "02"]),
        ({"province_people": 60.0}, []),
        ({"province_pct": 5.9}, ["Hà Nội"]),
        ({"province_pct": 6.0}, []),
        ({"operator_people": 10.0}, ["Hải Đăng"]),
        ({"operator_people": 0.0}, ["Hải Đăng", "Sao Mai"]),
        ({"operator_pct": 5.0}, ["Hải Đăng"]),
        ({"operator_pct": 25.0}, []),
        (
            {"province_people": 1000.0, "province_pct": 3.0, "operator_pct": 4.9},
            ["Hà Nội", "02", "Hải Đăng", "Sao Mai"],
        ),
    ],
)
def test_more_than_a_limit_waits_and_as_much_does_not(limits: dict[str, float], names: list[str]) -> None:
    """Either of two limits is enough; both directions count; most people first."""
    assert names == [one.name for one in beyond(Approval(**limits), BEFORE, NOW)]


@pytest.mark.parametrize("pct", [50.0, 10_000.0])
def test_no_data_before_or_after_is_beyond_any_share(pct: float) -> None:
    """An operator that is heard of for the first time, and one that is not any more; in people it is all of them."""
    one, both = totals({}, {"sao_mai": 200.0}), totals({}, {"sao_mai": 200.0, "hai_dang": 80.0})
    assert ["Hải Đăng"] == [found.name for found in beyond(Approval(operator_pct=pct), one, both)]
    (vanished,) = beyond(Approval(operator_pct=99.0), both, one)
    assert "Hải Đăng, 5G: there are no data any more; 80 people were covered." == vanished.sentence("en")
    (appeared,) = beyond(Approval(operator_people=79.0), one, both)
    assert "Hải Đăng, 5G: 80 people are covered; there were no data before." == appeared.sentence("en")
    assert [] == beyond(Approval(operator_people=80.0), one, both)
    nobody = totals({}, {"sao_mai": 200.0, "hai_dang": 0.0})
    assert [] == beyond(Approval(operator_pct=1.0), one, nobody)  # heard of, and nobody is covered


def test_sentences_name_who_moved_by_how_much() -> None:
    """In both languages, with what was and what is."""
    fewer = Moved("province", "Hà Nội", "5g", 400.0, 340.0, 1000.0)
    assert (
        "Hà Nội: 60 fewer people are covered by 5G (before 400, now 340; 6.0% of the people of the province)."
        == fewer.sentence("en")
    )
    assert (
        "Hà Nội: bớt 60 người được phủ 5G (trước 400, nay 340; 6,0% dân số của tỉnh, thành phố)."
        == fewer.sentence("vi")
    )
    unknown = Moved("province", "Hà Nội", "5g", math.nan, 340.0, 1000.0)
    assert "Hà Nội: 340 people are covered by 5G, of which nothing was known before" in unknown.sentence("en")


def test_totals_of_real_runs(tmp_path: Path) -> None:
    """By hand: 5 people a cell; Sao Mai covers 20 x 4 cells and then 20 x 3, Hải Đăng what it always did, in province 01."""
    project = write_country(tmp_path)
    first = pipeline.run(project, pages="none")
    write_coverage(tmp_path / "five.gpkg", box(0, 0, 20, 3))
    second = pipeline.run(project, pages="none")
    runs = [open_run(tmp_path / "out", report.run_id) for report in (first, second)]
    old, new = (totals_of(run) for run in runs)
    assert ({"01": 1000.0, "02": 1000.0}, 400.0, 300.0) == (
        old.people,
        old.operators["sao_mai", "5g"],
        new.operators["sao_mai", "5g"],
    )
    assert 0.0 == old.provinces["02", "5g"]
    both = reasons_to_wait(Approval(operator_people=99.0), *runs)
    assert ["Sao Mai, 5G: 100 fewer people are covered (before 400, now 300; 25.0%)."] == [
        one.en for one in both
    ]
    assert () == reasons_to_wait(Approval(), *runs)
    table = runs[0].folder / "provinces.parquet"
    table.chmod(0o644)
    table.write_bytes(b"no table")
    (told,) = reasons_to_wait(Approval(operator_people=99.0), *runs)
    assert "nobody knows how much changed" in told.en


def test_an_operator_without_data_is_not_one_that_covers_nobody(tmp_path: Path) -> None:
    """Its file is refused, and there is no last good version: the figure of the run says nothing about it."""
    project = write_country(tmp_path)
    (tmp_path / "other.geojson").write_text("{ broken", encoding="utf-8")
    report = pipeline.run(project, pages="none")
    assert 3 == report.exit_code
    assert {("sao_mai", "5g")} == set(totals_of(open_run(tmp_path / "out", report.run_id)).operators)
