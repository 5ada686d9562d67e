"""CSV files whose rows have a place: how it is found, in which system it is, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from blackspot.data.readers.formats import PlaceColumns
from vector_files import codes_of, read_layer, refusal_codes

if TYPE_CHECKING:
    from pathlib import Path

SQUARE = "POLYGON ((105 21, 105.1 21, 105.1 21.1, 105 21.1, 105 21))"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("name", ["WKT", "geom", "geometry", "the_geom", "Hình học"])
def test_outlines_are_found_by_the_name_of_their_column(tmp_path: Path, name: str) -> None:
    """Every cell stays the text it is: a code keeps its zeros."""
    path = write(tmp_path / "x.csv", f'"mã","{name}"', f'"00017","{SQUARE}"')
    table, findings = read_layer(path, columns=["mã"])
    assert table is not None
    assert [] == codes_of(findings)
    assert ["00017"] == table.columns["mã"].tolist()
    assert shapely.equals(shapely.from_wkt(SQUARE), table.geometry[0])
    assert 4326 == table.crs.to_epsg()
    assert [2] == table.feature_id.tolist()


@pytest.mark.parametrize(
    "header", ["lon;lat;rsrp", "lng;Latitude;rsrp", "Kinh độ;Vĩ độ;mức", '"longitude";"latitude";"x"']
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_longitude_and_latitude_make_points(tmp_path: Path, header: str, encoding: str) -> None:
    """In every spelling, with semicolons, a comma as decimal sign, and every encoding of tables."""
    path = write(tmp_path / "x.csv", header, "105,5;21;-95", ";;-99", "105.6;21.5;-97", encoding=encoding)
    table, findings = read_layer(path)
    assert table is not None
    assert ["geometry.missing"] == [code for code in codes_of(findings) if code != "table.utf16"]
    assert [[105.5, 21], [105.6, 21.5]] == shapely.get_coordinates(table.geometry).tolist()
    assert ["Point"] * 2 == [shape.geom_type for shape in table.geometry]


def test_x_and_y_need_a_stated_system(tmp_path: Path) -> None:
    """Metres of some zone are nothing without its name."""
    path = write(tmp_path / "x.csv", "x,y", "500000,2322255")
    assert ["crs.missing"] == refusal_codes(path)
    table, _ = read_layer(path, crs="EPSG:3405")
    assert table is not None
    assert 3405 == table.crs.to_epsg()


def test_columns_that_are_named_decide(tmp_path: Path) -> None:
    """The project file knows better than names; a name that is not there is refused."""
    path = write(tmp_path / "x.csv", "lon,lat,e,n,outline", f'1,2,105.5,21,"{SQUARE}"')
    for places, kind in (
        (PlaceColumns(lon="e", lat="n"), "Point"),
        (PlaceColumns(wkt="outline"), "Polygon"),
    ):
        table, _ = read_layer(path, places=places)
        assert table is not None
        assert kind == table.geometry[0].geom_type
        assert 105 <= table.geometry[0].bounds[0] < 106
    assert ["column.missing"] == refusal_codes(path, places=PlaceColumns(wkt="form"))


def test_cells_of_h3_become_their_hexagons(tmp_path: Path) -> None:
    """Of any resolution; neighbours share an edge."""
    h3 = pytest.importorskip("h3")
    center = h3.latlng_to_cell(21.0, 105.0, 8)
    cells = sorted(h3.grid_disk(center, 1))
    path = write(tmp_path / "x.csv", "h3,rsrp", *(f"{cell},-90" for cell in cells))
    table, findings = read_layer(path)
    assert table is not None
    assert [] == codes_of(findings)
    assert 7 == len(table.geometry)
    union = shapely.union_all(table.geometry, grid_size=1e-9)
    assert "Polygon" == union.geom_type
    assert shapely.contains_xy(union, 105.0, 21.0)
    assert ["layer.bad-place"] == refusal_codes(write(tmp_path / "y.csv", "h3", "882a1072b5fffff0"))


def test_cells_of_a_metric_grid_become_squares(tmp_path: Path) -> None:
    """By INSPIRE's codes, short in EPSG:3035 and long with their system, found by what stands in the cells."""
    path = write(
        tmp_path / "x.csv", "GITTER_ID_100m,x_mp,tech", "100mN26840E43341,4334150,4G", "100mN26841E43341,1,4G"
    )
    table, findings = read_layer(path)
    assert table is not None
    assert ["crs.operation"] == codes_of(findings)
    assert 3035 == table.crs.to_epsg()
    assert [(4334100.0, 2684000.0, 4334200.0, 2684100.0), (4334100.0, 2684100.0, 4334200.0, 2684200.0)] == [
        shape.bounds for shape in table.geometry
    ]
    long = write(tmp_path / "y.csv", "cell", "CRS32648RES1kmN2300000E500000")
    table, _ = read_layer(long)
    assert table is not None
    assert (32648, (500000.0, 2300000.0, 501000.0, 2301000.0)) == (
        table.crs.to_epsg(),
        table.geometry[0].bounds,
    )
    mixed = write(tmp_path / "z.csv", "cell", "100mN26840E43341", "CRS32648RES1kmN2300000E500000")
    assert ["crs.several"] == refusal_codes(mixed)
    wrong = write(tmp_path / "w.csv", "cell", "100mN26840E43341", "nowhere")
    assert ["layer.bad-place"] == refusal_codes(wrong, places=PlaceColumns(grid="cell"))


