"""Every code has a made file that makes it be said, and without its rule that file is never used in silence.

``BLACKSPOT_RULES_TAKEN_OUT`` says for how many made files the rule is taken out (a third where it is not set).
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import code_places
from blackspot.data.findings.rules import RULES
from cases import Told, ask, observed, without_rule
from paths import MADE, REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("BLACKSPOT_RULES_TAKEN_OUT", "0"))


class Asked(NamedTuple):
    """A case, what came of it, and who said what."""

    case: dict[str, Any]
    told: Told
    said: tuple[code_places.Said, ...]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of all made files, with readers that note who says what."""
    folder = tmp_path_factory.mktemp("fixtures")
    subprocess.run([sys.executable, MADE / "make_fixtures.py", folder], check=True)
    with observed():
        yield folder


@pytest.fixture(scope="module")
def cases(made: Path) -> list[dict[str, Any]]:
    """What to ask of the made files."""
    found: list[dict[str, Any]] = json.loads((made / "cases.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def asked(made: Path, cases: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """Every case, asked once."""
    answers: dict[str, tuple[Told, tuple[code_places.Said, ...]]] = {}  # some ask the same for several codes
    for case in cases:
        question = json.dumps(case | {"code": ""})
        if question not in answers:
            code_places.said.clear()
            told = ask(case, made, tmp_path_factory.mktemp("case"))
            answers[question] = (told, tuple(code_places.said))
    return [Asked(case, *answers[json.dumps(case | {"code": ""})]) for case in cases]


def test_every_code_of_its_fixture_is_said(asked: list[Asked]) -> None:
    """Each made file makes its code be said; files nothing is wrong with get nothing above a note."""
    wrong = []
    for case, told, _ in asked:
        serious = {finding.severity for finding in told.findings} - {"note"}
        if case["code"] not in told.codes if case["code"] else serious:
            wrong.append((case, told.codes))
    assert [] == wrong


VERBATIM = {
    "communes.area-unclear",
    "crs.link",
    "crs.unusable",
    "layer.reader-remarks",
    "sites.bad-coordinate",
    "totals.ambiguous-number",
    "totals.number-decided",
}
"""Codes whose words quote a file or a library, or show how a file must write numbers."""


def _numbers(text: str) -> list[str]:
    """The numbers of a sentence that have a point or a comma inside, in order of their digits."""
    return sorted(number for number in re.findall(r"\d[\d.,]*\d", text) if not number.isdigit())


def test_vietnamese_findings_have_vietnamese_numerals(asked: list[Asked]) -> None:
    """Their numbers are those of the English words, with a decimal comma and points between thousands."""
    other_signs = str.maketrans(",.", ".,")
    told = {finding for one in asked for finding in one.told.findings if finding.code not in VERBATIM}
    said = [
        (finding.code, vi, en)
        for finding in told
        for vi, en in ((finding.message_vi, finding.message_en), (finding.cure_vi, finding.cure_en))
    ]
    assert len([vi for _, vi, _ in said if _numbers(vi)]) > 50
    wrong = [one for one in said if _numbers(one[1]) != _numbers(one[2].translate(other_signs))]
    assert [] == wrong


def test_every_code_has_rule_fixture_languages_and_page(cases: list[dict[str, Any]]) -> None:
    """A made file for each code, none for any other, both languages, and its own heading."""
    assert len(RULES) >= 60
    assert set(RULES) == {case["code"] for case in cases} - {""}
    page = REPOSITORY / "docs" / "findings.md"
    headings = set(re.findall(r"^### (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE))
    for code, rule in RULES.items():
        assert all((*rule.message, *rule.cure)), code
        assert code in headings, code


def test_every_place_that_says_something_is_missed_when_it_is_silent(asked: list[Asked]) -> None:
    """Each is the only one to say the code of some made file, whose case would fail without it."""
    places = code_places.places()
    assert len(places) > 200
    alone = set()
    for case, _, said in asked:
        here = {place for one in said if one.code == case["code"] for place in places if place.holds(one)}
        if len(here) == 1:
            alone |= here
    missing = Counter(place.name for place in places if place not in alone)
    assert Counter(code_places.NOT_MADE.keys()) == missing


def test_without_its_rule_a_made_file_is_never_used_in_silence(
    made: Path, asked: list[Asked], tmp_path: Path
) -> None:
    """The case fails: the program breaks off naming the code, or says that a reader broke off, which it did not say before."""
    wrong = []
    spoken = [(case, before) for case, before, _ in asked if case["code"]]
    drawn = random.Random("without a rule").sample(spoken, min(TIMES or len(spoken) // 3, len(spoken)))  # noqa: S311 - the same every time
    for number, (case, before) in enumerate(drawn):
        scratch = tmp_path / str(number)
        scratch.mkdir()
        with without_rule(case["code"]):
            try:
                told = ask(case, made, scratch)
            except KeyError as error:
                if error.args != (case["code"],):
                    wrong.append((case, repr(error)))
                continue
        if case["code"] in told.codes or not told.codes - before.codes:
            wrong.append((case, repr(told)))
    assert [] == wrong


def test_the_same_files_come_from_the_same_seed(made: Path, tmp_path: Path) -> None:
    """A second run of the script writes the same bytes."""
    subprocess.run([sys.executable, MADE / "make_fixtures.py", tmp_path], check=True)
    first, second = (
        {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
        for folder in (made, tmp_path)
    )
    assert first.keys() == second.keys()
    # A table of a Shapefile tells the day it was written.
    same = [name for name in first if name.suffix != ".dbf"]
    assert [] == [name for name in same if first[name].read_bytes() != second[name].read_bytes()]
