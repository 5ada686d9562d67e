"""The page's logic that needs no browser, run in node: search, numbers, CSV cells, addresses, classes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

import blackspot.maps
from blackspot.data.text.wording import number, percent
from blackspot.maps.encoding.former import encode_former
from blackspot.maps.encoding.pixel_rows import CoverageRows
from blackspot.maps.encoding.rows import encode_rows
from blackspot.maps.encoding.varint import deflate, inflate
from blackspot.maps.pages import assets

if TYPE_CHECKING:
    from collections.abc import Sequence

STATIC = Path(blackspot.maps.__file__).parent / "static"
NODE = shutil.which("node")
SCRIPTS = (
    "read/decode.js",
    "read/geometry.js",
    "read/text.js",
    "read/find.js",
    "read/coordinates.js",
    "read/model.js",
    "read/state.js",
)
META = {
    "kind": "national",
    "language": "vi",
    "previousPeriod": "4/2026",
    "words": {"vi": {"greet": "Chào {name}"}, "en": {}},
    "provinces": [
        {"code": "01", "name": "Núi", "figures": {"pop_total": 7.0}},
        {"code": "02", "name": "Biển"},
    ],
    "figures": {"pop_total": 60.0},
    "coverage": [{"service": "5g", "slug": "sao_mai"}, {"service": "5g", "slug": "hai_dang"}],
    "classes": {
        "share": [10, 30, 50, 80],
        "people": [100, 1000, 5000, 20000],
        "changeShare": [-20, -5, -0.05, 0.05, 5, 20],
        "changePeople": [-5000, -500, -0.5, 0.5, 500, 5000],
    },
    "indicators": [
        {
            "id": "no.5g",
            "kind": "service",
            "service": "5g",
            "lack": "u",
            "have": "",
            "unsure": ["n"],
            "caps": [],
            "silent": [],
        },
        {
            "id": "op",
            "kind": "operator",
            "service": "5g",
            "lack": "",
            "have": "c",
            "unsure": [],
            "caps": [],
            "silent": [1],
        },
        {
            "id": "fails",
            "kind": "fails",
            "service": "",
            "lack": "f",
            "have": "",
            "unsure": ["n"],
            "caps": [["u", "n"]],
            "silent": [],
        },
    ],
}

pytestmark = pytest.mark.skipif(NODE is None, reason="no node")


def run(expression: str, *arguments: Any) -> Any:
    """Evaluate an expression in node with the page's scripts loaded; arguments are ``args``."""
    code = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    program = (
        f"{assets.inflate_script()}\n{code}\nBS.meta = {json.dumps(META)};\nconst args = {json.dumps(arguments)};\n"
        f"Promise.resolve({expression}).then((v) => console.log(JSON.stringify(v === undefined ? null : v)));"
    )
    assert NODE
    done = subprocess.run([NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return json.loads(done.stdout)


def model(total: list[float], **columns: list[float]) -> str:
    """Write the expression of a model of as many communes as numbers; None is unknown."""
    table = json.dumps({"pop_total": total, **columns})
    names = json.dumps(
        {"code": [f"{at}" for at in range(len(total))], "name": [f"Xã {at}" for at in range(len(total))],
         "province": [at % 2 for at in range(len(total))], "type": [0] * len(total), "flags": list(range(len(total)))}
    )  # fmt: skip
    return (
        f"new BS.Model(BS.meta, {names}, new Map(Object.entries({table}).map(([k, v]) => "
        "[k, Float64Array.from(v, (x) => x === null ? NaN : x)])))"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hòa Bình", "hoa binh"),
        ("Hoà Bình", "hoa binh"),
        ("ĐẮK LẮK", "dak lak"),
        ("Xã  Ia-Pa", "xa ia pa"),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_folding_takes_away_accents_case_and_signs(text: str, expected: str) -> None:
    """Both placements of a tone mark fold to the same; đ is d."""
    assert expected == run("BS.fold(args[0])", text)


@pytest.mark.parametrize(
    ("value", "decimals", "language", "expected"),
    [
        (1234567.8, 1, "vi", "1.234.567,8"),
        (1234567.8, 1, "en", "1,234,567.8"),
        (999, 0, "vi", "999"),
        (-1234, 0, "vi", "\N{MINUS SIGN}1.234"),
        (-0.2, 0, "en", "0"),
        (None, 0, "vi", "-"),
        (0, 0, "vi", "0"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: float | None, decimals: int, language: str, expected: str
) -> None:
    """Thousands, decimals, the sign, and a dash for the unknown."""
    assert expected == run(
        "(BS.language = args[2], BS.number(args[0] === null ? NaN : args[0], args[1]))",
        value,
        decimals,
        language,
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_and_terminal_write_the_same_number_alike(language: Literal["vi", "en"]) -> None:
    """Shares near nothing, near all, at halves of a tenth and anywhere; people at halves: the same text."""
    random = np.random.default_rng(7)
    whole = np.concatenate([[1000.0, 0.0, 1e8, 3.0], random.uniform(0.01, 2e6, 600).round(3)])
    part = whole * np.concatenate([[0.125, 0.0, 1 - 1e-8, 1e-7], random.beta(0.1, 0.1, 600)])
    pairs = [*zip(part.tolist(), whole.tolist(), strict=True)]
    pairs += [(at / 20, 100.0) for at in range(2001)]  # 0.05, 0.15, ...: halves, or what floats make of them
    pairs += [(1.0, 10_000.0), (9_999.0, 10_000.0), (7.0, 7.0), (7.0 - 1e-12, 7.0), (1e-12, 7.0)]
    people = [*part.tolist(), *(at + 0.5 for at in range(50))]
    shares, counts = run(
        "(BS.language = args[0], [args[1].map((pair) => BS.percent(pair[0], pair[1])), args[2].map((value) => BS.number(value))])",
        language,
        pairs,
        people,
    )
    assert [percent(*pair, language) for pair in pairs] == shares
    assert [number(value, language) for value in people] == counts
    assert {"0%", "100%", "-", percent(1e-6, 1.0, language), percent(1 - 1e-6, 1.0, language)} <= set(shares)


def test_values_with_braces_are_not_filled_again() -> None:
    """A value that looks like a slot, or names a property of every object, stays as it is."""
    assert run("BS.t('greet', { name: '{name} $& {constructor}' })") == "Chào {name} $& {constructor}"
    assert run("BS.fill('{constructor} {x}', {})") == "{constructor} {x}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        (" =1", "' =1"),
        ("a,b", '"a,b"'),
        ("a\r\nb", "a b"),
        (-3.5, "-3.5"),
        (None, ""),
        ("Xã Ia Pa", "Xã Ia Pa"),
    ],
)
def test_csv_cells_are_inert_in_a_spreadsheet(value: Any, expected: str) -> None:
    """Text that a spreadsheet would calculate gets an apostrophe; numbers stay numbers."""
    assert expected == run("BS.csvCell(args[0])", value)


def found(
    query: str, names: Sequence[str], former: Sequence[tuple[int, str, str]] = ()
) -> list[tuple[str, int]]:
    """Search communes of the province Núi, codes 00001 and so on: kind and row of each hit."""
    table = {
        "name": names,
        "code": [f"{at + 1:05d}" for at in range(len(names))],
        "province": [0] * len(names),
        "type": [1] * len(names),
    }
    before = {key: [row[at] for row in former] for at, key in enumerate(("row", "name", "place"))}
    expression = (
        "BS.find(BS.findIndex(args[0], [{ name: 'Núi', listed: true }], args[1], ['', 'xa']), args[2], 9)"
        ".map((hit) => [hit.kind, hit.row])"
    )
    return [(kind, row) for kind, row in run(expression, table, before, query)]


def test_exact_spelling_ranks_before_the_folded_one() -> None:
    """Who types the accents means them; where the tone stands makes no difference."""
    names = ["Xã Hoa", "Xã Hòa", "Xã Hóa", "Xã Hoá Sơn"]
    assert ("commune", 1) == found("hòa", names)[0]
    assert ("commune", 1) == found("hoà", names)[0]
    assert [0, 1, 2] == sorted(row for _, row in found("hoa nui", names)[:3])
    assert [("commune", 2)] == found("00003", names)
    assert [] == found("hx", names)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("phú quốc", 0),
        ("đặc khu phú quốc", 0),
        ("tp phu quoc", 0),
        ("Phu Quoc special zone", 0),
        ("phuquoc", 0),
        ("dackhuphuquoc", 0),
        ("phu q", 0),
        ("phu qouc", 0),
        ("phu quocc", 0),
        ("phu quo nui", 0),
        ("phi quok nui", None),
        ("Sapa", 1),
        ("xã xa dung", 2),
        ("2", 1),
        ("000", 0),
        ("ຫຼວງ", 3),
    ],
)
def test_search_forgives_types_joined_words_and_one_slip(query: str, expected: int | None) -> None:
    """Of two slips it forgives none; a code finds back its zeros; other scripts are found as they are written."""
    names = ["Phú Quốc", "Sa Pa", "Xa Dung", "ຫຼວງພະບາງ"]
    hits = found(query, names)
    assert (None if expected is None else ("commune", expected)) == (hits[0] if hits else None)


def test_a_former_name_leads_to_todays_communes_once_each() -> None:
    """Communes of today come before those that had the name, provinces before both; a district tells equal names apart."""
    former = [
        (0, "Phường Dương Đông", "Thành phố Phú Quốc, Tỉnh Kiên Giang"),
        (0, "Xã Dương Tơ", "Thành phố Phú Quốc, Tỉnh Kiên Giang"),
        (1, "Phường 1", "Quận 3, Thành phố Hồ Chí Minh"),
        (2, "Phường 1", "Quận 10, Thành phố Hồ Chí Minh"),
        (2, "Xã Núi", "Huyện Cao"),
    ]
    names = ["Phú Quốc", "Bàn Cờ", "Vườn Lài", "Núi"]
    assert [("former", 0)] == found("duong", names, former)
    assert ("former", 0) == found("Dương Đông", names, former)[0]
    assert ("former", 1) == found("phường 1 quận 3", names, former)[0]
    assert ("former", 2) == found("p 1 quan 10", names, former)[0]
    assert [("province", 0), ("commune", 3), ("former", 2)] == found("núi", names, former)[:3]


MERGED = [
    (0, "Xã Lũng Cú", "Huyện Đồng Văn, Tỉnh Hà Giang"),
    (1, "Xã Sủng Là", "Huyện Đồng Văn, Tỉnh Hà Giang"),
    (2, "Xã Hà Giang", "Huyện Đông Hưng, Tỉnh Thái Bình"),
    (2, "Xã Yên Phú", "Huyện Bắc Mê, Tỉnh Hà Giang"),
    (1, "Xã Cũ", "Thành phố Thủ Đức, Thành phố Hồ Chí Minh"),
]


def found_of_provinces(query: str) -> list[tuple[str, int]]:
    """Search communes of Tuyên Quang (rows 0 and 1) and of Hồ Chí Minh (row 2)."""
    table = {"name": ["Lũng Cú", "Sà Phìn", "Đông Quan"], "code": ["1", "2", "3"], "province": [0, 0, 1]}
    before = {key: [row[at] for row in MERGED] for at, key in enumerate(("row", "name", "place"))}
    expression = """(() => {
      const provinces = [{ name: 'Tuyên Quang', listed: true }, { name: 'Thành phố Hồ Chí Minh', listed: true }];
      return BS.find(BS.findIndex(args[0], provinces, args[1], ['', 'xa']), args[2], 9).map((hit) => [hit.kind, hit.row]);
    })()"""
    return [(kind, row) for kind, row in run(expression, table | {"type": [1, 1, 1]}, before, query)]


@pytest.mark.parametrize("query", ["Hà Giang", "tỉnh Hà Giang", "hagiang", "ha gaing"])
def test_a_province_of_before_leads_to_those_of_today(query: str) -> None:
    """The one that took most of its communes comes first, and before communes that had its name."""
    assert [("merged", 0), ("merged", 1), ("former", 2)] == found_of_provinces(query)[:3]


def test_a_province_that_is_still_there_is_none_of_before() -> None:
    """With or without its type, or by its initials alone."""
    for query in ("Hồ Chí Minh", "TP.HCM", "tphcm", "hcm"):
        hits = found_of_provinces(query)
        assert ("province", 1) == hits[0]
        assert "merged" not in {kind for kind, _ in hits}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("22.8, 104.9", [22.8, 104.9]),
        ("22 48 36 N, 104 54 0 E", [22.81, 104.9]),
        ("22 48 N 104 54 E", [22.8, 104.9]),
        ("104:54:00 Đ 22:48:36 B", [22.81, 104.9]),
        ("geo:22.8,104.9", [22.8, 104.9]),
        ("geo:22.80000,104.90000?z=12", [22.8, 104.9]),
        ("22 61 0 N, 104 54 0 E", None),
        ("22 48 36, 104 54 0", None),
        ("22.8 104.9", [22.8, 104.9]),
        ("22,8 104,9", [22.8, 104.9]),
        ("22,8; 104,9", [22.8, 104.9]),
        ("22.8,104.9", [22.8, 104.9]),
        ("(104.9, 22.8)", [22.8, 104.9]),
        ("22°48'N 104°54'E", [22.8, 104.9]),
        ("N 22.8 E 104.9", [22.8, 104.9]),
        ("22\u00b048\u203200\u2033B, 104\u00b054\u203200\u2033Đ", [22.8, 104.9]),
        ("22°48'36\"N104°54'0\"E", [22.81, 104.9]),
        ("104.9E 22.8N", [22.8, 104.9]),
        ("10°N 104°Đ", [10.0, 104.0]),
        ("-6.2, 106.8", [-6.2, 106.8]),
        ("6.2S 106.8E", [-6.2, 106.8]),
        ("22 104", None),
        ("phường 1 quận 3", None),
        ("22.8", None),
        ("22°61'N 104°E", None),
        ("95.1, 200.3", None),
        ("22.8N 104.9N", None),
    ],
)
def test_coordinates_are_read_as_people_write_them(query: str, expected: list[float] | None) -> None:
    """Decimal and in degrees, minutes, seconds; either order; Vietnamese and English sides."""
    at = run("BS.coordinates(args[0], [102, 8, 110, 24])", query)
    assert expected == (None if at is None else [round(at["lat"], 6), round(at["lng"], 6)])


