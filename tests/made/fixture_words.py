"""Made coverage files whose own words say which of their rows count, for the codes that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fixture_country import Writer


def write_words(to: Writer) -> None:
    """Files with columns of status, technology, environment and coverage, some of them at odds with the question."""
    blobs = to.blobs()

    def words(code: str, name: str, service: str = "", **columns: object) -> None:
        given = {"service": service} if service else {}
        to.case(code, "coverage", to.layer(name, blobs, **columns), **given)

    words("submission.rows-left-out", "mixed.gpkg", "4g", tech=["4G", "5G"] * 3)
    words("submission.not-in-service", "plans.gpkg", trang_thai=["Quy hoạch", "Đang xây dựng"] * 3)
    words("submission.not-covered", "none.gpkg", phu_song=["không"] * 6)
    words("submission.several-environments", "environments.gpkg", moi_truong=["Trong nhà", "Ngoài trời"] * 3)
    words("submission.service-codes", "coded.gpkg", "4g", technology=[300, 400] * 3)
    words("submission.signal-bands", "bands-of-signal.gpkg", rsrp=[-85, -95, -105] * 2)
    words("submission.rows-unsure", "vague.gpkg", status=["Operational", "B2"] * 3)
    against = {"status": ["Planned", "Operational"] * 3, "phu_song": ["có", "không"] * 3}
    words("submission.nothing-counts", "against.gpkg", "", **against)
    inside = to.layer("inside.gpkg", blobs, moi_truong=["Trong nhà"] * 6)
    to.project("submission.other-environment", "coverage", inside, submission='environment = "outdoor"')
    drive = to.layer("drive.gpkg", blobs, basis=["modelled"] * 6)
    to.project("submission.other-basis", "coverage", drive, submission='basis = "measured"')
    status = to.layer("status.gpkg", blobs[:2], status=["Operational", "Planned"])
    where = 'where = { column = "status", values = ["Operational"] }'
    to.project("coverage.filtered", "coverage", status, submission=where)
    people = 'crs = "EPSG:32648"'  # the raster states another
    to.project("check.comparison-unusable", "coverage", "5g.gpkg", population=people)
