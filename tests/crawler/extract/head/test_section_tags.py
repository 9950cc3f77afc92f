"""The language of a text that nobody names."""

from __future__ import annotations

import pytest

from crawler.extract.head.section_tags import find_language

ENGLISH = "The board of the bank said on Monday that it had agreed to sell the unit to a rival. "
DUTCH = "De raad van de bank zei maandag dat het bedrijf is verkocht en dat er een ander komt. "
SHORT = "The board said on Monday that it had agreed."


@pytest.mark.parametrize(
    ("text", "language", "times"),
    [(ENGLISH * 3, "en", 0), (DUTCH * 3, "nl", 1), (SHORT, "nl", 1), ("利润" * 9, "zh", 0)],
)
def test_only_a_text_whose_small_words_do_not_tell_asks_the_detector(
    text: str, language: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def classify(sample: str) -> tuple[str, float]:
        asked.append(sample)
        return "nl", 1.0

    monkeypatch.setattr("py3langid.classify", classify)
    assert find_language(None, text, "") == (language, "text")
    assert len(asked) == times