def test_both_decoders_read_former_names() -> None:
    """Names without any, one with a place, several of one commune; words of any script."""
    row, names = np.array([1, 1, 3]), ["Phường 1", "Xã ຫຼວງ", "A"]
    packed = encode_former(row, names, ["Quận 3, TP", "", "Quận 3, TP"], 5)
    decoded = run(
        "BS.inflate(Uint8Array.from(args[0])).then((bytes) => BS.decodeFormer(bytes, 5))", list(packed)
    )
    assert {"row": [1, 1, 3], "name": names, "place": ["Quận 3, TP", "", "Quận 3, TP"]} == decoded
    assert {"row": [], "name": [], "place": []} == run("BS.decodeFormer(null, 5)")


@pytest.mark.parametrize(
    "data",
    [b"", b"x", bytes(range(256)) * 300, b"\0" * 200_000],
    ids=["nothing", "one byte", "all bytes", "zeros"],  # pytest hands the name on to node, in the environment
)
def test_the_vendored_inflate_reads_what_python_wrote(data: bytes) -> None:
    """Small, empty, and so compressible that the first guess of the size is far too small."""
    packed = list(deflate(data))
    found = run(
        "Array.from(BS.inflateAll(Uint8Array.from(args[0]))).reduce((a, b) => (a * 31 + b) % 1000003, 7)",
        packed,
    )
    expected = 7
    for byte in data:
        expected = (expected * 31 + byte) % 1_000_003
    assert expected == found


