"""Every rule speaks two languages, is well formed, and can be said."""

from __future__ import annotations

import re

import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules.catalogue import RULES
from blackspot.data.findings.rules.rule import Rule, names_in, table

ALWAYS_KNOWN = {"file", "layer", "row", "column", "count"}


def _values(rule: Rule) -> dict[str, object]:
    return {name: f"<{name}>" for name in rule.placeholders() - ALWAYS_KNOWN}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_speaks_both_languages(rule: Rule) -> None:
    """All four texts are there, and the two languages say the same values."""
    assert all((rule.message_en, rule.message_vi, rule.cure_en, rule.cure_vi))
    assert names_in(rule.message_en) == names_in(rule.message_vi)
    assert names_in(rule.cure_en) == names_in(rule.cure_vi)
    assert rule.message_en != rule.message_vi
    assert rule.cure_en != rule.cure_vi


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_is_well_formed(rule: Rule) -> None:
    """Its code names an area and what is wrong, its severity exists, its texts are sentences."""
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*", rule.code)
    assert rule.severity in {"error", "ask", "warning", "note"}
    for text in (rule.message_en, rule.message_vi, rule.cure_en, rule.cure_vi):
        assert text.endswith(".")
        assert text == text.strip()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_vietnamese_texts_have_their_accents(rule: Rule) -> None:
    """A Vietnamese sentence without a single accented letter has lost them."""
    for text in (rule.message_vi, rule.cure_vi):
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


def test_two_rules_with_one_code_are_refused() -> None:
    """A code never means two things."""
    rule = Rule("a.b", "note", "x.", "y.", "x.", "y.")
    with pytest.raises(ValueError, match=r"a\.b"):
        table(rule, rule)
