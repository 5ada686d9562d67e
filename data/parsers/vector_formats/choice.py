"""Which layer of a file and which of its columns are meant."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pyogrio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...findings.collector import FileFindings, Findings
    from ...readers.formats import Staged


def choose_layer(source: Staged, layer: str, findings: Findings) -> str | None:
    """Find the layer that is meant of a file that may hold several.

    Parameters
    ----------
    source
        The staged file.
    layer
        The layer asked for; empty for the only one.
    findings
        Told why none can be chosen.

    Returns
    -------
    str or None
        None after an error finding.
    """
    listed = {str(name): kind for name, kind in pyogrio.list_layers(source.path)}
    drawn = [name for name, kind in listed.items() if kind is not None]  # tables have no kind
    if layer in drawn:
        return layer
    if not layer and len(drawn) == 1:
        return drawn[0]
    if not drawn or layer in listed:
        findings.add("layer.no-geometry", file=source.original, layer=layer)
    elif layer:
        findings.add("layer.missing", file=source.original, layer=layer, wanted=layer, layers=drawn)
    elif findings.about(source.original).ask("layer.several", layers=drawn, used=drawn[0]):
        return drawn[0]
    return None


def is_layer(layer: str, names: set[str], source: Staged, findings: Findings) -> bool:
    """Say whether the only layer of a file is the one that is meant; false after an error finding.

    Parameters
    ----------
    layer
        The layer asked for; empty for any.
    names
        What the only layer may be called.
    source
        The staged file.
    findings
        Told when it is another one.
    """
    if not layer or layer in names:
        return True
    findings.add("layer.missing", file=source.original, layer=layer, wanted=layer, layers=[source.stem])
    return False


def pick(names: Sequence[str], columns: Sequence[str] | None, about: FileFindings) -> dict[str, int]:
    """Find the columns asked for, accents in either form.

    Parameters
    ----------
    names
        Names of the file's columns.
    columns
        The names they are asked by; None for all.
    about
        Told about each that is missing.

    Returns
    -------
    dict
        Name asked by to position in the file.
    """
    if columns is None:
        return {name: names.index(name) for name in names}
    composed = [unicodedata.normalize("NFC", name) for name in names]
    picked: dict[str, int] = {}
    for column in dict.fromkeys(columns):
        if column in names:
            picked[column] = names.index(column)
        elif unicodedata.normalize("NFC", column) in composed:
            picked[column] = composed.index(unicodedata.normalize("NFC", column))
        else:
            about.add("column.missing", column=column, columns=list(names))
    return picked
