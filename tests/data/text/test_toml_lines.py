"""The line of every key, as a reader sees it."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.toml_lines import key_lines, line_of

LINES = """\
# a comment with [brackets] = and "quotes"
top = 1
'quoted key' = \"\"\"
[not.a.table]
x = 1
\"\"\"
[a.b]  # comment
list = [
  1, # ] not the end
  { c = "]" },
]
inline = { x = { y = 1 } }
dotted.key = '''
z = 1'''
[[rows]]
name = "x=y" # [rows]
[[rows]]
name = 2
  [rows.sub]
  deep = 3
[[rows.more]]
end = 1
"""


def test_every_key_has_the_line_a_reader_sees() -> None:
    """Comments, multi-line texts and lists do not confuse the count."""
    lines = key_lines(LINES)
    tomllib.loads(LINES)
    expected = {
        ("top",): 2,
        ("quoted key",): 3,
        ("a", "b"): 7,
        ("a", "b", "list"): 8,
        ("a", "b", "inline"): 12,
        ("a", "b", "dotted"): 13,
        ("a", "b", "dotted", "key"): 13,
        ("rows", 0): 15,
        ("rows", 0, "name"): 16,
        ("rows", 1): 17,
        ("rows", 1, "name"): 18,
        ("rows", 1, "sub"): 19,
        ("rows", 1, "sub", "deep"): 20,
        ("rows", 1, "more", 0): 21,
        ("rows", 1, "more", 0, "end"): 22,
    }
    assert expected == {path: line for path, line in lines.items() if path}


def test_a_key_inside_an_inline_table_has_the_line_of_the_table() -> None:
    """The nearest written key around it is where to look; what is not written at all has no line."""
    lines = key_lines(LINES)
    assert line_of(lines, ("a", "b", "inline", "x", "y")) == 12
    assert line_of(lines, ("rows", 1, "gone")) == 17
    assert line_of(lines, ("gone",)) is None


_KEYS = st.sampled_from(["a", "b-c", '"d.e"', "f.g", "'h i'", '"q\\"r"'])
_VALUES = st.sampled_from(
    [
        "1",
        '"x"',
        "'y = 2'",
        '"""\n[z]\nk = 1\n"""',
        "'''\n'' '''",
        "[\n1,\n[2], # ]\n]",
        '{ k = "}" }',
        "1979-05-27",
        '"\\"["',
        '""',
        "''",
    ]
)


@given(st.lists(st.tuples(_KEYS, _VALUES), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_the_scanner_finds_exactly_the_keys_tomllib_reads(pairs: list[tuple[str, str]]) -> None:
    """For any mixture of keys and values, the top keys found are those tomllib sees, at their lines."""
    text = "\n".join(f"{key} = {value}" for key, value in pairs)
    found = key_lines(text)
    assert set(tomllib.loads(text)) == {path[0] for path in found if path}
    line = 1
    for key, value in pairs:
        (name,) = tomllib.loads(f"{key} = 0")
        assert line == found[name,]
        line += value.count("\n") + 1


@given(st.text(alphabet="ab=[]{}\"'#\n.\\ 1,", max_size=60))
def test_the_scanner_ends_on_any_text(text: str) -> None:
    """Even what is no TOML never makes it hang or fail."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert key_lines(text)[()] == 1
