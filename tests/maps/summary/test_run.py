"""The end of a run on one screen, in both languages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from blackspot import cli
from blackspot.data.submissions.records import SubmissionRecord
from blackspot.maps.summary.run import run_summary
from blackspot.maps.words.refused import sentences
from fake_pipeline import FakePipeline, FakeReport, some_communes, some_finding


def test_the_summary_fits_one_screen(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """At most 41 lines of 100 columns on stdout: notice, figures, provinces, communes, black spots, checks, map."""
    assert cli.run_line(["run", "--language", "en"]) == 0
    out, err = capsys.readouterr()
    assert "reading\nwriting\n" == err
    lines = out.splitlines()
    assert lines[:2] == ["SAMPLE DATA", "Sample, profile vn-5g-fibre"]
    assert len(lines) <= 41
    assert max(len(line) for line in lines) <= 100
    assert [] == [line for line in lines if line != line.rstrip()]
    for fact in (
        "20,000,000",
        "97,338,583",
        "20.5%",
        "30,000,000 of 97,338,583 people (30.8%) fail the profile: with neither 5G nor fibre.",
        "1,234 black spots with 25,000,000 people.",
        "00002-w3s89g0y  Xã 2, Hà Nội",
        "2x",
        "2 communes have no known population",
        "760,000 people of the raster",
        "Tỉnh 11",
        "11.0%",
        "... and 7 more kinds",
        "Next: blackspot explain 00028 --out /srv/out",
        "Map: /srv/out/runs/000001-abcdef/map.html",
    ):
        assert fact in " ".join(out.split()) or fact in out
    assert pipeline.asked


def test_provinces_and_communes_come_worst_first(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four provinces by people lacking it, five communes by rank; the unranked one is not shown; three black spots."""
    cli.run_line(["run"])
    out = capsys.readouterr().out
    assert pipeline.asked
    assert [f"Tỉnh {index} " in out for index in range(12)] == [False] * 8 + [True] * 4
    first = [line.split()[0:2] for line in out.splitlines() if "Hà Nội" in line]
    assert [[str(rank), f"{29 - rank:05d}"] for rank in range(1, 6)] == first[:5]
    assert [[str(rank), f"0000{rank - 1}-w3s89g0y"] for rank in range(1, 4)] == first[5:]


