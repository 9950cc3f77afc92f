"""Whether one of two near copies turns what the other says: 10% or 1%, will raise or will cancel.

Pure. A sentence that is equal but for another number, a negation, or one or two words that mean
something else tells another story. In doubt they do: a synonym taken for a turn makes a story more,
which is linked; a turn taken for a synonym would stand behind a lead that says the contrary. So
what is equal has to be known as such: by its form (an inflection, a spelling, a slip of the pen, a
name written otherwise) or by synonyms.txt. Who changes more has rewritten the sentence: it is no
longer the other's, and search shows it as the copy's own (archive.copies.sentences).
"""

from __future__ import annotations

import importlib.resources
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from archive.articles.tokens import Token, listed, plain, spelled, tokens
from archive.articles.wording import only_wording
from archive.copies.sentences import Sentence, different_sentences
from archive.text.han import has_han

EQUAL = 0.6  # share of the longer sentence's words that the other has, too, in their order
LEAST_EQUAL = 2  # words or characters: of one of less nothing can be said
MOST_WORDS = 2  # replaced by others
MOST_HAN = 5  # the same in characters; a word has two
MOST_PUT_IN = 3  # words of what is put in or taken out with a negation
MOST_TOKENS = 300  # of a sentence
MOST_PAIRS = 100  # sentences that are held against each other
_SHINGLE = 2  # words in a row by which a sentence finds its like

