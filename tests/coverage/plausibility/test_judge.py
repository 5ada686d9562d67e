"""The judge asks nothing of a measure but what the protocol says: here one that counts on a flat earth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.plausibility.judge import (
    judge_copy,
    judge_nesting,
    judge_submission,
    judge_together,
)
from blackspot.coverage.plausibility.measure import MeasuredSubmission, ReferenceCountry
from blackspot.data.disk.hashing import InputFile
from blackspot.data.findings.collector import Findings
from blackspot.data.project.limits import CheckRules
from blackspot.data.project.models import SubmissionSource
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.submissions.reader import Submission, SubmissionFacts
from submission_files import three_provinces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

RULES = CheckRules()
COUNTRY = ReferenceCountry(three_provinces())
OUTLINES = COUNTRY.outlines
KM2 = 11_900.0  # of a square degree here


@dataclass(frozen=True)
class Flat:
    """Ground on a flat earth."""

    shape: shapely.Geometry

    @property
    def area_km2(self) -> float:
        return float(self.shape.area * KM2)

    @property
    def in_communes_km2(self) -> NDArray[np.float64]:
        return np.asarray(shapely.area(shapely.intersection(OUTLINES, self.shape)) * KM2)

    @property
    def commune_km2(self) -> NDArray[np.float64]:
        return np.asarray(shapely.area(OUTLINES) * KM2)

    def in_box_km2(self, box_4326: tuple[float, float, float, float]) -> float:
        return float((self.shape & shapely.box(*box_4326)).area * KM2)

    def outside_km2(self, others: Sequence[Self]) -> NDArray[np.float64]:
        return Flat(self.shape - shapely.union_all([other.shape for other in others])).in_communes_km2

    def agreement(self, other: Self) -> float:
        united = (self.shape | other.shape).area
        return float((self.shape & other.shape).area / united) if united else 0.0

    def reaches(self, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(communes & shapely.intersects(OUTLINES, self.shape))


def file(name: str, *shapes: shapely.Geometry, **words: Any) -> MeasuredSubmission[Flat]:
    """A file of Sao Mai's 5G, unless it is said otherwise; its bytes are those of its name."""
    facts = {"operator": "Sao Mai", "service": "5g", "basis": "declared"} | words
    extents = {key: facts.pop(key, None) for key in ("extent_provinces", "extent_geometries")}
    sha256 = str(facts.pop("sha256", name)).ljust(64, "0")
    submission = Submission(
        operator=facts["operator"],
        service=facts["service"],
        service_class="",
        environment="",
        basis=facts["basis"],
        vintage="",
        geometries=np.array(shapes, dtype=object),
        crs=pyproj.CRS(4326),
        source=InputFile("coverage", Path(name), sha256, 1),
        facts=SubmissionFacts(LayerFacts(Path(name))),
        features_read=len(shapes),
        feature_ids=np.arange(len(shapes)),
        **extents,
    )
    source = SubmissionSource(path=Path(name), **facts)
    return MeasuredSubmission(source, submission, Flat(shapely.union_all(list(shapes))))


def told(
    now: MeasuredSubmission[Flat],
    before: MeasuredSubmission[Flat] | None = None,
    *,
    accept: tuple[str, ...] = (),
) -> dict[str, str]:
    """Judge a file alone and beside the one before: codes, and what they say."""
    findings = Findings(accept=accept)
    judge_submission(now, before, COUNTRY, RULES, findings)
    return {item.code: item.message_en for item in findings.items}


def disc(x: float, y: float, radius: float) -> shapely.Polygon:
    return shapely.Point(x, y).buffer(radius, quad_segs=32)


def test_the_verdict_is_a_value() -> None:
    """It names the codes that refuse, and how many communes are reached; what was said stands in the findings."""
    before, now = file("a", disc(105.5, 20.5, 0.3), disc(106.5, 20.5, 0.3)), file("b", disc(105.5, 20.5, 0.2))
    findings = Findings()
    findings.add("file.missing", file="of-another-input.gpkg")
    verdict = judge_submission(now, before, COUNTRY, RULES, findings)
    assert (("plausibility.collapsed",), 1) == (verdict.refused, verdict.communes_reached)
    said = {item.code for item in findings.items}
    assert {"file.missing", "plausibility.collapsed", "plausibility.commune-lost"} == said
    accepted = Findings(accept=["plausibility.collapsed"])
    assert () == judge_submission(now, before, COUNTRY, RULES, accepted).refused


def test_the_same_rows_are_compared_no_further() -> None:
    """They were handed in again: neither shift nor size is looked for."""
    now = file("a", disc(105.5, 20.5, 0.3))
    assert {"plausibility.unchanged"} == set(told(now, now))
    assert {"plausibility.unchanged"} == set(told(file("b", disc(105.5, 20.5, 0.1), sha256="a"), now))


