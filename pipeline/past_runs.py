"""What earlier runs left: the history, one commune in words, the pages built again."""

# ruff: noqa: PLC0415 - the list of runs needs no table, and a commune in words none of the libraries that draw pages

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..data.runs.kept import list_kept
from ..data.runs.listing import ensure_whole, open_run, run_before
from ..data.runs.manifest import damage
from ..data.text.sentences import told
from ..errors import WorkplaceError
from .upkeep import list_pending

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ..data.runs.kept import KeptRun
    from ..data.runs.listing import Run
    from ..progress import Progress


log = logging.getLogger("blackspot")

_TABLES = ("communes.parquet", "black_spots.parquet")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One commune in words, and the figures behind them."""

    text: str
    facts: dict[str, object]


def list_runs(out: Path) -> list[KeptRun]:
    """Give the runs of a series and what published nothing, oldest first, then variants and what waits; empty where nothing was ever run."""
    return [*list_kept(out), *list_pending(out)]


def explain(out: Path, place: str, *, run: str = "", language: str = "vi") -> Explanation:
    """Say everything about one commune of a run.

    Parameters
    ----------
    out
        The output folder.
    place
        The commune's code or name, see :func:`blackspot.data.runs.places.find_commune`, or the id of a black spot in it.
    run
        The run; the latest without one.
    language
        vi or en.

    Raises
    ------
    RunNotFoundError
        No such run, no such commune in it, or several that may be meant.
    """
    from ..data.runs.places import commune_of_spot, find_commune
    from ..maps.words.explain import explain as explain_commune
    from ..maps.words.refused import sentences

    chosen = open_run(out, run or "latest")
    ensure_whole(chosen, _TABLES)
    communes, spots = _table(chosen, "communes"), _table(chosen, "black_spots")
    code = commune_of_spot(spots, place) or find_commune(communes, place)
    if (spots["spot_id"] == place.strip()).any():
        spots = spots[spots["spot_id"] == place.strip()]
    row = _row(communes, code)
    previous = _whole_before(out, chosen)
    lines = explain_commune(
        row,
        _records(spots[spots["code"] == code]),
        "en" if language == "en" else "vi",
        operators=cast("Mapping[str, str]", chosen.figures.get("operators", {})),
        before=None if previous is None else _row_or_none(_table(previous, "communes"), code),
        period="" if previous is None else previous.id,
    )
    lines += sentences(chosen.submissions, "en" if language == "en" else "vi")
    return Explanation("\n".join(lines), row)


def _whole_before(out: Path, chosen: Run) -> Run | None:
    """Give the run before, where its results are as they were published."""
    previous = run_before(out, chosen)
    spoilt = () if previous is None else damage(previous.folder, _TABLES)
    if previous is not None and spoilt:
        log.warning(
            told("errors", "warning.not_compared_with", path=previous.folder, problems="; ".join(spoilt))
        )
    return None if spoilt else previous


def _table(run: Run, name: str) -> pd.DataFrame:
    """Read a table of a run without its geometry."""
    from ..data.columns.plain_table import read_plain

    return read_plain(run.folder, name)


def _row(table: pd.DataFrame, code: str) -> dict[str, object]:
    """Give the row of a commune."""
    return {str(name): value for name, value in table[table["code"] == code].iloc[0].items()}


def _row_or_none(table: pd.DataFrame, code: str) -> dict[str, object] | None:
    """Give the row of a commune, None where it has none."""
    return _row(table, code) if (table["code"] == code).any() else None


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Give the rows of a table."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def rebuild_map(
    run_folder: Path, *, title: str = "", language: str = "", progress: Progress = None
) -> list[Path]:
    """Build the pages of an old run again, beside it: a published run is never changed.

    Raises
    ------
    WorkplaceError
        The results of the run are not as they were published.
    """
    from ..data.exports.stored import BOUNDARIES
    from ..maps.build import rebuild_pages
    from ..maps.pages.store import LAYERS_FILE

    spoilt = damage(run_folder, (*_TABLES, BOUNDARIES, LAYERS_FILE))
    if spoilt:
        raise WorkplaceError(told("errors", "spoilt", path=run_folder, problems="; ".join(spoilt)))
    return list(rebuild_pages(run_folder, title=title, language=language, progress=progress))
