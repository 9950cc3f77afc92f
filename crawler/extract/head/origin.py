"""Whose text it is, as the page says beside its date: 来源：新华社."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from archive.model import Article
from archive.text.lines import letters
from crawler.extract.head.metadata import Metadata, plain_value
from crawler.extract.outline import PageOutline
from crawler.extract.tree import in_one_line
from crawler.text.addresses import absolute, host_of

_END = r"\s|｜/／·,，;；:：。《》（）()【】"
_LABEL = r"(?:文章|信息|稿件|消息|新闻|内容)?(?:来源|來源|稿源)(?:于|自)?\s*[:：]\s*"
_NAMED = re.compile(rf"{_LABEL}[《（(【]?\s*(?P<name>[^{_END}]{{2,20}})")
_ALONE = re.compile(rf".{{0,60}}{_LABEL}")  # the name is a link of its own, in the next line
_NO_NAME = re.compile(
    r"(?:综合|網絡|网络|互联网|本站|本网|原创|未知|其他|其它|作者|编辑|责编|责任编辑|记者|时间"
    r"|发布时间|日期|阅读|浏览|评论|字号|字体|分享|\d).*"
)
_CLOSING = re.compile(  # a line of its own below the text, which the body leaves out
    r"\(?(?:sources?\s*:|originally published (?:by|in|on|at)\s*:?)\s*"
    r"(?P<name>(?-i:[A-Z])[\w&.' -]{1,40}?)[.)]*",
    re.IGNORECASE,
)
_MAY_CLOSE = re.compile(r"sources?\s*:|originally\s+published")  # of small letters
_BELOW, _ENDING = 4, 60  # lines below the text; characters of its end by which it is found
_TO_ORIGINAL = re.compile(
    r"(?:阅读|查看|点击查看)?原文(?:链接|地址)?"
    r"|(?:read )?(?:the )?original (?:article|story|report|post)",
    re.IGNORECASE,
)
_HEADLINE, _MOST_LINKS = 8, 500  # letters of a headline that no other link has
_REACH = 15  # lines below the title, and characters of one
_MAX_CHARS = 120


def find_origin(page: PageOutline, metadata: Metadata, article: Article) -> tuple[str, str]:
    """Return the outlet that a page names as its source, or the address of the original that it
    links to, and what gave it.

    A Chinese page names it beside its date, others in a line below the text. ('', '') without one:
    the dateline in the text may say it (archive.articles.origins).
    """
    if article.language.startswith("zh"):
        if printed := _printed(page.body_lines, article.title):
            return printed, "text"
        claimed = plain_value(metadata.first("source"))
        if tagged := _name(claimed) or _name(f"来源：{claimed}"):
            return tagged, "meta"
    elif closing := _below(page, article.text):
        return closing, "text"
    original = _original(page, article)
    return original, "link" if original else ""


def _below(page: PageOutline, text: str) -> str:
    if not _may_close(page.text.lower()):
        return ""
    shown = page.body_lines
    ending = " ".join(text.rpartition("\n")[2].split())[-_ENDING:]
    places = [place for place, line in enumerate(shown) if ending and line.endswith(ending)]
    below = shown[places[-1] + 1 : places[-1] + 1 + _BELOW] if places else []
    found = next(filter(None, map(_CLOSING.fullmatch, below)), None)
    return found["name"] if found else ""


def _may_close(shown: str) -> bool:
    """Whether a page has the words at all: nearly all pages end here."""
    has_words = "source" in shown or "originally" in shown
    return has_words and _MAY_CLOSE.search(shown) is not None


def _original(page: PageOutline, article: Article) -> str:
    """The address on another site of a link that bears the article's own headline, or says that it
    leads to the original; none of a share button, which has this page's address in its own."""
    title, own = letters(article.title), host_of(article.url)
    for link in islice(page.tree.iter("a"), _MOST_LINKS):
        href = link.get("href") or ""
        if own in href or not (":" in href or "//" in href):
            continue  # nearly all: it stays on the site
        words = in_one_line(link)
        headline = len(words) >= len(title) >= _HEADLINE and letters(words) == title
        if headline or _TO_ORIGINAL.fullmatch(words):
            address = absolute(article.url, href)
            if address and own not in address:
                return address
    return ""


def _printed(shown: list[str], title: str) -> str:
    places = [place for place, line in enumerate(shown) if title and title in line]
    for place in places[:3]:
        below = shown[place + 1 : place + 1 + _REACH]
        for line, following in pairwise([*below, ""]):
            if len(line) >= _MAX_CHARS:
                break
            if name := _name(line):
                return name
            if _ALONE.fullmatch(line):
                return _name(f"来源：{following}")
    return ""


def _name(line: str) -> str:
    found = _NAMED.search(line)
    return "" if found is None or _NO_NAME.fullmatch(found["name"]) else found["name"]
