"""The files of a run, written and read back: the same numbers everywhere, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from blackspot.data.exports import write as export
from blackspot.data.exports.csv_file import remove_guards
from blackspot.data.exports.for_people import TableWords, check_for_people, check_rows
from blackspot.data.exports.write import begin_outputs
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from blackspot.data.columns.register import Table

NAMES = ("Xã Đồng Văn", '=HYPERLINK("http://x")', "Phường \u202e=1+1", "Đặc khu\r\nTrường Sa\x07")
CLEAN = ("Xã Đồng Văn", '=HYPERLINK("http://x")', "Phường \u202e=1+1", "Đặc khu Trường Sa\ufffd")
FILES = (
    "black_spots.csv",
    "black_spots.parquet",
    "blackspot.gpkg",
    "blackspot.xlsx",
    "boundaries.parquet",
    "communes.csv",
    "communes.parquet",
    "provinces.csv",
    "provinces.parquet",
)


def communes() -> geopandas.GeoDataFrame:
    shapes = [
        box(0, 0, 1, 1),
        MultiPolygon([box(2, 0, 3, 1), box(4, 0, 5, 1)]),
        box(6, 0, 7, 1),
        box(8, 0, 9, 1),
    ]
    columns = {
        "code": ["00688", "00691", "00692", "20333"],
        "name": list(NAMES),
        "province_code": ["02", "02", "02", "48"],
        "is_island": [False, False, False, True],
        "area_km2": [12_308.7781234567, 24_000.0, 12_000.0, 1.0],
        "pop_total": [1000 / 3, 2000.0, 0.0, np.nan],
        "pop_uncovered_5g": [100 / 3, 1500.0, 0.0, np.nan],
        "pop_failing": [100 / 3, 1500.0, 0.0, np.nan],
        "covered_share_5g": [0.9, 0.25, np.nan, np.nan],
        "rank": pd.array([2, 1, 3, None], dtype="Int64"),
        "reason_vi": ["Trắng sóng", None, "", "-"],
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def provinces() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "province_code": ["02", "48"],
            "province_name": ["Tuyên Quang", "Đà Nẵng"],
            "pop_total": [2333.3, np.nan],
        }
    )


def black_spots(count: int = 2) -> geopandas.GeoDataFrame:
    columns = {
        "spot_id": [f"00688-{number}" for number in range(count)],
        "code": ["00688"] * count,
        "pop": [55.5] * count,
        "missing": ["5g,fibre", "5g"][:count],
        "distance_to_5g_km": [np.nan, 3.14159][:count],
        "rank": pd.array(range(count), dtype="Int64"),
    }
    columns = {
        name: pd.Series(values) if count else pd.Series(values, dtype=object)
        for name, values in columns.items()
    }
    return geopandas.GeoDataFrame(columns, geometry=[box(0, 0, 0.1, 0.1)] * count, crs="EPSG:4326")


def write(folder: Path, **changes: Any) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Any] = {
        "communes": communes(),
        "provinces": provinces(),
        "black_spots": black_spots(),
        "words": TableWords(
            "DỮ LIỆU MẪU / SAMPLE DATA", {"Nguồn / Source": "=WorldPop 2020"}, {"sao_mai": "Sao Mai"}
        ),
    }
    return begin_outputs(folder, **(tables | changes)).finish()


def check(folder: Path, rows: dict[Table, int]) -> None:
    """Read every file of a run back, as writing them does."""
    for name, count in {**rows, "boundaries": rows["communes"]}.items():
        check_rows(folder / f"{name}.parquet", count)
    check_for_people(folder, rows)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    write(folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_files_are_those_announced_and_no_others(tmp_path: Path) -> None:
    """Nine files, named in alphabetical order; no draft stays behind."""
    assert FILES == tuple(path.name for path in write(tmp_path))
    assert list(FILES) == sorted(path.name for path in tmp_path.iterdir())


def test_parquet_alone_holds_the_same_tables(tmp_path: Path, written: Path) -> None:
    """Byte for byte those that stand beside the other files; nothing else is written."""
    made = write(tmp_path, form=export.TableForm(only_parquet=True))
    assert [name for name in FILES if name.endswith(".parquet")] == [path.name for path in made]
    assert {path.name: path.read_bytes() for path in made} == {
        path.name: (written / path.name).read_bytes() for path in made
    }


def test_outlines_are_full_in_one_file_and_generalised_in_the_tables(tmp_path: Path) -> None:
    """The outline of black spots is full in GeoParquet, for comparisons; in the GeoPackage all are for looking at."""
    table, spots = communes(), black_spots(1)
    table.geometry = table.geometry.segmentize(0.1)
    spots.geometry = spots.geometry.segmentize(0.01)
    write(tmp_path, communes=table, black_spots=spots, form=export.TableForm(tolerance_deg=0.01))
    boundaries = geopandas.read_parquet(tmp_path / "boundaries.parquet")
    assert ["code", "geometry"] == boundaries.columns.tolist()
    assert table["code"].tolist() == boundaries["code"].tolist()
    assert boundaries.geometry.geom_equals_exact(table.geometry, 0).all()
    shown = geopandas.read_parquet(tmp_path / "communes.parquet").geometry
    assert shown.geom_equals(communes().geometry).all()
    assert shown.count_coordinates().sum() < table.geometry.count_coordinates().sum() / 5
    full = geopandas.read_parquet(tmp_path / "black_spots.parquet").geometry
    assert full.geom_equals_exact(spots.geometry, 0).all()
    for layer, count in {"communes": 4, "black_spots": 1, "provinces": 2}.items():
        shapes = pyogrio.read_dataframe(tmp_path / "blackspot.gpkg", layer=layer).geometry
        assert count == len(shapes)
        assert shapes.is_valid.all()
        assert shapes.count_coordinates().max() <= 20  # five a square


def test_all_files_hold_the_same_numbers(written: Path) -> None:
    """People and names of communes agree to the last digit between CSV, GeoParquet, GeoPackage and workbook."""
    parquet = geopandas.read_parquet(written / "communes.parquet")
    package = pyogrio.read_dataframe(written / "blackspot.gpkg", layer="communes")
    table = rows_of(written / "communes.csv")
    sheet = openpyxl.load_workbook(written / "blackspot.xlsx")["communes"]
    header = [cell.value for cell in sheet[3]]
    for column in ("pop_total", "pop_uncovered_5g", "area_km2", "covered_share_5g"):
        expected = parquet[column].to_numpy()
        np.testing.assert_array_equal(expected, package[column].to_numpy())
        np.testing.assert_array_equal(expected, [float(row[column] or "nan") for row in table])
        place = header.index(column) + 1
        values = [sheet.cell(row, place).value for row in range(4, 8)]
        np.testing.assert_array_equal(expected, np.array(values, dtype=float))
    assert list(CLEAN) == parquet["name"].tolist()
    assert list(CLEAN) == package["name"].tolist()
    assert list(CLEAN) == [remove_guards(row["name"]) for row in table]
    assert list(CLEAN) == [sheet.cell(row, header.index("name") + 1).value for row in range(4, 8)]
    assert 333.33333333 == parquet["pop_total"].iloc[0]


def test_unknown_people_stay_unknown(written: Path) -> None:
    """A commune without population is empty in every file, never 0."""
    assert "" == rows_of(written / "communes.csv")[3]["pop_total"]
    assert np.isnan(geopandas.read_parquet(written / "communes.parquet")["pop_total"].iloc[3])
    with closing(sqlite3.connect(written / "blackspot.gpkg")) as database:
        nulls = database.execute("SELECT code FROM communes WHERE pop_total IS NULL").fetchall()
    assert [("20333",)] == nulls
    assert "" == rows_of(written / "communes.csv")[3]["rank"]


def test_no_csv_cell_is_a_formula(written: Path) -> None:
    """Names that would run in a spreadsheet are guarded, also behind a right-to-left override."""
    names = [row["name"] for row in rows_of(written / "communes.csv")]
    assert '\'=HYPERLINK("http://x")' == names[1]
    assert "Phường \u202e=1+1" == names[2]
    assert "'-" == rows_of(written / "communes.csv")[3]["reason_vi"]


def test_the_notice_is_on_every_table(written: Path) -> None:
    """Whoever takes one file away still reads that the data are made up."""
    notice = "DỮ LIỆU MẪU / SAMPLE DATA"
    for name in ("communes.csv", "provinces.csv", "black_spots.csv"):
        assert {notice} == {row["notice"] for row in rows_of(written / name)}
    for name in ("communes.parquet", "black_spots.parquet"):
        assert {notice} == set(geopandas.read_parquet(written / name)["notice"])
    for layer in ("communes", "black_spots", "provinces"):
        assert {notice} == set(pyogrio.read_dataframe(written / "blackspot.gpkg", layer=layer)["notice"])
    about = pyogrio.read_dataframe(written / "blackspot.gpkg", layer="about")
    assert notice == about["text"].iloc[0]
    for sheet in openpyxl.load_workbook(written / "blackspot.xlsx"):
        assert notice == sheet["A1"].value


def test_without_a_notice_there_is_no_trace_of_one(tmp_path: Path) -> None:
    """A real project has neither the column nor the row."""
    write(tmp_path, words=TableWords("", {"Nguồn / Source": "=WorldPop 2020"}, {"sao_mai": "Sao Mai"}))
    assert "notice" not in rows_of(tmp_path / "communes.csv")[0]
    assert "notice" not in geopandas.read_parquet(tmp_path / "communes.parquet").columns
    assert 1 == len(pyogrio.read_dataframe(tmp_path / "blackspot.gpkg", layer="about"))
    assert "Mã\nCode" == openpyxl.load_workbook(tmp_path / "blackspot.xlsx")["communes"]["A1"].value


def test_geoparquet_is_one_for_other_programs_too(written: Path) -> None:
    """zstd, EPSG:4326, geometry as given, and the types survive."""
    metadata = pyarrow.parquet.read_metadata(written / "communes.parquet")
    assert "ZSTD" == metadata.row_group(0).column(0).compression
    table = geopandas.read_parquet(written / "communes.parquet")
    assert table.crs == "EPSG:4326"
    assert table.geometry.geom_equals_exact(communes().geometry, 0).all()
    assert "Int64" == str(table["rank"].dtype)
    assert "bool" == str(table["is_island"].dtype)


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    """Another process, another day's clock, time zone, locale, hash seed and folder change no file."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; import test_write;"
        "test_write.write(Path(sys.argv[2]))"
    )
    folders = [tmp_path / "a", tmp_path / "deep" / "er" / "b"]
    settings: list[dict[str, str]] = [
        {"TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Lima", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
    ]
    for folder, setting in zip(folders, settings, strict=True):
        command = [sys.executable, "-c", script, str(Path(__file__).parent), str(folder)]
        subprocess.run(command, check=True, env={**os.environ, **setting})
        if folder is folders[0]:
            subprocess.run(["sleep", "1.1"], check=True)
    assert digests(folders[0]) == digests(folders[1])


def test_no_black_spot_at_all_is_a_result(tmp_path: Path) -> None:
    """A country without black spots gives all files, with headers and no rows."""
    write(tmp_path, black_spots=black_spots(0))
    assert [] == rows_of(tmp_path / "black_spots.csv")
    assert 0 == len(geopandas.read_parquet(tmp_path / "black_spots.parquet"))
    assert 0 == len(pyogrio.read_dataframe(tmp_path / "blackspot.gpkg", layer="black_spots"))


def test_progress_goes_from_nothing_to_done(tmp_path: Path) -> None:
    """The part done rises and ends at 1."""
    parts: list[float] = []

    def tell(part: float, _what: str) -> None:
        parts.append(part)

    write(tmp_path, progress=tell, progress_beside=tell)
    assert sorted(parts) == parts
    assert [0.0, 1.0] == [parts[0], parts[-1]]


@pytest.mark.parametrize("limit", [0, 1000, 9000, 100_000, 140_000])
def test_a_disk_that_takes_no_more_is_said_in_a_sentence(tmp_path: Path, limit: int) -> None:
    """Wherever a writer is cut off, one sentence names the folder or file; no file is silently broken."""
    script = (
        "import sys, resource, signal; sys.path.insert(0, sys.argv[1]); from pathlib import Path; import test_write;"
        "test_write.write_with_limit(Path(sys.argv[2]), int(sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "run"), str(limit)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "WORKPLACE" == done.stdout[:9], done.stderr
    assert str(tmp_path) in done.stdout
    assert done.stdout.rstrip().endswith(("run again.", "look at the disk."))


def write_with_limit(folder: Path, limit: int) -> None:
    """Stand in for a full disk: no file may grow beyond ``limit`` bytes."""
    folder.mkdir()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        write(folder)
    except WorkplaceError as error:
        print("WORKPLACE", error)  # noqa: T201 - the parent test reads it


@pytest.mark.parametrize(
    "name",
    [
        "boundaries.parquet",
        "communes.parquet",
        "black_spots.parquet",
        "blackspot.gpkg",
        "blackspot.xlsx",
    ],
)
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.98])
def test_a_file_that_was_cut_off_silently_is_found(
    tmp_path: Path, written: Path, name: str, kept: float
) -> None:
    """Even when the library reported success, the check after writing notices the missing end."""
    folder = tmp_path / "run"
    shutil.copytree(written, folder)
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(WorkplaceError, match=re.escape(f"{name}: the file was not written whole")):
        check(folder, {"communes": 4, "provinces": 2, "black_spots": 2})


