"""Authors as Chinese pages print them: 记者 张三 李四, 作者：张三, 〔記者張三／台北報導〕."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from archive.text.han import HAN
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import lines, select, visible_text

_NAME = rf"[{HAN}·]{{2,4}}"
_BETWEEN = r"[ \u3000、，,&]+"
_NAMES = rf"{_NAME}(?:{_BETWEEN}{_NAME}){{0,4}}"
_END = rf"(?![{HAN}])"
_LINE = re.compile(
    rf"[【（(]?(?:执笔|文|采写|撰文|.{{0,12}}作者|.{{0,8}}[记記]者)\s*[/／:：丨| \u3000]\s*"
    rf"(?P<n>{_NAMES})(?:[ \u3000]*(?:文|摄|报道|发自.{{1,6}}))?[】）)]?"
)
_HEAD = re.compile(
    rf"[（(【][^（()）【】]{{0,14}}?(?:[记記]者|通讯员|作者)\s*[:：]?\s*(?P<n>{_NAMES}){_END}"
)
# as Taiwan's papers sign: the place and what was sent follow a slash
_TAIWAN = re.compile(rf"[記记]者\s*(?P<n>{_NAMES})\s*[／/]\s*[{HAN}]{{1,8}}?(?:報導|报道|電|电)")
_LEAD = re.compile(rf"(?:记者|作者)\s*[:：]?\s*(?P<n>{_NAMES})\s*(?:报道|[）)】]|[）)]?电|$)")
_TAIL = re.compile(
    rf"(?:记者|作者|采写|撰文|文)\s*[:：/|]?\s*(?P<n>{_NAMES})\s*(?:报道)?[）)】]?\s*$"
)
_LABELLED = re.compile(rf"(?:作者|[记記]者|撰文|撰稿)\s*[:：／]\s*(?P<n>{_NAMES}){_END}")
# （作者：张三系某大学教授）: the name ends where its description begins
_DESCRIBED = re.compile(
    rf"作者\s*[:：]\s*(?P<n>[{HAN}]{{2,3}}?)(?=系|为|是|现任|中国|北京|上海|清华|复旦|国家|中央)"
)
# without a colon only where nothing but the byline, or the date and source, stands in the line
_UNLABELLED = re.compile(
    rf"(?:^|[\s|｜)）])(?:本报|本报驻\S{{2,4}}|特约)?(?:[记記]者|作者)[ \u3000]?(?P<n>{_NAMES})$"
)
_SIGNED = re.compile(rf"[【（(]文\s*[/／]\s*(?:[{HAN}]{{2,10}}[ \u3000])?(?P<n>{_NAMES})[】）)]")
_EDITOR = re.compile(rf"(?:(?:责任)?编辑|責任編輯|责编)\s*[:：]\s*(?P<n>[{HAN}]{{2,4}})")
_BUTTON = re.compile(rf"[{HAN}]{{2,4}}\s*[（(]\s*\d*\s*[)）]")  # 评论(128)
_MAX_LINES = 400
_MAX_CHARS = 120
_META = ("author", "article:author", "dc.creator", "byl")


def in_text(text: str) -> Iterator[str]:
    """The byline in the first or last paragraphs of the article's own text."""
    paragraphs = text.split("\n\n")
    for line in paragraphs[:2] + paragraphs[-2:]:
        if match := _LINE.fullmatch(line) or _SIGNED.match(line) or _signed_at_length(line):
            yield from _names(match)
            return
    head = text[:300]
    tries = (_HEAD.search(head), _TAIWAN.search(head), _LEAD.search(text[:150]))
    for match in (*tries, _TAIL.search(text[-80:])):
        if match and (names := list(_names(match))):
            yield from names
            return


def _signed_at_length(line: str) -> re.Match[str] | None:
    return _DESCRIBED.search(line) if len(line) < _MAX_CHARS else None


def in_page(tree: Element) -> Iterator[str]:
    """The byline beside the date and source; who signs as its editor too is no author."""
    body = tree.find(".//body")
    for line in lines(body)[:_MAX_LINES] if body is not None else ():
        if len(line) >= _MAX_CHARS:
            continue
        editors = {editor["n"] for editor in _EDITOR.finditer(line)}
        match = _printed(_EDITOR.sub("", _BUTTON.sub("", line)).strip())
        if match and (names := [name for name in _names(match) if name not in editors]):
            yield from names
            return


def in_authors_element(tree: Element) -> Iterator[str]:
    """What stands first in an element that the site names an author's."""
    for element in select(tree, './/*[contains(@class,"author") or contains(@id,"author")]')[:3]:
        name = re.split(r"[\s|：:]", visible_text(element))[0]
        if 2 <= len(name) <= 8:
            yield name
            return


def in_meta(metadata: Metadata) -> Iterator[str]:
    """Meta tags that hold nothing but names."""
    for name in _META:
        for value in metadata.meta.get(name, ()):
            if match := re.fullmatch(rf"(?P<n>{_NAMES})", value.strip()):
                yield from _names(match)


def _printed(line: str) -> re.Match[str] | None:
    tries = (_LABELLED.search(line), _DESCRIBED.search(line), _TAIWAN.search(line))
    return next(filter(None, tries), None) or _SIGNED.match(line) or _UNLABELLED.search(line)


def _names(match: re.Match[str]) -> Iterator[str]:
    for name in re.split(_BETWEEN, match["n"]):
        if not name.startswith("的"):
            yield re.sub(r"(?<=..)(?:报道|文|摄)$", "", name)
