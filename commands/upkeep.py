"""``verify``, ``prune``, ``approve``: proof of what is kept, what may go, and what may be published."""

# ruff: noqa: PLC0415 - heavy imports wait inside the commands, so that --help starts at once

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DAMAGED, DONE
from .console import print_json, print_lines, remember_published_run
from .defaults import out_folder
from .options import example, json_option, language_option, out_option, shared_options

if TYPE_CHECKING:
    from ..data.project.sections.upkeep import Retention


@click.command(
    epilog=example(
        "blackspot verify", "blackspot verify latest", "blackspot verify --out my-country/out --json"
    )
)
@click.argument("run_name", metavar="[RUN]", default="")
@shared_options(out_option, language_option, json_option)
def verify(run_name: str, out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Hash every file of RUN, or of everything that is kept, and compare it with what was published.

    Ends with 7 where anything is damaged, and says how to mend it. The right to read is enough.
    """
    from ..maps.summary.upkeep import proof_facts, proof_lines
    from ..pipeline import upkeep

    proof = upkeep.verify(out_folder(out), run_name)
    code = DAMAGED if proof.damage else DONE
    if as_json:
        print_json(proof_facts(proof, code))
    else:
        print_lines(proof_lines(proof, language))
    return code


@click.command(
    epilog=example(
        "blackspot prune --dry-run",
        "blackspot prune --keep 30 --older-than 365",
        "blackspot prune --variant gap-any",
    )
)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep so many of the newest runs.")
@click.option(
    "--older-than",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Keep runs published no longer than so many days before the latest one.",
)
@click.option(
    "--variant", default="", metavar="NAME", help="Remove this variant with all its runs, and nothing else."
)
@click.option("--dry-run", is_flag=True, help="Only say what would go, with its size.")
@shared_options(out_option, language_option, json_option)
def prune(
    keep: int | None,
    older_than: int | None,
    variant: str,
    dry_run: bool,  # noqa: FBT001 - click's
    out: Path | None,
    language: str,
    as_json: bool,  # noqa: FBT001 - click's
) -> int:
    """Remove the runs that neither --keep nor --older-than keeps; without them, those [retention] does not keep.

    The latest run, the one it is compared with, runs that were approved or wait for approval, variants and the runs
    they were compared with always stay.
    """
    from ..maps.summary.upkeep import pruned_facts, pruned_lines
    from ..pipeline import upkeep

    folder = out_folder(out)
    if variant:
        pruned = upkeep.prune_variant(folder, variant, dry_run=dry_run)
    else:
        pruned = upkeep.prune(folder, _retention(out, keep, older_than), dry_run=dry_run)
    if as_json:
        print_json(pruned_facts(pruned.removed, dry_run=dry_run))
    else:
        print_lines(pruned_lines(pruned.removed, language, dry_run=dry_run, is_limited=pruned.is_limited))
    return DONE


@click.command(epilog=example('blackspot approve 000124 --reason "Sao Mai confirmed the new sites"'))
@click.argument("run_name", metavar="RUN")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be published; kept in the history.")
@shared_options(out_option, language_option, json_option)
def approve(run_name: str, reason: str, out: Path | None, language: str, as_json: bool) -> int:  # noqa: FBT001 - click's
    """Publish RUN, which waits because it changes more than [approval] allows without being asked."""
    from ..maps.summary.upkeep import approved_lines
    from ..pipeline import upkeep

    approved = upkeep.approve(out_folder(out), run_name, reason)
    remember_published_run(approved.run.id)
    if as_json:
        print_json({"run": approved.run.id, "folder": approved.run.folder, "exit_code": DONE})
    else:
        print_lines(approved_lines(approved, language))
    return DONE


def _retention(out: Path | None, keep: int | None, older_than: int | None) -> Retention:
    """Give what the command line says, else what ./blackspot.toml says of its own folder."""
    from ..data.project.load import load_project
    from ..data.project.sections.upkeep import Retention

    project_file = Path("blackspot.toml")
    if keep is None and older_than is None and out is None and project_file.exists():
        return load_project(project_file).retention
    return Retention(keep_runs=keep, keep_days=older_than)