_NOT = re.compile(r"\b(?:(ca|wo|sha)n't|(\w+)n't|(can)not)\b")
_WHOLE = {"ca": "can", "wo": "will", "sha": "shall"}
_HAN_NUMBER = re.compile(
    "(?<![周期拜])(?:[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二三四五六七八九两])"
)
_HAN_UNITS = frozenset("百千万亿")
_HAN_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_NEGATING_PREFIX = re.compile(r"(?:un|in|im|il|ir|non-?|dis|de|mis|down|up|over|under)")
_SUFFIX = re.compile(r"(?:'s?|e?s|e?d|ing|e|er|y|ies|ied|ly|al|ian|ish|ese|n|an)?")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one says, and what the other says instead; '' where a word was put in."""

    was: str
    now: str

    def __str__(self) -> str:
        return f"“{self.was}” / “{self.now}”"


def turns(one: str, other: str) -> Turn | None:
    """Find the first sentence of `other` that turns one of `one`; None where there is none."""
    before, after = different_sentences(one, other), different_sentences(other, one)
    same = {sentence.keys for sentence in before} & {sentence.keys for sentence in after}
    before, after = (
        tuple(sentence for sentence in side if sentence.keys not in same)
        for side in (before, after)
    )
    pairs = _alike(before, after)[:MOST_PAIRS] if before and after else []
    return next(filter(None, (_turned(*pair, one, other) for pair in pairs)), None)


def _alike(
    before: Sequence[Sentence], after: Sequence[Sentence]
) -> list[tuple[Sentence, Sentence]]:
    """Pair each sentence with the one that has the most of its words in common."""
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, sentence in enumerate(before):
        for shingle in set(_shingles(sentence.keys)):
            having[shingle].append(number)
    pairs = []
    for sentence in after:
        shared = Counter(n for shingle in _shingles(sentence.keys) for n in having.get(shingle, ()))
        if shared:
            pairs.append((before[shared.most_common(1)[0][0]], sentence))
    return pairs


def _shingles(keys: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(keys[place:] for place in range(_SHINGLE)), strict=False)


def _turned(was: Sentence, now: Sentence, one: str, other: str) -> Turn | None:
    old, new = _meant(was.written), _meant(now.written)
    if max(len(old), len(new)) > MOST_TOKENS or spelled(old) == spelled(new):
        return None
    matcher = SequenceMatcher(None, spelled(old), spelled(new), autojunk=False)
    codes = matcher.get_opcodes()
    equal = sum(i2 - i1 for tag, i1, i2, _, _ in codes if tag == "equal")
    if equal < max(EQUAL * max(len(old), len(new)), LEAST_EQUAL):
        return None
    if only_wording(was.written, now.written) or only_wording(now.written, was.written):
        return None
    spans = [_Span(old, new, i1, i2, j1, j2) for tag, i1, i2, j1, j2 in codes if tag != "equal"]
    turned: _Span | None = next((span for span in spans if span.turns_fact), None)
    replaced = [span for span in spans if span.replaces and not span.is_same(one, other)]
    if turned is None and 0 < sum(span.words for span in replaced) <= MOST_WORDS:
        turned = replaced[0]
    return None if turned is None else Turn(_written(turned.old), _written(turned.new))


@dataclass(frozen=True, slots=True)
class _Span:
    """A place where two sentences differ."""

    before: Sequence[Token]
    after: Sequence[Token]
    i1: int
    i2: int
    j1: int
    j2: int

    @property
    def old(self) -> Sequence[Token]:
        return self.before[self.i1 : self.i2]

    @property
    def new(self) -> Sequence[Token]:
        return self.after[self.j1 : self.j2]

    @property
    def turns_fact(self) -> bool:
        """Tell whether a number is another, or something is denied that was not."""
        had, has = Counter(_numbers(self.before)), Counter(_numbers(self.after))
        went = [n for n in _numbers(self.old) if had[n] > has[n]]
        came = [n for n in _numbers(self.new) if has[n] > had[n]]
        if went and came:
            return True
        if _HAN_UNITS & set(went) ^ _HAN_UNITS & set(came):
            return True
        small = max(len(_content(self.old)), len(_content(self.new))) <= MOST_PUT_IN
        return small and _denials(self.old) != _denials(self.new)

    @property
    def replaces(self) -> bool:
        return bool(_content(self.old) and _content(self.new))

    @property
    def words(self) -> float:
        """How many words were replaced by others; of Chinese, by its characters."""
        sides = [_content(self.old), _content(self.new)]
        if any(has_han("".join(side)) for side in sides):
            return max(map(len, sides)) * MOST_WORDS / MOST_HAN
        return max(map(len, sides))

    def is_same(self, one: str, other: str) -> bool:
        """Tell whether the same is meant: a day told otherwise, a name or a word written otherwise.

        What only changed its place in the sentence is the same, too.
        """
        old, new = _content(self.old), _content(self.new)
        if old == new or (_tell_a_day(old) and _tell_a_day(new) and not _name_days(old, new)):
            return True
        if any(has_han(word) for word in (*old, *new)):
            return self._is_foreign_name() or _are_moved(self.before, self.after)
        if _are_acronym(self.old, self.new):
            return True
        return len(old) == len(new) and all(
            _is_same_word(was, now, is_name)
            for was, now, is_name in zip(old, new, _names(self.old, self.new), strict=False)
        )

    def _is_foreign_name(self) -> bool:
        """Tell whether characters changed in the midst of a name that writes a foreign one."""
        written, around = "".join(spelled((*self.old, *self.new))), set(_sounds())
        if not set(written) <= around:
            return False
        beside = spelled(self.before[max(0, self.i1 - 2) : self.i1])
        behind = spelled(self.before[self.i2 : self.i2 + 2])
        return sum(key in around for key in (*beside, *behind)) >= 2


def _written(words: Sequence[Token]) -> str:
    joint = "" if any(has_han(word.written) for word in words) else " "
    return joint.join(word.written for word in words)


@lru_cache(maxsize=512)
def _meant(written: str) -> tuple[Token, ...]:
    """Give the words of a sentence, each group of synonyms by its first."""
    text = _NOT.sub(lambda found: f"{_stem(found)} not", plain(written))
    text = _replaced(text, "en")
    if has_han(text):
        text = _HAN_NUMBER.sub(_number, _replaced(_unmarked(text), "zh"))
    fillers = _fillers()
    return tuple(t for t in tokens(text) if t.key not in fillers)


def _stem(found: re.Match[str]) -> str:
    return _WHOLE.get(found[1], found[2] or found[3] or found[1])


def _number(found: re.Match[str]) -> str:
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return str(_HAN_DIGITS[tens])
    return str((_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0))


def _replaced(text: str, language: str) -> str:
    pattern, firsts = _synonyms(language)
    return pattern.sub(lambda found: firsts[found[0].casefold()], text)


def _unmarked(text: str) -> str:
    """Take the negation out of words that deny nothing: 不仅, 未来."""
    pattern, negations = _plain_words()
    return pattern.sub(lambda found: negations.sub("", found[0]), text)


def _numbers(words: Sequence[Token]) -> list[str]:
    return [_value(w.key) for w in words if w.key in _HAN_UNITS or any(map(str.isdigit, w.key))]


def _value(key: str) -> str:
    return key.rstrip("0").rstrip(".") if "." in key else key


def _denials(words: Sequence[Token]) -> int:
    keys, negators = spelled(words), _listed("negators")
    joined = "".join(key for key in keys if has_han(key))
    han = sum(joined.count(word) for word in negators if has_han(word))
    return (han + sum(key in negators for key in keys if not has_han(key))) % 2


def _content(words: Sequence[Token]) -> tuple[str, ...]:
    """Give the words that aren't numbers, which are judged by themselves."""
    return tuple(word.key for word in words if not word.key[0].isdigit())