def test_ewkt_states_its_system(tmp_path: Path) -> None:
    """One for all rows."""
    path = write(tmp_path / "x.csv", "geom", "SRID=3405;POINT (500000 2322255)")
    table, _ = read_layer(path)
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    both = write(tmp_path / "y.csv", "geom", "SRID=3405;POINT (500000 2322255)", "SRID=4326;POINT (105 21)")
    assert ["crs.several"] == refusal_codes(both)


@pytest.mark.parametrize("cell", ["POLYGON ((105 21, 106 21", "105", "nan", "POLYGON ((1 2, 3 4))"])
def test_a_cell_that_is_no_geometry_is_named(tmp_path: Path, cell: str) -> None:
    """With the row as a spreadsheet counts it; nothing is left out."""
    path = write(tmp_path / "x.csv", "a,wkt", f'1,"{SQUARE}"', f'2,"{cell}"')
    _, findings = read_layer(path)
    assert ["layer.bad-place"] == codes_of(findings)
    assert "3" == findings.items[0].row


@pytest.mark.parametrize(("lon", "code"), [("abc", "layer.bad-place"), ("1_05", "layer.bad-place")])
def test_a_number_that_is_none_is_named(tmp_path: Path, lon: str, code: str) -> None:
    """Also what Python alone takes for a number."""
    assert [code] == refusal_codes(write(tmp_path / "x.csv", "lon,lat", f"{lon},21"))


def test_tables_without_places_and_speed_tests_are_refused(tmp_path: Path) -> None:
    """The one says how to name the columns, the other that measurements are no coverage."""
    assert ["layer.no-place-columns"] == refusal_codes(write(tmp_path / "x.csv", "a,b", "1,2"))
    tiles = write(tmp_path / "y.csv", "quadkey,tile,avg_d_kbps,tests", f'1,"{SQUARE}",5000,3')
    assert ["layer.speed-tests"] == refusal_codes(tiles)


def test_an_outline_longer_than_a_cell_of_csv_is_read(tmp_path: Path) -> None:
    """Python's own limit is 131,072 letters."""
    circle = shapely.Point(105, 21).buffer(0.5, quad_segs=4000)
    path = write(tmp_path / "x.csv", "wkt", f'"{circle.wkt}"')
    table, _ = read_layer(path)
    assert table is not None
    assert shapely.get_num_coordinates(circle) == shapely.get_num_coordinates(table.geometry[0])
