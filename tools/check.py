"""Everything that is checked without running the program: style, types, layers, reference pages.

The source folders stand at the top of the repository, and a type checker cannot follow setuptools'
editable finder to them. So it reads ``build/stage/blackspot``, a folder of links. The scripts of a folder
import each other by their bare names, as they do when one of them is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
STAGE = REPOSITORY / "build" / "stage"
SCRIPTS = ("benchmarks", "tools")


def stage() -> None:
    """Link every part of the package into one folder with the package's name."""
    package = STAGE / "blackspot"
    package.mkdir(parents=True, exist_ok=True)
    for old in package.iterdir():
        old.unlink()
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {name.split(".")[1] for name in settings["tool"]["setuptools"]["packages"] if "." in name}
    modules = {path.name for path in REPOSITORY.glob("*.py")}
    for name in sorted(folders | modules | {"py.typed"}):
        (package / name).symlink_to(REPOSITORY / name)


def commands() -> dict[str, list[str]]:
    """Give each check its command."""
    python = sys.executable
    mypy = [python, "-m", "mypy", "--config-file", "pyproject.toml"]
    scripts = {
        str(path.relative_to(REPOSITORY)) for folder in SCRIPTS for path in (REPOSITORY / folder).glob("*.py")
    }
    return {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy of the package": [*mypy, "-p", "blackspot"],
        "mypy of the scripts": [*mypy, "--explicit-package-bases", *sorted(scripts)],
        "layers": [str(Path(python).with_name("lint-imports"))],
        "reference pages": [python, "tools/reference.py", "--check"],
    }


def main() -> int:
    """Run every check, the later ones too when an early one fails."""
    stage()
    places = [STAGE, *(REPOSITORY / folder for folder in (*SCRIPTS, "tests/made"))]
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, places))}
    failed = []
    for name, command in commands().items():
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
