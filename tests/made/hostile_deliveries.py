"""Hostile files in the formats of deliveries: KML, MapInfo, File Geodatabase and tables with places."""

from __future__ import annotations

import shutil
import struct
import zipfile
from typing import TYPE_CHECKING

import geopandas
import shapely

from vector_files import write_delivery

if TYPE_CHECKING:
    from pathlib import Path

MAY_BE_USED = {"icons.kml", "beside.csv", "view.tab.csv", "paths.gdb", "rows.gdb"}
"""The attack is not carried out, and the data are what they are."""

_SQUARE = "105,21 105.1,21 105.1,21.1 105,21"
_PLACEMARK = (
    "<Placemark><name>a</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    f"{_SQUARE}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)
_KML = (
    '<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
)


def _frame() -> geopandas.GeoDataFrame:
    squares = [shapely.box(105 + 0.1 * n, 21, 105.05 + 0.1 * n, 21.05) for n in range(3)]
    return geopandas.GeoDataFrame({"name": list("abc")}, geometry=squares, crs=4326)


def kml(folder: Path, url: str, canary: Path) -> None:
    """Links, entities, a bomb of entities, depth without end, and archives of them."""
    hrefs = {"http": url, "file": f"file://{canary}", "path": str(canary), "curl": f"/vsicurl/{url}"}
    for name, href in hrefs.items():
        link = f"<NetworkLink><Link><href>{href}</href></Link></NetworkLink>"
        (folder / f"link-{name}.kml").write_text(_KML.format(head="", body=link + _PLACEMARK))
        old = f"<NetworkLink><Url><href>{href}</href></Url></NetworkLink>"
        (folder / f"url-{name}.kml").write_text(_KML.format(head="", body=_PLACEMARK + old))
    entity = f'<!DOCTYPE kml [<!ENTITY e SYSTEM "{canary}"><!ENTITY % p SYSTEM "{url}">%p;]>'
    (folder / "entity.kml").write_text(_KML.format(head=entity, body=f"<name>&e;</name>{_PLACEMARK}"))
    (folder / "external.kml").write_text(_KML.format(head=f'<!DOCTYPE kml SYSTEM "{url}">', body=_PLACEMARK))
    laughs = "<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
    )
    (folder / "laughs.kml").write_text(
        _KML.format(head=f"<!DOCTYPE kml [{laughs}]>", body=f"<name>&m;</name>{_PLACEMARK}")
    )
    (folder / "deep.kml").write_text("<kml>" + "<Folder>" * 200_000)
    (folder / "deep-geometry.kml").write_text("<kml><Placemark>" + "<MultiGeometry>" * 200_000)
    icons = (
        f'<Style id="s"><IconStyle><Icon><href>{url}</href></Icon></IconStyle></Style>'
        f'<Schema id="x" name="x"/><styleUrl>{url}#s</styleUrl>'
    )
    (folder / "icons.kml").write_text(_KML.format(head="", body=icons + _PLACEMARK))
    with zipfile.ZipFile(folder / "slip.kmz", "w") as archive:
        archive.writestr("../../doc.kml", _KML.format(head="", body=_PLACEMARK))
    with zipfile.ZipFile(folder / "link.kmz", "w") as archive:
        archive.write(folder / "link-http.kml", "doc.kml")
    with zipfile.ZipFile(folder / "bomb.kmz", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 300_000_000)
    member = zipfile.ZipInfo("doc.kml")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(folder / "symlink.kmz", "w") as archive:
        archive.writestr(member, str(canary))


