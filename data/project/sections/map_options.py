"""Which pages a run writes, and what stands on the map besides the run."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ...text.words import Language  # noqa: TC001 - pydantic looks it up
from .context import ContextSource  # noqa: TC001 - pydantic looks it up
from .values import Finite, Model, Pages, VectorSource, Words


class Place(Model):
    """A name on the map that is no commune: a sea, a gulf, a group of islands."""

    name: Words = Field(description="What it is called.")
    lon: Annotated[Finite, Field(ge=-180, le=180)] = Field(description="Longitude of the label, degrees.")
    lat: Annotated[Finite, Field(ge=-85, le=85)] = Field(description="Latitude of the label, degrees.")


class MapOptions(Model):
    """Which pages a run writes."""

    pages: Pages = Field(
        default="all",
        description="all: the national page and one per province; or only one kind; or none.",
    )
    language: Language = Field(default="vi", description="Language a page opens in; both are inside.")
    neighbours: VectorSource | None = Field(default=None, description="Land of the neighbours, optional.")
    places: tuple[Place, ...] = Field(
        default=(),
        description="Names of seas and other places on the map. A map of Viet Nam bears those of Biển Đông and of "
        "both archipelagos by itself; a place of the same Vietnamese name replaces one.",
    )
    context: tuple[ContextSource, ...] = Field(
        default=(),
        description="What lies around black spots, optional, one [[map.context]] for each file: drawn on the pages of "
        "provinces, cut to each. Black spots are named after its villages where there are no [places] and no [villages].",
    )
    context_budget_kb: Annotated[int, Field(ge=0, le=2_000)] = Field(
        default=1_000,
        description="Thousands of bytes that this may take in the page of a province. Each kind gets the same room, and what "
        "one does not need goes to the others; what has no room is left out, the least important first, and the page "
        "says how much.",
    )
