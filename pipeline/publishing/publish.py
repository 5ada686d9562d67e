"""A published run as a site: proved, written beside its place, and put there in one step."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from ...data.disk.hashing import sha256_of
from ...data.disk.whole_folder import whole_folder
from ...data.runs.listing import ensure_whole, open_run
from ...data.runs.manifest import canonical_json
from ...data.runs.variants import variant_folder, variant_names
from ...data.text.sentences import told
from ...errors import WorkplaceError
from ...maps.pages.store import LAYERS_FILE
from ...maps.site.build import build_site
from .place import FORMAT, OWN, SITE_FILE, refuse_others

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ...data.project.sections.publish import Publish
    from ...data.runs.listing import Run
    from ...progress import Progress

log = logging.getLogger("blackspot")

INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True)
class Site:
    """What was published.

    Attributes
    ----------
    run
        Id of the run.
    folder
        Where the site is.
    files
        Bytes of each file by its path in the folder, without ``site.json``.
    """

    run: str
    folder: Path
    files: Mapping[str, int]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(self.files.values())


def publish(
    out: Path, folder: Path, rules: Publish, *, run: str = "latest", progress: Progress = None
) -> Site:
    """Put a published run into a folder for a web server, whole or not at all.

    Parameters
    ----------
    out
        The folder of the runs; the right to read it is enough.
    folder
        Made where it does not exist. Only an empty one or an earlier site, to which nobody added anything, is replaced.
    rules
        What leaves the house.
    run
        A run, or the name of a variant for its latest one.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    Site
        The same run by the same rules gives the same bytes.

    Raises
    ------
    RunNotFoundError
        There is no such run.
    WorkplaceError
        The run is not as it was published, or kept no map layers; there is something else in the folder, or it lies
        inside that of the runs; the disk is full or read-only, or the rights do not suffice.
    """
    chosen = _chosen(out, run)
    if folder.resolve().is_relative_to(out.resolve()):
        raise WorkplaceError(told("site", "inside_runs", folder=folder, out=out))
    refuse_others(folder)
    outputs = cast("Mapping[str, object]", chosen.manifest["outputs"])
    if LAYERS_FILE not in outputs:
        raise WorkplaceError(told("site", "no_layers", path=chosen.folder))
    ensure_whole(chosen, outputs.keys())
    with whole_folder(folder, OWN) as draft:
        build_site(chosen.folder, draft, rules, variant=_label(chosen), progress=progress)
        files = _described(draft)
        facts = {
            "format": FORMAT,
            "run": chosen.id,
            "inputs_digest": chosen.manifest["inputs_digest"],
            "rules": rules.model_dump(mode="json"),
            "files": files,
        }
        (draft / SITE_FILE).write_text(canonical_json(facts), encoding="utf-8", newline="\n")
        refuse_others(folder)  # somebody may have put something there meanwhile
    log.info("%s: site of run %s", folder, chosen.id)
    return Site(chosen.id, folder, {name: int(str(one["bytes"])) for name, one in files.items()})


def _chosen(out: Path, run: str) -> Run:
    if run in variant_names(out):
        return open_run(variant_folder(out, run), "latest")
    return open_run(out, run)


def _label(run: Run) -> Mapping[str, str] | None:
    """Give the words in which a variant says in what it differs; None where the run is none."""
    variant = cast("Mapping[str, object] | None", run.manifest.get("variant"))
    return cast("Mapping[str, str]", variant["label"]) if variant else None


def _described(folder: Path) -> dict[str, dict[str, str | int]]:
    """Give size and sha256 of every file, by its path."""
    return {
        path.relative_to(folder).as_posix(): {"sha256": sha256_of(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
