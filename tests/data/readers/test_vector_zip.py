"""Zip files: what may stand in them, and what leads elsewhere."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from vector_files import NAMES, codes_of, read_layer, refusal_codes, three_squares, write_layer

if TYPE_CHECKING:
    from pathlib import Path


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _shapefile_bytes(folder: Path, stem: str = "x", epsg: int = 4326) -> dict[str, bytes]:
    path = write_layer(three_squares(epsg=epsg), folder / f"{stem}.shp")
    parts = {part.name: part.read_bytes() for part in sorted(folder.glob(f"{stem}.*"))}
    for part in parts:
        (path.parent / part).unlink()
    return parts


def test_what_file_managers_add_to_a_zip_is_ignored(tmp_path: Path) -> None:
    """Apple's copies look like a second Shapefile."""
    parts = _shapefile_bytes(tmp_path)
    junk = {"__MACOSX/gửi/._x.shp": b"j", ".DS_Store": b"j", "Thumbs.db": b"j", "đọc.txt": b"j"}
    path = _zip(tmp_path / "x.zip", **{f"gửi/{name}": part for name, part in parts.items()}, **junk)
    table, findings = read_layer(path, columns=["tên"])
    assert table is not None
    assert NAMES == table.columns["tên"].tolist()
    assert [] == codes_of(findings)


def test_a_zip_of_several_layers_needs_a_name(tmp_path: Path) -> None:
    """The stems are the names of the layers."""
    parts = _shapefile_bytes(tmp_path, "a") | _shapefile_bytes(tmp_path, "b", 3405)
    path = _zip(tmp_path / "x.zip", **parts)
    _, findings = read_layer(path)
    assert ["layer.several"] == codes_of(findings)
    assert "a, b." in findings.items[0].message_en
    assert ["layer.missing"] == refusal_codes(path, layer="c")
    table, _ = read_layer(path, layer="b")
    assert table is not None
    assert ("b", 3405) == (table.facts.layer, table.crs.to_epsg())


def test_a_zip_may_hold_any_of_the_formats(tmp_path: Path) -> None:
    """But not another zip, and what is inside must be what it is called."""
    inner = write_layer(three_squares(), tmp_path / "x.gpkg").read_bytes()
    assert read_layer(_zip(tmp_path / "a.zip", **{"x.gpkg": inner}))[0] is not None
    assert ["file.format-mismatch"] == refusal_codes(_zip(tmp_path / "b.zip", **{"x.fgb": inner}))
    assert ["archive.without-layer"] == refusal_codes(_zip(tmp_path / "c.zip", **{"x.zip": inner}))
    assert ["archive.without-layer"] == refusal_codes(_zip(tmp_path / "d.zip", **{"đọc.txt": b"x"}))
    assert ["file.unknown-format"] == refusal_codes(_zip(tmp_path / "e.zip", **{"x.shp": b"x"}))


@pytest.mark.parametrize("name", ["../x.gpkg", "/x.gpkg", "a/../../x.gpkg", "C:x.gpkg", "X.GPKG"])
def test_a_zip_whose_members_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Also when the name only differs in case, so that one member would overwrite the other."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"1", name: b"2"})
    before = sorted(tmp_path.parent.iterdir())
    assert ["archive.unsafe-name"] == refusal_codes(path)
    assert before == sorted(tmp_path.parent.iterdir())


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    """Unpacked, it would point anywhere."""
    member = zipfile.ZipInfo("x.gpkg")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(member, "/etc/passwd")
    assert ["archive.unsafe-name"] == refusal_codes(tmp_path / "x.zip")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    """The flag alone is enough."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"1"})
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    path.write_bytes(content)
    assert ["archive.encrypted"] == refusal_codes(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """200 MB of zeros in 200 kB are more than any layer shrinks."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"SQLite format 3\0" + bytes(200_000_000)})
    assert ["archive.too-large"] == refusal_codes(path)


def test_a_zip_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    """GDAL would accept it."""
    inner = write_layer(three_squares(), tmp_path / "x.gpkg").read_bytes()
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.gpkg", inner)
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(content)
    assert ["archive.damaged"] == refusal_codes(tmp_path / "x.zip")
