"""What of a run leaves the house: fewer columns, rounded people, no names that were given in confidence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd

from ...coverage.people.unsure import PREFIX
from ...data.columns.register import UnknownColumnError, find
from ...data.exports.published import NOTICE_COLUMN
from ...data.project.sections.publish import is_of_operator
from ...data.text.sentences import say, told
from ...data.text.words import LANGUAGES, texts
from ...errors import WorkplaceError
from ..pages.map_data import MapData, PreviousPeriod
from ..words.labels import in_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import ArrayLike, NDArray

    from ...data.columns.column import Column
    from ...data.columns.register import Table
    from ...data.project.sections.publish import Publish

_Frame = TypeVar("_Frame", bound=pd.DataFrame)

_STATES: Final = (
    "covered",
    "uncovered",
    "no_data",
    "total_not_spot",
    "partial_not_spot",
    "planned",
    "residual",
)
ALWAYS: Final[Mapping[str, frozenset[str]]] = {
    "communes": frozenset(
        {"code", "name", "province_code", "province_name", "type", "area_km2", "geometry", NOTICE_COLUMN}
        | {f"is_{what}{end}" for what in ("rural", "border", "island") for end in ("", "_basis")}
        | {"pop_total", "pop_source", "covered_share_<service>", "pop_covered_<service>_all"}
        | {f"pop_{state}_<service>" for state in _STATES}
        | {"pop_failing", "pop_failing_low", "pop_failing_high", "pop_may_fail"}
        | {"pop_no_basic_service", "pop_double_gap", "black_spot_count", "pop_in_black_spots"}
        | {"rank", "rank_low", "rank_high", "top_probability", "certainty", "tier"}
    ),
    "black_spots": frozenset(
        {
            "rank",
            "spot_id",
            "code",
            "name",
            "province_code",
            "province_name",
            "tier",
            "geometry",
            NOTICE_COLUMN,
        }
        | {"is_rural", "is_border", "is_island", "pop", "pop_low", "pop_high", "certainty"}
        | {"area_km2", "lon", "lat", "missing"}
    ),
}
"""Columns that leave the house with every table: without them a reader would take what is not known for nothing."""

_OF_SPOTS: Final = frozenset({"black_spot_count", "pop_in_black_spots"})
_TELLS_PEOPLE: Final = frozenset(
    {"reason_vi", "reason_en", "score", "raster_to_official", "border_belt_share"}
    | {"score_arithmetic", "score_geometric", "contribution_<indicator>"}
)
"""Columns from which people could be reckoned back more finely than they are rounded."""

_TOGETHER: Final = (
    ("pop_raster_min", "pop_raster_max"),
    ("score", "contribution_"),
)
"""Beginnings of names of columns of which none is said without the others."""
_SHARE: Final = "covered_share_"


def reduced(data: MapData, rules: Publish, variant: Mapping[str, str] | None = None) -> MapData:
    """Give of a run what leaves the house.

    Parameters
    ----------
    data
        The run, as its pages are made of.
    rules
        What the project publishes.
    variant
        Of a variant, in what it differs, by language: the words with which its notice begins. They may name operators.

    Returns
    -------
    MapData
        The same run with fewer columns, people rounded each by itself, shares reckoned from the rounded people, and
        nothing of what is kept back. ``about["withheld"]`` names what is.

    Raises
    ------
    WorkplaceError
        An older program made the run and did not count of whom nothing is known: without the coverage nobody could
        tell them from people who have a service.
    """
    if "pop_may_fail" not in data.communes:
        raise WorkplaceError(told("site", "old_run", run=str(data.about.get("run", ""))))
    cut = _Cut(rules, frozenset(str(one["slug"]) for one in data.about.get("operators", ())))
    previous = data.previous
    if previous is not None:
        previous = PreviousPeriod(
            previous.label,
            cut.table("communes", previous.communes),
            cut.points(previous.black_spots),
            previous.run,
        )
    spots = cut.table("black_spots", data.black_spots)
    return replace(
        data,
        communes=cut.table("communes", data.communes),
        provinces=cut.table("provinces", data.provinces),
        black_spots=spots if rules.black_spots else spots.iloc[:0],
        coverage=data.coverage if rules.coverage else (),
        about=_about(data.about, cut, variant),
        previous=previous,
        context={},  # nobody asked to publish power lines and border posts, and points stand by their distance to spots
    )


class _Cut:
    """The rules, and the operators of a run by the words their columns end with."""

    def __init__(self, rules: Publish, operators: frozenset[str]) -> None:
        self.rules, self.operators = rules, operators

    def table(self, table: Table, frame: _Frame) -> _Frame:
        """Take the columns that leave the house, and round people.

        A commune whose few people would become nobody is one whose people are not known; a black spot keeps one step.
        """
        names = list(self._kept(table, [str(name) for name in frame.columns]))
        people = {name: self.rounded(frame[name]) for name in names if self._is_people(table, name)}
        if table == "black_spots":
            people["pop"] = people["pop"].mask(
                frame["pop"] > 0, people["pop"].clip(lower=self.rules.people_rounding)
            )
        elif "pop_total" in people:
            few = (frame["pop_total"] > 0).to_numpy(dtype=bool, na_value=False) & (people["pop_total"] == 0)
            people = {name: column.mask(few) for name, column in people.items()}
        made = frame[names].assign(**people)
        shares = (
            {name: _share(made, name) for name in names if name.startswith(_SHARE)} if self._is_coarse else {}
        )
        return made.assign(**shares)

    def points(self, spots: pd.DataFrame) -> pd.DataFrame:
        """Take the points of black spots of the run before."""
        return spots.assign(pop=self.rounded(spots["pop"])) if self.rules.black_spots else spots.iloc[:0]

    def figures(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Take the figures of the country."""
        known = [name for name in given if _column("country", name) is not None]
        kept = {name: given[name] for name in self._kept("country", known)}
        made = {
            name: float(self._nearest(value))
            if self._is_people("country", name) and value is not None
            else value
            for name, value in kept.items()
        }
        if self._is_coarse:
            row = pd.DataFrame([made])
            made |= {name: float(_share(row, name).iloc[0]) for name in made if name.startswith(_SHARE)}
        return made | (
            {"operators": given["operators"]} if self.rules.operators and "operators" in given else {}
        )

    def rounded(self, column: pd.Series) -> pd.Series:
        """Round people to the nearest multiple; what is not known stays so."""
        values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        return pd.Series(self._nearest(values), index=column.index)

    def _nearest(self, values: ArrayLike) -> NDArray[np.float64]:
        step = self.rules.people_rounding
        return np.asarray(np.rint(np.asarray(values, dtype=np.float64) / step) * step)

    @property
    def _is_coarse(self) -> bool:
        return self.rules.people_rounding > 1

    def _kept(self, table: Table, names: list[str]) -> Iterator[str]:
        wanted = {name for name in names if self._leaves(table, name)}
        for group in _TOGETHER:
            known = {name for name in names if name.startswith(group)}
            if not known <= wanted:
                wanted -= known
        return (name for name in names if name in wanted)

    def _leaves(self, table: Table, name: str) -> bool:
        if name.startswith(PREFIX):  # of the pages alone; the last word may be an operator
            return self.rules.operators or not any(name.endswith(f"_{word}") for word in self.operators)
        column = _column(table, name)
        if column is None:
            return name == "geometry"
        return not self._stays(table, column, name) and self._is_wanted(table, column, name)

    def _stays(self, table: Table, column: Column, name: str) -> bool:
        """Say whether a column is kept back, whatever the list of columns says."""
        of_operator = not self.rules.operators and is_of_operator(table, name)
        of_spots = not self.rules.black_spots and name in _OF_SPOTS
        return of_operator or of_spots or (self._is_coarse and column.name in _TELLS_PEOPLE)

    def _is_wanted(self, table: Table, column: Column, name: str) -> bool:
        if column.name in ALWAYS["black_spots" if table == "black_spots" else "communes"]:
            return True
        counts_communes = table in {"provinces", "country"} and _column("communes", name) is None
        listed = self.rules.columns
        return counts_communes or listed is None or name in listed or column.name in listed

    def _is_people(self, table: Table, name: str) -> bool:
        column = _column(table, name)
        return name.startswith(PREFIX) or (column is not None and column.kind == "people")


