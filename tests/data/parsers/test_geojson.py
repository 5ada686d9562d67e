"""GeoJSON looked at as bytes: what it holds, and what would lead its reader elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.parsers.geojson import JsonFacts, inspect_geojson, is_wgs84, merge_copies
from blackspot.data.readers.geojson_folder import MERGED, copy_name

POINT = '{"type":"Point","coordinates":[105,21]}'
FEATURE = f'{{"type":"Feature","properties":{{"n":"a"}},"geometry":{POINT}}}'
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
        (f'{{"type":"Feature",{named("EPSG:3405")},"geometry":{POINT}}}', "crs.several"),
    ],
)
def test_what_leads_a_reader_elsewhere_or_astray_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """An address of a system in any spelling, a command, half a file, other quotation marks, two answers."""
    assert (None, [code]) == inspect(tmp_path, text)


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
