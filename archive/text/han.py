"""Which characters are Chinese: the one range of Han, and the wider one of the search index."""

from __future__ import annotations

import re

# For a character class. The blocks of Han from extension A on, the compatibility forms, and planes
# 2 and 3. Fixed: `word_count` is stored, and `verify` counts it again.
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# What the search index stores as words of their own, in the order in which the schema's view has
# them: with kana and hangul, which have no (sure) spaces either, and every later plane. An index is
# right only for the ranges by which it was written, and so are stored fingerprints.
INDEXED = (
    (0x3400, 0x9FFF),
    (0x3005, 0x30FF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0x20000, 0x10FFFF),
)
CJK = "".join(f"{chr(first)}-{chr(last)}" for first, last in sorted(INDEXED))  # as a class

KANA_HANGUL = "\u3040-\u30ff\uac00-\ud7a3"  # for a class: what tells others from Chinese

_RUNS = re.compile(f"[{HAN}]+")


def has_han(text: str) -> bool:
    return not text.isascii() and _RUNS.search(text) is not None


def count_han(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _RUNS.findall(text)))
