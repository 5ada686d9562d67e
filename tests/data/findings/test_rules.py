"""The rules: complete in both languages, and each able to speak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from blackspot.data.findings import rules
from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules import RULES, Rule
from blackspot.data.text import sentences, words

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS_KNOWN = {"file", "layer", "row", "column", "count"}


def _slots(text: str) -> set[tuple[str, str]]:
    return {(name, form) for _, name, form in sentences.slots(text) if name}


def _values(rule: Rule) -> dict[str, object]:
    return {name: f"<{name}>" for name in rule.placeholders() - ALWAYS_KNOWN}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_speaks_both_languages(rule: Rule) -> None:
    """All four texts are there, and the two languages say the same values with as many digits."""
    for text in (rule.message, rule.cure):
        assert all(text)
        assert _slots(text.en) == _slots(text.vi)
        assert text.en != text.vi


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """Its code names an area and what is wrong, its severity exists, its texts are sentences."""
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*", rule.code)
    assert rule.severity in {"error", "ask", "warning", "note"}
    for text in (*rule.message, *rule.cure):
        assert text.endswith(".")
        assert text == text.strip()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_vietnamese_texts_have_their_accents(rule: Rule) -> None:
    """A Vietnamese sentence without a single accented letter has lost them."""
    for text in (rule.message.vi, rule.cure.vi):
        assert re.search(
            "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", text.lower()
        )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_can_be_said(rule: Rule) -> None:
    """Values fill every placeholder, and no brace is left over."""
    finding = Findings().add(rule.code, **_values(rule))
    for language in ("en", "vi"):
        assert "{" not in finding.sentence(language)
    assert (rule.code, rule.severity) == (finding.code, finding.severity)


def test_a_code_is_the_key_of_its_rule() -> None:
    """Rules are found by their own code."""
    assert list(RULES) == [rule.code for rule in RULES.values()]


def test_two_files_cannot_have_one_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code never means two things."""
    (tmp_path / "findings").mkdir()
    entry = (
        'a.b = { severity = "note", message = { vi = "y.", en = "x." }, cure = { vi = "y.", en = "x." } }\n'
    )
    for name in ("one", "two"):
        (tmp_path / "findings" / f"{name}.toml").write_text(entry, encoding="utf-8")
    for module in (rules, words):
        monkeypatch.setattr(module, "CATALOGUE", tmp_path)
    with pytest.raises(ValueError, match=r"two files have a rule a\.b"):
        rules._all_rules()
