"""What a run keeps: the same bytes with it, without it, and with it damaged; and nothing is done twice."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.coverage.burn.crossings import part_spans
from blackspot.coverage.setting.classify import classify
from blackspot.data.readers.vector import read_vector
from blackspot.pipeline import run as pipeline
from small_country import box, frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from blackspot.coverage.burn.crossings import PartSpans
    from blackspot.coverage.burn.grid import Grid
    from blackspot.coverage.burn.rings import Rings

from four_communes import files
from machine_trouble import small_disk


def rewrite(project: Path, rows: int) -> None:
    """Let the first operator cover so many rows from the north."""
    frame([box(0, 0, 20, rows)], kind=["5G"]).to_crs(3405).to_file(
        project.parent / "five.gpkg", layer="five", mode="w"
    )


def test_what_was_kept_gives_the_same_bytes(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change of one submission only its tiles are burned; the run differs in nothing from a fresh one."""
    pipeline.run(project, pages="none")
    rewrite(project, 8)
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    burned = []

    def watched(rings: Rings, grid: Grid) -> Iterator[PartSpans]:
        burned.append(len(rings.feature))
        return part_spans(rings, grid)

    monkeypatch.setattr("blackspot.coverage.burn.polygons.part_spans", watched)
    kept = pipeline.run(project, pages="none")
    assert [1] == burned
    burned.clear()
    anew = pipeline.run(fresh / project.name, pages="none")
    assert len(burned) > 1
    assert files(anew.folder) == files(kept.folder)
    bands = [files(path.parent / "out" / "cache" / "bands") for path in (project, fresh / project.name)]
    results = [{name: kept for name, kept in found.items() if name.endswith(".kept")} for found in bands]
    assert results[0] == results[1] != {}


def test_an_unchanged_count_reads_no_people(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another title makes a new run, but people and coverage are as before: all bands are taken from the last."""
    first = pipeline.run(project, pages="none")

    def unwanted(*_: object) -> None:
        raise AssertionError("a band was joined")

    monkeypatch.setattr("blackspot.coverage.overlay.bands.join_band", unwanted)
    second = pipeline.run(project, pages="none", overrides=['project.title.en="Again"'])
    assert first.run_id != second.run_id
    assert (first.folder / "communes.csv").read_bytes() == (second.folder / "communes.csv").read_bytes()


def test_the_setting_of_the_same_communes_is_not_found_out_again(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another profile takes the setting from the run before, to the byte; other rules do not."""
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    asked = []

    def watched(*arguments: Any, **named: Any) -> pd.DataFrame:
        asked.append(len(arguments[0]))
        return classify(*arguments, **named)

    monkeypatch.setattr("blackspot.coverage.run_setting.classify", watched)
    overrides = ["profile.min_people=7"]
    first = pipeline.run(project, pages="none")
    kept = pipeline.run(project, pages="none", overrides=overrides)
    assert 1 == len(asked)
    anew = pipeline.run(fresh / project.name, pages="none", overrides=overrides)
    assert (anew.folder / "communes.parquet").read_bytes() == (kept.folder / "communes.parquet").read_bytes()
    other = pipeline.run(project, pages="none", overrides=['setting.rural_types=["ward"]'])
    assert 3 == len(asked)
    rural, others = (run.communes.set_index("code")["is_rural"].sort_index() for run in (first, other))
    assert (~rural).tolist() == others.tolist()


@pytest.mark.parametrize("override", ['profile.operator_rule="all"', 'population.kind="density"'])
def test_another_question_is_not_answered_from_what_was_kept(
    project: Path, tmp_path_factory: pytest.TempPathFactory, override: str
) -> None:
    """The rules of the profile and the way the raster is read decide: the same bytes as without a cache."""
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    before = pipeline.run(project, pages="none")
    kept = pipeline.run(project, pages="none", overrides=[override])
    anew = pipeline.run(fresh / project.name, pages="none", overrides=[override])
    assert before.figures["pop_failing"] != kept.figures["pop_failing"]
    assert (anew.folder / "communes.parquet").read_bytes() == (kept.folder / "communes.parquet").read_bytes()
    assert (anew.folder / "black_spots.csv").read_bytes() == (kept.folder / "black_spots.csv").read_bytes()


@pytest.mark.parametrize("damage", [b"", b"rubbish " * 40, None])
def test_a_damaged_cache_is_harmless(
    project: Path, tmp_path_factory: pytest.TempPathFactory, damage: bytes | None
) -> None:
    """Every file of the cache emptied, replaced or cut in half: the next run is right, and mends them for the one after it."""
    pipeline.run(project, pages="none")
    cache = project.parent / "out" / "cache"
    rewrite(project, 8)
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    damaged = [path for path in cache.rglob("*") if path.is_file()]
    assert len(damaged) > 5
    for path in damaged:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] if damage is None else damage)
    kept = pipeline.run(project, pages="none")
    anew = pipeline.run(fresh / project.name, pages="none")
    assert files(anew.folder) == files(kept.folder)
    sound, mended = files(fresh / "out" / "cache"), files(cache)
    assert set(sound) <= set(mended)
    readings = {name for name in sound if name.startswith("readings/")}  # these say where their files stand
    assert len(readings) > 3
    assert {name: sound[name] for name in set(sound) - readings} == {
        name: mended[name] for name in set(sound) - readings
    }
    assert read_again(project) == []


