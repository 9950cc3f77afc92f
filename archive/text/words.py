"""How long a text is: the one count, stored as `word_count` and asked of every candidate body."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text.han import HAN

_WORDS = re.compile(f"([{HAN}]+)|[^\\W_{HAN}]+(?:['’.,-][^\\W_{HAN}]+)*")  # or a Han run


@lru_cache(8)  # an article's text is weighed, and its language asked for, more than once
def count_words(text: str) -> int:
    """Count words, a Han character as one each."""
    runs = _WORDS.findall(text)  # '' for a word that is none
    return sum(map(len, runs)) + runs.count("")
