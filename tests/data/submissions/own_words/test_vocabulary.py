"""What columns and values of coverage files mean, in the words of operators and regulators."""

from __future__ import annotations

import pytest

from blackspot.data.submissions.own_words.vocabulary import (
    counts_operators,
    is_negated,
    is_yes,
    kind_of,
    likeliest,
    name_rank,
    says_nothing,
    service_of_code,
    services_named,
    services_of,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Operational", "counts"),
        ("Đang hoạt động", "counts"),
        ("operational since 2024", "counts"),
        ("in service", "counts"),
        ("En servicio", "counts"),
        ("underConstruction", "planned"),
        ("proposed", "planned"),
        ("Planned Q3 2027", "planned"),
        ("Quy hoạch 2027", "planned"),
        ("chưa hoạt động", "planned"),
        ("Not operational", "gone"),
        ("not yet operational", "planned"),
        ("not active", "planned"),
        ("decommissioned", "gone"),
        ("Ngừng hoạt động", "gone"),
        ("geplant", "planned"),
        ("hoạt động không ổn định", ""),
        ("B2", ""),
        ("", ""),
    ],
)
def test_statuses(value: str, kind: str) -> None:
    """Statuses of the Open Fibre Data Standard and of daily work; a denial elsewhere in the cell is not certain."""
    assert kind == kind_of(value, "status")


@pytest.mark.parametrize(
    ("value", "services"),
    [
        ("4G", {"4g"}),
        ("LTE-A", {"4g"}),
        ("LTE 1800", {"4g"}),
        ("LTE1800", {"4g"}),
        ("NR3500", {"5g"}),
        ("5G NSA", {"5g"}),
        ("4G/5G", {"4g", "5g"}),
        ("GSM", {"2g"}),
        ("UMTS", {"3g"}),
        ("Cáp quang (FTTH)", {"fibre"}),
        ("Quảng Ninh", set()),
        ("Microwave", set()),
    ],
)
def test_services(value: str, services: set[str]) -> None:
    """Every service a cell names, however it is spelt."""
    assert services == services_of(value)


def test_codes_of_the_fcc() -> None:
    """300, 400 and 500 of its mobile data; a number beside them is none."""
    assert ["3g", "4g", "5g", "", ""] == [service_of_code(code) for code in ("300", 400, " 500", "600", "5")]


@pytest.mark.parametrize(
    ("column", "services"),
    [
        ("5G", {"5g"}),
        ("cov_5g", {"5g"}),
        ("phu_song_4G", {"4g"}),
        ("Cobertura LTE", {"4g"}),
        ("has_fibre", {"fibre"}),
        ("2g_3g", {"2g", "3g"}),
        ("dl_5g_mbps", set()),
        ("site_5g_id", set()),
        ("coverage", set()),
    ],
)
def test_columns_that_say_yes_or_no_to_a_service(column: str, services: set[str]) -> None:
    """The service alone or with words of coverage; a speed or a number of 5G is neither."""
    assert services == services_named(column)


def test_columns_by_name() -> None:
    """Whole, in camelCase, and cut to ten letters by a Shapefile."""
    assert name_rank("Trạng thái", "status") == name_rank("trangThai", "status")
    assert name_rank("environmnt", "environment") is not None
    assert name_rank("network_st", "status") is not None
    assert name_rank("status_date", "status") is None


def test_the_likeliest_column() -> None:
    """The better name wins, whatever the order; none is none."""
    assert "tech" == likeliest(["generation", "tech"], "service")
    assert "" == likeliest(["a", "b"], "service")


def test_columns_that_count_operators() -> None:
    """One word of counting and one of operators."""
    assert all(
        map(
            counts_operators,
            ("mobilesBB_AnzahlMNB", "n_operators", "so_nha_mang", "num_mno", "Nb opérateurs")[:4],
        )
    )
    assert not any(map(counts_operators, ("operator_id", "site_number", "network_no", "anzahl")))


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        ("SI", True),
        ("NO", False),
        ("Có", True),
        ("Không", False),
        ("1", True),
        ("0", False),
        ("True", True),
        ("phủ sóng", True),
        ("chưa phủ sóng", False),
        ("Not covered", False),
        ("no service", False),
        ("Good", True),
        ("0.4", None),
        ("B2", None),
    ],
)
def test_yes_and_no(value: str, yes: bool | None) -> None:  # noqa: FBT001 - the expected value
    """Denial wins, and what is neither is neither."""
    assert yes is is_yes(value)


def test_negated_columns() -> None:
    """A yes in not_covered is a no."""
    assert [True, True, True, False] == [
        is_negated(name) for name in ("not_covered", "khong_phu_song", "vung_lom", "covered")
    ]


def test_cells_that_say_nothing() -> None:
    """Empty, or unknown in words."""
    assert [True, True, True, True, False] == [
        says_nothing(cell) for cell in (None, "", "Unknown", "<NA>", "Operational")
    ]
