"""Write the reference pages and the JSON schema from the code they describe.

``python tools/reference.py`` writes them; ``--check`` only compares, prints the differences and ends with 1
where a page is out of date.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blackspot.cli import cli
from blackspot.data.columns.register import columns
from blackspot.data.findings.rules import RULES
from blackspot.data.project.models import Project
from blackspot.data.submissions.template import specification
from blackspot.data.text.words import LANGUAGES, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blackspot.data.columns.column import Column
    from blackspot.data.columns.register import Table

REPOSITORY = Path(__file__).resolve().parents[1]
MADE = "<!-- Written by tools/reference.py; change the code it describes, not this page. -->"
OUTPUTS = "docs/outputs.md"
WIDTH = 100
ROOMS_BEGIN = (
    "<!-- Written by tools/reference.py from here; a line is the first one of the room's docstring. -->"
)
ROOMS_END = "<!-- To here. -->"

CHANGES: tuple[Table, ...] = (
    "changes_provinces",
    "changes_communes",
    "changes_operators",
    "changes_causes",
    "changes_black_spots",
)

SEVERITIES = {
    "error": "Errors: the file cannot be used",
    "ask": "Questions: somebody must decide first",
    "warning": "Warnings: the run goes on, look at it",
    "note": "Notes: what was done",
}


SCREEN = """
- Standard output has the result: the summary of `run`, `demo` and `check`, tables, explanations, paths; with `--json` one line of JSON alone.
- Standard error has words about the work: steps, warnings, errors, where the log is; with `--json` the summary too.
- Without a terminal, as in `run > report.txt` or under cron, both are plain text, at most 100 columns wide; paths are never broken.
  On a terminal a bar says how far the work is, and what is left once that can be said.
- `-q` says only what went wrong. `-v` names every file with the rows read, used and left out, and how long each step took.
  `-vv` also says in which coordinate system each file is, what was found and repaired, and what was kept from earlier runs.
- `--language`, else `BLACKSPOT_LANGUAGE` or that of the machine, decides the language of all of it.
  Help texts, mistakes of the command line, `doctor` and the log file are in English.
""".strip()
"""What is printed where."""


def command_page() -> str:
    """Show every command's own ``--help``."""
    lines = [MADE, "", "# Command line", "", SCREEN, "", "Every page below is what `--help` prints."]
    top = click.Context(cli, info_name="blackspot", terminal_width=WIDTH, help_option_names=["-h", "--help"])
    lines += ["", "## blackspot", "", *_help(cli, top)]
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, info_name=name, parent=top, terminal_width=WIDTH)
        lines += ["", f"## blackspot {name}", "", *_help(command, context)]
    return "\n".join(lines) + "\n"


def _help(command: click.Command, context: click.Context) -> list[str]:
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return ["```text", text, "```"]


def project_page() -> str:
    """Describe every key of the project file, table by table."""
    schema = Project.model_json_schema()
    lines = [
        MADE,
        "",
        "# Project file",
        "",
        "`blackspot.toml` says everything a run needs. `blackspot init` writes one with comments.",
        "",
        "- Relative paths start at the folder of the file; `~`, `$VARIABLE` and `${VARIABLE}` are filled in.",
        "- A key that is not listed here is refused. All mistakes are told at once, with their lines.",
        "- `blackspot run --set KEY=VALUE` replaces one key, such as `--set profile.min_people=100`.",
        "  A position in a list counts from 0: `--set 'submissions[0].buffer_m=2000'`.",
        "- Editors complete the keys with `data/schemas/blackspot.schema.json`.",
    ]
    for title, table in _tables(schema, schema, ""):
        lines += ["", f"## {title}", "", str(table["description"]).split("\n\n")[0].replace("\n", " ")]
        lines += ["", "| key | value | default | meaning |", "|---|---|---|---|"]
        required = table.get("required", [])
        for key, field in table["properties"].items():
            default = "required" if key in required else _default(field, schema)
            lines.append(f"| `{key}` | {_kind(field, schema)} | {default} | {field['description']} |")
    return "\n".join(lines) + "\n"


