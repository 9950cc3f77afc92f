"""Authors as Chinese pages print them: 记者 张三 李四, 作者：张三, 〔記者張三／台北報導〕."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.text.han import HAN
from crawler.extract.head.chinese_names import is_chinese_name, is_chinese_place
from crawler.extract.head.metadata import Metadata
from crawler.extract.outline import PageOutline
from crawler.extract.tree import visible_text

# 王 浩: a name of two characters is spaced to the width of three
_NAME = rf"(?:[{HAN}·]{{2,4}}|(?<![{HAN}])[{HAN}][ \u3000]{{1,2}}[{HAN}](?![{HAN}]))"
_SPACED = re.compile(rf"(?<![{HAN}])([{HAN}])[ \u3000]{{1,2}}([{HAN}])(?![{HAN}])")
_BETWEEN = r"[ \u3000、，,&]+"
_NAMES = rf"{_NAME}(?:{_BETWEEN}{_NAME}){{0,4}}"
_END = rf"(?![{HAN}])"
_REPORTER = r"[记記]者"
_SENT = r"(?:综合|綜合)?(?:报道|報導|报导|報道|电|電|讯|訊)"
_LINE = re.compile(
    rf"[【（(]?(?:执笔|執筆|文|采写|採寫|撰文|.{{0,12}}作者|.{{0,12}}{_REPORTER})"
    rf"\s*[/／:：丨| \u3000]\s*"
    rf"(?P<n>{_NAMES})(?:[ \u3000]*(?:文|摄|攝|{_SENT}|[发發]自.{{1,6}}))?[】）)]?"
)
_HEAD = re.compile(
    rf"[（(【〔][^（()）【】〔〕]{{0,14}}?(?:{_REPORTER}|通讯员|通訊員|作者)\s*[:：]?\s*(?P<n>{_NAMES}){_END}"
)
# as Taiwan's papers sign: the place and what was sent follow a slash
_TAIWAN = re.compile(rf"{_REPORTER}\s*(?P<n>{_NAMES})\s*[／/]\s*[{HAN}]{{1,8}}?{_SENT}")
_LEAD = re.compile(
    rf"(?:{_REPORTER}|作者)\s*[:：]?\s*(?P<n>{_NAMES})\s*(?:{_SENT}|[）)】]|[）)]?[电電]|$)"
)
_TAIL = re.compile(
    rf"(?:{_REPORTER}|作者|采写|採寫|撰文|文)\s*[:：/|]?\s*(?P<n>{_NAMES})\s*(?:{_SENT})?[）)】]?\s*$"
)
_LABELLED = re.compile(rf"(?:作者|{_REPORTER}|撰文|撰稿)\s*[:：／]\s*(?P<n>{_NAMES}){_END}")
# （作者：张三系某大学教授）: the name ends where its description begins
_DESCRIBED = re.compile(
    rf"作者\s*[:：]\s*(?P<n>[{HAN}]{{2,3}}?)(?=系|为|是|现任|中国|北京|上海|清华|复旦|国家|中央)"
)
# without a colon only where nothing but the byline, or the date and source, stands in the line
_UNLABELLED = re.compile(
    rf"(?:^[\w《》“”\" ：:]{{0,14}}?|[\s|｜)）])(?:本[报報]|本[报報]驻\S{{2,4}}|特[约約])?"
    rf"(?:{_REPORTER}|作者)[ \u3000]?(?P<n>{_NAMES})"
    rf"(?:\s*{_SENT})?(?=\s*$|\s+(?:\d|\[|【|来源|來源|编辑|編輯|责|責))"
)
# 06-16 09:30 文/张三: at the head of a line or behind a space, as beside the date
_TEXT_BY = re.compile(rf"(?:^|[\s|｜])文\s*[/／]\s*(?P<n>{_NAMES}){_END}")
_SIGNED = re.compile(rf"[【（(]文\s*[/／]\s*(?:[{HAN}]{{2,10}}[ \u3000])?(?P<n>{_NAMES})[】）)]")
_EDITOR = re.compile(rf"(?:(?:责任)?编辑|(?:責任)?編輯|责编|責編)\s*[:：]\s*(?P<n>[{HAN}]{{2,4}})")
_BUTTON = re.compile(rf"[{HAN}]{{2,4}}\s*[（(]\s*\d*\s*[)）]")  # 评论(128)
_LABELS = re.compile(r"[记記]者|作者|[撰/／]")
# the name in the next line or element
_LABEL_ALONE = re.compile(rf".{{0,12}}(?:作者|{_REPORTER}|撰文|撰稿)\s*[:：]?")
_MAX_LINES, _MAX_PIECES, _BESIDE = 400, 1500, 3
_MAX_CHARS = 120
_META = ("author", "article:author", "dc.creator", "byl")


def in_text(text: str) -> Iterator[str]:
    """The byline in the first or last paragraphs of the article's own text."""
    paragraphs = text.split("\n\n")
    for line in paragraphs[:2] + paragraphs[-2:]:
        match = _LINE.fullmatch(line) or _SIGNED.match(line) or _signed_at_length(line)
        if match and (names := list(_names(match))):
            yield from names
            return
    head = text[:300]
    tries = (_HEAD.search(head), _TAIWAN.search(head), _LEAD.search(text[:150]))
    for match in (*tries, _TAIL.search(text[-80:])):
        if match and (names := list(_names(match))):
            yield from names
            return


