"""Answers of readers: what a job may say is taken over unchanged, everything like it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blackspot.data.isolation.answers import (
    Answer,
    LayerAnswer,
    MergedAnswer,
    NamesAnswer,
    RasterAnswer,
    TracedAnswer,
    UnpackedAnswer,
    checked,
)
from blackspot.data.isolation.reply import BadReplyError

LAYER = {
    "layer": "xã",
    "named": "",
    "crs": None,
    "usual_crs": "EPSG:4326",
    "picked": ["mã"],
    "plain": True,
    "usable": True,
    "mended": False,
    "features": 3,
}
FINDING = {
    "code": "file.reader-failed",
    "layer": "",
    "row": "",
    "column": "",
    "count": 1,
    "values": {"reason": "x"},
}
RASTER = {
    "width": 3,
    "height": 2,
    "dtype": "float32",
    "transform": [1, 0.0, 0.0, 0.0, -1.0, 0.0],
    "crs": "",
    "nodata": -9999.0,
    "has_mask": False,
    "scale": 1.0,
    "offset": 0.0,
    "block_rows": 1,
    "block_cols": 3,
    "says_rssi": False,
}
TRACED = {"known": 3, "covered": 2}
SOUND: dict[type[Answer], dict[str, Any]] = {
    LayerAnswer: LAYER,
    NamesAnswer: {"names": ["mã", ""]},
    UnpackedAnswer: {"main": "layer.shp", "stem": "xa", "format": "Shapefile"},
    MergedAnswer: {"rows": [0, 0, 1], "stated": ["", ""], "files": {"1": [FINDING]}},
    RasterAnswer: RASTER,
    TracedAnswer: TRACED,
}
LIKE: dict[type, object] = {
    bool: 1,
    dict: [],
    float: "1.0",
    int: "3",
    list: {"0": "x"},
    str: 1,
    type(None): 1,
}
"""Type of a field to a value that somebody careless would take for one of it."""
FIELDS = [(kind, name) for kind, answer in SOUND.items() for name in answer]


def _taken(kind: type[Answer], answer: object) -> Answer | None:
    return checked(json.loads(json.dumps({"findings": [], "answer": answer})), kind)[1]


@pytest.mark.parametrize("kind", SOUND)
def test_what_a_job_may_say_is_taken_over(kind: type[Answer]) -> None:
    """Every field, as it was sent; null is no answer."""
    found = _taken(kind, SOUND[kind])
    assert found is not None
    assert SOUND[kind] == found.model_dump()
    assert _taken(kind, None) is None


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_field_that_is_missing_or_of_another_type_is_refused(kind: type[Answer], name: str) -> None:
    """Also one that could be read as the right type, such as a number in quotes."""
    sound = SOUND[kind]
    with pytest.raises(BadReplyError, match=name):
        _taken(kind, {key: value for key, value in sound.items() if key != name})
    with pytest.raises(BadReplyError, match=name):
        _taken(kind, sound | {name: LIKE[type(sound[name])]})


@pytest.mark.parametrize("kind", SOUND)
def test_anything_else_is_refused(kind: type[Answer]) -> None:
    """A further field, the answer of another job, a list, a reply of another shape."""
    with pytest.raises(BadReplyError, match="extra_forbidden"):
        _taken(kind, SOUND[kind] | {"file": "/etc/passwd"})
    for other, answer in SOUND.items():
        if other is not kind:
            with pytest.raises(BadReplyError):
                _taken(kind, answer)
    for reply in ([], {}, {"findings": []}, {"answer": SOUND[kind]}, {"findings": {}, "answer": SOUND[kind]}):
        with pytest.raises(BadReplyError):
            checked(reply, kind)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (LayerAnswer, {"features": -1}),
        (LayerAnswer, {"features": True}),
        (LayerAnswer, {"features": 3.0}),
        (LayerAnswer, {"plain": 1}),
        (LayerAnswer, {"picked": ["a", None]}),
        (MergedAnswer, {"rows": [0, -1]}),
        (MergedAnswer, {"files": {"0": [FINDING | {"code": "no.such-rule"}]}}),
        (RasterAnswer, {"width": 0}),
        (RasterAnswer, {"block_cols": -3}),
        (RasterAnswer, {"dtype": "object"}),
        (RasterAnswer, {"transform": [1.0, 0.0, 0.0, 0.0, -1.0]}),
        (RasterAnswer, {"transform": [1.0, 0.0, 0.0, 0.0, -1.0, "0"]}),
        (RasterAnswer, {"scale": False}),
        (TracedAnswer, {"covered": 4}),
        (TracedAnswer, {"known": -1}),
    ],
)
def test_values_that_cannot_be_are_refused(kind: type[Answer], change: dict[str, Any]) -> None:
    """Negative counts, flags for numbers, types of cells that are none, more covered cells than known ones."""
    with pytest.raises(BadReplyError):
        _taken(kind, SOUND[kind] | change)
