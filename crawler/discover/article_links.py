"""Find the article links of a page that nobody described.

A page's links fall into shapes: host and path with what varies taken out. A shape whose links read
like headlines, and whose addresses or surroundings carry what articles have (a date, a number, a
slug), is the articles; menus, tag pages and pagination fail one or the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from itertools import islice
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

from crawler.discover.urls import absolute, canonical_url, same_site
from crawler.extract.dates import parse_date

MIN_SHAPE_LINKS = 3  # fewer links of a shape are a pattern only with strong evidence
MIN_EVIDENCE = 1.0
STRONG_EVIDENCE = 3.0
HEADLINE_WORDS = 4.0  # "Fed raises rates again"; menus have one to three
SHORT_HEADLINE_WORDS = 2.0  # `央行降准`: enough where the address is surely an article's
MAX_TITLE_CHARS = 300
MAX_CARD_NODES = 40  # a card is small; what is larger holds other articles' dates

_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]{2,}|\d[\d.,%]*")
_URL_DATE = re.compile(r"(?:19|20)\d\d[-/_]?(?:0?[1-9]|1[0-2])(?:[-/_]?[0-3]\d)?(?=\D|$)|20\d{6}")
_DIGITS = re.compile(r"\d+")
_HASH = re.compile(r"(?=[^/]*\d)(?=[^/]*[a-z])[0-9a-z]{8,}", re.IGNORECASE)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|columnists?|people|search|so|log[io]n|signin"
    r"|sign-?up|regist\w*|passport|subscri\w*|accounts?|users?|about\w*|contact\w*|privacy\w*|terms\w*"
    r"|help|advert\w*|careers?|jobs|newsletters?|podcasts?|rss|feeds?|quotes?|symbols?|sitemap\w*"
    r"|download\w*|shop|keywords?|hashtags?)(?:[/.?]|$)"
    r"|[/_-](?:page|list|index)[/_-]?\d*(?:\.\w+)?/?$|[?&](?:page|p|pn|pageno|offset)=\d{1,4}(?:&|$)"
    r"|\.(?:pdf|zip|apk|exe|docx?|xlsx?|jpe?g|png|gif|mp[34]|xml|rss|json)$",
    re.IGNORECASE,
)
_MENU_TAGS = frozenset({"nav", "footer", "menu"})
_MENU_NAMES = frozenset(
    {
        *("nav", "navbar", "navigation", "main-nav", "menu", "footer", "foot", "site-footer"),
        *("breadcrumb", "breadcrumbs", "crumb", "crumbs", "copyright", "friendlink", "friendlinks"),
        *("pagination", "pager"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLink:
    """A link to an article, with the headline and the date (in the page's words) beside it."""

    link: str
    title: str
    date: str = ""


def find_article_links(root: Any, *, base: str, url: str) -> list[ArticleLink]:
    """Give the links that are surely articles, in the page's order, each address once."""
    links = _links(root, base, url)
    shapes: dict[str, list[str]] = defaultdict(list)
    for canonical in links:
        shapes[_shape(canonical)].append(canonical)
    chosen: set[str] = set()
    for members in shapes.values():
        chosen.update(_articles_of(members, links))
    return [link for canonical, link in links.items() if canonical in chosen]


def _articles_of(members: list[str], links: dict[str, ArticleLink]) -> Iterator[str]:
    """Give a shape's articles: all its headlines, or nothing when it is no shape of articles."""
    evidence = mean(url_evidence(canonical) for canonical in members)
    lengths = {canonical: headline_words(links[canonical].title) for canonical in members}
    headlines = mean(length >= HEADLINE_WORDS for length in lengths.values())
    dated = mean(bool(links[canonical].date) for canonical in members)
    support = evidence + 1.5 * dated
    needed = MIN_EVIDENCE if len(members) >= MIN_SHAPE_LINKS else STRONG_EVIDENCE
    if headlines < 0.4 or support < needed:
        return
    shortest = SHORT_HEADLINE_WORDS if support >= STRONG_EVIDENCE - 1 else HEADLINE_WORDS
    yield from (canonical for canonical, length in lengths.items() if length >= shortest)


def headline_words(text: str) -> float:
    """Count words; two Chinese, Japanese or Korean characters are one."""
    if len(text) > MAX_TITLE_CHARS:
        return 0.0
    return len(_HAN.findall(text)) / 2 + len(_WORD.findall(_HAN.sub(" ", text)))


def url_evidence(canonical: str) -> float:
    """Weigh what an article's address has: a date, a long number or hash, a slug."""
    parts = urlsplit(canonical)
    last = parts.path.rpartition("/")[2]
    numbers = [len(number) for number in _DIGITS.findall(f"{last}?{parts.query}")]
    weight = 2.0 if _URL_DATE.search(parts.path) else 0.0
    weight += 1.5 if max(numbers, default=0) >= 4 or _HASH.search(last) else 0.0
    weight += 1.5 if last.count("-") >= 3 or last.count("_") >= 3 else 0.0
    return weight


def _shape(canonical: str) -> str:
    """Take out of an address what varies between articles of one kind."""
    parts = urlsplit(canonical)
    *folders, last = parts.path.strip("/").split("/")
    name, dot, extension = last.partition(".")
    kind = "-" if name.count("-") >= 2 else _HASH.sub("#", _DIGITS.sub("#", name))
    if kind == name:
        kind = "*"
    free = kind == "-" or _URL_DATE.search(parts.path)  # the folders are sections
    path = "*" if free else "/".join(_DIGITS.sub("#", folder) for folder in folders)
    query = "&".join(pair.partition("=")[0] for pair in parts.query.split("&"))
    return f"{parts.netloc}/{path}/{kind}{dot}{extension}?{query}"


def _links(root: Any, base: str, url: str) -> dict[str, ArticleLink]:
    """Gather the page's own links outside its menus, each address with its longest headline."""
    found: dict[str, ArticleLink] = {}
    here = canonical_url(url)
    for node, address in _addressed(root, base):
        canonical = canonical_url(address)
        if canonical == here or _NOT_ARTICLES.search(canonical) or not same_site(address, url):
            continue
        link = ArticleLink(link=address, title=_title(node), date=_date_beside(node))
        found[canonical] = _better(found.get(canonical), link)
    return found


def _addressed(root: Any, base: str) -> Iterator[tuple[Any, str]]:
    outside: set[Any] = set()  # the elements themselves: lxml's ids don't outlive a reference
    for node in root.iter():
        if node.getparent() in outside or _is_menu(node):
            outside.add(node)
        elif node.tag == "a" and (address := absolute(base, node.get("href", ""))):
            yield node, address.partition("#")[0]


def _is_menu(node: Any) -> bool:
    if node.tag == "header":  # inside an <article> it holds the headline
        return all(above.tag != "article" for above in islice(node.iterancestors(), 12))
    names = f"{node.get('class', '')} {node.get('id', '')}".lower().split()
    return node.tag in _MENU_TAGS or not _MENU_NAMES.isdisjoint(names)


def _better(known: ArticleLink | None, other: ArticleLink) -> ArticleLink:
    if known is None:
        return other
    best = known if headline_words(known.title) >= headline_words(other.title) else other
    return replace(best, date=known.date or other.date)


def _title(link: Any) -> str:
    """Give the headline a link carries: a heading inside it, else its words, else its title."""
    heading = next((node for node in link.iter("h1", "h2", "h3", "h4", "h5")), None)
    text = _words(heading) if heading is not None else _words(link)
    titled = " ".join((link.get("title") or "").split())
    # portals cut the visible words and keep the whole headline in the attribute
    cut = text.endswith(("...", "…")) or headline_words(text) < SHORT_HEADLINE_WORDS
    return titled if titled and cut else text


def _words(node: Any) -> str:
    return " ".join(" ".join(node.itertext()).split())


def _date_beside(link: Any) -> str:
    """Give the date in the smallest card around a link that holds one; '' when none does."""
    card = link
    for _ in range(5):
        nodes = list(islice(card.iter(), MAX_CARD_NODES + 1))
        if len(nodes) > MAX_CARD_NODES or _holds_another(nodes, link):
            return ""
        if date := next(filter(None, map(_date_of, nodes)), ""):
            return date
        card = card.getparent()
        if card is None:
            return ""
    return ""


def _holds_another(nodes: list[Any], link: Any) -> bool:
    here = link.get("href")
    others = (node for node in nodes if node.tag == "a" and node.get("href") not in (None, here))
    titles = (node for node in others if not _NOT_ARTICLES.search(node.get("href")))
    return any(headline_words(_words(node)) >= HEADLINE_WORDS for node in titles)


def _date_of(node: Any) -> str:
    if not isinstance(node.tag, str):
        return ""
    stamps = [node.get("datetime"), node.get("data-time"), node.text, node.tail]
    texts = (text.strip() for text in stamps if text)
    short = (t for t in texts if 8 <= len(t) <= 60 and any(char.isdigit() for char in t))
    return next(filter(_is_date, short), "")


@lru_cache(maxsize=4096)  # the cards around a link are looked at from the smallest to the largest
def _is_date(text: str) -> bool:
    return parse_date(text, UTC) is not None