def _column(table: Table, name: str) -> Column | None:
    try:
        return find(table, name)[0]
    except UnknownColumnError:
        return None


def _share(frame: pd.DataFrame, name: str) -> pd.Series:
    """Reckon a share from rounded people; empty where it was, and where nobody is left."""
    covered, everyone = frame[name.replace(_SHARE, "pop_covered_")], frame["pop_total"]
    return (covered / everyone.where(everyone > 0)).where(frame[name].notna()).round(6)


def _about(about: Mapping[str, Any], cut: _Cut, variant: Mapping[str, str] | None) -> dict[str, Any]:
    """Leave out of the run's words what the checks said of deliveries, and with the operators whatever names one."""
    rules = cut.rules
    made = {
        **about,
        "figures": cut.figures(about.get("figures") or {}),
        "findings": [],
        "withheld": list(rules.withheld),
    }
    made.pop("context_budget_kb", None)
    made["inputs"] = [item for item in about.get("inputs", ()) if item.get("role") != "context"]
    if rules.operators:
        return made
    refused = about.get("refused") or {}
    made["operators"] = []
    made["refused"] = {
        language: [_some_old(language)] if refused.get(language) else [] for language in LANGUAGES
    }
    made["notice"] = {language: _notice(about, variant, language) for language in LANGUAGES}
    usual = [text._asdict() for text in texts("limits")]
    other = {language: say("site", "not_compared", language) for language in LANGUAGES}
    given = [text if text in usual else other for text in about.get("limits", ())]
    made["limits"] = [text for at, text in enumerate(given) if text not in given[:at]]
    anonymous = [
        {name: value for name, value in item.items() if name not in {"operator", "file", "sha256"}}
        if item.get("role") == "coverage"
        else item
        for item in made["inputs"]
        if item.get("role") != "extent"  # the area an operator speaks for: its file may be named after it
    ]
    made["inputs"] = [item for at, item in enumerate(anonymous) if item not in anonymous[:at]]
    return made


def _notice(about: Mapping[str, Any], variant: Mapping[str, str] | None, language: str) -> str:
    """Give the project's own warning: what stands before it of a variant, and behind it of submissions, names operators."""
    own = in_language(about.get("notice", ""), language)
    said = []
    if variant is not None:
        said.append(say("site", "variant", language))
        label = in_language(variant, language)
        own = own.removeprefix(label).strip() if own.startswith(label) else ""
    sentences = " ".join((about.get("refused") or {}).get(language, ()))
    if sentences:
        own = own.removesuffix(sentences).strip() if own.endswith(sentences) else ""
    return " ".join(filter(None, (*said, own, _some_old(language) if sentences else "")))


def _some_old(language: str) -> str:
    return say("site", "some_not_used", language)