def _signed_at_length(line: str) -> re.Match[str] | None:
    return _DESCRIBED.search(line) if len(line) < _MAX_CHARS else None


def in_page(page: PageOutline) -> Iterator[str]:
    """The byline beside the date and source; who signs as its editor too is no author.

    It is looked for in elements first, for in lines they stand glued: 作者：张三打印.
    """
    by_element = _first_byline(page.pieces[:_MAX_PIECES])
    by_line = _first_byline(page.lines[:_MAX_LINES])
    yield from by_line if set(by_element) <= set(by_line) else by_element


def _first_byline(parts: Sequence[str]) -> list[str]:
    label = ""
    for place, part in enumerate(parts):
        line = f"{label}{part}"
        if len(line) >= _MAX_CHARS or not _LABELS.search(line):  # nearly all
            label = ""
            continue
        label = part if _LABEL_ALONE.fullmatch(part) else ""
        match = _printed(_EDITOR.sub("", _BUTTON.sub("", line)).strip())
        if match:
            beside = " ".join(parts[place : place + _BESIDE])
            editors = {editor["n"] for editor in _EDITOR.finditer(beside)}
            if names := [name for name in _names(match) if name not in editors]:
                return names
    return []


def in_authors_element(page: PageOutline) -> Iterator[str]:
    """What stands first in an element that the site names an author's."""
    for element in page.named(lambda name, key: "author" in name or "author" in key)[:3]:
        name = re.split(r"[\s|：:]", visible_text(element))[0]
        if 2 <= len(name) <= 8:
            yield name
            return


def in_meta(metadata: Metadata) -> Iterator[str]:
    """Meta tags that hold nothing but names."""
    for name in _META:
        for value in metadata.meta.get(name, ()):
            bare = re.sub(rf"^[{HAN}]{{0,8}}{_REPORTER}\s*[:：]?\s*", "", value.strip())
            if match := re.fullmatch(rf"(?P<n>{_NAMES})", bare):
                yield from _split(match["n"])


def _printed(line: str) -> re.Match[str] | None:
    tries = (_LABELLED.search(line), _DESCRIBED.search(line), _TAIWAN.search(line))
    signed = next(filter(None, tries), None) or _SIGNED.match(line) or _TEXT_BY.search(line)
    return signed or _UNLABELLED.search(line)


def _split(names: str) -> list[str]:
    return re.split(_BETWEEN, _SPACED.sub(r"\1\2", names))


# 对记者, 告诉记者, 多位记者: a reporter in the text, who signs nothing
_IN_TEXT = re.compile(
    r"[对對向诉訴与與跟给給据據被让讓由问問位名多有令使陪](?:本[报報网網刊])?(?:[记記]者)\s*$"
)
_ROLES = re.compile(
    rf"(?:[{HAN}]{{0,6}}[记記]者|通讯员|通訊員|实习生|實習生|[见見][习習]|特[约約]|作者|文|图|圖)$"
)


def _names(match: re.Match[str]) -> Iterator[str]:
    """The names of a match up to the first word that is none; a place before 报道 is none."""
    before = match.string[: match.start("n")]
    after = match.string[match.end("n") :].lstrip()
    labelled = before.rstrip(" \u3000")[-1:] in ("：", ":", "/", "／", "丨", "|")
    if _IN_TEXT.search(before) and not labelled:
        return
    found = _split(match["n"])
    for place, word in enumerate(found):
        last = place == len(found) - 1
        name = re.sub(rf"(?<=..)(?:{_SENT}|摄|攝)$", "", word)
        sent = name != word or (last and re.match(_SENT, after))
        if place and last and sent and is_chinese_place(name):
            return
        if _ROLES.fullmatch(name):
            continue
        if name.startswith("的") or not is_chinese_name(name, labelled=labelled):
            return
        yield name
