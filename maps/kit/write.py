"""A folder to send back to the operator: what was found, in words, as a table, and on a map of one's own.

It stands by itself: no page of it needs the network or this program. Same check, same bytes.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from ...data.disk.atomic import write_atomically
from ...data.disk.fixed_time import fixed_time
from ...data.exports.csv_file import guard_formulas
from ...data.text.safe import clean_text
from ...data.text.wording import severity_name
from .page import kit_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas
    from numpy.typing import NDArray

    from ...data.checking.request import CheckReport
    from ...data.findings.collector import NamedItems
    from ...errors import Finding

SUMMARY, SUMMARY_EN, TABLE, FEATURES = "ket-qua.html", "result.html", "phat-hien.csv", "doi-tuong.gpkg"

_HEADER = (
    "muc_do", "ma", "tep", "lop", "cot", "hang", "so_luong", "noi_dung", "cach_sua", "message", "danh_sach",
)  # fmt: skip
_LONGEST_LIST = 30_000  # letters in one cell: a spreadsheet keeps 32,767


def write_kit(
    folder: Path,
    report: CheckReport,
    features: geopandas.GeoDataFrame | None,
    around: NDArray[np.object_] | None = None,
    named: Sequence[NamedItems] = (),
) -> None:
    """Write the folder.

    Parameters
    ----------
    folder
        Made where it does not exist; files of an earlier kit are replaced.
    report
        The check.
    features
        From :func:`.kit_features.offending_features`; None where there are none.
    around
        Outlines to draw beneath the features, EPSG:4326; None for none.
    named
        What findings name: the table lists all of it, where their words show the first ten.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / TABLE, "\ufeff" + _table(report.findings, named))
    target = folder / FEATURES
    target.unlink(missing_ok=True)
    if features is not None:
        with fixed_time():
            pyogrio.write_dataframe(
                features, target, layer="doi_tuong", driver="GPKG", geometry_type="Unknown"
            )
    beneath = np.empty(0, dtype=object) if around is None else around
    files = {"table": TABLE, "features": FEATURES}
    for name, language in ((SUMMARY, "vi"), (SUMMARY_EN, "en")):
        write_atomically(folder / name, kit_page(report, features, beneath, files, language))


def _table(findings: tuple[Finding, ...], named: Sequence[NamedItems]) -> str:
    """Write the findings as CSV; no cell of it is a formula to a spreadsheet.

    A list that does not fit into one cell goes on in further rows of the same finding.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for item in findings:
        cells = (
            severity_name(item.severity, "vi", heading=True), item.code, item.file, item.layer, item.column, item.row, str(item.count),
            item.message_vi, item.cure_vi, f"{item.message_en} {item.cure_en}",
        )  # fmt: skip
        names = [name for one in named if one.finding == item for name in one.names]
        for part in _lists(list(dict.fromkeys(names))):
            writer.writerow([guard_formulas(clean_text(cell)) for cell in (*cells, part)])
    return out.getvalue()


def _lists(names: list[str]) -> list[str]:
    """Join names into texts that fit into a cell; one empty text for no names."""
    parts = [""]
    for name in names:
        if len(parts[-1]) + len(name) > _LONGEST_LIST:
            parts.append("")
        parts[-1] += f"{'; ' if parts[-1] else ''}{name}"
    return parts
