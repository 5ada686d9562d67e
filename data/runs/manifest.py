"""What a run says about itself: from what, by what and to what, without any time or machine in it."""

from __future__ import annotations

import json
import math
import os
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

from ...errors import WorkplaceError
from ..disk.atomic import explained_os_errors, workplace_error
from ..disk.copying import NotRegularError
from ..disk.hashing import sha256_of
from ..text.safe import plain as printed
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from ...errors import Finding
    from ..disk.hashing import InputFile
    from ..readers.facts import LayerFacts
    from ..submissions.records import SubmissionRecord

MANIFEST = "manifest.json"
MISSING, CHANGED = " is missing", " is not the file that was written"
"""What is said of a damaged file, behind its name."""
FORMAT = 1
"""Version of the layout of the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Everything a manifest states that cannot be seen in the run folder.

    Attributes
    ----------
    run_id
        Such as ``000123-9f2c41``.
    inputs_digest
        Of all inputs, the project and the version together, see ``runs.inputs_digest``.
    inputs
        The files that were read, each as often as the project names it.
    layers
        For every one of ``inputs``, in their order, what is known of the layer that was read of it; None for tables.
    project_file
        The project file; paths of inputs are written relative to its folder.
    project_digest
        Of the content of the project file and its overrides.
    profile
        The gap profile: at least ``id``, ``version`` and ``digest``.
    versions
        Of the program and of every library that has a say in the numbers, see :mod:`.libraries`.
    findings
        What the checks said.
    figures
        Figures of the whole country by name: numbers, texts, or mappings of such.
    title, notice
        Of the project, one text per language.
    rules, claims
        Which keys of the project file decide numbers, and how each submission is read, see
        :mod:`blackspot.data.project.effective`.
    variant
        Name, run of the series and label of a variant; empty for a run of the series.
    submissions
        What became of each submission.
    """

    run_id: str
    inputs_digest: str
    inputs: Sequence[InputFile]
    layers: Sequence[LayerFacts | None]
    project_file: Path
    project_digest: str
    profile: Mapping[str, object]
    versions: Mapping[str, str]
    findings: Sequence[Finding]
    figures: Mapping[str, object]
    title: Mapping[str, str]
    notice: Mapping[str, str]
    submissions: Sequence[SubmissionRecord] = ()
    rules: Mapping[str, object] = field(default_factory=dict)
    claims: Mapping[str, object] = field(default_factory=dict)
    variant: Mapping[str, object] = field(default_factory=dict)

    def described(self) -> dict[str, object]:
        """Say what tells one series from another, as the manifest states it."""
        return {
            "rules": plain(self.rules),
            "claims": plain(self.claims),
            "inputs": [{"role": item.role, "sha256": item.sha256} for item in self.inputs],
            "submissions": [entry.to_json() for entry in self.submissions],
        }


def build_manifest(folder: Path, facts: RunFacts) -> dict[str, object]:
    """Describe a finished run folder.

    Parameters
    ----------
    folder
        The folder with all outputs; a manifest in it is not counted as an output.
    facts
        What else there is to say.

    Returns
    -------
    dict
        Plain values only, ready for ``write_manifest``; same run, same manifest, wherever it stands.

    Raises
    ------
    WorkplaceError
        An output cannot be read.
    ValueError
        The folder holds a link or another thing that is no file.
    """
    manifest = {
        "format": FORMAT,
        "run": facts.run_id,
        "inputs_digest": facts.inputs_digest,
        "inputs": _described_inputs(facts),
        "project": {
            "file": facts.project_file.name,
            "digest": facts.project_digest,
            "title": facts.title,
            "notice": facts.notice,
        },
        "profile": facts.profile,
        "rules": facts.rules,
        "claims": facts.claims,
        "submissions": [entry.to_json() for entry in facts.submissions],
        "versions": facts.versions,
        "findings": [asdict(finding) for finding in facts.findings],
        "figures": facts.figures,
        "outputs": output_hashes(folder),
    } | ({"variant": facts.variant} if facts.variant else {})
    return cast("dict[str, object]", plain(manifest))


