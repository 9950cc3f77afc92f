"""The sentences of a text as copies are held against each other: outlets' lines aside. Pure.

What an outlet says of itself (its byline, its dateline, its notice) and of whom it has a text from
is no word of the story: two outlets always differ in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from archive.articles.noise import without_noise
from archive.articles.tokens import Token, plain, spelled, tokens

MAX_CHARS = 20_000  # of a text, as in fingerprints: what follows is not held against another
LINE_CHARS = 200  # of an outlet's line; what is longer is prose

_END = re.compile(r"(?<=[。！？!?；;])[”\"』」]?|(?<=[.])[”\"]?(?=\s)|\n")
_LABEL_ZH = (
    r"(?:来源|來源|稿源|文章来源|转自|原标题|责任?编辑|責任?編輯|文字编辑|编辑|编译|校对|审核|审校|作者|撰文"
    r"|免责声明|风险提示|版权声明|特别声明|举报电话|联系电话|图片?来源|图源|封面图)\s*[:：]"
    r"|版权所有|未经授权|关注[^。]{0,20}(?:公众号|微信|微博)|本文来[自源]"
)
_LABEL_EN = (
    r"(?:additional )?reporting by|editing by|writing by|compiled by|©|\(c\)\s|copyright|source\s*:"
    r"|(?:photo|image)(?: by|\s*:)|follow (?:us|[\w .&]{2,40}) on |sign up (?:for|to) "
    r"|subscribe (?:to|now)|disclaimer\s*:|all rights reserved|originally published|read more\s*:"
    r"|click here|to contact the"
    r"|this (?:story|article|report) (?:was|is|first|originally) (?:first |originally )?published"
)
_BYLINE_EN = r"[Bb]y (?:[A-Z][\w.'’-]+(?:,? (?:and )?|$)){2,6}(?:[|,]|in [A-Z]\w+\s*$|$)"
_OUTLETS_LINE = re.compile(rf"[\s【\[（(—–-]*(?:(?:{_LABEL_ZH})|(?i:{_LABEL_EN})|{_BYLINE_EN})")
# `（本报记者 李明 发自上海）`, `海川网讯 记者李明`: no prose, so without a full stop
_BYLINE_ZH = re.compile(
    r"[\s【（(]*(?:本[报网台刊社]|[^\W\d_]{2,8}[讯訊电]\s)?\s*(?:记者|記者|通讯员)[^。，]{0,40}"
)
_DATELINE = re.compile(
    r"[\s【（(]*(?:[^\W\d_]{2,16}?\s?\d{1,2}月\d{1,2}日\s?[电電讯訊](?![动子力])"
    r"(?:[（(][^）)]{0,30}[）)])?[】）)]?"
    r"|[^\W\d_]{2,8}[讯訊](?=\s|[（(】])(?:\s*[（(]?记者[^）)，。]{0,16}[）)]?)?"
    r"|(?:[A-Z][A-Z .,/'-]{2,40}(?:\w{3,9}\.? \d{1,2},? )?"
    r"|[A-Z][A-Za-z .]{1,25}, \w{3,9}\.? \d{1,2},? )?"
    r"\([A-Z][\w .&]{1,30}\)\s*[-–—]+)"
    r"[\s:：,，]*"
)
_ACCORDING = re.compile(
    r"据[^，。\n]{2,14}(?:报道|報道|消息|报导)[，,]|(?:,\s*)?(?i:according to|as reported by)"
    r" [A-Z][\w&.' ]{1,30}(?:,\s*|(?=[.]))"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: as it was written, and its words."""

    written: str
    words: tuple[Token, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return spelled(self.words)


def different_sentences(text: str, other: str) -> tuple[Sentence, ...]:
    """Give the sentences of `text` that `other` doesn't have letter by letter, in their order.

    Lines and attributions of outlets are left out. Most of two copies is equal, and is not read.
    """
    text, other = text[:MAX_CHARS], other[:MAX_CHARS]
    known_lines, known = set(other.split("\n")), _parts(other)
    lines = [line for line in text.split("\n") if line.strip() and line not in known_lines]
    if not lines:
        return ()
    parts = [
        part.strip()
        for line in without_noise("\n".join(lines)).split("\n")
        if not is_outlets_line(line)
        for part in _END.split(_DATELINE.sub("", line, count=1))
    ]
    found = (_sentence(part) for part in parts if part and part not in known)
    return tuple(sentence for sentence in found if sentence.words)


def differ_in_one(text: str, other: str) -> bool:
    """Tell whether one of two has but one sentence that the other lacks, and both two more."""
    least = min(len(different_sentences(*pair)) for pair in ((text, other), (other, text)))
    return least == 1 and len((_parts(text) & _parts(other)) - {""}) >= 2


def own_sentences(text: str, other: str) -> tuple[str, ...]:
    """Give the sentences of `text` whose words `other` doesn't have in a row, as written."""
    whole = f" {' '.join(spelled(tokens(plain(other[:MAX_CHARS]))))} "
    return tuple(
        sentence.written
        for sentence in different_sentences(text, other)
        if f" {' '.join(sentence.keys)} " not in whole
    )


@lru_cache(maxsize=16)  # a story is held against one copy after another
def _parts(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in _END.split(text))


def is_outlets_line(line: str) -> bool:
    """Tell from its form whether a line tells of the outlet and not of the story."""
    if len(line) > LINE_CHARS:
        return False
    return bool(_OUTLETS_LINE.match(line) or _BYLINE_ZH.fullmatch(line.rstrip(" ）)】")))


def _sentence(written: str) -> Sentence:
    return Sentence(written, tuple(tokens(plain(_ACCORDING.sub("", written)))))