def test_coverage_rows_are_read_as_they_were_written() -> None:
    """Rows, empty rows and the first row's number."""
    columns = ([5, 5, 8], [100, 120, 90], [110, 125, 95])
    rows = CoverageRows("a", "5g", 9, *(np.array(column, dtype=np.int32) for column in columns))
    found = run(
        "(() => { const r = BS.decodeRows(Uint8Array.from(args[0])); return [r.first, r.rows, [...r.offset], [...r.start], [...r.end]]; })()",
        list(inflate(encode_rows(rows))),
    )
    assert found == [5, 4, [0, 2, 2, 2, 3], [100, 120, 90], [110, 125, 95]]


def test_a_commune_is_placed_only_where_both_bounds_agree() -> None:
    """20% lack it and 5% are unknown: 20 to 25% is one class; 40% unknown is not; nobody and unknown are apart."""
    expression = f"[...{model([100, 100, 0, None], u=[20, 20, 0, None], n=[5, 40, 0, None])}.classes({{ indicator: 'no.5g', unit: 'share' }}, false)]"
    assert run(expression) == [1, -2, -3, -1]


def test_an_operator_that_said_nothing_is_not_zero() -> None:
    """Where the operator is silent the lower bound is nobody and the upper bound everybody it does not cover."""
    expression = f"(() => {{ const b = {model([100, 100], c=[70, 0])}.bounds(BS.meta.indicators[1], false); return [[...b.low], [...b.high]]; }})()"
    assert run(expression) == [[30, 0], [30, 100]]


