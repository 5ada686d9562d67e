"""Every member of every family of mistakes in files has at least one code that catches it."""

from __future__ import annotations

import pytest

from blackspot.data.findings.rules import RULES

FAMILIES = {
    "file missing": ["file.missing"],
    "file empty": ["file.empty"],
    "file unreadable": ["file.unreadable", "table.unreadable", "raster.unreadable"],
    "file changed": ["file.changed"],
    "file incomplete": ["file.unfinished", "file.broken-json", "layer.rows-lost"],
    "file corrupt": ["file.truncated", "archive.damaged", "file.reader-failed", "table.broken-row"],
    "not a file": ["file.not-regular", "file.is-folder", "file.remote"],
    "format mismatch": ["file.format-mismatch", "file.unknown-format", "raster.not-geotiff", "table.old-excel"],
    "side-car missing": ["file.sidecar-missing"],
    "unsafe content": ["file.unsafe-content", "raster.unsafe-content", "crs.link"],
    "unsafe archive": ["archive.unsafe-name", "archive.encrypted", "archive.too-large"],
    "limit": ["file.too-large", "file.reader-memory", "file.reader-time", "raster.too-large", "table.too-many-cells"],
    "layer missing": ["layer.missing", "layer.no-geometry", "table.sheet-missing"],
    "layer ambiguous": ["layer.several", "table.several-sheets"],
    "column missing": ["column.missing", "check.column-not-found", "table.header-below"],
    "column duplicate": ["table.duplicate-column"],
    "encoding unknown": ["text.encoding-unknown", "table.not-utf8", "text.tcvn3", "text.vni", "text.windows-1258"],
    "encoding wrong": ["text.encoding-wrong", "text.utf8", "text.old-font"],
    "encoding guessed": ["text.encoding-guessed", "table.utf16"],
    "number format": ["totals.ambiguous-number", "totals.not-a-number", "table.uncomputed"],
    "date format": ["submission.ambiguous-date"],
    "code missing": ["communes.missing-code", "totals.missing-code", "list.missing-code", "register.missing-code"],
    "code duplicate": ["communes.duplicate-code", "totals.duplicate-code", "list.repeated-code"],
    "code unknown": ["register.unknown-code", "totals.unknown-code", "list.unknown-code", "coverage.unknown-province"],
    "name mismatch": ["register.name-differs", "register.tone-placement"],
    "codes padded": ["communes.codes-padded", "totals.codes-padded", "list.codes-padded", "communes.codes-short",
                     "totals.codes-short", "list.codes-short"],
    "value missing": ["totals.no-figure", "communes.missing-name", "sites.missing-coordinate"],
    "value range": ["population.impossible", "population.crowded", "population.saturated", "population.mark",
                    "sites.bad-coordinate"],
    "value unknown": ["communes.unknown-type", "coverage.filter-keeps-nothing"],
    "value normalised": ["communes.names-cleaned", "submission.spelt-differently", "coverage.filtered"],
    "crs missing": ["crs.missing", "crs.missing-degrees"],
    "crs unusable": ["crs.unusable", "crs.project-unusable", "crs.contradicts", "crs.several"],
    "crs without datum": ["crs.no-datum", "crs.vn2000-parameters-missing", "crs.vn2000-without-shift"],
    "crs of low accuracy": ["crs.low-accuracy", "crs.unknown-accuracy", "crs.zero-shift", "crs.ballpark"],
    "crs in a legacy member": ["crs.legacy-member"],
    "coordinates out of range": ["crs.out-of-range", "crs.degrees-for-metres"],
    "axes swapped": ["crs.axes-exchanged", "sites.exchanged"],
    "outside the area": ["crs.outside-area", "crs.beyond-area", "coverage.outside-country", "coverage.partly-outside"],
    "misplaced": ["crs.other-meridian", "crs.misplaced", "plausibility.displaced"],
    "geometry of the wrong type": ["geometry.wrong-type", "geometry.collection"],
    "geometry repaired": ["communes.repaired", "coverage.invalid-rings", "geometry.closed", "repair.people",
                          "plausibility.repeated-vertices", "geometry.tangled", "coverage.parts-inside-parts",
                          "coverage.holes-or-parts"],
    "geometry dropped": ["geometry.missing", "geometry.required", "coverage.features-without-ground"],
    "no features": ["layer.no-features", "table.no-rows", "communes.not-an-area", "coverage.no-ground"],
    "boundary overlap": ["communes.overlap", "communes.boundary-overlap", "communes.boundary-overlap-large"],
    "boundary gap": ["communes.boundary-gap"],
    "boundary count": ["register.partial", "register.old-units"],
    "raster without place": ["raster.not-georeferenced"],
    "raster rotated": ["raster.rotated"],
    "raster bands": ["raster.several-bands"],
    "raster type": ["raster.not-numbers", "population.saturated"],
    "raster partial": ["population.partial"],
    "raster scale": ["raster.scaled", "coverage.sign-missing", "coverage.threshold-sign", "coverage.threshold-positive",
                     "coverage.rssi"],
    "raster classes": ["coverage.classes", "coverage.classes-for-levels"],
    "negative values": ["population.negative", "totals.negative"],
    "population total": ["population.total-differs", "population.wrong-unit", "totals.sum-differs", "totals.digits-lost"],
    "stale": ["plausibility.stale"],
    "nothing new": ["plausibility.unchanged"],
    "date in the future": ["plausibility.date-future"],
    "operator mismatch": ["submission.other-operator", "submission.other-service"],
    "duplicate submission": ["submission.same-file", "submission.same-shape"],
    "shrank": ["plausibility.shrank", "plausibility.collapsed", "plausibility.commune-lost"],
    "grew": ["plausibility.grew"],
    "covers everything": ["plausibility.covers-everything", "plausibility.everywhere", "plausibility.copies-communes"],
    "coarse": ["plausibility.coarse"],
    "synthetic": ["plausibility.discs"],
    "technologies inconsistent": ["submission.outside-4g"],
    "no site nearby": ["plausibility.far-from-sites"],
}  # fmt: skip


@pytest.mark.parametrize("member", FAMILIES)
def test_a_mistake_has_its_codes(member: str) -> None:
    """The codes exist, and at least one of them is more than a word in passing where the file is at fault."""
    assert [] == [code for code in FAMILIES[member] if code not in RULES]


def test_there_are_enough_codes() -> None:
    """At least 60, each for one thing."""
    named = [code for codes in FAMILIES.values() for code in codes]
    assert len(RULES) >= 60
    assert len(set(named)) >= 100