def _tell_a_day(words: Sequence[str]) -> bool:
    days = _listed("days")
    return all(word in days or word in _HAN_DAYS for word in words)


def _name_days(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether both tell it in the same way: Tuesday and Thursday, June and July."""
    kinds = [{_DAY_KINDS.get(word[:3], word) for word in side} for side in (old, new)]
    return bool(kinds[0] & kinds[1])


_HAN_DAYS = frozenset("年月日号周星期本今昨明天一二三四五六")
_DAY_KINDS = (
    dict.fromkeys("一二三四五六天", "weekday")
    | dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "weekday")
    | (
        dict.fromkeys(
            ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
            "month",
        )
    )
)


def _are_moved(before: Sequence[Token], after: Sequence[Token]) -> bool:
    return Counter(spelled(before)) == Counter(spelled(after))


def _names(old: Sequence[Token], new: Sequence[Token]) -> list[bool]:
    words = [[t for t in side if not t.key[0].isdigit()] for side in (old, new)]
    return [a.written[0].isupper() and b.written[0].isupper() for a, b in zip(*words, strict=False)]


def _are_acronym(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether one is the other's initials: BOK, Bank of Korea, whose `of` is a filler."""
    for short, long in ((old, new), (new, old)):
        initials = "".join(word.written[0] for word in long if word.written[0].isupper())
        letters = "".join(word.written for word in short).replace(".", "")
        if len(letters) > 1 and letters.isupper() and len(long) > 1:
            kept = iter(letters)
            if initials and all(letter in kept for letter in initials):
                return True
    return False


def _is_same_word(was: str, now: str, is_name: bool) -> bool:
    """Tell whether two words are one, inflected or spelled otherwise."""
    if was == now or {was, now} in _confused():
        return True
    if _facts() & {was, now}:
        return False
    start = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
    start = min(len(was), len(now)) if start is None else start
    if start >= 3 and _SUFFIX.fullmatch(was[start:]) and _SUFFIX.fullmatch(now[start:]):
        return frozenset((was, now)) not in _distinct()
    if _NEGATING_PREFIX.sub("", was, count=1) == _NEGATING_PREFIX.sub("", now, count=1):
        return False
    alike = SequenceMatcher(None, was, now, autojunk=False).ratio()
    if is_name:  # Zelenskiy, Zelensky; but Clark and Clarke are two
        return was[0] == now[0] and min(len(was), len(now)) >= 7 and alike >= 0.88
    is_long = min(len(was), len(now)) >= 6
    return is_long and alike >= 0.85 and frozenset((was, now)) not in _distinct()


@cache
def _lists() -> dict[str, list[str]]:
    table = importlib.resources.files("archive.copies") / "synonyms.txt"
    lists: dict[str, list[str]] = {}
    for line in table.read_text("utf-8").splitlines():
        kind, _, words = line.partition(": ")
        if words and not line.startswith("#"):
            lists.setdefault(kind, []).extend(words.split())
    return lists


@cache
def _listed(kind: str) -> frozenset[str]:
    return frozenset(_lists()[kind])


@cache
def _fillers() -> frozenset[str]:
    return _listed("fillers")


@cache
def _sounds() -> str:
    return "".join(_lists()["sounds"])


@cache
def _confused() -> tuple[set[str], ...]:
    groups = (group.split("/") for group in listed("confused"))
    return tuple({one, other} for group in groups for one in group for other in group)


@cache
def _facts() -> frozenset[str]:
    return frozenset((*listed("numerals"), *listed("negations"), *listed("facts")))


@cache
def _distinct() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split("/")) for pair in listed("distinct"))


@cache
def _synonyms(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Give what finds any word of a group, the longest first, and the group's first of each."""
    groups = [group.replace("_", " ").split("/") for group in _lists()[f"same {language}"]]
    firsts = {word: group[0] for group in reversed(groups) for word in group}
    words = sorted(firsts, key=len, reverse=True)
    any_of = "|".join(map(_whole_word if language == "en" else re.escape, words))
    numbered = r"(?<=\d)(?:bn|bln|mn|mln|m|k|trn|tln)(?!\w)|" if language == "en" else ""
    return re.compile(f"{numbered}{any_of}", re.IGNORECASE), firsts


def _whole_word(word: str) -> str:
    before, behind = (r"(?<!\w)" * word[0].isalnum(), r"(?!\w)" * word[-1].isalnum())
    return before + re.escape(word) + behind


@cache
def _plain_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = "|".join(sorted(_listed("plain"), key=len, reverse=True))
    negations = "".join(word for word in _listed("negators") if len(word) == 1 and has_han(word))
    return re.compile(words), re.compile(f"[{negations}]")