def test_the_unknown_of_the_profile_is_capped_by_each_service() -> None:
    """Nobody can lack both services where only 12 could lack one of them."""
    expression = f"(() => {{ const b = {model([100], f=[5], u=[10], n=[2])}.bounds(BS.meta.indicators[2], false); return [b.low[0], b.high[0]]; }})()"
    assert run(expression) == [5, 7]
    expression = f"(() => {{ const b = {model([100], f=[5], u=[5], n=[1])}.bounds(BS.meta.indicators[2], false); return [b.low[0], b.high[0]]; }})()"
    assert run(expression) == [5, 6]


def test_filters_choose_by_province_and_by_any_setting() -> None:
    """Flags are 0, 1, 2, 3: rural or border keeps three of four, and only province 0's."""
    expression = f"{model([1, 2, 3, 4])}.shown(args[0])"
    assert run(expression, {"province": -1, "setting": 3}) == [1, 2, 3]
    assert run(expression, {"province": 0, "setting": 2}) == [2]


def test_the_runs_own_figures_come_first() -> None:
    """A whole country and a whole province take the run's figures; a setting is summed."""
    expression = f"Array.from({model([1, 2, 3, None])}.figures(args[0]))"
    assert run(expression, {"province": -1, "setting": 0}) == [["pop_total", 60.0]]
    assert run(expression, {"province": 0, "setting": 0}) == [["pop_total", 7.0]]
    assert run(expression, {"province": -1, "setting": 3}) == [["pop_total", 5.0]]


