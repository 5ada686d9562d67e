"""Stands in for the use cases, so that the command line is tested alone."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import blackspot.pipeline
from blackspot.data.runs.kept import KeptRun
from blackspot.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from blackspot.data.text.words import Both


HOSTILE = "Xã \x1b[31m<script>{{7*7}}\u202e\n[bold]=HYPERLINK()"


def some_finding(code: str = "communes.missing-code", count: int = 1, **values: Any) -> Finding:
    words = {"severity": "warning", "message_en": "codes were padded.", "message_vi": "mã đã được điền lại."}
    return Finding(code=code, count=count, **{**words, **values})


def some_communes(rows: int = 30) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [f"{index:05d}" for index in range(rows)],
            "name": [f"Xã {index}" for index in range(rows)],
            "province_code": "01",
            "province_name": "Hà Nội",
            "rank": pd.array([*range(rows - 1, 0, -1), None], dtype="Int64"),
            "pop_total": 1000.0,
            "is_border": True,
            "pop_failing": [float(index) for index in range(rows)],
            "reason_vi": "Vùng trắng hoàn toàn ở biên giới, " + "rất dài " * 30,
            "reason_en": "Total not-spot at the border, " + "very long " * 30,
        }
    )


def some_provinces(rows: int = 12) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "province_code": [f"{index:02d}" for index in range(rows)],
            "province_name": [f"Tỉnh {index}" for index in range(rows)],
            "pop_total": 10_000.0,
            "pop_failing": [float(100 * index) for index in range(rows)],
            "pop_uncovered_5g": 5000.0,
            "pop_uncovered_fibre": 2500.0,
        }
    )


def some_spots(rows: int = 9) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rank": pd.array(range(1, rows + 1), dtype="Int64"),
            "spot_id": [f"0000{index}-w3s89g0y" for index in range(rows)],
            "name": [f"Xã {index}" for index in range(rows)],
            "province_code": "01",
            "province_name": "Hà Nội",
            "pop": [900.0 - index for index in range(rows)],
            "missing": "5g,fibre",
        }
    )


@dataclass(frozen=True)
class FakeReport:
    """What the pipeline gives back, with a country of round numbers."""

    run_id: str = "000001-abcdef"
    folder: Path = Path("/srv/out/runs/000001-abcdef")
    published: bool = True
    nothing_new: bool = False
    latest_again: bool = False
    exit_code: int = 0
    figures: dict[str, object] = field(
        default_factory=lambda: {
            "pop_total": np.float64(97_338_583.4),
            "pop_covered_5g": 20_000_000.0,
            "pop_uncovered_5g": 70_000_000.0,
            "pop_no_data_5g": 7_338_583.4,
            "pop_covered_fibre": 60_000_000.0,
            "pop_uncovered_fibre": 37_338_583.4,
            "pop_no_data_fibre": 0.0,
            "pop_failing": 30_000_000.0,
            "pop_in_black_spots": 25_000_000.0,
            "population_unknown_communes": np.int64(2),
            "people_outside": 760_000.0,
            "pop_covered_4g": float("nan"),
        }
    )
    provinces: pd.DataFrame = field(default_factory=some_provinces)
    communes: pd.DataFrame = field(default_factory=some_communes)
    black_spots: pd.DataFrame = field(default_factory=some_spots)
    black_spots_count: int = 1234
    findings: tuple[Finding, ...] = tuple(some_finding(f"area.code-{index}", index + 1) for index in range(9))
    submissions: tuple[dict[str, object], ...] = ()
    map_path: Path | None = Path("/srv/out/runs/000001-abcdef/map.html")
    seconds: float = 42.4
    notice: dict[str, str] = field(default_factory=lambda: {"vi": "DỮ LIỆU MẪU", "en": "SAMPLE DATA"})
    title: dict[str, str] = field(default_factory=lambda: {"vi": "Mẫu", "en": "Sample"})
    profile: str = "vn-5g-fibre"
    fails: dict[str, str] = field(
        default_factory=lambda: {"vi": "Chưa có cả 5G lẫn cáp quang", "en": "With neither 5G nor fibre"}
    )
    services: tuple[str, ...] = ("5g", "fibre")
    not_compared: dict[str, str] = field(default_factory=dict)
    settlements: dict[str, dict[str, int]] = field(default_factory=dict)
    pending: tuple[Both, ...] = ()
    gates: tuple[Both, ...] = ()


class FakePipeline(ModuleType):
    """Stands in for ``blackspot.pipeline.run``: remembers what it was asked, gives back or raises."""

    def __init__(self) -> None:
        super().__init__("blackspot.pipeline.run")
        self.asked: list[tuple[Any, ...]] = []
        self.report = FakeReport()
        self.error: BaseException | None = None
        self.records: list[Any] = []

    def _answer(self, *asked: Any, progress: Callable[[float, str], None] | None = None) -> FakeReport:
        self.asked.append(asked)
        if progress is not None:
            for fraction, message in ((0.0, "reading"), (0.5, "reading"), (0.9, "writing")):
                progress(fraction, message)
        if self.error is not None:
            raise self.error
        return self.report

    def run(
        self,
        path: Path,
        *,
        overrides: Any = (),
        accept: Any = (),
        pages: str | None = None,
        cluster: str = "",
        variant: str = "",
        fail_on: Any = (),
        threads: int | None = None,
        progress: Any = None,
    ) -> FakeReport:
        return self._answer(
            "run",
            path,
            tuple(overrides),
            pages,
            *([cluster] if cluster else []),
            *([tuple(accept)] if accept else []),
            *([variant] if variant else []),
            *([tuple(fail_on)] if fail_on else []),
            *([threads] if threads else []),
            progress=progress,
        )

    def demo(self, folder: Path, *, threads: int | None = None, progress: Any = None) -> FakeReport:
        return self._answer("demo", folder, *([threads] if threads else []), progress=progress)

    def list_runs(self, out: Path) -> list[Any]:
        self._answer("runs", out)
        return [KeptRun("run", record=record) for record in self.records]

    def explain(self, out: Path, place: str, *, run: str = "", language: str = "vi") -> SimpleNamespace:
        self._answer("explain", out, place, run, language)
        return SimpleNamespace(text=f"Commune {place}\nwas {HOSTILE}", facts={"pop_total": float("nan")})

    def rebuild_map(
        self, folder: Path, *, title: str = "", language: str = "", progress: Any = None
    ) -> list[Path]:
        self._answer("map", folder, title, language, progress=progress)
        return [folder / "map.html"]


def stand_in(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    """Put a fake in the place of the real use cases; words are in English."""
    fake = FakePipeline()
    for name in ("run", "past_runs"):
        monkeypatch.setitem(sys.modules, f"blackspot.pipeline.{name}", fake)
        monkeypatch.setattr(blackspot.pipeline, name, fake, raising=False)
    monkeypatch.setenv("BLACKSPOT_LANGUAGE", "en")
    return fake