def test_missing_rows_are_found(written: Path) -> None:
    """A whole file with too few rows does not pass either."""
    check(written, {"communes": 4, "provinces": 2, "black_spots": 2})
    wrong: tuple[dict[Table, int], ...] = (
        {"communes": 5, "provinces": 2, "black_spots": 2},
        {"communes": 4, "provinces": 3, "black_spots": 2},
    )
    for rows in wrong:
        with pytest.raises(WorkplaceError):
            check(written, rows)


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    """No traceback for a missing folder."""
    with pytest.raises(WorkplaceError, match="cannot write the results"):
        begin_outputs(
            tmp_path / "no",
            communes=communes(),
            provinces=provinces(),
            black_spots=black_spots(),
            words=TableWords("", {}, {}),
        )


def test_polygons_with_holes_survive_the_geopackage(tmp_path: Path) -> None:
    """The geometry of the layer is the geometry of the table, as a multipolygon."""
    table = communes()
    holed = Polygon(box(0, 0, 1, 1).exterior.coords, [box(0.2, 0.2, 0.4, 0.4).exterior.coords])
    table.loc[0, "geometry"] = holed
    write(tmp_path, communes=table)
    back = pyogrio.read_dataframe(tmp_path / "blackspot.gpkg", layer="communes")
    assert MultiPolygon([holed]).equals_exact(back.geometry.iloc[0], 0)
    assert {"MultiPolygon"} == set(back.geom_type)


@pytest.mark.slow
def test_the_whole_country_is_written_in_seconds(tmp_path: Path, realdata: Path) -> None:
    """3,321 communes with 7.1 million vertices come back whole from boundaries.parquet and GeoPackage."""
    table = geopandas.read_parquet(
        realdata / "vietnam" / "communes_2026-07_full.parquet",
        columns=["code", "name", "province_code", "geometry"],
    )
    table["pop_total"] = np.arange(len(table), dtype=float)
    write(tmp_path, communes=table)
    info = pyogrio.read_info(tmp_path / "blackspot.gpkg", layer="communes")
    assert 3321 == info["features"]
    back = pyogrio.read_dataframe(tmp_path / "blackspot.gpkg", layer="communes", columns=["code"])
    assert table["code"].tolist() == back["code"].tolist()
    assert table.geometry.count_coordinates().sum() == back.geometry.count_coordinates().sum()