def test_unknown_values_stand_last_in_either_direction() -> None:
    """Sorting by people, up or down."""
    expression = f"{model([5, None, 7, 1])}.sorted({{ sort: 'people', descending: args[0], province: -1, setting: 0 }})"
    assert run(expression, True) == [2, 0, 3, 1]
    assert run(expression, False) == [3, 0, 2, 1]


def test_an_address_comes_back_and_garbage_does_not() -> None:
    """Formatting and parsing are inverse; unknown ids, prototypes and broken escapes give the start."""
    state = "BS.parseState(args[0], BS.meta, new Map([['00001', 0]]))"
    address = "m=7.25/16.5000/107.5000&i=op&u=people&t=change&p=02&a=5&s=0&c=5g&o=hai_dang&x=00001&r=-people&v=spots&l=en"
    assert address == run(f"BS.formatState({state}, BS.meta)", address)
    start = run("BS.initialState(BS.meta)")
    for garbage in (
        "i=__proto__&c=constructor&x=toString&p=99&a=9&r=-x",
        "m=99/0/0",
        "x=%E0%A4%A",
        "i",
        "=&&==",
        "#" * 3000,
    ):
        assert start == run(state, garbage)


def test_a_comparison_tells_coverage_from_other_causes() -> None:
    """The map has the colours of coverage alone; what changed otherwise only is grey, and sorted after it."""
    columns = {
        f"pop_{name}|5g": values
        for name, values in {
            "lost": [700.0, 0.0, 0.0, None],
            "gained": [0.0, 0.0, 100.0, None],
            "more_otherwise": [0.0, 40.0, 0.0, 9.0],
            "fewer_otherwise": [0.0, 0.0, 300.0, 0.0],
            "newly_without": [0.0, 2.0, 0.0, 0.0],
            "no_longer_without": [0.0, 0.0, 0.0, 0.0],
        }.items()
    }
    table = (
        f"new Map(Object.entries({json.dumps(columns)}).map(([k, v]) => "
        "[k, Float64Array.from(v, (x) => x === null ? NaN : x)]))"
    )
    made = model([1000.0] * 4, u=[0.0] * 4)
    program = f"""(() => {{
        BS.meta.changes = {{ groups: {{ 'no.5g': '5g' }}, progress: false }};
        const plain = {made}, m = new BS.Model(BS.meta, plain.names, plain.now, plain.now, {table});
        const state = {{ indicator: 'no.5g', unit: 'people', period: 'change', sort: 'change', descending: true, province: -1, setting: 0 }};
        const moved = m.moved(state), shares = m.moved(Object.assign({{}}, state, {{ unit: 'share' }}));
        return [Array.from(moved.coverage), Array.from(moved.other), Array.from(m.changeClasses(state)), m.ordered(state), shares.coverage[0]];
    }})()"""
    coverage, other, classes, order, share = run(program)
    assert [700.0, 0.0, -100.0, None] == coverage
    assert [0.0, 42.0, -300.0, 9.0] == other
    assert [5, -4, 2, -4] == classes
    assert [0, 1, 3, 2] == order
    assert share == pytest.approx(70.0)
