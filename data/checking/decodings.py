"""Text that is no Unicode: what a file's bytes say in each old encoding, side by side with the official names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..readers.encodings import decodings_of_letters, is_better, strange_texts
from ..readers.staging import exists
from ..text.vietnamese import decodings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from ..findings.collector import FileFindings, Findings

_UNREADABLE = frozenset({"text.encoding-unknown", "text.encoding-wrong", "table.not-utf8"})
_HEAD_BYTES = 1 << 20
_WORDS = re.compile(rb"[A-Za-z \x80-\xff]{3,60}")
_SHOWN = 3
_MOST_NAMES = 200


def report_decodings(path: Path, findings: Findings, names: Collection[str]) -> None:
    """After a file was refused for its encoding, offer what its text says in each old one.

    Parameters
    ----------
    path
        A CSV file, or a Shapefile (its ``.dbf`` is looked at).
    findings
        Told only where they hold a refusal for the encoding already.
    names
        Official names, to count matches; may be empty.
    """
    if not any(item.code in _UNREADABLE for item in findings.items):
        return
    source = path.with_suffix(".dbf") if path.suffix.lower() == ".shp" else path
    if not source.is_file() or not exists(source, findings):
        return
    with source.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if source.suffix.lower() == ".dbf" and len(head) > 32:
        head = head[int.from_bytes(head[8:10], "little") :]  # behind the header stand the records
    found = [word.strip() for word in _WORDS.findall(head) if any(sign > 0x7F for sign in word)]
    raw = [word.decode("latin-1") for word in dict.fromkeys(found) if word][:_MOST_NAMES]
    offered = decodings(raw, names)
    if not raw or not offered:
        return
    told = [
        f"{reading.encoding}: {' / '.join(reading.texts[:_SHOWN])}"
        + (f" ({reading.matches}/{len(raw)})" if names else "")
        for reading in offered
    ]
    findings.add("text.decodings", file=path, readings=" | ".join(told))


def report_old_fonts(values: Iterable[object], names: Collection[str], about: FileFindings) -> None:
    """Report texts that were read, but are made for an old font: they look like ``§ång V¨n``.

    Parameters
    ----------
    values
        Names as they were read.
    names
        Official names; may be empty.
    about
        Told the encoding that makes Vietnamese of them, if there is one.
    """
    strange = strange_texts(str(value) for value in values if str(value or "").strip())
    for reading in decodings_of_letters(strange, names) if strange else ():
        if is_better(reading, strange) or reading.matches > 0.5 * len(strange):
            about.add(
                "text.old-font",
                count=len(strange),
                example=strange[0],
                encoding=reading.encoding,
                reading=reading.texts[0],
            )
            return