def test_an_unchanged_network_says_nothing() -> None:
    """A little more ground around the same sites is what every month brings."""
    assert {} == told(file("b", disc(105.5, 20.5, 0.31)), file("a", disc(105.5, 20.5, 0.3)))


def test_a_moved_file_is_told_with_its_shift_and_its_features_are_not() -> None:
    """What moved as a whole is told once."""
    rough = [disc(105.4, 20.5, 0.1), disc(105.8, 20.4, 0.05)]
    moved = [shapely.affinity.translate(shape, 0.02, 0.0) for shape in rough]
    found = told(file("b", *moved), file("a", *rough))
    assert {"plausibility.displaced"} == set(found)
    assert "2,0" in found["plausibility.displaced"]  # two hundredths of a degree are 2,090 m here


@pytest.mark.parametrize("copies", [True, False])
def test_only_communes_covered_whole_can_be_copied(*, copies: bool) -> None:
    """A strip along a border runs along it all the way, and is no copy of the communes."""
    strip = shapely.box(105.0001, 20.0001, 105.0003, 20.9999)
    shapes = [shapely.box(105, 20, 106, 21)] if copies else [strip]
    assert copies == ("plausibility.copies-communes" in told(file("a", *shapes)))


def test_a_country_that_is_not_known_is_asked_for_everything_only() -> None:
    """Without communes neither ground outside them nor lost ones can be told."""
    country = ReferenceCountry(COUNTRY.communes, is_known=False)
    findings = Findings()
    small = file("b", disc(100.0, 20.5, 0.1))
    verdict = judge_submission(small, file("a", disc(105.5, 20.5, 0.1)), country, RULES, findings)
    assert ((), None) == (verdict.refused, verdict.communes_reached)
    assert {"plausibility.features-moved"} == {item.code for item in findings.items}
    everything = file("c", shapely.box(100, 7, 110, 25))
    asked = judge_submission(everything, None, country, RULES, Findings())
    assert ("plausibility.everywhere",) == asked.refused


def test_a_copy_is_told_of_the_second_by_the_name_of_the_first() -> None:
    """The same bytes, then the same ground; files of other sizes are not compared."""
    one = file("a", disc(105.5, 20.5, 0.3))
    findings = Findings()
    assert judge_copy(file("b", disc(105.5, 20.5, 0.3), sha256="a"), one, RULES, findings)
    assert judge_copy(file("c", disc(105.5, 20.5, 0.3)), one, RULES, findings)
    assert not judge_copy(file("d", disc(105.5, 20.5, 0.1)), one, RULES, findings)
    assert not judge_copy(file("e", disc(106.5, 20.5, 0.3)), one, RULES, findings)
    found = [(item.code, Path(item.file).name) for item in findings.items]
    assert [("submission.same-file", "b"), ("submission.same-shape", "c")] == found
    assert all(" a" in item.message_en for item in findings.items)


def test_5g_is_nested_where_people_can_live_and_the_4g_speaks() -> None:
    """Ground at sea counts for nothing, nor a province of which the 4G says nothing."""
    narrow = file("5g", shapely.box(105.1, 20.1, 105.9, 20.3), shapely.box(105.1, 17.0, 105.9, 19.9))
    whole = file("4g", shapely.box(105.05, 20.05, 105.95, 20.4), service="4g")
    none = file("far", shapely.box(107.1, 20.1, 107.2, 20.2), service="4g")

    def asked(*wide: MeasuredSubmission[Flat]) -> list[str]:
        findings = Findings()
        judge_nesting(narrow, wide, COUNTRY, 0.3, findings)
        return [item.message_en for item in findings.items]

    assert [] == asked(whole)
    (message,) = asked(none)
    assert message.startswith("100%")
    silent = file("far", shapely.box(107.1, 20.1, 107.2, 20.2), extent_provinces=frozenset({"12"}))
    assert [] == asked(silent)
    drawn = file("far", shapely.box(107.1, 20.1, 107.2, 20.2), extent_geometries=OUTLINES[:1])
    assert [] == asked(drawn)
    assert [] == asked()


def test_submissions_of_a_run_are_paired_by_operator_service_and_basis() -> None:
    """Copies are looked for between strangers of one service, nesting inside one operator and basis."""
    here = disc(105.5, 20.5, 0.3)
    mine = file("mine", here, operator="Sao Mai")
    theirs = file("theirs", here, operator="Hải Đăng")
    other = file("other", here, operator="Biển Xanh", service="fibre")
    wide = file("wide", disc(106.5, 20.5, 0.3), operator="SAO MAI", service="4g")
    plan = file("plan", disc(107.5, 20.5, 0.3), operator="Hải Đăng", service="4g", basis="planned")
    findings = Findings()
    judge_together([mine, theirs, other, wide, plan], COUNTRY, RULES, findings)
    found = {(item.code, Path(item.file).name) for item in findings.items}
    assert {("submission.same-shape", "theirs"), ("submission.outside-4g", "mine")} == found
