"""Tables and lines on a terminal: no text of an input moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot import cli
from fake_pipeline import (
    HOSTILE,
    FakePipeline,
    FakeReport,
    some_communes,
    some_finding,
    some_provinces,
)

if TYPE_CHECKING:
    import pytest


def test_names_of_inputs_cannot_move_the_terminal(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escape and direction characters are replaced, markup is shown as it is, in every text."""
    communes, provinces = some_communes(), some_provinces()
    communes[["name", "province_name", "reason_en"]] = HOSTILE
    provinces["province_name"] = HOSTILE
    pipeline.report = FakeReport(
        communes=communes,
        provinces=provinces,
        title={"en": HOSTILE},
        notice={"en": HOSTILE},
        findings=(some_finding(message_en="a [bold]word[/bold]"),),
    )
    assert cli.run_line(["run"]) == 0
    assert cli.run_line(["explain", "1", "--out", "o"]) == 0
    text = "".join(capsys.readouterr())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" in text
    assert "[bold]word[/bold]" in text