def _tables(
    table: dict[str, Any], schema: dict[str, Any], prefix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walk the tables in the order of the file; the file itself has no page of its own."""
    for key, field in table["properties"].items():
        name = f"{prefix}{key}.NAME" if "patternProperties" in field else f"{prefix}{key}"
        target, many = _target(field)
        if not target or schema["$defs"][target] is table:
            continue
        inner = schema["$defs"][target]
        yield (f"`[[{name}]]`" if many else f"`[{name}]`"), inner
        yield from _tables(inner, schema, f"{name}.")


def _target(field: dict[str, Any]) -> tuple[str, bool]:
    """Find the model a key holds, and whether it holds several."""
    for part in (field, *field.get("anyOf", ())):
        if "$ref" in part:
            return part["$ref"].rsplit("/", 1)[1], False
        if "$ref" in part.get("items", {}):
            return part["items"]["$ref"].rsplit("/", 1)[1], True
        for named in part.get("patternProperties", {}).values():
            if "$ref" in named:
                return named["$ref"].rsplit("/", 1)[1], False
    return "", False


def _kind(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """Say in words what a key takes."""
    target, many = _target(field)
    if target:
        named = "patternProperties" in field
        return "tables by name" if named else "list of tables" if many else "table"
    parts = [
        part for part in field.get("anyOf", [field]) if part.get("type") != "null" and part.get("const") != ""
    ]
    part = parts[0]
    if "enum" in part:
        return " or ".join(f"`{json.dumps(word)}`" for word in part["enum"])
    if part["type"] == "array":
        return f"list of {_kind(part['items'], schema)}"
    if part["type"] == "object":
        values = list(part.get("patternProperties", {"": {"type": "string"}}).values())
        return f"table of {_kind(values[0], schema)}s"
    if part["type"] in {"number", "integer"}:
        return _number(part)
    return {"path": "path", "date": "date"}.get(part.get("format", ""), "text")


def _number(part: dict[str, Any]) -> str:
    words = {"minimum": "from {}", "exclusiveMinimum": "above {}", "maximum": "up to {}"}
    limits = [text.format(f"{part[word]:g}") for word, text in words.items() if word in part]
    return " ".join(["whole number" if part["type"] == "integer" else "number", *limits])


def _default(field: dict[str, Any], schema: dict[str, Any]) -> str:
    """Write a default as the file would."""
    default = field.get("default")
    if _target(field)[0] or default in (None, "", [], {}):
        return ""
    return f"`{json.dumps(default, ensure_ascii=False)}`" if schema else ""


def findings_page() -> str:
    """List everything the checks can say."""
    lines = [
        MADE,
        "",
        "# Findings",
        "",
        "What the checks can say about the inputs. A code never changes its meaning.",
        "Words in braces are filled in. The Vietnamese words are what the same finding says in Vietnamese.",
    ]
    for severity, title in SEVERITIES.items():
        rules = sorted(
            (rule for rule in RULES.values() if rule.severity == severity), key=lambda rule: rule.code
        )
        if rules:
            lines += ["", f"## {title}"]
        for rule in rules:
            lines += [
                "",
                f"### {rule.code}",
                "",
                f"{_inline(rule.message.en)} {_inline(rule.cure.en)}".strip(),
            ]
            lines += ["", f"{_inline(rule.message.vi)} {_inline(rule.cure.vi)}".strip()]
    return "\n".join(lines) + "\n"


def _inline(text: str) -> str:
    """Keep Markdown from reading placeholders and brackets as markup; how numbers are written is left out."""
    text = re.sub(r"{(\w+):[^}]*}", r"{\1}", text)
    return text.replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def schema_file() -> str:
    """Give the JSON schema of the project file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Project.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def template_page() -> str:
    """Give the submission specification, in Vietnamese and English."""
    lines = [
        MADE,
        "",
        "# Submission template",
        "",
        "`blackspot template` writes empty files with these columns, and a filled example that passes.",
    ]
    for language in LANGUAGES:
        said = words("template", language)
        rules = [f"- {said[f'rule.{rule}']}" for rule in ("one_each", "system", "text", "resolution")]
        lines += ["", f"## {said['title']}", "", *rules, "", specification(language), "", said["before"], ""]
        lines += _commands()
    return "\n".join(lines) + "\n"


def _commands() -> list[str]:
    return [
        "```sh",
        "blackspot check vung-phu.gpkg --as coverage --service 5g",
        "blackspot check tram.csv --as sites",
        "```",
    ]


def outputs_page() -> str:
    """Put the tables of columns into the outputs reference, whose other words are written by hand."""
    page = (REPOSITORY / OUTPUTS).read_text(encoding="utf-8")
    for table, rows in _columns_of().items():
        before, marked, rest = page.partition(
            f"<!-- columns of {table}; from data/text/catalogue/columns.toml -->\n"
        )
        _, end, after = rest.partition("<!-- end -->\n")
        if not (marked and end):
            raise SystemExit(f"{OUTPUTS} has no place for the columns of {table}")
        page = "".join([before, marked, *(f"{row}\n" for row in rows), end, after])
    return page


def _columns_of() -> dict[str, list[str]]:
    """Give each table its rows; what provinces and the country share with others is named, not repeated."""
    sums = [column for column in columns("communes") if column.rolled_up]
    of_provinces = {column.name for column in columns("provinces")}
    shared = ", ".join(f"`{column.name}`" for column in sums)
    return {
        "communes": _rows(columns("communes")),
        "provinces": [
            *_rows(column for column in columns("provinces") if column not in sums),
            "",
            f"Then those of the communes: {shared}.",
        ],
        "country": _rows(column for column in columns("country") if column.name not in of_provinces),
        "black_spots": _rows(columns("black_spots")),
        "ranking": _rows(columns("ranking")),
        **{table: _rows(columns(table)) for table in CHANGES},
        "villages": _rows(columns("villages")),
        "village_counts": _rows(columns("village_counts")),
        "facilities": _rows(columns("facilities")),
        "facility_counts": _rows(columns("facility_counts")),
    }


def _rows(described: Iterable[Column]) -> list[str]:
    """Write columns as a table of Markdown; the notice, which every table may have, stands in the page."""
    rows = ["| column | unit | meaning | tiếng Việt |", "|---|---|---|---|"]
    for column in described:
        if column.name != "notice":
            cells = (f"`{column.name}`", column.unit.en, column.meaning.en, column.meaning.vi)
            rows.append("|" + "".join(f" {cell} |" if cell else " |" for cell in cells))
    return rows


def architecture_page() -> str:
    """Put the tree of rooms between its marks; the rest of the page is written by hand."""
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    before, rest = page.split(ROOMS_BEGIN)
    after = rest.split(ROOMS_END)[1]
    return "\n".join([before + ROOMS_BEGIN, "", "```text", *rooms(), "```", "", ROOMS_END + after])


def rooms() -> list[str]:
    """Draw the package as a tree, from the top down as imports go, with what each room says it is for."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = settings["importlinter"]["contracts"]
    top = next(each["layers"] for each in contracts if each.get("containers") == ["blackspot"])
    inner = sorted(name.split(".")[1:] for name in settings["setuptools"]["packages"])
    names = [name.strip() for layer in top for name in layer.split("|")]
    drawn = list(_branches([[name] for name in names], [parts for parts in inner if len(parts) > 1]))
    width = max(len(branch) for branch, _ in drawn) + 2
    return ["blackspot", *(f"{branch:{width}}{purpose}" for branch, purpose in drawn)]


def _branches(places: list[list[str]], inner: list[list[str]], indent: str = "") -> Iterator[tuple[str, str]]:
    """Draw some places, each with the rooms inside it."""
    for parts in places:
        corner, below = ("└── ", "    ") if parts is places[-1] else ("├── ", "│   ")
        room = REPOSITORY.joinpath(*parts)
        module = room / "__init__.py" if room.is_dir() else room.with_suffix(".py")
        yield f"{indent}{corner}{parts[-1]}{'/' if room.is_dir() else '.py'}", _purpose(module)
        yield from _branches([other for other in inner if other[:-1] == parts], inner, indent + below)


def _purpose(module: Path) -> str:
    """Give the first line of a module's docstring."""
    return (
        (ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or "")
        .split("\n")[0]
        .replace("``", "`")
    )


PAGES = {
    "docs/architecture.md": architecture_page,
    "docs/cli.md": command_page,
    "docs/project-file.md": project_page,
    "docs/findings.md": findings_page,
    OUTPUTS: outputs_page,
    "docs/submission-template.md": template_page,
    "data/schemas/blackspot.schema.json": schema_file,
}


def main() -> int:
    """Write or compare every page."""
    parser = argparse.ArgumentParser(description="Write the reference pages and the JSON schema.")
    parser.add_argument("--check", action="store_true", help="only compare; end with 1 on a difference")
    check = parser.parse_args().check
    stale = False
    for name, make in PAGES.items():
        path = REPOSITORY / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = make()
        if old == new:
            continue
        stale = True
        if check:
            difference = difflib.unified_diff(
                old.splitlines(), new.splitlines(), name, f"{name} (made anew)", lineterm=""
            )
            print("\n".join(difference))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new, encoding="utf-8")
            print(f"wrote {name}")
    if check and stale:
        print("out of date: run python tools/reference.py")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
