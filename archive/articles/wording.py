"""Whether two texts differ by slips of the pen alone, or by what they say. Pure.

In doubt they say something else: an edit taken for a slip hides a fact, a slip taken for an edit
only fills a list. So a slip has to be known as one, by its form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from archive.articles.marks import ask_or_quote_otherwise, quote_other_words, say_otherwise
from archive.articles.tokens import Token, listed, plain, spelled, tokens
from archive.text.han import has_han

MAX_CHANGES = 8  # words or Han characters; who changes more has rewritten
MAX_TOKENS = 500  # of the sentences that changed
MAX_CHARS = 200_000  # of a text; of a longer one every change is an edit
CONTEXT = 2  # Han characters beside a slip, by which a name is known
NAMED = 2  # times that the right name is elsewhere in the text

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")

_FACTS = frozenset((*listed("numerals"), *listed("negations"), *listed("facts")))
_FILLERS = frozenset(listed("fillers"))
_CONFUSED = tuple(frozenset(group.split("/")) for group in listed("confused"))
_CALENDAR = frozenset(listed("calendar"))
_DISTINCT = frozenset(frozenset(pair.split("/")) for pair in listed("distinct"))
_PREFIXES = frozenset(listed("prefixes"))

Form = Literal["swapped", "doubled", "missing", "ending", "sound", "letter"]


def only_wording(old: str, new: str) -> bool:
    """Tell whether nothing but slips of the pen, and marks that say nothing, part two texts."""
    if max(len(old), len(new)) > MAX_CHARS:
        return False
    before, after = map(plain, without_shared_ends(old, new))
    changed = _changed(_sentences(before), _sentences(after))
    if changed is None or ask_or_quote_otherwise(before, after):
        return False
    went, came = (tokens("\n".join(sentences)) for sentences in changed)
    if spelled(went) == spelled(came):
        same = iter([(0, 0, len(went))])
        return not (quote_other_words(before, after) or say_otherwise(went, came, same))
    if max(len(went), len(came)) > MAX_TOKENS:
        return False
    matcher = SequenceMatcher(None, spelled(went), spelled(came), autojunk=False)
    if say_otherwise(went, came, iter(matcher.get_matching_blocks())):
        return False
    spans = list(_differences(matcher, went, came))
    different = {(spelled(went[i1:i2]), spelled(came[j1:j2])) for i1, i2, j1, j2 in spans}
    slips = (WordingChange(went, came, (i1, i2), (j1, j2)) for i1, i2, j1, j2 in spans)
    words = sum(max(len(one), len(other)) for one, other in different)
    return words <= MAX_CHANGES and all(slip.is_one(old, new) for slip in slips)


def without_shared_ends(one: str, other: str) -> tuple[str, str]:
    """Cut off the lines with which both texts begin, and those with which both end."""
    lines, others = one.split("\n"), other.split("\n")
    least = min(len(lines), len(others))
    start = next((at for at in range(least) if lines[at] != others[at]), least)
    left = range(1, least - start + 1)
    end = next((at for at in left if lines[-at] != others[-at]), least - start + 1) - 1
    return "\n".join(lines[start : len(lines) - end]), "\n".join(others[start : len(others) - end])


@dataclass(frozen=True, slots=True)
class WordingChange:
    """A place where the wording changed, to be judged."""

    went: Sequence[Token]
    came: Sequence[Token]
    old: tuple[int, int]
    new: tuple[int, int]

    def is_one(self, before: str, after: str) -> bool:
        """Judge it by itself, and a name by how often it stands in the texts before and after."""
        old, new = self.went[slice(*self.old)], self.came[slice(*self.new)]
        one, other = spelled(old), spelled(new)
        joined = ["".join(words).replace("'", "") for words in (one, other)]
        if joined[0] == joined[1] and not joined[0].isdigit():
            return _is_joined_alike(old, new)
        if not one or not other:
            return self._is_idle(one or other)
        if _are_confused(one, other):
            return True
        if any(map(_is_fact, (*one, *other))):
            return False
        if any(map(_is_han, (*one, *other))):
            return self._is_han_slip(one, other, before, after)
        return len(old) == len(new) and all(
            _is_misspelt(was, now, before, after) for was, now in zip(old, new, strict=True)
        )

    def _is_idle(self, keys: tuple[str, ...]) -> bool:
        """Tell whether what came or went is an article, a particle, or words said twice."""
        if len(keys) == 1 and keys[0] in _FILLERS:
            return True
        came = self.old[0] == self.old[1]
        side, (start, end) = (self.came, self.new) if came else (self.went, self.old)
        size = end - start
        before = start - (start > size and side[start - 1].key in _FILLERS)
        around = side[max(0, before - size) : before], side[end : end + size]
        return keys in map(spelled, around) and not any(key[0].isdigit() for key in keys)

    def _is_han_slip(
        self, one: tuple[str, ...], other: tuple[str, ...], before: str, after: str
    ) -> bool:
        if len(one) == 2 and one == other[::-1]:
            return True
        return len(one) == len(other) == 1 and self._is_misspelt_name(before, after)

    def _is_misspelt_name(self, before: str, after: str) -> bool:
        """Tell whether the right name stood there already, twice, and the wrong one is gone."""
        wrong = _around(self.went, self.old)
        right = _around(self.came, self.new)
        return any(
            _read(before).count(now) >= NAMED and was not in _read(after)
            for was, now in zip(wrong, right, strict=True)
        )


def _is_joined_alike(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Judge the same letters in other words: in to, into; companys, company's; re-sign, resign."""
    if len(old) == len(new) == 1:
        return not any(_is_of_many(one, other) for one, other in ((*old, *new), (*new, *old)))
    parts = max(spelled(old), spelled(new), key=len)
    return parts[0] not in _PREFIXES or (parts[0] == "re" and parts[1][0] == "e")  # re-elect


