"""Who an article says it is from: a news agency's dateline, a line that names the source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from archive.model import FOREIGN_FEED, Article
from archive.text.hosts import host_of, same_outlet_host

_DROPPED: Mapping[str, Any] = {
    "authors": (),
    "updated": None,
    "summary": "",
    "image": "",
    "section": "",
}
_ADDED_TAGS = re.compile(rf"{FOREIGN_FEED} \((\d+)\)$")
_NAME = r"[^\s，,。；;：:|/（）()【】\[\]]{2,20}"
_HEAD, _TAIL = 200, 300  # characters of the text in which an origin is named
_AGENCIES = (
    "新华社|中新社|中新网|中国新闻网|央视新闻|央视财经|人民日报|财联社|第一财经|证券时报|中国证券报"
    "|上海证券报|证券日报|界面新闻|澎湃新闻|路透社|路透|彭博社|彭博|法新社|美联社|道琼斯|中央社"
)
# `新华社北京12月9日电`, `财联社12月9日电`, `据央视新闻报道`, `据路透社消息`
_DATELINE_ZH = re.compile(
    rf"^[\s　【（(]*({_AGENCIES})[^，。\n]{{0,12}}?\d{{1,2}}月\d{{1,2}}日[电電讯訊]"
)
_ACCORDING = re.compile(rf"^.{{0,40}}?据({_AGENCIES})[^，。\n]{{0,10}}?(?:报道|消息|电|报导)")
_SOURCE_ZH = re.compile(
    rf"(?:来源|來源|稿源|转自|轉自|文章来源|原载)(?:于|自)?[:：]\s*[《（(]?({_NAME})"
)
# `NEW YORK, Dec 9 (Reuters) -`, `LONDON (AP) —`, `(Bloomberg) --`
_DATELINE_EN = re.compile(
    r"^(?:[A-Z][A-Za-z0-9 .,/'-]{1,60}?)?\((Reuters|AP|AFP|Bloomberg|Xinhua|Dow Jones|PTI|ANI|CNN"
    r"|Kyodo|Yonhap|DPA|EFE|ANSA|Interfax|TASS)\)\s*[-–—]"
)
_WIRE_EN = re.compile(r"\b(GLOBE NEWSWIRE|PRNewswire|BUSINESS WIRE|ACCESSWIRE)\b")
_SOURCE_EN = re.compile(
    r"(?:^|\n)\(?(?:Source|SOURCE|Originally published (?:by|in|on|at))[: ]\s*"
    r"([A-Z][\w&.' -]{1,40}?)[.)]?\s*(?:\n|$)"
)


def origin_of(article: Article, outlet: str) -> str:
    """Give the outlet that an article says it is from: by the label on its page, else by the text.

    Else another site's canonical address, else '': most articles are their outlet's own, and many
    say so. `outlet`: whose article it is.
    """
    named = (article.origin, *_in_text(article.text))
    others = (name for name in named if name and not is_same_outlet(name, outlet))
    return next(others, "") or (_foreign(article) if article.canonical else "")


def _in_text(text: str) -> Iterator[str]:
    head, tail = text[:_HEAD], text[-_TAIL:]
    for pattern, part in (
        (_DATELINE_ZH, head),
        (_DATELINE_EN, head),
        (_WIRE_EN, head),
        (_ACCORDING, head),
        (_SOURCE_ZH, head),
        (_SOURCE_ZH, tail),
        (_SOURCE_EN, tail),
    ):
        if found := pattern.search(part):
            yield found[1].strip()


def is_same_outlet(name: str, outlet: str) -> bool:
    """Tell whether a name is the outlet's own, but for a suffix: 证券时报网 is 证券时报."""
    one, other = (re.sub(r"\s|网|客户端|(?i:app)", "", n).casefold() for n in (name, outlet))
    return one == other or (len(one) > 2 and one in other) or (len(other) > 2 and other in one)


def _foreign(article: Article) -> str:
    """A canonical link to another site is evidence of the origin, never the article's address."""
    claimed, own = host_of(article.canonical), host_of(article.url)
    return "" if not claimed or same_outlet_host(claimed, own) else article.canonical


def is_hearsay(evidence: str) -> bool:
    """Tell from `articles.evidence` whether the text is only what another site's feed says.

    A merged archive may hold any text there: what is no evidence says nothing.
    """
    try:
        found = json.loads(evidence)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("text") == FOREIGN_FEED


def without_hearsay(article: Article, *, announced: datetime) -> Article:
    """Drop what only another site's feed says of a page, for which its own source speaks.

    `announced`: the time of publication that is left where that was hearsay, too. The title stays.
    """
    evidence = dict(article.evidence)
    dropped: dict[str, Any] = {}
    for name, nothing in _DROPPED.items():
        if evidence.get(name) == FOREIGN_FEED:
            dropped[name] = nothing
    if added := _ADDED_TAGS.search(evidence.get("tags", "")):
        dropped["tags"] = article.tags[: len(article.tags) - int(added[1])]
    if evidence.get("published") == FOREIGN_FEED:
        dropped |= {"published": announced, "published_from": "announced", "published_claimed": ""}
    kept = tuple((name, found) for name, found in article.evidence if name not in dropped)
    return replace(article, **dropped, evidence=kept) if dropped else article
