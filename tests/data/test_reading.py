"""What was read of every input finds its way back to the input, however often a file is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot.data.findings.collector import Findings
from blackspot.data.input_files import hash_inputs
from blackspot.data.project.load import load_project
from blackspot.data.reading import Inputs, read_inputs
from blackspot.data.submissions.intake import Intake
from small_country import PROJECT, box, frame, write_country

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.disk.hashing import InputFile

SUBMISSION = '[[submissions]]\noperator = "{operator}"\nservice = "5g"\npath = "{path}"\n{more}'


def read(folder: Path, *submissions: str, more: str = "") -> tuple[tuple[InputFile, ...], Inputs, Findings]:
    """Read the small country with other submissions."""
    head, tail = PROJECT.partition("[[submissions]]")[0], PROJECT.partition("[profile]")[2]
    path = write_country(folder)
    path.write_text(head + "".join(submissions) + more + "[profile]" + tail, encoding="utf-8")
    project = load_project(path)
    findings, refusals = Findings(folder), Findings(folder)
    files = hash_inputs(project, findings, refusals)
    inputs = read_inputs(project, findings, refusals, intake=Intake(project, files, refusals))
    assert inputs is not None
    return files, inputs, refusals


def test_every_input_is_paired_with_what_was_read_of_it(tmp_path: Path) -> None:
    """Tables with nothing; a layer that two submissions read in different systems with each of the two ways."""
    frame([box(0, 0, 20, 4)]).to_crs(3405).to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    (tmp_path / "border.csv").write_text("code\n00101\n", encoding="utf-8")
    systems = ("EPSG:3405", "EPSG:32648")
    files, inputs, _ = read(
        tmp_path,
        *(SUBMISSION.format(operator=crs, path="bare.shp", more=f'crs = "{crs}"\n') for crs in systems),
        more='[setting.border]\nlist = { path = "border.csv" }\n',
    )
    facts = inputs.facts_of(files)
    found = [
        (file.role, None if one is None or one.operation is None else one.operation.crs.partition(" ")[0])
        for file, one in zip(files, facts, strict=True)
    ]
    assert [
        ("communes", "EPSG:4326"),
        ("population", "EPSG:4326"),
        ("coverage", "EPSG:3405"),
        ("coverage", "EPSG:32648"),
        ("border list", None),
    ] == found
    assert [file.sha256 for file in files[:4]] == [one.sha256 for one in facts[:4] if one is not None]


def test_a_refused_submission_is_known_by_the_file_handed_in(tmp_path: Path) -> None:
    """Its transformation to WGS 84 was chosen before the filter left nothing."""
    frame([box(0, 0, 20, 4)], sender=["Sao Mai"]).to_crs(3405).to_file(tmp_path / "a.gpkg")
    where = 'where = { column = "sender", values = ["nobody"] }\n'
    files, inputs, refusals = read(tmp_path, SUBMISSION.format(operator="A", path="a.gpkg", more=where))
    assert ["coverage.filter-keeps-nothing"] == [
        item.code for item in refusals.errors if item.code.startswith("coverage")
    ]
    assert () == inputs.submissions
    known = inputs.facts_of(files)[-1]
    assert known is not None
    assert known.operation is not None
    assert (1, "EPSG:6960") == (known.rows, known.operation.code)


def test_an_input_that_could_not_be_hashed_takes_no_facts_from_another(tmp_path: Path) -> None:
    """The file of the first submission is missing; that of the second keeps its own."""
    frame([box(0, 0, 20, 4)]).to_file(tmp_path / "a.gpkg")
    texts = [SUBMISSION.format(operator=name, path=f"{name}.gpkg", more="") for name in ("none", "a")]
    files, inputs, refusals = read(tmp_path, *texts)
    assert "file.missing" in {item.code for item in refusals.errors}
    facts = inputs.facts_of(files)
    assert ["communes.gpkg", "people.tif", "a.gpkg"] == [file.path.name for file in files]
    assert [file.path for file in files] == [one.path for one in facts if one is not None]


def test_former_names_are_an_input_like_any_other(tmp_path: Path) -> None:
    """Their table is hashed, and they are read with the communes; a project without it has none."""
    table = tmp_path / "before.csv"
    table.write_text("name,code\nXã Cũ,00101\n", encoding="utf-8")
    source = SUBMISSION.format(operator="Sao Mai", path="five.gpkg", more="")
    files, inputs, _ = read(tmp_path, source, more='[communes.former]\npath = "before.csv"\n')
    assert [table] == [file.path for file in files if file.role == "former names"]
    assert inputs.former is not None
    assert [("00101", "Xã Cũ", "")] == list(
        inputs.former[["code", "name", "place"]].itertuples(index=False, name=None)
    )
    assert read(tmp_path, source)[1].former is None


def test_black_spots_are_named_after_places_else_villages_else_those_of_the_context(tmp_path: Path) -> None:
    """Each file has its own name; every file is hashed and paired with what was read of it."""
    for name in ("places", "villages", "around"):
        named = frame([box(1, 1, 2, 2).centroid]).assign(name=name)
        named.to_file(tmp_path / f"{name}.gpkg")
    sections = {
        "places": '[places]\npath = "places.gpkg"\n',
        "villages": '[villages]\npath = "villages.gpkg"\n',
        "around": '[[map.context]]\nkind = "villages"\npath = "around.gpkg"\nname = "name"\n',
    }
    five = SUBMISSION.format(operator="A", path="five.gpkg", more="")
    for first in sections:
        order = list(sections)
        more = "".join(sections[name] for name in order[order.index(first) :])
        files, inputs, _ = read(tmp_path, five, more=more)
        assert inputs.named_places is not None
        assert [first] == inputs.named_places.name.tolist()
        roles = [file.role for file, facts in zip(files, inputs.facts_of(files), strict=True) if facts]
        assert "context" in roles
    _, inputs, _ = read(tmp_path, five)
    assert inputs.named_places is None
