"""The sentences of a text, by which two versions of it are compared, however they are marked."""

from __future__ import annotations

import re

from archive.text.lines import letters

_END = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+|[。！？；\n]+")
_LEAST = 6  # letters: a shorter one ("He said.") may stand in any text


def sentences(text: str) -> frozenset[str]:
    """Give the sentences of a text by their letters; of a text of scraps all of these."""
    found = {letters(part) for part in _END.split(text)} - {""}
    return frozenset(part for part in found if len(part) >= _LEAST) or frozenset(found)


def share_of(text: str, other: str) -> float:
    """Give the share of a text's sentences that another text has, too; 0 for no text."""
    own = sentences(text)
    return len(own & sentences(other)) / len(own) if own else 0.0


def share_in_common(one: str, other: str) -> float:
    """Give the share of sentences that both have, of those of the text with fewer of them."""
    return max(share_of(one, other), share_of(other, one))


def first_sentence(text: str) -> str:
    """Give the first sentence by its letters."""
    return next((key for part in _END.split(text) if len(key := letters(part)) >= _LEAST), "")
