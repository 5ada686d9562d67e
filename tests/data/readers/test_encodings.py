"""Vietnamese text from before Unicode: asked about, converted when accepted, never on suspicion."""

# ruff: noqa: RUF001 - old encodings look like other letters

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from blackspot.data.country.communes import read_communes
from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import CommunesSource
from blackspot.data.readers.encodings import CODES, ask_for_bytes, ask_for_letters, converted
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.table import read_table
from blackspot.data.readers.vector import read_vector
from blackspot.data.text import vietnamese as vietnamese_text
from blackspot.data.text.vietnamese import name_key

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Đồng Văn", "Hòa Bình", "Mường Khương", "Bảo Thắng", "Bát Xát", "Sơn La", "Yên Bái", "Quỳnh Nhai"]
# As published tables of the encodings give these names, seen as ISO-8859-1.
TCVN3 = [
    "§ång V¨n", "Hßa B×nh", "M\xadêng Kh\xad¬ng", "B¶o Th¾ng", "B¸t X¸t", "S¬n La", "Yªn B¸i", "Quúnh Nhai",
]  # fmt: skip
VNI = [
    "Ñoàng Vaên", "Hoøa Bình", "Möôøng Khöông", "Baûo Thaéng", "Baùt Xaùt", "Sôn La", "Yeân Baùi", "Quyønh Nhai",
]  # fmt: skip


def _windows_1258(text: str) -> str:
    """Tone marks stand as letters of their own behind the vowel."""
    out = b""
    for sign in unicodedata.normalize("NFD", text):
        if sign in "\u0300\u0301\u0303\u0309\u0323":
            out += sign.encode("cp1258")
        elif unicodedata.combining(sign):
            whole = unicodedata.normalize("NFC", out[-1:].decode("cp1258") + sign)
            out = out[:-1] + whole.encode("cp1258")
        else:
            out += sign.encode("cp1258")
    return out.decode("latin-1")


RAW = {
    "TCVN3": TCVN3,
    "VNI": VNI,
    "Windows-1258": [_windows_1258(name) for name in NAMES],
    "UTF-8": [name.encode().decode("latin-1") for name in NAMES],
}


@pytest.mark.parametrize("encoding", RAW)
def test_bytes_of_an_old_encoding_are_asked_about_under_its_code(encoding: str) -> None:
    """The question stands until its code is accepted; then every name is right."""
    asked = Findings()
    assert ask_for_bytes(RAW[encoding], asked.about("x")) is None
    (finding,) = asked.items
    assert (CODES[encoding], "ask", len(NAMES)) == (finding.code, finding.severity, finding.count)
    assert f"--accept {CODES[encoding]}" in finding.cure_en
    accepted = Findings(accept=CODES.values())
    assert encoding == ask_for_bytes(RAW[encoding], accepted.about("x"))
    assert NAMES == [converted(text, encoding) for text in RAW[encoding]]


@pytest.mark.parametrize("encoding", RAW)
def test_accepting_another_encoding_is_no_answer(encoding: str) -> None:
    """A code accepted for one input does not break the text of another."""
    others = [code for name, code in CODES.items() if name != encoding]
    assert ask_for_bytes(RAW[encoding], Findings(accept=others).about("x")) is None


@pytest.mark.parametrize(
    "texts",
    [
        NAMES,
        [unicodedata.normalize("NFD", name) for name in NAMES],
        ["Sóller", "Peñíscola", "Eivissa", "Sant Antoni de Portmany"],
        ["Côte d'Ivoire", "Sénégal", "Bénin", "Thiès"],
        ["Đắk Lắk", "Krông Búk", "Pleiku", "A Lưới"],
        ["Plain", "ASCII"],
        [],
    ],
)
def test_unicode_is_left_alone(texts: list[str]) -> None:
    """In Vietnamese, and in the languages of others."""
    findings = Findings(accept=CODES.values())
    assert "" == ask_for_letters(texts, findings.about("x"))
    assert () == findings.items


