"""GeoJSON looked at as bytes: what it holds, and what would lead its reader elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.parsers.geojson import JsonFacts, inspect_geojson, is_wgs84, merge_copies
from blackspot.data.parsers.vector_formats.partial_answers import ask_whether_whole
from blackspot.data.readers.geojson_folder import MERGED, copy_name

POINT = '{"type":"Point","coordinates":[105,21]}'
FEATURE = f'{{"type":"Feature","properties":{{"n":"a"}},"geometry":{POINT}}}'
LINK = '{"type":"link","properties":{"href":"http://x/y"}}'
EMPTY = '"type":"FeatureCollection","features":[]'


def named(name: str) -> str:
    return f'"crs":{{"type":"name","properties":{{"name":"{name}"}}}}'


def inspect(folder: Path, text: str | bytes) -> tuple[JsonFacts | None, list[str]]:
    path = folder / "a.geojson"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = Findings()
    return inspect_geojson(path, Path("gửi.geojson"), findings), [item.code for item in findings.items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{{{EMPTY}}}", JsonFacts(1, 0, "")),
        (f'{{"type":"FeatureCollection","features":[{FEATURE},{FEATURE}]}}', JsonFacts(1, 2, "")),
        (f"\ufeff{FEATURE}", JsonFacts(1, None, "")),
        (f"{FEATURE}\n{FEATURE}\n\x1e{FEATURE}\n", JsonFacts(3, None, "")),
        (f"{{{named('urn:ogc:def:crs:EPSG::3405')},{EMPTY}}}", JsonFacts(1, 0, "urn:ogc:def:crs:EPSG::3405")),
        (f'{{"crs":{{"type":"EPSG","properties":{{"code":3405}}}},{EMPTY}}}', JsonFacts(1, 0, "EPSG:3405")),
        (f'{{"crs":null,{EMPTY}}}', JsonFacts(1, 0, "")),
        (f'{{"network":{{"crs":{LINK}}},{EMPTY}}}', JsonFacts(1, 0, "")),
        (f'{{"properties":{{"a":[{{"crs":{LINK}}}]}},{EMPTY}}}', JsonFacts(1, 0, "")),
        (f'{{"features":[{{"properties":{{"network":{{"crs":{LINK}}}}}}}]}}', JsonFacts(1, 1, "")),
        (f'{{"features":[{{"geometry":null,"crs ":{{"crs":{LINK}}}}}]}}', JsonFacts(1, 1, "")),
        ('{"features":[{"a":"]}}, \\"features\\":[{}]"}]}', JsonFacts(1, 1, "")),
    ],
)
def test_what_the_bytes_say(tmp_path: Path, text: str, expected: JsonFacts) -> None:
    """Records, features of the outermost collection, the stated system; brackets inside strings are text."""
    assert (expected, []) == inspect(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f'{{"crs":{{"type":"link","properties":{{"href":"http://x/y"}}}},{EMPTY}}}', "crs.link"),
        (f'{{"\\u0063rs":{{"type":"link","properties":{{"href":"/etc/x"}}}},{EMPTY}}}', "crs.link"),
        (f"{{{named('/etc/passwd')},{EMPTY}}}", "crs.link"),
        ('{"type":"gdal_streamed_alg","command_line":"x"}', "file.unsafe-content"),
        (f"{{{EMPTY}", "file.broken-json"),
        (f"{{{EMPTY}]", "file.broken-json"),
        ("{'type':'FeatureCollection'}", "file.broken-json"),
        (f"{{/* {EMPTY} */}}", "file.broken-json"),
        (f'{{"features":[{{"geometry":{POINT},"geometry":{POINT}}}]}}', "file.broken-json"),
        (f"{{{named('EPSG:3405')},{named('EPSG:3406')},{EMPTY}}}", "crs.several"),
        (f'{{"features":[{{{named("EPSG:3405")},"geometry":{POINT}}}]}}', "crs.several"),
        (f'{{"features":[{{"geometry":{{{named("EPSG:3405")},"coordinates":[1,2]}}}}]}}', "crs.several"),
        (f'{{"features":[{{"Geometry":{{"crs":{LINK}}}}}]}}', "crs.link"),
        (f'{{"type":"GeometryCollection","geometries":[{{"crs":{LINK}}}]}}', "crs.link"),
        ('{"type":"Topology","objects":{},"arcs":[]}', "file.convert"),
        ('{"geometryType":"esriGeometryPolygon","features":[]}', "file.convert"),
    ],
)
def test_what_leads_a_reader_elsewhere_or_astray_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """An address of a system in any spelling, a command, half a file, other quotation marks, two answers."""
    assert (None, [code]) == inspect(tmp_path, text)


AT_FEATURE = '{"type":"Feature","id":"lines.1","properties":{},"geometry":null}'


@pytest.mark.parametrize(
    ("members", "features", "code"),
    [
        ('"exceededTransferLimit":true', 1, "layer.partial"),
        ('"properties":{"exceededTransferLimit":true}', 1, "layer.partial"),
        ('"exceededTransferLimit":false', 1, ""),
        ('"numberMatched":2,"numberReturned":1', 1, "layer.partial"),
        ('"numberReturned":2', 1, "layer.partial"),
        ('"totalFeatures":"3"', 2, "layer.partial"),
        ('"totalFeatures":"unknown","numberMatched":2,"numberReturned":2', 2, ""),
        ('"links":[{"rel":"self","href":"x"},{"rel":"next","href":"x"}]', 1, "layer.partial"),
        ('"links":[{"rel":"self"},{"rel":"collection"}]', 1, ""),
        ('"next":"http://x/?page=2"', 1, "layer.partial"),
        ('"next":null', 1, ""),
        ('"numberMatched":5,"links":[{"rel":"prev"}]', 5, "layer.partial"),
        ('"name":"x"', 1000, "layer.page-sized"),
        ('"name":"x"', 2000, "layer.page-sized"),
        ('"name":"x"', 1999, ""),
    ],
)
def test_an_answer_that_is_a_part_is_asked_about(
    tmp_path: Path, members: str, features: int, code: str
) -> None:
    """Whatever a server says of more features than these; only a round thousand where it says nothing."""
    text = f'{{{members},"type":"FeatureCollection","features":[{",".join([AT_FEATURE] * features)}]}}'
    facts, said = inspect(tmp_path, text)
    assert facts is not None
    assert not said
    findings = Findings()
    assert (not code) is ask_whether_whole([facts.signs], findings.about("a"))
    assert ([code] if code else []) == [item.code for item in findings.items]


def test_words_of_a_feature_are_no_words_of_the_file(tmp_path: Path) -> None:
    """An attribute called like a member of an answer says nothing about the file; nor do a thousand rows alone."""
    feature = '{"type":"Feature","properties":{"numberMatched":9,"next":"Xã B","exceededTransferLimit":true}}'
    text = f'{{"type":"FeatureCollection","features":[{",".join([feature] * 1000)}]}}'
    facts, _ = inspect(tmp_path, text)
    assert facts is not None
    assert ask_whether_whole([facts.signs], Findings().about("a"))


def test_a_folder_of_all_pages_is_whole(tmp_path: Path) -> None:
    """The pages of one answer add up; without the last one, or with one of them twice, they do not."""
    flag = '"exceededTransferLimit":true'
    first, last = (f'{{{flag},"features":[{FEATURE}]}}', f'{{"features":[{FEATURE},{FEATURE}]}}')
    total = [f'{{"numberMatched":2,"n":{n},"features":[{FEATURE}]}}' for n in range(2)]
    linked = [f'{{"links":[{{"rel":"{rel}"}}],"features":[{FEATURE}]}}' for rel in ("next", "prev")]
    for number, (texts, whole) in enumerate(
        [
            ([first, last], True),
            ([first], False),
            (total, True),
            ([total[0], total[0]], False),
            (linked, True),
            (linked[:1], False),
            (linked[1:], False),
        ]
    ):
        inside, outside = tmp_path / f"in{number}", tmp_path / f"out{number}"
        inside.mkdir()
        outside.mkdir()
        for at, text in enumerate(texts):
            (inside / copy_name(at)).write_text(text.replace("{", '{"type":"FeatureCollection",', 1))
        findings = Findings()
        found = merge_copies(inside, outside, len(texts), findings.about("pages"))
        assert (found is not None) is whole, texts
        assert ([] if whole else ["layer.partial"]) == [item.code for item in findings.items]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:OGC::CRS84", True),
        ("OGC:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("epsg:4326", True),
        ("EPSG:43260", False),
        ("EPSG:3405", False),
        ("", False),
    ],
)
def test_longitude_and_latitude_by_any_name(name: str, expected: bool) -> None:  # noqa: FBT001 - a drawn case
    """The system that needs no member."""
    assert expected == is_wgs84(name)


def test_copies_become_one_file_in_their_order(tmp_path: Path) -> None:
    """Each feature knows the file it came from; a broken file gives none and is named by its number."""
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    texts = [
        f'{{{named("EPSG:3405")},"type":"FeatureCollection","features":[{FEATURE},{FEATURE}]}}',
        "{",
        FEATURE.replace('"a"', '"Đồng"'),
    ]
    for number, text in enumerate(texts):
        (inside / copy_name(number)).write_text(text, encoding="utf-8")
    found = merge_copies(inside, outside, len(texts), Findings().about(""))
    assert ([0, 0, 2], ["EPSG:3405", "", ""]) == (found.rows, found.stated)
    assert {"1": ["file.broken-json"]} == {
        number: [item.code for item in items] for number, items in found.files.items()
    }
    lines = (outside / MERGED).read_text(encoding="ascii").split("\x1e")[1:]
    assert ["a", "a", "Đồng"] == [json.loads(line)["properties"]["n"] for line in lines]