def mapinfo(folder: Path, url: str, canary: Path) -> None:
    """Tables that name other files, pictures, links and databases; counts that are not true."""
    head = "!table\n!version 300\n!charset Neutral\n\nDefinition Table\n"
    fields = "  Fields 1\n    name Char (20) ;\n"
    texts = {
        "file": f'{head}  File "../../../../../..{canary}"\n  Type NATIVE Charset "Neutral"\n{fields}',
        "raster": f'{head}  File "{canary}"\n  Type "RASTER"\n  (105,21) (0,0) Label "a"\n',
        "text": f'{head}  File "{canary}"\n  Type ASCII Delimiter 44 Charset "Neutral"\n{fields}',
        "odbc": f'{head}  Type ODBC\nbegin_metadata\n"\\Server" = "{url}"\nend_metadata\n',
        "linked": f'{head}  Type LINKED Charset "Neutral"\n{fields}begin_metadata\n"\\DATALINK\\Server" = "{url}"\n',
        "view": f'{head}\nOpen Table "{canary}" Hide\nCreate View x As\nSelect * From canary\n',
        "seamless": f'{head}  Type NATIVE Charset "Neutral"\n{fields}begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n',
    }
    for name, text in texts.items():
        write_delivery(_frame(), folder / f"{name}.tab")
        (folder / f"{name}.tab").write_text(text)
    for name, place in {"many": 4, "broad": 10}.items():
        write_delivery(_frame(), folder / f"{name}.tab")
        rows = bytearray((folder / f"{name}.dat").read_bytes())
        rows[place : place + 2] = b"\xff\xff"
        (folder / f"{name}.dat").write_bytes(rows)
    write_delivery(_frame(), folder / "linked-part.tab")
    (folder / "linked-part.map").unlink()
    (folder / "linked-part.map").symlink_to(canary)
    write_delivery(_frame(), folder / "region.mif")
    text = (folder / "region.mif").read_text()
    (folder / "region.mif").write_text(text.replace("Region 1", "Region 2000000000", 1))


def geodatabases(folder: Path, url: str, canary: Path) -> None:
    """A part that is a link, counts and sizes that are not true, a path in its catalogue, and archives."""
    for name in ("symlink", "rows", "size", "paths"):
        write_delivery(_frame(), folder / f"{name}.gdb")
    table = max((folder / "symlink.gdb").glob("*.gdbtable"))
    table.unlink()
    table.symlink_to(canary)
    table = max((folder / "rows.gdb").glob("*.gdbtable"))
    content = bytearray(table.read_bytes())
    content[4:8] = struct.pack("<I", 2_000_000_000)
    table.write_bytes(content)
    content[24:32] = struct.pack("<Q", 1 << 60)
    max((folder / "size.gdb").glob("*.gdbtable")).write_bytes(content)
    items = folder / "paths.gdb" / "a00000004.gdbtable"  # the catalogue, with a path for every table
    content = bytearray(items.read_bytes())
    for own, other in ((b"\\paths", b"/../.."), (rb">\paths<", rb">/../..<")):
        content = content.replace(own, other)
    assert content != items.read_bytes()
    items.write_bytes(content)
    (folder / "paths.gdb" / "spy.gdbtable").write_text(url)
    source = folder / "part.gdb"
    write_delivery(_frame(), source)
    with zipfile.ZipFile(folder / "slip_gdb.zip", "w") as archive:
        for part in sorted(source.iterdir()):
            archive.write(part, f"x.gdb/../../{part.name}")
    with zipfile.ZipFile(folder / "bomb_gdb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("x.gdb/a00000001.gdbtable", bytes(300_000_000))
    shutil.rmtree(source)


def places(folder: Path, url: str, canary: Path) -> None:
    """Tables with other descriptions beside them, geometry without end, and numbers that are none."""
    good = _frame().to_wkt().rename(columns={"geometry": "wkt"})
    good.to_csv(folder / "beside.csv", index=False)
    (folder / "beside.csvt").write_text('"String","WKT"\n')
    (folder / "beside.vrt").write_text(
        f"<OGRVRTDataSource><OGRVRTLayer name='beside'><SrcDataSource>{canary}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    good.to_csv(folder / "view.tab.csv", index=False)
    nested = "GEOMETRYCOLLECTION (" * 100_000 + ")" * 100_000
    (folder / "deep.csv").write_text(f'name,wkt\na,"{nested}"\n')
    (folder / "address.csv").write_text(f"name,wkt\na,{url}\nb,/vsicurl/{url}\nc,{canary}\n")
    for name, number in {"nan": "nan", "inf": "1e999", "long": "9" * 100_000}.items():
        (folder / f"{name}.csv").write_text(f"name,lon,lat\na,{number},21\n")
    (folder / "h3.csv").write_text("name,h3\na,8fffffffffffffff\nb,../../etc/passwd\n")


MAKERS = (kml, mapinfo, geodatabases, places)
"""Each takes an empty folder, an address that listens, and a file that must not be delivered."""
