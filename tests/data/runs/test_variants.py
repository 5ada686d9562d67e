"""Names and folders of variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.listing import Run
from blackspot.data.runs.variants import Variant, variant_folder, variant_names
from blackspot.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

RUN = {"rules": {"profile.gap": "all"}, "claims": {}, "inputs": [], "submissions": []}


@pytest.mark.parametrize(
    "name", ["", "..", "../runs", "latest", "12", "000001-abcdef", "Gap", "a/b", "a" * 41, "-x", "a b"]
)
def test_names_that_are_no_folder_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing outside the folder of variants can be named."""
    with pytest.raises(ProjectError, match="--variant"):
        variant_folder(tmp_path, name)


def test_variants_stand_beside_the_runs(tmp_path: Path) -> None:
    """Each in a folder of its name."""
    assert () == variant_names(tmp_path)
    for name in ("gap-any", "b2"):
        variant_folder(tmp_path, name).mkdir(parents=True)
    assert ("b2", "gap-any") == variant_names(tmp_path)


def test_a_variant_says_in_what_it_differs(tmp_path: Path) -> None:
    """In both languages, on every output; the same rules are said, too."""
    variant = Variant("gap-any", Run("000001-abcdef", tmp_path, RUN))
    label = variant.label(RUN | {"rules": {"profile.gap": "any"}})
    assert (
        "VARIANT gap-any, not the official run: a gap counts where any service is missing (profile.gap: any, was all)."
        == label["en"]
    )
    assert label["vi"].startswith("BIẾN THỂ gap-any")
    assert "by the same rules as the series" in variant.label(RUN)["en"]
    assert "no run of the series yet" in Variant("gap-any", None).label(RUN)["en"]
    assert {"name": "gap-any", "of": "", "label": Variant("gap-any", None).label(RUN)} == Variant(
        "gap-any", None
    ).facts(RUN)