def read_again(project: Path) -> list[str]:
    """Name the vector files that a changed rule reads again."""
    read: list[str] = []

    def watched(path: Path, **named: Any) -> Any:
        read.append(path.name)
        return read_vector(path, **named)

    with pytest.MonkeyPatch.context() as patched:
        for module in ("submissions.reader", "country.communes", "country.lists"):
            patched.setattr(f"blackspot.data.{module}.read_vector", watched)
        pipeline.run(project, pages="none", overrides=["profile.min_people=7"])
    return read


@pytest.mark.parametrize("place", [0.0, 0.03, 0.3, 0.6, 1.0])
def test_one_flipped_bit_in_every_file_of_the_cache_changes_no_number(
    project: Path, tmp_path_factory: pytest.TempPathFactory, place: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the head or in the content, of spans, bands and tables: the run is that without a cache."""
    monkeypatch.setattr("blackspot.coverage.burn.polygons.LEAST_KEPT", 1)  # small tiles are kept as well
    pipeline.run(project, pages="none")
    rewrite(project, 8)
    cache = project.parent / "out" / "cache"
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    kinds = set()
    for path in (path for path in cache.rglob("*") if path.is_file()):
        content = bytearray(path.read_bytes())
        content[int(place * (len(content) - 1))] ^= 1
        path.write_bytes(content)
        kinds.add(path.suffix)
    assert {".spans", ".parts", ".kept", ".state", ".result", ".json"} == kinds
    kept = pipeline.run(project, pages="none")
    anew = pipeline.run(fresh / project.name, pages="none")
    assert files(anew.folder) == files(kept.folder)


def test_the_output_folder_may_be_moved_with_its_cache(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in it says where it stands: nothing is new there, and what was kept is of use."""
    first = pipeline.run(project, pages="none")
    moved = tmp_path_factory.mktemp("elsewhere") / "results"
    (project.parent / "out").rename(moved)
    there = [f'project.out="{moved}"']
    again = pipeline.run(project, pages="none", overrides=there)
    assert (True, first.run_id, moved / "runs" / first.run_id) == (
        again.nothing_new,
        again.run_id,
        again.folder,
    )

    def unwanted(*_: object) -> None:
        raise AssertionError("a band was joined")

    monkeypatch.setattr("blackspot.coverage.overlay.bands.join_band", unwanted)
    second = pipeline.run(project, pages="none", overrides=[*there, 'project.title.en="Again"'])
    assert "000002" == second.run_id[:6]


def test_variants_do_not_make_the_cache_grow(project: Path) -> None:
    """All of them share one place beside that of the series; what a killed run left half written goes."""
    cache = project.parent / "out" / "cache"
    pipeline.run(project, pages="none")
    series = set(files(cache))
    names = []
    for people in (11, 12, 13):
        for folder in ("spans", "bands/people-variant", "tables", "results"):
            (cache / folder).mkdir(parents=True, exist_ok=True)
            (cache / folder / "killed.1.part").write_bytes(b"half")
        pipeline.run(
            project, pages="none", variant=f"least-{people}", overrides=[f"profile.min_people={people}"]
        )
        names.append(set(files(cache)))
    assert names[0] == names[1] == names[2]
    added = {name.partition("/")[0] for name in names[0] - series}
    assert {"results"} >= added
    assert not [name for name in names[0] if name.endswith(".part")]


def test_a_first_variant_takes_from_the_series_what_its_rule_does_not_change(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a band nor the setting is found out again, and none of it is kept twice."""
    pipeline.run(project, pages="none")
    series = set(files(project.parent / "out" / "cache"))

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("it is kept for the series")

    monkeypatch.setattr("blackspot.coverage.overlay.bands.join_band", unwanted)
    monkeypatch.setattr("blackspot.coverage.run_setting.classify", unwanted)
    report = pipeline.run(project, pages="none", variant="least", overrides=["profile.min_people=11"])
    assert report.published
    added = set(files(project.parent / "out" / "cache")) - series
    assert not [name for name in added if name.startswith(("bands/", "tables/", "readings/"))]


def test_exchanged_files_of_the_cache_are_found(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every file under the name of its neighbour, each of them whole: the next run is right, and mends them."""
    pipeline.run(project, pages="none")
    cache = project.parent / "out" / "cache"
    folders = [path for path in cache.rglob("*") if path.is_dir()]
    turned = 0
    for folder in folders:
        for ending in {path.suffix for path in folder.iterdir() if path.is_file()}:
            there = sorted(folder.glob(f"*{ending}"))
            contents = [path.read_bytes() for path in there]
            for path, content in zip(there, [*contents[1:], contents[0]], strict=True):
                path.write_bytes(content)
            turned += len(there) > 1 and len(there)
    assert turned > 5
    fresh = tmp_path_factory.mktemp("fresh") / "copy"
    shutil.copytree(project.parent, fresh)
    shutil.rmtree(fresh / "out" / "cache")
    kept, anew = (
        pipeline.run(path, pages="none", overrides=["profile.min_people=11"])
        for path in (project, fresh / project.name)
    )
    assert files(anew.folder) == files(kept.folder)


def test_a_cache_that_cannot_be_written_stops_nothing(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file where its folder should be, then a disk without room: the run is the same, and the log says why it is slow."""
    out = project.parent / "out"
    out.mkdir(exist_ok=True)
    (out / "cache").write_text("somebody's own", encoding="utf-8")
    first = pipeline.run(project, pages="none")
    assert first.published
    assert "cannot keep results for later runs" in caplog.text
    (out / "cache").unlink()
    content = files(first.folder)
    shutil.rmtree(out)
    out.mkdir()
    with small_disk(out / "cache", 8):
        second = pipeline.run(project, pages="none")
    assert content == files(second.folder)


def test_the_cache_does_not_grow_from_run_to_run(project: Path) -> None:
    """After six variants it holds at most twice the spans of one, and the same files for bands."""
    sizes, bands = [], set()
    for rows in range(3, 9):
        rewrite(project, rows)
        pipeline.run(project, pages="none")
        cache = project.parent / "out" / "cache"
        sizes.append(sum(path.stat().st_size for path in (cache / "spans").iterdir()))
        bands.add(tuple(sorted(files(cache / "bands"))))
    assert 1 == len(bands)
    assert max(sizes[1:]) <= 2 * sizes[0] * 1.2  # layers differ a little in size
    assert sizes[-1] < 6 * sizes[0] / 2
