"""What a map page shows: the tables and shapes of one run, and nothing that is not in them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..encoding.pixel_rows import CoverageRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from .context import Surroundings

__all__ = ["Changes", "CoverageRows", "MapData", "PreviousPeriod"]


@dataclass(frozen=True, slots=True, eq=False)
class PreviousPeriod:
    """The run before, for the change view.

    Attributes
    ----------
    label
        What the period is called, such as its date; the same text in both languages.
    communes
        Its commune table: ``code`` and the columns of people; geometry is not needed.
    black_spots
        Its black spots: ``code``, ``pop``, ``lon``, ``lat`` (degrees, EPSG:4326); may be empty.
    run
        Its id, where its people failed the same profile; else empty.
    """

    label: str
    communes: pd.DataFrame
    black_spots: pd.DataFrame
    run: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What changed since the period before, and what the change comes from: it makes a page one of a comparison.

    Attributes
    ----------
    communes
        Table ``changes_communes``: a row for each commune and service, and for the profile.
    events
        Table ``changes_black_spots`` without what is as it was.
    facts
        What the page says in words, both languages beside each other: ``why`` (what the change comes from and in what
        the runs differ), ``country`` and ``provinces`` (by code) with a sentence for each service, ``parts`` (what
        each cause has to do with each number) and ``progress`` (whether nothing but coverage differs).
    """

    communes: pd.DataFrame
    events: pd.DataFrame
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class MapData:
    """Everything the pages of one run are made of.

    Attributes
    ----------
    communes
        One row per commune, geometry in EPSG:4326 in full detail; people are NaN where unknown. Columns
        ``pop_unsure_...`` count who may lack something besides those who certainly do, as ``pop_may_fail``
        counts who may fail the profile.
    provinces
        One row per province: ``province_code``, ``province_name`` and the sums of the commune columns.
    black_spots
        One row per black spot, outline in EPSG:4326.
    coverage
        The ground each operator covers with each service.
    about
        What the run says about itself: ``title``, ``notice`` (texts by language), ``services``,
        ``operators`` (``name``, ``slug``), ``mobile_service``, ``fibre_service``, ``profile``,
        ``population``, ``inputs``, ``figures``, ``findings``, ``versions``, ``limits`` and, where there is
        one, ``period`` (the label of this run's period). Keys that are missing are left out of the page.
    neighbours
        Land of neighbouring countries, EPSG:4326; None where the project names none.
    previous
        The run before, if there is one.
    changes
        What changed since then, for the page of a comparison; else None.
    former
        Names before a reform: ``code`` of a commune of today, ``name``, ``place`` (district and province of then); None
        where the project names none.
    context
        What lies around the black spots of each province, by its code; empty where the project names no such layer.
    outlines
        Digest of the communes' outlines (:func:`blackspot.data.disk.kept.geometry_digest`), where it was made before.
    """

    communes: gpd.GeoDataFrame
    provinces: pd.DataFrame
    black_spots: gpd.GeoDataFrame
    coverage: tuple[CoverageRows, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    neighbours: gpd.GeoDataFrame | None = None
    previous: PreviousPeriod | None = None
    changes: Changes | None = None
    former: pd.DataFrame | None = None
    context: Mapping[str, Surroundings] = field(default_factory=dict)
    outlines: str = ""

    def with_title(self, title: str) -> MapData:
        """Give the same data under another title (in both languages)."""
        return replace(self, about={**self.about, "title": {"vi": title, "en": title}})
