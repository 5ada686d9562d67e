"""Old encodings and spellings of Vietnamese names: small cases worked out by hand."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.vietnamese import (
    decodings,
    from_tcvn3,
    from_vni,
    from_windows_1258,
    name_key,
    plausible_share,
)


def test_old_encodings_are_read() -> None:
    """Names of communes as TCVN3, VNI and Windows-1258 bytes, shown as ISO-8859-1."""
    assert "Bảo Thắng" == from_tcvn3("B¶o Th¾ng")
    assert "Mường Khương" == from_tcvn3("M\xadêng Kh\xad¬ng")
    assert "chào các bạn" == from_vni("chaøo caùc baïn")
    assert "Mường Khương" == from_vni("Möôøng Khöông")
    encoded = unicodedata.normalize("NFC", "Đ\u00f4\u0300ng V\u0103n")
    assert "Đồng Văn" == encoded
    assert "Văn Hóa" == from_windows_1258("V\u0103n Ho\u0301a".encode("cp1258").decode("latin-1"))


def test_readings_stand_side_by_side_the_official_names_first() -> None:
    """Of all decodings, the one that gives official names comes first, with how many it gave."""
    raw = ["§ång V¨n", "B¶o Th¾ng"]
    offered = decodings(raw, ["Đồng Văn", "Bảo Thắng", "Bát Xát"])
    assert ("TCVN3", 2, ("Đồng Văn", "Bảo Thắng")) == (
        offered[0].encoding,
        offered[0].matches,
        offered[0].texts,
    )
    assert {"VNI", "Windows-1258"} <= {reading.encoding for reading in offered}
    utf8 = decodings(["Đồng Văn".encode().decode("latin-1")], ["Đồng Văn"])
    assert "UTF-8" == utf8[0].encoding


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hòa Bình", "Hoà Bình", True),
        ("Xã Hòa Bình", "HÒA BÌNH", True),
        ("Ðồng Văn", "Đồng Văn", True),
        ("Hòa Bình", "Hóa Bình", False),
        ("Hòa Bình", "Hoa Bình", False),
    ],
)
def test_spellings_of_one_name(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a drawn case
    """Tone placement, case, the legal type and Eth do not make another name; a tone does."""
    assert same == (name_key(one) == name_key(other))


@given(st.text())
def test_names_in_any_form_have_one_key(name: str) -> None:
    """Composed or decomposed, a name is the same name."""
    assert name_key(unicodedata.normalize("NFC", name)) == name_key(unicodedata.normalize("NFD", name))


def test_what_is_written_in_syllables_is_plausible() -> None:
    """Bytes of an old font are no syllables."""
    assert plausible_share(["Phường Nghĩa Lộ", "Xã Khuôn Lùng"]) == 1.0
    assert plausible_share(["§ång V¨n"]) < 0.5
