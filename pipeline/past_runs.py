"""What earlier runs left: the history, one commune in words, the pages built again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pandas as pd

from ..data.runs.history import History, RunRecord
from ..data.runs.listing import open_run
from ..errors import RunNotFoundError
from ..maps.build import rebuild_pages
from ..maps.words.explain import explain as explain_commune
from ..maps.words.refused import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..progress import Progress


@dataclass(frozen=True, slots=True)
class Explanation:
    """One commune in words, and the figures behind them."""

    text: str
    facts: dict[str, object]


def list_runs(out: Path) -> list[RunRecord]:
    """Give the history of an output folder, oldest first; empty where nothing was ever run."""
    if not out.is_dir():
        return []
    with History(out) as history:
        history.add_missing(out)
        return list(history.runs())


def explain(out: Path, code: str, *, run: str = "", language: str = "vi") -> Explanation:
    """Say everything about one commune of a run.

    Raises
    ------
    RunNotFoundError
        No such run, or no such commune in it.
    """
    chosen = open_run(out, run or "latest")
    communes = pd.read_parquet(chosen.folder / "communes.parquet").drop(columns="geometry")
    spots = pd.read_parquet(chosen.folder / "black_spots.parquet").drop(columns="geometry")
    found = communes[communes["code"] == code]
    if found.empty:
        raise RunNotFoundError(f"run {chosen.id} has no commune {code}; look the code up in communes.csv")
    row = {str(name): value for name, value in found.iloc[0].items()}
    operators = cast("Mapping[str, str]", chosen.figures.get("operators", {}))
    lines = explain_commune(row, spots[spots["code"] == code], "en" if language == "en" else "vi", operators)
    lines += sentences(chosen.submissions, "en" if language == "en" else "vi")
    return Explanation("\n".join(lines), row)


def rebuild_map(
    run_folder: Path, *, title: str = "", language: str = "", progress: Progress = None
) -> list[Path]:
    """Build the pages of an old run again, beside it: a published run is never changed."""
    return list(rebuild_pages(run_folder, title=title, language=language, progress=progress))