def _is_of_many(one: Token, many: Token) -> bool:
    """Tell victim's from victims'."""
    return one.key.endswith("'s") and many.after.startswith("'")


def _are_confused(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(one) == len(other) and all(
        was == now or any({was, now} <= group for group in _CONFUSED)
        for was, now in zip(one, other, strict=True)
    )


def _around(beside: Sequence[Token], span: tuple[int, int]) -> list[str]:
    """Give the three characters of which the changed one is the first, the middle, the last."""
    start, end = span
    words = spelled(beside)
    places = ((start - CONTEXT, end), (start - 1, end + 1), (start, end + CONTEXT))
    return ["".join(words[max(0, first) : last]) for first, last in places]


def _differences(
    matcher: SequenceMatcher[str], went: Sequence[Token], came: Sequence[Token]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield what differs; two tokens that changed places are one difference."""
    changes = [codes for tag, *codes in matcher.get_opcodes() if tag != "equal"]
    while changes:
        i1, i2, j1, j2 = changes.pop(0)
        if changes and changes[0][0] == i2 + 1 and changes[0][2] == j2 + 1:
            _, i3, _, j3 = changes[0]
            if spelled(went[i1:i3]) == spelled(came[j1:j3])[::-1]:
                i2, j2 = i3, j3
                del changes[0]
        yield i1, i2, j1, j2


def _changed(before: list[str], after: list[str]) -> tuple[list[str], list[str]] | None:
    """Give the sentences that one text alone has; None where the others changed places."""
    went, kept = _parted(before, Counter(before) - Counter(after))
    came, stayed = _parted(after, Counter(after) - Counter(before))
    return (went, came) if kept == stayed else None


def _parted(sentences: list[str], only: Counter[str]) -> tuple[list[str], list[str]]:
    changed: list[str] = []
    kept: list[str] = []
    for sentence in sentences:
        if only[sentence] > 0:
            only[sentence] -= 1
            changed.append(sentence)
        else:
            kept.append(sentence)
    return changed, kept


def _is_misspelt(was: Token, now: Token, before: str, after: str) -> bool:
    if was.key == now.key:
        return True
    shorter = min(len(was.key), len(now.key))
    if was.key[0] != now.key[0] or shorter < 3 or was.written.isupper():
        return False  # un-, in-, de-; teh; CEO
    if frozenset((was.key, now.key)) in _DISTINCT:
        return False
    form = _misspelling(was.key, now.key)
    if form is None or form == "swapped" or shorter < 5:
        return form == "swapped"
    is_name = now.written[0].isupper()
    if form == "doubled" or (form == "missing" and (shorter >= 8 or not is_name)):
        return True
    if not is_name:
        return form == "ending" or (form == "sound" and shorter >= 7)  # gain/gains, seperate
    return _is_known(now.key, before) and not _is_known(was.key, after)


def _misspelling(was: str, now: str) -> Form | None:
    """Name the slip that makes `was` of `now`: letters swapped, doubled, missing, or others."""
    start = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
    if start is None:
        start = min(len(was), len(now))
    old, new = was[start:], now[start:]
    if len(old) == len(new):
        if old[:2] == new[1::-1] and old[2:] == new[2:]:
            return "swapped"
        if old[1:] != new[1:]:
            return None
        return "sound" if _sound_alike(old[0], new[0]) else "letter"
    longer, shorter = (old, new) if len(old) > len(new) else (new, old)
    lost = len(longer) - len(shorter)
    if longer[lost:] != shorter or lost > (2 if shorter and min(len(was), len(now)) >= 10 else 1):
        return None
    if start and longer[0] == was[start - 1]:
        return "doubled"
    return "missing" if shorter else "ending"


def _sound_alike(was: str, now: str) -> bool:
    return {was, now} <= set("aeiouy") or {was, now} <= set("scz")


def _is_fact(key: str) -> bool:
    return not key[0].isalpha() or key[-1] in "+-" or key in _FACTS


def _is_han(key: str) -> bool:
    return len(key) == 1 and has_han(key)


def _is_known(name: str, text: str) -> bool:
    found = re.search(rf"\b{re.escape(name)}\b", _read(text))
    return name in _CALENDAR or found is not None


def _sentences(text: str) -> list[str]:
    return list(filter(None, map(str.strip, _SENTENCE_END.split(text))))


@lru_cache(maxsize=2)
def _read(text: str) -> str:
    return plain(text).casefold()
