"""What the page of a comparison says in words, both languages beside each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ...coverage.change.lacking_cells import PROFILE
from ...data.runs.series import in_words
from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.wording import capital
from ...data.text.words import LANGUAGES, beside, words
from ..words.figures import signed
from ..words.on_page import differences_text
from .change_causes import COVERAGE, cause_names, coverage_share
from .change_headlines import group_name, headlines
from .change_tables import PEOPLE
from .compare import cause_sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...coverage.change.comparison import Comparison
    from ...data.runs.series import Difference
    from .change_tables import ChangeTables

    Texts = dict[str, str]


def page_facts(found: Comparison, tables: ChangeTables) -> dict[str, Any]:
    """Say on the page of a comparison what changed and why.

    Parameters
    ----------
    found
        The comparison.
    tables
        The same as tables.

    Returns
    -------
    dict
        ``why``: what the change comes from, and in what the runs differ; ``country`` and ``provinces`` (by code): a
        text for each service; ``regressions``: by service the codes of the provinces in which something changed,
        most people lost first; ``parts``: what each cause has to do with each number; ``order``: the profile and the
        services; ``known``: by service, whether the people that coverage moved are known; ``progress``: whether
        nothing but coverage moves any number; ``spots``: whether nothing else moves those who fail the profile.
    """
    country = cast("list[dict[str, Any]]", tables.country.to_dict("records"))
    said: dict[str, dict[str, Texts]] = {}
    regressions: dict[str, list[str]] = {}
    for row in tables.provinces.to_dict("records"):
        if row["headline_vi"]:
            code, service = str(row["province_code"]), str(row["service"])
            said.setdefault(code, {})[service] = {one: row[f"headline_{one}"] for one in LANGUAGES}
            regressions.setdefault(service, []).append(code)
    return {
        "why": _why(found, tables, differences_text),
        "country": {str(row["service"]): _both(partial(_of_country, row)) for row in country},
        "provinces": said,
        "regressions": regressions,
        "parts": _parts(found),
        "order": [str(row["service"]) for row in country],
        "known": {str(row["service"]): bool(row["pop_gained"] == row["pop_gained"]) for row in country},
        "progress": all(coverage_share(found, group) == "all" for group in found.flows),
        "spots": coverage_share(found, PROFILE) == "all",
    }


def table_facts(found: Comparison, tables: ChangeTables) -> dict[str, str]:
    """Say on the first sheet of the workbook what is compared and what changed: topic and text, in both languages."""
    lines = {
        beside("compare", "about.runs"): f"{found.before.id} → {found.after.id}",
        beside("compare", "about.why"): " ".join(
            " / ".join(text.values()) for text in _why(found, tables, in_words)
        ),
    }
    for row in tables.country.to_dict("records"):
        said = [_of_country(cast("Mapping[str, Any]", row), language) for language in LANGUAGES]
        if said[0]:
            topic = " / ".join(capital(group_name(str(row["service"]), language)) for language in LANGUAGES)
            lines[topic] = " / ".join(said)
    for language in LANGUAGES:
        parts = [
            f"{capital(group_name(part.service, language))}, {cause_names(part.cause, language)}: "
            f"{signed(part.people, language)}"
            for part in found.parts
        ]
        if parts:
            lines[words("compare", language)["parts"]] = "; ".join(parts)
    return lines


def _why(
    found: Comparison, tables: ChangeTables, in_what: Callable[[tuple[Difference, ...], str], str]
) -> list[Texts]:
    texts = [_both(lambda language: cause_sentence(found, tables, language))]
    if found.differences:
        texts.append(
            _both(
                lambda language: say(
                    "compare", "differs", language, differences=plain(in_what(found.differences, language))
                )
            )
        )
    if not found.is_by_cells:
        texts.append(_both(lambda language: words("compare", language)["by_balance"]))
    if found.crosswalk is not None:
        count = len(found.crosses_split)
        texts.append(_both(lambda language: say("compare", "carried", language, count=count)))
    return texts


def _of_country(row: Mapping[str, Any], language: str) -> str:
    people = {name: float(row[name]) for name in PEOPLE}
    place = words("compare", language)["country"]
    return " ".join(headlines(place, str(row["service"]), people, str(row["cause"]), language))


def _parts(found: Comparison) -> list[dict[str, Any]]:
    """Name the causes of each number; people of each, more of them without where it is positive."""
    return [
        {
            "service": part.service,
            "label": _both(partial(_title, part.service)),
            "cause": _both(partial(_cause, part.cause)),
            "people": round(part.people, 3),
            "progress": part.causes == (COVERAGE,),
        }
        for part in found.parts
    ]


def _title(service: str, language: str) -> str:
    return capital(group_name(service, language))


def _cause(causes: str, language: str) -> str:
    return capital(cause_names(causes, language))


def _both(said: Callable[[str], str]) -> Texts:
    return {language: said(language) for language in LANGUAGES}