def write_manifest(folder: Path, manifest: Mapping[str, object]) -> Path:
    """Write ``manifest.json``, the last file of a run.

    Parameters
    ----------
    folder
        The unfinished run folder.
    manifest
        As ``build_manifest`` gives it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    path = folder / MANIFEST
    with explained_os_errors(path, told("errors", "doing.write_manifest")):
        path.write_text(canonical_json(manifest), encoding="utf-8", newline="\n")
    return path


def read_manifest(folder: Path) -> dict[str, object]:
    """Read the manifest of a run.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    dict
        As it was written.

    Raises
    ------
    WorkplaceError
        It is missing, cannot be read or is damaged.
    """
    path = folder / MANIFEST
    with explained_os_errors(path, told("errors", "doing.read_manifest")):
        content = path.read_bytes()
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise WorkplaceError(told("errors", "manifest_damaged", path=path)) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("outputs"), dict):
        raise WorkplaceError(told("errors", "manifest_none", path=path))
    return manifest


def output_hashes(folder: Path) -> dict[str, dict[str, object]]:
    """Hash every file of a run folder but its manifest.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    dict
        Path inside the folder, with ``/``, to ``{"sha256": …, "size": …}``, in alphabetical order.

    Raises
    ------
    WorkplaceError
        A file cannot be read.
    ValueError
        The folder holds a link or another thing that is no file: a run has only files and folders.
    """
    hashes: dict[str, dict[str, object]] = {}
    with explained_os_errors(folder, told("errors", "doing.read_results")):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise ValueError(f"{path} is neither a file nor a folder; a run folder has nothing else")
            if path.is_file() and name != MANIFEST:
                hashes[name] = {"sha256": sha256_of(path), "size": path.stat().st_size}
    return hashes


def damage(folder: Path, names: Collection[str] | None = None) -> tuple[str, ...]:
    """Compare the files of a run folder with its own manifest.

    Parameters
    ----------
    folder
        The run folder. What lies in it besides the files of the run counts for nothing, see ``added``.
    names
        The files that matter, where not all do; those that the run never had are passed over.

    Returns
    -------
    tuple of str
        One sentence per file that is missing or changed, which begins with its name; empty when all is as it was.

    Raises
    ------
    WorkplaceError
        The manifest cannot be read, or the disk failed.
    """
    announced = cast("dict[str, object]", read_manifest(folder)["outputs"])
    problems = []
    for name in sorted(announced.keys() if names is None else announced.keys() & set(names)):
        path = folder / name
        try:
            found = {"sha256": sha256_of(path), "size": path.stat().st_size}
        except (FileNotFoundError, NotADirectoryError):
            problems.append(f"{name}{MISSING}")
            continue
        except NotRegularError:
            found = {}
        except OSError as error:
            raise workplace_error(path, told("errors", "doing.read_results"), error) from error
        if found != announced[name]:
            problems.append(f"{name}{CHANGED}")
    return tuple(problems)


def added(folder: Path) -> tuple[str, ...]:
    """Name what lies in a run folder and is not of the run, such as a lock file of an office program.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    tuple of str
        Paths inside the folder of files and links that are not in the manifest, in alphabetical order.

    Raises
    ------
    WorkplaceError
        The manifest or the folder cannot be read.
    """
    announced = cast("dict[str, object]", read_manifest(folder)["outputs"]).keys() | {MANIFEST}
    with explained_os_errors(folder, told("errors", "doing.read_results")):
        names = [
            path.relative_to(folder).as_posix()
            for path in sorted(folder.rglob("*"))
            if path.is_symlink() or not path.is_dir()
        ]
    return tuple(name for name in names if name not in announced)


def canonical_json(value: object) -> str:
    """Write plain values as JSON in the one way this package does.

    Parameters
    ----------
    value
        Mappings, sequences, texts, numbers, flags, None; numpy scalars too.

    Returns
    -------
    str
        Sorted keys, two spaces, UTF-8 letters as they are, a line feed at the end; NaN and infinite numbers
        are null. Halves of surrogate pairs are escaped, so that the text can always be encoded.
    """
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def plain(value: object) -> object:
    """Bring a value into the types JSON has.

    Parameters
    ----------
    value
        Mappings, sequences, texts, numbers, flags, paths, None; numpy scalars and arrays too.

    Returns
    -------
    object
        dict (keys as text), list, str, int, float (finite), bool or None.

    Raises
    ------
    TypeError
        The value is of another type.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()  # numpy's, known without importing numpy
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, PurePath):
        return value.as_posix()
    if hasattr(value, "items"):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no place in a manifest")


def _described_inputs(facts: RunFacts) -> list[dict[str, object]]:
    """Describe every input, and how the layer that was read of it came to WGS 84.

    The layer stands there only where several layers of its file were read, to tell them apart.
    """
    names: defaultdict[Path, set[str]] = defaultdict(set)
    for layer in facts.layers:
        if layer is not None and layer.operation is not None:
            names[layer.path].add(layer.layer)
    described = []
    for item, layer in zip(facts.inputs, facts.layers, strict=True):
        entry = _described_input(item, facts.project_file.parent)
        if layer is not None and layer.operation is not None:
            if len(names[layer.path]) > 1:
                entry["layer"] = printed(layer.layer)
            entry["coordinates"] = asdict(layer.operation)
        described.append(entry)
    return described


def _described_input(item: InputFile, start: Path) -> dict[str, object]:
    """Describe an input by a path that does not tell on which machine or in which folder the project stands."""
    return {
        "role": item.role,
        "file": item.path.name,
        "path": PurePath(os.path.relpath(item.path, start)).as_posix(),
        "sha256": item.sha256,
        "size": item.size,
        "vintage": item.vintage,
    }