def _shapefile(folder: Path, raw: list[str], stated: str) -> Path:
    path = folder / "x.shp"
    frame = geopandas.GeoDataFrame(
        {"name": raw},
        geometry=[shapely.box(105 + at, 20, 105.5 + at, 21) for at in range(len(raw))],
        crs=4326,
    )
    frame.to_file(path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    if stated:
        path.with_suffix(".cpg").write_text(stated)
    return path


@pytest.mark.parametrize("stated", ["", "UTF-8", "nonsense"])
@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "Windows-1258"])
def test_a_shapefile_is_converted_when_it_is_accepted(tmp_path: Path, encoding: str, stated: str) -> None:
    """Without a .cpg file and with a wrong one; the answer reaches the process that reads."""
    path = _shapefile(tmp_path, RAW[encoding], stated)
    asked = Findings()
    assert isinstance(read_vector(path, columns=["name"], findings=asked), Refused)
    wrong = "text.encoding-wrong" if stated else "text.encoding-unknown"
    assert {CODES[encoding], wrong} == {item.code for item in asked.items}
    accepted = Findings(accept=[CODES[encoding]])
    table = read_vector(path, columns=["name"], findings=accepted)
    assert not isinstance(table, Refused)
    assert NAMES == table.columns["name"].tolist()
    assert [(CODES[encoding], "note", 8)] == [(i.code, i.severity, i.count) for i in accepted.items]


def test_a_shapefile_that_calls_utf8_something_else(tmp_path: Path) -> None:
    """Its .cpg names a code page in which every byte has some meaning."""
    path = _shapefile(tmp_path, RAW["UTF-8"], "ISO-8859-1")
    asked = Findings()
    assert isinstance(read_vector(path, columns=["name"], findings=asked), Refused)
    assert ["text.utf8"] == [item.code for item in asked.items]
    table = read_vector(path, columns=["name"], findings=Findings(accept=["text.utf8"]))
    assert not isinstance(table, Refused)
    assert NAMES == table.columns["name"].tolist()


@pytest.mark.parametrize("encoding", ["TCVN3", "VNI", "Windows-1258"])
def test_a_table_is_converted_when_it_is_accepted(tmp_path: Path, encoding: str) -> None:
    """The same for CSV files."""
    path = tmp_path / "x.csv"
    lines = ["code,name", *(f"{at:05d},{name}" for at, name in enumerate(RAW[encoding]))]
    path.write_bytes("\n".join(lines).encode("latin-1"))
    asked = Findings()
    assert isinstance(read_table(path, columns=["code", "name"], findings=asked), Refused)
    assert {CODES[encoding], "table.not-utf8"} == {item.code for item in asked.items}
    table = read_table(path, columns=["code", "name"], findings=Findings(accept=[CODES[encoding]]))
    assert not isinstance(table, Refused)
    assert NAMES == table.cells["name"].tolist()


@pytest.mark.parametrize("encoding", RAW)
def test_communes_with_names_for_an_old_font_are_converted_when_it_is_accepted(
    tmp_path: Path, encoding: str
) -> None:
    """A GeoPackage is Unicode by its standard, and its letters may be those of a font all the same."""
    path = tmp_path / "x.gpkg"
    columns = {"code": [f"{at:05d}" for at in range(8)], "name": RAW[encoding], "province_code": "01"}
    boxes = [shapely.box(105 + at / 10, 20, 105.1 + at / 10, 20.1) for at in range(8)]
    geopandas.GeoDataFrame(columns | {"type": "xã"}, geometry=boxes, crs=4326).to_file(path)
    asked = Findings()
    assert isinstance(read_communes(CommunesSource(path=path), None, asked), Refused)
    assert [CODES[encoding]] == [item.code for item in asked.errors]
    communes = read_communes(CommunesSource(path=path), None, Findings(accept=[CODES[encoding]]))
    assert not isinstance(communes, Refused)
    assert NAMES == communes.frame["name"].tolist()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hòa Bình", "Hoà Bình", True),
        ("Hòa Bình", "Hóa Bình", False),
        ("Xã Đồng Văn", "đồng văn", True),
        ("Phường Thuỷ Xuân", "Thủy Xuân ", True),
        ("Đồng Văn", "Ðồng Văn", True),
        ("Đồng Văn", unicodedata.normalize("NFD", "Đồng Văn"), True),
        ("Khuê Văn", "Khuế Văn", False),
    ],
)
def test_two_spellings_are_one_name_or_two(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a column
    """Tone placement, case, prefix, Eth and composition do not count; the tone itself does."""
    assert same == (name_key(one) == name_key(other))


def test_the_table_of_tcvn3_maps_each_letter_once() -> None:
    """67 small letters with marks, each with a byte of its own."""
    table = vietnamese_text._TCVN3_TABLE
    small = [letter for letter in table.values() if letter.islower()]
    assert (67, 67) == (len(small), len(set(small)))
