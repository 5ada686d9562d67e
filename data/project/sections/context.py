"""What lies around black spots and helps to recognise them: roads, rivers, settlements, public places."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .values import CRS_NOTE, LAYER_NOTE, FilePath, Model, Name, Text
from .where import WhereFilter  # noqa: TC001 - pydantic looks it up

ContextKind = Literal[
    "roads", "rivers", "power_lines", "contours", "villages", "schools", "clinics", "border_posts"
]


class ContextRank(Model):
    """What is important: it is drawn first, and kept where a page has not room for all."""

    column: Name = Field(description="Column that says how important a feature is.")
    values: tuple[Name, ...] = Field(
        default=(),
        description="Values of the column, the most important first, such as motorway, trunk, primary; what is not "
        "among them comes last. Left out, the column holds numbers, and the largest is the most important.",
    )


class ContextSource(Model):
    """One layer of what lies around black spots; it is drawn on the pages of provinces and changes no figure."""

    kind: ContextKind = Field(description="What the file holds.")
    path: FilePath = Field(
        description="A vector file: lines (or the areas of rivers) for roads, rivers, power_lines and contours; points, or "
        "areas, for the others.",
    )
    layer: Text = Field(default="", description=LAYER_NOTE)
    crs: Text = Field(default="", description=CRS_NOTE)
    name: Text = Field(
        default="",
        description="Column that holds the names, of contours the heights; empty draws without names.",
    )
    where: WhereFilter | None = Field(default=None, description="Keep only some rows, optional.")
    rank: ContextRank | None = Field(
        default=None,
        description="What is important, optional. Otherwise, and among equals, the longest lines come first, and of points "
        "those nearest to a black spot.",
    )