def test_the_summary_speaks_vietnamese(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """Title, notice, words and the way numbers are written follow the language, and no other one stands beside it."""
    assert cli.run_line(["run", "--language", "vi"]) == 0
    out = capsys.readouterr().out
    for fact in (
        "DỮ LIỆU MẪU",
        "Mẫu, bộ tiêu chí",
        "97.338.583",
        "20,5%",
        "chưa phủ",
        "không có dữ liệu",
        "biên giới",
        "Bản đồ: /srv/out",
    ):
        assert fact in out
    for word in ("uncovered", "Sample", "SAMPLE", "neither", "Next"):
        assert word not in out
    assert pipeline.asked


def test_nothing_new_is_said_and_is_success(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same inputs again: exit 0, one clear line."""
    pipeline.report = FakeReport(nothing_new=True, published=False)
    assert cli.run_line(["run"]) == 0
    assert "Nothing new: the inputs are those of run 000001-abcdef" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "words"), [("en", "which is the latest again"), ("vi", "lại là lần mới nhất")]
)
def test_inputs_that_come_back_are_said(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    """The run they belong to is named, and that it counts again."""
    pipeline.report = FakeReport(nothing_new=True, latest_again=True, published=False)
    assert cli.run_line(["run", "--language", language]) == 0
    told = capsys.readouterr().out
    assert "000001-abcdef" in told
    assert words in " ".join(told.split())


def test_a_run_with_a_refused_file_ends_with_3(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report's exit code is the program's; the refusal stands first among the findings."""
    refused = some_finding("zz.refused", severity="error", message_en="the file has no CRS.", file="a.gpkg")
    pipeline.report = FakeReport(exit_code=3, findings=(*FakeReport().findings, refused))
    assert cli.run_line(["run"]) == 3
    lines = capsys.readouterr().out.splitlines()
    title = next(number for number, line in enumerate(lines) if line.startswith("What the checks"))
    assert "refused: a.gpkg: the file has no CRS." == lines[title + 1].rstrip()


def test_a_summary_of_an_empty_run_has_no_empty_tables() -> None:
    """What is not there is left out, and nothing fails."""
    report = FakeReport(
        provinces=pd.DataFrame(),
        communes=pd.DataFrame(),
        black_spots=pd.DataFrame(),
        findings=(),
        figures={},
        map_path=None,
        notice={},
    )
    titles = [block.title for block in run_summary(report)]
    assert ["Sample, profile vn-5g-fibre", "", ""] == titles  # of the second block the table of services


def test_nobody_is_listed_nowhere() -> None:
    """Where everybody is covered there is no list of communes to serve first."""
    covered = some_communes().assign(score=0.2, tier=1.0)
    titles = [block.title for block in run_summary(FakeReport(communes=covered))]
    assert not any("First communes" in title for title in titles)


def test_what_stops_a_submission_is_said_to_the_end() -> None:
    """However long, with its cure, before the table of the other findings."""
    refused = some_finding(
        "zz.refused", severity="error", message_en="x" * 300, cure_en="Do this.", file="a.gpkg"
    )
    blocks = run_summary(FakeReport(findings=(*FakeReport().findings, refused)))
    (whole,) = [line for block in blocks for line in block.lines if "xxx" in line]
    assert whole.endswith("Do this.")


def test_an_order_by_share_shows_people_all_the_same() -> None:
    """What decides is a share then, no number of people: those who fail stand in the list."""
    by_share = some_communes().assign(tier=np.nan, score=0.5)
    by_mission = some_communes().assign(tier=1.0, score=77.0)
    failing = {str(people) for people in range(24, 29)}
    for communes, shown in ((by_share, failing), (by_mission, {"77"})):
        blocks = run_summary(FakeReport(communes=communes))
        (block,) = (each for each in blocks if each.title.startswith("First communes to serve"))
        assert shown == {row[4] for row in block.rows}


def test_what_is_refused_or_not_compared_stands_before_every_figure() -> None:
    """The sentence about a refused file stands once, under its own title, and the next step is to answer its operator."""
    entry = SubmissionRecord(
        operator="Sao Mai",
        service="5g",
        basis="declared",
        state="no_data",
        path="in/5g.gpkg",
        refused=("file.crs",),
    )
    (sentence,) = sentences((entry,), "en")
    apart = {"en": "Not compared with run 000001-abcdef: other population data."}
    report = FakeReport(notice={"en": f"SAMPLE DATA {sentence}"}, submissions=(entry,), not_compared=apart)
    blocks = run_summary(report, "en")
    assert [("SAMPLE DATA",), (sentence,), (apart["en"],)] == [block.lines for block in blocks[:3]]
    assert [True, False] == [block.is_warning for block in blocks[:2]]
    assert "Refused submissions" == blocks[1].title
    assert (
        "Next: answer Sao Mai with blackspot check in/5g.gpkg --as coverage --service 5g --kit reply"
        in blocks[-1].lines
    )
    assert 1 == sum(sentence in " ".join(block.lines) for block in blocks)


def test_what_may_fail_stands_in_the_first_sentence() -> None:
    """At least so many and at most so many, where there are people without data; nothing certain where all lack data."""
    figures = {"pop_total": 100.0, "pop_failing": 20.0, "pop_may_fail": 30.0, "pop_in_black_spots": 5.0}
    lines = [
        run_summary(FakeReport(figures=one), "en")[1].lines[0]
        for one in (figures, figures | {"pop_failing": 0.0})
    ]
    assert lines[0].startswith(
        "At least 20 of 100 people (20.0%), at most 50, fail the profile: with neither 5G"
    )
    assert lines[1].startswith(
        "How many of 100 people fail the profile (with neither 5G nor fibre) is not known, at most 30: no data"
    )


def test_a_run_that_knows_how_sure_it_is_says_so_of_twenty_communes() -> None:
    """The rank with its range where it has one, the people who fail from and to, and the word."""
    frame = some_communes().sort_values("rank", kind="stable")
    rank = frame["rank"].astype("Int64")
    sure = frame.assign(
        pop_failing_low=1000.0,
        pop_failing_high=2500.0,
        rank_low=rank,
        rank_high=(rank + 3).where(rank > 1, rank),
        certainty=["certain", "likely", "verify_first", *[""] * (len(frame) - 3)],
    )
    dash = "\N{EN DASH}"
    for language, words in (
        ("en", ["certain", "likely", "verify first", ""]),
        ("vi", ["chắc chắn", "có khả năng", "cần xác minh", ""]),
    ):
        blocks = run_summary(FakeReport(communes=sure), language)
        rows = next(block.rows for block in blocks if block.rows and block.rows[0][0] == "1")
        assert 20 == len(rows)
        assert ["1", f"2 (2{dash}5)"] == [row[0] for row in rows[:2]]
        assert words == [row[-1] for row in rows[:4]]
        assert {f"1,000{dash}2,500" if language == "en" else f"1.000{dash}2.500"} == {row[-2] for row in rows}
