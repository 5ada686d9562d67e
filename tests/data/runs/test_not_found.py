"""What is said of a run or a place that is not there, in both languages."""

from __future__ import annotations

from blackspot.commands.failures import sentences
from blackspot.data.runs.not_found import not_found
from blackspot.errors import RunNotFoundError


def test_the_error_speaks_both_languages() -> None:
    """The command shows that of its language; the message itself is English."""
    error = not_found("runs", "place", wanted="Xã Không Có")
    english = "this run has no commune Xã Không Có; look its code up in communes.csv"
    vietnamese = "lần chạy này không có xã, phường, đặc khu Xã Không Có; hãy tra mã trong communes.csv"
    assert english == str(error)
    assert ([english], [vietnamese]) == (sentences(error, "en"), sentences(error, "vi"))


def test_no_run_at_all_is_put_into_words() -> None:
    """An empty list says nothing."""
    error = not_found("runs", "run", wanted="'7'", out="out", known="")
    assert "there is no run '7' in out; the newest ones are: none." == str(error)
    assert error.vietnamese.endswith("các lần chạy mới nhất là: không có.")


def test_a_message_alone_stands_for_both() -> None:
    """As long as nobody has translated it."""
    assert "no run 7" == RunNotFoundError("no run 7").vietnamese
