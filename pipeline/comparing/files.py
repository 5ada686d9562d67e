"""A comparison as files that people take away: tables, a workbook, one object for machines, and a page with a map."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, cast

from ...data.disk.whole_folder import whole_folder
from ...data.exports.change_workbook import write_change_spreadsheet
from ...data.exports.csv_file import write_csv
from ...data.exports.published import published
from ...data.runs.manifest import canonical_json, damage
from ...data.text.sentences import told
from ...data.text.words import LANGUAGES
from ...errors import WorkplaceError
from ...maps.build import write_change_page
from ...maps.pages.store import LAYERS_FILE
from ...maps.summary.change_page import table_facts
from ...maps.summary.change_tables import change_tables
from ...maps.summary.compare import compare_facts
from ...maps.words.labels import in_language
from ...progress import silent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ...coverage.change.comparison import Comparison
    from ...data.columns.register import Table
    from ...data.text.words import Language
    from ...progress import Progress

PAGE: Final = "changes.html"
WORKBOOK: Final = "changes.xlsx"
FACTS: Final = "changes.json"
TABLES: Final[tuple[Table, ...]] = (
    "changes_provinces",
    "changes_communes",
    "changes_operators",
    "changes_causes",
    "changes_black_spots",
)
FILES: Final = (*(f"{table}.csv" for table in TABLES), WORKBOOK, FACTS, PAGE)
"""Everything such a folder holds."""

log = logging.getLogger("blackspot")


def write_comparison(
    folder: Path, found: Comparison, *, language: Language = "vi", progress: Progress = None
) -> tuple[Path, ...]:
    """Write a comparison into a folder, whole or not at all. The same runs give the same bytes.

    Parameters
    ----------
    folder
        Made where it does not exist; an earlier comparison in it is replaced.
    found
        The comparison.
    language
        Language the page opens in; everything is in both.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    tuple of Path
        The files; without the page where the later run kept no map layers, as one without pages.

    Raises
    ------
    WorkplaceError
        There are other files in the folder, a file of a run is missing or damaged, the disk is full or read-only, or
        the rights do not suffice.
    """
    say = progress or silent
    tables = change_tables(found)
    notice = _notice(found)
    frames: dict[Table, pd.DataFrame] = {
        table: published(getattr(tables, table.removeprefix("changes_")), table, notice) for table in TABLES
    }
    has_page = _has_map(found)
    with whole_folder(folder, FILES) as draft:
        say(0.0, told("progress", "tables", format="CSV"))
        for table, frame in frames.items():
            write_csv(draft / f"{table}.csv", table, frame)
        say(0.1, told("progress", "tables", format="JSON"))
        (draft / FACTS).write_text(canonical_json(compare_facts(found)), encoding="utf-8", newline="\n")
        say(0.2, told("progress", "tables", format="XLSX"))
        write_change_spreadsheet(draft / WORKBOOK, frames, table_facts(found, tables), notice)
        say(0.4, told("progress", "page", page=PAGE))
        if has_page:
            write_change_page(draft / PAGE, found, tables, language=language)
    say(1.0, told("progress", "page", page=PAGE))
    return tuple(folder / name for name in FILES if name != PAGE or has_page)


def _notice(found: Comparison) -> str:
    """Give the warnings of the later run, such as SAMPLE DATA, in both languages."""
    project = cast("Mapping[str, object]", found.after.manifest.get("project") or {})
    texts = [in_language(project.get("notice") or "", language) for language in LANGUAGES]
    return " / ".join(dict.fromkeys(text for text in texts if text))


def _has_map(found: Comparison) -> bool:
    """Say whether the later run kept what a map is drawn of, as it was published."""
    folder = found.after.folder
    outputs = cast("Mapping[str, object]", found.after.manifest.get("outputs") or {})
    if LAYERS_FILE not in outputs:
        log.warning("%s: was run without pages, so there is no %s.", folder, PAGE)
        return False
    spoilt = damage(folder, (LAYERS_FILE,))
    if spoilt:
        raise WorkplaceError(f"{folder}: {'; '.join(spoilt)}; restore the run.")
    return True
