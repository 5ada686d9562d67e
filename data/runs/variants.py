"""Variants: runs by other rules or data, kept beside a series without ever becoming part of it.

::

    out/variants/gap-any/            an output folder of its own: runs, latest, status and history of the variant
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ...errors import ProjectError
from ..text.sentences import say, told
from ..text.words import LANGUAGES
from .series import differences, in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .listing import Run

VARIANTS: Final = "variants"
_NAME: Final = re.compile(r"(?!latest$)[a-z][a-z0-9_-]{0,39}")  # nothing that may name a run


@dataclass(frozen=True, slots=True)
class Variant:
    """What a run is a variant of.

    Attributes
    ----------
    name
        As the planner calls it.
    base
        The latest run of the series; None where the series has none yet.
    """

    name: str
    base: Run | None

    def label(self, manifest: Mapping[str, object]) -> dict[str, str]:
        """Say in both languages in what the variant differs from its series.

        Parameters
        ----------
        manifest
            Of the variant: at least rules, claims, inputs and submissions.
        """
        found = () if self.base is None else differences(self.base.manifest, manifest)
        labels: dict[str, str] = {}
        for language in LANGUAGES:
            alone = "variant_same" if self.base is not None else "variant_alone"
            what = in_words(found, language) or say("runs", alone, language)
            labels[language] = say("runs", "variant", language, name=self.name, differences=what)
        return labels

    def facts(self, manifest: Mapping[str, object]) -> dict[str, object]:
        """Describe the variant for its manifest."""
        return {
            "name": self.name,
            "of": "" if self.base is None else self.base.id,
            "label": self.label(manifest),
        }


def variant_folder(out: Path, name: str) -> Path:
    """Give the output folder of a variant.

    Parameters
    ----------
    out
        The output folder of the series.
    name
        As the planner calls it.

    Raises
    ------
    ProjectError
        The name cannot be that of a folder.
    """
    if not _NAME.fullmatch(name):
        message = told("project", "variant_name", name=name)
        raise ProjectError(message)
    return out / VARIANTS / name


def variant_names(out: Path) -> tuple[str, ...]:
    """Name the variants of a series, in alphabetical order."""
    folder = out / VARIANTS
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and _NAME.fullmatch(entry.name))
    )
